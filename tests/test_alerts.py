"""Alerts without Telegram: matches in the article's transaction, the conversation, the command line."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.alerts import texts_de as texts
from bot.alerts.store import BLOCKED_DAYS, DAY_S
from bot.replies import Style, plain
from bot.visitors import Visitor
from tests.alert_world import NOON, OZG, World
from tests.command import run_command
from tests.fakes import article


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path / "amtsfunk.sqlite")

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
