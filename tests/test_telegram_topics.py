"""/neu, /thema, /zeitstrahl and /trend in Telegram, end to end."""

import io

import httpx
import pytest
from PIL import Image

from bot import texts_de as texts
from bot.telegram_text import MAX_CAPTION_UNITS
from index.storage.store import Store
from tests.botapi.client import SeenMessage
from tests.telegram_bot import TOKEN, TelegramBot, captions, new_chat, shown_quotes


@pytest.fixture
def chat() -> int:
    return new_chat()


@pytest.fixture(scope="module")
def store(telegram_home):
    store = Store(telegram_home / "amtsfunk.sqlite")
    yield store
    store.close()


def picture_of(telegram: TelegramBot, message: SeenMessage) -> Image.Image:
    """The picture of a message as a phone downloads it."""
    with httpx.Client(base_url=telegram.server.url, trust_env=False) as http:
        file_id = message.raw["photo"][-1]["file_id"]
        path = http.get(f"/bot{TOKEN}/getFile", params={"file_id": file_id}).json()["result"]["file_path"]
        image = Image.open(io.BytesIO(http.get(f"/file/bot{TOKEN}/{path}").content))
    image.load()
    return image


def assert_verbatim(message: SeenMessage, store: Store) -> None:
    """Every quote stands in an article with the title and date of its line."""
    texts_by_title = {stored.article.title: stored.article.text for stored in store.articles(store.newest_rows(10_000)).values()}
    quotes = shown_quotes(message)
    assert quotes and all(quote.text in texts_by_title[quote.title] for quote in quotes)


def ask_all(telegram: TelegramBot, chat: int, text: str) -> list[SeenMessage]:
    said, _first = telegram.ask(text, chat)
    return telegram.replies(chat, after=said.message_id)


def test_topic_says_what_it_is_quotes_and_draws(telegram, chat, store):
    text, picture = ask_all(telegram, chat, "/thema OZG")
    assert "Onlinezugangsgesetz" in text.text and "Häufig zusammen damit" in text.text
    assert_verbatim(text, store)
    assert picture_of(telegram, picture).format == "PNG" and "OZG: " in picture.text
    assert telegram.press(text, chat, texts.ALERT_BUTTON).text.startswith("Alarm-Vorschau: OZG")
    assert "photo" in telegram.press(text, chat, texts.TIMELINE_BUTTON).raw


def test_timeline_is_a_picture_and_the_same_quotes_as_text(telegram, chat, store):
    picture, text = ask_all(telegram, chat, "/zeitstrahl@test_bot OZG")
    assert picture_of(telegram, picture).width == 1080 and len(picture.text) < MAX_CAPTION_UNITS
    assert_verbatim(text, store)
    assert f"mit {len(shown_quotes(text))} datierten Stellen" in picture.text
    assert telegram.press(text, chat, texts.TOPIC_BUTTON).text.startswith("OZG")


def test_trend_draws_several_terms_and_names_what_is_unseen(telegram, chat):
    picture, note = ask_all(telegram, chat, "/trend OZG, BundID, Zwirbelquatsch")
    assert picture_of(telegram, picture).format == "PNG" and "BundID: " in picture.text
    assert note.text == texts.TREND_UNSEEN.format(word="Zwirbelquatsch")


@pytest.mark.parametrize("command", ["/thema", "/zeitstrahl", "/trend"])
@pytest.mark.parametrize(("words", "beginning"), [("", "Bitte schreiben Sie einen Begriff"), (" Zwirbelquatsch<b>&", None)])
def test_without_a_word_or_with_an_unknown_one_there_is_one_sentence(telegram, chat, command, words, beginning):
    (reply,) = ask_all(telegram, chat, command + words)
    assert reply.text.startswith(beginning) if beginning else "Zwirbelquatsch<b>&" in reply.text
    assert not reply.raw.get("photo")


def test_latest_articles_page_by_page_and_by_tag(telegram, chat):
    (first,) = ask_all(telegram, chat, "/neu")
    assert first.text.startswith(texts.LATEST) and texts.OLDER_BUTTON in captions(first)
    second = telegram.press(first, chat, texts.OLDER_BUTTON)
    assert texts.NEWER_BUTTON in captions(second) and second.text != first.text
    filtered = telegram.press(first, chat, captions(first)[1])
    assert filtered.text.startswith(texts.LATEST_OF.format(name=captions(first)[1])) and texts.ALL_BUTTON in captions(filtered)


def test_the_picture_goes_out_once_even_when_telegram_asks_for_a_pause(telegram, chat):
    telegram.server.fail("sendPhoto", times=1, mode="error", error_code=429, description="Too Many Requests: retry after 1", retry_after=1)
    telegram.server.say("/zeitstrahl FITKO", chat_id=chat)
    telegram.server.wait_for(lambda: len([message for message in telegram.server.messages(chat) if message.from_bot]) == 2, 20)
    picture, _text = telegram.replies(chat)
    assert "photo" in picture.raw


def test_where_pictures_are_forbidden_their_text_comes(telegram, chat):
    telegram.server.fail(
        "sendPhoto", times=1, mode="error", error_code=400, description="Bad Request: not enough rights to send photos to the chat"
    )
    caption, text = ask_all(telegram, chat, "/zeitstrahl FITKO")
    assert "photo" not in caption.raw and caption.text.startswith("Zeitstrahl zu „FITKO“")
    assert shown_quotes(text)


def test_every_command_of_the_menu_is_known(telegram):
    for name, _text in texts.COMMANDS:
        _said, reply = telegram.ask(f"/{name}", new_chat())
        assert not reply.text.startswith("Den Befehl")


@pytest.mark.parametrize("message", ["FITKO", "neueste Meldungen zu NOOTS"])
def test_a_keyword_that_no_sentence_answers_gets_its_latest_quotes(telegram, chat, store, message):
    (reply,) = ask_all(telegram, chat, message)
    assert reply.text.startswith(texts.KEYWORD) and "Häufig zusammen damit" in reply.text
    assert_verbatim(reply, store)
    assert telegram.press(reply, chat, texts.ALERT_BUTTON).text.startswith(f"Alarm-Vorschau: {message.split()[-1]}")


def test_a_wish_for_news_gets_the_latest_articles_and_a_keyword_of_nothing_an_abstention(telegram, chat):
    (news,) = ask_all(telegram, chat, "Was gibt es Neues?")
    assert news.text.startswith(texts.LATEST)
    (nothing,) = ask_all(telegram, chat, "Zwirbelquatsch")
    assert nothing.text.startswith(texts.ABSTAINED) and "Zwirbelquatsch" in nothing.text
