"""What visits act on, and what a visit comes to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from index.articles import Article
from index.fetching.outcomes import Fetched, Outcome, Validators
from index.ingest import IngestReport
from index.reading.inputs import ReadFailure
from index.sources.store import SourceStore
from index.storage.store import Store


class PageFetcher(Protocol):
    """The way to the web, such as ``index.fetching.fetcher.Fetcher``; several threads may use it."""

    def fetch(self, url: str, validators: Validators = Validators()) -> Outcome: ...


Ingest = Callable[[Iterable[Article | ReadFailure]], IngestReport]


@dataclass(frozen=True, slots=True)
class Ways:
    """``ingest`` stores articles and says what became of them; ``remove`` takes articles out by key and says how many there were;
    ``now``: seconds since 1970; ``today``: which dates are believable."""

    fetcher: PageFetcher
    states: SourceStore
    articles: Store
    ingest: Ingest
    remove: Callable[[Sequence[str]], int]
    now: Callable[[], float]
    today: Callable[[], date]


@dataclass(slots=True)
class Visit:
    """What a visit came to: the ingest's counts with all failures, addresses removed, and how many are still waiting.

    ``has_read``: something could be read, even if nothing had changed. ``served``: pages that came with the list and need not be
    fetched again, by address. ``is_stopped``: end as soon as what was fetched is stored.
    """

    report: IngestReport = field(default_factory=IngestReport)
    removed: int = 0
    waiting: int = 0
    has_read: bool = False
    served: dict[str, Fetched] = field(default_factory=dict)
    is_stopped: Callable[[], bool] = lambda: False

    def add(self, report: IngestReport) -> None:
        mine = self.report
        mine.added += report.added
        mine.changed += report.changed
        mine.unchanged += report.unchanged
        mine.duplicates += report.duplicates
        mine.passages += report.passages
        mine.failed += report.failed
        self.has_read = self.has_read or bool(report.read)

    def fail(self, name: str, error: str) -> None:
        self.report.failed.append(ReadFailure(name, error))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a source is read in one visit."""

    pages: int = 100  # then other sources get their turn
    seconds: float = 60.0
