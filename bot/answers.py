"""How answers look: quotes with their sources and buttons, an abstention, a quote in its context."""

from dataclasses import replace

from bot import texts
from bot.alerts.actions import WANT
from bot.quote_text import quote_segment, source_segments
from bot.replies import Button, Reply, Segment, Style
from index.alerting.from_question import rule_of_question
from index.articles import Span, StoredArticle
from index.passages import cut_passages
from index.retrieval.engine import SHOWN_QUOTES, Answer
from index.retrieval.quoting import Quote

CONTEXT_CHARS = 1500
MORE, CONTEXT = "more", "ctx"


def answer_replies(answer: Answer) -> list[Reply]:
    """An answer as replies without buttons, for a place where nothing can be pressed."""
    return [Reply(answer_reply(answer, "").segments)]


def answer_reply(answer: Answer, answer_id: str) -> Reply:
    reply = quotes_reply(answer_id, answer, 0) if answer.is_answered else abstention_reply(answer)
    return replace(reply, segments=(*_correction_segments(answer), *reply.segments))


def _correction_segments(answer: Answer) -> list[Segment]:
    words = ", ".join(dict.fromkeys(correction.searched for correction in answer.corrections))
    return [Segment(f"{texts.SEARCHED_FOR.format(words=words)}\n\n", Style.ITALIC)] if words else []


def quotes_reply(answer_id: str, answer: Answer, start: int) -> Reply:
    end = start + SHOWN_QUOTES
    shown = answer.quotes[start:end]
    more = ((Button(texts.MORE_BUTTON, f"{MORE}:{answer_id}:{end}"),),) if end < len(answer.quotes) else ()
    return Reply(tuple(_quote_segments(shown, start)), (*more, _context_buttons(shown, start)))


def abstention_reply(answer: Answer) -> Reply:
    """Says that there is no answer, why, and which headlines are near."""
    segments = [Segment(texts.ABSTAINED, Style.BOLD), Segment(f" {answer.reason}")]
    if answer.suggestions:
        segments.append(Segment(f"\n\n{texts.SUGGESTIONS}"))
        for stored in answer.suggestions:
            segments += [Segment("\n• "), *source_segments(stored)]
    rule = rule_of_question(answer.question)
    return Reply(tuple(segments), ((Button(texts.WANT_BUTTON, f"{WANT}:{rule}"),),) if rule else ())


def _quote_segments(quotes: tuple[Quote, ...], start: int) -> list[Segment]:
    segments: list[Segment] = []
    for number, quote in enumerate(quotes, start + 1):
        label = f"\n[{number}] " if len(quotes) > 1 or start else "\n"
        segments += [Segment("\n\n")] if segments else []
        segments += [quote_segment(quote), Segment(label), *source_segments(quote.article)]
    return segments


def _context_buttons(quotes: tuple[Quote, ...], start: int) -> tuple[Button, ...]:
    """One button for a single quote; for several, ``Im Zusammenhang: 1``, ``2``, ``3`` in one row."""
    actions = [f"{CONTEXT}:{q.article.row}:{q.article.version}:{q.span.start}:{q.span.end}" for q in quotes]
    if len(quotes) == 1 and not start:
        return (Button(texts.CONTEXT_BUTTON, actions[0]),)
    labels = [f"{texts.CONTEXT_BUTTON}: {start + 1}", *(str(start + number) for number in range(2, len(quotes) + 1))]
    return tuple(Button(label, action) for label, action in zip(labels, actions, strict=True))


def context_segments(stored: StoredArticle, span: Span) -> list[Segment]:
    text = stored.article.text
    around = context_span(text, span)
    before, quoted, after = text[around.start : span.start], span.cut(text), text[span.end : around.end]
    parts = [Segment(before, Style.QUOTE), Segment(quoted, Style.STRONG_QUOTE), Segment(after, Style.QUOTE)]
    source = source_segments(stored)
    return [*source, Segment("\n"), *(part for part in parts if part.text)]


def context_span(text: str, span: Span) -> Span:
    """Whole passages around ``span``: the ones it lies in, then alternately the next and the one before, up to CONTEXT_CHARS."""
    passages = [passage.span for passage in cut_passages(text)]
    inside = [place for place, passage in enumerate(passages) if passage.start < span.end and passage.end > span.start]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    start, end = min(passages[first].start, span.start), max(passages[last].end, span.end)
    if last + 1 < len(passages) and passages[last + 1].end - start <= CONTEXT_CHARS:
        end = passages[last + 1].end
    if first > 0 and end - passages[first - 1].start <= CONTEXT_CHARS:
        start = passages[first - 1].start
    return Span(start, end)
