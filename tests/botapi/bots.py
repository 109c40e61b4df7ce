"""A python-telegram-bot ``Bot`` against the server, for tests without a running event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot
from telegram.request import HTTPXRequest

from .client import PRIVATE_CHAT, BotApiServer


def make_bot(server: BotApiServer, token: str = "") -> Bot:
    """A bot that talks to the server."""
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})
    urls = {"base_url": f"{server.url}/bot", "base_file_url": f"{server.url}/file/bot"}
    polling = HTTPXRequest(httpx_kwargs={"trust_env": False})
    return Bot(token or server.token, request=request, get_updates_request=polling, **urls)


def with_bot(server: BotApiServer, action: Callable[[Bot], Awaitable[Any]]) -> Any:
    """Run one action with a bot and return its result."""

    async def run() -> Any:
        async with make_bot(server) as bot:
            return await action(bot)

    return asyncio.run(run())


def send(**kwargs: Any) -> Callable[[Bot], Awaitable[Any]]:
    """Send a message that is fine as long as nothing else is given."""
    return lambda bot: bot.send_message(**({"chat_id": PRIVATE_CHAT, "text": "x"} | kwargs))
