"""Groups, channels, edits, forwards and what is no text, end to end: the real process on a Bot API server."""

import time

import pytest

from bot import texts_de as texts
from bot.rate_limit import PRIVATE
from tests.telegram_bot import TelegramBot, new_chat, shown_quotes

QUESTION = "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?"
OTHER = "Was ist ELFE?"
BOT_ID = 123456789
GROUP_ANONYMOUS_BOT = 1087968824
OLD_S = 3600


@pytest.fixture
def chat() -> int:
    return new_chat()


@pytest.fixture
def group(telegram, chat) -> int:
    telegram.server.chat(-chat, type="supergroup", title="Runde", members=[chat], topics=[7])
    return -chat


def raw(chat: int, kind: str, number: int = 1, person: int | None = None, age_s: int = 0, **fields) -> dict:
    """A message as the wire has it."""
    sender = {"id": person or abs(chat), "is_bot": False, "first_name": "Test"}
    return {"message_id": number, "date": int(time.time()) - age_s, "chat": {"id": chat, "type": kind}, "from": sender} | fields


def only_reply(telegram: TelegramBot, chat: int, after: int = 0):
    """The one reply; in a group it may wait for its turn."""
    telegram.server.wait_reply(chat, after, timeout_s=30)
    (reply,) = telegram.replies(chat, after)
    return reply


# groups and channels


def test_in_a_group_only_who_speaks_to_the_bot_gets_an_answer(telegram, group):
    telegram.server.say(QUESTION, chat_id=group)
    telegram.server.say("/wetter", chat_id=group)
    telegram.server.say("/hilfe@other_bot", chat_id=group)
    assert not telegram.replies(group)
    said = telegram.server.say(f"Sag mal @test_bot, {QUESTION}", chat_id=group)
    reply = only_reply(telegram, group)
    assert shown_quotes(reply) and reply.raw["reply_to_message"]["message_id"] == said.message_id
    more = telegram.press(reply, group, texts.MORE_BUTTON)
    assert shown_quotes(more)


def test_a_reply_to_the_bot_is_meant_for_it_and_stays_in_its_topic(telegram, group):
    telegram.server.say("/hilfe@test_bot", chat_id=group, thread_id=7)
    telegram.server.wait_reply(group, timeout_s=30)
    help_text = only_reply(telegram, group)
    said = telegram.server.say(QUESTION, chat_id=group, thread_id=7, reply_to=help_text.message_id)
    reply = only_reply(telegram, group, said.message_id)
    assert shown_quotes(reply) and reply.raw["message_thread_id"] == 7


def test_the_bare_mention_under_a_question_answers_that_question(telegram, group):
    asked = telegram.server.say(QUESTION, chat_id=group)
    said = telegram.server.say("@test_bot", chat_id=group, reply_to=asked.message_id)
    assert shown_quotes(only_reply(telegram, group, said.message_id))


def test_the_question_under_a_button_is_read_without_the_mention_after_a_restart(telegram, group):
    telegram.server.say(f"@test_bot {QUESTION}", chat_id=group)
    telegram.server.wait_reply(group, timeout_s=30)
    reply = only_reply(telegram, group)
    query = {"id": f"{abs(group)}9", "from": {"id": abs(group), "is_bot": False, "first_name": "Test"}, "message": reply.raw, "chat_instance": "1"}
    query["message"] = {key: value for key, value in reply.raw.items() if key not in {"from_bot", "edited"}}
    telegram.server.update(callback_query=query | {"data": "more:vergessen:3"})
    assert shown_quotes(telegram.server.wait_reply(group, after=reply.message_id, timeout_s=30))


def test_service_messages_and_machines_are_passed_over(telegram, group):
    anna = {"id": 5, "is_bot": False, "first_name": "Anna"}
    other_bot = {"id": 6, "is_bot": True, "first_name": "Bot", "username": "other_bot"}
    me = {"id": BOT_ID, "is_bot": True, "first_name": "Test bot", "username": "test_bot"}
    text = {"text": f"@test_bot {QUESTION}", "entities": [{"type": "mention", "offset": 0, "length": 9}]}
    for number, fields in enumerate(
        [
            {"new_chat_members": [anna]},
            {"left_chat_member": anna},
            {"new_chat_title": "Neu"},
            {"pinned_message": raw(group, "supergroup", 900, text="x")},
            {"is_automatic_forward": True} | text,
            {"from": other_bot} | text,
            {"via_bot": me} | text,
        ]
    ):
        telegram.server.update(message=raw(group, "supergroup", 1000 + number, **fields))
    assert not telegram.replies(group)


def test_who_speaks_for_the_group_is_its_administrator(telegram, group):
    sender = {"id": GROUP_ANONYMOUS_BOT, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    message = raw(group, "supergroup", 500, sender_chat={"id": group, "type": "supergroup"}, text="/alarm Nebelbank") | {"from": sender}
    telegram.server.update(message=message)
    assert "Alarm-Vorschau" in telegram.server.wait_reply(group, timeout_s=30).text


def test_a_channel_hears_the_bot_only_when_a_post_begins_with_its_name(telegram, chat):
    telegram.server.chat(-chat, type="channel", title="Kanal", admins=[chat, BOT_ID])
    for text in (QUESTION, f"{QUESTION} Fragen Sie @test_bot", "/wetter"):
        telegram.server.say(text, chat_id=-chat)
    assert not telegram.replies(-chat)
    telegram.server.say(f"@test_bot {QUESTION}", chat_id=-chat)
    assert shown_quotes(only_reply(telegram, -chat))


def test_business_and_unknown_updates_are_passed_over(telegram, chat):
    telegram.server.update(business_message=raw(chat, "private", text=QUESTION, business_connection_id="b"))
    telegram.server.update(message=raw(chat, "private", 77, tomorrow_s_invention={"a": ["b" * 50_000]}, text="/hilfe"))
    assert [reply.text[:15] for reply in telegram.replies(chat)] == []  # the chat is unknown to the server: nothing can be sent there
    assert telegram.ask("/hilfe", new_chat())[1].text.startswith("So funktioniert")


# the same message again, and edited


def test_a_message_that_comes_again_is_answered_once(telegram, chat):
    telegram.server.chat(chat)
    message = raw(chat, "private", 41, text=QUESTION)
    for _ in range(3):
        telegram.server.update(message=message)
    telegram.server.wait_reply(chat, timeout_s=30)
    assert shown_quotes(only_reply(telegram, chat))


def test_an_edited_question_renews_its_answer(telegram, chat):
    said, reply = telegram.ask(OTHER, chat)
    assert "ELFE" in reply.text
    telegram.server.say(QUESTION, chat_id=chat, edit_of=said.message_id)
    telegram.server.wait_for(lambda: telegram.server.messages(chat)[-1].edited, 30)
    renewed = only_reply(telegram, chat)
    assert renewed.message_id == reply.message_id and any("Bremen" in quote.text for quote in shown_quotes(renewed))


def test_an_edit_that_changes_the_kind_of_answer_replaces_it(telegram, chat):
    said, reply = telegram.ask("/zeitstrahl FITKO", chat)
    assert "photo" in reply.raw
    telegram.server.say(QUESTION, chat_id=chat, edit_of=said.message_id)
    telegram.server.wait_for(lambda: any(message.message_id > reply.message_id + 1 for message in telegram.server.messages(chat)), 30)
    assert shown_quotes(only_reply(telegram, chat))


def test_an_edit_that_changes_nothing_or_is_late_changes_nothing(telegram, chat):
    said, reply = telegram.ask(QUESTION, chat)
    telegram.server.say(QUESTION, chat_id=chat, edit_of=said.message_id)
    old = raw(chat, "private", said.message_id, age_s=OLD_S, text=OTHER, edit_date=int(time.time()))
    telegram.server.update(edited_message=old)
    telegram.server.update(edited_message=old | {"message_id": 9000, "date": int(time.time()) - 200})  # written before this process began
    assert [(again.message_id, again.text) for again in telegram.replies(chat)] == [(reply.message_id, reply.text)]


def test_a_mention_added_by_an_edit_is_answered_once(telegram, group):
    said = telegram.server.say(QUESTION, chat_id=group)
    assert not telegram.replies(group)
    for text in (f"@test_bot {QUESTION}", f"@test_bot  {QUESTION}"):
        telegram.server.say(text, chat_id=group, edit_of=said.message_id)
    telegram.server.wait_reply(group, timeout_s=30)
    assert shown_quotes(only_reply(telegram, group))


# forwards, captions, and what is no text


def test_a_forwarded_question_is_a_question(telegram, chat):
    telegram.server.say(QUESTION, chat_id=chat, forward=True)
    assert shown_quotes(telegram.server.wait_reply(chat, timeout_s=30))


def test_of_a_forwarded_article_the_headline_is_asked_and_that_is_said(telegram, chat):
    article = f"{QUESTION}\n\n" + "Der Vorsitz wechselt jedes Jahr zwischen Bund und Ländern. " * 40
    telegram.server.say(article, chat_id=chat, forward="Anna")
    reply = telegram.server.wait_reply(chat, timeout_s=30)
    assert reply.text.startswith(texts.READ_FROM_FORWARD.format(text=QUESTION)) and shown_quotes(reply)


FILE = {"file_id": "f", "file_unique_id": "u"}
SIZE = {"width": 9, "height": 9}
PHOTO = {"photo": [FILE | SIZE]}
WITHOUT_TEXT = {
    "photo": PHOTO,
    "video": {"video": FILE | SIZE | {"duration": 3}},
    "video_note": {"video_note": FILE | {"length": 9, "duration": 3}},
    "animation": {"animation": FILE | SIZE | {"duration": 3}, "document": FILE},
    "voice": {"voice": FILE | {"duration": 3}},
    "audio": {"audio": FILE | {"duration": 3}},
    "sticker": {"sticker": FILE | SIZE | {"type": "regular", "is_animated": False, "is_video": False}},
    "document": {"document": FILE},
    "location": {"location": {"longitude": 9.0, "latitude": 53.0}},
    "contact": {"contact": {"phone_number": "1", "first_name": "A"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "poll": {
        "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
                 "allows_multiple_answers": False, "allows_revoting": False, "members_only": False}
    },
    "something new": {"hologram": {"x": 1}},
}  # fmt: skip


@pytest.mark.parametrize("kind", WITHOUT_TEXT)
def test_what_is_no_text_gets_a_kind_sentence(telegram, chat, kind):
    telegram.server.chat(chat)
    telegram.server.update(message=raw(chat, "private") | WITHOUT_TEXT[kind])
    telegram.server.wait_reply(chat, timeout_s=30)
    assert only_reply(telegram, chat).text == texts.NOT_READ.get(kind, texts.NOT_TEXT)


def test_in_a_group_what_is_no_text_gets_silence(telegram, group):
    for number, content in enumerate(WITHOUT_TEXT.values(), 100):
        telegram.server.update(message=raw(group, "supergroup", number) | content)
    assert not telegram.replies(group)


def test_a_caption_is_read_as_text_and_an_album_gets_one_answer(telegram, chat):
    telegram.server.chat(chat)
    telegram.server.update(message=raw(chat, "private", 1, media_group_id="a", caption=QUESTION) | PHOTO)
    telegram.server.update(message=raw(chat, "private", 2, media_group_id="a") | PHOTO)
    for number in (3, 4, 5):
        telegram.server.update(message=raw(chat, "private", number, media_group_id="b") | PHOTO)
    telegram.server.wait_for(lambda: len([m for m in telegram.server.messages(chat) if m.from_bot]) > 1, 30)
    first, second = sorted(telegram.replies(chat), key=lambda reply: reply.text == texts.NOT_READ["photo"])
    assert shown_quotes(first) and second.text == texts.NOT_READ["photo"]


# too much


def test_who_sends_too_much_is_told_once_and_others_are_served(telegram, chat):
    telegram.server.limits(enabled=False)
    for _ in range(30):
        telegram.server.say("/wetter", chat_id=chat)
    telegram.server.wait_for(lambda: any(m.text == texts.TOO_MANY for m in telegram.server.messages(chat)), 40)
    assert telegram.ask("/hilfe", new_chat())[1].text.startswith("So funktioniert")
    assert [message.text for message in telegram.server.messages(chat)].count(texts.TOO_MANY) == 1
    telegram.server.wait_for(lambda: len([m for m in telegram.server.messages(chat) if m.from_bot]) == PRIVATE.burst + 1, 40)
    telegram.server.limits(enabled=True)
