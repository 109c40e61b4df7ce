"""The table of methods, and those that are about the bot, its updates and its chats."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from . import messages
from .errors import ApiError, Json, bad_request
from .inline import check_button, check_offset, check_results
from .keyboards import check_button_url
from .messages import Context
from .params import Params, names
from .updates import Webhook
from .world import Chat, User

MAX_POLL_S = 50
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
SCOPES = {
    **dict.fromkeys(("default", "all_private_chats", "all_group_chats", "all_chat_administrators"), ()),
    **{"chat": ("chat_id",), "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id")},
}
ADMIN_RIGHTS = names(
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members can_change_info"
    " can_invite_users can_post_stories can_edit_stories can_delete_stories"
)
ON_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Method:
    """A method and the names of its parameters. Those that the server does not model are left out and so refused."""

    name: str
    handler: Callable[[Context, Params], Any]
    parameters: frozenset[str]

    async def call(self, ctx: Context, params: Params) -> Any:
        """Run the method."""
        params.check_names(self.parameters)
        if ctx.world.logged_out:
            raise bad_request("Logged out")
        result = self.handler(ctx, params)
        return await result if inspect.isawaitable(result) else result


@dataclass(frozen=True, slots=True)
class Described:
    """A result that comes with a sentence."""

    result: Any
    description: str


def get_me(ctx: Context, params: Params) -> Json:
    """The bot itself."""
    yes, no = ("can_join_groups", "supports_inline_queries"), ("can_read_all_group_messages", "can_connect_to_business")
    more = ("has_main_web_app", "has_topics_enabled")
    return ctx.world.bot.to_json() | dict.fromkeys(yes, True) | dict.fromkeys(no + more, False)


async def get_updates(ctx: Context, params: Params) -> list[Json]:
    """Long polling."""
    ctx.world.updates.allow(params.parsed("allowed_updates", list))
    limit = params.number("limit", 100)
    timeout = max(0, min(params.number("timeout"), MAX_POLL_S))
    return await ctx.world.updates.poll(params.number("offset"), limit if 1 <= limit <= 100 else 100, timeout)


def set_webhook(ctx: Context, params: Params) -> Described:
    """Switch to a webhook, or off with an empty address. Plain http is taken on the loopback only."""
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return delete_webhook(ctx, params)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ON_LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    _drop_pending(ctx, params)
    ctx.world.updates.allow(params.parsed("allowed_updates", list))
    ctx.world.updates.set_webhook(Webhook(url, secret, params.number("max_connections", 40)))
    return Described(True, "Webhook was set")


def delete_webhook(ctx: Context, params: Params) -> Described:
    """Switch back to polling."""
    had_one = ctx.world.updates.webhook is not None
    _drop_pending(ctx, params)
    ctx.world.updates.set_webhook(None)
    return Described(True, "Webhook was deleted" if had_one else "Webhook is already deleted")


def _drop_pending(ctx: Context, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        ctx.world.updates.pending.clear()


def get_webhook_info(ctx: Context, params: Params) -> Json:
    """State of the webhook."""
    return ctx.world.updates.info()


def set_my_commands(ctx: Context, params: Params) -> bool:
    """Set the commands of one scope and language."""
    commands = params.parsed("commands", list) or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    ctx.world.commands[_scope(ctx, params)] = commands
    return True


def _check_command(command: Json) -> None:
    for field in ("command", "description"):
        if not isinstance(command.get(field), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{field}\"")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")
    if not command["description"].strip():
        raise bad_request("command description must be non-empty")
    if len(command["description"]) > 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def get_my_commands(ctx: Context, params: Params) -> list[Json]:
    """The commands of exactly this scope and language."""
    return ctx.world.commands.get(_scope(ctx, params), [])


def delete_my_commands(ctx: Context, params: Params) -> bool:
    """Forget the commands of one scope and language."""
    ctx.world.commands.pop(_scope(ctx, params), None)
    return True


def _scope(ctx: Context, params: Params) -> tuple[str, str]:
    scope = params.parsed("scope", dict) or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    parts = [scope["type"], *(str(scope.get(name, "")) for name in SCOPES[scope["type"]])]
    if len(parts) > 1:
        ctx.world.find_chat(parts[1])
    return " ".join(parts), _language(params)


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _text_setter(name: str) -> Callable[[Context, Params], bool]:
    def handler(ctx: Context, params: Params) -> bool:
        if len(params.text(name)) > TEXT_LIMITS[name]:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        ctx.world.texts[name, _language(params)] = params.text(name)
        return True

    return handler


def set_chat_menu_button(ctx: Context, params: Params) -> bool:
    """Set the button beside the input field, for one private chat or for all."""
    button = params.parsed("menu_button", dict) or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: Unsupported type specified")
    if button["type"] == "web_app":
        if not button.get("text") or not isinstance(button.get("web_app"), dict):
            raise bad_request("can't parse menu button: Can't find field \"web_app\"")
        check_button_url(button)
    chat_id = ctx.world.open_chat(params.text("chat_id")).id if params.text("chat_id") else 0
    ctx.world.menu_buttons[chat_id] = button
    return True


def answer_callback_query(ctx: Context, params: Params) -> bool:
    """Answer a pressed button, once."""
    if len(params.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    ctx.world.close_query(params.text("callback_query_id"))
    return True


def answer_inline_query(ctx: Context, params: Params) -> bool:
    """Answer an inline query, once."""
    check_results(params.parsed("results", list) or [])
    check_button(params.parsed("button", dict))
    check_offset(params.text("next_offset"))
    if params.number("cache_time", 300) < 0:
        raise bad_request("CACHE_TIME_INVALID")
    ctx.world.close_query(params.text("inline_query_id"))
    return True


def get_chat(ctx: Context, params: Params) -> Json:
    """A chat with the fields that only this method gives."""
    chat = ctx.world.open_chat(params.text("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return chat.to_json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}


def get_chat_member(ctx: Context, params: Params) -> Json:
    """The standing of a user in a chat."""
    chat = ctx.world.open_chat(params.text("chat_id"))
    user = ctx.world.users.get(params.number("user_id"))
    if not user:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return _member(ctx, chat, user)


def get_chat_administrators(ctx: Context, params: Params) -> list[Json]:
    """Owner and administrators, without other bots."""
    chat = ctx.world.open_chat(params.text("chat_id"))
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    users = (ctx.world.users[user_id] for user_id in chat.admins)
    return [_member(ctx, chat, user) for user in users if not user.is_bot or user.id == ctx.world.bot.id]


def _member(ctx: Context, chat: Chat, user: User) -> Json:
    member: Json = {"user": user.to_json()}
    if user.id in chat.admins[:1]:
        return member | {"status": "creator", "is_anonymous": False}
    if user.id in chat.admins:
        flags = {"can_be_edited": False, "is_anonymous": False}
        return member | {"status": "administrator"} | flags | dict.fromkeys(ADMIN_RIGHTS, True)
    here = user.id in chat.members or user.id == ctx.world.bot.id
    return member | {"status": "member" if here else "left"}


def log_out(ctx: Context, params: Params) -> bool:
    """Log out: every later call is refused until the server is reset."""
    ctx.world.logged_out = True
    return True


def close(ctx: Context, params: Params) -> bool:
    """Close the bot. The real server refuses this within ten minutes after its start; here it always passes."""
    return True


def unknown_method() -> ApiError:
    """The answer to a method that does not exist."""
    return ApiError(404, "Not Found")


_SENDING = "chat_id message_thread_id disable_notification protect_content allow_paid_broadcast message_effect_id reply_parameters"
_CAPTION = "caption parse_mode caption_entities reply_markup"
_EDITING = "chat_id message_id inline_message_id reply_markup"
_TABLE: tuple[tuple[str, Callable[[Context, Params], Any], str], ...] = (
    ("getMe", get_me, ""),
    ("getUpdates", get_updates, "offset limit timeout allowed_updates"),
    (
        "setWebhook",
        set_webhook,
        "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
    ),
    ("deleteWebhook", delete_webhook, "drop_pending_updates"),
    ("getWebhookInfo", get_webhook_info, ""),
    ("setMyCommands", set_my_commands, "commands scope language_code"),
    ("getMyCommands", get_my_commands, "scope language_code"),
    ("deleteMyCommands", delete_my_commands, "scope language_code"),
    ("setMyName", _text_setter("name"), "name language_code"),
    ("setMyDescription", _text_setter("description"), "description language_code"),
    ("setMyShortDescription", _text_setter("short_description"), "short_description language_code"),
    ("setChatMenuButton", set_chat_menu_button, "chat_id menu_button"),
    ("sendMessage", messages.send_message, f"{_SENDING} text parse_mode entities link_preview_options reply_markup"),
    ("sendPhoto", messages.send_photo, f"{_SENDING} {_CAPTION} photo show_caption_above_media has_spoiler"),
    ("sendDocument", messages.send_document, f"{_SENDING} {_CAPTION} document thumbnail disable_content_type_detection"),
    ("editMessageText", messages.edit_message_text, f"{_EDITING} text parse_mode entities link_preview_options"),
    ("editMessageReplyMarkup", messages.edit_message_reply_markup, _EDITING),
    ("deleteMessage", messages.delete_message, "chat_id message_id"),
    ("sendChatAction", messages.send_chat_action, "chat_id message_thread_id action"),
    ("answerCallbackQuery", answer_callback_query, "callback_query_id text show_alert url cache_time"),
    ("answerInlineQuery", answer_inline_query, "inline_query_id results cache_time is_personal next_offset button"),
    ("getFile", messages.get_file, "file_id"),
    ("getChat", get_chat, "chat_id"),
    ("getChatMember", get_chat_member, "chat_id user_id"),
    ("getChatAdministrators", get_chat_administrators, "chat_id return_bots"),
    ("logOut", log_out, ""),
    ("close", close, ""),
)
METHODS: Mapping[str, Method] = MappingProxyType(
    {name.lower(): Method(name, handler, names(parameters)) for name, handler, parameters in _TABLE}
)
