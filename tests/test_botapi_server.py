"""The stand-in for the Bot API server, seen through python-telegram-bot and plain HTTP."""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
from telegram import Bot, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyParameters
from telegram import error as tg
from telegram.ext import Application, CommandHandler

from tests.botapi.bots import make_bot, send, with_bot
from tests.botapi.client import PRIVATE_CHAT, BotApiServer
from tests.botapi.refusals import REFUSALS

GROUP = -100500
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more:1")]])


@pytest.fixture(scope="module")
def process() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


@pytest.fixture
def server(process: BotApiServer) -> BotApiServer:
    process.reset()
    return process


def raw_call(server: BotApiServer, method: str, **kwargs: Any) -> httpx.Response:
    return httpx.post(f"{server.url}/bot{server.token}/{method}", trust_env=False, **kwargs)


def test_send_edit_press_and_delete(server: BotApiServer) -> None:
    said = server.say("/start")
    sent = with_bot(server, send(text="<b>Hi</b> &amp; <i>bye</i>", parse_mode="HTML", reply_markup=BUTTON))
    assert (sent.text, [e.type for e in sent.entities]) == ("Hi & bye", ["bold", "italic"])
    seen = server.wait_reply(after=said.message_id)
    assert seen.text == "Hi & bye" and seen.buttons[0]["callback_data"] == "more:1" and not seen.edited
    query_id = server.press(seen.message_id, text="More")
    assert with_bot(server, lambda bot: bot.answer_callback_query(query_id, "ok"))
    with pytest.raises(tg.BadRequest, match="Query is too old"):
        with_bot(server, lambda bot: bot.answer_callback_query(query_id))
    with_bot(server, lambda bot: bot.edit_message_text("new", PRIVATE_CHAT, seen.message_id))
    changed = server.messages()[-1]
    assert (changed.text, changed.edited, changed.buttons, changed.raw["entities"]) == ("new", True, (), [])
    with_bot(server, lambda bot: bot.delete_message(PRIVATE_CHAT, seen.message_id))
    assert [m.message_id for m in server.messages()] == [said.message_id]


def test_press_needs_a_visible_button(server: BotApiServer) -> None:
    server.say("x")
    sent = with_bot(server, send(reply_markup=BUTTON))
    with pytest.raises(ValueError, match="no button"):
        server.press(sent.message_id, data="other")


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(server: BotApiServer, name: str) -> None:
    action, kind, text = REFUSALS[name]
    server.say("hello")
    before = server.messages()
    with pytest.raises(kind, match=f"(?i){text}"):
        with_bot(server, action)
    assert server.messages() == before and server.calls()[-1].answer["ok"] is False


def test_same_content_is_not_an_edit(server: BotApiServer) -> None:
    server.say("x")
    sent = with_bot(server, send(text="<b>a</b>", parse_mode="HTML", reply_markup=BUTTON))
    same = {"text": "<strong>a</strong>", "parse_mode": "HTML", "chat_id": PRIVATE_CHAT, "message_id": sent.message_id}
    with pytest.raises(tg.BadRequest, match="Message is not modified"):
        with_bot(server, lambda bot: bot.edit_message_text(**same, reply_markup=BUTTON))
    with pytest.raises(tg.BadRequest, match="Message is not modified"):
        with_bot(server, lambda bot: bot.edit_message_reply_markup(PRIVATE_CHAT, sent.message_id, reply_markup=BUTTON))
    with_bot(server, lambda bot: bot.edit_message_text(**same))


def test_reply_keyboard_is_visible_but_makes_the_message_final(server: BotApiServer) -> None:
    server.say("x")
    sent = with_bot(server, send(reply_markup=ReplyKeyboardMarkup([["a"]])))
    assert sent.reply_markup is None and server.messages()[-1].raw["reply_markup"]["keyboard"]
    with pytest.raises(tg.BadRequest, match="can't be edited"):
        with_bot(server, lambda bot: bot.edit_message_text("y", PRIVATE_CHAT, sent.message_id))


def test_reply_may_go_without_its_message(server: BotApiServer) -> None:
    said = server.say("x")
    with_bot(server, send(reply_parameters=ReplyParameters(99, allow_sending_without_reply=True)))
    sent = with_bot(server, send(reply_parameters=ReplyParameters(said.message_id)))
    assert sent.reply_to_message.text == "x"


def test_blocked_migrated_and_forum_chats(server: BotApiServer) -> None:
    server.chat(PRIVATE_CHAT, blocked=True)
    with pytest.raises(tg.Forbidden, match="bot was blocked by the user"):
        with_bot(server, send())
    server.chat(-5, type="group", migrated_to=GROUP)
    with pytest.raises(tg.ChatMigrated) as caught:
        with_bot(server, send(chat_id=-5))
    assert caught.value.new_chat_id == GROUP
    server.chat(GROUP, type="supergroup", is_forum=True, topics=[7], members=[5])
    said = server.say("hi", chat_id=GROUP, thread_id=7)
    sent = with_bot(server, send(chat_id=GROUP, message_thread_id=7))
    assert sent.message_thread_id == 7 and sent.chat.is_forum and sent.message_id == said.message_id + 1


def test_members_and_administrators(server: BotApiServer) -> None:
    server.chat(GROUP, type="supergroup", title="T", members=[5, 6], admins=[7, 123456])
    statuses = [with_bot(server, lambda bot, u=u: bot.get_chat_member(GROUP, u)).status for u in (5, 7, 123456)]
    assert statuses == ["member", "creator", "administrator"]
    assert [m.user.id for m in with_bot(server, lambda bot: bot.get_chat_administrators(GROUP))] == [7, 123456]
    assert with_bot(server, lambda bot: bot.get_chat(GROUP)).title == "T"
    with pytest.raises(tg.BadRequest, match=r"(?i)participant_id_invalid"):
        with_bot(server, lambda bot: bot.get_chat_member(GROUP, 99))


def test_files_go_up_and_come_down(server: BotApiServer) -> None:
    server.say("x")

    async def round_trip(bot: Bot) -> bytes:
        sent = await bot.send_document(PRIVATE_CHAT, b"content", filename="a.txt", caption="<b>c</b>", parse_mode="HTML")
        again = await bot.send_document(PRIVATE_CHAT, sent.document.file_id)
        assert (sent.document.file_name, sent.caption_entities[0].type, again.document) == ("a.txt", "bold", sent.document)
        return bytes(await (await bot.get_file(sent.document.file_id)).download_as_bytearray())

    assert with_bot(server, round_trip) == b"content"
    assert with_bot(server, lambda bot: bot.send_photo(PRIVATE_CHAT, b"picture")).photo[0].file_size == 7
    assert server.calls("sendDocument")[0].params["document"] == {"file_name": "a.txt", "size": 7}


def test_commands_by_scope_and_language(server: BotApiServer) -> None:
    server.say("x")

    async def run(bot: Bot) -> list[int]:
        scope = BotCommandScopeChat(PRIVATE_CHAT)
        await bot.set_my_commands([("a", "1"), ("b", "2")])
        await bot.set_my_commands([("c", "3")], scope=scope, language_code="de")
        counts = [len(await bot.get_my_commands()), len(await bot.get_my_commands(scope)),
                  len(await bot.get_my_commands(scope, "de"))]  # fmt: skip
        await bot.delete_my_commands()
        return [*counts, len(await bot.get_my_commands())]

    assert with_bot(server, run) == [2, 0, 1, 0]


def test_settings_and_actions_are_taken(server: BotApiServer) -> None:
    server.say("x")

    async def run(bot: Bot) -> list[bool]:
        done = [await bot.set_my_name("n"), await bot.set_my_description("d"), await bot.set_my_short_description("s")]
        return [*done, await bot.set_chat_menu_button(PRIVATE_CHAT), await bot.send_chat_action(PRIVATE_CHAT, "typing")]

    assert with_bot(server, run) == [True] * 5
    with pytest.raises(tg.BadRequest, match="too long"):
        with_bot(server, lambda bot: bot.set_my_short_description("x" * 121))


def test_get_me_tokens_and_methods(server: BotApiServer) -> None:
    assert with_bot(server, lambda bot: bot.get_me()).id == 123456
    with pytest.raises(tg.InvalidToken):
        asyncio.run(make_bot(server, "123456:WRONG").get_me())
    answer = raw_call(server, "noSuchMethod")
    assert (answer.status_code, answer.json()) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
    assert httpx.get(f"{server.url}/bot{server.token}/getme", trust_env=False).json()["ok"]


@pytest.mark.parametrize("how", ["params", "data", "json", "files"])
def test_parameters_come_in_any_encoding(server: BotApiServer, how: str) -> None:
    server.say("x")
    values: dict[str, Any] = {"chat_id": PRIVATE_CHAT, "text": "1", "link_preview_options": {"is_disabled": True}}
    if how != "json":
        values = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    if how == "files":
        values = {key: (None, value) for key, value in values.items()}
    assert raw_call(server, "sendMessage", **{how: values}).status_code == 200
    call = server.calls("sendMessage")[0]
    assert call.params == {"chat_id": PRIVATE_CHAT, "text": "1", "link_preview_options": {"is_disabled": True}}
    assert call.answer["result"]["text"] == "1"


def test_updates_are_confirmed_by_the_offset(server: BotApiServer) -> None:
    first, second = server.say("/a"), server.say("b")

    async def run(bot: Bot) -> list[list[int]]:
        one = await bot.get_updates(limit=1)
        again = await bot.get_updates()
        rest = await bot.get_updates(offset=first.update_id + 1)
        return [[u.update_id for u in batch] for batch in (one, again, rest, await bot.get_updates())]

    ids = [first.update_id, second.update_id]
    assert with_bot(server, run) == [ids[:1], ids, ids[1:], ids[1:]]
    server.say("c")
    assert [u.message.text for u in with_bot(server, lambda bot: bot.get_updates(offset=-1))] == ["c"]


def test_allowed_updates_filter_what_comes_later(server: BotApiServer) -> None:
    with_bot(server, lambda bot: bot.get_updates(allowed_updates=["edited_message"]))
    said = server.say("a")
    edited = server.say("b", edit_of=said.message_id)
    assert said.update_id is None
    assert [u.update_id for u in with_bot(server, lambda bot: bot.get_updates())] == [edited.update_id]


def test_a_second_poll_ends_the_first(server: BotApiServer) -> None:
    async def run(bot: Bot) -> tuple[Any, Any]:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.3)
        async with make_bot(server) as other:
            second = asyncio.create_task(other.get_updates(timeout=5))
            await asyncio.sleep(0.3)
            server.say("x")
            return tuple(await asyncio.gather(first, second, return_exceptions=True))

    first, second = with_bot(server, run)
    assert isinstance(first, tg.Conflict) and "terminated by other getUpdates" in str(first)
    assert second[0].message.text == "x"


def test_application_polls_and_answers(server: BotApiServer) -> None:
    async def start(update: Any, context: Any) -> None:
        await update.effective_message.reply_text("Hallo", disable_web_page_preview=True)

    async def run() -> None:
        app = Application.builder().bot(make_bot(server)).build()
        app.add_handler(CommandHandler("start", start))
        async with app:
            await app.updater.start_polling(timeout=5)
            await app.start()
            said = server.say("/start")
            reply = await asyncio.to_thread(server.wait_reply, PRIVATE_CHAT, said.message_id)
            assert reply.text == "Hallo"
            await app.updater.stop()
            await app.stop()

    asyncio.run(run())


def test_webhook_gets_updates_until_it_takes_them(server: BotApiServer) -> None:
    got: list[tuple[str, int]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], body["update_id"]))
            self.send_response(500 if len(got) == 1 else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...

    hook = HTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=hook.serve_forever, daemon=True).start()
    with_bot(server, lambda bot: bot.set_webhook(f"http://127.0.0.1:{hook.server_port}/hook", secret_token="s3cret"))
    said = server.say("x")
    server.wait_for(lambda: len(got) == 2)
    with pytest.raises(tg.Conflict, match="webhook is active"):
        with_bot(server, lambda bot: bot.get_updates())
    info = server.wait_for(lambda: (i := with_bot(server, lambda b: b.get_webhook_info())).pending_update_count == 0 and i)
    with_bot(server, lambda bot: bot.delete_webhook())
    hook.shutdown()
    hook.server_close()
    assert got == [("s3cret", said.update_id)] * 2 and "500" in info.last_error_message


def test_inline_query_is_answered_once(server: BotApiServer) -> None:
    person = {"id": 5, "is_bot": False, "first_name": "A"}
    server.update(inline_query={"id": "q1", "from": person, "query": "x", "offset": ""})
    assert with_bot(server, lambda bot: bot.answer_inline_query("q1", []))
    with pytest.raises(tg.BadRequest, match="Query is too old"):
        with_bot(server, lambda bot: bot.answer_inline_query("q1", []))


ARTICLE = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "<b>x</b>", "parse_mode": "HTML"}}


@pytest.mark.parametrize(
    ("changes", "button", "problem"),
    [
        ({}, None, ""),
        ({"description": "d", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "https://t.me/x"}]]}}, {"text": "x", "start_parameter": "a-_9"}, ""),
        ({"id": ""}, None, "RESULT_ID_INVALID"),
        ({"id": "x" * 65}, None, "RESULT_ID_INVALID"),
        ({"title": " "}, None, '"title"'),
        ({"input_message_content": {}}, None, "input_message_content"),
        ({"input_message_content": {"message_text": "<b>x", "parse_mode": "HTML"}}, None, "can't parse entities"),
        ({"input_message_content": {"message_text": "x" * 4097}}, None, "too long"),
        ({"input_message_content": {"message_text": " "}}, None, "empty"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}}, None, "BUTTON_DATA_INVALID"),
        ({"caption": "x"}, None, "unknown fields"),
        ({"type": "photo"}, None, "not supported"),
        ({}, {"text": "x", "start_parameter": "a b"}, "START_PARAM_INVALID"),
        ({}, {"text": "x", "start_parameter": ""}, "START_PARAM_INVALID"),
        ({}, {"text": "x"}, "exactly one"),
        ({}, {"text": "", "start_parameter": "a"}, '"text"'),
    ],
)
def test_inline_results_are_looked_at(server: BotApiServer, changes: dict, button: dict | None, problem: str) -> None:
    body = {"inline_query_id": server.inline("x"), "results": [ARTICLE | changes]} | ({"button": button} if button else {})
    answer = raw_call(server, "answerInlineQuery", json=body).json()
    assert answer["ok"] == (not problem) and problem in answer.get("description", "")


def test_of_two_inline_results_with_one_id_and_of_too_many_none_is_taken(server: BotApiServer) -> None:
    for results, problem in (([ARTICLE, ARTICLE], "RESULT_ID_DUPLICATE"), ([ARTICLE | {"id": str(n)} for n in range(51)], "RESULTS_TOO_MUCH")):
        answer = raw_call(server, "answerInlineQuery", json={"inline_query_id": server.inline("x"), "results": results}).json()
        assert not answer["ok"] and problem in answer["description"]


def test_rate_limits_answer_429(server: BotApiServer) -> None:
    server.say("x")
    server.limits(private_burst=2, private_per_second=0.01)
    for _ in range(2):
        with_bot(server, send())
    with pytest.raises(tg.RetryAfter):
        with_bot(server, send())
    assert len(server.messages()) == 3 and 60 <= server.calls()[-1].answer["parameters"]["retry_after"] <= 100
    server.limits(enabled=False)
    with_bot(server, send())


def test_faults_hit_as_often_as_ordered(server: BotApiServer) -> None:
    server.say("x")
    flood = "Too Many Requests: retry after 3"
    server.fail("sendMessage", times=2, error_code=429, description=flood, retry_after=3)
    for _ in range(2):
        with pytest.raises(tg.RetryAfter):
            with_bot(server, send())
    server.fail("sendMessage", mode="drop")
    with pytest.raises(tg.NetworkError):
        with_bot(server, send())
    server.fail("sendMessage", mode="http_500_html")
    answer = raw_call(server, "sendMessage", data={"chat_id": PRIVATE_CHAT, "text": "x"})
    assert answer.status_code == 500 and answer.text.startswith("<html>")
    server.fail("sendMessage", mode="timeout")
    with pytest.raises(tg.TimedOut):
        with_bot(server, send(read_timeout=0.3))
    assert len(server.messages()) == 1
    with_bot(server, send())


def test_control_refuses_what_it_does_not_know(server: BotApiServer) -> None:
    with pytest.raises(ValueError, match="unknown fields"):
        server.say("x", texxt="y")
    with pytest.raises(ValueError, match="mode is one of"):
        server.fail("sendMessage", mode="explode")
    with pytest.raises(ValueError, match="created first"):
        server.say("x", chat_id=-9)


def test_log_out_ends_everything(server: BotApiServer) -> None:
    assert with_bot(server, lambda bot: bot.close()) and with_bot(server, lambda bot: bot.log_out())
    assert raw_call(server, "getMe").json()["description"] == "Bad Request: Logged out"


def test_stop_leaves_no_process_even_while_a_poll_waits() -> None:
    ended: list[httpx.HTTPError] = []

    def poll() -> None:
        try:
            raw_call(own, "getUpdates", data={"timeout": "30"}, timeout=20)
        except httpx.HTTPError as error:
            ended.append(error)

    with BotApiServer() as own:
        pid = own._process.pid
        poller = Thread(target=poll)
        poller.start()
        time.sleep(0.3)
        own.stop()
    poller.join()
    assert len(ended) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
