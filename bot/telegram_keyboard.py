"""Buttons of a reply as Telegram's inline keyboard."""

import re
from urllib.parse import quote

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies import Button, Reply

# Telegram refuses the whole message for one address that it does not like, so only plain ones become buttons.
_BUTTON_URL = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}(?::\d{1,5})?(?:[/?#][\x21-\x7e]*)?")
MAX_URL_CHARS = 2048


def keyboard(reply: Reply, username: str = "", is_inline: bool = False) -> InlineKeyboardMarkup | None:
    """None for a reply without buttons. ``username``: of the bot, for links into the conversation; without it there are none.
    ``is_inline``: the message goes to another chat, from which the links lead to the bot instead of being passed on."""
    rows = [[made for button in row if (made := _button(button, username, is_inline)) is not None] for row in reply.buttons]
    return InlineKeyboardMarkup([row for row in rows if row]) if any(rows) else None


def start_link(username: str, payload: str) -> str:
    """The address that opens the bot with a payload."""
    return f"https://t.me/{username}?start={payload}"


def _button(button: Button, username: str, is_inline: bool) -> InlineKeyboardButton | None:
    if button.action:
        return InlineKeyboardButton(button.label, callback_data=button.action)
    if button.url:
        is_sound = len(button.url) <= MAX_URL_CHARS and _BUTTON_URL.fullmatch(button.url)
        return InlineKeyboardButton(button.label, url=button.url) if is_sound else None
    if button.share and username:
        link = start_link(username, button.share)
        return InlineKeyboardButton(button.label, url=link if is_inline else f"https://t.me/share/url?url={quote(link, safe='')}")
    return None
