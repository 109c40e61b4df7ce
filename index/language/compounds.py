"""Splitting of German compounds by dynamic programming over a lexicon and, for questions, the corpus vocabulary."""

from collections.abc import Callable
from functools import lru_cache

from index.language import lexicon
from index.language.lexicon import MIN_PART_CHARS, is_part, lemma, noun

LINKS = ("", "s", "es", "n", "en", "er", "e", "ns")
MIN_COMPOUND_CHARS = 8
MIN_PART_COMPOUND_CHARS = 12  # parts are known words: only long ones are split further (Modernisierungs-gesetz, not Stand-ort)
MAX_COMPOUND_CHARS = 60  # longer ones are no words, and splitting takes time that grows with the square of the length
# A word that the lexicon knows whole is split only from this length on: Haushalt, Minister, Bundestag stay whole.
MIN_KNOWN_COMPOUND_CHARS = 10
# First parts that are no nouns but often begin a compound of this field.
PREFIX_WORDS = frozenset("online digital elektro open smart mobil multi fach groß haupt sonder sozial kommunal zentral".split())
# A part may lack its final letters inside a compound: Hilf-s-gerät (Hilfe), Ausleih-daten (ausleihen).
FULL_ENDINGS = ("", "e", "en")


@lru_cache(maxsize=200_000)
def split_compound(word: str) -> tuple[str, ...]:
    """Parts of ``word`` as lemmas in lower case (``Registermodernisierungsgesetz`` → register, modernisierung, gesetz).

    Empty if it is no compound. Uses the shipped lexicon only, so that an article's terms never depend on what else is stored.
    """
    return best_split(word, is_part)


def best_split(word: str, is_known_part: Callable[[str], bool]) -> tuple[str, ...]:
    """The cheapest split of ``word`` down to its smallest parts (see ``_split_cost``); empty if there is none."""
    whole = lemma(word)
    if whole is not None and whole.islower():
        return ()  # a verb or adjective that the lexicon knows
    lowered = (whole or word).lower()
    if not lowered.isalpha() or len(lowered) > MAX_COMPOUND_CHARS:
        return ()
    parts = _smallest_parts(lowered, is_known_part, MIN_KNOWN_COMPOUND_CHARS if whole else MIN_COMPOUND_CHARS)
    return tuple(_part_lemma(part) for part in parts)


def _smallest_parts(word: str, is_known_part: Callable[[str], bool], min_chars: int) -> tuple[str, ...]:
    parts = (_Splitter(word, is_known_part).split() or ()) if len(word) >= min_chars else ()
    return tuple(leaf for part in parts for leaf in _smallest_parts(part, is_known_part, MIN_PART_COMPOUND_CHARS) or (part,))


class _Splitter:
    """Dynamic programming over one word in lower case: the cheapest parts of each of its endings are found once."""

    def __init__(self, word: str, is_known_part: Callable[[str], bool]) -> None:
        self._word = word
        self._is_known_part = is_known_part
        self._endings: dict[int, tuple[str, ...] | None] = {}

    def split(self) -> tuple[str, ...] | None:
        """At least two parts, or None."""
        return self._best(0)

    def _ending(self, start: int) -> tuple[str, ...] | None:
        if start not in self._endings:
            self._endings[start] = self._best(start)
        return self._endings[start]

    def _best(self, start: int) -> tuple[str, ...] | None:
        """Cheapest parts of the word from ``start`` on; at the word's start, something must come after the first part."""
        word = self._word
        candidates = [(word[start:],)] if start and self._is_known_part(word[start:]) else []
        for end in range(start + 3, len(word) - 2):
            if not self._is_inner_part(word[start:end], is_first=not start):
                continue
            for link in LINKS:
                if word.startswith(link, end) and len(word) - end - len(link) >= 3:
                    rest = self._ending(end + len(link))
                    if rest is not None:
                        candidates.append((word[start:end], *rest))
        return min(candidates, key=_split_cost, default=None)

    def _is_inner_part(self, part: str, is_first: bool) -> bool:
        if self._is_known_part(part) or (is_first and part in PREFIX_WORDS):
            return True
        return len(part) >= MIN_PART_CHARS and any(_is_full_form(part + ending) for ending in FULL_ENDINGS[1:])


def _is_full_form(word: str) -> bool:
    return noun(word) == word.capitalize() or (word.endswith("en") and lemma(word) == word)


def _split_cost(parts: tuple[str, ...]) -> tuple[float, int]:
    """Few and long parts. A part that begins with s has probably taken the link of the one before (Bezirk-samt)."""
    cost = sum(1.0 + (0.6 if len(part) <= MIN_PART_CHARS else 0.0) for part in parts)
    return cost + sum(0.7 for part in parts[1:] if part[0] == "s" and is_part(part[1:])), -len(parts[-1])


@lru_cache(maxsize=100_000)
def _part_lemma(part: str) -> str:
    for ending in FULL_ENDINGS:
        found = noun(part + ending) or (lexicon.lemma(part + ending) if ending else None)
        if found is not None:
            return found.lower()
    return (lexicon.lemma(part) or part).lower()
