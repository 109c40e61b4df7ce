"""The conversation about alerts, by hand: strange rules, many rules, export and import, undo, buttons that come too late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import texts_de as main_texts
from bot.alerts import texts_de as texts
from bot.alerts.commands import MAX_SUBSCRIPTIONS
from bot.alerts.nouns import QuietHours, Schedule
from bot.alerts.schedules import LATE_DAYS, OLD_DAYS, first_due, first_told, next_digest, plan_chat
from bot.alerts.store import AlertStore
from bot.answers import abstention_reply
from bot.replies import split_reply
from bot.terminal import render
from bot.visitors import Visitor
from index.language.glossary import shipped_glossary
from index.retrieval.engine import Answer
from index.retrieval.question import Vocabulary, analyse_question
from tests.alert_world import CHAT, NOON, OZG, TODAY, World, at, due
from tests.fakes import article

HOSTILE = (
    "x" * 10_000, "(((OZG", "OZG))", "OZG) (", "😀", "😀😀 🏛", "\u202e\u202d", "*", "O*G", "der", "die oder das", "-Hessen", "-a -b", "[a-z]+",
    ".*", "^OZG$", "\\d{4}", "\x00", "\x00\x01", "<b>OZG</b>", "<script>alert(1)</script>", "„“", '"', "titel:", "thema:", "quelle:-", ":",
    "#1", "und", "oder oder", "OZG und", "((()))", "'; DROP TABLE chat; --", "nicht nicht nicht",
)  # fmt: skip

NO_ARTICLES = Vocabulary(0, lambda keys: dict.fromkeys(keys, 0), lambda key, limit: [])


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path / "amtsfunk.sqlite")


@pytest.mark.parametrize("rule", HOSTILE)
def test_a_strange_rule_gets_a_sentence_and_saves_nothing(world, rule):
    reply = world.say(f"/alarm {rule}")
    assert reply.text.strip() and len(reply.text) < 4096
    assert reply.text.startswith("Alarm-Vorschau") or "Richtig wäre" in reply.text or reply.text in {texts.GONE, texts.HELP}
    assert not world.alerts.subscriptions(0)


@pytest.mark.parametrize("rule", ["שלום", "OZG\u202eKiel", "OZG\x00Kiel", "Müller & Söhne", "C++", "„<“ Kiel"])
def test_what_is_odd_but_right_can_be_saved_and_found_again(world, rule):
    reply = world.say(f"/alarm {rule}")
    if reply.buttons:
        world.press(reply, texts.SAVE)
        assert world.say("/alarme").text.count("#1 ") == 1 and world.say("/export").text.startswith("/alarm ")


def test_a_chat_has_a_limit_and_a_kind_sentence(world):
    for n in range(MAX_SUBSCRIPTIONS):
        world.alerts.subscribe(Visitor(), f"Wort{n}", NOON)
    assert world.subscribe("Wort zuviel").text == texts.ENOUGH.format(most=MAX_SUBSCRIPTIONS)
    assert len(world.alerts.subscriptions(0)) == MAX_SUBSCRIPTIONS


def test_many_alarms_are_listed_page_by_page_with_buttons_for_each(world):
    for n in range(45):
        world.alerts.subscribe(Visitor(), f"Wort{n}", NOON)
    page, seen = world.say("/alarme"), []
    for _ in range(3):
        seen += [button.action for row in page.buttons for button in row if button.action.startswith("al:del:")]
        more = [button.label for row in page.buttons for button in row if button.label.startswith("Weitere")]
        page = world.press(page, more[0]) if more else page
    assert len(set(seen)) == 45


def test_the_export_pasted_into_another_chat_gives_the_same_rules(world):
    rules = ["OZG Bremen", '"digitale Souveränität" -Hessen', "titel:OZG, (BundID Kiel)", 'thema:„digitale Identität“']
    for rule in rules:
        world.subscribe(rule, 5)
    exported = world.say("/export", 5).text
    pasted = world.press(world.say(exported.strip(), 6), texts.SAVE_ALL.format(count=4), 6)
    assert pasted.text == texts.SAVED_ALL.format(count=4)
    assert [s.rule for s in world.alerts.subscriptions(6)] == [s.rule for s in world.alerts.subscriptions(5)]
    assert world.say("/export", 6).text == exported


def test_a_long_export_is_cut_between_rules(world):
    for n in range(150):
        world.alerts.subscribe(Visitor(), f"Wort{n}, {'Ausschuss ' * 8}{n}", NOON)
    parts = split_reply(world.say("/export"), 4096)
    assert len(parts) > 2 and all(line.startswith("/alarm ") for part in parts for line in part.text.strip().splitlines())


def test_a_wrong_line_among_several_is_named_and_nothing_is_saved(world):
    reply = world.say("/alarm OZG\n/alarm (Kiel\nBremen")
    assert reply.text.startswith(texts.SEVERAL_WRONG) and "(Kiel: " in reply.text and not reply.buttons


def test_a_changed_rule_can_be_changed_back(world):
    world.subscribe("OZG")
    changed = world.press(world.say("/alarm #1 OZG Kiel"), texts.SAVE)
    world.press(changed, texts.UNDO)
    assert [s.rule for s in world.alerts.subscriptions(0)] == ["OZG"]


def test_each_way_to_delete_has_an_undo(world):
    world.subscribe("OZG")
    world.ingest(OZG)
    (told,) = world.told()
    for deleted in (world.press(told, texts.UNSUBSCRIBE), world.press(world.say("/alarme"), texts.DELETE) if world.alerts.subscriptions(0) else None):
        if deleted is not None:
            world.press(deleted, texts.UNDO)
            assert len(world.alerts.subscriptions(0)) == 1


def test_two_people_press_at_once(world):
    preview = world.say("/alarm OZG", -5)
    assert world.press(preview, texts.SAVE, -5).text.startswith("Gespeichert")
    assert world.press(preview, texts.SAVE, -5).text == texts.GONE
    listed = world.say("/alarme", -5)
    assert world.press(listed, texts.DELETE, -5).text == world.press(listed, texts.DELETE, -5).text  # the same again, no error
    assert world.desk.press("al:save:1", Visitor(-5, may_subscribe=False)).text == texts.ONLY_ADMINS


def test_a_proposed_rule_is_previewed_before_it_is_saved(world):
    reply = world.desk.press("al:want:Wetter Kiel", Visitor())
    assert reply.text.startswith("Alarm-Vorschau: Wetter Kiel") and not world.alerts.subscriptions(0)
    world.press(reply, texts.SAVE)
    assert [s.rule for s in world.alerts.subscriptions(0)] == ["Wetter Kiel"]
    assert "Richtig wäre" in world.desk.press("al:want:(", Visitor()).text


def test_an_abstention_leads_to_the_preview_with_one_tap(world):
    question = analyse_question("Wann öffnet das Zwergenamt in Xanten?", shipped_glossary(), NO_ARTICLES)
    abstained = abstention_reply(Answer(question.text, (), "Dazu steht nichts.", (), 1.0, concepts=question.concepts))
    assert [button.label for row in abstained.buttons for button in row] == [main_texts.WANT_BUTTON]
    assert world.press(abstained, main_texts.WANT_BUTTON).text.startswith("Alarm-Vorschau: Zwergenamt Xanten")
    assert not abstention_reply(Answer("Und wann?", (), "Dazu steht nichts.", (), 1.0)).buttons


def test_an_archive_does_not_flood(world):
    world.subscribe("Kiel")
    ages = {"neu": 0, "gestern": LATE_DAYS, "spät": LATE_DAYS + 1, "alt": OLD_DAYS + 1, "uralt": 4000}
    world.ingest(*(replace(article(f"In Kiel geschieht etwas: {key}.", key, key), published=TODAY - timedelta(days=age)) for key, age in ages.items()))
    assert [[key for key in ages if f"geschieht etwas: {key}." in reply.text] for reply in world.told()] == [["neu", "gestern"]]
    world.now = next_digest(NOON, Schedule("daily", 8)) + 1
    (digest,) = world.told()
    assert "spät" in digest.text and "alt." not in digest.text
    assert not world.told() and "5 in" not in digest.text


def test_when_an_article_is_news():
    quiet, plan = QuietHours(), Schedule("now")
    assert first_told(NOON, None, plan, quiet) == (NOON, False)
    assert first_told(NOON, TODAY - timedelta(days=LATE_DAYS), plan, quiet) == (NOON, False)
    assert first_told(NOON, TODAY - timedelta(days=OLD_DAYS), plan, quiet) == (at(2026, 3, 3, 8), True)
    assert first_told(NOON, TODAY - timedelta(days=OLD_DAYS + 1), plan, quiet) is None
    assert first_told(NOON, TODAY + timedelta(days=400), plan, quiet) == (NOON, False)  # a date from the future is a mistake, not an archive
    assert first_told(NOON, TODAY - timedelta(days=9), Schedule("weekly", 17, 4), quiet) == (at(2026, 3, 6, 17), True)


@pytest.mark.parametrize(("day", "month"), [(28, 3), (24, 10)])
def test_weekly_and_quiet_over_both_changes_of_the_clock(day, month):
    evening = at(2026, month, day, 23)  # the night in which the clock changes
    quiet = QuietHours(22, 7)
    assert first_due(evening, Schedule("now"), quiet) == at(2026, month, day + 1, 7)
    assert first_due(evening, Schedule("weekly", 3, 6), quiet) == at(2026, month, day + 1, 7)  # Sunday at three lies in the quiet hours
    assert next_digest(evening, Schedule("weekly", 8, 6)) == at(2026, month, day + 1, 8)
    assert plan_chat(due(1), replace(CHAT, quiet=quiet), 0, evening).until == at(2026, month, day + 1, 7)


def test_a_correction_waits_for_the_end_of_quiet_hours(world):
    world.subscribe("OZG")
    world.ingest(OZG)
    world.told()
    world.say("/alarme ruhe 11-14")
    world.store.remove(["ozg"])
    assert not world.told()
    world.now = at(2026, 3, 2, 14, 1)
    assert world.told()[0].text.startswith("Korrektur")


def test_forgetting_leaves_nothing_in_any_table(world):
    world.subscribe("thema:Kiel", 5)
    world.ingest(replace(OZG, text="Kiel."))
    world.say("/alarm Bonn", 5)
    reply = world.press(world.say("/vergessen", 5), texts.FORGET_YES, 5)
    assert "jetzt 0 Einträge" in reply.text
    with world.alerts._database.read() as connection:
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("chat", "subscription", "draft", "delivery", "rule_match", "theme")}
    assert not any(counts.values())


def test_unblocking_writes_only_where_there_is_a_block(tmp_path):
    alerts = AlertStore(tmp_path / "a.sqlite")
    alerts.subscribe(Visitor(5), "OZG", NOON)
    alerts.block(5, NOON)
    alerts.unblock(5)
    alerts.unblock(6)
    assert alerts.chat(5).state == "active" and alerts.chat(6) is None
    alerts.close()


def test_the_terminal_sets_off_the_matched_words_in_colour_only_and_keeps_the_quote_in_one_block(world):
    world.subscribe("OZG")
    world.ingest(OZG)
    told = world.told()
    assert "│ Das Onlinezugangsgesetz gilt in Kiel." in render(told, colour=False)  # verbatim
    coloured = render(told, colour=True)
    assert "\x1b[1m" in coloured.replace("\x1b[36m", "") and "(1) Frage dazu" in coloured
