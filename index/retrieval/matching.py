"""How well a text covers the concepts of a question."""

import numpy as np

from index.articles import Article
from index.language.terms import TextKeys, text_keys
from index.retrieval.question import STEM, Concept, Question
from index.storage.records import StoredPassage

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


def coverage_table(question: Question, article: Article, passage: StoredPassage) -> np.ndarray:
    """How well the head (row 0) and each sentence cover each concept: float32 (1 + sentences, concepts), values in [0, 1].

    The head is the title and the year of publication: news of 2019 seldom say "2019".
    """
    head = text_keys(f"{article.title} {article.published.year}" if article.published else article.title)
    keys = [head, *(text_keys(span.cut(article.text)) for span in passage.passage.sentences)]
    table = np.zeros((len(keys), len(question.concepts)), np.float32)
    for row, words in enumerate(keys):
        for column, concept in enumerate(question.concepts):
            table[row, column] = match_concept(concept, words)
    return table


def covered_share(covered: np.ndarray, question: Question) -> np.ndarray:
    """Coverage per concept, (…, concepts), to one number each, (…): the idf-weighted mean; 0 without concepts."""
    idf = np.array([concept.idf for concept in question.concepts], np.float32)
    return covered @ idf / idf.sum() if len(idf) else np.zeros(covered.shape[:-1], np.float32)
