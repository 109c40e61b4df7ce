"""The Telegram front end: updates in, the conversation's replies out.

update | text or pressed button | typing … | conversation (in its own thread) | messages of HTML with keyboards
"""

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from telegram import Bot, BotCommand, ChatMember, LinkPreviewOptions, Message, ReplyParameters, Update, User
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import texts
from bot.alerts.actions import ASK, PREFIX
from bot.alerts.commands import COMMANDS
from bot.alerts.delivering import Deliverer
from bot.app import App
from bot.replies import Reply
from bot.secrets_log import HIDDEN, TOKEN, configure_logging
from bot.settings import Settings
from bot.telegram_alerts import TelegramSender
from bot.telegram_keyboard import keyboard as _keyboard
from bot.telegram_pace import ChatPacer
from bot.telegram_text import render_messages
from bot.visitors import Visitor
from index.errors import ConfigurationError

TYPING_EVERY_S = 4.0  # Telegram shows "typing" for five seconds
MAX_CONCURRENT_UPDATES = 64

ALLOWED_UPDATES = [Update.MESSAGE, Update.CHANNEL_POST, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]

TOKEN_REFUSED = "Telegram lehnt das TELEGRAM_BOT_TOKEN ab. Bitte bei @BotFather prüfen."

log = logging.getLogger(__name__)
T = TypeVar("T")


def run_telegram(app: App, on_ready: Callable[[], None] = lambda: None) -> None:
    """Poll until stopped (Ctrl-C, SIGTERM); ``on_ready`` is called before. Raises ConfigurationError for a missing or refused token."""
    settings = app.settings
    if not settings.telegram_bot_token:
        raise ConfigurationError("TELEGRAM_BOT_TOKEN fehlt. Ein Token gibt es bei @BotFather in Telegram.")
    configure_logging(settings.telegram_bot_token)
    asyncio.run(check_token(app))
    app.ensure_articles()
    app.engine.find("Aufwärmen")  # the first question should not wait for the model
    log.info("Bereit: %d Artikel.", app.store.count_articles())
    on_ready()
    try:
        build_application(app).run_polling(allowed_updates=ALLOWED_UPDATES, bootstrap_retries=3)
    except InvalidToken as error:
        raise ConfigurationError(TOKEN_REFUSED) from error
    except TelegramError as error:
        raise ConfigurationError(f"Der Telegram-Server ist nicht erreichbar ({error}). Bitte Netz und TELEGRAM_API_URL prüfen.") from error


async def check_token(app: App) -> None:
    """Ask Telegram who we are before anything is loaded. Raises ConfigurationError for a refused token; polling deals with the rest."""
    settings = app.settings
    try:
        async with Bot(settings.telegram_bot_token, base_url=f"{settings.telegram_api_url}/bot") as bot:
            log.info("Angemeldet als @%s.", bot.username)
    except InvalidToken as error:
        raise ConfigurationError(TOKEN_REFUSED) from error
    except TelegramError as error:
        log.warning("Telegram ist gerade nicht erreichbar (%s).", error)


def ask_telegram_name(settings: Settings) -> str:
    """The name that Telegram knows the bot by. Raises ConfigurationError for a refused token or an unreachable server."""

    async def ask() -> str:
        async with Bot(settings.telegram_bot_token, base_url=f"{settings.telegram_api_url}/bot") as bot:
            return bot.username

    try:
        return asyncio.run(ask())
    except InvalidToken as error:
        raise ConfigurationError(TOKEN_REFUSED) from error
    except TelegramError as error:
        reason = TOKEN.sub(HIDDEN, str(error))
        raise ConfigurationError(f"Der Telegram-Server antwortet nicht ({reason}). Bitte Netz und TELEGRAM_API_URL prüfen.") from error


def build_application(app: App) -> Application:
    """The python-telegram-bot application with all handlers."""
    settings = app.settings
    front = TelegramFront(app)
    pacer = ChatPacer()
    application = (
        ApplicationBuilder()
        .token(settings.telegram_bot_token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .rate_limiter(pacer)
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .concurrent_updates(MAX_CONCURRENT_UPDATES)
        .post_init(front.on_start)
        .post_stop(front.on_stop)
        .build()
    )
    sender = TelegramSender(application.bot, pacer)
    front.deliverer = Deliverer(app.alerts, app.store, sender, settings.home / "deliveries.lock", app.now)
    application.add_handler(TypeHandler(Update, front.on_sign_of_life), group=-1)  # before what answers it
    application.add_handler(CallbackQueryHandler(front.on_button))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, front.on_migration))
    application.add_handler(ChatMemberHandler(front.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, front.on_text))
    application.add_handler(MessageHandler(filters.COMMAND & filters.UpdateType.CHANNEL_POST, front.on_text))
    application.add_handler(MessageHandler(~filters.TEXT & ~filters.StatusUpdate.ALL & filters.UpdateType.MESSAGE, front.on_other))
    application.add_error_handler(front.on_error)
    return application


async def register_commands(application: Application) -> None:
    """Tell Telegram the command menu; the bot works without it."""
    try:
        await application.bot.set_my_commands([BotCommand(name, description) for name, description in texts.COMMANDS])
    except TelegramError:
        log.warning("Die Befehlsliste ließ sich nicht anmelden.", exc_info=True)


class TelegramFront:
    """Handlers. The conversation runs in one thread of its own, so that the event loop stays free."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="conversation")
        self.deliverer: Deliverer | None = None
        self._delivering: asyncio.Task | None = None

    async def on_start(self, application: Application) -> None:
        """Before the first update."""
        await register_commands(application)
        if self.deliverer is not None:
            self._delivering = asyncio.create_task(self.deliverer.run())

    async def on_stop(self, _application: Application) -> None:
        """After the last update, while the bot can still send."""
        if self.deliverer is not None and self._delivering is not None:
            await self.deliverer.stop()
            await self._delivering

    async def on_migration(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A group became a supergroup."""
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            old, new = message.chat_id, message.migrate_to_chat_id
            await self._in_thread(lambda: self._app.alerts.move_chat(old, new))

    async def on_membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot was blocked, removed, or let in again."""
        change = update.my_chat_member
        if change is None:
            return
        chat_id = change.chat.id
        if change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}:
            await self._in_thread(lambda: self._app.alerts.block(chat_id, self._app.now()))
        else:
            await self._in_thread(lambda: self._app.alerts.unblock(chat_id))

    async def on_sign_of_life(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Whoever writes or presses something has let the bot in again, whether or not Telegram has said so."""
        chat, message = update.effective_chat, update.effective_message
        is_service = update.my_chat_member is not None or (message is not None and filters.StatusUpdate.ALL.check_update(update))
        if chat is not None and not is_service:
            await self._in_thread(lambda: self._app.alerts.unblock(chat.id))

    async def _visitor(self, message: Message, user: User | None, is_about_alerts: bool) -> Visitor:
        """Who speaks; in groups only administrators change alerts, in channels only they can write at all."""
        chat = message.chat
        is_free = chat.type in {ChatType.PRIVATE, ChatType.CHANNEL} or (user is None or user.username == "GroupAnonymousBot")
        may = is_free or not is_about_alerts or await is_administrator(message, user)
        return Visitor(chat.id, _thread_of(message) or 0, may)

    async def on_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A text message: a command or a question."""
        message = update.effective_message
        if message is None or not message.text or is_for_another_bot(message.text, context.bot.username):
            return
        text = message.text
        command = text.split(maxsplit=1)[0].split("@")[0].lower() if text.strip() else ""
        if update.channel_post is not None and command not in COMMANDS:
            return
        visitor = await self._visitor(message, message.from_user, command in COMMANDS)
        async with typing(message):
            replies = await self._in_thread(lambda: self._app.conversation.reply_to(text, visitor))
        await send_replies(message, replies)

    async def on_other(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A photo, a voice message, a sticker …"""
        if update.message is not None:
            await update.message.reply_text(texts.NOT_TEXT, parse_mode=None)

    async def on_button(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A pressed button."""
        query = update.callback_query
        if query is None:
            return
        with contextlib.suppress(TelegramError):  # too old to be answered, or the network failed: the reply still comes
            await query.answer()
        message = query.message
        if not isinstance(message, Message) or query.data is None:
            return
        asked = message.reply_to_message.text if message.reply_to_message else ""
        data = query.data
        is_about_alerts = data.startswith(f"{PREFIX}:") and not data.startswith(f"{ASK}:")
        pressed = await self._visitor(message, query.from_user, is_about_alerts) if is_about_alerts else Visitor(message.chat_id)
        async with typing(message):
            replies = await self._in_thread(lambda: self._app.conversation.press(data, asked or "", pressed))
        await send_replies(message.reply_to_message or message, replies)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """One honest sentence to the person, the trace to the log; never the question itself."""
        if isinstance(context.error, Forbidden):
            log.info("Ein Chat hat den Bot blockiert.")
            return
        if update is None and isinstance(context.error, NetworkError):
            log.warning("Verbindung zu Telegram gestört (%s); es wird weiter versucht.", context.error)
            return
        log.error("Fehler beim Beantworten.", exc_info=context.error)
        message = update.effective_message if isinstance(update, Update) else None
        if message is not None:
            with contextlib.suppress(TelegramError):
                await message.reply_text(texts.FAILED, parse_mode=None)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


async def is_administrator(message: Message, user: User | None) -> bool:
    """Whether ``user`` administrates the group; not if Telegram does not say."""
    if user is None:
        return False
    try:
        member = await message.get_bot().get_chat_member(message.chat_id, user.id)
    except TelegramError:
        return False
    return member.status in {ChatMember.OWNER, ChatMember.ADMINISTRATOR}


def is_for_another_bot(text: str, username: str) -> bool:
    """Whether ``text`` is a command such as ``/hilfe@other_bot``."""
    command, _at, name = text.split(maxsplit=1)[0].partition("@") if text.strip() else ("", "", "")
    return command.startswith("/") and bool(name) and name.lower() != username.lower()


@contextlib.asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Show "typing" in the message's chat until the block ends; a failure to show it is no failure."""

    async def keep_typing() -> None:
        with contextlib.suppress(TelegramError):
            while True:
                await message.get_bot().send_chat_action(message.chat_id, ChatAction.TYPING, message_thread_id=_thread_of(message))
                await asyncio.sleep(TYPING_EVERY_S)

    task = asyncio.create_task(keep_typing())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def send_replies(message: Message, replies: list[Reply]) -> None:
    """Answer ``message`` with each reply, in as many messages as it takes."""
    for reply in replies:
        for html, part in render_messages(reply):
            await _send(message, html, part)
            if part.file is not None:
                await message.reply_document(io.BytesIO(part.file.content.encode()), filename=part.file.name)


async def _send(message: Message, html: str, part: Reply) -> None:
    keyboard = _keyboard(part)
    # The reply points to the question, so that a button knows it even after a restart: questions are stored nowhere.
    reference = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    try:
        if part.picture:
            name = f"{part.picture.name}.png"
            await message.reply_photo(part.picture.png, caption=html, filename=name, reply_markup=keyboard, reply_parameters=reference)
        else:
            await message.reply_text(html, reply_markup=keyboard, reply_parameters=reference)
    except BadRequest as error:
        if part.picture is None and "parse entities" not in str(error).lower():
            raise
        log.exception("Telegram nimmt das Markup oder Bild nicht an; die Nachricht geht als reiner Text.")  # a group may forbid pictures
        await message.reply_text(part.text, reply_markup=keyboard, reply_parameters=reference, parse_mode=None)


def _thread_of(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None
