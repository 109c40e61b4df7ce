"""Which words of a quote are the question's: by the same concepts that found it, never by letters in common.

A word counts if it is the concept's word in any form (a mere stem is not enough: Rat and Rate share one), a compound with it, or
another name for it; words of a longer name count where the whole name stands together.
"""

from collections.abc import Sequence

from index.articles import Span
from index.language.terms import analyse_word
from index.language.words import Word, find_words
from index.retrieval.question import Concept

# More marks than this make a quote restless, and Telegram takes 100 styled stretches in a message of up to three quotes.
MAX_MARKS = 12
WORDS_PER_KEY = 2  # in "Gesetz zur Verbesserung des Onlinezugangs" every other word is a function word


def find_marks(concepts: Sequence[Concept], text: str) -> tuple[Span, ...]:
    """Words of ``text`` that are meant by one of ``concepts``, in order; neighbours with only a space between them are one stretch.

    Of too many, those of the rarest concepts are kept.
    """
    words = find_words(text)
    keys = [frozenset((*terms.wholes, *terms.parts)) for terms in (analyse_word(word.surface) for word in words)]
    found = []
    for place, word in enumerate(words):
        idfs = [concept.idf for concept in concepts if _names(concept, keys, place)]
        found += [(max(idfs), word)] if idfs else []
    kept = sorted(found, key=lambda pair: (-pair[0], pair[1].start))[:MAX_MARKS]
    return _joined(text, sorted((word for _idf, word in kept), key=lambda word: word.start))


def _names(concept: Concept, keys: Sequence[frozenset[str]], place: int) -> bool:
    """Whether the word at ``place`` is one of the concept's names, or part of one that stands around it."""
    for variant in concept.variants:
        if keys[place].intersection(variant.keys):
            reach = WORDS_PER_KEY * (len(variant.keys) - 1)
            around = frozenset().union(*keys[max(0, place - reach) : place + reach + 1])
            if around.issuperset(variant.keys):
                return True
    return False


def _joined(text: str, words: Sequence[Word]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for word in words:
        if spans and text[spans[-1].end : word.start] == " ":
            spans[-1] = Span(spans[-1].start, word.end)
        else:
            spans.append(Span(word.start, word.end))
    return tuple(spans)
