"""Sources of one process: which there are, what is remembered of them, and how they are read.

Assembled from the settings; ``index.sources`` does the work. A source that is named once on the command line keeps what is remembered of
it under a key of its own, so that naming it again downloads only what has changed.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from bot import source_texts_de as texts
from bot.secrets_log import configure_logging
from bot.settings import Settings
from index.addresses import canonical_address
from index.errors import InputError
from index.fetching.fetcher import Fetcher, FetchRules
from index.sources.definitions import find_source, free_key, make_source_key, merge_sources, shipped_sources
from index.sources.nouns import Place, Source, SourceCounts, SourceState
from index.sources.runner import WATCH_NOTHING, Runner, Watch
from index.sources.store import SourceStore
from index.sources.ways import Ingest, Visit, Ways
from index.storage.store import Store

LOCK_FILE = "reading.lock"
SIGNAL_S = 0.2  # how soon a signal is seen
ONCE = "once:"  # how keys of sources begin that were named on the command line only

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with all that ``amtsfunk sources`` shows of it."""

    source: Source
    state: SourceState
    counts: SourceCounts


class SourceDesk:
    """Everything that one process does with sources; each part is made on first use."""

    def __init__(
        self, settings: Settings, store: Store, ingest: Ingest, remove: Callable[[Sequence[str]], int], now: Callable[[], float]
    ) -> None:
        self._settings, self._store, self._ingest, self._remove, self._now = settings, store, ingest, remove, now

    @cached_property
    def states(self) -> SourceStore:
        return SourceStore(self._settings.database)

    @cached_property
    def fetcher(self) -> Fetcher:
        settings = self._settings
        return Fetcher(FetchRules(contact=settings.contact, pace_s=settings.pace_s, allow_private=settings.allow_private))

    @cached_property
    def ways(self) -> Ways:
        return Ways(self.fetcher, self.states, self._store, self._ingest, self._remove, self._now, self._settings.today)

    def close(self) -> None:
        if "states" in self.__dict__:
            self.states.close()
        if "fetcher" in self.__dict__:
            self.fetcher.close()

    # --- which there are -----------------------------------------------------------------------------------------------

    def sources(self) -> list[Source]:
        """All sources, shipped, named in the settings and added, each on or off."""
        return merge_sources(shipped_sources(), self._settings.sources, self.states.added(), self.states.switches())

    def find(self, name: str) -> Source:
        """A source by key, name or address. Raises InputError if there is none."""
        found = find_source(self.sources(), name)
        if found is None:
            raise InputError(texts.NO_SUCH_SOURCE.format(name=name))
        return found

    def lines(self) -> list[SourceLine]:
        """Every source with its state, those that are on first."""
        states, counts = self.states.states(), self.states.count(self._settings.today(), self._now())
        lines = [
            SourceLine(source, states.get(source.key, SourceState(source.key)), counts.get(source.key, SourceCounts()))
            for source in self.sources()
        ]
        return sorted(lines, key=lambda line: (not line.source.is_on, line.source.key))

    def free_key(self, name: str) -> str:
        """A key for a new source of this name."""
        return free_key(make_source_key(name), [source.key for source in self.sources()])

    def revive(self, source: Source) -> None:
        """Let a source be visited again at once, also one that had ended."""
        state = self.states.state(source.key)
        if state.has_ended or state.failures:
            self.states.save_state(replace(state, has_ended=False, failures=0, last_error="", next_visit=0.0, paused_until=0.0))

    # --- reading -------------------------------------------------------------------------------------------------------

    def once(self, address: str) -> Source:
        """The source that an address on the command line stands for: a known one, or one for this time only."""
        canonical = canonical_address(address)
        known = [source for source in self.sources() if canonical_address(source.address) == canonical and source.is_on]
        return known[0] if known else Source(ONCE + canonical, address, place=Place.ONCE)

    def read(self, sources: Sequence[Source], watch: Watch) -> Visit:
        """Visit sources now, to the end, alone; a source that breaks is named among the failures."""
        whole = Visit()
        for visit in self.runner(watch).read_now(sources):
            whole.add(visit.report)
            whole.removed += visit.removed
            whole.has_read = whole.has_read or visit.has_read
        return whole

    def runner(self, watch: Watch = WATCH_NOTHING) -> Runner:
        """Reads what is due until stopped."""
        self._settings.home.mkdir(parents=True, exist_ok=True)
        return Runner(self.ways, self.sources, self._settings.home / LOCK_FILE, watch)


class BackgroundReading:
    """A runner in a thread of its own; it ends with the ``with`` block: what is fetched is stored, waiting for servers is called off."""

    def __init__(self, desk: SourceDesk) -> None:
        self._desk = desk
        self._thread: threading.Thread | None = None
        self._runner: Runner | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._runner is not None and self._thread is not None:
            self._runner.stop()
            self._desk.fetcher.close()
            self._thread.join()

    def start(self) -> None:
        """Begin to read."""
        self._runner = self._desk.runner()
        self._thread = threading.Thread(target=self._runner.run, name="sources", daemon=True)
        self._thread.start()


def read_until_stopped(desk: SourceDesk) -> None:
    """Read sources until SIGTERM or Ctrl-C."""
    signals: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: signals.append(received))
    configure_logging("")
    names = [line.source.name or line.source.key for line in desk.lines() if line.source.is_on]
    log.info(texts.READING.format(names=", ".join(names)) if names else texts.NONE_ON)
    with BackgroundReading(desk) as reading:
        reading.start()
        while not signals:
            time.sleep(SIGNAL_S)
