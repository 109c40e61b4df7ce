"""The Telegram front end: updates in, the conversation's replies out.

message or button | addressed to us? | blocked, or too many? | typing … | conversation (in its own thread) | messages of HTML with keyboards
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol, TypeVar

from telegram import Bot, ChatMember, LinkPreviewOptions, Message, Update, User
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import languages, texts
from bot.alerts.actions import ASK, PREFIX
from bot.alerts.commands import COMMANDS
from bot.alerts.delivering import Deliverer
from bot.app import App
from bot.gate import Admission, Gate
from bot.operating.broadcast_commands import OPT_OUT
from bot.operating.broadcasting import Broadcaster
from bot.operating.error_reporting import ErrorReporter
from bot.replies import Reply, Segment, plain
from bot.secrets_log import configure_logging
from bot.telegram_addressing import Action, Decision, decide, is_fresh_edit
from bot.telegram_alerts import TelegramSender
from bot.telegram_answered import Answered, AnsweredMessages
from bot.telegram_examining import TOKEN_REFUSED
from bot.telegram_inline import TelegramInline
from bot.telegram_menus import OperatorMenus, register_menus
from bot.telegram_pace import ChatPacer
from bot.telegram_quotes import read_replied
from bot.telegram_reading import is_anonymous_admin, person_of, question_of, read_kind, read_message, thread_of
from bot.telegram_request import TelegramRequest
from bot.telegram_sending import renew_replies, say, send_replies, typing
from bot.visitors import Visitor
from bot.warming import Warming
from index.errors import ConfigurationError, StoreError
from index.retrieval.engine import MAX_QUESTION_CHARS
from index.startup import collector_paused

MAX_CONCURRENT_UPDATES = 256  # who waits is known, so that questions can be encoded together
# What is sent in a second, so that a slow Telegram holds up nobody. Who waits longer than that was surely not sent, and is sent again.
CONNECTIONS = 24
CONNECTION_WAIT_S = 60.0

ALLOWED_UPDATES = [
    *(Update.MESSAGE, Update.EDITED_MESSAGE, Update.CHANNEL_POST, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER, Update.INLINE_QUERY)
]
# In groups only administrators use these, and buttons that change what a chat gets.
RESTRICTED = COMMANDS | languages.COMMANDS
NEEDS_RIGHTS = (f"{PREFIX}:", f"{OPT_OUT}:", f"{languages.CHOOSE}:")
# The texts for who is not served.
REFUSALS = {Admission.TELL_LIMIT: "TOO_MANY", Admission.TELL_BLOCKED: "BLOCKED"}

CONFLICT = (
    "Ein zweites Programm fragt Telegram mit demselben Token ab (409 Conflict), oder es ist ein Webhook gesetzt. Bitte nur einen Bot je Token "
    "laufen lassen; „amtsfunk doctor“ sagt, was es ist."
)

log = logging.getLogger(__name__)
T = TypeVar("T")


def run_telegram(app: App, on_ready: Callable[[], None] = lambda: None, pacer: ChatPacer | None = None) -> None:
    """Poll until stopped (Ctrl-C, SIGTERM); ``on_ready`` is called before. Raises ConfigurationError for a missing or refused token."""
    settings = app.settings
    if not settings.telegram_bot_token:
        raise ConfigurationError("TELEGRAM_BOT_TOKEN fehlt. Ein Token gibt es bei @BotFather in Telegram.")
    configure_logging(settings.telegram_bot_token)
    logging.getLogger().addHandler(app.errors)
    asyncio.run(check_token(app))
    app.ensure_articles()
    with collector_paused():  # the first question should not wait for the model, nor for passages to be read
        app.encoder.trace()
        app.engine.find("Aufwärmen")
        app.engine.prepare()
    log.info("Bereit: %d Artikel.", app.store.count_articles())
    on_ready()
    try:
        front = TelegramFront(app)
        with Warming(lambda: front.last_work):
            build_application(app, pacer, front).run_polling(allowed_updates=ALLOWED_UPDATES, bootstrap_retries=3)
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


def build_application(app: App, pacer: ChatPacer | None = None, front: "TelegramFront | None" = None) -> Application:
    """The python-telegram-bot application with all handlers."""
    settings = app.settings
    front = front or TelegramFront(app)
    pacer = pacer or ChatPacer()
    application = (
        ApplicationBuilder()
        .token(settings.telegram_bot_token)
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .rate_limiter(pacer)
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .concurrent_updates(MAX_CONCURRENT_UPDATES)
        .request(TelegramRequest(CONNECTIONS, CONNECTION_WAIT_S))
        .post_init(front.on_start)
        .post_stop(front.on_stop)
        .build()
    )
    sender = TelegramSender(application.bot, pacer)
    front.senders = (
        Deliverer(
            app.alerts, app.store, sender, settings.home / "deliveries.lock", app.now, language_of=lambda chat_id: app.language_of(Visitor(chat_id))
        ),
        Broadcaster(app.operator_store, app.alerts, sender, settings.home / "broadcasts.lock", app.now),
        ErrorReporter(app.errors, sender, settings.admins),
    )
    application.add_handler(TypeHandler(Update, front.on_sign_of_life), group=-1)  # before what answers it
    application.add_handler(CallbackQueryHandler(front.on_button))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, front.on_migration))
    application.add_handler(ChatMemberHandler(front.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    new = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
    application.add_handler(MessageHandler(new & ~filters.StatusUpdate.ALL, front.on_message))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, front.on_edit))
    application.add_handler(InlineQueryHandler(TelegramInline(app, front._in_thread).on_query))
    application.add_error_handler(front.on_error)
    return application


class Worker(Protocol):
    """Something that runs beside the conversation until it is stopped."""

    async def run(self) -> None: ...

    async def stop(self) -> None: ...


class TelegramFront:
    """Handlers. The conversation runs in one thread of its own, so that the event loop stays free."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="conversation")
        self._gate = Gate(app.operator_store, app.settings.admins)
        self._answered = AnsweredMessages()
        self._started = time.time()
        self.last_work = time.monotonic()  # when the conversation was last asked for something or gave it
        self._menus = OperatorMenus(app.settings.admins)
        self.senders: tuple[Worker, ...] = ()
        self._working: list[asyncio.Task] = []

    async def on_start(self, application: Application) -> None:
        """Before the first update."""
        await register_menus(application.bot)
        await self._menus.register_all(application.bot)
        self._working = [asyncio.create_task(sender.run()) for sender in self.senders]

    async def on_stop(self, _application: Application) -> None:
        """After the last update, while the bot can still send."""
        await asyncio.gather(*(sender.stop() for sender in self.senders))
        await asyncio.gather(*self._working, return_exceptions=True)

    # --- chats that come, go and move ------------------------------------------------------------------------------

    async def on_migration(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A group became a supergroup."""
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            old, new = message.chat_id, message.migrate_to_chat_id
            await self._in_thread(lambda: self._app.alerts.move_chat(old, new))
            await self._in_thread(lambda: self._app.talk.move_chat(old, new))

    async def on_membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot was blocked, removed, or let in again."""
        change = update.my_chat_member
        if change is None:
            return
        chat_id = change.chat.id
        if await self._in_thread(lambda: self._app.operator_store.find_blocked([chat_id])):
            return  # on the operator's list: coming back changes nothing
        if change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}:
            await self._in_thread(lambda: self._app.alerts.block(chat_id, self._app.now()))
            await self._in_thread(lambda: self._app.talk.forget(chat_id))  # nobody is left to speak to
        else:
            await self._in_thread(lambda: self._app.alerts.unblock(chat_id))

    async def on_sign_of_life(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Whoever writes or presses something has let the bot in again, whether or not Telegram has said so."""
        chat, message = update.effective_chat, update.effective_message
        is_service = update.my_chat_member is not None or (message is not None and filters.StatusUpdate.ALL.check_update(update))
        if chat is not None and not is_service:
            with contextlib.suppress(StoreError):  # what the person asked for tells of it
                if self._app.alerts.is_blocked(chat.id):  # a look at one row here is cheaper than a way through the thread for everybody
                    await self._in_thread(lambda: self._let_in(chat.id))

    def _let_in(self, chat_id: int) -> None:
        if not self._app.operator_store.find_blocked([chat_id]):  # on the operator's list: writing changes nothing
            self._app.alerts.unblock(chat_id)

    # --- messages --------------------------------------------------------------------------------------------------

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message or channel post: a question, a command, or nothing for the bot."""
        message = update.effective_message
        if message is not None:
            await self._take(message, context.bot.bot, self._answered.begin(_key(message)))

    async def on_edit(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An edited message: soon after it was written its answer follows; one from before the start may have had its answer."""
        message = update.edited_message
        if message is None or message.edit_date is None:
            return
        written_at = message.date.timestamp()
        if is_fresh_edit(written_at, message.edit_date.timestamp()):
            may_begin = written_at >= self._started
            entry = self._answered.find(_key(message)) or (self._answered.begin(_key(message)) if may_begin else None)
            await self._take(message, context.bot.bot, entry)

    async def _take(self, message: Message, me: User, entry: Answered | None) -> None:
        """Answer a message whose entry is ours; None is for one that was answered or is too old."""
        decision = decide(read_message(message, me), me.username or "", self._app.conversation.knows)
        if entry is None or decision.action is Action.IGNORE:
            return
        async with entry.turn:
            digest = hash(decision)
            if digest != entry.digest and await self._admit_message(message):
                entry.digest = digest
                replies = await self._replies(message, decision)
                renewed = renew_replies(message, replies, entry.sent) if entry.sent else send_replies(message, replies)
                entry.sent = await renewed

    async def _replies(self, message: Message, decision: Decision) -> list[Reply]:
        is_first_of_album = self._answered.begin(_album(message)) is not None
        if decision.action is Action.EXPLAIN:
            with texts.speaking(await self._language(message, message.from_user)):
                return [plain(kind_sentence(read_kind(message)))] if is_first_of_album else []
        text = decision.text
        command = text.split(maxsplit=1)[0].split("@")[0].lower() if text else ""
        visitor = await self._visitor(message, message.from_user, command in RESTRICTED)
        if not command.startswith("/"):
            self._app.questions.announce(text[:MAX_QUESTION_CHARS])
        async with typing(message):
            replies = await self._in_thread(lambda: self._app.conversation.reply_to(text, visitor, read_replied(message)))
        if not decision.is_cut:
            return replies
        with texts.speaking(await self._language(message, message.from_user)):
            return with_note(replies, texts.READ_FROM_FORWARD.format(text=text))

    async def _admit_message(self, message: Message) -> bool:
        """Whether to answer; who is refused is told so once."""
        admission = self._gate.admit(person_of(message), message.chat_id, time.monotonic())
        if admission in REFUSALS:
            with texts.speaking(await self._language(message, message.from_user)):
                await say(message, getattr(texts, REFUSALS[admission]))
        return admission is Admission.SERVE

    async def _visitor(self, message: Message, user: User | None, is_about_alerts: bool) -> Visitor:
        """Who speaks; in groups only administrators change alerts, in channels only they can write at all."""
        chat = message.chat
        is_free = chat.type in {ChatType.PRIVATE, ChatType.CHANNEL} or user is None or is_anonymous_admin(user, message.sender_chat, chat)
        may = is_free or not is_about_alerts or await is_administrator(message, user)
        is_operator = chat.type == ChatType.PRIVATE and user is not None and user.id in self._app.settings.admins
        if user is not None and is_operator:
            await self._menus.register(message.get_bot(), user.id)
        return replace(visitor_of(message, user), thread_id=thread_of(message) or 0, may_subscribe=may, is_operator=is_operator)

    async def on_button(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A pressed button."""
        query = update.callback_query
        if query is None or self._answered.begin(query.id) is None:
            return
        message, data = query.message, query.data
        admission = self._gate.admit(query.from_user.id, message.chat.id if message else query.from_user.id, time.monotonic())
        refusal = None
        if admission in REFUSALS:
            with texts.speaking(languages.default_language(query.from_user.language_code)):
                refusal = getattr(texts, REFUSALS[admission])
        with contextlib.suppress(TelegramError):  # too old to be answered, or the network failed: the reply still comes
            await query.answer(refusal)
        if admission is not Admission.SERVE or not isinstance(message, Message) or data is None:
            return
        asked = question_of(message.reply_to_message, context.bot.bot) if message.reply_to_message else ""
        visitor = await self._presser(message, query.from_user, data)
        async with typing(message):
            replies = await self._in_thread(lambda: self._app.conversation.press(data, asked, visitor))
        await send_replies(message.reply_to_message or message, replies)

    async def _presser(self, message: Message, user: User, data: str) -> Visitor:
        """Who pressed a button. The message under it is the bot's own, so its sender tells nothing."""
        needs_rights = data.startswith(NEEDS_RIGHTS) and not data.startswith(f"{ASK}:")
        return await self._visitor(message, user, needs_rights)

    # --- faults ------------------------------------------------------------------------------------------------------

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """One honest sentence to the person, the trace to the log; never the question itself."""
        error = context.error
        if isinstance(error, Forbidden):
            log.info("Ein Chat hat den Bot blockiert.")
        elif isinstance(error, Conflict):
            log.error(CONFLICT)
        elif update is None and isinstance(error, NetworkError):
            log.warning("Verbindung zu Telegram gestört (%s); es wird weiter versucht.", error)
        else:
            log.error("Fehler beim Beantworten.", exc_info=error)
            message = update.effective_message if isinstance(update, Update) else None
            if message is not None:
                with contextlib.suppress(TelegramError), texts.speaking(await self._language(message, update.effective_user)):
                    await say(message, texts.MAYBE_NOT_SENT if is_connection_lost(error) else texts.FAILED)

    async def _language(self, message: Message, user: User | None) -> str:
        visitor = visitor_of(message, user)
        return await self._in_thread(lambda: self._app.language_of(visitor))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        self.last_work = time.monotonic()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:  # of many that wait, the last is done long after it was asked
            self.last_work = time.monotonic()


def visitor_of(message: Message, user: User | None) -> Visitor:
    """Who speaks, before rights are looked at. In a group many read along, so only a choice made there changes the language."""
    code = user.language_code if user is not None and message.chat.type == ChatType.PRIVATE else None
    return Visitor(message.chat_id, person=user.id if user is not None else 0, language=languages.default_language(code))


async def is_administrator(message: Message, user: User | None) -> bool:
    """Whether ``user`` administrates the group; not if Telegram does not say."""
    if user is None:
        return False
    try:
        member = await message.get_bot().get_chat_member(message.chat_id, user.id)
    except TelegramError:
        return False
    return member.status in {ChatMember.OWNER, ChatMember.ADMINISTRATOR}


def is_connection_lost(error: BaseException | None) -> bool:
    """Whether nobody knows what became of a call; a refusal (which python-telegram-bot calls a network error, too) is none."""
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def kind_sentence(kind: str) -> str:
    """What the bot says to a photo, a voice message, a sticker … without any text."""
    return texts.NOT_READ.get(kind, texts.NOT_TEXT)


def with_note(replies: list[Reply], note: str) -> list[Reply]:
    """Replies whose first one begins with a line of explanation."""
    return [replace(reply, segments=(Segment(f"{note}\n\n"), *reply.segments)) if not place else reply for place, reply in enumerate(replies)]


def _key(message: Message) -> tuple[int, int]:
    return message.chat_id, message.message_id


def _album(message: Message) -> tuple[int, str]:
    """What the pictures of an album share; the message itself where it is none."""
    return message.chat_id, message.media_group_id or f"message {message.message_id}"
