"""Which message of the bot's own a person replies to."""

from dataclasses import dataclass

from telegram import Message

from bot.telegram_quotes import replied_actions


@dataclass(frozen=True, slots=True)
class Me:
    """The bot that a message belongs to."""

    id: int = 99


def message(**original) -> Message:
    chat = {"id": 5, "type": "private", "first_name": "A"}
    keyboard = {"inline_keyboard": [[{"text": "1", "callback_data": "ctx:4:1:0:9"}, {"text": "zum Artikel", "url": "https://a.de"}]]}
    quoted = {"message_id": 1, "date": 1, "chat": chat, "text": "Zitat", "from": {"id": 99, "is_bot": True, "first_name": "B"}}
    quoted |= {"reply_markup": keyboard, **original}
    found = Message.de_json({"message_id": 2, "date": 2, "chat": chat, "text": "wo?", "reply_to_message": quoted}, None)
    found.set_bot(Me())
    return found


def test_the_buttons_of_our_own_message_are_read():
    assert replied_actions(message()) == ("ctx:4:1:0:9",)


def test_messages_of_others_and_without_buttons_say_nothing():
    assert replied_actions(message(**{"from": {"id": 98, "is_bot": True, "first_name": "C"}})) == ()
    assert replied_actions(message(reply_markup=None)) == ()
    plain = Message.de_json({"message_id": 2, "date": 2, "chat": {"id": 5, "type": "private"}, "text": "wo?"}, None)
    plain.set_bot(Me())
    assert replied_actions(plain) == ()
