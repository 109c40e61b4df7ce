"""What a source's page lists: feed, sitemap or overview → articles by address. No network here.

bytes | reader of the kind | link leads to an article? | one item per canonical address | Listing
"""

import fnmatch
import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import unquote, urlsplit

from index.addresses import canonical_address, host_of
from index.fetching.outcomes import Fetched
from index.reading.feed import FeedEntry, parse_feed
from index.reading.page import find_links
from index.reading.sitemap import SitemapPage, parse_sitemap
from index.sources.nouns import Kind, Listed, Listing, Source

MAX_ITEMS = 2000  # of one list: no newsroom's front page or feed holds more; archives come by their sitemaps
MAX_SITEMAP_ITEMS = 50_000  # what the protocol allows
MAX_LINKS = 300  # of an overview page
MAX_PARTS = 50  # sitemaps of an index; the first ones, for archives of many years are large

HEADLINE_CHARS = 20  # shorter link texts are „Mehr“, „Impressum“, „Themen A–Z“
_SLUG = re.compile(r"[a-zäöüß0-9]+(?:[-_][a-zäöüß0-9]+){2,}|.*\d{4,}.*", re.IGNORECASE)  # a headline in the address, or a number
_NUMBERED = re.compile(r"(?:^|&)(?:p|id|nid|article|artikel)\w*=\d{2,}")
_NO_ARTICLES = re.compile(
    r"/(?:impressum|datenschutz\w*|kontakt|barrierefreiheit\w*|agb|newsletter|abo|login|suche|search|sitemap|tags?|themen|kategorien?|category|autor(?:en)?"
    r"|author|wp-content|mediadaten|rss|feed|jobs?|karriere|stellenangebote)(?:/|$|\.)",
    re.IGNORECASE,
)
_FILES = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|svg|webp|mp[34]|css|js|xml|ics|epub)$", re.IGNORECASE)
_CUT_OFF = re.compile(r"(?:\[…\]|\[\.\.\.\]|…|\.\.\.|(?:Weiterlesen|Mehr lesen|Read more)\W*)$")


def read_listing(source: Source, kind: Kind, page: Fetched, today: date | None = None) -> Listing:
    """What ``page``, fetched from a source of this kind, lists. InputError if it is not of this kind."""
    if kind is Kind.FEED:
        return _read_feed(page, today)
    if kind is Kind.SITEMAP:
        return _read_sitemap(source, page, today)
    if kind is Kind.OVERVIEW:
        return _read_overview(source, page)
    return Listing(items=(list_page(page.url),))


def list_page(url: str) -> Listed:
    """A page that is an article itself."""
    return Listed(canonical_address(url), url)


def looks_like_article(url: str, text: str = "") -> bool:
    """Whether a link leads to an article rather than to a section, a file or the imprint, by its address and its text."""
    parts = urlsplit(url)
    if _NO_ARTICLES.search(parts.path) or _FILES.search(parts.path) or (text and len(text) < HEADLINE_CHARS):
        return False
    name = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return bool(_SLUG.fullmatch(name.rpartition(".")[0] or name) or _NUMBERED.search(parts.query))


def matches_pattern(url: str, pattern: str) -> bool:
    """Whether ``pattern`` (``*`` stands for anything) describes the whole address, or its path from the root on."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return fnmatch.fnmatchcase(url if "://" in pattern else path, pattern)


def is_same_site(one: str, other: str) -> bool:
    return host_of(one).removeprefix("www.") == host_of(other).removeprefix("www.")


# feeds


def _read_feed(page: Fetched, today: date | None) -> Listing:
    feed = parse_feed(page.data, page.url, page.content_type, today, MAX_ITEMS + 1)
    items = _once(_list_entry(entry, page.url) for entry in feed.entries[:MAX_ITEMS])
    note = f"Der Feed ist ungewöhnlich lang; gelesen werden die ersten {MAX_ITEMS} Einträge." if len(feed.entries) > MAX_ITEMS else ""
    return Listing(feed.title, tuple(items), note=note)


def _list_entry(entry: FeedEntry, feed_url: str) -> Listed:
    is_full = entry.has_full_text and not _CUT_OFF.search(entry.text)
    address = canonical_address(entry.url)
    if not address or address == canonical_address(feed_url):  # no page of its own: all there is stands here
        digest = hashlib.sha256(f"{entry.title}\0{entry.published}".encode()).hexdigest()[:12]
        return Listed(f"{canonical_address(feed_url)}#{digest}", "", entry.title, entry.text, entry.published, entry.tags, is_full)
    return Listed(address, entry.url, entry.title, entry.text, entry.published, entry.tags, is_full)


# sitemaps


def _read_sitemap(source: Source, page: Fetched, today: date | None) -> Listing:
    sitemap = parse_sitemap(page.data, page.url, today)
    wanted = [found for found in sitemap.pages if _is_wanted(source, found)]
    newest_first = sorted(wanted, key=lambda found: str(found.published or found.changed), reverse=True)
    items = [
        Listed(canonical_address(found.url), found.url, found.title, "", found.published, mark=found.changed) for found in newest_first
    ]
    note = (
        f"Der Index nennt {len(sitemap.sitemaps)} Sitemaps; gelesen werden die ersten {MAX_PARTS}."
        if len(sitemap.sitemaps) > MAX_PARTS
        else ""
    )
    return Listing("", tuple(_once(items[:MAX_SITEMAP_ITEMS])), sitemap.sitemaps[:MAX_PARTS], note)


def _is_wanted(source: Source, page: SitemapPage) -> bool:
    if source.pattern:
        return matches_pattern(page.url, source.pattern)
    return is_same_site(page.url, source.address) and (bool(page.title) or looks_like_article(page.url))


# overview pages


def _read_overview(source: Source, page: Fetched) -> Listing:
    own = canonical_address(page.url)
    links = [(url, text) for url, text in find_links(page.data, page.url, page.content_type) if _leads_on(source, page.url, url, text)]
    items = list(_once(Listed(canonical_address(url), url) for url, _text in links if canonical_address(url) != own))
    note = f"Die Seite verweist auf {len(items)} Artikel; gelesen werden die ersten {MAX_LINKS}." if len(items) > MAX_LINKS else ""
    return Listing("", tuple(items[:MAX_LINKS]), note=note)


def _leads_on(source: Source, page_url: str, url: str, text: str) -> bool:
    if source.pattern:
        return matches_pattern(url, source.pattern) and ("://" in source.pattern or is_same_site(url, page_url))
    return is_same_site(url, page_url) and looks_like_article(url, text)


def _once(items: Iterable[Listed]) -> Iterator[Listed]:
    """Each address once, where it comes first."""
    seen: set[str] = set()
    for item in items:
        if item.address and item.address not in seen:
            seen.add(item.address)
            yield item
