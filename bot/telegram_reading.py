"""Telegram's messages as the decisions of ``telegram_addressing`` see them."""

from telegram import Chat, Message, MessageEntity, User
from telegram.constants import ChatType

from bot.telegram_addressing import Incoming, Place, forwarded_question, without_mentions
from index.articles import Span

# https://core.telegram.org/bots/api#message: writes for administrators who stay anonymous, and for people who write as a channel.
ANONYMOUS_ADMIN, CHANNEL_BOT = 1087968824, 136817688
# What a message may hold; an animation is also a document, a venue also a location, so the narrower word stands first.
KINDS = (
    "animation", "audio", "photo", "sticker", "story", "video", "video_note", "voice", "document", "contact", "dice", "game", "poll", "venue",
    "location",
)  # fmt: skip
PLACES = {ChatType.PRIVATE: Place.PRIVATE, ChatType.CHANNEL: Place.CHANNEL}


def read_message(message: Message, me: User) -> Incoming:
    """What ``telegram_addressing.decide`` needs to know of a message to the bot ``me``."""
    replied = message.reply_to_message
    return Incoming(
        place=PLACES.get(message.chat.type, Place.GROUP),
        text=message.text or message.caption or "",
        kind=read_kind(message),
        mentions=mentions_of(message, me),
        is_reply_to_bot=replied is not None and replied.from_user is not None and replied.from_user.id == me.id,
        is_forward=message.forward_origin is not None,
        is_from_machine=_is_from_machine(message),
        replied_text=_replied_text(message),
    )


def read_kind(message: Message) -> str:
    """What a message holds besides text: one of KINDS, "" for nothing, "other" for what this program does not know."""
    known = next((kind for kind in KINDS if getattr(message, kind, None)), "")
    return known or ("" if message.text else "other")


def question_of(message: Message, me: User) -> str:
    """The question in a message that was answered, read the same way again."""
    text = without_mentions(message.text or message.caption or "", mentions_of(message, me))
    return forwarded_question(text) if message.forward_origin is not None else text


def mentions_of(message: Message, me: User) -> tuple[Span, ...]:
    """Where the bot is named, by @name or by a link to it."""
    text = message.text or message.caption or ""
    entities = message.entities if message.text else message.caption_entities
    return tuple(span_of(text, entity) for entity in entities if _names(text, entity, me))


def person_of(message: Message) -> int:
    """The number of who speaks: a person, or the chat on whose behalf a message was written; 0 for nobody."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else 0


def is_anonymous_admin(user: User | None, sender_chat: Chat | None, chat: Chat) -> bool:
    """Whether somebody speaks as the group itself, which only its administrators can."""
    return user is not None and user.id == ANONYMOUS_ADMIN and (sender_chat is None or sender_chat.id == chat.id)


def thread_of(message: Message) -> int | None:
    """The topic of a forum that a message belongs to."""
    return message.message_thread_id if message.is_topic_message else None


def _replied_text(message: Message) -> str:
    """What a message replies to: the part that its author selected, else the whole."""
    if message.quote is not None and message.quote.is_manual:
        return message.quote.text
    replied = message.reply_to_message
    return (replied.text or replied.caption or "") if replied is not None else ""


def _names(text: str, entity: MessageEntity, me: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    return entity.type == MessageEntity.MENTION and span_of(text, entity).cut(text).lower() == f"@{me.username}".lower()


def span_of(text: str, entity: MessageEntity) -> Span:
    """An entity's place in code points; Telegram counts UTF-16 code units."""
    units = text.encode("utf-16-le", "surrogatepass")
    start, length = (len(units[a * 2 : b * 2].decode("utf-16-le", "replace")) for a, b in _ranges(entity))
    return Span(start, start + length)


def _ranges(entity: MessageEntity) -> tuple[tuple[int, int], tuple[int, int]]:
    return (0, entity.offset), (entity.offset, entity.offset + entity.length)


def _is_from_machine(message: Message) -> bool:
    """Sent by another bot, by this one through inline mode, or passed on automatically from a linked channel."""
    if message.is_automatic_forward or message.via_bot is not None:
        return True
    user = message.from_user
    return user is not None and user.is_bot and user.id not in {ANONYMOUS_ADMIN, CHANNEL_BOT}
