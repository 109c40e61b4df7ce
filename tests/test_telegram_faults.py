"""The bot in Telegram when something goes wrong: the network, Telegram's limits, the database, a restart, the token."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from bot import texts_de as texts
from bot.replies import telegram_length
from bot.telegram_text import MAX_MESSAGE_UNITS
from index.storage.store import Store
from tests.botapi.client import SeenMessage
from tests.command import Command, run_command
from tests.conftest import ingest_into
from tests.odd_articles import ENDLESS, LONG_TITLE, LONG_TITLE_URL, LONG_TITLE_WORD, write_articles
from tests.telegram_bot import SECRET, TOKEN, blockquotes, captions, context_captions, links, new_chat, quoted_places, shown_quotes

QUESTION = "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?"
OTHER_TOKEN = "987654321:BBB-e2e_9876543210zyxwvutsrqponmlkjih"
FLOOD_S = 2
STOPS_WITHIN_S = 5.0
NETWORK_FAULTS = {
    "500": {"mode": "error", "error_code": 500, "description": "Internal Server Error"},
    "500 of a proxy": {"mode": "http_500_html"},
    "dropped": {"mode": "drop"},
}


@pytest.fixture
def chat() -> int:
    return new_chat()


# Telegram's limits and refusals


def test_a_flood_wait_delays_one_chat_only_and_sends_once(telegram, chat):
    server, other = telegram.server, new_chat()
    server.fail("sendMessage", error_code=429, description=f"Too Many Requests: retry after {FLOOD_S}", retry_after=FLOOD_S)
    server.say(QUESTION, chat_id=chat)
    (refused,) = server.wait_for(lambda: sent_to(telegram, chat), 10)
    telegram.ask(QUESTION, other)
    assert not [message for message in server.messages(chat) if message.from_bot]
    assert shown_quotes(server.wait_reply(chat, timeout_s=10))
    _refused, sent = sent_to(telegram, chat)
    assert sent.at - refused.at >= FLOOD_S
    assert sent_to(telegram, other)[0].at < sent.at
    assert len(telegram.replies(chat)) == 1


def sent_to(telegram, chat: int) -> list:
    return [call for call in telegram.server.calls("sendMessage") if call.params["chat_id"] == chat]


def test_more_messages_than_the_limits_allow_all_arrive(telegram, chat):
    said = [telegram.server.say(f"/start {number}", chat_id=chat).message_id for number in range(6)]
    telegram.server.wait_for(lambda: len(telegram.replies(chat)) == len(said), 15)
    assert all(call.answer["ok"] for call in sent_to(telegram, chat))  # by its own pace, without a refusal
    assert {reply.raw["reply_to_message"]["message_id"] for reply in telegram.replies(chat)} == set(said)


def test_who_blocked_the_bot_disturbs_no_one(telegram, chat):
    telegram.server.chat(chat, blocked=True)
    telegram.server.say(QUESTION, chat_id=chat)
    (refused,) = telegram.server.wait_for(lambda: sent_to(telegram, chat), 10)
    assert refused.answer["error_code"] == 403
    telegram.ask(QUESTION, new_chat())
    telegram.server.chat(chat, blocked=False)
    assert not telegram.replies(chat)
    telegram.ask(QUESTION, chat)
    assert len(telegram.replies(chat)) == 1


def test_markup_that_telegram_refuses_goes_as_plain_text(telegram, chat):
    refusal = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
    telegram.server.fail("sendMessage", error_code=400, description=refusal)
    said, reply = telegram.ask(QUESTION, chat)
    assert not blockquotes(reply) and "Bremen" in reply.text and "28.01.2019" in reply.text
    assert "<" not in reply.text and reply.buttons
    assert reply.raw["reply_to_message"]["message_id"] == said.message_id
    assert len(telegram.replies(chat)) == 1
    assert "can't parse entities" in telegram.read_log().lower()


# the network


@pytest.mark.parametrize("fault", NETWORK_FAULTS.values(), ids=NETWORK_FAULTS)
def test_failing_polls_are_repeated(telegram, chat, fault):
    telegram.server.fail("getUpdates", **fault)
    telegram.ask("/start", new_chat())  # ends the poll that waits; the next one fails
    said, reply = telegram.ask(QUESTION, chat)
    assert shown_quotes(reply) and reply.message_id > said.message_id
    assert len(telegram.replies(chat)) == 1


def test_an_answer_that_telegram_surely_did_not_send_is_sent_again(telegram, chat):
    telegram.server.fail("sendMessage", **NETWORK_FAULTS["500"], times=2)
    _said, reply = telegram.ask(QUESTION, chat)
    assert shown_quotes(reply) and len(telegram.replies(chat)) == 1


@pytest.mark.parametrize("name", ["500 of a proxy", "dropped"])
@pytest.mark.parametrize("times", [1, 3])
def test_an_answer_that_may_not_have_arrived_is_told_once(telegram, chat, name, times):
    telegram.server.fail("sendMessage", **NETWORK_FAULTS[name], times=times)
    _said, reply = telegram.ask(QUESTION, chat)
    assert reply.text == texts.MAYBE_NOT_SENT
    assert len(telegram.replies(chat)) == 1
    assert shown_quotes(telegram.ask(QUESTION, chat)[1])


@pytest.mark.parametrize("method", ["sendChatAction", "answerCallbackQuery"])
@pytest.mark.parametrize(
    "fault", [*NETWORK_FAULTS.values(), {"error_code": 429, "description": "Too Many Requests: retry after 9", "retry_after": 9}]
)
def test_what_is_only_for_show_may_fail(telegram, method, fault):
    chat = new_chat()
    _said, message = telegram.ask(QUESTION, chat)
    telegram.server.fail(method, **fault)
    assert shown_quotes(telegram.press(message, chat, texts.MORE_BUTTON))
    assert len(telegram.replies(chat)) == 2


def test_a_second_program_with_the_same_token_is_named_in_the_log(telegram, chat):
    httpx.get(f"{telegram.server.url}/bot{TOKEN}/getUpdates", trust_env=False)
    telegram.server.wait_for(lambda: "Ein zweites Programm fragt Telegram mit demselben Token ab" in telegram.read_log(), 30)
    assert telegram.ask("/hilfe", chat)[1].text.startswith("So funktioniert")


# the database, and a restart


@pytest.fixture
def endless_title(telegram, encoder, tmp_path):
    """While the bot runs, an article comes in whose headline is longer than a message; afterwards it goes again."""
    ingest_into(telegram.home, encoder, write_articles(tmp_path, ENDLESS))
    yield
    store = Store(telegram.home / "amtsfunk.sqlite")
    store.remove([key for key, *_rest in ENDLESS])
    store.close()


def test_a_reply_that_is_too_long_comes_in_several_messages(telegram, chat, endless_title):
    said, _first = telegram.ask(f"Wo gilt die {LONG_TITLE_WORD}?", chat)
    telegram.server.wait_for(lambda: telegram.server.messages(chat)[-1].buttons, 10)
    replies = telegram.replies(chat)
    assert len(replies) > 1 and not any(reply.buttons for reply in replies[:-1])
    assert all(telegram_length(reply.text) <= MAX_MESSAGE_UNITS for reply in replies)
    assert all(reply.raw["reply_to_message"]["message_id"] == said.message_id for reply in replies)
    pieces = [text for reply in replies for text, url in links(reply) if url == LONG_TITLE_URL]
    assert len(pieces) > 1 and "".join("".join(pieces).split()) == "".join(LONG_TITLE.split())


def test_a_broken_database_then_a_restart_with_the_old_one(telegram, chat):
    _said, message = telegram.ask(QUESTION, chat)
    with broken_database(telegram.home):
        assert_honest_about_an_error_inside(telegram, new_chat())
        started = time.monotonic()
        assert telegram.stop() == 0
        assert time.monotonic() - started < STOPS_WITHIN_S
    telegram.start()
    assert_buttons_work(telegram, message, chat)


@contextmanager
def broken_database(home: Path) -> Iterator[None]:
    """Overwrite the database with garbage, and put it back."""
    database = home / "amtsfunk.sqlite"
    with closing(sqlite3.connect(database)) as connection, closing(sqlite3.connect(home / "copy")) as copy:
        connection.backup(copy)
    for path in home.glob("amtsfunk.sqlite*"):
        path.write_bytes(b"\xa5" * path.stat().st_size)
    try:
        yield
    finally:
        for path in home.glob("amtsfunk.sqlite*"):
            path.unlink()
        (home / "copy").rename(database)


def assert_honest_about_an_error_inside(telegram, chat: int) -> None:
    _said, reply = telegram.ask("Wer leitet die Zitronenfalterbehörde in Hinterpfuiteufel?", chat)
    assert reply.text == texts.FAILED and not reply.raw["entities"]
    assert telegram.ask("/datenschutz", chat)[1].text.startswith("Datenschutz")
    assert [other.text for other in telegram.server.messages(chat)].count(texts.FAILED) == 1
    assert "Traceback" in telegram.read_log() and "StoreError: " in telegram.read_log()
    assert "Zitronenfalter" not in telegram.read_log()  # questions are logged nowhere


def assert_buttons_work(telegram, message: SeenMessage, chat: int) -> None:
    """The process that answers the buttons is not the one that sent them."""
    more = telegram.press(message, chat, texts.MORE_BUTTON)
    assert shown_quotes(more) and not set(quoted_places(more)) & set(quoted_places(message))
    assert more.raw["reply_to_message"]["text"] == QUESTION
    context = telegram.press(message, chat, context_captions(message)[0])
    assert shown_quotes(message)[0].text in blockquotes(context)[0]
    if texts.MORE_BUTTON in captions(more):  # the new button belongs to the new process
        again = telegram.press(more, chat, texts.MORE_BUTTON)
        assert not set(quoted_places(again)) & {*quoted_places(message), *quoted_places(more)}


# the token


def test_a_start_that_cannot_work_is_explained(telegram, telegram_home):
    urls = {"TELEGRAM_BOT_TOKEN": telegram.server.url, "TELEGRAM_API_URL": "http://127.0.0.1:9"}  # a wrong token, and no server at all
    variables = {"TELEGRAM_BOT_TOKEN": OTHER_TOKEN, "NO_PROXY": "*"}
    started = {named: Command(["run"], telegram_home, variables | {"TELEGRAM_API_URL": url}) for named, url in urls.items()}
    for named, command in started.items():
        finished = command.finish()
        last = finished.err.splitlines()[-1]
        assert (finished.code, finished.out) == (1, "")
        assert last.startswith("Fehler: ") and named in last
        assert OTHER_TOKEN.split(":")[1] not in finished.err


def test_without_a_token(tmp_path):
    finished = run_command(["run"], tmp_path)
    assert (finished.code, finished.out) == (1, "")
    assert re.fullmatch(r"Fehler: TELEGRAM_BOT_TOKEN fehlt\..*@BotFather.*\n", finished.err)


def test_the_token_is_in_no_log_whatever_went_wrong(telegram, chat):
    for fault in NETWORK_FAULTS.values():
        telegram.server.fail("sendMessage", **fault)
        telegram.ask("/start", chat)
    log = telegram.read_log()
    assert "Traceback" in log and "NetworkError" in log
    assert SECRET not in log and TOKEN not in log
