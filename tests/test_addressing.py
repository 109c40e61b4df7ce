"""Whether a message is meant for the bot, and what it asks: tables and properties of the pure decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity, User

from bot.telegram_addressing import (
    EDIT_WINDOW_S,
    MAX_FORWARD_CHARS,
    Action,
    Incoming,
    Place,
    decide,
    forwarded_question,
    is_fresh_edit,
    without_mentions,
)
from bot.telegram_reading import mentions_of
from index.articles import Span

ME = User(1, "Amtsfunk", True, username="test_bot")
PRIVATE, GROUP, CHANNEL = Place.PRIVATE, Place.GROUP, Place.CHANNEL


def incoming(place: Place, text: str = "", **fields) -> Incoming:
    """A message in which every ``@test_bot`` that stands alone is a mention."""
    starts = [at for at in range(len(text)) if text[at:].lower().startswith("@test_bot") and not text[:at].endswith(("e", "r"))]
    return Incoming(place, text, mentions=tuple(Span(at, at + len("@test_bot")) for at in starts), **fields)


def answer_to(message: Incoming) -> str | None:
    """What is asked, None for silence, "?" for a kind sentence."""
    decision = decide(message, "test_bot", {"/hilfe", "/alarm"}.__contains__)
    return {Action.IGNORE: None, Action.EXPLAIN: "?", Action.ANSWER: decision.text}[decision.action]


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (incoming(PRIVATE, "Was ist ELFE?"), "Was ist ELFE?"),
        (incoming(PRIVATE, "@test_bot Was ist ELFE?"), "Was ist ELFE?"),
        (incoming(PRIVATE, "/hilfe@other_bot"), None),
        (incoming(PRIVATE, "/wetter"), "/wetter"),
        (incoming(PRIVATE, "Was ist ELFE?", kind="photo"), "Was ist ELFE?"),
        (incoming(PRIVATE, kind="photo"), "?"),
        (incoming(PRIVATE, kind="other"), "?"),
        (incoming(PRIVATE), None),
        (incoming(PRIVATE, "Was ist ELFE?", is_from_machine=True), None),
        (incoming(PRIVATE, "Was ist ELFE?", is_forward=True), "Was ist ELFE?"),
        (incoming(PRIVATE, kind="photo", is_forward=True), "?"),
        (incoming(GROUP, "Was ist ELFE?"), None),
        (incoming(GROUP, kind="photo"), None),
        (incoming(GROUP, "@test_bot was ist ELFE?"), "was ist ELFE?"),
        (incoming(GROUP, "Was ist ELFE, @Test_Bot?"), "Was ist ELFE?"),
        (incoming(GROUP, "Sag mal @test_bot: was ist ELFE?"), "Sag mal was ist ELFE?"),
        (incoming(GROUP, "@test_bot @test_bot"), ""),
        (incoming(GROUP, "@test_bot"), ""),
        (incoming(GROUP, "@test_bot", replied_text="Was ist ELFE?"), "Was ist ELFE?"),
        (incoming(GROUP, "@test_bot", kind="photo"), ""),
        (incoming(GROUP, "Und seit wann?", is_reply_to_bot=True), "Und seit wann?"),
        (incoming(GROUP, kind="sticker", is_reply_to_bot=True), "?"),
        (incoming(GROUP, "/hilfe"), "/hilfe"),
        (incoming(GROUP, "/HILFE"), "/HILFE"),
        (incoming(GROUP, "/hilfe@test_bot"), "/hilfe@test_bot"),
        (incoming(GROUP, "/wetter"), None),
        (incoming(GROUP, "/wetter@test_bot"), "/wetter@test_bot"),
        (incoming(GROUP, "/hilfe@other_bot"), None),
        (incoming(GROUP, "@test_bot /hilfe"), "/hilfe"),
        (incoming(GROUP, "@test_bot Was ist ELFE?", is_forward=True), None),
        (incoming(GROUP, "@test_bot Was ist ELFE?", is_from_machine=True), None),
        (incoming(CHANNEL, "Neu: ELFE"), None),
        (incoming(CHANNEL, "/alarm ELFE"), "/alarm ELFE"),
        (incoming(CHANNEL, "/wetter"), None),
        (incoming(CHANNEL, "@test_bot Was ist ELFE?"), "Was ist ELFE?"),
        (incoming(CHANNEL, "Fragen Sie @test_bot"), None),
    ],
)
def test_who_is_answered(message, asked):
    assert answer_to(message) == asked


@given(st.text(max_size=50), st.text(max_size=50))
def test_a_group_that_says_nothing_to_the_bot_hears_nothing(before, after):
    text = before + after
    assert answer_to(Incoming(GROUP, text if not text.strip().startswith("/") else "x" + text, kind="photo")) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_but_the_mention_is_taken_away(before, after):
    text = f"{before}@test_bot{after}"
    kept = without_mentions(text, (Span(len(before), len(before) + 9),))
    assert [char for char in kept if char.isalnum()] == [char for char in before + after if char.isalnum()]


@pytest.mark.parametrize("before", ["", "👩‍💻🇩🇪 ", "\u202eما هو ", "ä <b> "])
def test_mentions_are_found_where_telegram_counts_them(before):
    text = f"{before}@Test_Bot und @test_bot2"
    units = len(before.encode("utf-16-le")) // 2
    found = [MessageEntity("mention", units, 9), MessageEntity("mention", units + 14, 10)]
    assert [span.cut(text) for span in mentions_of(message_of(text, found), ME)] == ["@Test_Bot"]


@pytest.mark.parametrize(("user", "count"), [(ME, 1), (User(2, "Anna", False), 0)])
def test_a_name_that_links_to_the_bot_is_a_mention(user, count):
    message = message_of("Sag, Amtsfunk, was ist ELFE?", [MessageEntity("text_mention", 5, 8, user=user)])
    found = mentions_of(message, ME)
    assert len(found) == count and (not found or without_mentions(message.text, found) == "Sag, was ist ELFE?")


def message_of(text: str, entities: list[MessageEntity]) -> Message:
    return Message(1, None, Chat(-5, "supergroup"), from_user=User(2, "Anna", False), text=text, entities=entities)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Was ist ELFE?", "Was ist ELFE?"),
        ("OZG 2.0 im Kabinett\n" + "Der Bund ändert das Gesetz. " * 20, "OZG 2.0 im Kabinett"),
        ("Der Bund ändert das Gesetz. " * 20, "Der Bund ändert das Gesetz. " * 10),
        ("x" * 1000, "x" * MAX_FORWARD_CHARS),
    ],
)
def test_of_a_long_forwarded_text_the_beginning_is_the_question(text, question):
    assert forwarded_question(text) == question.strip()


@given(st.text(max_size=2000))
def test_a_forwarded_question_is_a_beginning_of_the_text(text):
    question = forwarded_question(text)
    assert text.strip().startswith(question) and len(question) <= MAX_FORWARD_CHARS


def test_edits_are_answered_for_some_minutes():
    assert is_fresh_edit(1000, 1000 + EDIT_WINDOW_S) and not is_fresh_edit(1000, 1001 + EDIT_WINDOW_S)
