"""Who is answered: nobody on the operator's list, and nobody too often."""

import logging
from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from bot.rate_limit import RateLimiter, Verdict
from index.errors import StoreError

log = logging.getLogger(__name__)


class Admission(Enum):
    SERVE = "serve"
    TELL_LIMIT = "tell limit"
    TELL_BLOCKED = "tell blocked"
    SILENT = "silent"


class BlockList(Protocol):
    """Numbers of persons and chats that are not answered."""

    def find_blocked(self, numbers: Sequence[int]) -> int | None: ...


class Gate:
    """Decides on each message and button. Operators always pass."""

    def __init__(self, blocked: BlockList, admins: frozenset[int], limiter: RateLimiter | None = None) -> None:
        self._blocked, self._admins, self._limiter = blocked, admins, limiter or RateLimiter()
        self._told: set[int] = set()  # no larger than the list

    def admit(self, person: int, chat_id: int, now: float) -> Admission:
        """``now``: seconds of a monotonic clock. Who is blocked is told so once a run, in a private chat; a group is left in silence."""
        if person in self._admins:
            return Admission.SERVE
        try:
            found = self._blocked.find_blocked((person, chat_id))
            if found is not None:
                return self._refuse(found, chat_id)
        except StoreError as error:
            log.warning("Die Sperrliste ist nicht lesbar (%s).", error)  # what needs no database still works
        verdict = self._limiter.admit(person, chat_id, now)
        return {Verdict.SERVE: Admission.SERVE, Verdict.TELL: Admission.TELL_LIMIT, Verdict.SILENT: Admission.SILENT}[verdict]

    def _refuse(self, number: int, chat_id: int) -> Admission:
        if chat_id < 0 or number in self._told:
            return Admission.SILENT
        self._told.add(number)
        return Admission.TELL_BLOCKED
