"""What is loaded in idle moments after the start, and that it keeps out of the way."""

import asyncio
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

from bot import warming
from bot.telegram_front import TelegramFront
from bot.warming import IDLE_S, Warming
from index.errors import ConfigurationError

SOON_S = 10.0  # only against hanging for ever


class Clock:
    """A monotonic clock that a test turns."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_all_steps_are_taken_in_order_and_a_failing_one_stops_none():
    taken, done = [], threading.Event()

    def fail() -> None:
        taken.append(2)
        raise ConfigurationError("kaputt")

    with Warming(lambda: -1e9, (lambda: taken.append(1), fail, lambda: taken.append(3), done.set), first_after_s=0.0):
        assert done.wait(SOON_S)
    assert taken == [1, 2, 3]


def test_nothing_is_loaded_while_somebody_asks(monkeypatch):
    monkeypatch.setattr(warming, "LOOK_EVERY_S", 0.01)
    clock, looked, done = Clock(), threading.Event(), threading.Event()

    def last_asked() -> float:
        looked.set()
        return 1000.0

    with Warming(last_asked, (done.set,), first_after_s=0.0, clock=clock):
        assert looked.wait(SOON_S) and not done.is_set()
        clock.now += IDLE_S
        assert done.wait(SOON_S)


def test_stopping_does_not_wait_for_the_first_step():
    taken = []
    with Warming(lambda: -1e9, (lambda: taken.append(1),), first_after_s=3600.0):
        pass
    assert not taken


def test_the_shipped_steps_load_what_pictures_need_and_importing_them_does_not():
    code = (
        "import sys; from bot.warming import shipped_steps; steps = shipped_steps(); assert not {'matplotlib', 'PIL', 'rapidfuzz'} & sys.modules.keys();"
        "[step() for step in steps]; before = set(sys.modules);"
        "from bot.charts import timeline_chart, Milestone; from datetime import date; timeline_chart([Milestone(date(2020, 1, 1), 'x')], 'y');"
        "new = [one for one in set(sys.modules) - before if one.split('.')[0] in ('matplotlib', 'PIL', 'rapidfuzz')]; assert not new, new"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_running_bot_prepares_itself_when_nobody_asks(telegram):
    assert telegram.server.wait_for(lambda: "Im Hintergrund vorbereitet" in telegram.read_log(), 120.0)
    assert "Nicht vorbereitet" not in telegram.read_log()


def test_whoever_is_answered_last_was_worked_for():
    front = TelegramFront(SimpleNamespace(operator_store=None, settings=SimpleNamespace(admins=())))
    asked_at, done_at = asyncio.run(work_for_two(front))
    assert front.last_work >= done_at > asked_at


async def work_for_two(front: TelegramFront) -> tuple[float, float]:
    """When both had asked, and when the second was done."""
    done = []
    waiting = [asyncio.create_task(front._in_thread(lambda: (time.sleep(0.02), done.append(time.monotonic())))) for _ in range(2)]
    await asyncio.sleep(0)
    asked_at = time.monotonic()
    await asyncio.gather(*waiting)
    return asked_at, done[-1]
