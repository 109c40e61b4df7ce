"""Everything that the server knows: people, chats, messages, files, commands and open queries."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from .errors import ApiError, Json, bad_request
from .keyboards import Markup
from .params import Upload
from .updates import UpdateQueue

NO_CHAT = "chat not found"
BLOCKED = {
    "private": "bot was blocked by the user",
    "group": "bot was kicked from the group chat",
    "supergroup": "bot was kicked from the supergroup chat",
    "channel": "bot is not a member of the channel chat",
}


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str = "Test"
    is_bot: bool = False
    username: str = ""
    language_code: str = ""

    def to_json(self) -> Json:
        """The user as part of a message."""
        names = {"username": self.username, "language_code": self.language_code}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | {k: v for k, v in names.items() if v}


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat. The first of ``admins`` is its owner; a bot that is to be an administrator is named there, too."""

    id: int
    type: str = "private"
    title: str = ""
    username: str = ""
    first_name: str = ""
    members: tuple[int, ...] = ()
    admins: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()
    is_forum: bool = False
    blocked: bool = False
    migrated_to: int | None = None

    def to_json(self) -> Json:
        """The chat as part of a message."""
        names = {name: getattr(self, name) for name in ("title", "username", "first_name", "is_forum")}
        return {"id": self.id, "type": self.type} | {name: value for name, value in names.items() if value}


@dataclass(frozen=True, slots=True)
class Message:
    """A visible message: its wire form, its keyboard of whatever kind, and who wrote it."""

    body: Json
    markup: Markup | None = None
    outgoing: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was uploaded."""

    id: str
    path: str
    upload: Upload

    def to_json(self) -> Json:
        """The fields that all kinds of files share."""
        return {"file_id": self.id, "file_unique_id": f"U{self.id}", "file_size": len(self.upload.content)}


class World:
    """The state of the server; ``reset`` empties it but never takes ids back."""

    def __init__(self, bot_id: int) -> None:
        self.bot = User(bot_id, "Test bot", True, "test_bot")
        self.updates = UpdateQueue()
        self._serial = 0
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.updates.clear()
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.last_ids: dict[int, int] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.open_queries: set[str] = set()
        self.logged_out = False

    def serial(self) -> int:
        """A number that was never given before."""
        self._serial += 1
        return self._serial

    def find_chat(self, reference: str) -> Chat:
        """A chat by its id or @username."""
        for chat in self.chats.values():
            if str(chat.id) == reference or (chat.username and f"@{chat.username}".lower() == reference.lower()):
                return chat
        raise bad_request(NO_CHAT)

    def open_chat(self, reference: str) -> Chat:
        """A chat to which the bot may write."""
        chat = self.find_chat(reference)
        if chat.migrated_to is not None:
            new = {"migrate_to_chat_id": chat.migrated_to}
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", new)
        if chat.blocked:
            raise ApiError(403, f"Forbidden: {BLOCKED[chat.type]}")
        if chat.type == "channel" and self.bot.id not in chat.admins:
            raise bad_request("need administrator rights in the channel chat")
        return chat

    def ensure_private(self, user: User) -> Chat:
        """The private chat of a user, created with the first message."""
        self.users[user.id] = user
        new = Chat(user.id, username=user.username, first_name=user.first_name, members=(user.id,))
        return self.chats.setdefault(user.id, new)

    def next_message_id(self, chat_id: int) -> int:
        """The next id within a chat."""
        self.last_ids[chat_id] = self.last_ids.get(chat_id, 0) + 1
        return self.last_ids[chat_id]

    def add(self, chat: Chat, sender: User, content: Json, markup: Markup | None = None) -> Message:
        """Put a message into a chat."""
        author = {"sender_chat": chat.to_json()} if chat.type == "channel" else {"from": sender.to_json()}
        body = {"message_id": self.next_message_id(chat.id), "date": int(time.time()), "chat": chat.to_json()} | author | content
        if markup and markup.inline:
            body["reply_markup"] = markup.body
        message = Message(body, markup, sender.is_bot)
        self.messages.setdefault(chat.id, {})[body["message_id"]] = message
        return message

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message that is visible now."""
        return self.messages.get(chat_id, {}).get(message_id)

    def change(self, message: Message, content: Json, markup: Json | None) -> Message:
        """Replace parts of a message; a keyboard that is not given again goes away, as do parts that are None."""
        merged = message.body | content | {"edit_date": int(time.time()), "reply_markup": markup}
        body = {key: value for key, value in merged.items() if value is not None}
        new = replace(message, body=body, markup=Markup(markup, True) if markup else None)
        self.messages[body["chat"]["id"]][body["message_id"]] = new
        return new

    def visible(self, chat_id: int) -> Iterator[Json]:
        """The messages of a chat as a person sees them now."""
        for message in self.messages.get(chat_id, {}).values():
            keyboard = {"reply_markup": message.markup.body} if message.markup else {}
            flags = {"edited": "edit_date" in message.body, "from_bot": message.outgoing}
            yield {"text": "", "entities": []} | message.body | keyboard | flags

    def store(self, kind: str, upload: Upload) -> StoredFile:
        """Keep an upload under a new file id."""
        number = self.serial()
        stored = StoredFile(f"{kind}-{number:06d}", f"{kind}s/file_{number}{PurePosixPath(upload.name).suffix}", upload)
        self.files[stored.id] = stored
        return stored

    def open_query(self, query_id: str) -> str:
        """Remember a query that may be answered once."""
        self.open_queries.add(query_id)
        return query_id

    def close_query(self, query_id: str) -> None:
        """Take the one answer of a query."""
        if query_id not in self.open_queries:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self.open_queries.remove(query_id)
