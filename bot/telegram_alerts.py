"""Alerts over Telegram: one message, every answer of the server as an outcome."""

import logging

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.alerts.delivering import Outcome
from bot.replies import Reply
from bot.telegram_keyboard import keyboard
from bot.telegram_pace import TURN_TAKEN, ChatPacer, seconds_of
from bot.telegram_text import render_html

log = logging.getLogger(__name__)
# Telegram's words for a chat that is not there (any more) for the bot.
GONE = ("chat not found", "user is deactivated", "bot is not a member", "need administrator rights")


class TelegramSender:
    """Sends alerts with the bot of the front end, so that both keep one pace."""

    def __init__(self, bot: Bot, pacer: ChatPacer) -> None:
        self._bot, self._pacer = bot, pacer

    def resume(self, chat_id: int, ago_s: float) -> None:
        self._pacer.resume(str(chat_id), ago_s)

    async def wait_for_turn(self, chat_id: int) -> None:
        await self._pacer.wait_for_alert_turn(str(chat_id))

    async def send(self, chat_id: int, thread_id: int, reply: Reply) -> Outcome:
        """One message as HTML in the chat's topic; as plain text without buttons and topic if Telegram does not take that."""
        try:
            return await self._try(chat_id, thread_id, reply)
        except BadRequest as error:
            if any(words in str(error).lower() for words in GONE):
                return Outcome("blocked")
            log.warning("Telegram nimmt eine Meldung so nicht an (%s); sie geht als reiner Text.", error)
        try:
            await self._pacer.wait_for_alert_turn(str(chat_id))
            return await self._try(chat_id, 0, reply, is_plain=True)
        except BadRequest as error:
            log.error("Telegram nimmt auch den reinen Text nicht an (%s).", error)
            return Outcome("refused")

    async def _try(self, chat_id: int, thread_id: int, reply: Reply, is_plain: bool = False) -> Outcome:
        """Raises BadRequest; other refusals are outcomes."""
        try:
            message = await self._bot.send_message(
                chat_id,
                reply.text if is_plain else render_html(reply),
                parse_mode=None if is_plain else ParseMode.HTML,
                message_thread_id=thread_id or None,
                reply_markup=None if is_plain else keyboard(reply),
                rate_limit_args=TURN_TAKEN,
            )
            return Outcome("sent", message.message_id)
        except RetryAfter as flood:
            return Outcome("flood", wait_s=seconds_of(flood))
        except ChatMigrated as moved:
            return Outcome("moved", new_chat=moved.new_chat_id)
        except Forbidden:
            return Outcome("blocked")
        except BadRequest:
            raise
        except TimedOut:
            return Outcome("failed", is_uncertain=True)
        except NetworkError as error:
            # A server that answers 500 has not sent; a connection that was lost may have.
            return Outcome("failed", is_uncertain="internal server error" not in str(error).lower())
        except TelegramError as error:
            log.warning("Telegram: %s", error)
            return Outcome("failed")
