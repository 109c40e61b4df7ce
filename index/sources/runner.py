"""Reads sources as they become due, until stopped.

    every few seconds: sources due? ── lock ── a thread for each source (a few at a time) ── one thread stores ── unlock

One process reads at a time (a lock file that the system frees when a process dies), others wait for its pass to end. A source that
breaks costs only itself. What cannot be stored (no space, database in use) is tried again until it can, or until the end.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles import Article
from index.errors import AmtsfunkError, StoreError
from index.fetching.retrying import backoff_s
from index.ingest import IngestReport
from index.reading.inputs import ReadFailure
from index.sources.nouns import Source, SourceState
from index.sources.pages import clean_reason
from index.sources.visiting import SourceVisitor
from index.sources.ways import Limits, Visit, Ways

IDLE_S = 5.0  # how soon a source that was switched on, or has become due, is seen
THREADS = 4  # sources at a time: they wait for the network, not for the processor
WAIT_S = 1.0  # how soon the end of another process's pass is seen
ALL_PAGES = 1_000_000
STORE_AGAIN_S = 30.0  # a full disk or a locked database is not freed in a second

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """What is told while sources are read: that another process reads first; how many pages of a source are done, how many wait."""

    on_wait: Callable[[], None] = lambda: None
    on_progress: Callable[[Source, int, int], None] = lambda _source, _done, _waiting: None


WATCH_NOTHING = Watch()


def is_due(source: Source, state: SourceState | None, with_due_pages: Iterable[str], now: float) -> bool:
    """Whether a source is to be visited: for its list, or for addresses of it."""
    if not source.is_on or (state is not None and state.has_ended):
        return False
    if state is None or now >= state.next_visit:
        return True
    return source.key in with_due_pages and now >= state.paused_until


class Runner:
    """Keeps all sources read."""

    def __init__(self, ways: Ways, sources: Callable[[], Sequence[Source]], lock: Path, watch: Watch = WATCH_NOTHING) -> None:
        """``sources``: those there are, asked anew for each pass; ``lock``: the file that makes one process the reader."""
        from filelock import FileLock

        self._ways = replace(ways, ingest=self._ingest_in_turn, remove=lambda keys: self._storing.submit(ways.remove, keys).result())
        self._store = ways.ingest
        self._sources = sources
        self._lock = FileLock(lock, thread_local=False)
        self._watch = watch
        self._storing = ThreadPoolExecutor(1, thread_name_prefix="ingest")
        self._stopped = threading.Event()

    def run(self) -> None:
        """Until ``stop``; a fault of the database is logged and tried again."""
        while not self._stopped.is_set():
            try:
                self.pass_once()
            except AmtsfunkError as error:
                log.error("Quellen: %s", error)
            except Exception:
                log.exception("Ein Durchgang durch die Quellen ist gescheitert; der nächste folgt.")
            self._stopped.wait(IDLE_S)
        self._storing.shutdown()

    def stop(self) -> None:
        """End soon: what is fetched is stored, nothing more is fetched."""
        self._stopped.set()

    def pass_once(self) -> list[Visit]:
        """Visit what is due now; each source for a while only, so that all get their turn."""
        if not self.due_sources():
            return []
        with reader_lock(self._lock, self._stopped, self._watch.on_wait) as is_mine:
            return self._visit_all(self.due_sources() if is_mine else [], Limits(), is_forced=False)

    def read_now(self, sources: Sequence[Source]) -> list[Visit]:
        """Visit these sources, due or not, to the end; one visit for each, in their order."""
        with reader_lock(self._lock, self._stopped, self._watch.on_wait) as is_mine:
            return self._visit_all(sources if is_mine else [], Limits(ALL_PAGES, float("inf")), is_forced=True)

    def due_sources(self) -> list[Source]:
        """Sources to be visited, longest due first."""
        now, states = self._ways.now(), self._ways.states.states()
        with_due_pages = self._ways.states.sources_with_due_addresses(now)
        due = [source for source in self._sources() if is_due(source, states.get(source.key), with_due_pages, now)]
        return sorted(due, key=lambda source: states[source.key].last_try if source.key in states else 0.0)

    def _visit_all(self, sources: Sequence[Source], limits: Limits, is_forced: bool) -> list[Visit]:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="source") as pool:
            return list(pool.map(lambda source: self._visit(source, limits, is_forced), sources))

    def _visit(self, source: Source, limits: Limits, is_forced: bool) -> Visit:
        """A visit that never raises; what went wrong is among its failures, in the log, and in the source's state."""
        visit = Visit()
        if self._stopped.is_set():
            return visit
        try:
            visitor = SourceVisitor(self._ways, lambda done, waiting: self._watch.on_progress(source, done, waiting))
            visit = visitor.visit(source, limits, is_forced, self._stopped.is_set)
            log_visit(source, visit)
        except AmtsfunkError as error:
            log.error("%s: %s", source.key, error)
            self._note_fault(source, visit, str(error))
        except Exception as error:
            log.exception("%s: unerwarteter Fehler", source.key)
            self._note_fault(source, visit, f"Unerwarteter Fehler ({type(error).__name__}: {error}); Einzelheiten stehen im Protokoll.")
        return visit

    def _note_fault(self, source: Source, visit: Visit, reason: str) -> None:
        """A fault of ours: the source waits as if it had failed, so that it cannot keep all others from their turn."""
        visit.fail(source.address, reason)
        states, now = self._ways.states, self._ways.now()
        try:
            state = states.state(source.key)
            until = now + backoff_s(state.failures + 1, 0.5)
            states.save_state(
                replace(state, last_error=clean_reason(reason), failures=state.failures + 1, next_visit=until, paused_until=until)
            )
        except StoreError as error:
            log.error("%s: %s", source.key, error)

    def _ingest_in_turn(self, articles: Iterable[Article | ReadFailure]) -> IngestReport:
        """Store in the one thread that does; what the database cannot take now is tried again."""
        items = articles if isinstance(articles, Sequence) else None
        while True:
            try:
                return self._storing.submit(self._store, articles).result()
            except StoreError as error:
                if items is None or self._stopped.wait(STORE_AGAIN_S):
                    raise
                log.error("Es lässt sich gerade nichts speichern (%s); es wird weiter versucht.", error)


@contextmanager
def reader_lock(lock, stopped: threading.Event, on_wait: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Hold the lock inside the block; False if ``stopped`` came first. ``on_wait`` is called once if another process has it."""
    from filelock import Timeout

    has_waited = False
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            if not has_waited:
                on_wait()
            has_waited = True
            if stopped.wait(WAIT_S):
                yield False
                return
    try:
        yield True
    finally:
        lock.release()


def log_visit(source: Source, visit: Visit) -> None:
    """One line for the operator if anything happened."""
    report = visit.report
    if report.added or report.changed or visit.removed or report.failed:
        log.info(
            "%s: %d neu, %d geändert, %d entfernt, %d nicht gelesen, %d warten.",
            *(source.name or source.key, report.added, report.changed, visit.removed, len(report.failed), visit.waiting),
        )
