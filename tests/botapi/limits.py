"""Rate limits: so many messages a second overall, a pace for each private chat and a quota a minute for each group."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .errors import too_many_requests


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """The figures of the limits; ``private_burst`` messages may come at once before the pace of a private chat binds."""

    enabled: bool = True
    overall_per_second: int = 30
    private_per_second: float = 1.0
    private_burst: int = 5
    group_per_minute: int = 20


class Window:
    """At most ``count`` messages within any ``seconds``."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until the next message may pass."""
        while self._times and self._times[0] + self._seconds <= now:
            self._times.popleft()
        return self._times[0] + self._seconds - now if len(self._times) >= self._count else 0.0

    def take(self, now: float) -> None:
        """Count a message."""
        self._times.append(now)


class Bucket:
    """A burst that refills at a steady rate."""

    def __init__(self, burst: int, rate: float, now: float) -> None:
        self._burst, self._rate, self._tokens, self._at = burst, rate, float(burst), now

    def wait(self, now: float) -> float:
        """Seconds until the next message may pass."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (1 - self._tokens) / self._rate)

    def take(self, now: float) -> None:
        """Count a message."""
        self._tokens -= 1


class Limits:
    """The limits of one bot."""

    def __init__(self, settings: LimitSettings = LimitSettings(), clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.configure(settings)

    def configure(self, settings: LimitSettings) -> None:
        """Take new figures and forget what was counted."""
        self.settings = settings
        self._overall = Window(settings.overall_per_second, 1.0)
        self._chats: dict[int, Window | Bucket] = {}

    def charge(self, chat_id: int) -> None:
        """Count one message to a chat, or refuse it; a refused message costs nothing."""
        if not self.settings.enabled:
            return
        now = self._clock()
        meters = (self._overall, self._chats.setdefault(chat_id, self._meter(chat_id, now)))
        seconds = max(meter.wait(now) for meter in meters)
        if seconds > 0:
            raise too_many_requests(max(1, math.ceil(seconds)))
        for meter in meters:
            meter.take(now)

    def _meter(self, chat_id: int, now: float) -> Window | Bucket:
        if chat_id < 0:
            return Window(self.settings.group_per_minute, 60.0)
        return Bucket(self.settings.private_burst, self.settings.private_per_second, now)
