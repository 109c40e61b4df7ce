"""How the site shows its articles: pages, feeds, sitemaps. ``base`` is its own address without a slash at the end."""

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from html import escape

from .grammar import News

NAME = "Rathausblick"
HTML, RSS, ATOM, JSON = "text/html; charset=utf-8", "application/rss+xml", "application/atom+xml", "application/feed+json"
XML, GZIP = "application/xml", "application/gzip"

_PAGE = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>{title} – {name}</title>
<link rel="alternate" type="application/rss+xml" title="{name}" href="/feed.xml">{head}</head>
<body><header><a href="/">{name}</a><nav><ul><li><a href="/meldungen/">Meldungen</a></li><li><a href="/impressum">Impressum</a></li></ul></nav></header>
<main>{main}</main>
<footer><p>© {name} · <a href="/datenschutz">Datenschutz</a> · <a href="/newsletter">Newsletter bestellen</a></p></footer></body></html>"""
_ARTICLE = """<article><p class="kicker">{kicker}</p><h1>{title}</h1><p class="date">{day}</p>
{paragraphs}
<p class="author">({author})</p></article>
<aside><h2>Lesen Sie auch</h2><ul>{others}</ul></aside><div class="share"><a href="#">Teilen</a> <a href="#">Drucken</a></div>"""


def changed_at(news: News) -> datetime:
    """When the article was last touched: at eight on its day, an hour later with each correction."""
    return datetime.combine(news.published, time(8), UTC) + timedelta(hours=news.modified)


def article_page(news: News, others: Sequence[News]) -> str:
    """The page of one article."""
    main = _ARTICLE.format(
        kicker=escape(news.kicker),
        title=escape(news.title),
        day=f"{news.published:%d.%m.%Y}",
        paragraphs="\n".join(f"<p>{escape(text)}</p>" for text in news.paragraphs),
        author=news.author,
        others="".join(_entry(other) for other in others),
    )
    head = f'<meta property="article:published_time" content="{news.published}T08:00:00+00:00"><meta property="og:site_name" content="{NAME}">'
    return _PAGE.format(title=escape(news.title), name=NAME, head=head, main=main)


def overview_page(newest: Sequence[News], title: str) -> str:
    """A list of links to articles."""
    main = f"<h1>{title}</h1><ul>{''.join(_entry(news) for news in newest)}</ul>"
    return _PAGE.format(title=title, name=NAME, head="", main=main)


def rss(newest: Sequence[News], base: str) -> str:
    """RSS 2.0 with a teaser for each article."""
    items = "".join(
        f"<item><title>{escape(news.title)}</title><link>{base}{news.path}</link><guid>{base}{news.path}</guid>"
        f"<pubDate>{format_datetime(changed_at(news))}</pubDate><description>{escape(teaser(news))}</description></item>\n"
        for news in newest
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{NAME}</title><link>{base}/</link>\n{items}</channel></rss>'


def mixed_feed(newest: Sequence[News], troubles: Sequence[str], base: str) -> str:
    """RSS in which every other entry leads to trouble."""
    entries = [
        entry
        for news, name in zip(newest, troubles, strict=True)
        for entry in ((news.title, news.path, news), (f"Meldung mit Schwierigkeiten: {name}", f"/hostile/{name}", news))
    ]
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{base}{path}</link><pubDate>{format_datetime(changed_at(news))}</pubDate></item>\n"
        for title, path, news in entries
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>{NAME}</title>\n{items}</channel></rss>'


def atom(newest: Sequence[News], base: str) -> str:
    """Atom with a teaser for each article."""
    entries = "".join(
        f'<entry><title>{escape(news.title)}</title><link href="{base}{news.path}"/><id>{base}{news.path}</id>'
        f"<published>{news.published}T08:00:00Z</published><updated>{changed_at(news).isoformat()}</updated>"
        f"<summary>{escape(teaser(news))}</summary></entry>\n"
        for news in newest
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>{NAME}</title><id>{base}/</id>\n{entries}</feed>'


def json_feed(newest: Sequence[News], base: str) -> str:
    """JSON Feed 1.1 with a teaser for each article."""
    items = [
        {
            "id": f"{base}{news.path}",
            "url": f"{base}{news.path}",
            "title": news.title,
            "summary": teaser(news),
            "date_published": f"{news.published}T08:00:00Z",
        }
        for news in newest
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": NAME, "home_page_url": f"{base}/", "items": items})


def sitemap(listed: Sequence[News], base: str) -> str:
    """Addresses and last changes of articles."""
    entries = "".join(f"<url><loc>{base}{news.path}</loc><lastmod>{changed_at(news).isoformat()}</lastmod></url>\n" for news in listed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>'


def packed_sitemap(listed: Sequence[News], base: str) -> bytes:
    """The same as a gzip file."""
    return gzip.compress(sitemap(listed, base).encode(), mtime=0)


def sitemap_index(base: str) -> str:
    """Where the two halves of the sitemap are."""
    entries = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>\n" for path in ("/sitemap-0.xml", "/sitemap-1.xml.gz"))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>'


def teaser(news: News) -> str:
    """The first paragraph."""
    return news.paragraphs[0]


def _entry(news: News) -> str:
    return f'<li><a href="{news.path}">{escape(news.title)}</a> ({news.published:%d.%m.%Y})</li>'
