"""A news page as an article.

bytes ── encoding ── tree ── head (headline, date, publisher, tags) ── body (text without what is around it) ── Article
"""

from dataclasses import replace
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from index.addresses import absolute_address, canonical_address, host_of
from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import clean_line, make_key
from index.reading.html_text import decode_html
from index.reading.page_body import read_body
from index.reading.page_head import PageHead, read_head

MAX_PAGE_CHARS = 8_000_000  # far above any article; keeps the parsers' time bounded
MIN_TEXT_CHARS = 80  # less is a teaser, an error page or a page of pictures


def parse_page(data: bytes, url: str = "", content_type: str = "", today: date | None = None) -> Article:
    """The article of a page fetched from ``url``. InputError if the page has no headline or no text.

    A text that is cut off by a paywall is kept as a teaser. ``origin`` is the page's canonical address.
    """
    html = decode_html(data, content_type)[:MAX_PAGE_CHARS]
    tree = LexborHTMLParser(html)
    head = read_head(tree, url, today)
    if not head.title:
        raise InputError("Die Seite hat keine Überschrift; sie sieht nicht wie eine Meldung aus.")
    body = read_body(html, head.title)
    if not body.text:
        raise InputError("Auf der Seite steht kein Text einer Meldung.")
    is_teaser = head.is_paid or body.is_paid or len(body.text) < MIN_TEXT_CHARS
    address = _own_address(head, url)
    article = Article(
        key=make_key(head.published, head.title),
        title=head.title,
        text=body.text,
        published=head.published,
        url=address,
        source=head.source,
        tags=head.tags or body.tags,
        origin=canonical_address(address),
        is_teaser=is_teaser,
    )
    return replace(article, tags=tuple(tag for tag in article.tags if len(tag) <= 80)[:20])


def find_links(data: bytes, url: str, content_type: str = "") -> list[tuple[str, str]]:
    """(address, text) of every link on a page, in order, each address once."""
    tree = LexborHTMLParser(decode_html(data, content_type)[:MAX_PAGE_CHARS])
    base = tree.css_first("base[href]")
    root = absolute_address(url, (base.attributes.get("href") or "") if base else "") or url
    links: dict[str, str] = {}
    for node in tree.css("a[href]"):
        address = absolute_address(root, node.attributes.get("href") or "")
        if address:
            links.setdefault(address, clean_line(node.text() or ""))
    return list(links.items())


def find_feeds(data: bytes, url: str, content_type: str = "") -> list[str]:
    """Addresses of the feeds that a page announces, in its order."""
    tree = LexborHTMLParser(decode_html(data, content_type)[:MAX_PAGE_CHARS])
    feeds = [
        absolute_address(url, node.attributes.get("href") or "")
        for node in tree.css('link[rel~="alternate"][type]')
        if (node.attributes.get("type") or "").split(";")[0].strip().lower() in _FEED_TYPES
    ]
    return list(dict.fromkeys(filter(None, feeds)))


_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/xml", "text/xml"}


def _own_address(head: PageHead, url: str) -> str:
    """The page's own name for itself, if it lies on the same site; a home page named by every page is not believed."""
    named = absolute_address(url, head.canonical) if head.canonical else ""
    is_own = bool(named) and host_of(named).removeprefix("www.") == host_of(url).removeprefix("www.")
    if not url:
        return named
    return named if is_own and canonical_address(named).count("/") >= min(1, canonical_address(url).count("/")) else url
