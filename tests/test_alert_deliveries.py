"""Deliveries through a fake sender: flood waits, blocks, moved groups, kills, refusals."""

import asyncio

import pytest

from bot.alerts.delivering import Deliverer, Outcome
from bot.visitors import Visitor
from tests.alert_world import NOON, OZG, World


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path / "amtsfunk.sqlite")

class ScriptedSender:
    """Answers with the given outcomes per chat, then with success."""

    def __init__(self, **outcomes) -> None:
        self.outcomes = {int(chat.removeprefix("c")): list(found) for chat, found in outcomes.items()}
        self.sent: list[tuple[int, int, str]] = []

    def resume(self, chat_id, ago_s) -> None:
        """Nothing to remember."""

    async def wait_for_turn(self, chat_id) -> None:
        """Always its turn."""

    async def send(self, chat_id, thread_id, reply) -> Outcome:
        outcome = next(iter(self.outcomes.get(chat_id, [])), Outcome("sent", 1))
        self.outcomes[chat_id] = self.outcomes.get(chat_id, [])[1:]
        if outcome.kind == "sent":
            self.sent.append((chat_id, thread_id, reply.segments[0].text))
        return outcome


def deliver(world: World, sender: ScriptedSender, seconds: float = 0.2) -> None:
    async def run() -> None:
        deliverer = Deliverer(world.alerts, world.store, sender, world.path.with_suffix(".lock"), lambda: world.now)
        task = asyncio.create_task(deliverer.run())
        await asyncio.sleep(seconds)
        await deliverer.stop()
        await task

    asyncio.run(run())


def test_a_flood_wait_is_stored_and_delays_its_chat_only(world):
    world.subscribe("OZG", 5)
    world.subscribe("OZG", 6)
    world.ingest(OZG)
    sender = ScriptedSender(c5=[Outcome("flood", wait_s=30)])
    deliver(world, sender)
    assert [chat for chat, *_ in sender.sent] == [6]
    world.now += 29
    deliver(world, sender)
    assert len(sender.sent) == 1
    world.now += 2
    deliver(world, sender)
    assert [chat for chat, *_ in sender.sent] == [6, 5]


def test_a_blocked_chat_keeps_its_rules_and_hears_all_when_it_is_back(world):
    world.subscribe("OZG", 5)
    world.ingest(OZG)
    sender = ScriptedSender(c5=[Outcome("blocked")])
    deliver(world, sender)
    deliver(world, sender)
    assert not sender.sent and world.alerts.chat(5).state == "blocked"
    world.alerts.unblock(5)
    deliver(world, sender)
    assert [chat for chat, *_ in sender.sent] == [5]


def test_a_group_that_moves_takes_everything_along(world):
    world.desk.press(f"al:save:{world.alerts.save_draft(Visitor(-5, 3), 'OZG', NOON)}", Visitor(-5, 3))
    world.ingest(OZG)
    sender = ScriptedSender(**{"c-5": [Outcome("moved", new_chat=-1005)]})
    deliver(world, sender, 1.5)
    assert sender.sent == [(-1005, 3, "Neues aus Kiel")] and not any(world.alerts.own_data(-5).values())


def test_killed_between_sending_and_marking_it_is_sent_again_and_counted(world):
    world.subscribe("OZG", 5)
    world.ingest(OZG)
    world.alerts.start_sending([(world.alerts.due(5, NOON)[0].id, "")])  # and here the process dies
    sender = ScriptedSender()
    deliver(world, sender)
    deliver(world, sender)
    assert len(sender.sent) == 1 and world.alerts.counts()["uncertain"] == 1


def test_what_telegram_never_takes_is_given_up(world):
    world.subscribe("OZG", 5)
    world.ingest(OZG)
    for _ in range(6):
        deliver(world, ScriptedSender(c5=[Outcome("refused")] * 9), 0.1)
        world.now += 600
    assert world.alerts.counts()["deliveries"] == {"failed": 1}
