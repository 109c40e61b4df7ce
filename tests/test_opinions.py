"""Opinions on answers and questions given away: what is counted, what is kept, what is forgotten."""

import pytest

from bot import texts_de
from bot.alerts import texts_de as alert_texts
from bot.deep_links import QUESTION, encode_link
from bot.talk_store import SharedQuestion, TalkStore
from bot.visitors import Visitor
from tests.answer_world import OTHER, PERSON, QUESTION_TEXT, TOWNS, World, towns
from tests.fakes import ANSWER_NEVER


@pytest.fixture
def refusing(tmp_path):
    """A world in which nothing is answered."""
    with World(tmp_path / "a.db", *towns(), calibration=ANSWER_NEVER) as made:
        yield made


def test_thumbs_are_counted_once_a_person_and_minds_may_change(world):
    reply = world.say(QUESTION_TEXT)
    assert world.press(reply, "👍").text == texts_de.RATED_UP
    world.press(reply, "👍")
    world.press(reply, "👍", OTHER)
    assert world.talk.opinions() == (1, 2, 0)
    world.press(reply, "👎")
    assert world.talk.opinions() == (1, 1, 1)
    world.press(world.say(QUESTION_TEXT), "👎")
    assert world.talk.opinions() == (2, 1, 2)


def test_an_abstention_can_be_right_or_wrong_and_is_counted_apart(refusing):
    reply = refusing.say(QUESTION_TEXT)
    assert refusing.press(reply, texts_de.RIGHTLY_NOTHING).text == texts_de.RATED_UP
    assert refusing.talk.opinions(is_abstention=True) == (1, 1, 0)
    asked = refusing.press(reply, texts_de.SHOULD_KNOW)
    assert asked.text == texts_de.RATED_SHOULD_KNOW
    refusing.press(reply, texts_de.SHOULD_KNOW, OTHER)
    assert refusing.talk.opinions(is_abstention=True) == (1, 0, 2) and refusing.talk.opinions() == (0, 0, 0)
    assert refusing.talk.shared() == []
    refusing.start()  # a new process: the question stands above the button
    refusing.press(asked, texts_de.SHARE_WITH_OPERATOR, asked=QUESTION_TEXT)
    assert [(one.question, one.places) for one in refusing.talk.shared()] == [(QUESTION_TEXT, ())]


def test_no_thumbs_where_nothing_was_searched(refusing):
    labels = {button.label for row in refusing.say("und was ist das?").buttons for button in row}
    assert not labels & {texts_de.RIGHTLY_NOTHING, texts_de.SHOULD_KNOW}


def test_vergessen_forgets_who_gave_an_opinion_and_keeps_the_count(world):
    reply = world.say(QUESTION_TEXT)
    world.press(reply, "👍")
    world.say("/vergessen")
    world.press(reply, "👍")
    assert world.talk.opinions() == (1, 2, 0)


def test_an_opinion_keeps_neither_question_nor_chat(world, tmp_path):
    world.press(world.say(QUESTION_TEXT), "👎", Visitor(987654321, person=123456789))
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("a.db*"))
    assert QUESTION_TEXT.encode() not in stored
    assert not any(world.alerts.own_data(987654321).values()) and world.talk.shared() == []


def test_a_question_reaches_the_operator_only_when_shared_and_can_be_deleted(world, tmp_path):
    reply = world.say(QUESTION_TEXT)
    asked = world.press(reply, "👎")
    assert world.talk.shared() == []
    shared = world.press(asked, texts_de.SHARE_WITH_OPERATOR)
    (kept,) = world.talk.shared()
    assert (kept.question, kept.day, len(kept.places)) == (QUESTION_TEXT, "2026-03-02", 3)
    assert kept.question in shared.text and all(place.partition(":")[0] in TOWNS for place in kept.places)
    assert world.press(shared, texts_de.UNSHARE_BUTTON).text == texts_de.UNSHARED
    assert world.talk.shared() == []
    assert world.press(shared, texts_de.UNSHARE_BUTTON).text == texts_de.UNSHARED_BEFORE


def test_buttons_work_after_a_restart_by_the_question_above_them(world):
    reply = world.say(QUESTION_TEXT)
    asked = world.press(reply, "👎")
    world.start()
    assert world.press(asked, texts_de.SHARE_WITH_OPERATOR, asked="").text == texts_de.FORGOTTEN
    world.press(asked, texts_de.SHARE_WITH_OPERATOR, asked=QUESTION_TEXT)
    assert [one.question for one in world.talk.shared()] == [QUESTION_TEXT]
    link = f"/start {encode_link(QUESTION, QUESTION_TEXT)}"
    assert world.press(reply, texts_de.MORE_BUTTON, asked=link).text.startswith(world.press(reply, texts_de.MORE_BUTTON, asked=QUESTION_TEXT).text[:40])
    assert "Alarm-Vorschau" in world.press(reply, texts_de.ALERT_BUTTON, asked=link).text
    assert world.press(reply, texts_de.ALERT_BUTTON, asked="/hilfe").text == texts_de.FORGOTTEN


@pytest.mark.parametrize("action", ["rate:x", "rate:x:sideways", "rate:" + "x" * 30 + ":up", "rate:ü:up", "share:", "unshare:'; DROP TABLE opinion", "al:from:", "al:from", "lang:"])
def test_strange_buttons_count_nothing(world, action):
    (reply,) = world.conversation.press(action, "", PERSON)
    assert reply.text in (texts_de.FORGOTTEN, texts_de.LANGUAGE_ASK, alert_texts.GONE)
    assert world.talk.opinions() == (0, 0, 0) and world.talk.shared() == []


def test_a_database_of_a_newer_program_is_left_alone(tmp_path):
    store = TalkStore(tmp_path / "a.db")
    store._write("INSERT INTO talk_migration VALUES (?)", (99,))
    store.close()
    with pytest.raises(Exception, match="neueren Version"):
        TalkStore(tmp_path / "a.db")


def test_the_operators_report(tmp_path):
    from bot.feedback_report import feedback_to_json, feedback_to_text

    shared = [SharedQuestion(3, "2026-03-02", "Was ist <b>?", ("a:0-5",))]
    found = feedback_to_json((2, 1, 1), (5, 3, 2), shared)
    assert found["shared_questions"] == [{"id": 3, "day": "2026-03-02", "question": "Was ist <b>?", "places": ["a:0-5"]}]
    assert "#3 · 2026-03-02\n  Was ist <b>?\n  a:0-5" in feedback_to_text((2, 1, 1), (5, 3, 2), shared)
    assert (found["up"], found["rated_abstentions"], found["abstentions_up"], found["abstentions_down"]) == (1, 5, 3, 2)
    lines = feedback_to_text((2, 1, 1), (5, 3, 2), [SharedQuestion(4, "2026-03-02", "Was?", ())]).splitlines()
    assert lines[0] == "2 Antworten bewertet: 1 👍, 1 👎." and lines[1].startswith("5-mal „keine Antwort“ bewertet: 3 👍") and "  (ohne Antwort)" in lines
