"""What a visit to an address ends in. Whatever a server does becomes one of these values; nothing is raised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a page's state (``ETag``, ``Last-Modified``), handed back on the next visit; "" where it said nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page's body.

    ``url`` is the final address after redirects. ``moved_to`` is where permanent redirects (301, 308) at the beginning of the
    chain lead, and "" if there were none: the address to ask for from now on. ``data`` is decompressed, also where the file itself is
    packed (``sitemap.xml.gz``). ``content_type`` is the header as served, "" if there was none.
    """

    url: str
    data: bytes
    content_type: str
    validators: Validators
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page is as it was when the given validators were made; ``validators`` are to be kept for the next visit."""

    url: str
    validators: Validators
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The page is not there: 404, or 410 for ever."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The page could not be had this time, or must not be asked for.

    ``reason`` is one German sentence for the operator, without queries or credentials of the address. ``retry_after_s`` is how long
    the server (or its robots.txt being out of reach) asks us to stay away. ``status`` is the HTTP status where there was one.
    ``concerns_server``: all pages of the server would fare like this one, as it is out of reach, in trouble or wants to be left alone.
    """

    url: str
    reason: str
    retry_after_s: float | None = None
    status: int | None = None
    concerns_server: bool = False


Outcome = Fetched | NotModified | Gone | Failed
