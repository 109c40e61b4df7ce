"""How well a text covers the concepts of a question."""

from collections.abc import Sequence

import numpy as np

from index.language.terms import TextKeys
from index.retrieval.question import STEM, Concept, Question

PART_SHARE = 0.8


def match_concept(concept: Concept, keys: TextKeys) -> float:
    """1 for the word itself, less for what stands for it (see the weights in :mod:`index.retrieval.question`), 0 for nothing."""
    best = STEM if concept.stem in keys.stems else 0.0
    for variant in concept.variants:
        if variant.weight > best and all(key in keys.wholes for key in variant.keys):
            best = variant.weight
        elif variant.weight * PART_SHARE > best and all(key in keys.wholes or key in keys.parts for key in variant.keys):
            best = variant.weight * PART_SHARE
    return best


def coverage_table(question: Question, texts: Sequence[TextKeys]) -> np.ndarray:
    """How well each text covers each concept: float32 (texts, concepts), values in [0, 1]."""
    table = np.zeros((len(texts), len(question.concepts)), np.float32)
    for column, concept in enumerate(question.concepts):
        keys = frozenset(key for variant in concept.variants for key in variant.keys)
        for row, words in enumerate(texts):  # most texts have nothing of a concept, which sets tell at once
            if concept.stem in words.stems or not (keys.isdisjoint(words.wholes) and keys.isdisjoint(words.parts)):
                table[row, column] = match_concept(concept, words)
    return table


def covered_share(covered: np.ndarray, question: Question) -> np.ndarray:
    """Coverage per concept, (…, concepts), to one number each, (…): the idf-weighted mean; 0 without concepts."""
    idf = np.array([concept.idf for concept in question.concepts], np.float32)
    return covered @ idf / idf.sum() if len(idf) else np.zeros(covered.shape[:-1], np.float32)
