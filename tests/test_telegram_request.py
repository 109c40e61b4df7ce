"""Calls to Telegram over HTTP: what arrives, and what is said of a call that failed; never the address, which holds the token."""

import asyncio
import base64
import io
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.telegram_request import TelegramRequest
from bot.telegram_sending import is_surely_unsent
from tests.botapi.client import BotApiServer

TOKEN = "123456789:AAF-request_0123456789abcdefghijklmno"
CHAT = 41


@pytest.fixture(scope="module")
def server_process():
    with BotApiServer(TOKEN) as server:
        yield server


@pytest.fixture
def server(server_process):
    server_process.reset()
    server_process.say("hallo", chat_id=CHAT)
    return server_process


@asynccontextmanager
async def bot_on(url: str, connections: int = 2, wait_s: float = 1.0) -> AsyncIterator[Bot]:
    request = TelegramRequest(connections, wait_s)
    await request.initialize()
    try:
        yield Bot(TOKEN, base_url=f"{url}/bot", request=request)
    finally:
        await request.shutdown()


def call(url: str, what, **more) -> object:
    async def run() -> object:
        async with bot_on(url, **more) as bot:
            return await what(bot)

    return asyncio.run(run())


def failure(url: str, what, **more) -> TelegramError:
    """What is raised; neither it nor its trace names the token."""
    with pytest.raises(TelegramError) as caught:
        call(url, what, **more)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    return caught.value


def say(text: str = "Hallo", **more):
    return lambda bot: bot.send_message(CHAT, text, **more)


@pytest.mark.parametrize("text", ["Straße & <b>Amt</b> = 100 %+", "مرحبا 👩‍👩‍👧‍👦", "x" * 4096, "a\r\nb; \"c\""])
def test_texts_arrive_as_they_are(server, text):
    call(server.url, say(text))
    assert server.calls("sendMessage")[-1].params["text"] == text


def test_files_arrive_with_their_names(server):
    content = bytes(range(256)) * 50

    async def send(bot: Bot):
        return await bot.send_document(CHAT, io.BytesIO(content), caption="Täglich – „neu“", filename="Übersicht Mai.csv")

    document = call(server.url, send).document
    assert (document.file_name, document.file_size) == ("Übersicht Mai.csv", len(content))
    assert server.calls("sendDocument")[-1].params["caption"] == "Täglich – „neu“"


def test_a_refusal_says_why(server):
    server.fail("sendMessage", error_code=400, description="Bad Request: chat not found")
    assert isinstance(failure(server.url, say()), BadRequest)


@pytest.mark.parametrize("mode", ["drop", "lost"])
def test_a_lost_connection_may_have_sent(server, mode):
    server.fail("sendMessage", mode=mode)
    error = failure(server.url, say())
    assert isinstance(error, NetworkError) and not isinstance(error, TimedOut)
    assert not is_surely_unsent(error)


def test_silence_may_have_sent(server):
    server.fail("sendMessage", mode="timeout")
    error = failure(server.url, say(read_timeout=0.2))
    assert isinstance(error, TimedOut)
    assert not is_surely_unsent(error)


def test_a_page_of_a_proxy_may_have_sent(server):
    server.fail("sendMessage", mode="http_500_html")
    error = failure(server.url, say())
    assert isinstance(error, NetworkError)
    assert not is_surely_unsent(error)


def test_a_closed_port_has_surely_not_sent():
    error = failure("http://127.0.0.1:9", say())
    assert isinstance(error, NetworkError)
    assert is_surely_unsent(error)


def test_who_waits_too_long_for_a_connection_has_surely_not_sent(server):
    server.fail("getChat", mode="timeout")

    async def beside(bot: Bot) -> object:
        silent = asyncio.create_task(bot.get_chat(CHAT, read_timeout=30.0))
        await asyncio.sleep(0.2)
        try:
            return await bot.send_message(CHAT, "Hallo", connect_timeout=0.1)
        finally:
            silent.cancel()

    error = failure(server.url, beside, connections=1, wait_s=0.2)
    assert isinstance(error, TimedOut)
    assert is_surely_unsent(error)
    assert server.calls("sendMessage") == []


def test_no_more_connections_than_allowed():
    """Counted by a server that answers late."""
    opened = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        while await reader.readline():
            length = 0
            while (line := await reader.readline()) not in (b"\r\n", b""):
                length = int(line.split(b":")[1]) if line.lower().startswith(b"content-length") else length
            await reader.readexactly(length)
            await asyncio.sleep(0.02)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + b'{"ok":true,"result":true}')

    async def run() -> list[object]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with bot_on(f"http://127.0.0.1:{port}", connections=3, wait_s=10.0) as bot:
            done = await asyncio.gather(*(bot.send_chat_action(CHAT, "typing") for _ in range(20)))
        server.close()
        return done

    assert asyncio.run(run()) == [True] * 20
    assert len(opened) == 3


def test_after_shutdown_it_can_be_opened_again(server):
    async def twice() -> None:
        request = TelegramRequest(1, 1.0)
        bot = Bot(TOKEN, base_url=f"{server.url}/bot", request=request)
        for _ in range(2):
            await request.initialize()
            await bot.send_message(CHAT, "Hallo")
            await request.shutdown()
        with pytest.raises(NetworkError, match="closed"):
            await bot.send_message(CHAT, "Hallo")

    asyncio.run(twice())
    assert len(server.calls("sendMessage")) == 2


@pytest.mark.parametrize("named", ["{}", "http://ich:ge%40heim@{}", "http://{}"])
def test_a_proxy_of_the_environment_is_used(server, monkeypatch, named):
    """The address names a host that does not exist: only the proxy, here the server itself, can be reached."""
    of_environment(monkeypatch, proxy=named.format(server.url.removeprefix("http://")), except_for="")
    call("http://telegram.invalid", say("über den Proxy"))
    assert server.calls("sendMessage")[-1].params["text"] == "über den Proxy"


def test_a_proxy_is_asked_with_the_name_and_password_of_its_address(monkeypatch):
    heads = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async def run() -> None:
        proxy = await asyncio.start_server(answer, "127.0.0.1", 0)
        of_environment(monkeypatch, proxy=f"http://ich:ge%40heim@127.0.0.1:{proxy.sockets[0].getsockname()[1]}", except_for="")
        async with bot_on("http://telegram.invalid") as bot:
            with pytest.raises(TelegramError):
                await say()(bot)
        proxy.close()

    asyncio.run(run())
    (head,) = heads
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'ich:ge@heim').decode()}\r\n" in head


def test_hosts_excepted_from_the_proxy_are_called_themselves(server, monkeypatch):
    of_environment(monkeypatch, proxy="http://proxy.invalid:3128", except_for="127.0.0.1")
    call(server.url, say("ohne Umweg"))
    assert server.calls("sendMessage")[-1].params["text"] == "ohne Umweg"


def test_a_proxy_that_is_not_there_was_surely_not_sent_to(monkeypatch):
    of_environment(monkeypatch, proxy="http://proxy.invalid:3128", except_for="")
    assert is_surely_unsent(failure("http://127.0.0.1:9", say()))


def of_environment(monkeypatch, proxy: str, except_for: str) -> None:
    for name, value in (("http_proxy", proxy), ("no_proxy", except_for)):
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.upper(), value)
