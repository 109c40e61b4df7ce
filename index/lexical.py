"""The lexical index: BM25 over analysed terms, in memory, always reconcilable with the store.

Each passage's terms lie in the store as counted numbers; here they are sorted by term into segments. New passages become a
new segment, vanished ones are marked dead, and all is read anew when segments or dead passages become many.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index.storage.rows import TERM_COUNTS
from index.storage.store import Store

# Okapi BM25 (Robertson and Zaragoza 2009) with fields weighed before saturation (BM25F): a hit in a compound's part says
# less than one on the whole word, one in the title more.
K1, B = 1.2, 0.75
TITLE_WEIGHT, BODY_WEIGHT, PART_WEIGHT = 1.6, 1.0, 0.5
MAX_SEGMENTS = 8


@dataclass(frozen=True, slots=True)
class Alternative:
    """Keys that together stand for one concept, and how much they count for it, in (0, 1]."""

    keys: tuple[str, ...]
    weight: float


@dataclass(slots=True)
class _Segment:
    """Postings sorted by term: ``terms``, ``docs`` (places in ``ids``), ``frequencies`` (weighted); per passage its weighted length."""

    ids: np.ndarray
    lengths: np.ndarray
    alive: np.ndarray
    terms: np.ndarray
    docs: np.ndarray
    frequencies: np.ndarray

    def postings(self, term: int) -> slice:
        first, last = np.searchsorted(self.terms, [term, term + 1])
        return slice(int(first), int(last))


class LexicalIndex:
    """BM25 search over all passages of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._segments: list[_Segment] = []
        self._generation = -1
        self.refresh()

    def __len__(self) -> int:
        return sum(int(segment.alive.sum()) for segment in self._segments)

    @property
    def generation(self) -> int:
        """The store's generation that this index reflects."""
        return self._generation

    def refresh(self) -> None:
        """Catch up with the store; costs nothing when nothing has changed."""
        generation = self._store.generation()
        if generation == self._generation:
            return
        stored = self._store.passage_ids()
        highest = max((int(segment.ids[-1]) for segment in self._segments if len(segment.ids)), default=0)
        for segment in self._segments:
            segment.alive = np.isin(segment.ids, stored, assume_unique=True)
        self._add_above(highest)
        if len(self) != len(stored) or len(self._segments) > MAX_SEGMENTS or self._mostly_dead():
            self._segments = []
            self._add_above(0)
        self._generation = generation

    def count(self, keys: Iterable[str]) -> dict[str, int]:
        """In how many passages each key occurs; 0 for unknown ones."""
        wanted = dict.fromkeys(keys, 0)
        return wanted | {key: self._frequency(term) for key, term in self._store.term_ids(wanted).items()}

    def longer(self, key: str, limit: int) -> list[str]:
        """Terms that begin with ``key`` and go on, most frequent first."""
        counted = [(self._frequency(term), longer) for longer, term in self._store.longer_terms(key)]
        return [longer for frequency, longer in sorted(counted, key=lambda pair: (-pair[0], pair[1])) if frequency][:limit]

    def frequencies(self) -> dict[str, int]:
        """In how many passages each term of the corpus occurs."""
        terms = self._store.all_terms()
        counts = np.zeros(max((number for _term, number in terms), default=0) + 1, np.int64)
        for segment in self._segments:
            counts += np.bincount(segment.terms[segment.alive[segment.docs]], minlength=len(counts))[: len(counts)]
        return {term: int(counts[number]) for term, number in terms if counts[number]}

    def passages_with(self, key: str, limit: int) -> list[int]:
        """Numbers of at most ``limit`` passages in which a term occurs."""
        term = self._store.term_ids([key]).get(key)
        if term is None:
            return []
        found = [
            int(segment.ids[doc])
            for segment in self._segments
            for doc in segment.docs[segment.postings(term)][:limit]
            if segment.alive[doc]
        ]
        return found[:limit]

    def search(self, concepts: Sequence[Sequence[Alternative]], limit: int, among: np.ndarray | None = None) -> list[tuple[int, float]]:
        """The best passages (``among`` these numbers): (number, score > 0), best first.

        A passage's score is the sum over concepts of its best alternative's; an alternative of several keys scores their mean.
        """
        keys = {key for alternatives in concepts for alternative in alternatives for key in alternative.keys}
        terms = self._store.term_ids(keys)
        total, average = len(self), self._average_length()
        idf = {key: inverse_frequency(self._frequency(term), total) for key, term in terms.items()}
        found: list[tuple[int, float]] = []
        for segment in self._segments:
            scores = _score_segment(segment, concepts, terms, idf, average)
            scores[~segment.alive] = 0.0
            if among is not None:
                scores[~np.isin(segment.ids, among)] = 0.0
            best = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit] if len(scores) else []
            found += [(int(segment.ids[doc]), float(scores[doc])) for doc in best if scores[doc] > 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def holding(self, concepts: Sequence[Sequence[tuple[str, ...]]]) -> np.ndarray:
        """Numbers (int64, ascending) of all passages that hold, of every concept, all keys of at least one alternative."""
        terms = self._store.term_ids({key for alternatives in concepts for keys in alternatives for key in keys})
        found = [segment.ids[_holds(segment, concepts, terms) & segment.alive] for segment in self._segments]
        return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)

    def _frequency(self, term: int) -> int:
        total = 0
        for segment in self._segments:
            places = segment.postings(term)
            total += int(segment.alive[segment.docs[places]].sum())
        return total

    def _average_length(self) -> float:
        total = sum(float(segment.lengths[segment.alive].sum()) for segment in self._segments)
        return total / max(1, len(self))

    def _mostly_dead(self) -> bool:
        return any(len(segment.ids) and segment.alive.mean() < 0.5 for segment in self._segments)

    def _add_above(self, number: int) -> None:
        rows = list(self._store.passage_terms(above=number))
        if rows:
            self._segments.append(_build_segment(rows))


def _holds(segment: _Segment, concepts: Sequence[Sequence[tuple[str, ...]]], terms: dict[str, int]) -> np.ndarray:
    """For each passage of a segment whether it holds every concept."""
    everything = np.ones(len(segment.ids), bool)
    for alternatives in concepts:
        any_of = np.zeros(len(segment.ids), bool)
        for keys in alternatives:
            own = np.ones(len(segment.ids), bool)
            for key in keys:
                here = np.zeros(len(segment.ids), bool)
                if key in terms:
                    here[segment.docs[segment.postings(terms[key])]] = True
                own &= here
            any_of |= own
        everything &= any_of
    return everything


def inverse_frequency(frequency: int, passages: int) -> float:
    """ln(1 + (N - n + 0.5) / (n + 0.5)): the form of BM25's idf that is never negative."""
    return float(np.log1p((passages - frequency + 0.5) / (frequency + 0.5)))


def _build_segment(rows: list[tuple[int, bytes]]) -> _Segment:
    counts = [np.frombuffer(blob, TERM_COUNTS) for _number, blob in rows]
    joined = np.concatenate(counts)
    docs = np.repeat(np.arange(len(rows), dtype=np.int32), [len(count) for count in counts])
    weighted = TITLE_WEIGHT * joined["title"] + BODY_WEIGHT * joined["body"] + PART_WEIGHT * joined["parts"]
    frequencies = weighted.astype(np.float32)
    order = np.argsort(joined["term"], kind="stable")
    return _Segment(
        ids=np.array([number for number, _blob in rows], np.int64),
        lengths=np.bincount(docs, frequencies, len(rows)).astype(np.float32),
        alive=np.ones(len(rows), bool),
        terms=joined["term"][order].astype(np.int64),
        docs=docs[order],
        frequencies=frequencies[order],
    )


def _score_segment(
    segment: _Segment, concepts: Sequence[Sequence[Alternative]], terms: dict[str, int], idf: dict[str, float], average: float
) -> np.ndarray:
    norms = K1 * (1 - B + B * segment.lengths / max(average, 1e-9))
    scores = np.zeros(len(segment.ids), np.float32)
    for alternatives in concepts:
        best = np.zeros(len(segment.ids), np.float32)
        for alternative in alternatives:
            own = np.zeros(len(segment.ids), np.float32)
            for key in alternative.keys:
                if key in terms:
                    places = segment.postings(terms[key])
                    docs, frequencies = segment.docs[places], segment.frequencies[places]
                    own[docs] += idf[key] * frequencies * (K1 + 1) / (frequencies + norms[docs])
            np.maximum(best, alternative.weight / len(alternative.keys) * own, out=best)
        scores += best
    return scores
