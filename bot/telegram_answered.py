"""Which messages were answered, and by which: no answer comes twice, and an edited question renews its answer. In memory only.

Of a question only a number is kept (its hash), to see whether an edit changed it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

# More than Telegram lets a bot answer in half an hour; edits come within minutes.
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the bot; only one of text alone can become another text."""

    message_id: int
    is_text: bool


@dataclass(slots=True)
class Answered:
    """What became of a message. ``turn`` is held while it is answered, so that an edit waits for the first answer."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    digest: int = 0
    sent: tuple[Sent, ...] = ()


class AnsweredMessages:
    """Answers by (chat, message)."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._answered: OrderedDict[Hashable, Answered] = OrderedDict()

    def begin(self, key: Hashable) -> Answered | None:
        """A new entry; None for a message that has one already."""
        if key in self._answered:
            return None
        entry = self._answered[key] = Answered()
        while len(self._answered) > self._remembered:
            self._answered.popitem(last=False)
        return entry

    def find(self, key: Hashable) -> Answered | None:
        return self._answered.get(key)
