"""The conversation: a message or a pressed button in, replies out. Terminal and Telegram both use it.

message ── command? ── its text
        └─ question ── engine ── quotes with buttons, or an honest "I do not know" with near headlines
        (a command about alerts goes to bot/alerts/commands.py, a button "al:…" too)
button  ── "more": next quotes of the same answer   ── "context": the passage around a quote
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import texts_de as texts
from bot.alerts.commands import ASK, COMMANDS, PREFIX, AlertDesk
from bot.alerts.nouns import Visitor
from bot.features import ButtonHandler, CommandHandler, Feature
from bot.quote_text import german_date, quote_segment, source_segments
from bot.replies import Button, Reply, Segment, Style, plain
from index.articles import Span, StoredArticle
from index.passages import cut_passages
from index.retrieval.engine import MAX_QUESTION_CHARS, SHOWN_QUOTES, Answer, Engine
from index.retrieval.quoting import Quote

REMEMBERED_ANSWERS = 500  # in memory only, for "more"; the oldest are forgotten
CONTEXT_CHARS = 1500
MORE, CONTEXT = "more", "ctx"


@dataclass(frozen=True, slots=True)
class ArticleOverview:
    """What the help text says about the stored articles."""

    articles: int
    newest: date | None
    has_demo: bool


class Conversation:
    """Answers messages and buttons. Not thread-safe: front ends call it from one thread at a time."""

    def __init__(
        self, engine: Engine, overview: Callable[[], ArticleOverview], alerts: AlertDesk | None = None, features: Sequence[Feature] = ()
    ) -> None:
        self._alerts = alerts
        self._engine = engine
        self._overview = overview
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._commands: dict[str, CommandHandler] = {
            "/start": lambda _words: [plain(texts.START.format(examples="\n".join(f"• {example}" for example in texts.EXAMPLES)))],
            "/hilfe": lambda _words: [self._help()],
            "/help": lambda _words: [self._help()],
        }
        self._buttons: dict[str, ButtonHandler] = {}
        for feature in features:
            self._commands |= feature.commands
            self._buttons |= feature.buttons

    def reply_to(self, text: str, visitor: Visitor = Visitor()) -> list[Reply]:
        """Replies to a message of a visitor (default: the terminal's)."""
        text = text.strip()
        if not any(char.isalnum() for char in text):
            return [plain(texts.EMPTY_MESSAGE)]
        if text.startswith("/"):
            return self._reply_to_command(text, visitor)
        reply = self._reply_to_question(text)
        if len(text) > MAX_QUESTION_CHARS:
            note = Segment(texts.SHORTENED.format(limit=MAX_QUESTION_CHARS) + "\n\n")
            reply = replace(reply, segments=(note, *reply.segments))
        return [reply]

    def press(self, action: str, asked: str = "", visitor: Visitor = Visitor()) -> list[Reply]:
        """Replies to a pressed button; ``asked``: the question above it, if the front end still knows it."""
        kind, *values = action.split(":")
        if kind == PREFIX and self._alerts is not None and not action.startswith(f"{ASK}:"):
            return [self._alerts.press(action, visitor)]
        try:
            if action.startswith(f"{ASK}:"):
                return [self._about(int(values[1]))]
            if kind == MORE:
                return [self._more(values[0], _place(values[1]), asked)]
            if kind == CONTEXT:
                return [self._context(*(int(value) for value in values))]
            if kind in self._buttons:
                return self._buttons[kind](values)
        except (ValueError, IndexError, TypeError):
            pass  # a button of another version of this program
        return [plain(texts.FORGOTTEN)]

    def _reply_to_command(self, text: str, visitor: Visitor) -> list[Reply]:
        first, *rest = text.split(maxsplit=1)
        command = first.split("@")[0].lower()
        if self._alerts is not None and command in COMMANDS:
            return [self._alerts.reply_to(command, "".join(rest), visitor)]
        handler = self._commands.get(command)
        return handler(rest[0] if rest else "") if handler else [plain(texts.UNKNOWN_COMMAND.format(command=command[:40]))]

    def _help(self) -> Reply:
        overview = self._overview()
        newest, demo = german_date(overview.newest), texts.DEMO_NOTE if overview.has_demo else ""
        return plain(texts.HELP.format(articles=overview.articles, newest=newest, demo=demo))

    def _about(self, row: int) -> Reply:
        """More on an article that was told: its headline as a question."""
        stored = self._engine.article(row)
        return self._reply_to_question(stored.article.title) if stored and stored.article.title else plain(texts.CHANGED)

    def _reply_to_question(self, text: str) -> Reply:
        answer = self._engine.answer(text)
        return _answer_reply(answer, self._remember(answer) if answer.is_answered else "")

    def _more(self, answer_id: str, start: int, asked: str) -> Reply:
        answer = self._answers.get(answer_id)
        if answer is None and asked:
            answer = self._engine.answer(asked)
            answer_id = self._remember(answer)
        if answer is None:
            return plain(texts.FORGOTTEN)
        # The answer was remembered; its articles may have changed since.
        current = tuple(quote for quote in answer.quotes[start:] if self._engine.is_current(quote))
        answer = self._answers[answer_id] = replace(answer, quotes=answer.quotes[:start] + current)
        return _quotes_reply(answer_id, answer, start) if start < len(answer.quotes) else plain(texts.NO_MORE)

    def _context(self, row: int, version: int, start: int, end: int) -> Reply:
        stored = self._engine.article(row)
        if stored is None or stored.version != version or not 0 <= start < end <= len(stored.article.text):
            return plain(texts.CHANGED)
        return Reply((Segment(texts.CONTEXT_OF), *_context_segments(stored, Span(start, end))))

    def _remember(self, answer: Answer) -> str:
        answer_id = secrets.token_urlsafe(6).replace(":", "_")
        self._answers[answer_id] = answer
        while len(self._answers) > REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)
        return answer_id


def _place(text: str) -> int:
    """The number of a quote, from a button. Raises ValueError for one that no button has."""
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def answer_replies(answer: Answer) -> list[Reply]:
    """An answer as replies without buttons, for a place where nothing can be pressed."""
    return [Reply(_answer_reply(answer, "").segments)]


def _answer_reply(answer: Answer, answer_id: str) -> Reply:
    reply = _quotes_reply(answer_id, answer, 0) if answer.is_answered else abstention_reply(answer)
    return replace(reply, segments=(*_correction_segments(answer), *reply.segments))


def _correction_segments(answer: Answer) -> list[Segment]:
    words = ", ".join(dict.fromkeys(correction.searched for correction in answer.corrections))
    return [Segment(f"{texts.SEARCHED_FOR.format(words=words)}\n\n", Style.ITALIC)] if words else []


def _quotes_reply(answer_id: str, answer: Answer, start: int) -> Reply:
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
    return Reply(tuple(segments))


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


def _context_segments(stored: StoredArticle, span: Span) -> list[Segment]:
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
