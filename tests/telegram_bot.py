"""The real bot as a process on a Bot API server process, and what a person sees of it."""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.botapi.client import BotApiServer, Said, SeenMessage
from tests.conftest import ROOT

TOKEN = "123456789:AAF-e2e_0123456789abcdefghijklmnopqr"
SECRET = TOKEN.split(":")[1]
START_S = 300.0  # only against hanging for ever
STOP_S = 60.0  # only against hanging for ever
REPLY_S = 60.0
SOURCE_LINE = re.compile(r"\n(?:\[(?P<number>\d+)\] )?(?P<title>.+) · (?P<source>.+) · (?P<day>\d\d\.\d\d\.\d{4}|ohne Datum)(?:\n|$)")
_chats = itertools.count(5001)


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with the line under it, as a person sees them; ``url`` is where the title leads."""

    text: str
    title: str
    source: str
    day: str
    url: str


def new_chat() -> int:
    """A private chat in which nothing has been said: no pace of an earlier test binds there."""
    return next(_chats)


class TelegramBot:
    """``python -m bot run`` on a server (or another ``command``); its log goes to ``log``. Ends with the ``with`` block."""

    def __init__(
        self,
        server: BotApiServer,
        home: Path,
        log: Path,
        token: str = TOKEN,
        command: Sequence[str] = ("bot", "run"),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._command = command
        self.server = server
        self._variables = variables or {}
        self.log = log
        self.home, self._token = home, token

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it polls."""
        before = len(self.server.calls("deleteWebhook"))
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment |= {"AMTSFUNK_HOME": str(self.home), "TELEGRAM_BOT_TOKEN": self._token, "TELEGRAM_API_URL": self.server.url, **self._variables}
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._command],
                env=environment | {"PYTHONPATH": str(ROOT)},
                cwd=self.log.parent,
                stdout=log,
                stderr=log,
            )
        try:
            self.server.wait_for(lambda: len(self.server.calls("deleteWebhook")) > before or self._process.poll() is not None, START_S)
            assert self._process.poll() is None, self.read_log()
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise

    def stop(self) -> int:
        """SIGTERM; returns the exit code. Whatever happened, the token is not in the log."""
        self._process.terminate()
        try:
            return self._process.wait(STOP_S)
        finally:
            self._process.kill()
            self._process.wait()
            assert SECRET not in self.read_log()

    def read_log(self) -> str:
        return self.log.read_text("utf-8")

    def ask(self, text: str, chat_id: int) -> tuple[Said, SeenMessage]:
        """A person writes; the first message of the bot after that."""
        said = self.server.say(text, chat_id=chat_id)
        return said, self.server.wait_reply(chat_id, after=said.message_id, timeout_s=REPLY_S)

    def press(self, message: SeenMessage, chat_id: int, caption: str) -> SeenMessage:
        """A person presses a button; the first message of the bot after that."""
        last = self.server.messages(chat_id)[-1].message_id
        self.server.press(message.message_id, chat_id=chat_id, text=caption)
        return self.server.wait_reply(chat_id, after=last, timeout_s=REPLY_S)

    def replies(self, chat_id: int, after: int = 0) -> list[SeenMessage]:
        """All messages of the bot in a chat once everything that was said before is answered."""
        self.ask("Ist noch etwas offen?", new_chat())  # the conversation takes one message after the other
        return [message for message in self.server.messages(chat_id) if message.from_bot and message.message_id > after]


@contextmanager
def running_bot(
    home: Path, folder: Path, command: Sequence[str] = ("bot", "run"), variables: Mapping[str, str] | None = None
) -> Iterator[TelegramBot]:
    """A server and a bot on it; ``variables``: further settings."""
    with BotApiServer(TOKEN) as server, TelegramBot(server, home, folder / "bot.log", command=command, variables=variables) as bot:
        yield bot


def slice_of(text: str, entity: dict[str, Any]) -> str:
    """The text of an entity, whose range counts UTF-16 code units."""
    units = text.encode("utf-16-le")
    return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")


def entities_of(message: SeenMessage, kind: str) -> list[dict[str, Any]]:
    return [entity for entity in message.raw["entities"] if entity["type"] == kind]


def blockquotes(message: SeenMessage) -> list[str]:
    """Texts of all quotes, folded ones too."""
    kinds = ("blockquote", "expandable_blockquote")
    return [slice_of(message.text, entity) for entity in message.raw["entities"] if entity["type"] in kinds]


def links(message: SeenMessage) -> list[tuple[str, str]]:
    """(text, address) of each link."""
    return [(slice_of(message.text, entity), entity["url"]) for entity in entities_of(message, "text_link")]


def shown_quotes(message: SeenMessage) -> list[ShownQuote]:
    """The quotes of a message; fails where one is not followed by its line."""
    return [_shown_quote(message, entity) for entity in entities_of(message, "blockquote")]


def quoted_places(message: SeenMessage) -> list[tuple[int, int, int, int]]:
    """(article row, version, start, end) as the "Im Zusammenhang" buttons name them."""
    actions = [button.get("callback_data", "").split(":") for button in message.buttons]
    return [tuple(map(int, values)) for kind, *values in actions if kind == "ctx"]


def context_captions(message: SeenMessage) -> list[str]:
    """Of the buttons that show a quote in its context, in order."""
    return [button["text"] for button in message.buttons if button.get("callback_data", "").startswith("ctx:")]


def captions(message: SeenMessage) -> Sequence[str]:
    return [button["text"] for button in message.buttons]


def _shown_quote(message: SeenMessage, entity: dict[str, Any]) -> ShownQuote:
    units = message.text.encode("utf-16-le")
    line_at = entity["offset"] + entity["length"]
    line = SOURCE_LINE.match(units[line_at * 2 :].decode("utf-16-le"))
    assert line, message.text
    title_at = line_at + len(line[0][: line.start("title")].encode("utf-16-le")) // 2
    url = next((link["url"] for link in entities_of(message, "text_link") if link["offset"] == title_at), "")
    text = slice_of(message.text, entity).removeprefix("[…] ").removesuffix(" […]")
    return ShownQuote(text, line["title"], line["source"], line["day"], url)
