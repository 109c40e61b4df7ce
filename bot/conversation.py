"""The conversation: a message or a pressed button in, replies out. Terminal and Telegram both use it.

message ── command? ── its text
        └─ question ── refers to the one before? (bot/follow_ups.py)
             ├─ asks only for news, or names a subject that no sentence answers ── bot/keywords.py
             └─ engine ── quotes with buttons, or an honest "I do not know" with near headlines
        (a command about alerts goes to bot/alerts/commands.py, a button "al:…" too)
button  ── "more": next quotes of the same answer   ── "context": the passage around a quote   ── a thumb: bot/feedback.py
        ── "alone", "anytime": the question without what was inferred
"/start" with a payload ── the question or the preview of the rule that a link holds (bot/deep_links.py)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import texts
from bot.alerts.actions import ASK, PREFIX
from bot.alerts.commands import COMMANDS, AlertDesk
from bot.answer_memory import IN_CONTEXT, AnswerMemory
from bot.answer_notes import ALONE, ANY_TIME, NEW_QUESTION, with_notes
from bot.answers import ALERT, CONTEXT, MORE, answer_reply, context_reply, quotes_reply
from bot.deep_links import GREETING, QUESTION, decode_link
from bot.features import ButtonHandler, CommandHandler, Feature
from bot.feedback import KINDS, FeedbackDesk
from bot.follow_ups import BEYOND, Asked, answer_place, asks_for_more, meant_articles, quoted_place, read_message, split_new_question
from bot.keywords import KeywordDesk
from bot.message_parts import NOTHING, Replied
from bot.quote_text import shown_date
from bot.replies import Reply, Segment, Style, plain
from bot.small_talk import small_talk
from bot.turns import Turn, Turns
from bot.visitors import Visitor
from index.alerting.from_question import rule_of_question
from index.articles import Span, StoredArticle
from index.language.sentences import split_sentences
from index.retrieval.engine import MAX_QUESTION_CHARS, Answer, Engine
from index.retrieval.scope import Scope

SUBJECT_COMMANDS = frozenset({"/thema", "/zeitstrahl"})  # "/thema OZG", "seit wann?"


@dataclass(frozen=True, slots=True)
class ArticleOverview:
    """What the help text says about the stored articles."""

    articles: int
    newest: date | None
    has_demo: bool


class Conversation:
    """Answers messages and buttons. Not thread-safe: front ends call it from one thread at a time."""

    def __init__(
        self,
        engine: Engine,
        overview: Callable[[], ArticleOverview],
        alerts: AlertDesk | None = None,
        features: Sequence[Feature] = (),
        turns: Turns | None = None,
        feedback: FeedbackDesk | None = None,
        language_of: Callable[[Visitor], str] = lambda visitor: visitor.language,
        keywords: KeywordDesk | None = None,
    ) -> None:
        self._turns = Turns() if turns is None else turns
        self._alerts = alerts
        self._feedback = feedback
        self._language_of = language_of
        self._keywords = keywords
        self._engine = engine
        self._overview = overview
        self._answers = AnswerMemory(engine)
        self._commands: dict[str, CommandHandler] = {
            "/start": lambda words, visitor: self._start(words.strip(), visitor),
            "/hilfe": lambda _words, _visitor: [self._help()],
            "/help": lambda _words, _visitor: [self._help()],
            "/neuefrage": lambda words, visitor: self._begin_anew(words, visitor),
        }
        self._buttons: dict[str, ButtonHandler] = {}
        for feature in features:
            self._commands |= feature.commands
            self._buttons |= feature.buttons

    def reply_to(self, text: str, visitor: Visitor = Visitor(), replied_to: Replied = NOTHING) -> list[Reply]:
        """Replies to a message of a visitor (default: the terminal's), in the visitor's language. ``replied_to``: the message of ours, or
        its part, that it replies to; that tells which article is meant."""
        with texts.speaking(self._language_of(visitor)):
            return self._reply_to(text.strip(), visitor, replied_to)

    def knows(self, command: str) -> bool:
        """Whether a command, such as "/hilfe", is one that is answered."""
        return command in self.commands

    @property
    def commands(self) -> frozenset[str]:
        """All commands, with slash."""
        return frozenset(self._commands) | (COMMANDS if self._alerts is not None else frozenset())

    @property
    def button_kinds(self) -> frozenset[str]:
        """What actions of buttons begin with: "more", "al:save" …"""
        of_alerts = {f"{PREFIX}:{verb}" for verb in self._alerts.verbs} if self._alerts is not None else set()
        return frozenset({MORE, CONTEXT, ASK, ALONE, ANY_TIME, NEW_QUESTION, *(KINDS if self._feedback is not None else ()), *self._buttons, *of_alerts})

    def press(self, action: str, asked: str = "", visitor: Visitor = Visitor()) -> list[Reply]:
        """Replies to a pressed button; ``asked``: the question above it, if the front end still knows it."""
        with texts.speaking(self._language_of(visitor)):
            return self._press(action, asked, visitor)

    def _reply_to(self, text: str, visitor: Visitor, replied_to: Replied) -> list[Reply]:
        if not any(char.isalnum() for char in text):
            return [plain(texts.EMPTY_MESSAGE)]
        if text.startswith("/"):
            return self._reply_to_command(text, visitor)
        if (kind := small_talk(text)) is not None:
            return [plain(texts.SMALL_TALK[kind])]
        begins_anew, question = split_new_question(text)
        if begins_anew:
            return self._begin_anew(question, visitor)
        reply = self._reply_to_question(text, visitor, replied_to)
        if len(text) > MAX_QUESTION_CHARS:
            note = Segment(texts.SHORTENED.format(limit=MAX_QUESTION_CHARS) + "\n\n")
            reply = replace(reply, segments=(note, *reply.segments))
        return [reply]

    def _press(self, action: str, asked: str, visitor: Visitor) -> list[Reply]:
        kind, *values = action.split(":")
        if action.startswith(f"{ALERT}:"):
            return [self._alert_from(values[1], asked, visitor)]
        if kind == PREFIX and self._alerts is not None and not action.startswith(f"{ASK}:"):
            return [self._alerts.press(action, visitor)]
        try:
            if action.startswith(f"{ASK}:"):
                return [self._about(int(values[1]), visitor)]
            if kind == MORE:
                return [self._more(values[0], _place(values[1]), asked, visitor)]
            if kind in {ALONE, ANY_TIME}:
                return [self._without_inference(kind, values[0], question_of(asked), visitor)]
            if kind == NEW_QUESTION:
                return self._begin_anew("", visitor)
            if kind == CONTEXT:
                return [self._context(*(int(value) for value in values))]
            if kind in KINDS and self._feedback is not None:
                return [self._feedback.press(kind, values, lambda answer_id: self._answers.recall(answer_id, question_of(asked)), visitor)]
            if kind in self._buttons:
                return self._buttons[kind](values, visitor)
        except (ValueError, IndexError, TypeError):
            pass  # a button of another version of this program
        return [plain(texts.FORGOTTEN)]

    def _reply_to_command(self, text: str, visitor: Visitor) -> list[Reply]:
        first, *rest = text.split(maxsplit=1)
        command = first.split("@")[0].lower()
        if command == "/vergessen":
            self._turns.forget_chat(visitor.chat_id)
            self._answers.forget_chat(visitor.chat_id)
            if self._feedback is not None:
                self._feedback.forget_chat(visitor.chat_id)
        if command in SUBJECT_COMMANDS and rest:
            self._turns.add(visitor, Turn(rest[0][:MAX_QUESTION_CHARS]))
        if self._alerts is not None and command in COMMANDS:
            return [self._alerts.reply_to(command, "".join(rest), visitor)]
        handler = self._commands.get(command)
        return handler(rest[0] if rest else "", visitor) if handler else [plain(texts.UNKNOWN_COMMAND.format(command=command[:40]))]

    def _start(self, payload: str, visitor: Visitor) -> list[Reply]:
        """A greeting, or what a link leads to."""
        opened = decode_link(payload)
        if opened is not None and opened.kind == QUESTION:
            reply = self._ask(Asked(opened.text), visitor)
            note = Segment(texts.LINK_QUESTION.format(question=opened.text) + "\n\n", Style.ITALIC)
            return [replace(reply, segments=(note, *reply.segments))]
        if opened is not None and self._alerts is not None:
            return [self._alerts.reply_to("/alarm", opened.text, visitor)]
        greeting = texts.START.format(examples="\n".join(f"• {example}" for example in texts.EXAMPLES))
        return [plain(f"{greeting}\n\n{texts.LINK_UNREADABLE}" if payload not in ("", GREETING) else greeting)]

    def _help(self) -> Reply:
        overview = self._overview()
        newest, demo = shown_date(overview.newest), texts.DEMO_NOTE if overview.has_demo else ""
        return plain(texts.HELP.format(articles=overview.articles, newest=newest, demo=demo))

    def _about(self, row: int, visitor: Visitor) -> Reply:
        """More on an article that was told: its headline as a question."""
        stored = self._engine.article(row)
        return self._ask(Asked(stored.article.title), visitor) if stored and stored.article.title else plain(texts.CHANGED)

    def _reply_to_question(self, text: str, visitor: Visitor, replied_to: Replied = NOTHING) -> Reply:
        about = meant_articles(replied_to, self._engine.article, self._engine.linked_article)
        if asks_for_more(text):
            return self._more_of(replied_to, about, visitor)
        return self._ask(read_message(text, self._turn_of(replied_to) or self._turns.last(visitor), about), visitor)

    def _turn_of(self, replied_to: Replied) -> Turn | None:
        """The question whose answer somebody replies to, also an older one or another person's, while it is remembered."""
        place = answer_place(replied_to.actions)
        answer = self._answers.find(place[0]) if place else None
        return Turn(_searched(answer)) if answer else None

    def _more_of(self, replied_to: Replied, about: Sequence[StoredArticle], visitor: Visitor) -> Reply:
        """Further quotes of the answer replied to, or given last; where one article is meant, what stands around its quote."""
        answer, turn = answer_place(replied_to.actions), self._turns.last(visitor)
        if len(about) == 1 and (replied_to.is_part or answer is None):
            self._turns.add(visitor, Turn(about[0].article.title or about[0].article.key))
            return self._around(replied_to, about[0])
        if answer is not None:
            return self._more(*answer, "", visitor) if answer[1] != BEYOND else plain(texts.NO_MORE)
        return self._more(turn.answer_id, turn.shown, "", visitor) if turn else plain(texts.FORGOTTEN)

    def _around(self, replied_to: Replied, stored: StoredArticle) -> Reply:
        """The article around the quote that is meant; its beginning where there is none."""
        place = quoted_place(replied_to.actions)
        if place is not None:
            return self._context(*place)
        start = stored.article.text.find(replied_to.quoted) if replied_to.quoted else -1
        found = Span(start, start + len(replied_to.quoted)) if start >= 0 else next(iter(split_sentences(stored.article.text)), None)
        return context_reply(stored, found) if found else plain(texts.NO_MORE)

    def _ask(self, asked: Asked, visitor: Visitor) -> Reply:
        stands_alone = self._keywords is not None and not asked.before and not asked.scope.articles
        if stands_alone and (news := self._keywords.news(asked.text)) is not None:
            return news
        answer = self._engine.answer(asked.text, asked.before, scope=asked.scope)
        answer_id = self._answers.add(answer, visitor.chat_id)
        self._turns.add(visitor, Turn(_searched(answer), answer_id, answer.shown))
        if stands_alone and not answer.is_answered and (on_subject := self._keywords.subject(asked.text)) is not None:
            return on_subject
        return with_notes(answer_reply(answer, answer_id), answer, answer_id)

    def _begin_anew(self, question: str, visitor: Visitor) -> list[Reply]:
        self._turns.forget(visitor)
        return self._reply_to(question.strip(), visitor, NOTHING) if question.strip() else [plain(texts.NEW_QUESTION)]

    def _without_inference(self, kind: str, answer_id: str, asked: str, visitor: Visitor) -> Reply:
        """The same question without what was inferred: its reference to others, or its time."""
        answer = self._answers.find(answer_id)
        if answer is None and (not asked or (kind == ANY_TIME and answer_id.startswith(IN_CONTEXT))):
            return plain(texts.FORGOTTEN)
        question, before, scope = (answer.question, answer.before, answer.scope) if answer else (asked, "", Scope())
        if kind == ALONE:
            return self._ask(Asked(question, "", Scope(any_time=scope.any_time)), visitor)
        return self._ask(Asked(question, before, replace(scope, any_time=True)), visitor)

    def _alert_from(self, answer_id: str, asked: str, visitor: Visitor) -> Reply:
        """The preview of an alert on what was asked about; nothing is saved by it."""
        answer = self._answers.recall(answer_id, question_of(asked))
        if answer is None or self._alerts is None:
            return plain(texts.FORGOTTEN)
        return self._alerts.reply_to("/alarm", rule_of_question(answer.concepts), visitor)

    def _more(self, answer_id: str, start: int, asked: str, visitor: Visitor) -> Reply:
        answer = self._answers.recall(answer_id, question_of(asked))
        if answer is None:
            return plain(texts.FORGOTTEN)
        if self._answers.find(answer_id) is None:
            answer_id = self._answers.add(answer, visitor.chat_id)
        # The answer was remembered; its articles may have changed since.
        current = tuple(quote for quote in answer.quotes[start:] if self._engine.is_current(quote))
        answer = replace(answer, quotes=answer.quotes[:start] + current)
        self._answers.change(answer_id, answer)
        if start >= len(answer.quotes):
            return plain(texts.NO_MORE)
        turn = self._turns.last(visitor)
        if turn is not None and turn.answer_id == answer_id:
            self._turns.add(visitor, replace(turn, shown=start + answer.shown))
        return quotes_reply(answer_id, answer, start)

    def _context(self, row: int, version: int, start: int, end: int) -> Reply:
        stored = self._engine.article(row)
        if stored is None or stored.version != version or not 0 <= start < end <= len(stored.article.text):
            return plain(texts.CHANGED)
        return context_reply(stored, Span(start, end))


def _searched(answer: Answer) -> str:
    """What an answer was given to, with what its question took from the ones before."""
    return (answer.understood.searched if answer.understood else answer.question)[:MAX_QUESTION_CHARS]


def question_of(asked: str) -> str:
    """The question in a message: the message itself, or what its link holds; "" for another command."""
    if not asked.startswith("/"):
        return asked
    opened = decode_link(asked.partition(" ")[2].strip())
    return opened.text if opened is not None and opened.kind == QUESTION else ""


def _place(text: str) -> int:
    """The number of a quote, from a button. Raises ValueError for one that no button has."""
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)
