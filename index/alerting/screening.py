"""Which stored articles may fulfil a rule, from their kept keys alone: no text is read.

    article ── analyse ── digests of its keys (8 bytes each), kept when it is stored
    rule    ── each term: said for sure, perhaps, or not ── each alternative ── YES, MAYBE or NO for every article

A word is said where one of its keys is; words next to each other, and a compound said in several words, may be, where all their keys are.
MAYBE has to be matched with the text.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from index.alerting.analysis import AnalysedArticle
from index.alerting.rule_tree import Rule
from index.alerting.terms import Label, Phrase, Term, Word

NO, MAYBE, YES = 0, 1, 2
TITLE, ENDING = "titel:", "ending:"


@lru_cache(maxsize=400_000)
def key_digest(key: str) -> int:
    """A number of 64 bits for a key: among all keys of a corpus two are hardly ever the same."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def kept_keys(article: AnalysedArticle) -> np.ndarray:
    """Digests of an article's keys, uint64, ascending: of words (those of the title once more), source and tags. Function words are left
    out, and so are themes, which belong to rules. Endings of compounds that are no keys themselves are marked as endings."""
    keys = {key for key in article.all_keys() if key not in article.near and not key.startswith("s:")}
    keys |= {TITLE + key for key in article.title.anywhere if not key.startswith("s:")}
    wholes = {key for text in (article.title, article.body) for key in text.wholes if "|" in key}
    endings = {ending for key in wholes for ending in _endings(key)}
    keys |= {ENDING + ending for ending in endings - keys}
    return np.array(sorted(map(key_digest, keys)), np.uint64)


def _endings(key: str) -> list[str]:
    parts = key.split("|")
    return ["|".join(parts[start:]) for start in range(1, len(parts))]


class Screen:
    """Kept keys of some articles, to be asked about a rule."""

    def __init__(self, keys: Sequence[np.ndarray], near: Mapping[str, np.ndarray]) -> None:
        """``keys`` of each article; ``near``: for the key of a theme, which of the articles belong to it, bool (n,)."""
        self._count, self._near = len(keys), near
        self._keys = np.concatenate(keys) if keys else np.empty(0, np.uint64)
        self._ends = np.cumsum([len(own) for own in keys])

    def judge(self, rule: Rule) -> np.ndarray:
        """YES, MAYBE or NO for each article, int8 (n,)."""
        best = np.zeros(self._count, np.int8)
        for alternative in rule.alternatives:
            own = [self._term(term) for term in alternative.wanted] + [YES - self._term(term) for term in alternative.unwanted]
            best = np.maximum(best, np.minimum.reduce(own))
        return best

    def _term(self, term: Term | Label) -> np.ndarray:
        if isinstance(term, Label):
            held = self._near.get(term.key)
            return YES * (self._holds(term.key) if held is None else held).astype(np.int8)
        prefix = TITLE if term.where else ""
        best = np.zeros(self._count, np.int8)
        for way in term.ways:
            if isinstance(way.form, Word):
                held = YES * self._holds_any(way.form.keys, prefix)
            elif isinstance(way.form, Phrase):
                held = MAYBE * np.minimum.reduce([self._holds_any(step, prefix) for step in way.form.steps])
            else:
                held = MAYBE * self._may_say(way.form.parts)
            best = np.maximum(best, held)
        return best

    def _may_say(self, parts: tuple[str, ...]) -> np.ndarray:
        """int8 (n,): 1 where a compound may be said in one word, or head first in several: of each way to split it, all pieces are there.
        In a title as well as elsewhere."""
        whole = "|".join(parts)
        held = self._holds(whole) | self._holds(ENDING + whole)
        for split in range(1, len(parts)):
            held |= self._holds("|".join(parts[split:])) & self._may_say(parts[:split]).astype(bool)
        return held.astype(np.int8)

    def _holds_any(self, keys: frozenset[str] | set[str], prefix: str) -> np.ndarray:
        """int8 (n,): 1 where one of the keys is kept; function words, which are not kept, count as there."""
        if any(key.startswith("s:") for key in keys):
            return np.ones(self._count, np.int8)
        return np.maximum.reduce([self._holds(prefix + key) for key in keys] or [np.zeros(self._count, bool)]).astype(np.int8)

    def _holds(self, key: str) -> np.ndarray:
        held = np.zeros(self._count, bool)
        held[np.searchsorted(self._ends, np.flatnonzero(self._keys == np.uint64(key_digest(key))), side="right")] = True
        return held
