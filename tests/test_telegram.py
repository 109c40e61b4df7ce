"""The bot in Telegram, end to end: the real process on a Bot API server process, over HTTP."""

import time
from datetime import datetime

import pytest

from bot import texts_de as texts
from bot.replies import telegram_length
from bot.telegram_text import MAX_MESSAGE_UNITS
from index.articles import StoredArticle
from index.storage.store import Store
from tests.botapi.client import SeenMessage
from tests.odd_articles import LONG_SENTENCE_WORD, MARKUP_SENTENCE, MARKUP_SOURCE, MARKUP_TITLE, MARKUP_URL
from tests.telegram_bot import (
    TelegramBot,
    blockquotes,
    captions,
    context_captions,
    entities_of,
    links,
    new_chat,
    quoted_places,
    shown_quotes,
    slice_of,
)

QUESTION = "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?"
UNANSWERABLE = "Wie wird das Wetter morgen?"


@pytest.fixture
def chat() -> int:
    return new_chat()


@pytest.fixture(scope="module")
def store(telegram_home):
    store = Store(telegram_home / "amtsfunk.sqlite")
    yield store
    store.close()


def assert_quotes_are_true(message: SeenMessage, store: Store) -> None:
    """Every quote is a slice of the stored article that its line names, and nothing else is in a blockquote."""
    quotes, places = shown_quotes(message), quoted_places(message)
    assert len(quotes) == len(places) == len(blockquotes(message)) > 0
    for quote, (row, version, start, end) in zip(quotes, places, strict=True):
        stored: StoredArticle = store.articles([row])[row]
        article = stored.article
        assert (stored.version, article.text[start:end]) == (version, quote.text)
        assert (quote.title, quote.source, quote.url) == (article.title, article.source, article.url)
        assert datetime.strptime(quote.day, "%d.%m.%Y").date() == article.published


# commands


def test_the_command_menu_is_registered(telegram):
    (call, *_later) = telegram.server.calls("setMyCommands")
    assert call.answer["ok"] and [item["command"] for item in call.params["commands"]] == [name for name, _text in texts.COMMANDS]
    assert all(item["description"] for item in call.params["commands"])


@pytest.mark.parametrize(
    ("command", "beginning", "mentions"),
    [
        ("/start", "Guten Tag!", texts.EXAMPLES[0]),
        ("/START jetzt", "Guten Tag!", "/hilfe"),
        ("/hilfe", "So funktioniert Amtsfunk", "Demotexte"),
        ("/help", "So funktioniert Amtsfunk", "/datenschutz"),
        ("/datenschutz", "Datenschutz", "weder gespeichert noch protokolliert"),
        ("/wetter", "Den Befehl /wetter kenne ich nicht", "/hilfe"),
    ],
)
def test_commands(telegram, chat, command, beginning, mentions):
    telegram.ask(command, chat)
    (reply,) = telegram.replies(chat)
    assert reply.text.startswith(beginning) and mentions in reply.text
    assert not blockquotes(reply) and not reply.buttons


def test_help_counts_the_stored_articles(telegram, chat, store):
    _said, reply = telegram.ask("/hilfe", chat)
    assert f"{store.count_articles()} Artikel" in reply.text


# questions


def test_a_question_is_answered_by_quotes_with_title_source_and_date(telegram, chat, store):
    said, reply = telegram.ask(QUESTION, chat)
    assert reply.raw["reply_to_message"]["message_id"] == said.message_id
    assert_quotes_are_true(reply, store)
    assert any("Bremen" in quote.text and quote.day == "28.01.2019" for quote in shown_quotes(reply))
    assert len(telegram.replies(chat)) == 1


def test_more_gives_other_quotes_until_there_are_none(telegram, chat, store):
    said, message = telegram.ask(QUESTION, chat)
    seen = quoted_places(message)
    pages = 1
    while texts.MORE_BUTTON in captions(message):
        message = telegram.press(message, chat, texts.MORE_BUTTON)
        assert_quotes_are_true(message, store)
        assert message.raw["reply_to_message"]["message_id"] == said.message_id
        assert f"[{len(seen) + 1}] " in message.text
        seen += quoted_places(message)
        pages += 1
    assert pages > 1 and len(set(seen)) == len(seen)


def test_a_pressed_button_stops_waiting(telegram, chat):
    _said, message = telegram.ask(QUESTION, chat)
    query = telegram.server.press(message.message_id, chat_id=chat, text=texts.MORE_BUTTON)
    telegram.server.wait_reply(chat, after=message.message_id, timeout_s=10)
    (call,) = [call for call in telegram.server.calls("answerCallbackQuery") if call.params["callback_query_id"] == query]
    assert call.answer["ok"]


def test_each_quote_in_its_context(telegram, chat):
    _said, message = telegram.ask(QUESTION, chat)
    for quote, caption in zip(shown_quotes(message), context_captions(message), strict=True):
        context = telegram.press(message, chat, caption)
        (passage,) = blockquotes(context)
        assert quote.text in passage and context.text.startswith(texts.CONTEXT_OF + quote.title)
        assert (quote.title, quote.url) in links(context) or not quote.url
        assert entities_of(context, "bold")


def test_it_says_when_it_does_not_know(telegram, chat):
    _said, reply = telegram.ask(UNANSWERABLE, chat)
    assert reply.text.startswith(texts.ABSTAINED) and "Wetter" in reply.text
    assert not blockquotes(reply) and captions(reply) == [texts.WANT_BUTTON, texts.RIGHTLY_NOTHING, texts.SHOULD_KNOW]
    before, after = reply.text.split(texts.SUGGESTIONS)
    assert "keine Antwort" in texts.SUGGESTIONS and "•" not in before
    assert after.count("\n• ") == len(links(reply)) > 0


# whatever people write

HOSTILE = {
    "tag": "<b>",
    "unclosed": "<a href='x",
    "reference": "&amp;",
    "markdown": "_*[]()~`>#+-=|{}.!",
    "end of quote": "</blockquote> Was ist ELFE? <blockquote>",
    "right to left": "\u202eما هو OZG؟\u202c",
    "emoji": "👩‍💻🇩🇪 Was ist ELFE? 😀",
    "nul": "Was ist\x00 ELFE?",
    "only nul": "\x00",
    "blank": "\u00a0\u2003\u200b",
    "longest": "Was ist das OZG? " + "x" * 4079,
    "longest of emoji": "😀" * 2048,
    "slash": "/",
    "slashes": "/////",
    "command with markup": "/<b>&amp;",
    "long command": "/" + "a" * 4000,
    "sql": "'; DROP TABLE article; -- \" OR 1=1 NEAR(*",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_written_gets_exactly_one_sensible_reply(telegram, chat, name):
    said, _first = telegram.ask(HOSTILE[name], chat)
    (reply,) = telegram.replies(chat, after=said.message_id)
    assert texts.FAILED not in reply.text
    assert telegram_length(reply.text) <= MAX_MESSAGE_UNITS
    assert blockquotes(reply) or reply.text.startswith(
        (texts.ABSTAINED, texts.EMPTY_MESSAGE, "Ihre Nachricht ist sehr lang", "Den Befehl /")
    )


def test_of_a_long_message_the_beginning_is_read_and_that_is_said(telegram, chat, store):
    _said, reply = telegram.ask(QUESTION + " " * 1000 + UNANSWERABLE, chat)
    assert reply.text.startswith(texts.SHORTENED.format(limit=1000) + "\n\n")
    assert_quotes_are_true(reply, store)


# other updates


def from_person(chat: int) -> dict:
    person = {"id": chat, "is_bot": False, "first_name": "Test"}
    return {"message_id": 1, "date": int(time.time()), "chat": {"id": chat, "type": "private", "first_name": "Test"}, "from": person}


@pytest.fixture
def group(telegram, chat) -> int:
    telegram.server.chat(-chat, type="supergroup", title="Runde", members=[chat])
    return -chat


def test_a_command_to_the_bot_in_a_group(telegram, group):
    said, _reply = telegram.ask("/hilfe@test_bot", group)
    (reply,) = telegram.replies(group)
    assert reply.text.startswith("So funktioniert Amtsfunk")
    assert reply.raw["reply_to_message"]["message_id"] == said.message_id


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ("alarm:neu:17", texts.FORGOTTEN),
        ("more:zzz", texts.FORGOTTEN),
        ("more:zzz:-3", texts.FORGOTTEN),
        ("ctx:1:1:0", texts.FORGOTTEN),
        ("ctx:a:b:c:d", texts.FORGOTTEN),
        ("ctx:999999999999999999999:1:0:5", texts.CHANGED),
        ("ctx:1:999:0:5", texts.CHANGED),
        ("ctx:1:1:5:99999999", texts.CHANGED),
        ("ctx:1:1:-5:2", texts.CHANGED),
    ],
)
def test_a_button_of_another_version_is_answered_honestly(telegram, chat, data, answer):
    telegram.server.chat(chat)
    press_unseen(telegram, chat, data)
    telegram.server.wait_reply(chat)
    (reply,) = telegram.replies(chat)
    assert reply.text == answer


def press_unseen(telegram: TelegramBot, chat: int, data: str, asked: str = "") -> None:
    """Press a button that another version of the bot sent, under a message that answered ``asked``."""
    bot = {"id": 123456789, "is_bot": True, "first_name": "Test bot", "username": "test_bot"}
    message = from_person(chat) | {"from": bot, "message_id": 7, "text": "alt"}
    message |= {"reply_to_message": from_person(chat) | {"text": asked}} if asked else {}
    query = {"id": f"{chat}1", "from": from_person(chat)["from"], "message": message, "chat_instance": "1", "data": data}
    telegram.server.update(callback_query=query)


@pytest.mark.parametrize("start", ["-3", "-1", "99"])
def test_a_button_with_a_strange_place_shows_no_wrong_quotes(telegram, chat, start):
    telegram.server.chat(chat)
    press_unseen(telegram, chat, f"more:zzz:{start}", QUESTION)
    telegram.server.wait_reply(chat, timeout_s=10)
    (reply,) = telegram.replies(chat)
    assert reply.text in (texts.NO_MORE, texts.FORGOTTEN)


# articles that are hard to show


def test_markup_in_an_article_stays_text(telegram, chat, store):
    _said, reply = telegram.ask("Was ersetzt der Fluxkompensator in Kleinkleckersdorf?", chat)
    first = shown_quotes(reply)[0]
    assert (first.text, first.title, first.source) == (MARKUP_SENTENCE, MARKUP_TITLE, MARKUP_SOURCE)
    assert (first.url, first.day) == (MARKUP_URL, "06.05.2024")
    assert_quotes_are_true(reply, store)
    bold = {slice_of(reply.text, entity) for entity in entities_of(reply, "bold")}
    assert bold <= {"Fluxkompensator", "ersetzt", "Kleinkleckersdorf"}  # words of the question, nothing that the article writes as markup


def test_a_sentence_without_an_end_is_cut_in_the_rendering_only(telegram, chat, store):
    _said, reply = telegram.ask(f"Warum steht die {LONG_SENTENCE_WORD} still?", chat)
    assert blockquotes(reply)[0].startswith("Die Zwirbelmaschine") and blockquotes(reply)[0].endswith(" […]")
    assert_quotes_are_true(reply, store)
