"""Methods that send, edit and delete messages, and files."""

from dataclasses import dataclass

from .entities import Formatted
from .errors import ApiError, Json, bad_request
from .keyboards import inline_markup, parse_markup
from .limits import Limits
from .markup import CAPTION_LIMIT, formatted, message_text
from .params import Params, names
from .world import Chat, Message, StoredFile, World

ACTIONS = names(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location"
    " record_video_note upload_video_note"
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)
UPLOAD_LIMITS = {"photo": 10 * 2**20, "document": 50 * 2**20}
DOWNLOAD_LIMIT = 20 * 2**20


@dataclass(frozen=True, slots=True)
class Context:
    """What a method works with."""

    world: World
    limits: Limits


def send_message(ctx: Context, params: Params) -> Json:
    """Send a text."""
    content = _text_fields(message_text(params), "text", "entities")
    if preview := params.parsed("link_preview_options", dict):
        content["link_preview_options"] = preview
    return _send(ctx, params, content)


def send_photo(ctx: Context, params: Params) -> Json:
    """Send a picture; its size in pixels is made up."""
    content = _text_fields(formatted(params, "caption", "caption_entities", CAPTION_LIMIT), "caption", "caption_entities")
    stored = _file(ctx.world, params, "photo")
    return _send(ctx, params, content | {"photo": [stored.to_json() | {"width": 800, "height": 600}]})


def send_document(ctx: Context, params: Params) -> Json:
    """Send a file."""
    content = _text_fields(formatted(params, "caption", "caption_entities", CAPTION_LIMIT), "caption", "caption_entities")
    stored = _file(ctx.world, params, "document")
    return _send(ctx, params, content | {"document": document_json(stored)})


def document_json(stored: StoredFile) -> Json:
    """The fields of a document."""
    return stored.to_json() | {"file_name": stored.upload.name, "mime_type": stored.upload.mime}


def edit_message_text(ctx: Context, params: Params) -> Json:
    """Replace text and keyboard of a message."""
    new, markup, message = message_text(params), inline_markup(params), _editable(ctx.world, params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    content = {"entities": None} | _text_fields(new, "text", "entities")
    _must_differ(message, content | {"reply_markup": markup})
    return ctx.world.change(message, content, markup).body


def edit_message_reply_markup(ctx: Context, params: Params) -> Json:
    """Replace the keyboard of a message."""
    markup, message = inline_markup(params), _editable(ctx.world, params)
    _must_differ(message, {"reply_markup": markup})
    return ctx.world.change(message, {}, markup).body


def delete_message(ctx: Context, params: Params) -> bool:
    """Delete a message; those of others only in a private chat or as an administrator."""
    chat = ctx.world.open_chat(params.text("chat_id"))
    message = ctx.world.message(chat.id, params.number("message_id"))
    if not message:
        raise bad_request("message to delete not found")
    if not message.outgoing and chat.type != "private" and ctx.world.bot.id not in chat.admins:
        raise bad_request("message can't be deleted")
    del ctx.world.messages[chat.id][message.body["message_id"]]
    return True


def send_chat_action(ctx: Context, params: Params) -> bool:
    """Show what the bot is doing."""
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    _topic(ctx.world.open_chat(params.text("chat_id")), params.number("message_thread_id"))
    return True


def get_file(ctx: Context, params: Params) -> Json:
    """Where a file can be downloaded."""
    stored = ctx.world.files.get(params.text("file_id"))
    if not stored:
        raise bad_request("invalid file_id")
    if len(stored.upload.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return stored.to_json() | {"file_path": stored.path}


def _send(ctx: Context, params: Params, content: Json) -> Json:
    """Check where a message goes and put it there."""
    markup = parse_markup(params)
    chat = ctx.world.open_chat(params.text("chat_id"))
    content = content | _topic(chat, params.number("message_thread_id")) | _reply(ctx.world, chat, params)
    if params.flag("protect_content"):
        content["has_protected_content"] = True
    ctx.limits.charge(chat.id)
    return ctx.world.add(chat, ctx.world.bot, content, markup).body


def _topic(chat: Chat, thread_id: int) -> Json:
    if thread_id and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": thread_id, "is_topic_message": True} if thread_id else {}


def _reply(world: World, chat: Chat, params: Params) -> Json:
    reply = params.parsed("reply_parameters", dict)
    if not reply:
        return {}
    target = world.find_chat(str(reply["chat_id"])) if "chat_id" in reply else chat
    message = world.message(target.id, int(reply.get("message_id", 0)))
    if message:
        return {"reply_to_message": quoted(message)} if target.id == chat.id else {}
    if reply.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def quoted(message: Message) -> Json:
    """A message as it stands within its answer: without the message that it answers itself."""
    return {key: value for key, value in message.body.items() if key != "reply_to_message"}


def _editable(world: World, params: Params) -> Message:
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = world.open_chat(params.text("chat_id"))
    message = world.message(chat.id, params.number("message_id"))
    if not message:
        raise bad_request("message to edit not found")
    if not message.outgoing or (message.markup and not message.markup.inline):
        raise bad_request("message can't be edited")
    return message


def _must_differ(message: Message, content: Json) -> None:
    if all(message.body.get(key) == value for key, value in content.items()):
        raise bad_request(NOT_MODIFIED)


def _text_fields(text: Formatted, name: str, entities_name: str) -> Json:
    entities = [entity.to_json() for entity in text.entities]
    return ({name: text.text} if text.text else {}) | ({entities_name: entities} if entities else {})


def _file(world: World, params: Params, kind: str) -> StoredFile:
    reference = params.text(kind)
    upload = params.files.get(reference.removeprefix("attach://") if reference else kind)
    if not upload:
        return _known_file(world, reference, kind)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMITS[kind]:
        raise ApiError(413, "Request Entity Too Large") if kind == "document" else bad_request("file is too big for a photo")
    return world.store(kind, upload)


def _known_file(world: World, reference: str, kind: str) -> StoredFile:
    if not reference:
        raise bad_request(f"there is no {kind} in the request")
    if reference not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files[reference]
