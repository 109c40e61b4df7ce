"""Alerts without Telegram: schedules, matches in the article's transaction, the conversation, deliveries through a fake sender."""

import asyncio
import json
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import texts_de as texts
from bot.alerts.commands import AlertDesk
from bot.alerts.delivering import Deliverer, Outcome, take_for_terminal
from bot.alerts.matcher import AlertMatcher
from bot.alerts.nouns import Chat, Delivery, QuietHours, Schedule
from bot.alerts.schedules import BERLIN, MAX_GROUPED, STALE_S, after_quiet, berlin, first_due, next_digest, plan_chat
from bot.alerts.store import BLOCKED_DAYS, DAY_S, AlertStore
from bot.alerts.theme_store import RuleThemes
from bot.replies import Reply, Style, plain
from bot.visitors import Visitor
from index.alerting.themes import encode_theme
from index.ingest import Ingester
from index.storage.store import Store
from tests.command import run_command
from tests.fakes import DIMENSION, HASH_THEMES, HashEncoder, article

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=BERLIN).timestamp()  # a Monday
TODAY = date(2026, 3, 2)


def at(*when: int) -> float:
    return datetime(*when, tzinfo=BERLIN).timestamp()


class World:
    """Both stores on one file, a clock that tests set, and the conversation of one chat."""

    def __init__(self, path) -> None:
        self.now = NOON
        self.path = path
        self.alerts = AlertStore(path)
        self.store = Store(path, on_change=AlertMatcher(lambda: self.now).on_change)
        self.store.bind_model(HashEncoder.model_id, DIMENSION)
        themes = RuleThemes(self.alerts.themes, HashEncoder, partial(encode_theme, calibration=HASH_THEMES))
        self.desk = AlertDesk(self.alerts, self.store, themes, lambda: self.now, lambda: TODAY)

    def ingest(self, *articles) -> None:
        Ingester(self.store, HashEncoder()).run([replace(a, published=a.published or TODAY, source="Quelle") for a in articles])

    def say(self, text: str, chat: int = 0) -> Reply:
        command, _space, rest = text.partition(" ")
        return self.desk.reply_to(command, rest, Visitor(chat))

    def press(self, reply: Reply, label: str, chat: int = 0) -> Reply:
        action = next(button.action for row in reply.buttons for button in row if button.label == label)
        assert len(action.encode()) <= 64
        return self.desk.press(action, Visitor(chat))

    def subscribe(self, rule: str, chat: int = 0) -> Reply:
        return self.press(self.say(f"/alarm {rule}", chat), texts.SAVE, chat)

    def told(self, chat: int = 0) -> list[Reply]:
        return take_for_terminal(self.alerts, self.store, chat, self.now)


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path / "amtsfunk.sqlite")


OZG = article("Vorher steht etwas. Das Onlinezugangsgesetz gilt in Kiel. Danach auch.", "ozg", "Neues aus Kiel")


# schedules


@pytest.mark.parametrize(
    ("now", "schedule", "expected"),
    [
        (at(2026, 3, 2, 7, 59), Schedule("daily", 8), at(2026, 3, 2, 8)),
        (at(2026, 3, 2, 8), Schedule("daily", 8), at(2026, 3, 3, 8)),
        (at(2026, 3, 2, 12), Schedule("weekly", 8, 2), at(2026, 3, 4, 8)),
        (at(2026, 3, 2, 12), Schedule("weekly", 8, 0), at(2026, 3, 9, 8)),
        (at(2026, 3, 28, 9), Schedule("daily", 8), at(2026, 3, 29, 8)),  # summer time begins: 23 hours
        (at(2026, 10, 24, 8), Schedule("daily", 8), at(2026, 10, 25, 8)),  # and ends: 25 hours
    ],
)
def test_digests_come_at_the_hour_of_the_clock_in_berlin(now, schedule, expected):
    assert next_digest(now, schedule) == expected


def test_summer_time_moves_the_digest_not_its_hour():
    assert next_digest(at(2026, 3, 28, 8), Schedule("daily", 8)) - at(2026, 3, 28, 8) == 23 * 3600
    assert next_digest(at(2026, 10, 24, 8), Schedule("daily", 8)) - at(2026, 10, 24, 8) == 25 * 3600
    assert next_digest(at(2026, 3, 29, 0), Schedule("daily", 2)) == at(2026, 3, 29, 3)  # the hour that is skipped


@given(st.integers(0, 400 * 24 * 60), st.integers(0, 23), st.integers(0, 23))
def test_nothing_is_due_in_quiet_hours(minutes, start, end):
    now = at(2026, 1, 1) + 60 * minutes
    due = first_due(now, Schedule(), QuietHours(start, end))
    assert due >= now and after_quiet(due, QuietHours(start, end)) == due
    assert due == now or berlin(due).hour in {end, end + 1}


def due(count: int, **fields) -> list[Delivery]:
    base = {"chat_id": 1, "thread_id": 0, "kind": "alert", "made_at": NOON, "is_digest": False, "attempts": 0, "refusals": 0}
    return [Delivery(id=n, article_row=n, title="", quote="", **(base | fields)) for n in range(count)]


CHAT = Chat(1, "active", QuietHours(), 3)


def test_above_the_daily_number_the_rest_waits_for_the_digest():
    deliveries = due(5)
    plan = plan_chat(deliveries, CHAT, 1, NOON)
    assert (plan.move, plan.as_digest, plan.until) == (tuple(deliveries[2:]), True, at(2026, 3, 3, 8))
    assert plan_chat(deliveries[:2], CHAT, 1, NOON).send == tuple(deliveries[:2])


def test_stale_alerts_fold_into_the_digest_and_groups_are_limited():
    old = due(1, made_at=NOON - STALE_S - 1)
    assert plan_chat(old, CHAT, 0, NOON).as_digest
    assert len(plan_chat(due(30, is_digest=True), CHAT, 9, NOON).send) == MAX_GROUPED
    assert plan_chat(due(1), replace(CHAT, quiet=QuietHours(11, 14)), 0, NOON).until == at(2026, 3, 2, 14)


# from the rule to the message


def test_an_alert_says_what_where_and_why(world):
    world.subscribe("OZG")
    world.ingest(OZG)
    (reply,) = world.told()
    assert reply.segments[0].text == "Neues aus Kiel"
    quoted = "".join(s.text for s in reply.segments if s.style in {Style.QUOTE, Style.STRONG_QUOTE})
    assert quoted == "Das Onlinezugangsgesetz gilt in Kiel." and quoted in OZG.text
    assert [s.text for s in reply.segments if s.style is Style.STRONG_QUOTE] == ["Onlinezugangsgesetz"]
    assert "weil: OZG (OZG: „Onlinezugangsgesetz“ (OZG = Onlinezugangsgesetz))" in reply.text
    assert not world.told()


def test_one_message_for_one_article_however_many_rules(world):
    for rule in ("OZG", "Kiel", "Bremen"):
        world.subscribe(rule)
    world.ingest(OZG)
    (reply,) = world.told()
    assert "OZG (" in reply.text and "Kiel (" in reply.text and "Bremen" not in reply.text
    world.ingest(replace(OZG, text=OZG.text + " Noch ein Satz."))  # changed, but told already, and the quote still stands
    assert not world.told()


def test_hits_close_together_come_in_one_message(world):
    world.subscribe("Kiel")
    world.ingest(*(article(f"In Kiel geschieht Nummer {n}.", f"k{n}", f"Titel {n}") for n in range(4)))
    (reply,) = world.told()
    assert [f"Titel {n}" in reply.text for n in range(4)] == [True] * 4


def test_matches_are_part_of_the_articles_transaction(world, monkeypatch):
    world.subscribe("OZG")

    def fail(*_arguments):
        raise RuntimeError("Strom weg")

    monkeypatch.setattr("bot.alerts.matcher.first_told", fail)
    with pytest.raises(RuntimeError):
        world.ingest(OZG)
    assert world.store.count_articles() == 0 and not world.alerts.counts()["deliveries"]


def test_another_process_that_ingests_knows_new_and_paused_rules(world):
    other = World(world.path)
    world.subscribe("OZG")
    other.ingest(OZG)
    assert len(world.told()) == 1
    world.say("/alarme")
    world.desk.press("al:pause:1", Visitor())
    other.ingest(article("Das OZG kommt noch einmal.", "b"))
    assert not world.told()


def test_a_correction_goes_out_once(world):
    world.subscribe("OZG")
    world.ingest(OZG)
    world.told()
    world.ingest(replace(OZG, text="Das OZG gilt doch nicht in Kiel."))
    (reply,) = world.told()
    assert reply.text.startswith("Korrektur") and "Das Onlinezugangsgesetz gilt in Kiel." in reply.text
    world.store.remove(["ozg"])
    assert not world.told()


def test_what_vanishes_before_it_is_told_is_not_told(world):
    world.subscribe("OZG")
    world.ingest(OZG)
    world.store.remove(["ozg"])
    assert not world.told()


# the conversation


def test_the_preview_counts_and_shows_the_latest(world):
    world.ingest(*(replace(article(f"Das OZG, Teil {n}.", f"o{n}", f"Teil {n}"), published=date(2026, 3, 1 - 0) if n < 2 else date(2025, 9, n)) for n in range(2, 6)))
    reply = world.say("/alarm OZG")
    assert "Treffer: 0 in 7 Tagen, 0 in 30 Tagen, 4 in 365 Tagen." in reply.text
    assert reply.text.index("Teil 5") < reply.text.index("Teil 4") < reply.text.index("Teil 3") and "Teil 2" not in reply.text
    assert not world.alerts.subscriptions(0)


def test_too_many_hits_bring_a_warning_with_something_narrower(world):
    world.ingest(*(article(f"In Kiel tagt Gremium {n} zum Hafen.", f"k{n}", f"Der Hafen {n}" if n % 3 else f"Die Werft {n}") for n in range(160)))
    reply = world.say("/alarm Kiel")
    assert "Enger wäre zum Beispiel: Kiel " in reply.text
    narrower = world.press(reply, texts.NARROW)
    assert narrower.buttons


def test_a_wrong_rule_is_explained(world):
    assert "Klammer" in world.say("/alarm OZG (Kiel").text
    assert world.say("/alarm").text == texts.HELP


def test_listing_editing_pausing_deleting_with_undo(world):
    world.subscribe("OZG")
    listed = world.say("/alarme")
    assert "#1 OZG · sofort" in listed.text
    assert "täglich um 7 Uhr" in world.say("/alarme 1 täglich 7").text
    assert "ruhe 22-7" in world.say("/alarme unsinn").text
    assert "22 bis 7" in world.say("/alarme ruhe 22-7").text
    assert "Höchstens 4" in world.say("/alarme höchstens 4").text
    world.press(world.say("/alarm #1 OZG -Hessen"), texts.SAVE)
    deleted = world.press(world.say("/alarme"), texts.DELETE)
    assert world.say("/alarme").text == texts.NONE
    world.press(deleted, texts.UNDO)
    assert "#1 OZG -Hessen · täglich um 7 Uhr" in world.say("/alarme").text


def test_not_this_again_adds_an_exclusion_after_confirmation(world):
    world.subscribe("OZG")
    world.ingest(OZG)
    (told,) = world.told()
    asked = world.press(told, texts.LESS)
    world.press(world.press(asked, asked.buttons[0][0].label), texts.SAVE)
    (subscription,) = world.alerts.subscriptions(0)
    assert subscription.rule.startswith("OZG -")


def test_buttons_of_others_and_of_other_versions_do_nothing(world):
    world.subscribe("OZG", chat=5)
    for action in ("al:del:1", "al:save:1", "al:plan:1:daily:99:0", "al:nie:1", "al:del", "al:del:x", "al:pause:1"):
        assert world.desk.press(action, Visitor(6)).text == texts.GONE
    assert world.alerts.subscriptions(5)[0].state == "active"
    assert world.desk.reply_to("/alarm", "OZG", Visitor(-7, may_subscribe=False)).text == texts.ONLY_ADMINS


def test_own_data_export_and_forgetting(world):
    world.subscribe("OZG", chat=5)
    world.subscribe("Kiel", chat=6)
    world.ingest(OZG)
    data = json.loads(world.say("/meinedaten", 5).file.content)
    assert data["subscription"][0]["rule"] == "OZG" and data["delivery"] and data["rule_match"]
    assert world.say("/export", 5).text == "/alarm OZG"
    forgotten = world.press(world.say("/vergessen", 5), texts.FORGET_YES, 5)
    assert "jetzt 0 Einträge" in forgotten.text
    assert not any(world.alerts.own_data(5).values()) and world.alerts.subscriptions(6)


def test_who_blocks_for_a_year_is_deleted(world):
    world.subscribe("OZG", chat=5)
    world.alerts.block(5, NOON)
    world.alerts.purge(NOON + (BLOCKED_DAYS - 1) * DAY_S)
    assert world.alerts.subscriptions(5)
    world.alerts.purge(NOON + (BLOCKED_DAYS + 1) * DAY_S)
    assert not any(world.alerts.own_data(5).values())


# deliveries


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


# the command line


def test_preview_export_and_stats_on_the_command_line(world, tmp_path):
    world.subscribe("OZG", 5)
    world.ingest(OZG)
    fixed = {"AMTSFUNK_NOW": "2026-03-02T12:00:00"}
    found = json.loads(run_command(["alerts", "preview", "OZG Kiel", "--json"], tmp_path, fixed).out)
    assert found["counts"] == {"7": 1, "30": 1, "365": 1} and set(found) == {"rule", "understood", "counts", "matches"}
    (match,) = found["matches"]
    assert match["sentence"] in OZG.text and match["article_id"] == "ozg" and any("Onlinezugangsgesetz" in why for why in match["because"])
    assert json.loads(run_command(["export", "5"], tmp_path).out)["subscription"][0]["rule"] == "OZG"
    stats = json.loads(run_command(["stats", "--json"], tmp_path).out)
    assert (stats["chats"], stats["subscriptions"], stats["deliveries"]) == (1, 1, {"due": 1})
    wrong = run_command(["alerts", "preview", "OZG ("], tmp_path)
    assert wrong.code == 1 and wrong.err.startswith("Fehler: ") and "Richtig wäre" in wrong.err


def test_plain_replies_have_no_file():
    assert plain("x").file is None
