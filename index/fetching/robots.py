"""What a site's robots.txt allows us (RFC 9309), remembered for each site."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from index.fetching import texts_de as texts
from index.fetching.outcomes import Failed, Fetched, Gone, Outcome
from index.fetching.rules import ROBOTS_NAME
from index.fetching.targets import Target

FRESH_S = 86_400.0  # RFC 9309, 2.4: not to be used for longer than a day
ASK_AGAIN_S = 600.0  # where the server has trouble: soon enough to miss little, late enough not to press it
RECONNECT_S = 60.0  # where no connection came about: that may be our own cable
MOST_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB are to be read
MOST_SITES = 1_000  # a feed may link to anywhere; what was not used for longest is forgotten


@dataclass(frozen=True, slots=True)
class Robots:
    """What is allowed on a site; ``parsed`` is protego's, None where everything is allowed."""

    parsed: Any = None

    def allows(self, url: str) -> bool:
        """Whether we may visit ``url``."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, ROBOTS_NAME))

    def crawl_delay_s(self) -> float:
        """Seconds between two requests that the site asks for; 0 if it asks for none."""
        return 0.0 if self.parsed is None else float(self.parsed.crawl_delay(ROBOTS_NAME) or 0.0)


@dataclass(slots=True)
class _Entry:
    """What is known of a site; ``lock`` lets only one thread ask."""

    lock: threading.Lock
    expires_at: float = float("-inf")
    verdict: Robots | Failed | None = None


class RobotsCache:
    """Rules of all sites met; ``fetch`` gets a robots.txt, ``monotonic`` tells the time."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[str, bool], _Entry] = OrderedDict()

    def of(self, target: Target, private: bool, fetch: Callable[[str], Outcome]) -> Robots | Failed:
        """The rules for ``target``, or why nothing may be fetched there now. ``private``: whether the own network may be visited."""
        entry = self._entry((target.site, private))
        with entry.lock:
            now = self._monotonic()
            if entry.verdict is None or now >= entry.expires_at:
                found = read_robots(fetch(f"{target.site}/robots.txt"), target.host)
                stale = isinstance(found, Failed) and isinstance(entry.verdict, Robots)
                entry.verdict = entry.verdict if stale else found
                entry.expires_at = self._monotonic() + _lifetime_s(found)
            verdict = entry.verdict
            return verdict if isinstance(verdict, Robots) else _with_rest(verdict, entry.expires_at - now)

    def _entry(self, key: tuple[str, bool]) -> _Entry:
        with self._lock:
            entry = self._entries.setdefault(key, _Entry(threading.Lock()))
            self._entries.move_to_end(key)
            while len(self._entries) > MOST_SITES:
                self._entries.popitem(last=False)
            return entry


def read_robots(outcome: Outcome, host: str) -> Robots | Failed:
    """What the answer to ``/robots.txt`` means: 4xx (but 429) allows everything, trouble of the server forbids everything (RFC 9309, 2.3.1)."""
    if isinstance(outcome, Fetched):
        from protego import Protego

        return Robots(Protego.parse(outcome.data[:MOST_BYTES].decode("utf-8-sig", "replace")))
    if isinstance(outcome, Failed) and not _is_client_error(outcome.status):
        reason = outcome.reason if outcome.status is None else texts.ROBOTS_UNREACHABLE.format(host=host, reason=outcome.reason)
        return Failed(outcome.url, reason, outcome.retry_after_s, outcome.status, concerns_server=True)
    assert isinstance(outcome, Gone | Failed), "a robots.txt is always asked for as a whole"
    return Robots()


def _is_client_error(status: int | None) -> bool:
    return status is not None and 400 <= status < 500 and status != 429


def _lifetime_s(found: Robots | Failed) -> float:
    if isinstance(found, Robots):
        return FRESH_S
    return found.retry_after_s or (RECONNECT_S if found.status is None else ASK_AGAIN_S)


def _with_rest(failed: Failed, rest_s: float) -> Failed:
    return replace(failed, retry_after_s=max(rest_s, 0.0))
