"""From an answer to an alert, and links into the conversation."""

from dataclasses import replace

import pytest

from bot import texts_de
from bot.alerts import texts_de as alert_texts
from bot.alerts.matcher import AlertMatcher
from bot.deep_links import QUESTION, RULE, encode_link
from bot.replies import Style
from index.ingest import Ingester
from index.storage.store import Store
from tests.answer_world import OTHER, PERSON, QUESTION_TEXT, TODAY
from tests.fakes import HashEncoder, article


def test_alert_from_a_question_is_a_preview_and_saves_nothing(world):
    preview = world.press(world.say(QUESTION_TEXT), texts_de.ALERT_BUTTON)
    assert preview.text.startswith("Alarm-Vorschau: Vorsitz IT-Planungsrat")
    assert world.alerts.subscriptions(7) == []
    assert world.press(world.say(QUESTION_TEXT), texts_de.ALERT_BUTTON, replace(PERSON, may_subscribe=False)).text == alert_texts.ONLY_ADMINS


def test_a_link_to_a_question_is_answered_and_says_what_was_asked(world):
    reply = world.say(f"/start {encode_link(QUESTION, QUESTION_TEXT)}")
    assert reply.text.startswith(texts_de.LINK_QUESTION.format(question=QUESTION_TEXT)) and "Bremen" in world.say(QUESTION_TEXT).text
    assert [segment.style for segment in reply.segments].count(Style.STRONG_QUOTE) > 2


def test_a_link_to_a_rule_shows_the_preview_and_saves_nothing(world):
    reply = world.say(f"/start {encode_link(RULE, 'Vorsitz -Essen')}")
    assert reply.text.startswith("Alarm-Vorschau: Vorsitz -Essen") and world.alerts.subscriptions(7) == []
    assert world.say(f"/start {encode_link(RULE, 'titel:')}").buttons == ()  # a rule that cannot be understood


def test_a_saved_alert_is_passed_on_as_a_link_to_its_preview(world):
    saved = world.press(world.say("/alarm Vorsitz -Essen"), alert_texts.SAVE)
    link = next(button.share for button in saved.buttons[0] if button.label == alert_texts.SHARE_RULE)
    assert world.say(f"/start {link}", OTHER).text.startswith("Alarm-Vorschau: Vorsitz -Essen") and world.alerts.subscriptions(8) == []


def test_alerts_come_in_the_language_that_the_chat_has_chosen(world, tmp_path):
    from bot.alerts.delivering import Deliverer

    store = Store(tmp_path / "a.db", on_change=AlertMatcher(lambda: 0.0).on_change)
    world.press(world.say("/alarm Gipfel"), alert_texts.SAVE)
    Ingester(store, HashEncoder()).run([replace(article("Der Gipfel tagt.", "neu", "Gipfel"), published=TODAY)])
    deliverer = Deliverer(world.alerts, store, None, tmp_path / "lock", lambda: 10.0, language_of=lambda chat_id: "en" if chat_id == 7 else "de")
    outgoing = deliverer._start(7)
    assert "because: " in outgoing.reply.text and "2 March 2026" in outgoing.reply.text and "Der Gipfel tagt." in outgoing.reply.text
    store.close()


@pytest.mark.parametrize("payload", ["jetzt", "qt-!!", "qz-AAAA", "x" * 4000, "<b>", "'; DROP TABLE article"])
def test_a_damaged_link_gets_a_kind_sentence(world, payload):
    text = world.say(f"/start {payload}").text
    assert text.startswith("Guten Tag!") and text.endswith(texts_de.LINK_UNREADABLE)


def test_a_plain_start_is_a_greeting(world):
    assert texts_de.LINK_UNREADABLE not in world.say("/start").text + world.say("/start hallo").text
