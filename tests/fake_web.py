"""A web without a network: addresses with what is served there; being asked for anything else fails loudly."""

import threading
from dataclasses import dataclass, field
from html import escape

from index.fetching.outcomes import Fetched, NotModified, Outcome, Validators

SENTENCE = "Der IT-Planungsrat hat in seiner Sitzung die Umsetzung des Vorhabens {number} mit allen Ländern und dem Bund beschlossen."


@dataclass(slots=True)
class FakeWeb:
    """``pages``: outcomes by address; bytes are served with an ETag that follows their content. ``asked``: every request in order."""

    pages: dict[str, bytes | Outcome] = field(default_factory=dict)
    content_types: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    downloads: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, url: str, validators: Validators = Validators()) -> Outcome:
        with self._lock:
            self.asked.append(url)
        served = self.pages[url]
        if not isinstance(served, bytes):
            return served
        etag = f'"{hash(served)}"'
        if validators.etag == etag:
            return NotModified(url, validators)
        self.downloads += 1
        return Fetched(url, served, self.content_types.get(url, ""), Validators(etag))


def page(title: str, day: str = "2025-03-12", paragraphs: int = 4, number: int = 0, head: str = "") -> bytes:
    """A news page with a headline, a date and a few paragraphs of its own."""
    text = "".join(f"<p>{SENTENCE.format(number=f'{number}-{part}')} {title} steht damit fest.</p>" for part in range(paragraphs))
    meta = f'<meta property="article:published_time" content="{day}">{head}'
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>{meta}</head><body><h1>{escape(title)}</h1>{text}</body></html>".encode()
    )


def feed(*entries: tuple[str, str, str], title: str = "Amtsblatt") -> bytes:
    """An RSS feed of (address, headline, day) with a short teaser each."""
    items = "".join(
        f"<item><title>{escape(name)}</title>{f'<link>{escape(url)}</link>' if url else ''}<pubDate>{day}T08:00:00Z</pubDate>"
        f"<description>Kurz gesagt: {escape(name)}.</description></item>"
        for url, name, day in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


def sitemap(*urls: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{escape(url)}</loc></url>' for url in urls)}</urlset>".encode()


def sitemap_index(*urls: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{escape(url)}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()


def overview(*links: tuple[str, str]) -> bytes:
    """A page of links (address, text)."""
    items = "".join(f'<li><a href="{escape(url)}">{escape(text)}</a></li>' for url, text in links)
    return f"<!doctype html><html><head><title>Meldungen</title></head><body><h1>Meldungen</h1><ul>{items}</ul></body></html>".encode()
