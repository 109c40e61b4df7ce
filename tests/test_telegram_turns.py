"""Follow-ups, replies to quotes and times in Telegram, end to end with the shipped articles."""

import pytest

from bot import texts_de as texts
from tests.telegram_bot import TelegramBot, captions, links, new_chat, quoted_places, running_bot, shown_quotes

CHAIR = "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?"


@pytest.fixture
def chat() -> int:
    return new_chat()


def ask(telegram: TelegramBot, text: str, chat: int, **fields):
    said = telegram.server.say(text, chat_id=chat, **fields)
    return telegram.server.wait_reply(chat, after=said.message_id, timeout_s=60)


def test_a_follow_up_is_understood_shown_and_undone(telegram, chat):
    assert "verstanden als" not in ask(telegram, CHAIR, chat).text
    reply = ask(telegram, "und 2021?", chat)
    assert reply.text.startswith("verstanden als: Wer hat 2021 den Vorsitz im IT-Planungsrat übernommen?\n")
    assert shown_quotes(reply) and {texts.ALONE_BUTTON, texts.NEW_QUESTION_BUTTON} <= set(captions(reply))
    assert "verstanden als" not in telegram.press(reply, chat, texts.ALONE_BUTTON).text
    assert telegram.press(reply, chat, texts.NEW_QUESTION_BUTTON).text == texts.NEW_QUESTION
    assert "verstanden als" not in ask(telegram, "und 2020?", chat).text


def test_two_people_in_a_group_do_not_mix(telegram):
    group = -new_chat()
    telegram.server.chat(group, type="supergroup", members=[71, 72])
    first = ask(telegram, "@test_bot Seit wann gibt es die FITKO?", group, user_id=71)
    second = ask(telegram, "@test_bot Was ist ELFE?", group, user_id=72)
    assert "FITKO" in ask(telegram, "und wer leitet das?", group, user_id=71, reply_to=first.message_id).text.split("\n")[0]
    assert "ELFE" in ask(telegram, "und wer leitet das?", group, user_id=72, reply_to=second.message_id).text.split("\n")[0]


def test_a_reply_to_a_quote_asks_about_its_article_also_after_a_restart(telegram_home, tmp_path):
    chat = new_chat()
    with running_bot(telegram_home, tmp_path) as telegram:
        quoted = ask(telegram, "Seit wann gibt es die FITKO?", chat)
        follow_up = ask(telegram, "und wo?", chat)
        titles = {quote.title for quote in shown_quotes(quoted)}
        telegram.stop()
        telegram.start()
        reply = ask(telegram, "Wo arbeitet die FITKO?", chat, reply_to=quoted.message_id)
        assert reply.text.startswith("zu: ") and {quote.title for quote in shown_quotes(reply)} <= titles
        assert {row for row, *_place in quoted_places(reply)} <= {row for row, *_place in quoted_places(quoted)}
        if texts.MORE_BUTTON in captions(follow_up):
            assert telegram.press(follow_up, chat, texts.MORE_BUTTON).text == texts.FORGOTTEN
        assert "verstanden als" not in telegram.press(follow_up, chat, texts.ALONE_BUTTON).text  # the question itself stands above


def test_a_reply_to_a_part_asks_about_that_quote_also_after_a_restart(telegram_home, tmp_path):
    chat = new_chat()
    with running_bot(telegram_home, tmp_path) as telegram:
        message = ask(telegram, "Was ist das OZG?", chat)
        quotes, places = shown_quotes(message), quoted_places(message)
        assert len({row for row, *_place in places}) > 1
        telegram.stop()
        telegram.start()
        for quote in quotes:
            reply = ask(telegram, "und wann trat das in Kraft?", chat, reply_to=message.message_id, quote=quote.text[10:40])
            assert f"zu: {quote.title[:60]}" in reply.text or texts.LEFT_ABOUT.split("(")[0] in reply.text
            around = ask(telegram, "mehr dazu", chat, reply_to=message.message_id, quote=quote.text[3:])
            assert around.text.startswith(f"{texts.CONTEXT_OF}{quote.title} · ") and quote.text in around.text
            follow_up = ask(telegram, "wer war das?", chat, reply_to=around.message_id)  # told by the link in it
            assert f"zu: {quote.title[:60]}" in follow_up.text or quote.title[:60] in follow_up.text
        spanning = message.text[message.text.index(quotes[0].text) + 5 : message.text.index(quotes[1].text) + 12]
        whole = ask(telegram, "Wer legte das vor?", chat, reply_to=message.message_id, quote=spanning)
        titles = dict.fromkeys(quote.title for quote in quotes)
        assert all(title[:60] in whole.text for title in titles)


def test_a_reply_to_a_headline_of_a_list_asks_about_that_article(telegram, chat):
    message = ask(telegram, "/neu FITKO", chat)
    title = links(message)[1][0]
    reply = ask(telegram, "wer ist das?", chat, reply_to=message.message_id, quote=title[2:20])
    assert title[:60] in reply.text.split("\n\n")[0]


def test_a_time_filters_and_is_lifted(telegram, chat):
    reply = ask(telegram, "Was gab es 2020 zur FITKO?", chat)
    assert reply.text.startswith("Zeitraum: 01.01.2020–31.12.2020\n")
    assert {quote.day[-4:] for quote in shown_quotes(reply)} == {"2020"}
    lifted = telegram.press(reply, chat, texts.ANY_TIME_BUTTON)
    assert "Zeitraum" not in lifted.text and texts.ANY_TIME_BUTTON not in captions(lifted)
