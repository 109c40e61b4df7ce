"""What Telegram says of the bot, for ``amtsfunk doctor``. Changes nothing there."""

import asyncio
import contextlib
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatType
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from bot.doctor import GroupTrouble, TelegramState
from bot.secrets_log import HIDDEN, TOKEN
from bot.settings import Settings
from index.errors import ConfigurationError

TOKEN_REFUSED = "Telegram lehnt das TELEGRAM_BOT_TOKEN ab. Bitte bei @BotFather prüfen."
# A bot that polls asks again at once when its poll is ended: ours is ended within this time if there is another.
LISTEN_S = 4
TIMEOUT_S = 10.0


def ask_telegram_state(settings: Settings, groups: Sequence[int], may_poll: bool) -> TelegramState:
    """Ask. Raises ConfigurationError for a refused token or an unreachable server."""

    async def ask() -> TelegramState:
        async with Bot(settings.telegram_bot_token, base_url=f"{settings.telegram_api_url}/bot") as bot:
            info = await bot.get_webhook_info()
            troubles = [trouble for chat_id in groups if (trouble := await find_trouble(bot, chat_id)) is not None]
            return TelegramState(
                username=bot.username,
                may_join_groups=bool(bot.can_join_groups),
                reads_all_messages=bool(bot.can_read_all_group_messages),
                has_inline=bool(bot.supports_inline_queries),
                webhook=(urlsplit(info.url).hostname or "?") if info.url else "",
                has_second_poller=await has_second_poller(bot) if may_poll and not info.url else None if not may_poll else False,
                clock_skew_s=clock_skew_s(settings.telegram_api_url),
                troubles=tuple(troubles),
                groups=len(groups),
            )

    try:
        return asyncio.run(ask())
    except InvalidToken as error:
        raise ConfigurationError(TOKEN_REFUSED) from error
    except TelegramError as error:
        reason = TOKEN.sub(HIDDEN, str(error))
        raise ConfigurationError(f"Der Telegram-Server antwortet nicht ({reason}). Bitte Netz und TELEGRAM_API_URL prüfen.") from error


async def has_second_poller(bot: Bot) -> bool:
    """Listen for a moment without confirming anything: Telegram lets only one poll at a time."""
    try:
        await bot.get_updates(limit=1, timeout=LISTEN_S, read_timeout=LISTEN_S + TIMEOUT_S)
    except Conflict:
        return True
    return False


async def find_trouble(bot: Bot, chat_id: int) -> GroupTrouble | None:
    """Why the bot may not write in a group or channel; None if it may."""
    try:
        chat, member = await bot.get_chat(chat_id), await bot.get_chat_member(chat_id, bot.id)
    except (BadRequest, Forbidden):
        return GroupTrouble(chat_id, "kennt den Bot nicht (mehr)")
    if member.status in {ChatMember.LEFT, ChatMember.BANNED}:
        return GroupTrouble(chat_id, "hat den Bot entfernt")
    if isinstance(member, ChatMemberRestricted) and not member.can_send_messages:
        return GroupTrouble(chat_id, "lässt den Bot nicht schreiben")
    may_post = isinstance(member, ChatMemberAdministrator) and member.can_post_messages is not False
    return GroupTrouble(chat_id, "lässt den Bot nicht posten") if chat.type == ChatType.CHANNEL and not may_post else None


def clock_skew_s(url: str) -> float | None:
    """This machine's clock minus the server's, by its Date header; None if it sends none."""
    header = None
    with contextlib.suppress(OSError, ValueError):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=TIMEOUT_S) as response:
                header = response.headers.get("Date")
        except urllib.error.HTTPError as refused:
            header = refused.headers.get("Date")
    return skew_of(header, time.time())


def skew_of(date_header: str | None, now: float) -> float | None:
    """``now`` minus the time of a Date header, in seconds; None for none, or for one that is no date."""
    try:
        found = parsedate_to_datetime(date_header) if date_header else None
    except ValueError:
        return None
    return now - found.astimezone(UTC).timestamp() if found is not None else None
