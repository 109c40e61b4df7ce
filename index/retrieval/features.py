"""What speaks for a window of sentences as an answer, as numbers.

Features of the passage are z-scores among all candidates, those of windows z-scores among the windows looked at, the rest shares in
[0, 1], so that no scale of a model or corpus is built in. :mod:`index.retrieval.scoring` turns them into one score. All passages of a question
are measured together: what takes time is not the arithmetic but the number of calls.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.language.words import clean_word, find_words, fold
from index.retrieval.answer_types import answer_forms
from index.retrieval.matching import coverage_table, covered_share
from index.retrieval.question import Question
from index.retrieval.views import MARKS, PassageView
from index.retrieval.windows import window_means

PASSAGE_FEATURES = ("passage_dense", "passage_interaction")
WINDOW_FEATURES = ("window_interaction", "sentence_interaction")
SHARES = (
    "sentence_coverage",  # of the best sentence, with what title and sentence before contribute
    "window_coverage",
    "beyond_title",  # what the window covers and the title does not
    "title_coverage",
    "form_mean",  # how far the sentences hold an answer of the kind asked for
    "form_best",
    "headline",
    "other_year",
    "points_back",
    "length",
    "too_long",
    "depth",
    "passage_coverage",
    "title_interaction",
)
QUESTION_FEATURES = ("question_coverage",)  # the best coverage that any passage reaches
FEATURES = PASSAGE_FEATURES + WINDOW_FEATURES + SHARES + QUESTION_FEATURES
CONTEXT_SHARE = 0.6  # a concept named in the title or the sentence before counts this much for a sentence
TITLE_DISCOUNT = 0.43  # a question token met in the title only counts as a cosine less by this (learned with the projection)
NO_TOKEN = -0.2  # cosine with a stretch that has no token


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage against a question. ``similarity``: cosines, float32 (question tokens, passage tokens); ``scores``: z-scores in the order of
    PASSAGE_FEATURES."""

    view: PassageView
    similarity: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True, slots=True)
class Measured:
    """The windows of all passages, one passage after the other. ``passages``: int64 (windows,), the place of each one's passage;
    ``interactions``: a cosine, and ``coverage``: of its best sentence, (windows,); ``features``: float64 (windows, len(FEATURES)).
    ``covered``: float32 (passages, concepts), how well each passage with its head covers each concept."""

    passages: np.ndarray
    interactions: np.ndarray
    coverage: np.ndarray
    features: np.ndarray
    covered: np.ndarray


@dataclass(frozen=True, slots=True)
class _Stack:
    """The rows of all passages one under the other. ``heads``: int64 (passages,), where each begins; ``head_of``: int64 (rows,), the head
    above each row; ``members``: int64 (windows, n), rows; ``passages``: int64 (windows,)."""

    heads: np.ndarray
    head_of: np.ndarray
    members: np.ndarray
    passages: np.ndarray

    @property
    def window_heads(self) -> np.ndarray:
        return self.heads[self.passages]


def measure_windows(question: Question, token_weights: np.ndarray, evidence: Sequence[Evidence]) -> Measured:
    """Features of the windows of passages. ``token_weights``: of the question's tokens, sum 1."""
    stack = _stack([one.view for one in evidence])
    table = coverage_table(question, [keys for one in evidence for keys in one.view.keys])
    covered = np.maximum.reduceat(table, stack.heads, axis=0)
    columns = _interactions(token_weights, evidence, stack)
    interactions = columns["window_interaction"]
    columns |= {name: standardise(columns[name]) for name in WINDOW_FEATURES}
    columns |= _coverages(question, table, covered, stack) | _forms(question, evidence, stack)
    columns |= dict(zip(PASSAGE_FEATURES, np.array([one.scores for one in evidence])[stack.passages].T, strict=True))
    columns |= dict(zip(MARKS, np.concatenate([one.view.marks for one in evidence]).T, strict=True))
    features = np.column_stack([columns[name] for name in FEATURES]).astype(np.float64, copy=False)
    return Measured(stack.passages, interactions, columns["sentence_coverage"], features, covered)


def _stack(views: Sequence[PassageView]) -> _Stack:
    counts = np.array([view.rows for view in views])
    heads = np.cumsum(counts) - counts
    windows = [len(view.members) for view in views]
    members = np.concatenate([view.members for view in views]) + heads.repeat(windows)[:, None]
    return _Stack(heads, heads.repeat(counts), members, np.arange(len(views)).repeat(windows))


def _interactions(token_weights: np.ndarray, evidence: Sequence[Evidence], stack: _Stack) -> dict[str, np.ndarray]:
    """Late interaction of each window, of its best sentence, and of the title above it."""
    rows = np.concatenate([one.view.token_rows + head for one, head in zip(evidence, stack.heads, strict=True)])
    best = best_cosines(np.concatenate([one.similarity for one in evidence], axis=1), rows, len(stack.head_of))
    windows = np.maximum(best[stack.members].max(axis=1), best[stack.window_heads] - TITLE_DISCOUNT)
    single = best @ token_weights
    return {
        "window_interaction": windows @ token_weights,
        "sentence_interaction": single[stack.members].max(axis=1),
        "title_interaction": single[stack.window_heads],
    }


def best_cosines(similarity: np.ndarray, token_rows: np.ndarray, count: int) -> np.ndarray:
    """The best cosine of each question token within each of ``count`` rows of tokens.

    ``similarity``: float32 (question tokens, tokens); ``token_rows``: int64 (tokens,). Returns float32 (count, question tokens), NO_TOKEN
    where a row has no token.
    """
    best = np.full((count, len(similarity)), -np.inf, np.float32)
    if len(token_rows):
        starts = np.flatnonzero(np.diff(token_rows, prepend=-1))  # of stretches of tokens within one row
        np.maximum.at(best, token_rows[starts], np.maximum.reduceat(similarity, starts, axis=1).T)
    return np.where(np.isneginf(best), np.float32(NO_TOKEN), best)


def _coverages(question: Question, table: np.ndarray, covered: np.ndarray, stack: _Stack) -> dict[str, np.ndarray]:
    above = np.maximum(table[stack.head_of], np.concatenate([table[:1], table[:-1]]))  # the title, and the sentence before
    single = covered_share(np.maximum(table, CONTEXT_SHARE * above), question)
    title, window = table[stack.window_heads], table[stack.members].max(axis=1)
    passages = covered_share(covered, question)
    return {
        "sentence_coverage": single[stack.members].max(axis=1),
        "window_coverage": covered_share(np.maximum(window, CONTEXT_SHARE * title), question),
        "beyond_title": covered_share(np.maximum(0.0, window - title), question),
        "title_coverage": covered_share(title, question),
        "passage_coverage": passages[stack.passages],
        "question_coverage": np.full(len(stack.passages), passages.max()),
        "other_year": _other_year(question, covered)[stack.passages],
    }


def _other_year(question: Question, covered: np.ndarray) -> np.ndarray:
    """News that neither names a year asked for nor is of that year answers about another one: 1 for these, (passages,)."""
    years = [place for place, concept in enumerate(question.concepts) if concept.is_year]
    return (~covered[:, years].any(axis=1)).astype(float) if years else np.zeros(len(covered))


def _forms(question: Question, evidence: Sequence[Evidence], stack: _Stack) -> dict[str, np.ndarray]:
    if question.kind is None:
        nothing = np.zeros(len(stack.passages))
        return {"form_mean": nothing, "form_best": nothing}
    asked = frozenset(fold(clean_word(word.surface)) for word in find_words(question.searched_text))
    rows = [(0.0, *answer_forms(question.kind, one.view.sentences, asked)) for one in evidence]
    forms = np.concatenate(rows)
    return {
        "form_mean": window_means(forms, stack.members[:, 0], stack.members[:, -1]),
        "form_best": forms[stack.members].max(axis=1),
    }


def standardise(values: np.ndarray) -> np.ndarray:
    """z-scores; zeros if all values are equal."""
    centred = values - values.sum() / max(1, len(values))
    deviation = math.sqrt(centred @ centred / max(1, len(values)))
    return centred / deviation if deviation > 1e-9 else np.zeros_like(values)
