"""The last question of each person in each chat, in memory for half an hour, so that "seit wann?" can be understood. Nothing is stored."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.visitors import Visitor

# After half an hour nobody means the question before; long enough to read an article in between.
KEPT_S = 30 * 60.0
MAX_PERSONS = 10_000  # about 10 MB; the longest silent are forgotten first


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was understood (``searched``), the answer it got (its id, "" for none), and how many quotes of it were shown."""

    searched: str
    answer_id: str = ""
    shown: int = 0


class Turns:
    """The last turn of each visitor. ``clock``: seconds that never run back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, kept_s: float = KEPT_S, max_persons: int = MAX_PERSONS) -> None:
        self._clock, self._kept_s, self._max_persons = clock, kept_s, max_persons
        self._turns: OrderedDict[tuple[int, int, int], tuple[float, Turn]] = OrderedDict()  # the longest silent first

    def __len__(self) -> int:
        return len(self._turns)

    def last(self, visitor: Visitor) -> Turn | None:
        """What the visitor asked last, if that is not too long ago."""
        self._drop_old()
        found = self._turns.get(_key(visitor))
        return found[1] if found else None

    def add(self, visitor: Visitor, turn: Turn) -> None:
        """A further turn of the visitor; it takes the place of the one before, which its ``searched`` holds already."""
        self._turns[_key(visitor)] = (self._clock(), turn)
        self._turns.move_to_end(_key(visitor))
        self._drop_old()

    def forget(self, visitor: Visitor) -> None:
        """What the visitor asks next stands alone."""
        self._turns.pop(_key(visitor), None)

    def forget_chat(self, chat_id: int) -> None:
        """Everything about a chat."""
        for key in [key for key in self._turns if key[0] == chat_id]:
            del self._turns[key]

    def _drop_old(self) -> None:
        oldest = self._clock() - self._kept_s
        while self._turns and (len(self._turns) > self._max_persons or next(iter(self._turns.values()))[0] < oldest):
            self._turns.popitem(last=False)


def _key(visitor: Visitor) -> tuple[int, int, int]:
    return visitor.chat_id, visitor.thread_id, visitor.person
