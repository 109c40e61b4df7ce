"""Due deliveries out to the chats.

    chats with something due → plan (send, later, digest) → render → wait for the turn → mark "sending" → send → mark what came of it

One process sends at a time (a lock file that the system frees when a process dies). Killed between "sending" and the mark, nobody
can know whether the message arrived: it is sent again when the next process starts, and counted as uncertain. One chat is served
by one task at a time, so its order is kept; waiting times are stored per chat, not slept.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bot import texts
from bot.alerts.nouns import Delivery
from bot.alerts.rendering import Told, alert_reply, correction_reply, fit, tell_alert
from bot.alerts.schedules import CORRECTION, MAX_GROUPED, plan_chat
from bot.alerts.store import AlertStore
from bot.replies import Reply
from bot.sole_sender import SoleSender
from index.alerting.archive import article_nearness
from index.articles import StoredArticle
from index.errors import StoreError
from index.storage.store import Store

IDLE_S = 1.0  # how soon a new delivery is seen
MAX_CHATS = 40  # served at the same time: more than 30 a second are not allowed anyway
MAX_BACKOFF_S = 60.0
MAX_REFUSALS = 5  # Telegram refuses the message itself: trying for ever would block the chat
REMEMBERED_S = 60.0  # Telegram counts messages a minute
PURGE_EVERY_S = 3600.0
STOP_S = 6.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message. ``flood``: wait ``wait_s``; ``failed``: not sent, or nobody knows (``is_uncertain``); ``refused``: the
    message itself was not taken; ``moved``: the chat is now ``new_chat``."""

    kind: Literal["sent", "flood", "failed", "refused", "blocked", "moved"]
    message_id: int = 0
    wait_s: float = 0.0
    is_uncertain: bool = False
    new_chat: int = 0


class Sender(Protocol):
    """A way to chats. ``resume``: the chat got its last message so many seconds ago."""

    def resume(self, chat_id: int, ago_s: float) -> None: ...

    async def wait_for_turn(self, chat_id: int) -> None: ...

    async def send(self, chat_id: int, thread_id: int, reply: Reply) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A rendered message for a chat; ``quotes``: (delivery, the sentence quoted)."""

    chat_id: int
    thread_id: int
    reply: Reply
    quotes: tuple[tuple[int, str], ...]
    attempts: int
    refusals: int

    @property
    def ids(self) -> list[int]:
        return [number for number, _quote in self.quotes]


def prepare(alerts: AlertStore, store: Store, chat_id: int, now: float, most: int = MAX_GROUPED) -> Outgoing | None:
    """The next message of a chat; None if nothing is to be sent now (what is moved or cancelled is stored)."""
    chat, due = alerts.chat(chat_id), alerts.due(chat_id, now)
    if chat is None or not due:
        return None
    plan = plan_chat(due, chat, alerts.sent_today(chat_id, now), now, most)
    if plan.move:
        alerts.move([delivery.id for delivery in plan.move], plan.until, plan.as_digest)
        return None
    articles = store.articles(delivery.article_row for delivery in plan.send)
    first = plan.send[0]
    if first.kind == CORRECTION:
        reply = correction_reply(first, articles.get(first.article_row))
        return Outgoing(chat_id, first.thread_id, reply, ((first.id, first.quote),), first.attempts, first.refusals)
    told = [one for d in plan.send if d.article_row in articles and (one := _tell(alerts, store, d, articles[d.article_row])) is not None]
    kept = {one.delivery.id for one in told}
    alerts.cancel([delivery.id for delivery in plan.send if delivery.id not in kept])
    told = fit(told)
    if not told:
        return None
    quotes = tuple((one.delivery.id, one.quote) for one in told)
    attempts, refusals = (max(getattr(one.delivery, name) for one in told) for name in ("attempts", "refusals"))
    return Outgoing(chat_id, told[0].delivery.thread_id, alert_reply(told), quotes, attempts, refusals)


def _tell(alerts: AlertStore, store: Store, delivery: Delivery, stored: StoredArticle) -> Told | None:
    themes = alerts.themes.of_rules(rule for _id, rule in delivery.rules)
    return tell_alert(delivery, stored, article_nearness(store, stored.row, themes))


def note_outcome(alerts: AlertStore, outgoing: Outgoing, outcome: Outcome, now: float) -> None:
    """Store what became of a message."""
    chat_id, ids = outgoing.chat_id, outgoing.ids
    if outcome.kind == "sent":
        alerts.mark_sent(chat_id, ids, outcome.message_id, now)
    elif outcome.kind == "refused" and outgoing.refusals + 1 >= MAX_REFUSALS:
        log.error("Telegram nimmt eine Meldung nicht an; sie wird aufgegeben.")
        alerts.give_up(ids)
    else:
        alerts.put_back(chat_id, ids, now + wait_after(outcome, outgoing.attempts), outcome.is_uncertain, outcome.kind == "refused")
        if outcome.kind == "blocked":
            alerts.block(chat_id, now)
        elif outcome.kind == "moved":
            alerts.move_chat(chat_id, outcome.new_chat)


def wait_after(outcome: Outcome, attempts: int) -> float:
    """Seconds until the chat is tried again."""
    if outcome.kind == "flood":
        return outcome.wait_s
    return min(MAX_BACKOFF_S, 0.5 * 2 ** min(attempts, 12)) if outcome.kind in {"failed", "refused"} else 0.0


class Deliverer:
    """Sends what is due until stopped."""

    def __init__(
        self,
        alerts: AlertStore,
        store: Store,
        sender: Sender,
        lock: Path,
        now: Callable[[], float] = time.time,
        most: int = MAX_GROUPED,
        language_of: Callable[[int], str] = lambda _chat_id: "de",
    ) -> None:
        """``lock``: the file that makes one process the sender; ``most``: articles in one message; ``language_of``: a chat."""
        self._alerts, self._store, self._sender, self._now, self._most = alerts, store, sender, now, most
        self._language_of = language_of
        self._sole = SoleSender(lock, "deliveries")
        self._busy: dict[int, asyncio.Task] = {}
        self._next_purge = 0.0

    async def run(self) -> None:
        """Until ``stop``; a fault of the database is logged and tried again."""
        await self._become_the_sender()
        while not self._sole.is_stopped:
            try:
                if self._now() >= self._next_purge:
                    self._next_purge = self._now() + PURGE_EVERY_S
                    await self._sole.in_thread(lambda: self._alerts.purge(self._now()))
                await self._serve_due_chats()
            except StoreError as error:
                log.error("Meldungen: %s", error)
            if not await self._sole.in_thread(lambda: self._alerts.chats_due(self._now(), self._busy, 1)) or len(self._busy) >= MAX_CHATS:
                await self._sole.pause(IDLE_S)

    async def stop(self) -> None:
        """Let what is on its way arrive."""
        self._sole.stop()
        if self._busy:
            await asyncio.wait(list(self._busy.values()), timeout=STOP_S)
        self._sole.release()

    async def _become_the_sender(self) -> None:
        await self._sole.wait_to_be_it()
        again = await self._sole.in_thread(self._alerts.recover)
        if again:
            log.warning("%d Meldungen waren beim letzten Ende unterwegs und gehen noch einmal hinaus.", again)
        for chat_id, sent_at in await self._sole.in_thread(lambda: self._alerts.lately_sent(self._now() - REMEMBERED_S)):
            self._sender.resume(chat_id, self._now() - sent_at)

    async def _serve_due_chats(self) -> None:
        for chat_id in await self._sole.in_thread(lambda: self._alerts.chats_due(self._now(), self._busy, MAX_CHATS - len(self._busy))):
            task = asyncio.create_task(self._serve(chat_id))
            self._busy[chat_id] = task
            task.add_done_callback(lambda _task, chat_id=chat_id: self._busy.pop(chat_id, None))
        await asyncio.sleep(0)

    async def _serve(self, chat_id: int) -> None:
        try:
            await self._sender.wait_for_turn(chat_id)
            outgoing = await self._sole.in_thread(lambda: self._start(chat_id))
            if outgoing is None:
                return
            outcome = await self._send(outgoing)
            await self._sole.in_thread(lambda: note_outcome(self._alerts, outgoing, outcome, self._now()))
        except StoreError as error:
            log.error("Meldungen: %s", error)
        except Exception:
            log.exception("Eine Meldung ließ sich nicht senden.")

    async def _send(self, outgoing: Outgoing) -> Outcome:
        try:
            return await self._sender.send(outgoing.chat_id, outgoing.thread_id, outgoing.reply)
        except Exception:
            log.exception("Eine Meldung ließ sich nicht senden; sie wird noch einmal versucht.")
            return Outcome("failed", is_uncertain=True)

    def _start(self, chat_id: int) -> Outgoing | None:
        with texts.speaking(self._language_of(chat_id)):
            outgoing = None if self._sole.is_stopped else prepare(self._alerts, self._store, chat_id, self._now(), self._most)
        if outgoing is not None:
            self._alerts.start_sending(outgoing.quotes)
        return outgoing


def take_for_terminal(alerts: AlertStore, store: Store, chat_id: int, now: float) -> list[Reply]:
    """What is due for a chat that reads at once, such as the terminal; marked as sent."""
    replies = []
    while alerts.due(chat_id, now):
        outgoing = prepare(alerts, store, chat_id, now)
        if outgoing is not None:
            alerts.start_sending(outgoing.quotes)
            alerts.mark_sent(chat_id, outgoing.ids, 0, now)
            replies.append(outgoing.reply)
    return replies
