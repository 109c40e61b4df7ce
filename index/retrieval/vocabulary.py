"""The corpus vocabulary of a store: counts from the lexical index, spelling from terms, readable forms from articles."""

from functools import cache

from index.language.lexicon import noun
from index.language.spelling import SpellingIndex, correct
from index.language.terms import analyse_word
from index.language.words import clean_word, find_words, fold
from index.lexical import LexicalIndex
from index.retrieval.question import Vocabulary
from index.storage.store import Store

# A readable form is looked for in so many passages; a term found only as a part of compounds has none there.
READ_PASSAGES = 8


def corpus_vocabulary(lexical: LexicalIndex, store: Store) -> Vocabulary:
    """What the index knows now. The spelling index is built when a word is unknown for the first time."""

    @cache
    def spelling() -> SpellingIndex:
        return SpellingIndex(lexical.frequencies())

    @cache
    def corrected(word: str) -> str | None:
        return correct(word, spelling(), lambda term: surface_of(term, lexical, store))

    return Vocabulary(len(lexical), lexical.count, lexical.longer, corrected)


def surface_of(term: str, lexical: LexicalIndex, store: Store) -> str | None:
    """``term`` as an article writes it, best in its basic form, else as the lexicon does; None if neither knows it as a word of its own."""
    passages = store.passages(lexical.passages_with(term, READ_PASSAGES))
    articles = store.articles(passage.article_row for passage in passages.values())
    texts = [f"{stored.article.title}\n{stored.article.text}" for stored in articles.values()]
    found = [clean_word(word.surface) for text in texts for word in find_words(text) if _starts_alike(word.surface, term)]
    forms = (word for word in dict.fromkeys(found) if analyse_word(word).wholes[:1] == (term,))
    return min(forms, key=lambda word: (fold(word) != term, len(word), word), default=noun(term))


def _starts_alike(surface: str, term: str) -> bool:
    return abs(len(surface) - len(term)) <= 4 and fold(surface[:3])[:2] == term[:2]
