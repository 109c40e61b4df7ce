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

from bot import texts
from bot.alerts.actions import ASK, PREFIX
from bot.alerts.commands import COMMANDS, AlertDesk
from bot.answers import CONTEXT, MORE, answer_reply, context_segments, quotes_reply
from bot.features import ButtonHandler, CommandHandler, Feature
from bot.quote_text import german_date
from bot.replies import Reply, Segment, plain
from bot.visitors import Visitor
from index.articles import Span
from index.retrieval.engine import MAX_QUESTION_CHARS, Answer, Engine

REMEMBERED_ANSWERS = 500  # in memory only, for "more"; the oldest are forgotten


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
            "/start": lambda _words, _visitor: [plain(texts.START.format(examples="\n".join(f"• {example}" for example in texts.EXAMPLES)))],
            "/hilfe": lambda _words, _visitor: [self._help()],
            "/help": lambda _words, _visitor: [self._help()],
        }
        self._buttons: dict[str, ButtonHandler] = {}
        for feature in features:
            self._commands |= feature.commands
            self._buttons |= feature.buttons

    def reply_to(self, text: str, visitor: Visitor = Visitor()) -> list[Reply]:
        """Replies to a message of a visitor (default: the terminal's), in the visitor's language."""
        with texts.speaking(visitor.language):
            return self._reply_to(text.strip(), visitor)

    def press(self, action: str, asked: str = "", visitor: Visitor = Visitor()) -> list[Reply]:
        """Replies to a pressed button; ``asked``: the question above it, if the front end still knows it."""
        with texts.speaking(visitor.language):
            return self._press(action, asked, visitor)

    def _reply_to(self, text: str, visitor: Visitor) -> list[Reply]:
        if not any(char.isalnum() for char in text):
            return [plain(texts.EMPTY_MESSAGE)]
        if text.startswith("/"):
            return self._reply_to_command(text, visitor)
        reply = self._reply_to_question(text)
        if len(text) > MAX_QUESTION_CHARS:
            note = Segment(texts.SHORTENED.format(limit=MAX_QUESTION_CHARS) + "\n\n")
            reply = replace(reply, segments=(note, *reply.segments))
        return [reply]

    def _press(self, action: str, asked: str, visitor: Visitor) -> list[Reply]:
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
                return self._buttons[kind](values, visitor)
        except (ValueError, IndexError, TypeError):
            pass  # a button of another version of this program
        return [plain(texts.FORGOTTEN)]

    def _reply_to_command(self, text: str, visitor: Visitor) -> list[Reply]:
        first, *rest = text.split(maxsplit=1)
        command = first.split("@")[0].lower()
        if self._alerts is not None and command in COMMANDS:
            return [self._alerts.reply_to(command, "".join(rest), visitor)]
        handler = self._commands.get(command)
        return handler(rest[0] if rest else "", visitor) if handler else [plain(texts.UNKNOWN_COMMAND.format(command=command[:40]))]

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
        return answer_reply(answer, self._remember(answer) if answer.is_answered else "")

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
        return quotes_reply(answer_id, answer, start) if start < len(answer.quotes) else plain(texts.NO_MORE)

    def _context(self, row: int, version: int, start: int, end: int) -> Reply:
        stored = self._engine.article(row)
        if stored is None or stored.version != version or not 0 <= start < end <= len(stored.article.text):
            return plain(texts.CHANGED)
        return Reply((Segment(texts.CONTEXT_OF), *context_segments(stored, Span(start, end))))

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
