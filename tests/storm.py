"""A storm: many deliveries against a Bot API server that fails at random, while the sending process is killed again and again.

    python -m tests.storm [--articles 10] [--chats 500] [--kills 20]
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.alerts.matcher import AlertMatcher
from bot.alerts.store import AlertStore
from bot.visitors import Visitor
from index.storage.store import Store
from tests.botapi.client import BotApiServer
from tests.conftest import ROOT
from tests.fakes import DIMENSION, HashEncoder, Ingester, article

TOKEN = "123456789:AAF-storm_0123456789abcdefghijklmnopqr"
INJECTED = "injected"
FAULTS = (
    {"error_code": 429, "description": f"Too Many Requests: {INJECTED}", "retry_after": 1},
    {"error_code": 403, "description": "Forbidden: bot was blocked by the user"},
    {"error_code": 400, "description": "Bad Request: can't parse entities: injected"},
    {"error_code": 500, "description": "Internal Server Error"},
    {"mode": "http_500_html"},
    {"mode": "drop"},
    {"mode": "timeout"},
    {"mode": "lost"},  # sent, but the connection breaks before the answer
)
FAULT_EVERY_S = 0.1
CALLS_PER_FAULT = 2
GROUP_SHARE = 20  # every so manieth chat is a group
LIMIT_S = 1800.0


@dataclass(frozen=True, slots=True)
class StormReport:
    """What came of a storm. ``refused_for_pace``: 429 of the server's own limits; ``busiest_second``: most messages within any second.
    Duplicates by their cause: the process was killed between sending and marking, the connection was lost after sending, or neither."""

    due: int
    arrived: int
    after_kill: int
    after_loss: int
    unexplained: int
    uncertain: int
    out_of_order: int
    refused_for_pace: int
    busiest_second: int
    faults: int
    kills: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Course:
    """How a storm went: faults injected, times of kills, and what the bot traced; all on the machine's monotonic clock."""

    articles: int
    faults: int
    kills: list[float]
    trace: list[dict]
    seconds: float


def fill(home: Path, articles: int, chats: int) -> list[int]:
    """``articles`` × ``chats`` due deliveries, by the real way in; returns the chats."""
    path = home / "amtsfunk.sqlite"
    alerts = AlertStore(path)
    ids = [-(1000 + n) if n % GROUP_SHARE == 0 else 10_000 + n for n in range(chats)]
    for chat_id in ids:
        alerts.subscribe(Visitor(chat_id), "Sturm", time.time())
        alerts.set_cap(chat_id, 10 * articles)
    store = Store(path, on_change=AlertMatcher(time.time).on_change)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    news = [article(f"Ein Sturm zieht auf, Meldung {n:03d}. Danach wird es ruhig.", f"sturm-{n:03d}", f"Nachricht {n:03d}") for n in range(articles)]
    Ingester(store, HashEncoder()).run(news)
    store.close()
    alerts.close()
    return ids


def start_bot(home: Path, url: str) -> subprocess.Popen:
    with (home / "storm.log").open("a") as log:
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        command = [sys.executable, "-m", "tests.storm_bot", str(home), url, TOKEN]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


def run_storm(home: Path, articles: int, chats: int, kills: int, seed: int = 5, kill_every_s: tuple[float, float] = (4.0, 10.0)) -> StormReport:
    """Fill, send under faults and kills until nothing is due, and look at what arrived."""
    dice, started = random.Random(seed), time.monotonic()
    faults = seen = rounds = 0
    killed: list[float] = []
    ids = fill(home, articles, chats)
    alerts = AlertStore(home / "amtsfunk.sqlite")
    with BotApiServer(TOKEN) as server:
        server.limits(private_burst=1)  # to the letter: never two messages to a chat within a second
        for chat_id in ids:
            server.chat(chat_id, type="group" if chat_id < 0 else "private")
        bot = start_bot(home, server.url)
        next_kill = time.monotonic() + dice.uniform(*kill_every_s)
        try:
            while _sent(alerts) < articles * chats and time.monotonic() < started + LIMIT_S:
                sent = _sent(alerts)
                if sent > seen + CALLS_PER_FAULT:  # faults come with the messages: they do not pile up while everyone waits
                    seen, faults = sent, faults + 1
                    server.fail("sendMessage", **dice.choice(FAULTS))
                time.sleep(FAULT_EVERY_S)
                rounds += 1
                for chat_id in ids if rounds % 16 == 0 else ():  # people who had blocked the bot come back
                    if alerts.chat(chat_id).state == "blocked":
                        alerts.unblock(chat_id)
                if len(killed) < kills and time.monotonic() >= next_kill:
                    bot.kill()  # SIGKILL
                    bot.wait()
                    killed.append(time.monotonic())
                    bot = start_bot(home, server.url)
                    next_kill = time.monotonic() + dice.uniform(*kill_every_s)
        finally:
            bot.kill()
            bot.wait()
        traced = [json.loads(line) for line in (home / "trace.jsonl").read_text().splitlines()]
        return _report(server, alerts, ids, Course(articles, faults, killed, traced, time.monotonic() - started))


def _sent(alerts: AlertStore) -> int:
    return alerts.counts()["deliveries"].get("sent", 0)


def _report(server: BotApiServer, alerts: AlertStore, ids: list[int], course: Course) -> StormReport:
    arrived = out_of_order = 0
    causes: Counter[str] = Counter()
    calls = server.calls("sendMessage")
    received = {chat_id: [call for call in calls if call.answer and call.answer.get("ok") and int(call.params["chat_id"]) == chat_id] for chat_id in ids}
    for chat_id in ids:
        titles = [message.text.split(" · ")[0].splitlines()[0] for message in server.messages(chat_id) if message.from_bot]
        arrived += len(set(titles))
        firsts = list(dict.fromkeys(titles))
        out_of_order += firsts != sorted(firsts)
        again = [place for place, title in enumerate(titles) if title in titles[place + 1 :]]
        causes.update(cause_of_repeat(chat_id, received[chat_id][place].at, course) for place in again)
    refused = sum(bool(c.answer) and c.answer.get("error_code") == 429 and INJECTED not in c.answer["description"] for c in calls)
    times = sorted(call.at for call in calls if call.answer and call.answer.get("ok"))
    busiest = max(sum(first <= at < first + 1 for at in times[place : place + 60]) for place, first in enumerate(times))
    return StormReport(
        course.articles * len(ids), arrived, causes["killed"], causes["lost"], causes["other"], alerts.counts()["uncertain"], out_of_order,
        refused, busiest, course.faults, len(course.kills), course.seconds,
    )  # fmt: skip


def cause_of_repeat(chat_id: int, sent_at: float, course: Course) -> str:
    """Why a message that the server took at a time was sent once more: ``killed`` before it could be marked, its answer ``lost``, or ``other``."""
    own = [line for line in course.trace if line["chat"] == chat_id]
    started = max((line["at"] for line in own if line["begins"] and line["at"] <= sent_at), default=sent_at)
    following = [line for line in own if line["at"] > started]
    ended = next((line for line in following[:1] if not line["begins"]), None)
    if ended is not None and ended["uncertain"]:
        return "lost"
    again = next((line["at"] for line in following if line["begins"]), float("inf"))
    return "killed" if any(started <= kill <= again for kill in course.kills) and (ended is None or ended["kind"] == "sent") else "other"


def is_right(report: StormReport) -> bool:
    """All arrived in order, nothing twice but for the two causes that Telegram leaves no remedy for, no limit touched."""
    return report.arrived == report.due and not (report.unexplained or report.out_of_order or report.refused_for_pace)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="amtsfunk-storm-") as home:
        report = run_storm(Path(home), options.articles, options.chats, options.kills)
    print(report)
    sys.exit(0 if is_right(report) else 1)


if __name__ == "__main__":
    main()
