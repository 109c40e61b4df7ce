"""The one way out to the web.

    address ── readable, http(s), no credentials ── robots.txt of its site ── gate of its server (pace, places, pauses)
            ── connection to a checked IP ── reply within limits of time and size ── judged: outcome, or redirect and once more from the left
"""

import threading
from typing import TYPE_CHECKING

from index.errors import FetchError, ServerError
from index.fetching import texts_de as texts
from index.fetching.clock import Clock
from index.fetching.gates import Gates
from index.fetching.judging import Redirect, Trail, judge
from index.fetching.outcomes import Failed, Outcome, Validators
from index.fetching.robots import RobotsCache
from index.fetching.rules import FetchRules
from index.fetching.targets import Target, read_target

if TYPE_CHECKING:
    from index.fetching.network import Network
    from index.fetching.visiting import WebVisitor

__all__ = ["FetchRules", "Fetcher"]


class Fetcher:
    """Fetches addresses; several threads may share one. Pace and number of requests per host are kept inside, so ``fetch`` may wait.

    Cheap to construct: the HTTP library is imported with the first visit. ``network`` and ``clock`` are seams for tests.
    """

    def __init__(self, rules: FetchRules = FetchRules(), network: "Network | None" = None, clock: Clock | None = None) -> None:
        self._rules = rules
        self._network = network
        self._clock = clock or Clock()
        self._gates = Gates(rules.per_host, self._clock)
        self._robots = RobotsCache(self._clock.monotonic)
        self._visitor: WebVisitor | None = None
        self._lock = threading.Lock()

    def fetch(self, url: str, validators: Validators = Validators()) -> Outcome:
        """Visit ``url``; with ``validators`` of the last visit the answer may be ``NotModified``. Never raises for what a server does."""
        return self._follow(Trail.begin(url, self._rules.allow_private), validators, obey_robots=True)

    def close(self) -> None:
        """Close connections; waiting threads get ``Failed``."""
        self._clock.stop()
        with self._lock:
            if self._visitor:
                self._visitor.close()

    def _follow(self, trail: Trail, validators: Validators, obey_robots: bool) -> Outcome:
        try:
            while isinstance(step := self._step(trail, validators, obey_robots), Redirect):
                trail = trail.after(step, self._rules.max_redirects)
            return step
        except FetchError as error:
            return trail.failed(str(error), concerns_server=isinstance(error, ServerError))

    def _step(self, trail: Trail, validators: Validators, obey_robots: bool) -> Outcome | Redirect:
        target = read_target(trail.at)
        if not obey_robots:
            return self._ask(target, trail, validators, self._rules.pace_s)
        robots = self._robots.of(target, trail.private, lambda url: self._fetch_robots(url, trail.private))
        if isinstance(robots, Failed):
            return trail.failed(robots.reason, robots.retry_after_s, concerns_server=True)
        if not robots.allows(target.url):
            raise FetchError(texts.FORBIDDEN_BY_ROBOTS.format(host=target.host, path=target.path))
        delay_s = min(robots.crawl_delay_s(), self._rules.max_crawl_delay_s)
        return self._ask(target, trail, validators, max(delay_s, self._rules.pace_s))

    def _fetch_robots(self, url: str, private: bool) -> Outcome:
        """RFC 9309, 2.3.1.2: redirects are followed, also to other hosts, without asking those for their robots.txt."""
        return self._follow(Trail.begin(url, private), Validators(), obey_robots=False)

    def _ask(self, target: Target, trail: Trail, validators: Validators, pace_s: float) -> Outcome | Redirect:
        with self._gates.enter(target.door, pace_s) as held_s:
            if held_s:
                return trail.failed(texts.HELD.format(host=target.host, seconds=round(held_s)), held_s, concerns_server=True)
            reply = self._open_visitor().visit(target, validators, trail.private)
        step = judge(reply, target, trail, validators, self._clock.now())
        if isinstance(step, Failed) and step.retry_after_s:
            self._gates.hold(target.door, step.retry_after_s)
        return step

    def _open_visitor(self) -> "WebVisitor":
        with self._lock:
            if self._visitor is None:
                from index.fetching.visiting import WebVisitor

                self._visitor = WebVisitor(self._rules, self._network)
            return self._visitor
