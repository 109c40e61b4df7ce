"""What two parts of an answer cost when many ask, each next to what it replaced; the second half of ``make load``.

    python -m tests.load_parts [DATA]

Questions encoded sixteen at a time, packed in rows and padded to the longest; with DATA those of berlin-qa, too, which differ more in length.
A message sent over aiohttp and over python-telegram-bot's own httpx, many at once. Milliseconds of processor time, the best of ROUNDS.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.telegram_front import CONNECTION_WAIT_S, CONNECTIONS
from bot.telegram_request import TelegramRequest
from index.encoding import traced
from index.encoding.cores import numpy_on_one_core, one_core
from index.encoding.encoder import SentenceTransformerEncoder
from index.encoding.waiting import MAX_TOGETHER
from tests.botapi.client import BotApiServer
from tests.conftest import kept_cache
from tests.load import TOKEN, questions

ROUNDS = 4
MESSAGES = 300
TEXT = "<b>OZG</b> " + "Das Onlinezugangsgesetz verpflichtet Bund, Länder und Kommunen. " * 12


def best_of(work: Callable[[], None], count: int) -> float:
    """Milliseconds of processor time for each of ``count``."""

    def once() -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return min(once() for _ in range(ROUNDS)) / count * 1000


def encoder_with(passes: Sequence[Callable]) -> SentenceTransformerEncoder:
    kept, traced.WAYS = traced.WAYS, tuple(passes)
    try:
        encoder = SentenceTransformerEncoder("", kept_cache())
        encoder.trace()
        return encoder
    finally:
        traced.WAYS = kept


def encode_all(encoder: SentenceTransformerEncoder, asked: Sequence[str]) -> None:
    with one_core():
        for start in range(0, len(asked), MAX_TOGETHER):
            encoder.encode_questions(asked[start : start + MAX_TOGETHER])


async def send_all(url: str, request: BaseRequest) -> float:
    async with Bot(TOKEN, base_url=f"{url}/bot", request=request) as bot:
        times = []
        for _ in range(ROUNDS):
            begin = time.process_time()
            await asyncio.gather(*(bot.send_message(10_000 + place, TEXT, parse_mode="HTML") for place in range(MESSAGES)))
            times.append(time.process_time() - begin)
        return min(times) / MESSAGES * 1000


def main() -> None:
    numpy_on_one_core()
    sets = {"the questions of make load": questions(192)}
    if len(sys.argv) > 1 and (path := Path(sys.argv[1]) / "berlin-qa" / "queries.jsonl").exists():
        sets["berlin-qa"] = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()][:192]
    packed, padded = encoder_with(traced.WAYS[:1]), encoder_with(traced.WAYS[1:])
    for name, asked in sets.items():
        figures = [best_of(lambda encoder=encoder, asked=asked: encode_all(encoder, asked), len(asked)) for encoder in (packed, padded)]
        print("a question of {}: packed {:.1f} ms, padded {:.1f} ms".format(name, *figures))
    with BotApiServer(TOKEN) as server:
        server.limits(enabled=False)
        for place in range(MESSAGES):
            server.say("Hallo", chat_id=10_000 + place)
        requests = (TelegramRequest(CONNECTIONS, CONNECTION_WAIT_S), HTTPXRequest(CONNECTIONS, pool_timeout=CONNECTION_WAIT_S))
        print("a message: aiohttp {:.1f} ms, httpx {:.1f} ms".format(*(asyncio.run(send_all(server.url, request)) for request in requests)))


if __name__ == "__main__":
    main()
