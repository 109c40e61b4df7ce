"""The side of the tests: people write and press buttons, chats and faults are set up, calls are read back."""

import base64
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from .entities import detect, from_json
from .errors import ApiError, Json
from .messages import document_json, quoted
from .methods import ADMIN_RIGHTS
from .params import Upload, names
from .service import Fault, Service
from .world import Chat, Message, User, World

SAY_NAMES = names("chat_id user_id text entities reply_to quote thread_id edit_of forward first_name username language_code document caption")
QUERY_KINDS = frozenset({"callback_query", "inline_query", "pre_checkout_query", "shipping_query"})
GROUP_TYPES = ("group", "supergroup", "channel")


def say(service: Service, body: Json) -> Json:
    """Someone writes a message, or edits one with ``edit_of``. Bots with privacy mode on would see less in a group."""
    _known(body, SAY_NAMES)
    world = service.world
    chat, sender = _speaker(world, body)
    if "edit_of" in body:
        content = {"entities": None} | _content(world, chat, body)
        message, kind = world.change(_message(world, chat, body["edit_of"]), content, None), "edited_"
    else:
        message, kind = world.add(chat, sender, _content(world, chat, body)), ""
    update_id = world.updates.push(kind + ("channel_post" if chat.type == "channel" else "message"), message.body)
    return {"message_id": message.body["message_id"], "update_id": update_id}


def say_all(service: Service, body: Json) -> Json:
    """Many people write in the same instant: ``messages`` are bodies of ``say``."""
    _known(body, names("messages"))
    return {"said": [say(service, message) for message in body["messages"]]}


def press(service: Service, body: Json) -> Json:
    """Someone presses a button that is visible now, named by its data or its caption."""
    _known(body, names("chat_id message_id data text user_id"))
    world = service.world
    chat = world.find_chat(str(body["chat_id"]))
    message = _message(world, chat, body["message_id"])
    user = world.users[body.get("user_id", chat.id if chat.type == "private" else chat.members[0])]
    query = {"id": world.open_query(f"{10**15 + world.serial()}"), "from": user.to_json(), "message": message.body}
    query |= {"chat_instance": str(chat.id), "data": _button(message, body)["callback_data"]}
    return {"callback_query_id": query["id"], "update_id": world.updates.push("callback_query", query)}


def inline(service: Service, body: Json) -> Json:
    """Someone types the bot's name and some words in whatever chat."""
    _known(body, names("query user_id language_code offset"))
    user = service.world.users.get(body["user_id"], User(body["user_id"], language_code=body.get("language_code", "")))
    query = {"id": service.world.open_query(f"{10**15 + service.world.serial()}"), "from": user.to_json()}
    query |= {"query": body["query"], "offset": body.get("offset", "")}
    return {"inline_query_id": query["id"], "update_id": service.world.updates.push("inline_query", query)}


def update(service: Service, body: Json) -> Json:
    """Queue a raw update: one field, named by its kind."""
    ((kind, payload),) = ((key, value) for key, value in body.items() if key != "update_id")
    if kind in QUERY_KINDS:
        service.world.open_query(payload["id"])
    return {"update_id": service.world.updates.push(kind, payload)}


def set_chat(service: Service, body: Json) -> Json:
    """Create a chat or change fields of it. Members and administrators that are not known become users."""
    world, lists = service.world, ("members", "admins", "topics")
    fields = {key: tuple(value) if key in lists else value for key, value in body.items()}
    old = world.chats.get(body["id"]) or Chat(body["id"], "private" if body["id"] > 0 else "group", title="Test group")
    chat = replace(old, **fields)
    if chat.type not in ("private", *GROUP_TYPES) or (chat.type == "private") != (chat.id > 0):
        raise ValueError("a private chat has a positive id, any other one a negative id")
    world.chats[chat.id] = chat
    for user_id in (*chat.members, *chat.admins, *((chat.id,) if chat.type == "private" else ())):
        world.users.setdefault(user_id, User(user_id))
    return {"id": chat.id}


def membership(service: Service, body: Json) -> Json:
    """Someone changes the standing of the bot: ``member``, ``administrator``, ``left`` (removed) or ``kicked`` (blocked)."""
    world, status = service.world, body["status"]
    chat = world.find_chat(str(body["chat_id"]))
    old = {"user": world.bot.to_json(), "status": "left" if chat.blocked else "member"}
    admins = (*(user for user in chat.admins if user != world.bot.id), *((world.bot.id,) if status == "administrator" else ()))
    chat = world.chats[chat.id] = replace(chat, blocked=status in ("left", "kicked"), admins=admins)
    rights = dict.fromkeys(ADMIN_RIGHTS, True) | {"can_be_edited": False, "is_anonymous": False} if status == "administrator" else {}
    new = {"user": world.bot.to_json(), "status": status} | rights | ({"until_date": 0} if status == "kicked" else {})
    user = world.users[body.get("user_id", chat.id if chat.type == "private" else next(iter((*chat.members, *chat.admins))))]
    change = {"chat": chat.to_json(), "from": user.to_json(), "date": int(time.time()), "old_chat_member": old, "new_chat_member": new}
    return {"update_id": world.updates.push("my_chat_member", change)}


def migrate(service: Service, body: Json) -> Json:
    """A group becomes the supergroup ``to``; both chats get their message, as Telegram sends them."""
    world = service.world
    old = world.find_chat(str(body["chat_id"]))
    sender = world.users[next(iter((*old.members, *old.admins)))]
    new = world.chats[body["to"]] = replace(old, id=body["to"], type="supergroup")
    for chat, content in ((old, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": old.id})):
        world.updates.push("message", world.add(chat, sender, content).body)
    world.chats[old.id] = replace(old, migrated_to=new.id)
    return {"id": new.id}


def get_chat(service: Service, query: Json) -> Json:
    """What is visible in a chat now."""
    return {"messages": list(service.world.visible(int(query["id"])))}


def fail(service: Service, body: Json) -> Json:
    """Let the next calls of a method go wrong."""
    service.faults.append(Fault(**body))
    return {}


def limits(service: Service, body: Json) -> Json:
    """Change the rate limits; what was counted is forgotten."""
    service.limits.configure(replace(service.limits.settings, **body))
    return {}


def calls(service: Service, query: Json) -> Json:
    """The calls of the bot in the order of their answers, without the first ``skip``, and the clock of the server."""
    wanted, skip = query.get("method", "").lower(), int(query.get("skip", 0))
    found = [call.to_json() for call in [call for call in service.calls if wanted in ("", call.method.lower())][skip:]]
    return {"calls": found, "now": time.monotonic()}


def reset(service: Service, body: Json) -> Json:
    """Forget everything except which ids were given."""
    service.reset()
    return {}


def _known(body: Json, allowed: frozenset[str]) -> None:
    if unknown := body.keys() - allowed:
        raise ValueError(f"unknown fields {sorted(unknown)}")


def _speaker(world: World, body: Json) -> tuple[Chat, User]:
    chat_id = int(body["chat_id"])
    chat = world.chats.get(chat_id)
    if not chat and chat_id < 0:
        raise ValueError(f"chat {chat_id} has to be created first")
    user_id = body.get("user_id") or (chat_id if chat_id > 0 else (chat.members or chat.admins)[0] if chat else 0)
    given = {name: body[name] for name in ("first_name", "username", "language_code") if name in body}
    user = world.users[user_id] = replace(world.users.get(user_id, User(user_id)), **given)
    return chat or world.ensure_private(user), user


def _content(world: World, chat: Chat, body: Json) -> Json:
    field, entities_field = ("caption", "caption_entities") if "document" in body else ("text", "entities")
    text = body.get(field, "")
    found = from_json(body["entities"]) if "entities" in body else detect(text)
    content: Json = ({field: text} if text else {}) | ({entities_field: [e.to_json() for e in found]} if found else {})
    if "document" in body:
        content["document"] = document_json(world.store("document", _upload(body["document"])))
    if "reply_to" in body:
        content["reply_to_message"] = quoted(_message(world, chat, body["reply_to"]))
        content |= _selected(content["reply_to_message"], body["quote"]) if "quote" in body else {}
    if "thread_id" in body:
        content |= {"message_thread_id": body["thread_id"], "is_topic_message": True}
    return content | (_forwarded(body["forward"]) if body.get("forward") else {})


def _selected(original: Json, selected: str) -> Json:
    """A selected part of the message replied to, where it stands first; Telegram lets people select only what stands there."""
    text = original.get("text", original.get("caption", ""))
    if selected not in text:
        raise ValueError(f"{selected!r} does not stand in the message")
    position = len(text[: text.index(selected)].encode("utf-16-le")) // 2
    return {"quote": {"text": selected, "position": position, "is_manual": True}}


def _upload(body: Json) -> Upload:
    mime = body.get("mime_type", "application/octet-stream")
    return Upload(body["file_name"], base64.b64decode(body.get("content_base64", "")), mime)


def _forwarded(forward: Any) -> Json:
    """``true`` forwards from somebody, a number from that user, a text from a user who hides behind a name."""
    if isinstance(forward, str):
        return {"forward_origin": {"type": "hidden_user", "sender_user_name": forward, "date": int(time.time())}}
    sender = User(424242 if forward is True else int(forward), "Somebody").to_json()
    return {"forward_origin": {"type": "user", "sender_user": sender, "date": int(time.time())}}


def _message(world: World, chat: Chat, message_id: int) -> Message:
    message = world.message(chat.id, message_id)
    if not message:
        raise ValueError(f"no message {message_id} is visible in chat {chat.id}")
    return message


def _button(message: Message, wanted: Json) -> Json:
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    key, value = ("callback_data", wanted["data"]) if "data" in wanted else ("text", wanted["text"])
    for button in (button for row in rows for button in row):
        if button.get(key) == value and "callback_data" in button:
            return button
    raise ValueError(f"no button with {key} {value!r} that can be pressed in {rows}")


_POST = {
    "say": say, "say_all": say_all, "press": press, "inline": inline, "update": update, "chat": set_chat, "fail": fail, "limits": limits, "reset": reset,
    "membership": membership, "migrate": migrate,
}
_GET = {"calls": calls, "chat": get_chat}


def add_routes(app: web.Application, service: Service) -> None:
    """Serve the control side under ``/control/``."""
    for name, action in _POST.items():
        app.router.add_post(f"/control/{name}", _handler(service, action))
    for name, action in _GET.items():
        app.router.add_get(f"/control/{name}", _handler(service, action))


def _handler(service: Service, action: Callable[[Service, Json], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        body = dict(request.query) if request.method == "GET" else await request.json() if request.can_read_body else {}
        try:
            return web.json_response(action(service, body))
        except (ApiError, ValueError, TypeError, LookupError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return handle
