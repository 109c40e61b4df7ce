"""How quotes and their sources read, wherever they are shown."""

from datetime import date

from bot import texts
from bot.replies import Segment, Style
from index.addresses import host_of
from index.articles import StoredArticle
from index.retrieval.quoting import Quote

MAX_SITES = 3  # further places named under a quote; all are in ``amtsfunk article ID``


def quote_segment(quote: Quote) -> Segment:
    """The quote; omissions of a sentence that is too long are marked."""
    return Segment(f"{'[…] ' if quote.is_cut_before else ''}{quote.text}{' […]' if quote.is_cut_after else ''}", Style.QUOTE)


def source_segments(stored: StoredArticle) -> list[Segment]:
    """Title (linked), source, German date, and where else it was published."""
    article = stored.article
    title = article.title or article.key
    rest = [article.source, german_date(article.published)]
    return [Segment(title, url=article.url), Segment("".join(f" · {part}" for part in rest if part)), *also_at_segments(stored)]


def also_at_segments(stored: StoredArticle) -> list[Segment]:
    """Where else the news was published, one link for each site; empty if nowhere."""
    sites = {host_of(url).removeprefix("www.") or key: url for key, url in reversed(stored.also_at)}
    segments: list[Segment] = []
    for site, url in list(reversed(sites.items()))[:MAX_SITES]:
        segments += [Segment(", " if segments else f" · {texts.ALSO_AT}"), Segment(site, url=url)]
    return segments


def german_date(day: date | None) -> str:
    """``28.01.2019``; a word for an unknown date."""
    return day.strftime("%d.%m.%Y") if day else texts.UNDATED
