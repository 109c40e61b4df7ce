"""Alerts, digests and corrections as replies. Quotes are slices of the stored article, cut at the moment of rendering."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.alerts import texts
from bot.alerts.nouns import Delivery
from bot.quote_text import shown_date
from bot.replies import Button, Reply, Segment, Style
from index.alerting.analysis import analyse_article
from index.alerting.matching import Explanation, explain
from index.alerting.rules import parse_rule
from index.alerting.themes import Nearness
from index.articles import Span, StoredArticle
from index.errors import RuleError
from index.language.sentences import split_sentences
from index.retrieval.marking import MAX_MARKS

MAX_TITLE_CHARS = 300
MAX_MESSAGE_CHARS = 3500  # leaves room below Telegram's 4,096 units for characters of two units
MAX_BUTTON_RULE = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery with what is told of it; ``quote`` is what stands in the article."""

    delivery: Delivery
    segments: tuple[Segment, ...]
    quote: str


def tell_alert(delivery: Delivery, stored: StoredArticle, near: Mapping[str, Nearness] | None = None) -> Told | None:
    """An article with the sentence and the reasons; None if no rule of the delivery matches (any more). ``near``: the themes that it
    belongs to."""
    analysed = analyse_article(stored.article, near)
    found = [(rule, explanation) for _id, rule in delivery.rules if (explanation := _explain(rule, analysed)) is not None]
    if not found:
        return None
    span = next((explanation.sentence for _rule, explanation in found if explanation.sentence), None) or _first_sentence(stored)
    marked = {mark for _rule, explanation in found for mark in explanation.marked}
    reasons = [f"{rule} ({', '.join(explanation.reasons)})" for rule, explanation in found]
    segments = [*head(stored), Segment("\n"), *quote_segments(stored.article.text, span, marked)]
    segments += [Segment(texts.BECAUSE + "; ".join(reasons)[:600]), *_places(stored)]
    return Told(delivery, tuple(segments), span.cut(stored.article.text))


def _explain(rule: str, analysed) -> Explanation | None:
    try:
        return explain(parse_rule(rule), analysed)
    except RuleError:
        return None


def _first_sentence(stored: StoredArticle) -> Span:
    return next(iter(split_sentences(stored.article.text)), Span(0, 0))


def head(stored: StoredArticle) -> list[Segment]:
    """Title (linked), source and date."""
    article = stored.article
    day = shown_date(article.published)
    return [Segment((article.title or article.key)[:MAX_TITLE_CHARS], url=article.url), Segment(f" · {article.source} · {day}" if article.source else f" · {day}")]


def quote_segments(text: str, span: Span, marked: set[Span]) -> list[Segment]:
    """The slice ``span`` as a quote, with the ``marked`` ranges in it set off."""
    segments, place = [], span.start
    for mark in [mark for mark in sorted(marked) if span.start <= mark.start][:MAX_MARKS]:
        if place <= mark.start and mark.end <= span.end:
            segments += [Segment(text[place : mark.start], Style.QUOTE), Segment(mark.cut(text), Style.STRONG_QUOTE)]
            place = mark.end
    segments.append(Segment(text[place : span.end], Style.QUOTE))
    return [segment for segment in segments if segment.text]


def _places(stored: StoredArticle) -> list[Segment]:
    segments: list[Segment] = []
    for key, url in stored.also_at[:5]:
        segments += [Segment(", " if segments else texts.ALSO_AT), Segment(urlsplit(url).netloc.removeprefix("www.") or key, url=url)]
    return segments


def fit(told: list[Told]) -> list[Told]:
    """As many as fit into one message, at least one."""
    kept, length = [], 0
    for one in told:
        length += sum(len(segment.text) for segment in one.segments)
        if kept and length > MAX_MESSAGE_CHARS:
            break
        kept.append(one)
    return kept


def alert_reply(told: list[Told]) -> Reply:
    """One message for one or several articles."""
    if len(told) == 1 and not told[0].delivery.is_digest:
        return Reply(told[0].segments, _buttons_of_one(told[0].delivery))
    title = texts.DIGEST if told[0].delivery.is_digest else texts.GROUPED
    segments = [Segment(title.format(count=len(told)), Style.BOLD)]
    for one in told:
        segments += [Segment("\n\n"), *one.segments]
    return Reply(tuple(segments), _buttons_of_many(told))


def _buttons_of_one(delivery: Delivery) -> tuple[tuple[Button, ...], ...]:
    first, row = delivery.rules[0][0], delivery.article_row
    return (
        (Button(texts.ASK, f"al:ask:{row}"), Button(texts.PAUSE, f"al:pause:{first}")),
        (Button(texts.LESS, f"al:less:{first}:{row}"), Button(texts.UNSUBSCRIBE, f"al:del:{first}")),
    )


def _buttons_of_many(told: list[Told]) -> tuple[tuple[Button, ...], ...]:
    rules = dict(rule for one in told for rule in one.delivery.rules)
    return tuple(
        (Button(f"{texts.PAUSE}: {rule[:MAX_BUTTON_RULE]}", f"al:pause:{number}"), Button(texts.UNSUBSCRIBE, f"al:del:{number}"))
        for number, rule in list(rules.items())[:3]
    )


def correction_reply(delivery: Delivery, stored: StoredArticle | None) -> Reply:
    """Says once that what was quoted no longer stands; the quote is what was sent then."""
    text = texts.CORRECTION_CHANGED if stored else texts.CORRECTION_REMOVED
    segments = [Segment(text.format(title=delivery.title[:MAX_TITLE_CHARS]))]
    if delivery.quote:
        segments += [Segment(texts.HAD_TOLD), Segment(delivery.quote, Style.ITALIC)]
    return Reply((*segments, *((Segment(texts.NOW), *head(stored)) if stored else ())))
