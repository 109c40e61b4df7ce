"""Candidate passages from both retrievers, with the evidence each gives."""

from dataclasses import dataclass

import numpy as np

from index.encoding.encoder import EncodedQuestion
from index.lexical import Alternative, LexicalIndex
from index.retrieval.question import Question
from index.vectors import VectorIndex

PER_RETRIEVER = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """``dense``: cosine of question and passage; ``lexical``: BM25, 0 if no term occurs."""

    passage_id: int
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Indexes:
    """The two retrievers over one store."""

    vectors: VectorIndex
    lexical: LexicalIndex

    def refresh(self) -> None:
        """Catch up with the store."""
        self.vectors.refresh()
        self.lexical.refresh()


def find_candidates(question: Question, encoded: EncodedQuestion, indexes: Indexes, among: np.ndarray | None = None) -> list[Candidate]:
    """The best passages of either retriever, the filter (passage numbers) applied first; in no particular order."""
    dense = dict(indexes.vectors.search(encoded.vector, PER_RETRIEVER, among))
    concepts = [[Alternative(variant.keys, variant.weight) for variant in concept.variants] for concept in question.concepts]
    lexical = dict(indexes.lexical.search(concepts, PER_RETRIEVER, among))
    cosines = dense | indexes.vectors.cosines([number for number in lexical if number not in dense], encoded.vector)
    return [Candidate(number, cosine, lexical.get(number, 0.0)) for number, cosine in cosines.items()]
