"""The delivering half of the bot as a process without the language model: what a storm kills.

    python -m tests.storm_bot HOME URL TOKEN
"""

import asyncio
import sys
import time
from pathlib import Path

from telegram.ext import ExtBot

from bot.alerts.delivering import Deliverer
from bot.alerts.store import AlertStore
from bot.telegram_alerts import TelegramSender
from bot.telegram_pace import ChatPacer
from index.storage.store import Store


async def deliver(home: Path, url: str, token: str) -> None:
    """Until killed."""
    pacer = ChatPacer()
    alerts, store = AlertStore(home / "amtsfunk.sqlite"), Store(home / "amtsfunk.sqlite")
    async with ExtBot(token, base_url=f"{url}/bot", rate_limiter=pacer) as bot:
        await Deliverer(alerts, store, TelegramSender(bot, pacer), home / "deliveries.lock", time.time, most=1).run()


if __name__ == "__main__":
    asyncio.run(deliver(Path(sys.argv[1]), *sys.argv[2:4]))
