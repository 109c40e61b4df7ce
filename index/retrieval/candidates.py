"""Candidate passages from both retrievers, with the evidence each gives."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from index.encoding.encoder import EncodedQuestion
from index.retrieval.question import Question
from index.storage.store import Store
from index.vectors import VectorIndex

PER_RETRIEVER = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """``dense``: cosine of question and passage; ``lexical``: BM25, 0 if no term occurs."""

    passage_id: int
    dense: float
    lexical: float


def find_candidates(
    question: Question, encoded: EncodedQuestion, store: Store, vectors: VectorIndex, until: date | None = None
) -> list[Candidate]:
    """The best passages of either retriever, the filter applied first; in no particular order."""
    among = store.passage_ids(until) if until else None
    dense = dict(vectors.search(encoded.vector, PER_RETRIEVER, among))
    lexical = dict(store.search_terms(question.keys, PER_RETRIEVER, until))
    cosines = dense | {number: vectors.cosine(number, encoded.vector) for number in lexical if number not in dense}
    return [Candidate(number, cosine, lexical.get(number, 0.0)) for number, cosine in cosines.items()]


def standardise(values: np.ndarray) -> np.ndarray:
    """z-scores; zeros if all values are equal."""
    deviation = values.std() if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
