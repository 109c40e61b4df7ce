"""Ranking of windows of sentences: which one answers?

    candidates ── late interaction over whole passages ── best passages ── windows of sentences: features ── learned score ── order
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.articles import Span, StoredArticle
from index.encoding.encoder import EncodedQuestion
from index.encoding.projection import INT8_SCALE
from index.retrieval.candidates import Candidate
from index.retrieval.features import FEATURES, PASSAGE_FEATURES, Evidence, RawFeatures, join_features, read_features, standardise
from index.retrieval.matching import coverage_table, covered_share
from index.retrieval.question import Question
from index.retrieval.scoring import Scorer
from index.storage.records import StoredPassage

RANKED_PASSAGES = 24
# Of the z-scores of dense, interaction and BM25 when the passages to look at are chosen; by hand (docs/measurements.md). BM25 helps to
# find passages and says nothing about which of them answers (ablation there), so the score does not see it.
CHOICE_WEIGHTS = np.array([0.7, 0.7, 0.2])
# Added to the learned score. The questions it was learned from are longer than what people type in a chat, and on short ones ("Was ist das
# OZG?") it trusts the form of an answer too much; these weights, chosen by hand, cost the labelled sets nothing.
_BY_HAND = {"passage_dense": 0.56, "passage_interaction": 0.56, "sentence_coverage": 1.5, "title_coverage": 1.5, "window_interaction": 0.7}
BY_HAND = np.array([_BY_HAND.get(name, 0.0) for name in FEATURES])
FUNCTION_WORD_WEIGHT = 0.3  # idf of question tokens that belong to no concept


@dataclass(frozen=True, slots=True)
class RankedWindow:
    """Neighbouring sentences of a passage at ``span``: ``score``; ``coverage``, a share of the question's idf; ``interaction``,
    a cosine; ``features`` in the order of FEATURES."""

    article_row: int
    passage_id: int
    span: Span
    score: float
    coverage: float
    interaction: float
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with the evidence for it: ``covered`` how well title and text cover each concept, ``coverage`` their idf-weighted mean."""

    candidate: Candidate
    stored: StoredPassage
    interaction: float
    covered: tuple[float, ...]
    coverage: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages and their windows, best first. Of all candidates: ``article_rows`` best first, ``dense`` and ``interactions``."""

    passages: tuple[RankedPassage, ...]
    windows: tuple[RankedWindow, ...]
    article_rows: tuple[int, ...]
    dense: tuple[float, ...] = ()
    interactions: tuple[float, ...] = ()


def rank(
    question: Question,
    encoded: EncodedQuestion,
    candidates: Sequence[Candidate],
    passages: dict[int, StoredPassage],
    articles: dict[int, StoredArticle],
    scorer: Scorer,
) -> Ranking:
    """Order the best passages' windows by ``scorer``. Candidates whose passage or article is gone are left out."""
    known = [c for c in candidates if c.passage_id in passages and passages[c.passage_id].article_row in articles]
    if not known:
        return Ranking((), (), ())
    weights = token_weights(question, encoded)
    stored = [passages[candidate.passage_id] for candidate in known]
    similarities = [_similarities(encoded, passage) for passage in stored]
    interaction = np.array([float(weights @ similarity.max(axis=1)) if similarity.size else 0.0 for similarity in similarities])
    dense, lexical = (np.array([getattr(candidate, name) for candidate in known]) for name in ("dense", "lexical"))
    scores = np.column_stack([standardise(dense), standardise(interaction), standardise(lexical)])
    order = np.argsort(-(scores @ CHOICE_WEIGHTS), kind="stable")
    best = [place for place in order if stored[place].passage.sentences][:RANKED_PASSAGES]
    evidence = [_evidence(question, articles, stored[place], similarities[place], weights) for place in best]
    raw = [read_features(question, one) for one in evidence]
    windows = _order_windows(evidence, raw, scores[best][:, : len(PASSAGE_FEATURES)], scorer) if best else []
    ranked = [_ranked_passage(question, known[place], one, float(interaction[place])) for place, one in zip(best, evidence, strict=True)]
    rows = dict.fromkeys([*(window.article_row for window in windows), *(stored[place].article_row for place in order)])
    return Ranking(tuple(ranked), tuple(windows), tuple(rows), tuple(map(float, dense)), tuple(map(float, interaction)))


def token_weights(question: Question, encoded: EncodedQuestion) -> np.ndarray:
    """Weight of each token of the question: the idf of the concept it is part of, times its learned salience. float32 (tokens,), sum 1."""
    weights = np.full(len(encoded.token_spans), FUNCTION_WORD_WEIGHT, np.float32)
    for concept in question.concepts:
        stands = question.searched_span(concept.span)
        for place, span in enumerate(encoded.token_spans):
            if span.start < stands.end and span.end > stands.start:
                weights[place] = max(weights[place], concept.idf)
    weights = weights * encoded.salience
    return weights / max(float(weights.sum()), 1e-9)


def _similarities(encoded: EncodedQuestion, passage: StoredPassage) -> np.ndarray:
    """Cosines of question tokens and passage tokens, float32 (question tokens, passage tokens)."""
    if not len(passage.tokens):
        return np.zeros((len(encoded.tokens), 0), np.float32)
    return encoded.tokens @ (passage.tokens.astype(np.float32) / INT8_SCALE).T


def _evidence(
    question: Question, articles: dict[int, StoredArticle], stored: StoredPassage, similarity: np.ndarray, weights: np.ndarray
) -> Evidence:
    article = articles[stored.article_row].article
    return Evidence(article, stored, similarity, weights, coverage_table(question, article, stored))


def _ranked_passage(question: Question, candidate: Candidate, evidence: Evidence, interaction: float) -> RankedPassage:
    covered = evidence.table.max(axis=0)
    return RankedPassage(candidate, evidence.stored, interaction, tuple(map(float, covered)), float(covered_share(covered, question)))


def _order_windows(evidence: Sequence[Evidence], raw: Sequence[RawFeatures], scores: np.ndarray, scorer: Scorer) -> list[RankedWindow]:
    features = join_features(scores, raw)
    scored = iter(zip((scorer.score(features) + features @ BY_HAND).tolist(), features.tolist(), strict=True))
    found = []
    for one, own in zip(evidence, raw, strict=True):
        sentences = one.stored.passage.sentences
        stretches = zip(own.windows.first.tolist(), own.windows.last.tolist(), strict=True)
        measured = zip(own.coverage.tolist(), own.interactions[:, 0].tolist(), strict=True)
        for (first, last), (coverage, interaction) in zip(stretches, measured, strict=True):
            score, row = next(scored)
            span = Span(sentences[first].start, sentences[last].end)
            found.append(RankedWindow(one.stored.article_row, one.stored.id, span, score, coverage, interaction, tuple(row)))
    return sorted(found, key=lambda window: -window.score)
