"""What two parts of an answer cost when many ask, each next to what it replaced; the second half of ``make load``.

    python -m tests.load_parts [DATA]

Questions encoded sixteen at a time, each with the adapter and without: with the tokens before them computed once for all and with each question.
The same texts by the model as it is, packed in rows and padded to the longest. With DATA those of berlin-qa, too, which differ more in length.
A message sent over aiohttp and over python-telegram-bot's own httpx, many at once. Milliseconds of processor time, the best of ROUNDS.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.telegram_front import CONNECTION_WAIT_S, CONNECTIONS
from bot.telegram_request import TelegramRequest
from index.encoding.adapter import load_adapter
from index.encoding.cores import numpy_on_one_core, one_core
from index.encoding.encoder import DEFAULT_ADAPTER, SentenceTransformerEncoder
from index.encoding.frame import framed_pass
from index.encoding.passes import Pass, packed_pass, padded_pass
from index.encoding.traced import traced_pass
from index.encoding.waiting import MAX_TOGETHER
from index.shipped import shipped_file
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


def recorded_passes() -> tuple[Callable, dict[str, Pass]]:
    """What makes texts ready for them, and the passes by what they do."""
    encoder = SentenceTransformerEncoder("", kept_cache())
    encoder.load()
    model, tokenise, adapter = encoder._model, encoder._tokenise_questions, load_adapter(shipped_file(DEFAULT_ADAPTER))
    makers = {
        "in a rush": partial(framed_pass, model, adapter),
        "as a question": partial(framed_pass, model, replace(adapter, frame=None)),
        "as it is, packed": partial(packed_pass, model),
        "as it is, padded": partial(padded_pass, model, tuple(tokenise(["a"]))),
    }
    return tokenise, {name: traced_pass(model, tokenise, (make,), make()) for name, make in makers.items()}


def pass_all(tokenise: Callable, run: Pass, asked: Sequence[str]) -> None:
    import torch

    with one_core(), torch.inference_mode():
        for start in range(0, len(asked), MAX_TOGETHER):
            run(tokenise(asked[start : start + MAX_TOGETHER]))


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
    tokenise, passes = recorded_passes()
    for name, asked in sets.items():
        figures = {kind: best_of(partial(pass_all, tokenise, run, asked), len(asked)) for kind, run in passes.items()}
        print(f"one of {name}: " + ", ".join(f"{kind} {figure:.1f} ms" for kind, figure in figures.items()))
    with BotApiServer(TOKEN) as server:
        server.limits(enabled=False)
        for place in range(MESSAGES):
            server.say("Hallo", chat_id=10_000 + place)
        requests = (TelegramRequest(CONNECTIONS, CONNECTION_WAIT_S), HTTPXRequest(CONNECTIONS, pool_timeout=CONNECTION_WAIT_S))
        print("a message: aiohttp {:.1f} ms, httpx {:.1f} ms".format(*(asyncio.run(send_all(server.url, request)) for request in requests)))


if __name__ == "__main__":
    main()
