"""What speaks for a window of sentences as an answer, as numbers.

Features of the passage are z-scores among all candidates, those of windows z-scores among the windows looked at, the rest shares in
[0, 1], so that no scale of a model or corpus is built in. :mod:`index.retrieval.scoring` turns them into one score.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.articles import Article
from index.language.words import clean_word, find_words, fold
from index.retrieval.answer_types import answer_form
from index.retrieval.matching import covered_share
from index.retrieval.question import Question
from index.retrieval.windows import MAX_QUOTE_CHARS, Windows, find_windows, points_back
from index.storage.records import StoredPassage

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
    "depth",  # how far into the article
    "passage_coverage",
    "title_interaction",
)
QUESTION_FEATURES = ("question_coverage",)  # the best coverage that any passage reaches
FEATURES = PASSAGE_FEATURES + WINDOW_FEATURES + SHARES + QUESTION_FEATURES
CONTEXT_SHARE = 0.6  # a concept named in the title or the sentence before counts this much for a sentence
TITLE_DISCOUNT = 0.43  # a question token met in the title only counts as a cosine less by this (learned with the projection)
NO_TOKEN = -0.2  # cosine with a stretch that has no token
MAX_HEADLINE_CHARS = 60
DEPTH_CHARS, MAX_DEPTH = 1500, 1.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage against a question. ``similarity``: cosines, float32 (question tokens, passage tokens); ``token_weights``: of the
    question's tokens, sum 1; ``table``: see :func:`index.retrieval.matching.coverage_table`."""

    article: Article
    stored: StoredPassage
    similarity: np.ndarray
    token_weights: np.ndarray
    table: np.ndarray


@dataclass(frozen=True, slots=True)
class RawFeatures:
    """Of one passage's windows, before they are compared with those of others: ``interactions`` float64 (windows, 2), ``shares``
    float64 (windows, len(SHARES)), ``coverage`` of each window's best sentence."""

    windows: Windows
    interactions: np.ndarray
    shares: np.ndarray

    @property
    def coverage(self) -> np.ndarray:
        return self.shares[:, SHARES.index("sentence_coverage")]


def read_features(question: Question, evidence: Evidence) -> RawFeatures:
    """Features of a passage's windows."""
    sentences = evidence.stored.passage.sentences
    windows = find_windows(evidence.article.text, sentences)
    members = windows.members()
    best = best_cosines(evidence.similarity, evidence.stored.token_sentences, len(sentences))
    best, title = best[:, :-1], best[:, -1]
    window_tokens = np.maximum(best[:, members].max(axis=2), title[:, None] - TITLE_DISCOUNT)
    sentence_interaction = evidence.token_weights @ best
    interactions = np.column_stack([evidence.token_weights @ window_tokens, sentence_interaction[members].max(axis=1)])
    title_interaction = np.full(len(members), float(evidence.token_weights @ title))
    columns = [*_coverage_columns(question, evidence, members), *_text_columns(question, evidence, windows, members), title_interaction]
    by_name = dict(zip(_COLUMN_ORDER, columns, strict=True))
    return RawFeatures(windows, interactions, np.column_stack([by_name[name] for name in SHARES]))


_COLUMN_ORDER = (
    *("sentence_coverage", "window_coverage", "beyond_title", "title_coverage", "passage_coverage", "other_year"),
    *("form_mean", "form_best", "headline", "points_back", "length", "too_long", "depth", "title_interaction"),
)


def best_cosines(similarity: np.ndarray, token_sentences: np.ndarray, count: int) -> np.ndarray:
    """The best cosine of each question token within each of ``count`` sentences and, last, within the title.

    ``similarity``: float32 (question tokens, tokens); ``token_sentences``: of each token, ``count`` or more for the title. Returns float32
    (question tokens, count + 1), NO_TOKEN where there is no token.
    """
    places = np.minimum(token_sentences.astype(np.int64), count)
    best = np.full((count + 1, len(similarity)), -np.inf, np.float32)
    if len(places):
        starts = np.flatnonzero(np.diff(places, prepend=-1))  # of stretches of tokens within one sentence
        np.maximum.at(best, places[starts], np.maximum.reduceat(similarity, starts, axis=1).T)
    return np.where(np.isneginf(best), np.float32(NO_TOKEN), best).T


def _coverage_columns(question: Question, evidence: Evidence, members: np.ndarray) -> list[np.ndarray]:
    table = evidence.table
    title, body = table[0], table[1:]
    context = CONTEXT_SHARE * np.maximum(title, np.vstack([title, body[:-1]]))
    window = body[members].max(axis=1)
    count = len(members)
    return [
        covered_share(np.maximum(body, context), question)[members].max(axis=1),
        covered_share(np.maximum(window, CONTEXT_SHARE * title), question),
        covered_share(np.maximum(0.0, window - title), question),
        np.full(count, covered_share(title, question)),
        np.full(count, covered_share(table.max(axis=0), question)),
        np.full(count, _other_year(question, table)),
    ]


def _text_columns(question: Question, evidence: Evidence, windows: Windows, members: np.ndarray) -> list[np.ndarray]:
    text, sentences = evidence.article.text, evidence.stored.passage.sentences
    asked = frozenset(fold(clean_word(word.surface)) for word in find_words(question.searched_text))
    texts = [span.cut(text) for span in sentences]
    forms = np.array([answer_form(question.kind, one, asked) for one in texts])
    starts, ends = (np.array([getattr(span, name) for span in sentences]) for name in ("start", "end"))
    length = (ends[windows.last] - starts[windows.first]) / MAX_QUOTE_CHARS
    return [
        _mean_of_windows(forms, windows),
        forms[members].max(axis=1),
        _mean_of_windows(np.array([_is_headline(one) for one in texts]), windows),
        np.array([points_back(one) for one in texts], float)[windows.first],
        np.minimum(length, 1.0),
        np.clip(length - 1.0, 0.0, 1.0),
        np.minimum(starts[windows.first] / DEPTH_CHARS, MAX_DEPTH),
    ]


def _mean_of_windows(values: np.ndarray, windows: Windows) -> np.ndarray:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return (sums[windows.last + 1] - sums[windows.first]) / (windows.last + 1 - windows.first)


def _other_year(question: Question, table: np.ndarray) -> float:
    """News that neither names a year asked for nor is of that year answers about another one."""
    years = [place for place, concept in enumerate(question.concepts) if concept.is_year]
    return 1.0 if years and not table[:, years].any() else 0.0


def _is_headline(text: str) -> float:
    """A short line that ends like no sentence."""
    return 1.0 if len(text) <= MAX_HEADLINE_CHARS and text.rstrip('“”"«»)')[-1:] not in ".!?:…" else 0.0


def join_features(passages: np.ndarray, raw: Sequence[RawFeatures]) -> np.ndarray:
    """All features, float64 (windows of all passages, len(FEATURES)). ``passages``: z-scores (passages, len(PASSAGE_FEATURES))."""
    interactions = np.concatenate([one.interactions for one in raw])
    shares = np.concatenate([one.shares for one in raw])
    own = [standardise(interactions[:, column]) for column in range(interactions.shape[1])]
    best_coverage = np.full(len(shares), shares[:, SHARES.index("passage_coverage")].max())
    return np.column_stack([passages.repeat([len(one.shares) for one in raw], axis=0), *own, shares, best_coverage])


def standardise(values: np.ndarray) -> np.ndarray:
    """z-scores; zeros if all values are equal."""
    deviation = values.std() if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)
