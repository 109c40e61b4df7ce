"""Words to terms: the keys under which a word of a text or a question is indexed and found.

A word has one or more *whole* keys (its folded lemma; for hyphenated words also the joined spelling and each piece), the
keys of its compound *parts*, and a *stem* key that is compared only when sentences are ranked.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.language.compounds import split_compound
from index.language.lexicon import lemma, noun
from index.language.stopwords import STOPWORDS
from index.language.words import clean_word, find_words, fold, number_keys, restore_sharp_s, restore_umlauts, split_at_hyphens

MAX_KEY_CHARS = 64
# Sentences of articles that many people ask about are looked at again and again; 4 kB each.
KEPT_TEXTS = 6000
# The lexicon takes "Strasse" for a form of Strass; in this field it is always the other spelling of Straße.
_STREET = re.compile("(s)trasse", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WordTerms:
    """Keys of one word; all empty for a stop word."""

    wholes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    stem: str = ""


@lru_cache(maxsize=1)
def _stemmer():
    import Stemmer

    return Stemmer.Stemmer("german")


@lru_cache(maxsize=300_000)
def analyse_word(surface: str) -> WordTerms:
    """Terms of a word as it stands in a text (``find_words``). Pure and cached: the same word always has the same terms."""
    word = clean_word(surface)
    numbers = tuple(number[:MAX_KEY_CHARS] for number in number_keys(word))
    if numbers:
        return WordTerms(numbers, (), numbers[0])
    pieces = split_at_hyphens(word)
    if len(pieces) > 1:
        return _analyse_hyphenated(word, pieces)
    if (word.lower() in STOPWORDS and not word.isupper()) or len(fold(word)) < 2:
        return WordTerms()
    return _analyse_plain(word)


def _analyse_plain(word: str) -> WordTerms:
    spelling = resolve_spelling(word)
    parts = tuple(dict.fromkeys(_key(part) for part in split_compound(spelling)))
    return WordTerms((_key(_lemma_or_stem(spelling)),), parts, _key(_stemmer().stemWord(spelling.lower())))


def _analyse_hyphenated(word: str, pieces: list[str]) -> WordTerms:
    """``IT-Planungsrat`` → wholes itplanungsrat, it, planungsrat; parts planung, rat."""
    last = _lemma_or_stem(resolve_spelling(pieces[-1]))
    joined = fold("".join(pieces[:-1]) + last)[:MAX_KEY_CHARS]
    inner = [analyse_word(piece) for piece in pieces]
    wholes = dict.fromkeys([joined, *(key for terms in inner for key in terms.wholes)])
    parts = dict.fromkeys(key for terms in inner for key in terms.parts)
    return WordTerms(tuple(key for key in wholes if len(key) > 1), tuple(parts), joined)


def resolve_spelling(word: str) -> str:
    """``word``, with ae, oe, ue turned into umlauts and ss into ß if only that spelling is known; umlauts also if only so it
    can be split (``Buergeramt`` → ``Bürgeramt``, ``Massnahme`` → ``Maßnahme``)."""
    word = _STREET.sub(r"\1traße", word)
    if lemma(word) is not None:
        return word
    restored = restore_umlauts(word)
    for spelling in (restored, restore_sharp_s(word), restore_sharp_s(restored)):
        if lemma(spelling) is not None:
            return spelling
    return restored if restored != word and split_compound(restored) and not split_compound(word) else word


def _lemma_or_stem(word: str) -> str:
    """Lemma if the lexicon knows the word; for an unknown compound its head's lemma in place of the head; else the stem."""
    known = lemma(word)
    if known is not None:
        return known
    parts = split_compound(word)
    if parts:
        return _with_head_lemma(word, parts[-1])
    return _stemmer().stemWord(restore_umlauts(word.lower()))


def _with_head_lemma(word: str, head: str) -> str:
    """``Nutzerkonten`` with head ``konto`` → ``nutzerkonto``: the longest ending of ``word`` that is a form of ``head``."""
    lowered = word.lower()
    for start in range(3, len(lowered) - 1):
        if (noun(lowered[start:]) or "").lower() == head:
            return lowered[:start] + head
    return lowered


def _key(word: str) -> str:
    return fold(word)[:MAX_KEY_CHARS]


@dataclass(frozen=True, slots=True)
class IndexedText:
    """Keys of a text for the lexical index, in order, with repetitions."""

    wholes: tuple[str, ...]
    parts: tuple[str, ...]


def index_text(text: str) -> IndexedText:
    """Keys of every word of ``text`` that is not a stop word."""
    wholes: list[str] = []
    parts: list[str] = []
    for word in find_words(text):
        terms = analyse_word(word.surface)
        wholes.extend(terms.wholes)
        parts.extend(terms.parts)
    return IndexedText(tuple(wholes), tuple(parts))


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Keys of a short text as sets, for ranking."""

    wholes: frozenset[str]
    parts: frozenset[str]
    stems: frozenset[str]


@lru_cache(maxsize=KEPT_TEXTS)
def text_keys(text: str) -> TextKeys:
    """Keys of ``text`` (a sentence, a title) as sets."""
    analysed = [analyse_word(word.surface) for word in find_words(text)]
    return TextKeys(
        frozenset(key for terms in analysed for key in terms.wholes),
        frozenset(key for terms in analysed for key in terms.parts),
        frozenset(terms.stem for terms in analysed if terms.stem),
    )
