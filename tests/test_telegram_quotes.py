"""Which message of the bot's own, or which part of it, a person replies to."""

from dataclasses import dataclass

import pytest
from telegram import Message

from bot.message_parts import NOTHING
from bot.telegram_quotes import read_replied
from bot.telegram_reading import read_message


@dataclass(frozen=True, slots=True)
class Me:
    """The bot that a message belongs to."""

    id: int = 99


def message(quote: dict | None = None, **original) -> Message:
    chat = {"id": 5, "type": "private", "first_name": "A"}
    keyboard = {"inline_keyboard": [[{"text": "1", "callback_data": "ctx:4:1:0:9"}, {"text": "zum Artikel", "url": "https://a.de"}]]}
    quoted = {"message_id": 1, "date": 1, "chat": chat, "text": "Zitat", "from": {"id": 99, "is_bot": True, "first_name": "B"}}
    quoted |= {"reply_markup": keyboard, **original}
    found = Message.de_json({"message_id": 2, "date": 2, "chat": chat, "text": "wo?", "reply_to_message": quoted} | ({"quote": quote} if quote else {}), None)
    found.set_bot(Me())
    return found


def test_the_buttons_of_our_own_message_are_read():
    assert read_replied(message()).actions == ("ctx:4:1:0:9",)


def test_messages_of_others_and_without_buttons_say_nothing():
    assert read_replied(message(**{"from": {"id": 98, "is_bot": True, "first_name": "C"}})) == NOTHING
    assert read_replied(message(reply_markup=None)) == NOTHING
    plain = Message.de_json({"message_id": 2, "date": 2, "chat": {"id": 5, "type": "private"}, "text": "wo?"}, None)
    plain.set_bot(Me())
    assert read_replied(plain) == NOTHING


def test_what_was_sent_through_the_bot_in_another_chat_is_its_own_too():
    person, bot = ({"id": number, "is_bot": number == 99, "first_name": "C"} for number in (98, 99))
    assert read_replied(message(**{"from": person, "via_bot": bot})).actions == ("ctx:4:1:0:9",)


TWO_QUOTES = {
    "text": "😀 Erstes Zitat.\n[1] Eins · 2019\n\nZweites Zitat. 😀 Zitat\n[2] Zwei · 2020\n\nNeueste Fundstelle: 2020",
    "entities": [
        {"type": "blockquote", "offset": 0, "length": 16},
        {"type": "text_link", "offset": 21, "length": 4, "url": "https://a.de/1"},
        {"type": "expandable_blockquote", "offset": 34, "length": 23},
        {"type": "text_link", "offset": 62, "length": 4, "url": "https://a.de/2"},
    ],
    "reply_markup": {"inline_keyboard": [[{"text": "1", "callback_data": "ctx:4:1:0:9"}, {"text": "2", "callback_data": "ctx:5:1:3:9"}]]},
}


@pytest.mark.parametrize(
    ("selected", "position", "meant"),
    [
        ("Zweites Zitat", 34, "ctx:5:1:3:9"),
        ("Zitat", 52, "ctx:5:1:3:9"),  # stands three times; the place decides
        ("Zitat", 10, "ctx:4:1:0:9"),
        ("😀 Zitat\n[2] Zwei", 49, "ctx:5:1:3:9"),
        ("Zwei · 2020", 62, "ctx:5:1:3:9"),
        (" Erstes Zitat. ", 2, "ctx:4:1:0:9"),
        ("2019\n\nZweites", 28, ""),  # spans two
        ("Neueste Fundstelle", 74, ""),  # fits none
        ("steht nicht da", 0, ""),
        (" ", 3, ""),
    ],
)
def test_a_selected_stretch_means_the_quote_that_it_lies_in(selected, position, meant):
    found = read_replied(message({"text": selected, "position": position, "is_manual": True}, **TWO_QUOTES))
    assert found.actions == ((meant,) if meant else ("ctx:4:1:0:9", "ctx:5:1:3:9"))
    assert found.is_part == bool(meant) and len(found.links) == (1 if meant else 2)


def test_a_part_that_nobody_selected_means_the_whole():
    assert not read_replied(message({"text": "Zweites", "position": 34}, **TWO_QUOTES)).is_part


def test_only_the_selected_part_of_somebodys_message_is_asked_about():
    asked = message({"text": "Was ist ELFE", "position": 7, "is_manual": True}, text="Hallo! Was ist ELFE? Und sonst?")
    assert read_message(asked, Me()).replied_text == "Was ist ELFE"
