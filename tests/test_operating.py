"""What the operator does: messages to all, the list of who is not answered, error reports; on a real database with a fake way to chats."""

import asyncio
import logging
import time

import pytest

from bot import texts_de as texts
from bot.alerts.delivering import Outcome
from bot.alerts.store import AlertStore
from bot.operating.broadcast_commands import MAX_UNITS
from bot.operating.broadcasting import MAX_ATTEMPTS, Broadcaster, mark_after
from bot.operating.commands import Desk, operator_feature, read_number
from bot.operating.error_log import MAX_KINDS, REPORT_EVERY_S, ErrorLog
from bot.operating.error_reporting import ErrorReporter
from bot.operating.state import StateReader, duration, memory_bytes, source_states
from bot.operating.store import OperatorStore
from bot.talk_store import TalkStore
from bot.visitors import Visitor
from index.articles import Article
from tests.fakes import article, new_store

ADMIN = 9
OPERATOR = Visitor(ADMIN, person=ADMIN, is_operator=True)
PERSONS = (101, 102, 103, 104)


class FakeChats:
    """A way to chats; ``outcomes`` by chat, taken one after the other, then all is sent. ``dies_at``: the process ends at this chat."""

    def __init__(self, dies_at: int = 0, **outcomes) -> None:
        self.sent: list[tuple[int, str]] = []
        self.outcomes = {int(chat.removeprefix("chat")): list(found) for chat, found in outcomes.items()}
        self._dies_at = dies_at

    def resume(self, chat_id: int, ago_s: float) -> None:
        raise AssertionError("broadcasts resume nothing")

    async def wait_for_turn(self, chat_id: int) -> None:
        await asyncio.sleep(0)

    async def send(self, chat_id, thread_id, reply):
        if chat_id == self._dies_at:
            raise asyncio.CancelledError
        if self.outcomes.get(chat_id):
            return self.outcomes[chat_id].pop(0)
        self.sent.append((chat_id, reply.text))
        return Outcome("sent", 1)


class World:
    """A store, alerts of four persons, and the operator's desk."""

    def __init__(self, folder) -> None:
        self.now = 1000.0
        self.store = new_store(folder / "a.sqlite", article("Der Bund baut.", "a"), Article("b", "B", "Text.", source="Blatt", origin="b"))
        self.alerts, self.operating = AlertStore(folder / "a.sqlite"), OperatorStore(folder / "a.sqlite")
        for person in PERSONS:
            self.alerts.subscribe(Visitor(person), "OZG", self.now)
        self.errors = ErrorLog(lambda: self.now)
        reader = StateReader(self.store, self.alerts, TalkStore(folder / "a.sqlite"), self.errors, "hash", 0.0)
        desk = Desk(self.operating, self.alerts, self.store, lambda: reader.read(len(self.operating.blocked())), lambda: self.now)
        self.feature = operator_feature(desk)
        self.lock = folder / "broadcasts.lock"

    def say(self, command: str, words: str = "", visitor: Visitor = OPERATOR):
        (reply,) = self.feature.commands[command](words, visitor)
        return reply

    def press(self, reply, place: int = 0, visitor: Visitor = OPERATOR) -> str:
        kind, *values = reply.buttons[0][place].action.split(":")
        return self.feature.buttons[kind](values, visitor)[0].text

    def send(self, chats: FakeChats, until_s: float = 60.0) -> None:
        """Let a sending process run until everything is done, or it dies."""

        async def run() -> None:
            broadcaster = Broadcaster(self.operating, self.alerts, chats, self.lock, lambda: self.now)
            task = asyncio.create_task(broadcaster.run())
            deadline = time.monotonic() + until_s
            while not task.done() and time.monotonic() < deadline and self.is_sending():
                await asyncio.sleep(0.01)
                self.now += 10
            await broadcaster.stop()
            await asyncio.gather(task, return_exceptions=True)

        asyncio.run(run())

    def is_sending(self) -> bool:
        return bool(self.operating._rows("SELECT 1 FROM broadcast WHERE state = 'sending'"))


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.operating.close()
    world.alerts.close()
    world.store.close()


def test_for_everybody_else_the_commands_do_not_exist(world):
    for name in world.feature.commands:
        assert world.say(name, "101", Visitor(5, person=5)).text == texts.UNKNOWN_COMMAND.format(command=name)
    preview = world.say("/rundruf", "Hallo")
    assert world.press(preview, 0, Visitor(5)) == texts.FORGOTTEN and not world.operating.blocked() and not world.is_sending()


# messages to all


def confirmed(world, text: str = "Wartung am Sonntag") -> None:
    preview = world.say("/rundruf", text)
    assert f"{len(PERSONS)} Chats" in preview.text and text in preview.text
    assert world.press(preview).startswith("Rundruf #1 geht an 4 Chats")


def test_a_message_to_all_goes_to_each_chat_once_and_is_reported(world):
    confirmed(world)
    chats = FakeChats()
    world.send(chats)
    assert [chat for chat, _text in chats.sent] == [*PERSONS, ADMIN]
    assert all("Wartung am Sonntag" in text and texts.BROADCAST_FOOTER in text for _chat, text in chats.sent[:-1])
    assert chats.sent[-1][1] == texts.BROADCAST_REPORT.format(id=1, sent=4, failed=0, uncertain=0)
    world.send(again := FakeChats())
    assert again.sent == []


def test_a_killed_process_is_gone_on_with_and_no_chat_gets_it_twice(world):
    confirmed(world)
    world.send(first := FakeChats(dies_at=102))
    world.send(second := FakeChats())
    assert [chat for chat, _text in first.sent + second.sent] == [101, 103, 104, ADMIN]
    assert second.sent[-1][1] == texts.BROADCAST_REPORT.format(id=1, sent=3, failed=0, uncertain=1)


def test_faults_of_telegram_end_in_the_report(world):
    confirmed(world)
    chats = FakeChats(
        chat101=[Outcome("blocked")],
        chat102=[Outcome("flood", wait_s=30), Outcome("failed")],
        chat103=[Outcome("failed", is_uncertain=True)],
        chat104=[Outcome("failed")] * MAX_ATTEMPTS,
    )
    world.send(chats)
    assert [chat for chat, _text in chats.sent] == [102, ADMIN]
    assert chats.sent[-1][1] == texts.BROADCAST_REPORT.format(id=1, sent=1, failed=2, uncertain=1)
    assert world.alerts.chat(101).state == "blocked"


@pytest.mark.parametrize(
    ("outcome", "attempts", "state"),
    [
        (Outcome("sent", 1), 1, "sent"),
        (Outcome("moved", new_chat=-5), 1, "due"),
        (Outcome("refused"), 1, "failed"),
        (Outcome("failed"), MAX_ATTEMPTS - 1, "due"),
        (Outcome("failed"), MAX_ATTEMPTS, "failed"),
        (Outcome("failed", is_uncertain=True), 1, "uncertain"),
    ],
)
def test_what_an_attempt_means(outcome, attempts, state):
    assert mark_after(outcome, attempts).state == state


def test_who_wants_none_gets_none(world):
    world.operating.set_opt_out(101, True)
    world.alerts.set_state(world.alerts.subscriptions(102)[0].id, 102, "paused", 0.0)
    world.alerts.block(103, 0.0)
    assert world.operating.count_recipients() == 1
    world.operating.set_opt_out(101, False)
    assert world.operating.count_recipients() == 2
    assert not world.operating.set_opt_out(555, True)  # of a chat without alerts nothing is stored
    world.operating.set_opt_out(104, True)
    assert world.alerts.own_data(104)["broadcast_opt_out"] == [{"chat_id": 104}]
    assert world.alerts.forget(104) == 0 and not any(world.alerts.own_data(104).values())


def test_a_message_is_sent_or_dropped_once(world):
    preview = world.say("/rundruf", "Hallo")
    assert world.press(preview, 1) == texts.BROADCAST_DROPPED and world.press(preview) == texts.BROADCAST_GONE
    assert world.say("/rundruf").text == texts.BROADCAST_HOW
    assert world.say("/rundruf", "x" * (MAX_UNITS + 1)).text == texts.BROADCAST_TOO_LONG.format(limit=MAX_UNITS)
    for person in PERSONS:
        world.operating.set_opt_out(person, True)
    assert world.say("/rundruf", "Hallo").text == texts.BROADCAST_NOBODY


# who is not answered


def test_blocking_and_letting_in_again(world):
    assert world.say("/gesperrt").text == texts.BLOCKED_NONE
    assert world.say("/sperren", "101").text == texts.BLOCK_DONE.format(number=101)
    assert world.operating.find_blocked([5, 101]) == 101 and world.alerts.chat(101).state == "blocked"
    assert "101 seit 01.01.1970" in world.say("/gesperrt").text
    assert world.say("/entsperren", "101").text == texts.UNBLOCK_DONE.format(number=101)
    assert world.operating.find_blocked([5, 101]) is None and world.alerts.chat(101).state == "active"
    assert world.say("/entsperren", "101").text == texts.BLOCK_UNKNOWN.format(number=101)
    assert world.say("/sperren", str(ADMIN)).text == texts.BLOCK_NOT_YOU


def test_forgetting_does_not_lift_a_block(world):
    world.say("/sperren", "101")
    world.alerts.forget(101)
    assert world.operating.find_blocked([101]) == 101


@pytest.mark.parametrize(
    ("words", "number"), [("5", 5), (" -100123 ", -100123), ("", None), ("anna", None), ("0", None), ("5 6", None), ("²", None), ("9" * 400, None)]
)
def test_numbers_of_persons_and_chats(words, number):
    assert read_number(words) == number


# the state, and errors


def test_the_state_and_the_sources(world):
    log_error(world.errors, ValueError("Geheim: Anna fragt"))
    text = world.say("/status").text
    assert "Artikel: 2 in 2 Passagen" in text and "Modell: hash" in text and "Chats mit Alarmen: 4" in text
    assert "ValueError · ?" in text and "Anna" not in text
    assert [(source.name, source.articles) for source in source_states(world.store)] == [("", 1), ("Blatt", 1)]
    assert "Blatt: 1 Artikel" in world.say("/quellen").text


def test_memory_and_times_are_readable(tmp_path):
    assert memory_bytes() > 10_000_000 and memory_bytes(tmp_path / "none") == 0
    assert [duration(seconds) for seconds in (-1, 59, 3600, 90_061)] == ["0 min", "0 min", "01 h 0 min", "1 d 01 h 1 min"]


def log_error(errors: ErrorLog, error: Exception) -> None:
    errors.handle(logging.LogRecord("x", logging.ERROR, "/elsewhere/x.py", 3, "Frage von Anna", (), (type(error), error, error.__traceback__)))


def test_an_error_is_known_by_kind_and_place_only(world):
    try:
        world.operating._rows("SELECT Anna")
    except Exception as error:
        log_error(world.errors, error)
        log_error(world.errors, error)
    (kind,) = world.errors.kinds()
    assert kind.name == "StoreError" and kind.place.startswith("index/storage/sqlite.py:") and kind.count == 2
    logging.getLogger("bot").warning("nur eine Warnung")
    assert len(world.errors.kinds()) == 1


def test_each_kind_is_reported_once_an_hour_without_text(world):
    chats, now = FakeChats(), [0.0]
    reporter = ErrorReporter(world.errors, chats, frozenset({ADMIN}), lambda: now[0])
    for _ in range(3):
        log_error(world.errors, ValueError("Anna"))
        asyncio.run(reporter.report())
    (first,) = chats.sent
    assert first[0] == ADMIN and "ValueError · ?" in first[1] and "1-mal" in first[1] and "Anna" not in first[1]
    now[0] = REPORT_EVERY_S
    asyncio.run(reporter.report())
    assert len(chats.sent) == 2 and "3-mal" in chats.sent[1][1]
    now[0] *= 3
    asyncio.run(reporter.report())
    assert len(chats.sent) == 2


def test_the_table_of_errors_stays_small(world):
    for number in range(MAX_KINDS + 50):
        log_error(world.errors, type(f"Error{number}", (Exception,), {})())
    assert len(world.errors.kinds()) == MAX_KINDS
