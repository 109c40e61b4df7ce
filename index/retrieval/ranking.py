"""Ranking of sentences: which one answers?

    candidates ── late interaction over whole passages ── best passages ── per sentence: features ── learned weights ── order

All scores are z-scores within the question's own candidates, so that no scale of a model or a corpus is built in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.articles import Span, StoredArticle
from index.encoding.encoder import EncodedQuestion
from index.encoding.projection import INT8_SCALE
from index.retrieval.candidates import Candidate
from index.retrieval.features import FEATURES, PASSAGE_FEATURES, PRIOR, join_features, read_features, standardise
from index.retrieval.matching import coverage_table, covered_share
from index.retrieval.question import Question
from index.storage.store import StoredPassage

RANKED_PASSAGES = 20
FUNCTION_WORD_WEIGHT = 0.3  # idf of question tokens that belong to no concept


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a passage: ``score``, ``coverage`` (a share of the question's idf), ``features`` in the order of FEATURES."""

    article_row: int
    passage_id: int
    place: int
    span: Span
    score: float
    coverage: float
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with the evidence for it: ``covered`` how well title and text cover each concept, ``coverage`` their idf-weighted mean."""

    candidate: Candidate
    stored: StoredPassage
    interaction: float
    covered: tuple[float, ...]
    coverage: float
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages and their sentences, best first. Of all candidates: ``article_rows`` best first, ``dense`` and ``interactions``."""

    passages: tuple[RankedPassage, ...]
    sentences: tuple[RankedSentence, ...]
    article_rows: tuple[int, ...]
    dense: tuple[float, ...] = ()
    interactions: tuple[float, ...] = ()


def rank(
    question: Question,
    encoded: EncodedQuestion,
    candidates: Sequence[Candidate],
    passages: dict[int, StoredPassage],
    articles: dict[int, StoredArticle],
    weights: np.ndarray,
) -> Ranking:
    """Order passages and the sentences of the best of them by ``weights`` (in the order of FEATURES). Candidates whose passage or
    article is gone are left out."""
    known = [c for c in candidates if c.passage_id in passages and passages[c.passage_id].article_row in articles]
    if not known:
        return Ranking((), (), ())
    token_shares = token_weights(question, encoded)
    stored = [passages[candidate.passage_id] for candidate in known]
    similarities = [_similarities(encoded, passage) for passage in stored]
    interaction = np.array([_weighted_max(similarity, token_shares) for similarity in similarities])
    dense = np.array([candidate.dense for candidate in known])
    evidence = np.column_stack([*map(standardise, (interaction, dense, np.array([candidate.lexical for candidate in known])))])
    scores = evidence @ np.array([PRIOR[name] for name in PASSAGE_FEATURES])
    order = np.argsort(-scores, kind="stable")
    best = [place for place in order[:RANKED_PASSAGES] if stored[place].passage.sentences]
    tables = [coverage_table(question, articles[stored[place].article_row].article, stored[place]) for place in best]
    raw = [
        read_features(question, articles[stored[place].article_row].article, stored[place], similarities[place], token_shares, table)
        for place, table in zip(best, tables, strict=True)
    ]
    features = join_features(evidence[best], raw) if best else np.zeros((0, len(FEATURES)))
    coverages = [coverage for one in raw for coverage in one.coverage]
    sentences = _order_sentences([stored[place] for place in best], coverages, features, features @ weights)
    ranked = [
        _ranked_passage(question, known[place], stored[place], table, float(interaction[place]), float(scores[place]))
        for place, table in zip(best, tables, strict=True)
    ]
    rows = dict.fromkeys([*(sentence.article_row for sentence in sentences), *(stored[place].article_row for place in order)])
    return Ranking(tuple(ranked), tuple(sentences), tuple(rows), tuple(map(float, dense)), tuple(map(float, interaction)))


def _ranked_passage(
    question: Question, candidate: Candidate, stored: StoredPassage, table: np.ndarray, interaction: float, score: float
) -> RankedPassage:
    covered = table.max(axis=0)
    return RankedPassage(candidate, stored, interaction, tuple(map(float, covered)), covered_share(covered, question), score)


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


def _order_sentences(
    passages: Sequence[StoredPassage], coverages: Sequence[float], features: np.ndarray, scores: np.ndarray
) -> list[RankedSentence]:
    places = [(stored, place, span) for stored in passages for place, span in enumerate(stored.passage.sentences)]
    found = [
        RankedSentence(stored.article_row, stored.id, place, span, float(score), float(coverage), tuple(map(float, own)))
        for (stored, place, span), score, coverage, own in zip(places, scores, coverages, features, strict=True)
    ]
    return sorted(found, key=lambda sentence: -sentence.score)
