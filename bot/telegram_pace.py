"""Telegram's limits kept by ourselves, chat by chat: one chat's flood wait never delays another."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

# https://core.telegram.org/bots/faq: about one message a second in a chat, 30 a second overall, 20 a minute in a group.
CHAT_INTERVAL_S = 1.0
CHAT_BURST = 3  # short bursts pass
GROUP_INTERVAL_S = 3.0
# Together never more than 30 within any second, as a server counts them that gets some late: 24 a second after a burst of 3.
ALL_INTERVAL_S = 1.0 / 24
ALL_BURST = 3
# Alerts come no faster than this to one chat, without bursts; a little more than the limit, since the network may bring two together.
ALERT_MARGIN = 1.05
MAX_RETRIES = 5
REMEMBERED_CHATS = 10_000
PACED_METHODS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "editMessageText"})

# Given as ``rate_limit_args`` with a call whose turn has been waited for: it is made at once, and a flood wait goes through.
TURN_TAKEN = -1

log = logging.getLogger(__name__)


class Pace:
    """Times at which something may happen again: ``burst`` at once, then one each ``interval_s``."""

    def __init__(self, interval_s: float, burst: int = 1) -> None:
        self._interval_s = interval_s
        self._slack_s = interval_s * (burst - 1)
        self._next = 0.0

    def reserve(self, now: float) -> float:
        """Take the next place; returns how many seconds to wait for it."""
        start = max(now, self._next - self._slack_s)
        self._next = max(now, self._next) + self._interval_s
        return start - now

    def hold_until(self, when: float) -> None:
        """Nothing before ``when``."""
        self._next = max(self._next, when + self._slack_s)


class ChatPacer(BaseRateLimiter[int]):
    """Waits before each call as long as Telegram's limits ask, and after a 429 as long as it says, for that chat only."""

    def __init__(self, all_interval_s: float = ALL_INTERVAL_S, chat_interval_s: float = CHAT_INTERVAL_S) -> None:
        self._all = Pace(all_interval_s, ALL_BURST)
        self._chat_interval_s = chat_interval_s
        self._chats: OrderedDict[str, Pace] = OrderedDict()
        self._last_alerts: OrderedDict[str, float] = OrderedDict()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Call ``callback`` in its turn; after a flood wait again, at most MAX_RETRIES times, then RetryAfter goes through."""
        chat = str(data.get("chat_id", ""))
        if rate_limit_args == TURN_TAKEN:
            await self._wait_for(self._all)  # here and not before: work on the database between turn and call would bunch calls together
            try:
                return await callback(*args, **kwargs)
            finally:  # counted from the answer: however long the message took, the server saw it earlier
                self._note_alert(chat, time.monotonic())
        is_paced = endpoint in PACED_METHODS and bool(chat)
        for attempt in range(MAX_RETRIES + 1):
            if is_paced:
                await self._wait_for_turn(chat)
                self._note_alert(chat, time.monotonic())  # alerts keep their distance from replies too
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as flood:
                if not is_paced or attempt == MAX_RETRIES:
                    raise
                wait_s = seconds_of(flood)
                log.warning("Telegram bittet um %.0f s Pause für einen Chat (%s).", wait_s, endpoint)
                self._pace_of(chat).hold_until(time.monotonic() + wait_s)
        raise AssertionError("unreachable")

    async def wait_for_alert_turn(self, chat: str) -> None:
        """Take the next place for an alert to ``chat``, which is then sent with TURN_TAKEN."""
        interval_s = (GROUP_INTERVAL_S if _is_group(chat) else self._chat_interval_s) * ALERT_MARGIN
        wait_s = self._last_alerts.get(chat, 0.0) + interval_s - time.monotonic()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        await self._wait_for(self._pace_of(chat))
        self._note_alert(chat, time.monotonic())

    def resume(self, chat: str, ago_s: float) -> None:
        """A former process sent to ``chat`` so long ago."""
        self._note_alert(chat, time.monotonic() - ago_s)
        self._pace_of(chat).hold_until(time.monotonic() - ago_s + (GROUP_INTERVAL_S if _is_group(chat) else self._chat_interval_s))

    def _note_alert(self, chat: str, at: float) -> None:
        self._last_alerts.pop(chat, None)
        self._last_alerts[chat] = at
        while len(self._last_alerts) > REMEMBERED_CHATS:
            self._last_alerts.popitem(last=False)

    async def _wait_for_turn(self, chat: str) -> None:
        for pace in (self._pace_of(chat), self._all):
            await self._wait_for(pace)

    async def _wait_for(self, pace: Pace) -> None:
        wait_s = pace.reserve(time.monotonic())
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _pace_of(self, chat: str) -> Pace:
        pace = self._chats.pop(chat, None) or (
            Pace(GROUP_INTERVAL_S) if _is_group(chat) else Pace(self._chat_interval_s, CHAT_BURST)
        )
        self._chats[chat] = pace
        while len(self._chats) > REMEMBERED_CHATS:
            self._chats.popitem(last=False)
        return pace


def _is_group(chat: str) -> bool:
    return chat.startswith(("-", "@"))


def seconds_of(flood: RetryAfter) -> float:
    wait = flood.retry_after
    return wait.total_seconds() if hasattr(wait, "total_seconds") else float(wait)
