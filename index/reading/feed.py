"""Feeds: RSS 0.9 to 2.0, RDF, Atom (feedparser) and JSON Feed, as one kind of entry.

bytes ── JSON Feed? ── else entity declarations taken out ── feedparser ── entries with plain text and a believable date or none
"""

import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from index.addresses import absolute_address, canonical_address
from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import clean_line, clean_text, make_key, split_tags
from index.reading.dates import parse_date
from index.reading.html_text import html_to_text
from index.reading.xml_safety import without_declarations

# Below this a feed's text is taken for a teaser; releases given whole in a feed are longer.
FULL_TEXT_CHARS = 600
MAX_ENTRIES = 100_000  # of a file that a person names; what is fetched has narrower limits
_ENTRY = re.compile(rb"<(?:item|entry)[\s>]")
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,? )?"
_GERMAN_DAY = re.compile(_WEEKDAY + r"(?:([0-9]{1,2})\.? ?([^\W\d_]{3,9})\.? ([0-9]{4})|([0-9]{1,2}\. ?[0-9]{1,2}\. ?[0-9]{4}))(?:,? .*)?")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry. ``text``: plain text with paragraphs, the longest that the entry carries; ``published``: a believable date or None."""

    url: str
    title: str
    text: str = ""
    published: date | None = None
    tags: tuple[str, ...] = ()
    has_full_text: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's own title and its entries in the order of the feed."""

    title: str
    entries: tuple[FeedEntry, ...]


def parse_feed(data: bytes, url: str = "", content_type: str = "", today: date | None = None, limit: int = MAX_ENTRIES) -> Feed:
    """The feed in ``data``, fetched from ``url`` (for relative links) with this Content-Type; only the first ``limit`` entries.

    InputError if it is none.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _parse_json_feed(data, url, today, limit)
    return _parse_xml_feed(_first_entries(without_declarations(data), limit), url, content_type, today)


def _first_entries(data: bytes, limit: int) -> bytes:
    """``data`` up to where entry ``limit`` + 1 begins; feedparser reads what is cut off as well as what is whole."""
    starts = itertools.islice(_ENTRY.finditer(data), limit, None)
    return data[: match.start()] if (match := next(starts, None)) else data


def feed_articles(feed: Feed) -> list[Article]:
    """The entries as articles; one that carries no full text is a teaser. Keys hold a digest of the address, so that two news under
    one headline stay two."""
    articles = []
    for entry in feed.entries:
        digest = hashlib.sha256((canonical_address(entry.url) or entry.text).encode()).hexdigest()[:8]
        articles.append(
            Article(
                key=f"{make_key(entry.published, entry.title)[:71]}-{digest}".lstrip("-"),
                title=entry.title,
                text=entry.text or entry.title,
                published=entry.published,
                url=entry.url,
                source=feed.title,
                tags=entry.tags,
                is_teaser=not entry.has_full_text,
            )
        )
    return articles


def is_feed(data: bytes) -> bool:
    """Whether ``data`` begins like a feed of any kind."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"{":
        return b"jsonfeed.org" in start
    return bool(re.search(rb"<(?:[a-zA-Z]+:)?(?:rss|feed|RDF|channel)[\s>]", start))


def _parse_xml_feed(data: bytes, url: str, content_type: str, today: date | None) -> Feed:
    import feedparser

    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        parsed = feedparser.parse(data, response_headers=headers)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, KeyError, IndexError) as error:  # its parser on odd input
        raise InputError("Der Feed ist so beschädigt, dass er sich nicht lesen lässt; bitte den Betreiber der Seite ansprechen.") from error
    if not parsed.entries and not parsed.get("version"):
        raise InputError("Das ist kein Feed; bitte die Adresse eines RSS-, Atom- oder JSON-Feeds angeben.")
    return Feed(_plain(parsed.feed.get("title")), tuple(_entries(map(dict, parsed.entries), url, today)))


def _entries(entries: Iterable[Mapping[str, Any]], url: str, today: date | None) -> Iterable[FeedEntry]:
    for entry in entries:
        bodies = [html_to_text(str(part.get("value") or "")) for part in entry.get("content") or [] if isinstance(part, Mapping)]
        text = max([*bodies, html_to_text(str(entry.get("summary") or ""))], key=len)
        tags = split_tags([str(tag.get("term") or "") for tag in entry.get("tags") or [] if isinstance(tag, Mapping)])
        title = _plain(entry.get("title")) or _first_words(text)
        if title:
            yield FeedEntry(_link(entry, url), title, text, _published(entry, today), tags, bool(bodies) and len(text) >= FULL_TEXT_CHARS)


def _link(entry: Mapping[str, Any], base: str) -> str:
    links = [str(entry.get("link") or ""), str(entry.get("id") or "")]
    return next((found for found in (absolute_address(base, link) for link in links if link) if found), "")


def _published(entry: Mapping[str, Any], today: date | None) -> date | None:
    """The first believable date: of publication, else of creation, else of the last change."""
    for name in ("published", "created", "updated"):
        text, parsed = clean_line(str(entry.get(name) or "")), entry.get(f"{name}_parsed")
        is_german = bool(re.search(r"\bME?S?Z$", text))  # which feedparser takes for UTC
        found = parse_date(_local_day(parsed), today) if parsed and not is_german else parse_feed_date(text, today)
        if found:
            return found
    return None


def _local_day(parsed: Any) -> str:
    """The day in Germany of a UTC time: late in the evening it is already the next."""
    from zoneinfo import ZoneInfo

    try:
        return datetime(*parsed[:6], tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin")).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""


def parse_feed_date(text: str, today: date | None = None) -> date | None:
    """The day as German feeds print it where feedparser knows none: „Mi, 12 Mär 2025 10:00 MEZ“, „12. März 2025“, „12.03.2025 08:00“."""
    match = _GERMAN_DAY.fullmatch(clean_line(text))
    return parse_date(f"{match[1]}. {match[2]} {match[3]}" if match[2] else match[4], today) if match else None


def _parse_json_feed(data: bytes, url: str, today: date | None, limit: int) -> Feed:
    try:
        feed = json.loads(data)
        items = feed["items"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("Das ist kein JSON-Feed; bitte die Adresse eines RSS-, Atom- oder JSON-Feeds angeben.") from error
    entries = (_json_entry(item, url, today) for item in items[:limit] if isinstance(item, dict)) if isinstance(items, list) else ()
    return Feed(clean_line(str(feed.get("title") or "")), tuple(entry for entry in entries if entry.title))


def _json_entry(item: dict[str, Any], base: str, today: date | None) -> FeedEntry:
    content = clean_text(str(item.get("content_text") or "")) or html_to_text(str(item.get("content_html") or ""))
    text = content or clean_text(str(item.get("summary") or ""))
    link = absolute_address(base, str(item.get("url") or item.get("external_url") or item.get("id") or ""))
    day = str(item.get("date_published") or item.get("date_modified") or "")
    title = clean_line(str(item.get("title") or "")) or _first_words(text)
    return FeedEntry(link, title, text, parse_date(day, today), split_tags(item.get("tags")), len(content) >= FULL_TEXT_CHARS)


def _first_words(text: str) -> str:
    """A headline for an entry without one."""
    line = clean_line(text.partition("\n")[0])
    return line if len(line) <= 80 else line[:81].rpartition(" ")[0] + " …"


def _plain(value: object) -> str:
    return clean_line(html_to_text(str(value or "")))
