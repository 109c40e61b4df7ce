"""What of a passage does not depend on the question: its windows of sentences, the keys of its words, marks of its form. Read once and kept,
since passages that many people ask about are ranked again and again."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from index.articles import Article, Span
from index.language.terms import TextKeys, text_keys
from index.retrieval.windows import MAX_QUOTE_CHARS, Windows, find_windows, points_back, window_means
from index.storage.records import StoredPassage

MARKS = (
    "headline",  # share of lines that end like no sentence
    "points_back",
    "length",
    "too_long",
    "depth",  # how far into the article
)
MAX_HEADLINE_CHARS = 60
DEPTH_CHARS, MAX_DEPTH = 1500, 1.5
# 20 kB each, nearly all of it keys.
KEPT_VIEWS = 1200


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage in rows: the head (the title, and the year of publication, which news of 2019 seldom name) and each sentence.

    ``sentences``: their texts; ``keys``: of each row; ``token_rows``: int64 (tokens,), the row of each token. Of each window of sentences:
    ``spans`` in the article, ``members``: int64 (windows, n), its rows, and ``marks``: float64 (windows, len(MARKS)).
    """

    article: Article
    stored: StoredPassage
    sentences: tuple[str, ...]
    keys: tuple[TextKeys, ...]
    token_rows: np.ndarray
    spans: tuple[Span, ...]
    members: np.ndarray
    marks: np.ndarray

    @property
    def rows(self) -> int:
        return len(self.keys)


def view_passage(article: Article, stored: StoredPassage) -> PassageView:
    """``article`` is the one that ``stored`` is a passage of; it must have a sentence."""
    spans = stored.passage.sentences
    sentences = tuple(span.cut(article.text) for span in spans)
    head = text_keys(f"{article.title} {article.published.year}" if article.published else article.title)
    rows = stored.token_sentences.astype(np.int64) + 1
    windows = find_windows(article.text, spans)
    return PassageView(
        article,
        stored,
        sentences,
        (head, *map(text_keys, sentences)),
        np.where(rows > len(spans), 0, rows),
        tuple(Span(spans[first].start, spans[last].end) for first, last in zip(windows.first.tolist(), windows.last.tolist(), strict=True)),
        windows.members() + 1,
        _read_marks(sentences, stored, windows),
    )


def _read_marks(sentences: tuple[str, ...], stored: StoredPassage, windows: Windows) -> np.ndarray:
    spans = stored.passage.sentences
    starts, ends = (np.array([getattr(span, name) for span in spans]) for name in ("start", "end"))
    length = (ends[windows.last] - starts[windows.first]) / MAX_QUOTE_CHARS
    columns = (
        window_means(np.array([_is_headline(one) for one in sentences]), windows.first, windows.last),
        np.array([points_back(one) for one in sentences], float)[windows.first],
        np.minimum(length, 1.0),
        np.clip(length - 1.0, 0.0, 1.0),
        np.minimum(starts[windows.first] / DEPTH_CHARS, MAX_DEPTH),
    )
    return np.column_stack(columns)


def _is_headline(text: str) -> float:
    """A short line that ends like no sentence."""
    return 1.0 if len(text) <= MAX_HEADLINE_CHARS and text.rstrip('“”"«»)')[-1:] not in ".!?:…" else 0.0


class KeptViews:
    """Views of the passages that were asked for last. For one thread."""

    def __init__(self, kept: int = KEPT_VIEWS) -> None:
        self._kept = kept
        self._views: OrderedDict[int, PassageView] = OrderedDict()

    def view(self, article: Article, stored: StoredPassage) -> PassageView:
        """As ``view_passage``; anew where the passage or its article was read anew from the store."""
        found = self._views.get(stored.id)
        if found is None or found.stored is not stored or found.article is not article:
            found = view_passage(article, stored)
            self._views[stored.id] = found
            while len(self._views) > self._kept:
                self._views.popitem(last=False)
        self._views.move_to_end(stored.id)
        return found
