"""What crosses the borders of this package: sources, what they list, and what is remembered of both. Times are seconds since 1970."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.fetching.outcomes import Validators

UNKNOWN = Validators()


class Kind(StrEnum):
    """What lies at a source's address."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"  # the article itself
    OVERVIEW = "overview"  # a page that links to articles
    FOLDER = "folder"  # files on this machine


class Place(StrEnum):
    """Who named a source."""

    SHIPPED = "shipped"  # data/sources.toml, off until switched on
    SETTINGS = "settings"  # amtsfunk.toml
    ADDED = "added"  # amtsfunk sources add
    ONCE = "once"  # amtsfunk ingest ADDRESS


@dataclass(frozen=True, slots=True)
class Source:
    """``kind`` None: found out on the first visit. ``pattern``: which links of an overview or sitemap are articles (``*`` stands for
    anything). ``interval_s`` 0: as often as it publishes. ``is_confirmed``: the address was seen to work when the list was made."""

    key: str
    address: str
    kind: Kind | None = None
    name: str = ""
    site: str = ""
    language: str = ""
    pattern: str = ""
    terms: str = ""
    interval_s: float = 0.0
    is_on: bool = True
    is_confirmed: bool = True
    place: Place = Place.ADDED


@dataclass(frozen=True, slots=True)
class Listed:
    """One article as a source lists it. ``address`` is canonical and names it; ``url`` is fetched, "" if there is only what the list says."""

    address: str
    url: str
    title: str = ""
    text: str = ""
    published: date | None = None
    tags: tuple[str, ...] = ()
    has_full_text: bool = False
    mark: str = ""  # the list's own sign of a change, such as a sitemap's lastmod


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source lists, newest first where it says so. ``parts``: further lists (sitemaps of an index); ``note``: what was left out."""

    title: str = ""
    items: tuple[Listed, ...] = ()
    parts: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between visits. ``interval_s``: how long after a visit the next one is; ``moved_to``: its new
    address after a permanent redirect; ``has_ended``: the server said 410; ``paused_until``: its pages are left alone so long."""

    key: str
    kind: Kind | None = None
    title: str = ""
    validators: Validators = UNKNOWN
    moved_to: str = ""
    last_try: float = 0.0
    last_success: float = 0.0
    last_error: str = ""
    failures: int = 0
    interval_s: float = 0.0
    next_visit: float = 0.0
    has_ended: bool = False
    paused_until: float = 0.0


@dataclass(frozen=True, slots=True)
class AddressState:
    """What is remembered of an article's address.

    ``listed`` is what the source says of it, ``digest`` tells whether it says something new (``is_new``: not read yet).
    ``article_key``: the stored article, "" if there is none; ``is_full``: with its full text; ``published``: its day. ``next_check``
    None: never again. ``gone_since``: when 404 or 410 was first seen.
    """

    source_key: str
    listed: Listed
    digest: str = ""
    is_new: bool = True
    validators: Validators = UNKNOWN
    article_key: str = ""
    is_full: bool = False
    first_seen: float = 0.0
    seen_at: float = 0.0
    next_check: float | None = 0.0
    tries: int = 0
    gone_since: float | None = None
    published: date | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """Articles of a source: all, and those of the last seven days; addresses waiting to be read."""

    articles: int = 0
    recent: int = 0
    waiting: int = 0
