"""The server as a context manager for tests, with the control side as methods."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from tests.server_process import ServerProcess

from .__main__ import DEFAULT_TOKEN
from .errors import Json

PRIVATE_CHAT = 1001
POLL_S = 0.02
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a message that a person wrote."""

    message_id: int
    update_id: int | None


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as it is visible now; ``raw`` is its wire form."""

    message_id: int
    text: str
    from_bot: bool
    edited: bool
    raw: Json

    @property
    def buttons(self) -> tuple[Json, ...]:
        """The buttons of its inline keyboard in reading order."""
        return tuple(b for row in self.raw.get("reply_markup", {}).get("inline_keyboard", []) for b in row)


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call of the bot; ``answer`` is None where nothing was sent back."""

    method: str
    params: Json
    answer: Any
    at: float


class BotApiServer:
    """A server process that lives as long as the ``with`` block."""

    def __init__(self, token: str = DEFAULT_TOKEN) -> None:
        self.token = token
        self.url = ""

    def __enter__(self) -> Self:
        self._process = ServerProcess("tests.botapi", "--port", "0", "--token", self.token)
        (self.url,) = self._process.urls
        self._http = httpx.Client(base_url=f"{self.url}/control/", timeout=10, trust_env=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process with SIGTERM and wait for it; a second call does nothing."""
        self._http.close()
        self._process.stop()

    def say(self, text: str = "", chat_id: int = PRIVATE_CHAT, **fields: Any) -> Said:
        """A person writes."""
        return Said(**self._post("say", {"text": text, "chat_id": chat_id, **fields}))

    def say_all(self, texts: Mapping[int, str]) -> None:
        """A person in each of these chats writes, all in the same instant."""
        self._post("say_all", {"messages": [{"chat_id": chat_id, "text": text} for chat_id, text in texts.items()]})

    def press(self, message_id: int, chat_id: int = PRIVATE_CHAT, **fields: Any) -> str:
        """A person presses the button named by ``data`` or ``text``; returns the id of the callback query."""
        return self._post("press", {"message_id": message_id, "chat_id": chat_id, **fields})["callback_query_id"]

    def inline(self, query: str, user_id: int = PRIVATE_CHAT, **fields: Any) -> str:
        """A person types an inline query; returns its id."""
        return self._post("inline", {"query": query, "user_id": user_id, **fields})["inline_query_id"]

    def update(self, **raw: Json) -> int | None:
        """Queue a raw update, such as ``update(inline_query={…})``."""
        return self._post("update", raw)["update_id"]

    def chat(self, chat_id: int, **fields: Any) -> None:
        """Create or change a chat."""
        self._post("chat", {"id": chat_id, **fields})

    def membership(self, chat_id: int, status: str, **fields: Any) -> None:
        """The standing of the bot in a chat changes."""
        self._post("membership", {"chat_id": chat_id, "status": status, **fields})

    def migrate(self, chat_id: int, to: int) -> None:
        """A group becomes a supergroup."""
        self._post("migrate", {"chat_id": chat_id, "to": to})

    def fail(self, method: str, **fields: Any) -> None:
        """Let calls of a method go wrong."""
        self._post("fail", {"method": method, **fields})

    def limits(self, **fields: Any) -> None:
        """Change the rate limits."""
        self._post("limits", fields)

    def reset(self) -> None:
        """Forget everything that happened."""
        self._post("reset", {})

    def messages(self, chat_id: int = PRIVATE_CHAT) -> list[SeenMessage]:
        """What is visible in a chat now."""
        found = self._get("chat", {"id": chat_id})["messages"]
        return [SeenMessage(m["message_id"], m["text"] or m.get("caption", ""), m["from_bot"], m["edited"], m) for m in found]

    def calls(self, method: str | None = None, skip: int = 0) -> list[SeenCall]:
        """The calls of the bot in the order of their answers, without the first ``skip``."""
        return [SeenCall(**call) for call in self._get("calls", {"method": method or "", "skip": skip})["calls"]]

    def wait_for(self, predicate: Callable[[], T], timeout_s: float = 5.0) -> T:
        """Ask again and again until the answer is true, and return it."""
        deadline = time.monotonic() + timeout_s
        while not (found := predicate()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing within {timeout_s} s; last calls: {self.calls()[-5:]}")
            time.sleep(POLL_S)
        return found

    def wait_reply(self, chat_id: int = PRIVATE_CHAT, after: int = 0, timeout_s: float = 5.0) -> SeenMessage:
        """The first message of the bot after the message ``after``."""

        def find() -> SeenMessage | None:
            return next((m for m in self.messages(chat_id) if m.from_bot and m.message_id > after), None)

        found = self.wait_for(find, timeout_s)
        assert found
        return found

    def _post(self, name: str, body: Json) -> Json:
        return _checked(self._http.post(name, json=body))

    def _get(self, name: str, query: Json) -> Json:
        return _checked(self._http.get(name, params=query))


def _checked(response: httpx.Response) -> Json:
    body = response.json()
    if response.is_error:
        raise ValueError(body.get("error", body))
    return body
