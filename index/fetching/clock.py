"""Time as the fetcher needs it, so that tests can own it."""

import threading
import time
from datetime import UTC, datetime


class Clock:
    """The real one. ``stop`` ends all waiting at once, now and later."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def now(self) -> datetime:
        """The wall clock, aware."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> bool:
        """Wait; False if the clock was stopped."""
        return not self._stopped.wait(max(seconds, 0.0))

    def stop(self) -> None:
        """End all waiting."""
        self._stopped.set()
