"""Calls that the server refuses, with the error that python-telegram-bot raises for each."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram import error as tg

from .bots import send
from .client import PRIVATE_CHAT


def keyboard(**button: Any) -> Callable[[Bot], Awaitable[Any]]:
    """Send a message with one button."""
    return send(reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("b", **button)]]))


REFUSALS: dict[str, tuple[Callable[[Bot], Awaitable[Any]], type[tg.TelegramError], str]] = {
    "unknown chat": (send(chat_id=77), tg.BadRequest, "Chat not found"),
    "empty": (send(text="<b> </b>", parse_mode="HTML"), tg.BadRequest, "Message text is empty"),
    "too long": (send(text="x" * 4097), tg.BadRequest, "Message is too long"),
    "entities": (send(text="<p>", parse_mode="HTML"), tg.BadRequest, 'unsupported start tag "p" at byte offset 0'),
    "markdown": (send(parse_mode="MarkdownV2"), tg.BadRequest, "not supported by the test server"),
    "parse mode": (send(parse_mode="BBCode"), tg.BadRequest, "Unsupported parse_mode"),
    "unknown parameter": (send(api_kwargs={"txet": "y"}), tg.BadRequest, 'Unknown parameter "txet"'),
    "reply": (send(reply_parameters=ReplyParameters(99)), tg.BadRequest, "Message to be replied not found"),
    "topic": (send(message_thread_id=5), tg.BadRequest, "Message thread not found"),
    "empty data": (keyboard(callback_data=""), tg.BadRequest, "Button_data_invalid"),
    "long data": (keyboard(callback_data="ä" * 33), tg.BadRequest, "Button_data_invalid"),
    "no action": (keyboard(), tg.BadRequest, "text buttons are unallowed"),
    "two actions": (keyboard(url="https://a.de", callback_data="x"), tg.BadRequest, "exactly one action"),
    "url": (keyboard(url="file:///etc"), tg.BadRequest, "Unsupported URL protocol"),
    "edit": (lambda bot: bot.edit_message_text("y", PRIVATE_CHAT, 99), tg.BadRequest, "Message to edit not found"),
    "edit of others": (lambda bot: bot.edit_message_text("y", PRIVATE_CHAT, 1), tg.BadRequest, "Message can't be edited"),
    "delete": (lambda bot: bot.delete_message(PRIVATE_CHAT, 99), tg.BadRequest, "Message to delete not found"),
    "caption": (lambda bot: bot.send_document(PRIVATE_CHAT, b"x", caption="x" * 1025), tg.BadRequest, "caption is too long"),
    "file id": (lambda bot: bot.get_file("nothing"), tg.BadRequest, "Invalid file_id"),
    "callback": (lambda bot: bot.answer_callback_query("1"), tg.BadRequest, "Query is too old"),
    "callback text": (lambda bot: bot.answer_callback_query("1", "x" * 201), tg.BadRequest, "Message_too_long"),
    "action": (lambda bot: bot.send_chat_action(PRIVATE_CHAT, "dancing"), tg.BadRequest, "wrong parameter action"),
    "command": (lambda bot: bot.set_my_commands([BotCommand("Start", "x")]), tg.BadRequest, "Bot_command_invalid"),
    "commands": (lambda bot: bot.set_my_commands([("a", "x")] * 101), tg.BadRequest, "Bot_commands_too_much"),
    "webhook": (lambda bot: bot.set_webhook("http://example.com/"), tg.BadRequest, "An HTTPS URL must be provided"),
    "admins": (lambda bot: bot.get_chat_administrators(PRIVATE_CHAT), tg.BadRequest, "no administrators in the private chat"),
}
