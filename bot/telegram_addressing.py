"""Whether a message is meant for the bot, and what it asks. Pure: data in, a decision out.

message ── service, other bots, automatic forward ──────────────────────────────── ignored
        ├─ private: text, caption, forwarded text ───────────────────────────────── answered;  photo, voice … without text: a kind sentence
        ├─ group: mention, reply to the bot, own command ────────────────────────── answered;  anything else: silence
        └─ channel: own command, post that begins with the mention ──────────────── answered;  anything else: silence
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from index.articles import Span
from index.language.sentences import split_sentences

# A person edits a typing error within minutes; a later edit is about something else.
EDIT_WINDOW_S = 300.0
# A question is rarely longer; of a longer forwarded text the beginning says what it is about.
MAX_FORWARD_CHARS = 300
HEADLINE_CHARS = 160


class Place(Enum):
    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as far as it matters here. ``text``: its text or caption; ``mentions``: where the bot is named in it;
    ``kind``: what it holds besides text ("photo", "voice" …, "" for none); ``replied_text``: of the message that it answers."""

    place: Place
    text: str = ""
    kind: str = ""
    mentions: tuple[Span, ...] = ()
    is_reply_to_bot: bool = False
    is_forward: bool = False
    is_from_machine: bool = False
    replied_text: str = ""


class Action(Enum):
    IGNORE = "ignore"
    ANSWER = "answer"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True)
class Decision:
    """``text``: what is asked; ``is_cut``: it is the beginning of a longer forwarded text."""

    action: Action
    text: str = ""
    is_cut: bool = False


IGNORED = Decision(Action.IGNORE)


def decide(incoming: Incoming, username: str, knows: Callable[[str], bool]) -> Decision:
    """What to do with a message; ``knows`` tells whether a command ("/hilfe") is one of the bot's own."""
    text = without_mentions(incoming.text, incoming.mentions)
    if incoming.is_from_machine or is_for_another_bot(text, username):
        return IGNORED
    if not is_addressed(incoming, text, username, knows):
        return IGNORED
    if incoming.is_forward and incoming.place is Place.PRIVATE:
        return _forwarded(text, incoming.kind)
    if not text and incoming.mentions and incoming.replied_text:
        return _forwarded(incoming.replied_text, "")  # "@bot" under somebody's question
    if incoming.text:
        return Decision(Action.ANSWER, text)
    return Decision(Action.EXPLAIN) if incoming.kind else IGNORED


def is_addressed(incoming: Incoming, text: str, username: str, knows: Callable[[str], bool]) -> bool:
    """Whether the bot is spoken to; ``text`` is without mentions."""
    command, is_named = read_command(text, username)
    if incoming.place is Place.PRIVATE:
        return True
    if incoming.is_forward:
        return False  # what is passed on in a group was said to somebody else
    if command:
        return is_named or knows(command)
    if incoming.place is Place.CHANNEL:
        return any(not incoming.text[: span.start].strip() for span in incoming.mentions)
    return bool(incoming.mentions) or incoming.is_reply_to_bot


def read_command(text: str, username: str) -> tuple[str, bool]:
    """The command that ``text`` begins with, "" for none, and whether it names this bot."""
    command, _at, name = text.split(maxsplit=1)[0].partition("@") if text.strip() else ("", "", "")
    return (command.lower(), name.lower() == username.lower()) if command.startswith("/") else ("", False)


def is_for_another_bot(text: str, username: str) -> bool:
    """Whether ``text`` is a command such as ``/hilfe@other_bot``."""
    command, _at, name = text.split(maxsplit=1)[0].partition("@") if text.strip() else ("", "", "")
    return command.startswith("/") and bool(name) and name.lower() != username.lower()


def without_mentions(text: str, mentions: tuple[Span, ...]) -> str:
    """``text`` without the places where the bot is named, and without the gaps that they leave."""
    for span in sorted(mentions, key=lambda span: -span.start):
        before, after = text[: span.start].rstrip(), text[span.end :].lstrip(" ,:;")
        is_end = after[:1] in {".", "?", "!"}
        text = f"{before} {after}" if before and after and not is_end else before.rstrip(" ,:;" if is_end else "") + after
    return text.strip()


def forwarded_question(text: str) -> str:
    """What a forwarded text is about: all of it if it is short, else its headline or first sentences."""
    text = text.strip()
    if len(text) <= MAX_FORWARD_CHARS:
        return text
    headline = text.splitlines()[0].strip()
    if len(headline) <= HEADLINE_CHARS and any(char.isalnum() for char in headline):
        return headline
    kept = ""
    for sentence in split_sentences(text):
        if kept and sentence.end > MAX_FORWARD_CHARS:
            break
        kept = text[: sentence.end]
    return kept[:MAX_FORWARD_CHARS].strip()


def is_fresh_edit(written_at: float, edited_at: float) -> bool:
    """Whether a message was edited so soon after it was written that its answer should follow; times in seconds."""
    return edited_at - written_at <= EDIT_WINDOW_S


def _forwarded(text: str, kind: str) -> Decision:
    if not text:
        return Decision(Action.EXPLAIN) if kind else IGNORED
    question = forwarded_question(text)
    return Decision(Action.ANSWER, question, is_cut=len(question) < len(text.strip()))
