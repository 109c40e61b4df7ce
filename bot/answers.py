"""How answers look: quotes with their sources and buttons, an abstention, a quote in its context."""

from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.alerts.actions import WANT
from bot.deep_links import QUESTION, encode_link
from bot.quote_text import marked_segments, place_segments, quote_segments, source_segments
from bot.replies import Button, Reply, Segment, Style
from index.alerting.from_question import rule_of_question
from index.articles import Span, StoredArticle
from index.passages import cut_passages
from index.reading.inputs import DEMO_SOURCE
from index.retrieval.engine import Answer
from index.retrieval.question import Concept
from index.retrieval.quoting import Quote

CONTEXT_CHARS = 1500
MAX_NAMES, MAX_NAME_CHARS = 5, 40  # of what no article has: enough to see what is meant
MORE, CONTEXT, RATE = "more", "ctx", "rate"
RATE_NO = "rateno"  # a thumb under "there is no answer"
ALERT = "al:from"  # with the prefix of the alerts: front ends then look whether the person may change them
UP, DOWN = "up", "down"
UNSEARCHED = frozenset({"no_articles", "no_word"})  # reasons: there was nothing to search in, or to search for


def answer_replies(answer: Answer) -> list[Reply]:
    """An answer as replies without buttons, for a place where nothing can be pressed."""
    return [Reply(answer_reply(answer, "").segments)]


def answer_reply(answer: Answer, answer_id: str) -> Reply:
    reply = _first_reply(answer_id, answer) if answer.is_answered else abstention_reply(answer, answer_id)
    return replace(reply, segments=(*_correction_segments(answer), *reply.segments))


def _first_reply(answer_id: str, answer: Answer) -> Reply:
    """The first quotes, with what can be done with an answer: places, further steps, an opinion. Three rows fit on a phone beside the quotes."""
    reply = quotes_reply(answer_id, answer, 0)
    places, *more = reply.buttons
    steps = (*(button for row in more for button in row), Button(texts.ALERT_BUTTON, f"{ALERT}:{answer_id}"))
    opinion = (Button("👍", f"{RATE}:{answer_id}:{UP}"), Button("👎", f"{RATE}:{answer_id}:{DOWN}"))
    words = tuple(concept.surface for concept in answer.concepts)
    link = encode_link(QUESTION, answer.question, words)
    share = (Button(texts.SHARE_BUTTON, share=link),) if link else ()
    return replace(reply, buttons=(places, steps, (*opinion, *share)))


def _correction_segments(answer: Answer) -> list[Segment]:
    words = ", ".join(dict.fromkeys(correction.searched for correction in answer.corrections))
    return [Segment(f"{texts.SEARCHED_FOR.format(words=words)}\n\n", Style.ITALIC)] if words else []


def quotes_reply(answer_id: str, answer: Answer, start: int) -> Reply:
    """A page of quotes, from number ``start`` on."""
    end = start + answer.shown
    shown = answer.quotes[start:end]
    more = ((Button(texts.MORE_BUTTON, f"{MORE}:{answer_id}:{end}"),),) if end < len(answer.quotes) else ()
    return Reply(tuple(_quote_segments(shown, start, answer.concepts)), (_context_buttons(shown, start), *more))


def abstention_reply(answer: Answer, answer_id: str = "") -> Reply:
    """Says that there is no answer, why, and which headlines are near; whether that is right, people may say."""
    segments = [Segment(texts.ABSTAINED, Style.BOLD), Segment(f" {reason_text(answer.reason)}")]
    if answer.suggestions:
        segments.append(Segment(f"\n\n{texts.SUGGESTIONS}"))
        for stored in answer.suggestions:
            segments += [Segment("\n• "), *source_segments(stored)]
    rule = rule_of_question(answer.concepts)
    want = ((Button(texts.WANT_BUTTON, f"{WANT}:{rule}"),),) if rule else ()
    return Reply(tuple(segments), (*want, *_abstention_opinions(answer, answer_id)))


def _abstention_opinions(answer: Answer, answer_id: str) -> tuple[tuple[Button, ...], ...]:
    """Two buttons, unless nothing was searched: there, nobody can be right or wrong."""
    if not answer_id or getattr(answer.reason, "code", "") in UNSEARCHED:
        return ()
    return ((Button(texts.RIGHTLY_NOTHING, f"{RATE_NO}:{answer_id}:{UP}"), Button(texts.SHOULD_KNOW, f"{RATE_NO}:{answer_id}:{DOWN}")),)


def reason_text(reason: str | None) -> str:
    """Why there is no answer, in the reader's language; a reason without a code as it is."""
    sentence = texts.REASONS.get(getattr(reason, "code", ""), reason or "")
    names = getattr(reason, "names", ())
    quoted = [texts.QUOTED.format(word=name if len(name) <= MAX_NAME_CHARS else f"{name[:MAX_NAME_CHARS]}…") for name in names[:MAX_NAMES]]
    return sentence.format(names=", ".join([*quoted, *(["…"] if len(names) > MAX_NAMES else [])]))


def _quote_segments(quotes: Sequence[Quote], start: int, concepts: Sequence[Concept]) -> list[Segment]:
    segments: list[Segment] = []
    for number, quote in enumerate(quotes, start + 1):
        label = f"\n[{number}] " if len(quotes) > 1 or start else "\n"
        segments += [Segment("\n\n")] if segments else []
        segments += [*quote_segments(quote, concepts), Segment(label), *source_segments(quote.article)]
        segments += place_segments(quote.article, quote.span)
    return segments


def _context_buttons(quotes: Sequence[Quote], start: int) -> tuple[Button, ...]:
    """One button for a single quote; for several, ``Im Zusammenhang: 1``, ``2``, ``3`` in one row."""
    actions = [f"{CONTEXT}:{q.article.row}:{q.article.version}:{q.span.start}:{q.span.end}" for q in quotes]
    if len(quotes) == 1 and not start:
        return (Button(texts.CONTEXT_BUTTON, actions[0]),)
    labels = [f"{texts.CONTEXT_BUTTON}: {start + 1}", *(str(start + number) for number in range(2, len(quotes) + 1))]
    return tuple(Button(label, action) for label, action in zip(labels, actions, strict=True))


def context_reply(stored: StoredArticle, span: Span) -> Reply:
    """The passages around a quote, the quote set off, and the way to the whole article."""
    text = stored.article.text
    around = context_span(text, span)
    quoted = Span(span.start - around.start, span.end - around.start)
    place = place_segments(stored, span)
    segments = [Segment(texts.CONTEXT_OF), *source_segments(stored), *place, Segment("\n"), *marked_segments(around.cut(text), [quoted])]
    label = texts.OFFICIAL_PAGE_BUTTON if stored.article.source == DEMO_SOURCE else texts.ARTICLE_BUTTON
    return Reply(tuple(segments), ((Button(label, url=stored.article.url),),) if stored.article.url else ())


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
