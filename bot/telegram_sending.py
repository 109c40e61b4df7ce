"""Replies out to Telegram: in as many messages as it takes, repeated only where nothing can have arrived."""

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

from telegram import Bot, Message, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.replies import Reply
from bot.telegram_answered import Sent
from bot.telegram_keyboard import keyboard
from bot.telegram_reading import thread_of
from bot.telegram_request import NO_CONNECTION_FREE, NOT_CONNECTED
from bot.telegram_text import render_messages

TYPING_AFTER_S = 0.3  # nobody misses it before, and most answers are there sooner: a call less for each
TYPING_EVERY_S = 4.0  # Telegram shows "typing" for five seconds
MAX_TYPING = 20  # chats at once: when many wait, showing it to all of them again and again would delay their answers
# A server that is restarted is back within seconds; who asked should not wait longer for the sentence that something failed.
RETRY_AFTER_S = (0.5, 2.0, 5.0)
# What is said of a call that did nothing: refused by the server, or never left this machine.
SURELY_UNSENT = ("internal server error", NOT_CONNECTED.lower(), NO_CONNECTION_FREE.lower())
FROM_A_PROXY = "parsing the server response"  # a page instead of Telegram's own words: nobody knows what happened behind it

log = logging.getLogger(__name__)
T = TypeVar("T")
_typing: set[asyncio.Task] = set()


async def send_replies(message: Message, replies: Sequence[Reply]) -> tuple[Sent, ...]:
    """Answer ``message`` with each reply. Raises TelegramError for what could not be sent, or may not have arrived."""
    sent = []
    for reply in replies:
        for html, part in render_messages(reply):
            sent.append(await _send(message, html, part))
            if part.file is not None:
                content, name = part.file.content.encode(), part.file.name
                document = await sending(lambda content=content, name=name: message.reply_document(io.BytesIO(content), filename=name))
                sent.append(Sent(document.message_id, False))
    return tuple(sent)


async def renew_replies(message: Message, replies: Sequence[Reply], old: Sequence[Sent]) -> tuple[Sent, ...]:
    """Put other replies in the place of those that ``message`` got before it was edited."""
    parts = [part for reply in replies for part in render_messages(reply)]
    if len(old) == len(parts) == 1 and old[0].is_text and parts[0][1].picture is None and parts[0][1].file is None:
        (html, part), (answer,) = parts[0], old
        try:
            await message.get_bot().edit_message_text(html, message.chat_id, answer.message_id, reply_markup=keyboard(part, message.get_bot().username))
            return tuple(old)
        except BadRequest as error:
            if "not modified" in str(error).lower():
                return tuple(old)
            log.info("Eine Antwort ließ sich nicht ändern (%s); sie kommt neu.", error)
    for answer in old:
        with contextlib.suppress(TelegramError):  # gone already, or too old to be deleted
            await message.get_bot().delete_message(message.chat_id, answer.message_id)
    return await send_replies(message, replies)


async def say(message: Message, text: str) -> None:
    """One plain sentence under ``message``, repeated while the network fails: rather twice than never."""
    for wait_s in (*RETRY_AFTER_S, None):
        try:
            await message.reply_text(text, parse_mode=None, reply_parameters=_reference(message))
            return
        except NetworkError as error:
            if isinstance(error, BadRequest) or wait_s is None:
                raise
            await asyncio.sleep(wait_s)


async def sending(call: Callable[[], Awaitable[T]]) -> T:
    """``call``, again and again while it surely did nothing; a lost connection goes through, since the message may have arrived."""
    for wait_s in RETRY_AFTER_S:
        try:
            return await call()
        except NetworkError as error:
            if not is_surely_unsent(error):
                raise
            await asyncio.sleep(wait_s)
    return await call()


def is_surely_unsent(error: TelegramError) -> bool:
    """Whether a failed call certainly did not bring the message to the chat."""
    words = str(error).lower()
    return not isinstance(error, BadRequest) and FROM_A_PROXY not in words and any(known in words for known in SURELY_UNSENT)


async def _send(message: Message, html: str, part: Reply) -> Sent:
    reference, buttons = _reference(message), keyboard(part, message.get_bot().username)
    try:
        if part.picture is not None:
            png, name = part.picture.png, f"{part.picture.name}.png"
            photo = await sending(lambda: message.reply_photo(png, html, filename=name, reply_markup=buttons, reply_parameters=reference))
            return Sent(photo.message_id, False)
        text = await sending(lambda: message.reply_text(html, reply_markup=buttons, reply_parameters=reference))
    except BadRequest as error:
        if part.picture is None and "parse entities" not in str(error).lower():
            raise
        log.exception("Telegram nimmt das Markup oder Bild nicht an; die Nachricht geht als reiner Text.")  # a group may forbid pictures
        text = await message.reply_text(part.text, reply_markup=buttons, reply_parameters=reference, parse_mode=None)
    return Sent(text.message_id, True)


def _reference(message: Message) -> ReplyParameters:
    """The reply points to the question, so that a button knows it even after a restart: questions are stored nowhere."""
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


@contextlib.asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Show "typing" in the message's chat while the block takes longer than a moment, unless many wait; a failure to show it is no failure."""
    if len(_typing) >= MAX_TYPING:
        yield
        return

    async def keep_typing(bot: Bot) -> None:
        with contextlib.suppress(TelegramError):
            await asyncio.sleep(TYPING_AFTER_S)
            while True:
                await bot.send_chat_action(message.chat_id, ChatAction.TYPING, message_thread_id=thread_of(message))
                await asyncio.sleep(TYPING_EVERY_S)

    task = asyncio.create_task(keep_typing(message.get_bot()))
    _typing.add(task)
    try:
        yield
    finally:
        _typing.discard(task)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
