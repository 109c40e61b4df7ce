"""How hard one server is asked: so many requests at a time, so long from one to the next, and none while it asks for a pause."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.errors import FetchError
from index.fetching import texts_de as texts
from index.fetching.clock import Clock


@dataclass(slots=True)
class _Gate:
    """The state of one server; times of ``Clock.monotonic``."""

    places: threading.Semaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    held_until: float = 0.0

    def reserve(self, now: float, pace_s: float) -> float:
        """Take the next free moment and return it."""
        with self.lock:
            moment = max(now, self.next_at)
            self.next_at = moment + pace_s
            return moment


class Gates:
    """One gate for each server (``host:port``), for all threads."""

    def __init__(self, per_host: int, clock: Clock) -> None:
        self._per_host = per_host
        self._clock = clock
        self._lock = threading.Lock()
        self._gates: dict[str, _Gate] = {}

    @contextmanager
    def enter(self, door: str, pace_s: float) -> Iterator[float]:
        """Wait for a place and the right moment. Gives 0, or for how many seconds the server must not be asked at all.

        Raises ``FetchError`` if everything is being closed.
        """
        gate = self._gate(door)
        with gate.places:
            held_s = self._held_s(gate)
            if not held_s:
                now = self._clock.monotonic()
                if not self._clock.wait(gate.reserve(now, pace_s) - now):
                    raise FetchError(texts.CLOSING.format(host=door))
            yield held_s or self._held_s(gate)

    def hold(self, door: str, seconds: float) -> None:
        """Let nobody in for so long."""
        gate = self._gate(door)
        with gate.lock:
            gate.held_until = max(gate.held_until, self._clock.monotonic() + seconds)

    def _held_s(self, gate: _Gate) -> float:
        return max(gate.held_until - self._clock.monotonic(), 0.0)

    def _gate(self, door: str) -> _Gate:
        with self._lock:
            return self._gates.setdefault(door, _Gate(threading.Semaphore(self._per_host)))
