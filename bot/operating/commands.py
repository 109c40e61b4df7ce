"""The operator's commands: ``/status``, ``/quellen``, ``/rundruf``, ``/sperren``, ``/entsperren``, ``/gesperrt``.

To everybody else they are commands that do not exist. They answer in the private chats of configured persons only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import texts
from bot.alerts.store import AlertStore
from bot.features import ButtonHandler, CommandHandler, Feature
from bot.operating.broadcast_commands import DROP, SEND, broadcast_replies, drop_broadcast, send_broadcast
from bot.operating.state import State, source_states, sources_reply, state_reply
from bot.operating.store import OperatorStore
from bot.quote_text import german_time
from bot.replies import Reply, plain
from bot.visitors import Visitor
from index.storage.store import Store

MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class Desk:
    """What the operator's commands work with."""

    operating: OperatorStore
    alerts: AlertStore
    store: Store
    read_state: Callable[[], State]
    now: Callable[[], float]


def operator_feature(desk: Desk) -> Feature:
    """Commands and buttons, closed to all but operators."""
    commands: dict[str, CommandHandler] = {
        "/status": lambda _words, _visitor: [state_reply(desk.read_state(), desk.now())],
        "/quellen": lambda _words, _visitor: [sources_reply(source_states(desk.store))],
        "/rundruf": lambda words, visitor: broadcast_replies(desk.operating, desk.now, words, visitor),
        "/sperren": lambda words, visitor: [block_reply(desk, words, visitor)],
        "/entsperren": lambda words, _visitor: [unblock_reply(desk, words)],
        "/gesperrt": lambda _words, _visitor: [blocked_reply(desk)],
    }
    buttons: dict[str, ButtonHandler] = {
        SEND: lambda values, _visitor: send_broadcast(desk.operating, values),
        DROP: lambda values, _visitor: drop_broadcast(desk.operating, values),
    }
    return Feature(
        {name: _only_operators(name, handler) for name, handler in commands.items()},
        {name: _only_operators_press(handler) for name, handler in buttons.items()},
    )


def _only_operators(name: str, handler: CommandHandler) -> CommandHandler:
    def answer(words: str, visitor: Visitor) -> list[Reply]:
        return handler(words, visitor) if visitor.is_operator else [plain(texts.UNKNOWN_COMMAND.format(command=name))]

    return answer


def _only_operators_press(handler: ButtonHandler) -> ButtonHandler:
    def answer(values: Sequence[str], visitor: Visitor) -> list[Reply]:
        return handler(values, visitor) if visitor.is_operator else [plain(texts.FORGOTTEN)]

    return answer


def block_reply(desk: Desk, words: str, visitor: Visitor) -> Reply:
    """Answer a person or chat no more, and tell it nothing."""
    number = read_number(words)
    if number is None:
        return plain(texts.BLOCK_HOW)
    if number == visitor.person:
        return plain(texts.BLOCK_NOT_YOU)
    desk.operating.block(number, desk.now())
    desk.alerts.block(number, desk.now())
    return plain(texts.BLOCK_DONE.format(number=number))


def unblock_reply(desk: Desk, words: str) -> Reply:
    number = read_number(words)
    if number is None:
        return plain(texts.BLOCK_HOW)
    if not desk.operating.unblock(number):
        return plain(texts.BLOCK_UNKNOWN.format(number=number))
    desk.alerts.unblock(number)
    return plain(texts.UNBLOCK_DONE.format(number=number))


def blocked_reply(desk: Desk) -> Reply:
    found = desk.operating.blocked()
    lines = [texts.BLOCKED_LINE.format(number=number, since=german_time(since)) for number, since in found[:MAX_LISTED]]
    return plain("\n".join([texts.BLOCKED_LIST.format(count=len(found)), *lines]) if found else texts.BLOCKED_NONE)


def read_number(words: str) -> int | None:
    """The number of a person or chat; None for anything else. Telegram's numbers have at most 52 bits."""
    text = words.strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and 0 < int(digits[:20]) < 2**53 else None
