"""The bot's own pace, on a clock that only moves when somebody waits."""

import asyncio
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import NetworkError, RetryAfter

from bot import telegram_pace
from bot.telegram_pace import (
    ALL_BURST,
    ALL_INTERVAL_S,
    CHAT_BURST,
    CHAT_INTERVAL_S,
    GROUP_INTERVAL_S,
    MAX_RETRIES,
    TURN_TAKEN,
    ChatPacer,
    Pace,
)


class Clock:
    """Stands for the modules ``time`` and ``asyncio``: waiting takes no time but moves the clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(telegram_pace, "time", clock)
    monkeypatch.setattr(telegram_pace, "asyncio", clock)
    return clock


class Telegram:
    """Answers calls; the first ones with the given errors."""

    def __init__(self, clock: Clock, *errors: Exception) -> None:
        self._clock, self._errors = clock, list(errors)
        self.times: list[float] = []

    async def call(self, *_arguments: Any, **_options: Any) -> str:
        self.times.append(self._clock.now)
        if self._errors:
            raise self._errors.pop(0)
        return "sent"


def send(pacer: ChatPacer, telegram: Telegram, chat: int | str = 1, method: str = "sendMessage") -> Any:
    return asyncio.run(pacer.process_request(telegram.call, (), {}, method, {"chat_id": chat}, None))


# Pace


def test_a_burst_then_the_interval():
    pace = Pace(2.0, burst=3)
    assert [pace.reserve(100.0) for _ in range(6)] == [0, 0, 0, 2, 4, 6]
    assert pace.reserve(112.0) == 0  # what was reserved is over
    assert [pace.reserve(1000.0) for _ in range(4)] == [0, 0, 0, 2]  # rest brings back the burst, no more


def test_nothing_before_a_flood_wait_ends():
    pace = Pace(1.0, burst=3)
    pace.hold_until(130.0)
    assert [pace.reserve(100.0) for _ in range(3)] == [30, 31, 32]
    pace.hold_until(110.0)  # an earlier end does not shorten it
    assert pace.reserve(100.0) == 33


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40), st.floats(0.1, 3), st.integers(1, 5))
def test_never_more_than_a_burst_within_its_time(gaps: list[float], interval: float, burst: int):
    pace, now, times = Pace(interval, burst), 50.0, []
    for gap in gaps:
        now += gap
        times.append(now + pace.reserve(now))
    assert times == sorted(times)
    for first, last in zip(times, times[burst:], strict=False):
        assert last - first >= interval - 1e-6


# ChatPacer


@pytest.mark.parametrize(
    ("chat", "expected"),
    [
        (1, [0.0] * CHAT_BURST + [CHAT_INTERVAL_S, 2 * CHAT_INTERVAL_S]),
        (-100123, [0, GROUP_INTERVAL_S, 2 * GROUP_INTERVAL_S]),
        ("@kanal", [0, GROUP_INTERVAL_S]),
    ],
)
def test_the_pace_of_a_chat_depends_on_its_kind(clock, chat, expected):
    pacer, telegram = ChatPacer(), Telegram(clock)
    for _ in expected:
        assert send(pacer, telegram, chat) == "sent"
    assert [at - 1000 for at in telegram.times] == pytest.approx(expected)


def test_thirty_a_second_over_all_chats(clock):
    pacer, telegram = ChatPacer(), Telegram(clock)
    for chat in range(1, 101):
        send(pacer, telegram, chat)
    assert telegram.times[ALL_BURST - 1] == 1000
    assert telegram.times[99] == pytest.approx(1000 + (100 - ALL_BURST) * ALL_INTERVAL_S)
    assert all(later - first >= 1 for first, later in zip(telegram.times, telegram.times[30:], strict=False))


def test_alerts_to_a_chat_come_without_bursts_also_after_a_restart(clock):
    pacer, times = ChatPacer(), []
    pacer.resume("7", 0.4)
    for _ in range(3):
        asyncio.run(pacer.wait_for_alert_turn("7"))
        times.append(clock.now)
    assert times[0] - 1000 >= 0.6
    assert all(later - first >= CHAT_INTERVAL_S for first, later in itertools.pairwise(times))


def test_a_call_whose_turn_was_taken_is_made_at_once_and_once(clock):
    telegram = Telegram(clock, RetryAfter(9))
    with pytest.raises(RetryAfter):
        asyncio.run(ChatPacer().process_request(telegram.call, (), {}, "sendMessage", {"chat_id": 1}, TURN_TAKEN))
    assert telegram.times == [1000]


@pytest.mark.parametrize("method", ["getUpdates", "sendChatAction", "answerCallbackQuery"])
def test_other_calls_are_not_paced(clock, method):
    pacer, telegram = ChatPacer(), Telegram(clock)
    for _ in range(50):
        send(pacer, telegram, method=method)
    assert clock.now == 1000


def test_after_a_flood_wait_the_same_call_is_made_again(clock):
    pacer, telegram = ChatPacer(), Telegram(clock, RetryAfter(7), RetryAfter(2))
    assert send(pacer, telegram) == "sent"
    assert telegram.times == [1000, 1007, 1009]


def test_a_flood_wait_holds_its_chat_only(clock):
    pacer, telegram = ChatPacer(), Telegram(clock)
    pacer._pace_of("1").hold_until(1060)
    send(pacer, telegram, chat=2)
    assert clock.now == 1000
    send(pacer, telegram, chat=1)
    assert clock.now == 1060


def test_it_gives_up_after_some_flood_waits(clock):
    telegram = Telegram(clock, *[RetryAfter(1)] * (MAX_RETRIES + 1))
    with pytest.raises(RetryAfter):
        send(ChatPacer(), telegram)
    assert len(telegram.times) == MAX_RETRIES + 1


@pytest.mark.parametrize(
    ("error", "method"), [(NetworkError("lost"), "sendMessage"), (RetryAfter(9), "answerCallbackQuery")], ids=["network", "unpaced flood"]
)
def test_other_errors_pass_through_at_once(clock, error: Exception, method: str):
    telegram = Telegram(clock, error)
    with pytest.raises(type(error)):
        send(ChatPacer(), telegram, method=method)
    assert (len(telegram.times), clock.now) == (1, 1000)


def test_it_does_not_remember_chats_without_end(clock, monkeypatch):
    monkeypatch.setattr(telegram_pace, "REMEMBERED_CHATS", 3)
    pacer, telegram = ChatPacer(), Telegram(clock)
    for chat in (1, 2, 3, 1, 4):
        send(pacer, telegram, chat)
    assert set(pacer._chats) == {"3", "1", "4"}
