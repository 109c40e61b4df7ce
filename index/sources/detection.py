"""What lies at an address: found out from what is served there."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.addresses import canonical_address
from index.errors import InputError
from index.fetching.outcomes import Fetched
from index.reading.feed import is_feed
from index.reading.html_text import decode_html
from index.reading.page import find_feeds, find_links
from index.reading.sitemap import is_sitemap
from index.sources.listings import is_same_site, looks_like_article
from index.sources.nouns import Kind

MIN_ARTICLE_LINKS = 5  # a page of so many headlines is an overview, unless its own address looks like an article's
_ARTICLE_MARK = re.compile(
    r"og:type[\"'][^>]*content=[\"']article|content=[\"']article[\"'][^>]*og:type|\"@type\"\s*:\s*\"(?:News|Blog)?(?:Article|Posting)\"",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"/comments?/|/kommentare/|comments?-?(?:rss|feed)", re.IGNORECASE)
_HEAD_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class Detected:
    """``kind`` of what was fetched, and the feeds that it announces (of a page)."""

    kind: Kind
    feeds: tuple[str, ...] = ()


def detect(page: Fetched, pattern: str = "") -> Detected:
    """What ``page`` is. InputError if it is nothing that can be read."""
    if is_feed(page.data):
        return Detected(Kind.FEED)
    if is_sitemap(page.data) or re.search(r"sitemap[^/]*\.(?:xml|txt)(?:\.gz)?$", urlsplit(page.url).path):
        return Detected(Kind.SITEMAP)
    if not re.search(rb"<(?:!doctype|html|head|body|article|p|h1)\b", page.data[:_HEAD_CHARS], re.IGNORECASE):
        kind = page.content_type.partition(";")[0] or "unbekannt"
        raise InputError(f"Dort liegt weder ein Feed noch eine Sitemap noch eine Webseite (Art des Inhalts: {kind}).")
    feeds = tuple(url for url in find_feeds(page.data, page.url, page.content_type) if not _COMMENTS.search(url))
    return Detected(Kind.OVERVIEW if pattern or _is_overview(page) else Kind.PAGE, feeds)


def _is_overview(page: Fetched) -> bool:
    if not urlsplit(page.url).path.strip("/"):
        return True  # a home page
    if looks_like_article(page.url) or _ARTICLE_MARK.search(decode_html(page.data, page.content_type)[:_HEAD_CHARS]):
        return False
    own = canonical_address(page.url)
    links = find_links(page.data, page.url, page.content_type)
    articles = {canonical_address(url) for url, text in links if text and is_same_site(url, page.url) and looks_like_article(url, text)}
    return len(articles - {own}) >= MIN_ARTICLE_LINKS
