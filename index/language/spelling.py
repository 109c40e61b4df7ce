"""Misspelt words corrected against the corpus vocabulary: near terms, how plausible each slip is, and when to leave a word alone.

unknown word ── one letter too few? ── the everyday word
             ── near terms (length, letters, distance) ── cost of the slip ── clear winner? ── readable form from an article
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from index.language.compounds import split_compound
from index.language.lexicon import is_common_word, lemma
from index.language.terms import resolve_spelling
from index.language.words import fold, restore_umlauts, split_at_hyphens

MIN_WORD_CHARS = 5
MAX_WORD_CHARS = 60
MIN_DOUBLED_CHARS = 3
# From this length on two slips are plausible; below, two make another word.
TWO_SLIPS_CHARS = 8
# Two slips that change the sound need a longer word still (lichtenau is not Lichtenrade), and in short words another letter
# makes another word (Esken is not Essen).
TWO_LOUD_SLIPS_CHARS = 10
# A capitalised word that nobody knows is most likely a name. Long ones are corrected, if what is found is a compound or
# derived noun: names are shorter and rarely one letter from such a noun.
MIN_CAPITALISED_CHARS = 10
# A short word has many neighbours: its correction must be a word that the corpus uses.
SHORT_WORD_CHARS = 8
MIN_SHORT_FREQUENCY = 5
# The best term must cost this much less than the next, or be so many times as frequent at no higher cost.
MIN_MARGIN = 0.4
MIN_TIMES_AS_FREQUENT = 10
SOUNDS_ALIKE, SWAPPED = 0.5, 0.8
_NAME_ENDINGS = re.compile(
    "(?:mann|manns|meier|maier|mayer|meyer|bauer|berg(?:er)?|burg|dorf|hausen|heim|stadt|stedt|feld|felde|hof(?:er)?|bach|bacher|brunn"
    "|wald|rode|furt|thal|kirchen|ski|sky|ow|itz|ic|ovic|oglu|idis|sson|sen|vich|witz|stein|huber|müller|mueller|schmidt|hardt?|ert)$",
    re.IGNORECASE,
)
# Of what is found, only endings of people's names count: Innenstadt and Pflegeheim are words.
_PERSON_ENDINGS = re.compile("(?:mann|m[ae][iy]er|bauer|berg(?:er)?|burg|dorf|hausen|stein|ski|ow|witz|huber)$")
_DERIVED = re.compile("(?:ung|heit|keit|schaft|tion|tät|ismus|rium|ment|ierung|ium)(?:e|en|s)?$", re.IGNORECASE)
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("dt", "t"),
        ("ie", "i"),
        ("y", "i"),
        ("tz", "z"),
        ("(?<=[aeiou])h", ""),
        ("d$", "t"),
        ("g$", "k"),
    )
)
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Near:
    """A term near a word: what the slip costs (about the number of slips), and in how many passages the term occurs."""

    term: str
    cost: float
    frequency: int


class SpellingIndex:
    """Finds terms near a word; built once for a vocabulary: ``frequencies`` of folded terms."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        kept = {term: count for term, count in frequencies.items() if count and term.isalpha() and len(term) >= MIN_WORD_CHARS}
        self._terms = list(kept)
        self._frequencies = list(kept.values())
        self._lengths = np.array([len(term) for term in self._terms], np.int16)
        self._firsts = np.array([ord(term[0]) for term in self._terms], np.int32)
        self._letters = np.array([_letters(term) for term in self._terms], np.uint32)

    def near(self, word: str) -> list[Near]:
        """Terms within one slip of a folded word (two from TWO_SLIPS_CHARS on) that begin alike, cheapest first."""
        from rapidfuzz.distance import OSA

        if not word:
            return []
        slips = 2 if len(word) >= TWO_SLIPS_CHARS else 1
        differing = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))  # one slip changes at most two letters of the set
        is_near = (self._firsts == ord(word[0])) & (np.abs(self._lengths - len(word)) <= slips) & (differing <= 2 * slips)
        found = []
        for place in np.flatnonzero(is_near).tolist():
            term = self._terms[place]
            distance = OSA.distance(word, term, score_cutoff=slips)
            if distance <= slips:
                found.append(Near(term, _cost(word, term, distance), self._frequencies[place]))
        return sorted(found, key=lambda near: (near.cost, -near.frequency, near.term))


def correct(word: str, index: SpellingIndex, surface_of: Callable[[str], str | None]) -> str | None:
    """What ``word`` of a question was meant to be, as it stands in the articles; None if it is left alone.

    The caller has made sure that the corpus does not know the word. ``surface_of``: a term as written in an article.
    """
    whole = _with_missing_double(word)
    if whole is not None:
        return whole
    if not _may_be_misspelt(word):
        return None
    best = _clear_winner(_near_any_spelling(word, index))
    if best is None or not _is_likely(word, best):
        return None
    surface = surface_of(best.term)
    return surface if surface is not None and _may_be_meant(word, surface) else None


def _with_missing_double(word: str) -> str | None:
    """``wan`` → wann, ``komt`` → kommt: the one word, of everyday language, that an unknown word becomes with a letter doubled. Such words are too
    short, and often too common, for the corpus to tell."""
    if len(word) < MIN_DOUBLED_CHARS or not (word.isalpha() and word.islower()) or lemma(word) is not None:
        return None
    doubled = dict.fromkeys(word[:place] + letter + word[place:] for place, letter in enumerate(word))
    known = [candidate for candidate in doubled if lemma(candidate) is not None]
    return known[0] if len(known) == 1 and is_common_word(known[0]) else None


def _near_any_spelling(word: str, index: SpellingIndex) -> list[Near]:
    spellings = dict.fromkeys(fold(spelling) for spelling in (resolve_spelling(word), restore_umlauts(word), word))
    best: dict[str, Near] = {}
    for near in (near for spelling in spellings for near in index.near(spelling)):
        if near.term not in best or near.cost < best[near.term].cost:
            best[near.term] = near
    return sorted(best.values(), key=lambda near: (near.cost, -near.frequency, near.term))


def _is_likely(word: str, near: Near) -> bool:
    is_usual = near.frequency >= MIN_SHORT_FREQUENCY
    if near.cost == SOUNDS_ALIKE and is_usual:
        return True
    if split_compound(resolve_spelling(word)):  # a word that could be one, though the corpus lacks it
        return False
    if len(near.term) < SHORT_WORD_CHARS:
        return is_usual and (near.cost < 1 or len(near.term) == len(fold(restore_umlauts(word))) + 1)
    return near.cost < 2 or len(word) >= TWO_LOUD_SLIPS_CHARS


def _may_be_misspelt(word: str) -> bool:
    if not (MIN_WORD_CHARS <= len(word) <= MAX_WORD_CHARS and word.isalpha()) or word[1:] != word[1:].lower():
        return False
    if word[0].isupper() and len(word) < MIN_CAPITALISED_CHARS:
        return False
    spelling = resolve_spelling(word)
    return lemma(spelling) is None and not _NAME_ENDINGS.search(word)


def _may_be_meant(word: str, surface: str) -> bool:
    """A word of the language, not a name that looks alike; for a capitalised word only a compound or derived noun."""
    is_formed = bool(split_compound(split_at_hyphens(surface)[-1])) or _DERIVED.search(surface) is not None
    if _PERSON_ENDINGS.search(surface):
        return False
    if word[0].isupper():
        return is_formed and not _NAME_ENDINGS.search(surface)
    return is_formed or lemma(surface) is not None


def _clear_winner(found: list[Near]) -> Near | None:
    """The first, unless another that is no mere inflection of it is about as likely."""
    if not found:
        return None
    best = found[0]
    others = [near for near in found[1:] if not _same_word(near.term, best.term) and near.cost < best.cost + MIN_MARGIN]
    return best if all(best.frequency >= MIN_TIMES_AS_FREQUENT * near.frequency for near in others) else None


def _same_word(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return long.startswith(short) and len(long) - len(short) <= 2


def _cost(word: str, term: str, distance: int) -> float:
    if _sound(word) == _sound(term):
        return SOUNDS_ALIKE
    return SWAPPED if distance == 1 and sorted(word) == sorted(term) else float(distance)


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return _DOUBLED.sub(r"\1", word)


def _letters(word: str) -> int:
    """The set of letters as bits; letters beyond a–z share the rest."""
    bits = 0
    for char in word:
        place = ord(char) - ord("a")
        bits |= 1 << (place if 0 <= place < 26 else 26 + ord(char) % 6)
    return bits
