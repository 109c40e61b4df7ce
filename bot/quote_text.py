"""How quotes and their sources read, wherever they are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import texts
from bot.replies import Segment, Style
from bot.text_fragment import fragment_url
from index.addresses import host_of
from index.articles import Span, StoredArticle
from index.reading.inputs import DEMO_SOURCE
from index.retrieval.marking import find_marks
from index.retrieval.question import Concept
from index.retrieval.quoting import Quote

CUT = "[…]"
MAX_SITES = 3  # further places named under a quote; all are in ``amtsfunk article ID``


def quote_segment(quote: Quote) -> Segment:
    """The quote in one piece; omissions of a sentence that is too long are marked."""
    return Segment("".join(segment.text for segment in quote_segments(quote)), Style.QUOTE)


def quote_segments(quote: Quote, concepts: Sequence[Concept] = ()) -> list[Segment]:
    """The quote with the words of the question set off, and omissions marked."""
    cut_before = [Segment(f"{CUT} ", Style.QUOTE)] if quote.is_cut_before else []
    cut_after = [Segment(f" {CUT}", Style.QUOTE)] if quote.is_cut_after else []
    return [*cut_before, *marked_segments(quote.text, find_marks(concepts, quote.text)), *cut_after]


def marked_segments(text: str, marks: Sequence[Span]) -> list[Segment]:
    """``text`` as a quote with some stretches set off; together they are ``text``."""
    segments, place = [], 0
    for mark in marks:
        segments += [Segment(text[place : mark.start], Style.QUOTE), Segment(mark.cut(text), Style.STRONG_QUOTE)]
        place = mark.end
    return [segment for segment in (*segments, Segment(text[place:], Style.QUOTE)) if segment.text]


def source_segments(stored: StoredArticle) -> list[Segment]:
    """Title (linked), source, date, and where else it was published."""
    article = stored.article
    title = article.title or article.key
    rest = [article.source, shown_date(article.published)]
    return [Segment(title, url=article.url), Segment("".join(f" · {part}" for part in rest if part)), *also_at_segments(stored)]


def also_at_segments(stored: StoredArticle) -> list[Segment]:
    """Where else the news was published, one link for each site; empty if nowhere."""
    sites = {host_of(url).removeprefix("www.") or key: url for key, url in reversed(stored.also_at)}
    segments: list[Segment] = []
    for site, url in list(reversed(sites.items()))[:MAX_SITES]:
        segments += [Segment(", " if segments else f" · {texts.ALSO_AT}"), Segment(site, url=url)]
    return segments


def place_segments(stored: StoredArticle, span: Span) -> list[Segment]:
    """A line with a link to the very sentence; none where the page has other words than the stored text."""
    article = stored.article
    url = "" if article.source == DEMO_SOURCE else fragment_url(article.url, article.text, span)
    return [Segment("\n"), Segment(texts.TO_PLACE, url=url)] if url else []


def shown_date(day: date | None) -> str:
    """``28.01.2019``, in English ``28 January 2019``; a word for an unknown date."""
    return texts.DATE.format(day=day) if day else texts.UNDATED


def german_time(seconds: float) -> str:
    """``28.01.2019 14:30`` in Berlin, of seconds since 1970."""
    return datetime.fromtimestamp(seconds, ZoneInfo("Europe/Berlin")).strftime("%d.%m.%Y %H:%M")
