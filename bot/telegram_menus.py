"""The operators' command menu, in their private chats only."""

import logging

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot import texts

log = logging.getLogger(__name__)


class OperatorMenus:
    """Registers the menu of each operator once; Telegram knows a private chat only after its person has written."""

    def __init__(self, admins: frozenset[int]) -> None:
        self._missing = set(admins)

    async def register_all(self, bot: Bot) -> None:
        """Try all; the bot works without."""
        for admin in tuple(self._missing):
            await self.register(bot, admin)

    async def register(self, bot: Bot, admin: int) -> None:
        """Try one if it is missing."""
        if admin in self._missing:
            commands = [BotCommand(name, description) for name, description in (*texts.COMMANDS, *texts.OPERATOR_COMMANDS)]
            try:
                await bot.set_my_commands(commands, BotCommandScopeChat(admin))
                self._missing.discard(admin)
            except TelegramError as error:
                log.info("Das Befehlsmenü eines Betreibers ließ sich noch nicht anmelden (%s).", error)
