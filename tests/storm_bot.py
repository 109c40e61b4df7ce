"""The delivering half of the bot as a process without the language model: what a storm kills.

    python -m tests.storm_bot HOME URL TOKEN
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from telegram.ext import ExtBot

from bot.alerts.delivering import Deliverer, Outcome
from bot.alerts.store import AlertStore
from bot.replies import Reply
from bot.telegram_alerts import TelegramSender
from bot.telegram_pace import ChatPacer
from index.storage.store import Store


class TracingSender(TelegramSender):
    """Writes what is sent to whom and what came of it, each line before anything else happens."""

    def __init__(self, bot: ExtBot, pacer: ChatPacer, trace: Path) -> None:
        super().__init__(bot, pacer)
        self._trace = trace.open("a")

    async def send(self, chat_id: int, thread_id: int, reply: Reply) -> Outcome:
        self._write({"chat": chat_id, "begins": True})
        outcome = await super().send(chat_id, thread_id, reply)
        self._write({"chat": chat_id, "begins": False, "kind": outcome.kind, "uncertain": outcome.is_uncertain})
        return outcome

    def _write(self, line: dict) -> None:
        self._trace.write(json.dumps({"at": time.monotonic(), **line}) + "\n")
        self._trace.flush()


async def deliver(home: Path, url: str, token: str) -> None:
    """Until killed."""
    pacer = ChatPacer()
    alerts, store = AlertStore(home / "amtsfunk.sqlite"), Store(home / "amtsfunk.sqlite")
    async with ExtBot(token, base_url=f"{url}/bot", rate_limiter=pacer) as bot:
        sender = TracingSender(bot, pacer, home / "trace.jsonl")
        await Deliverer(alerts, store, sender, home / "deliveries.lock", time.time, most=1).run()


if __name__ == "__main__":
    asyncio.run(deliver(Path(sys.argv[1]), *sys.argv[2:4]))
