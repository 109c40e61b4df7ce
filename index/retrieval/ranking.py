"""Ranking of windows of sentences: which one answers?

    candidates ── late interaction over whole passages ── best passages ── windows of sentences: features ── learned score ── order
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.articles import Article, Span, StoredArticle
from index.encoding.encoder import EncodedQuestion
from index.encoding.projection import INT8_SCALE
from index.retrieval.candidates import Candidate
from index.retrieval.features import FEATURES, PASSAGE_FEATURES, Evidence, Measured, measure_windows, standardise
from index.retrieval.matching import covered_share
from index.retrieval.question import Question
from index.retrieval.scoring import Scorer
from index.retrieval.views import PassageView, view_passage
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


class RankedWindow(NamedTuple):
    """Neighbouring sentences of a passage at ``span``: ``score``; ``coverage``, a share of the question's idf; ``interaction``,
    a cosine; ``features``: float64 (len(FEATURES),)."""

    article_row: int
    passage_id: int
    span: Span
    score: float
    coverage: float
    interaction: float
    features: np.ndarray


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
    view: Callable[[Article, StoredPassage], PassageView] = view_passage,
) -> Ranking:
    """Order the best passages' windows by ``scorer``. Candidates whose passage or article is gone are left out."""
    known = [c for c in candidates if c.passage_id in passages and passages[c.passage_id].article_row in articles]
    if not known:
        return Ranking((), (), ())
    weights = token_weights(question, encoded)
    stored = [passages[candidate.passage_id] for candidate in known]
    similarities, bests = _similarities(encoded, stored)
    interaction = (weights @ bests).astype(np.float64)
    dense, lexical = (np.array([getattr(candidate, name) for candidate in known]) for name in ("dense", "lexical"))
    scores = np.column_stack([standardise(dense), standardise(interaction), standardise(lexical)])
    order = np.argsort(-(scores @ CHOICE_WEIGHTS), kind="stable").tolist()
    best = [place for place in order if stored[place].passage.sentences][:RANKED_PASSAGES]
    views = [view(articles[stored[place].article_row].article, stored[place]) for place in best]
    own = scores[:, : len(PASSAGE_FEATURES)]
    evidence = [Evidence(one, similarities[place], own[place]) for one, place in zip(views, best, strict=True)]
    windows, ranked = [], []
    if evidence:
        measured = measure_windows(question, weights, evidence)
        windows = _order_windows(views, measured, scorer)
        shares = covered_share(measured.covered, question).tolist()
        ranked = [
            RankedPassage(known[place], stored[place], float(interaction[place]), tuple(covered), share)
            for place, covered, share in zip(best, measured.covered.tolist(), shares, strict=True)
        ]
    rows = dict.fromkeys([*(window.article_row for window in windows), *(stored[place].article_row for place in order)])
    return Ranking(tuple(ranked), tuple(windows), tuple(rows), tuple(dense.tolist()), tuple(interaction.tolist()))


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


def _similarities(encoded: EncodedQuestion, passages: Sequence[StoredPassage]) -> tuple[list[np.ndarray], np.ndarray]:
    """Cosines of question tokens and each passage's tokens, float32 (question tokens, passage tokens); and of them the best of each question
    token in each passage, (question tokens, passages), 0 where a passage has no token."""
    counts = np.array([len(passage.tokens) for passage in passages])
    ends, has_tokens = np.cumsum(counts), counts > 0
    joined, bests = np.zeros((len(encoded.tokens), 0), np.float32), np.zeros((len(encoded.tokens), len(passages)), np.float32)
    if has_tokens.any():
        tokens = np.concatenate([passage.tokens for passage in passages if len(passage.tokens)]).astype(np.float32)
        joined = (encoded.tokens / np.float32(INT8_SCALE)) @ tokens.T
        bests[:, has_tokens] = np.maximum.reduceat(joined, (ends - counts)[has_tokens], axis=1)
    return [joined[:, end - count : end] for count, end in zip(counts.tolist(), ends.tolist(), strict=True)], bests


def _order_windows(views: Sequence[PassageView], measured: Measured, scorer: Scorer) -> list[RankedWindow]:
    scores = scorer.score(measured.features) + measured.features @ BY_HAND
    order = np.argsort(-scores, kind="stable")
    rows, numbers = (np.array([getattr(view.stored, name) for view in views])[measured.passages] for name in ("article_row", "id"))
    spans = [span for view in views for span in view.spans]
    columns = (column[order].tolist() for column in (rows, numbers, scores, measured.coverage, measured.interactions))
    ordered_rows, ordered_numbers, *others = columns
    return list(map(RankedWindow, ordered_rows, ordered_numbers, [spans[place] for place in order.tolist()], *others, measured.features[order]))
