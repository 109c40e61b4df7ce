"""How quotes and their sources read, wherever they are shown."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import texts
from bot.replies import Segment, Style
from index.articles import StoredArticle
from index.retrieval.quoting import Quote


def quote_segment(quote: Quote) -> Segment:
    """The quote; omissions of a sentence that is too long are marked."""
    return Segment(f"{'[…] ' if quote.is_cut_before else ''}{quote.text}{' […]' if quote.is_cut_after else ''}", Style.QUOTE)


def source_segments(stored: StoredArticle) -> list[Segment]:
    """Title (linked), source and German date."""
    article = stored.article
    title = article.title or article.key
    rest = [article.source, german_date(article.published)]
    return [Segment(title, url=article.url), Segment("".join(f" · {part}" for part in rest if part))]


def german_date(day: date | None) -> str:
    """``28.01.2019``; a word for an unknown date."""
    return day.strftime("%d.%m.%Y") if day else texts.UNDATED


def german_time(seconds: float) -> str:
    """``28.01.2019 14:30`` in Berlin, of seconds since 1970."""
    return datetime.fromtimestamp(seconds, ZoneInfo("Europe/Berlin")).strftime("%d.%m.%Y %H:%M")
