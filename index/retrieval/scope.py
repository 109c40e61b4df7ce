"""What of the store a question is put to: everything, articles of a time, or certain articles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from index.retrieval.time_scope import Period, TimeUse
from index.storage.store import Store


@dataclass(frozen=True, slots=True)
class Scope:
    """``articles``: rows to answer from, empty for all; ``any_time``: a time in the question does not matter; ``period``: the one that does."""

    articles: tuple[int, ...] = ()
    any_time: bool = False
    period: Period | None = None


EVERYTHING = Scope()


def passages_within(store: Store, until: date | None, period: Period | None) -> np.ndarray | None:
    """Numbers of the passages that may be searched, int64 ascending; None for all."""
    since = None
    if period is not None and period.use is TimeUse.FILTERED:
        since = period.first
        until = min((day for day in (until, period.last) if day), default=None)
    return store.passage_ids(until, since) if since or until else None


def article_passages(store: Store, rows: Iterable[int]) -> np.ndarray:
    """Numbers of the passages of these articles, int64 ascending."""
    return np.array(store.passage_ids_of_articles(rows), np.int64)
