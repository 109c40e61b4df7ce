"""``make load``: 200 people ask at once. The real bot with the real model on the shipped articles, against the Bot API server of the tests.

    python -m tests.load [--people 200] [--rounds 3]

Telegram takes 30 messages a second from a bot, and Amtsfunk sends 24: of 200 answers the middle one cannot leave before the fourth second.
So each way of asking is measured twice: from the question to the answer as sent by a bot without a pace of its own on a server without
limits, which is the time the bot takes; and as delivered at Telegram's pace. Prints a table; asserts nothing.
"""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import App
from bot.settings import read_settings
from index.evaluation.metrics import quantile
from index.shipped import shipped_file
from tests.botapi.client import BotApiServer
from tests.conftest import ROOT, kept_cache, link_model

TOKEN = "123456789:AAF-load_0123456789abcdefghijklmnopqr"
FORMS = ("Was ist {}?", "Seit wann gibt es {}?", "Wer ist für {} zuständig?", "Was kostet {}?")
SPREADS_S = (0.0, 10.0)
LIMIT_S = 300.0
HANDS = 8  # that ask one by one
LOOK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds from each question to its answer; ``asked``: how many questions there were; ``memory``: resident bytes afterwards;
    ``cpu_s``: processor time that the bot took, which other programs on the machine change little."""

    asked: int
    seconds: list[float]
    memory: int
    cpu_s: float


def questions(count: int) -> list[str]:
    """Different questions on the terms of the glossary."""
    terms = tomllib.loads(shipped_file("glossary.toml").read_text("utf-8"))
    names = [entry["short"][0] if isinstance(entry["short"], list) else entry["short"] for entry in next(iter(terms.values()))]
    return [form.format(name) for form, name in itertools.islice(itertools.product(FORMS, names), count)]


@contextmanager
def running(home: Path, server: BotApiServer, is_paced: bool) -> Iterator[subprocess.Popen]:
    """The bot as a process."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {"AMTSFUNK_HOME": str(home), "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", *(("bot", "run") if is_paced else ("tests.load_bot",))]
    with (home / "load.log").open("a") as log:
        process = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log)
    try:
        server.wait_for(lambda: server.calls("deleteWebhook") or process.poll() is not None, LIMIT_S)
        assert process.poll() is None, (home / "load.log").read_text()
        yield process
    finally:
        process.terminate()
        process.wait()


def ask_all(server: BotApiServer, process: subprocess.Popen, asked: list[str], first_chat: int, spread_s: float) -> Round:
    """Every question from a person of its own; waits for all answers."""
    skip = len(server.calls("sendMessage"))
    begin, cpu_s = time.monotonic(), cpu_seconds(process.pid)
    said = dict.fromkeys(range(first_chat, first_chat + len(asked)), begin)

    def ask(place: int) -> None:
        time.sleep(max(0.0, begin + spread_s * place / len(asked) - time.monotonic()))
        said[first_chat + place] = time.monotonic()
        server.say(asked[place], chat_id=first_chat + place)

    if spread_s:
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(ask, range(len(asked))))
    else:
        server.say_all(dict(zip(said, asked, strict=True)))
    deadline = time.monotonic() + LIMIT_S
    answered: dict[int, float] = {}
    while len(answered) < len(asked) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)  # what is looked at takes the bot's processors
        calls = server.calls("sendMessage", skip)
        skip += len(calls)
        answered |= {c.params["chat_id"]: c.at for c in calls if c.params["chat_id"] in said and c.answer and c.answer.get("ok")}
    return Round(len(asked), [answered[chat] - said[chat] for chat in answered], resident_bytes(process.pid), cpu_seconds(process.pid) - cpu_s)


def cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measure(home: Path, people: int, rounds: int, is_paced: bool) -> None:
    asked = questions(people * rounds)
    first = itertools.count(10_000, people)
    with BotApiServer(TOKEN) as server:
        if not is_paced:
            server.limits(enabled=False)
        with running(home, server, is_paced) as process:
            for spread_s in SPREADS_S:
                for place in range(rounds):
                    own = asked[place * people : (place + 1) * people]
                    print_round(ask_all(server, process, own, next(first), spread_s), spread_s, is_paced)


def print_round(found: Round, spread_s: float, is_paced: bool) -> None:
    way = "delivered at Telegram's pace" if is_paced else "as fast as the bot can"
    how = f"spread over {spread_s:.0f} s" if spread_s else "at once"
    times = f"median {statistics.median(found.seconds):.2f} s, p95 {quantile(found.seconds, 0.95):.2f} s, last {max(found.seconds):.2f} s"
    use = f"{found.memory / 1e6:.0f} MB, {1000 * found.cpu_s / found.asked:.0f} ms of processor a question"
    print(f"{found.asked} {how}, {way}: {found.asked - len(found.seconds)} lost; {times}; {use}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="amtsfunk-load-") as folder:
        home = Path(folder)
        link_model(kept_cache(), home)
        app = App(read_settings({"AMTSFUNK_HOME": str(home)}, home), lambda _line: None)
        app.add_demo()
        app.close()
        for is_paced in (False, True):
            measure(home, options.people, options.rounds, is_paced)


if __name__ == "__main__":
    main()
