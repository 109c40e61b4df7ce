"""A rule against the stored articles: what it would have found.

    articles since a day, newest first | kept keys | screen: yes, perhaps, no | what may match: its text | why
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np

from index.alerting.analysis import analyse_article
from index.alerting.matching import Explanation, explain
from index.alerting.rule_tree import Rule
from index.alerting.screening import MAYBE, YES, Screen, kept_keys
from index.alerting.themes import Nearness, NearPassage, Theme, ThemeSet
from index.articles import StoredArticle
from index.storage.records import StoredPassage
from index.storage.store import Store

WINDOWS_DAYS = (7, 30, 365)
CHUNK = 5000  # articles screened at a time: 10 MB of keys
READ = 50  # articles read at a time
MAX_CHECKED = 150  # articles that only perhaps match and are read for a count: less than half a second


class KeptKeys(Protocol):
    """Where the digests of articles' keys are."""

    def article_keys(self, rows: Iterable[int]) -> dict[int, np.ndarray]:
        """Those of the present versions of the articles in these rows, as far as they are kept."""
        ...

    def keep_article_keys(self, keys: Mapping[int, np.ndarray]) -> None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A stored article that a rule matches, and why."""

    stored: StoredArticle
    explanation: Explanation

    @property
    def sentence(self) -> str:
        """The sentence that says most of the rule, verbatim; the title where only that matches."""
        article = self.stored.article
        return self.explanation.sentence.cut(article.text) if self.explanation.sentence else article.title


@dataclass(frozen=True, slots=True)
class Counts:
    """Hits by window of days; ``is_estimated``: so many articles may match that only the newest of them were read."""

    by_window: dict[int, int]
    is_estimated: bool


class Archive:
    """The stored articles as rules see them."""

    def __init__(self, store: Store, kept: KeptKeys) -> None:
        self._store, self._kept = store, kept

    def search(self, rule: Rule, themes: Sequence[Theme] = (), since: date | None = None) -> Iterator[Found]:
        """Articles that the rule matches, newest first; from ``since`` on, or all, undated ones last. ``themes``: those of the rule."""
        for rows, judged in self._screened(rule, themes, [row for row, _day in self._store.dated_rows(since)]):
            may = [row for row, verdict in zip(rows, judged, strict=True) if verdict]
            for start in range(0, len(may), READ):
                yield from self._explained(rule, themes, may[start : start + READ])

    def count(self, rule: Rule, themes: Sequence[Theme], today: date) -> Counts:
        """How many articles match in the last 7, 30 and 365 days, today included."""
        dated = dict(self._store.dated_rows(today - timedelta(days=max(WINDOWS_DAYS) - 1)))
        sure, perhaps = [], []
        for rows, judged in self._screened(rule, themes, list(dated)):
            sure += [row for row, verdict in zip(rows, judged, strict=True) if verdict == YES]
            perhaps += [row for row, verdict in zip(rows, judged, strict=True) if verdict == MAYBE]
        checked = perhaps[:MAX_CHECKED]
        right = [found.stored.row for start in range(0, len(checked), READ) for found in self._explained(rule, themes, checked[start : start + READ])]
        share = len(right) / max(1, len(checked))
        exact, rest = ([dated[row] for row in rows] for rows in ([*sure, *right], perhaps[MAX_CHECKED:]))
        windows = count_windows(exact, today)
        return Counts({days: windows[days] + round(share * count) for days, count in count_windows(rest, today).items()}, bool(rest))

    def _screened(self, rule: Rule, themes: Sequence[Theme], rows: list[int]) -> Iterator[tuple[list[int], np.ndarray]]:
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            keys = self._keys_of(chunk)
            chunk = [row for row in chunk if row in keys]
            yield chunk, Screen([keys[row] for row in chunk], self._near(themes, chunk)).judge(rule)

    def _keys_of(self, rows: list[int]) -> dict[int, np.ndarray]:
        """Kept keys; articles without are analysed, and their keys are kept for the next time."""
        keys = self._kept.article_keys(rows)
        missing = [row for row in rows if row not in keys]
        for start in range(0, len(missing), READ):
            read = self._store.articles(missing[start : start + READ])
            made = {row: kept_keys(analyse_article(stored.article)) for row, stored in read.items()}
            self._kept.keep_article_keys(made)
            keys |= made
        return keys

    def _near(self, themes: Sequence[Theme], rows: list[int]) -> dict[str, np.ndarray]:
        if not themes:
            return {}
        owners, vectors = self._store.vectors_of_articles(rows)
        return {theme.key: np.isin(rows, owners[theme.nearness(vectors) >= theme.threshold]) if len(owners) else np.zeros(len(rows), bool)
                for theme in themes}  # fmt: skip

    def _explained(self, rule: Rule, themes: Sequence[Theme], rows: list[int]) -> Iterator[Found]:
        articles = self._store.articles(rows)
        for stored in (articles[row] for row in rows if row in articles):
            near = article_nearness(self._store, stored.row, themes)
            if (explanation := explain(rule, analyse_article(stored.article, near))) is not None:
                yield Found(stored, explanation)


def article_nearness(store: Store, row: int, themes: Sequence[Theme]) -> dict[str, Nearness]:
    """Which of the themes the article in a row belongs to."""
    return ThemeSet(themes).find_near(near_passages(store.passages_with_vectors(row))) if themes else {}


def near_passages(stored: Iterable[tuple[StoredPassage, np.ndarray]]) -> list[NearPassage]:
    """Stored passages with their vectors as themes see them."""
    return [NearPassage(p.passage.sentences, vector, p.tokens, p.token_sentences) for p, vector in stored]


def count_windows(days: Iterable[date | None], today: date) -> dict[int, int]:
    """How many of the publication days lie in the last 7, 30 and 365 days, today included."""
    known = [day for day in days if day is not None]
    return {span: sum(today - timedelta(days=span) < day <= today for day in known) for span in WINDOWS_DAYS}
