"""What an answer means: pure functions from a reply to an outcome or to the next address."""

from dataclasses import dataclass, replace
from datetime import datetime

from index.errors import FetchError
from index.fetching import texts_de as texts
from index.fetching.outcomes import Failed, Fetched, Gone, NotModified, Outcome, Validators
from index.fetching.retrying import read_retry_after
from index.fetching.targets import Target, shown, without_credentials

PERMANENT = frozenset({301, 308})
TEMPORARY = frozenset({302, 303, 307})
WITH_BODY = frozenset({200, 203})
GONE = frozenset({404, 410})
REFUSED = frozenset({401, 402, 403, 407, 451})


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. ``headers`` have names in lower case; ``data`` is the unpacked body of a page, "" for all else.

    ``is_public`` says whether the server's IP address is one of the public internet.
    """

    status: int
    headers: dict[str, str]
    data: bytes = b""
    is_public: bool = True

    def header(self, name: str) -> str:
        """A header, "" if it is missing."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Redirect:
    """A visit that goes on elsewhere."""

    to: str
    is_permanent: bool
    from_public: bool


@dataclass(frozen=True, slots=True)
class Trail:
    """The way from the address asked for to where the visit stands.

    ``private`` says whether the next step may lead into the own network. ``moved_to`` follows permanent redirects as long as ``all_permanent``.
    """

    asked: str
    at: str
    private: bool
    passed: tuple[str, ...] = ()
    moved_to: str = ""
    all_permanent: bool = True

    @classmethod
    def begin(cls, url: str, allow_private: bool) -> "Trail":
        """Where a visit of ``url`` starts."""
        return cls(without_credentials(url), url, allow_private)

    def after(self, step: Redirect, most: int) -> "Trail":
        """The trail one redirect further; raises ``FetchError`` for loops and endless chains.

        A page of the public internet never leads into the own network, not even where the operator allows that.
        """
        passed = (*self.passed, self.at)
        if step.to in passed:
            raise FetchError(texts.LOOP)
        if len(passed) > most:
            raise FetchError(texts.TOO_MANY_HOPS.format(most=most))
        permanent = self.all_permanent and step.is_permanent
        moved_to = step.to if permanent else self.moved_to
        return replace(
            self, at=step.to, private=self.private and not step.from_public, passed=passed, moved_to=moved_to, all_permanent=permanent
        )

    def failed(self, reason: str, retry_after_s: float | None = None, status: int | None = None, concerns_server: bool = False) -> Failed:
        """A failure where the visit stands, told with the way there."""
        if self.passed:
            reason = texts.HOP.format(where=shown(self.at), reason=reason)
        return Failed(self.asked, reason, retry_after_s, status, concerns_server)


def judge(reply: Reply, target: Target, trail: Trail, asked_with: Validators, now: datetime) -> Outcome | Redirect:
    """What ``reply`` to a visit of ``target`` means."""
    status = reply.status
    if status in WITH_BODY:
        return Fetched(target.url, reply.data, reply.header("content-type"), _validators(reply), trail.moved_to)
    if status == 304 and asked_with != Validators():
        return NotModified(target.url, _merge(_validators(reply), asked_with), trail.moved_to)
    if status in PERMANENT | TEMPORARY:
        return _redirect(reply, target)
    if status in GONE:
        return Gone(trail.asked, status)
    retry_after_s = read_retry_after(reply.header("retry-after"), now) if status in {429, 503} else None
    return trail.failed(_reason(status).format(host=target.host, status=status), retry_after_s, status, status == 429 or status >= 500)


def _redirect(reply: Reply, target: Target) -> Redirect:
    import httpx

    location = reply.header("location").strip()
    if not location:
        raise FetchError(texts.NO_LOCATION.format(status=reply.status))
    try:
        to = str(httpx.URL(target.url).join(location).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(texts.HOP.format(where=shown(location), reason=texts.NOT_AN_ADDRESS)) from error
    return Redirect(to, reply.status in PERMANENT, reply.is_public)


def _reason(status: int) -> str:
    if status == 304:
        return texts.NOT_ASKED
    if status in REFUSED:
        return texts.REFUSED
    if status in {429, 503}:
        return texts.TOO_MANY_REQUESTS if status == 429 else texts.UNAVAILABLE
    return texts.SERVER_ERROR if 500 <= status < 600 else texts.ODD_STATUS


def _validators(reply: Reply) -> Validators:
    return Validators(reply.header("etag"), reply.header("last-modified"))


def _merge(new: Validators, old: Validators) -> Validators:
    """A 304 need not repeat what it confirms."""
    return Validators(new.etag or old.etag, new.last_modified or old.last_modified)
