"""Messages to all: one chat after the other at Telegram's pace, going on where a killed process stopped.

    next chat that is due → wait for its turn → mark "sending" → send → mark what came of it      … nobody left → report to who sent it

Unlike an alert, a message to all is not repeated when nobody knows whether it arrived (a kill or a lost connection between "sending" and
the mark): no chat gets it twice, and the report counts those as uncertain.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot import texts
from bot.alerts.delivering import Outcome, Sender, wait_after
from bot.alerts.store import AlertStore
from bot.operating.broadcast_commands import OPT_OUT
from bot.operating.store import Broadcast, BroadcastDue, OperatorStore
from bot.replies import Button, Reply, Segment, Style, plain
from bot.sole_sender import SoleSender
from index.errors import StoreError

IDLE_S = 1.0  # how soon a confirmed message begins to go out
MAX_ATTEMPTS = 5  # Telegram refuses, or cannot be reached: about a minute with growing pauses

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of a delivery after an attempt; ``retry_in_s`` where it is due again."""

    state: str
    retry_in_s: float = 0.0


def mark_after(outcome: Outcome, attempts: int) -> Mark:
    """What an attempt's outcome means for a message to all; ``attempts``: made so far, this one included."""
    if outcome.kind == "sent":
        return Mark("sent")
    if outcome.is_uncertain:
        return Mark("uncertain")
    if outcome.kind in {"blocked", "refused"} or attempts >= MAX_ATTEMPTS:
        return Mark("failed")
    return Mark("due", wait_after(outcome, attempts))


def broadcast_reply(text: str) -> Reply:
    """What the chats get."""
    return Reply((Segment(text), Segment(f"\n\n{texts.BROADCAST_FOOTER}", Style.ITALIC)), ((Button(texts.BROADCAST_OFF_BUTTON, f"{OPT_OUT}:off"),),))


def report_text(number: int, counts: dict[str, int]) -> str:
    """The result for who sent it."""
    return texts.BROADCAST_REPORT.format(id=number, **{state: counts.get(state, 0) for state in ("sent", "failed", "uncertain")})


class Broadcaster:
    """Sends what is confirmed until stopped."""

    def __init__(self, store: OperatorStore, alerts: AlertStore, sender: Sender, lock: Path, now: Callable[[], float] = time.time) -> None:
        """``lock``: the file that makes one process the sender."""
        self._store, self._alerts, self._sender, self._now = store, alerts, sender, now
        self._sole = SoleSender(lock, "broadcasts")

    async def run(self) -> None:
        """Until ``stop``; a fault of the database is logged and tried again."""
        try:
            await self._become_the_sender()
            while not self._sole.is_stopped:
                await self._send_next()
        finally:
            self._sole.release()

    async def _send_next(self) -> None:
        try:
            due = await self._sole.in_thread(lambda: self._store.next_due(self._now()))
            if due is not None:
                await self._serve(due)
                return
            for broadcast in await self._sole.in_thread(self._store.finished_broadcasts):
                await self._finish(broadcast)
        except StoreError as error:
            log.error("Rundruf: %s", error)
        except Exception:
            log.exception("Ein Rundruf ließ sich nicht senden.")
        await self._sole.pause(IDLE_S)

    async def stop(self) -> None:
        """The message on its way ends with ``run``."""
        self._sole.stop()

    async def _become_the_sender(self) -> None:
        if await self._sole.wait_to_be_it():
            await self._sole.in_thread(self._store.recover_broadcasts)

    async def _serve(self, due: BroadcastDue) -> None:
        await self._sender.wait_for_turn(due.chat_id)
        await self._sole.in_thread(lambda: self._store.mark(due, "sending"))
        try:
            outcome = await self._sender.send(due.chat_id, 0, broadcast_reply(due.text))
        except Exception:
            log.exception("Ein Rundruf ließ sich nicht senden.")
            outcome = Outcome("failed", is_uncertain=True)
        mark = mark_after(outcome, due.attempts + 1)
        await self._sole.in_thread(lambda: self._store.mark(due, mark.state, self._now() + mark.retry_in_s))
        if outcome.kind == "blocked":
            await self._sole.in_thread(lambda: self._alerts.block(due.chat_id, self._now()))
        elif outcome.kind == "moved":
            await self._sole.in_thread(lambda: self._alerts.move_chat(due.chat_id, outcome.new_chat))

    async def _finish(self, broadcast: Broadcast) -> None:
        """Report first: killed in between, the report comes twice rather than never."""
        counts = await self._sole.in_thread(lambda: self._store.broadcast_counts(broadcast.id))
        await self._sender.wait_for_turn(broadcast.admin)
        outcome = await self._sender.send(broadcast.admin, 0, plain(report_text(broadcast.id, counts)))
        if outcome.kind not in {"flood", "failed"}:
            await self._sole.in_thread(lambda: self._store.finish_broadcast(broadcast.id))
