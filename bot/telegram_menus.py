"""The command menus that Telegram shows: what is of use in a private chat, in a group, to a group's administrators, to operators; German and English."""

import logging

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot import texts
from bot.languages import NAMES

FOR_GROUPS = ("hilfe", "neu", "thema", "zeitstrahl", "trend", "datenschutz")
FOR_GROUP_ADMINS = (*FOR_GROUPS, "alarm", "alarme", "meinedaten", "export", "vergessen", "sprache")
SCOPES: tuple[tuple[BotCommandScope, tuple[str, ...] | None], ...] = (
    (BotCommandScopeDefault(), None),
    (BotCommandScopeAllPrivateChats(), None),
    (BotCommandScopeAllGroupChats(), FOR_GROUPS),
    (BotCommandScopeAllChatAdministrators(), FOR_GROUP_ADMINS),
)
log = logging.getLogger(__name__)


def menu(names: tuple[str, ...] | None) -> list[BotCommand]:
    """The commands of ``names`` (None: all) in the language spoken now, in the order of the help."""
    return [BotCommand(name, text) for name, text in texts.COMMANDS if names is None or name in names]


async def register_menus(bot: Bot) -> None:
    """Tell Telegram the menus; the bot works without them. Who speaks a language of ours gets that one, all others the default."""
    try:
        for scope, names in SCOPES:
            await bot.set_my_commands(menu(names), scope=scope)
            for language in NAMES:
                with texts.speaking(language):
                    await bot.set_my_commands(menu(names), scope=scope, language_code=language)
    except TelegramError:
        log.warning("Die Befehlsliste ließ sich nicht anmelden.", exc_info=True)


class OperatorMenus:
    """The operators' menu, in their private chats only. Registers the menu of each operator once; Telegram knows a private chat only after its person has written."""

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
