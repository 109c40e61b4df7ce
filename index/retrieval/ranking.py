"""Ranking of sentences: which one answers?

    candidates ── late interaction over whole passages ── best passages ── per sentence: late interaction, concept coverage ── order

All scores are z-scores within the question's own candidates, so that no scale of a model or a corpus is built in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.articles import Span, StoredArticle
from index.encoding.encoder import EncodedQuestion
from index.encoding.projection import INT8_SCALE
from index.language.terms import TextKeys, text_keys
from index.retrieval.candidates import Candidate, standardise
from index.retrieval.question import STEM, Concept, Question
from index.storage.store import StoredPassage

RANKED_PASSAGES = 20
# Weights of z-scores, chosen on the odd half of berlin-qa (docs/measurements.md).
PASSAGE_INTERACTION, PASSAGE_DENSE, PASSAGE_LEXICAL = 0.7, 0.7, 0.2
SENTENCE_WEIGHT, SENTENCE_INTERACTION, SENTENCE_COVERAGE = 0.5, 1.0, 0.5
CONTEXT_SHARE = 0.6  # a concept named in the title or the sentence before counts this much for a sentence
FUNCTION_WORD_WEIGHT = 0.3  # idf of question tokens that belong to no concept
PART_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a passage with its scores; ``interaction`` is a cosine, ``coverage`` a share of the question's idf."""

    article_row: int
    passage_id: int
    place: int
    span: Span
    score: float
    interaction: float
    coverage: float


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with the evidence for it; ``coverage`` counts title and text."""

    candidate: Candidate
    stored: StoredPassage
    interaction: float
    coverage: float
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages and their sentences, best first; ``article_rows``: the articles of all candidates, best first."""

    passages: tuple[RankedPassage, ...]
    sentences: tuple[RankedSentence, ...]
    article_rows: tuple[int, ...]


def rank(
    question: Question,
    encoded: EncodedQuestion,
    candidates: Sequence[Candidate],
    passages: dict[int, StoredPassage],
    articles: dict[int, StoredArticle],
) -> Ranking:
    """Order passages and the sentences of the best of them. Candidates whose passage or article is gone are left out."""
    known = [c for c in candidates if c.passage_id in passages and passages[c.passage_id].article_row in articles]
    if not known:
        return Ranking((), (), ())
    weights = token_weights(question, encoded)
    stored = [passages[candidate.passage_id] for candidate in known]
    similarities = [_similarities(encoded, passage) for passage in stored]
    interaction = np.array([_weighted_max(similarity, weights) for similarity in similarities])
    scores = (
        PASSAGE_INTERACTION * standardise(interaction)
        + PASSAGE_DENSE * standardise(np.array([candidate.dense for candidate in known]))
        + PASSAGE_LEXICAL * standardise(np.array([candidate.lexical for candidate in known]))
    )
    order = np.argsort(-scores, kind="stable")
    ranked_passages, sentences = [], []
    for place in order[:RANKED_PASSAGES]:
        article = articles[stored[place].article_row].article
        covered = coverage_table(question, article.title, article.text, stored[place])
        total = _share(covered.max(axis=0), question)
        ranked_passages.append(RankedPassage(known[place], stored[place], float(interaction[place]), total, float(scores[place])))
        sentences += _sentences(stored[place], similarities[place], weights, covered, question, float(scores[place]))
    ordered = _order_sentences(sentences)
    rows = dict.fromkeys([*(sentence.article_row for sentence in ordered), *(stored[place].article_row for place in order)])
    return Ranking(tuple(ranked_passages), tuple(ordered), tuple(rows))


def token_weights(question: Question, encoded: EncodedQuestion) -> np.ndarray:
    """Weight of each token of the question: the idf of the concept it is part of. float32 (tokens,), sum 1."""
    weights = np.full(len(encoded.token_spans), FUNCTION_WORD_WEIGHT, np.float32)
    for concept in question.concepts:
        for place, span in enumerate(encoded.token_spans):
            if span.start < concept.span.end and span.end > concept.span.start:
                weights[place] = max(weights[place], concept.idf)
    return weights / max(float(weights.sum()), 1e-9)


def _similarities(encoded: EncodedQuestion, passage: StoredPassage) -> np.ndarray:
    """Cosines of question tokens and passage tokens, float32 (question tokens, passage tokens)."""
    if not len(passage.tokens):
        return np.zeros((len(encoded.tokens), 1), np.float32)
    return encoded.tokens @ (passage.tokens.astype(np.float32) / INT8_SCALE).T


def _weighted_max(similarity: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ similarity.max(axis=1)) if similarity.size else 0.0


def coverage_table(question: Question, title: str, text: str, passage: StoredPassage) -> np.ndarray:
    """How well the title (row 0) and each sentence cover each concept: float32 (1 + sentences, concepts), values in [0, 1]."""
    keys = [text_keys(title), *(text_keys(span.cut(text)) for span in passage.passage.sentences)]
    table = np.zeros((len(keys), len(question.concepts)), np.float32)
    for row, words in enumerate(keys):
        for column, concept in enumerate(question.concepts):
            table[row, column] = match_concept(concept, words)
    return table


def match_concept(concept: Concept, keys: TextKeys) -> float:
    """1 for the word itself, less for what stands for it (see the weights in :mod:`index.retrieval.question`), 0 for nothing."""
    best = STEM if concept.stem in keys.stems else 0.0
    for variant in concept.variants:
        if variant.weight > best and all(key in keys.wholes for key in variant.keys):
            best = variant.weight
        elif variant.weight * PART_SHARE > best and all(key in keys.wholes or key in keys.parts for key in variant.keys):
            best = variant.weight * PART_SHARE
    return best


def _share(covered: np.ndarray, question: Question) -> float:
    """Coverage per concept to one number: the idf-weighted mean."""
    idf = np.array([concept.idf for concept in question.concepts], np.float32)
    return float(covered @ idf / idf.sum()) if len(idf) else 0.0


def _sentences(
    stored: StoredPassage, similarity: np.ndarray, weights: np.ndarray, covered: np.ndarray, question: Question, passage_score: float
) -> list[RankedSentence]:
    found = []
    for place, span in enumerate(stored.passage.sentences):
        own = similarity[:, stored.token_sentences == place] if len(stored.token_sentences) else similarity[:, :0]
        context = np.maximum(covered[0], covered[place] if place else 0.0)
        coverage = _share(np.maximum(covered[place + 1], CONTEXT_SHARE * context), question)
        interaction = _weighted_max(own, weights)
        found.append(RankedSentence(stored.article_row, stored.id, place, span, passage_score, interaction, coverage))
    return found


def _order_sentences(sentences: list[RankedSentence]) -> list[RankedSentence]:
    """Add the sentences' own z-scores to their passages' scores and sort, best first."""
    interaction = standardise(np.array([sentence.interaction for sentence in sentences]))
    coverage = standardise(np.array([sentence.coverage for sentence in sentences]))
    own = SENTENCE_INTERACTION * interaction + SENTENCE_COVERAGE * coverage
    scored = [replace(s, score=s.score + SENTENCE_WEIGHT * float(extra)) for s, extra in zip(sentences, own, strict=True)]
    return sorted(scored, key=lambda sentence: -sentence.score)
