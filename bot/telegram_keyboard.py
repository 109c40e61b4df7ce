"""Buttons of a reply as Telegram's inline keyboard."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.replies import Reply


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """None for a reply without buttons."""
    rows = [[InlineKeyboardButton(button.label, callback_data=button.action) for button in row] for row in reply.buttons]
    return InlineKeyboardMarkup(rows) if rows else None
