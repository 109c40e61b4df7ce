"""The queue of updates: polled by one reader at a time or delivered to a webhook."""

import asyncio
import time
from dataclasses import dataclass

import aiohttp

from .errors import ApiError, Json

OFF_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
RETRY_S = 0.2


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are delivered to."""

    url: str
    secret: str
    max_connections: int


class UpdateQueue:
    """Updates that are not confirmed yet, in the order of their ids."""

    def __init__(self, next_id: int = 700_000_001) -> None:
        self.pending: list[Json] = []
        self.webhook: Webhook | None = None
        self.allowed: frozenset[str] | None = None
        self.last_error: Json = {}
        self._next_id = next_id
        self._poller: asyncio.Future[None] | None = None
        self._deliverable = asyncio.Event()

    def clear(self) -> None:
        """Forget everything except the ids, so that a reader which is still polling misses nothing later on."""
        self.pending.clear()
        self.webhook, self.allowed, self.last_error = None, None, {}

    def push(self, kind: str, payload: Json) -> int | None:
        """Queue an update and return its id, or None where the bot asked not to get this kind."""
        if kind in OFF_BY_DEFAULT if self.allowed is None else kind not in self.allowed:
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        self.pending.append({"update_id": update_id, kind: payload})
        self._deliverable.set()
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
        return update_id

    def allow(self, kinds: list[str] | None) -> None:
        """Set which kinds are queued from now on: None keeps the setting, an empty list restores the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """Confirm what lies before ``offset`` and return what follows; ends an older poll that still waits."""
        if self.webhook:
            raise _conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
        self._end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(timeout)
        return self.pending[:limit]

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Switch delivery over."""
        if webhook:
            self._end_poll("terminated by setWebhook request")
        self.webhook, self.last_error = webhook, {}
        self._deliverable.set()

    def info(self) -> Json:
        """The answer of getWebhookInfo."""
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.pending)} | self.last_error
        if self.webhook:
            info |= {"url": self.webhook.url, "max_connections": self.webhook.max_connections}
        return info | ({"allowed_updates": sorted(self.allowed)} if self.allowed else {})

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            del self.pending[:offset]
        self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def _end_poll(self, reason: str) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_exception(_conflict(reason))

    async def _wait(self, timeout: float) -> None:
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(poller, timeout)
        except TimeoutError:
            pass
        finally:
            self._poller = None if self._poller is poller else self._poller

    async def deliver(self) -> None:
        """Send updates to the webhook one after the other, again and again until each was taken."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while True:
                if self.webhook and self.pending:
                    await self._deliver_one(session, self.webhook, self.pending[0])
                else:
                    self._deliverable.clear()
                    await self._deliverable.wait()

    async def _deliver_one(self, session: aiohttp.ClientSession, webhook: Webhook, update: Json) -> None:
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        try:
            async with session.post(webhook.url, json=update, headers=headers, ssl=False) as response:
                problem = "" if response.ok else f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = "Connection timed out" if isinstance(error, TimeoutError) else "Connection refused"
        if problem:
            self.last_error = {"last_error_date": int(time.time()), "last_error_message": problem}
            await asyncio.sleep(RETRY_S)
        else:
            self.pending = [other for other in self.pending if other["update_id"] != update["update_id"]]


def _conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")
