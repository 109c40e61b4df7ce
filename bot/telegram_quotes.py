"""What a message replies to in Telegram: a message of the bot's own, or the part of it that the person selected."""

from telegram import Message, MessageEntity

from bot.message_parts import NOTHING, Link, Replied, Shown, find_selected, replied_part
from bot.telegram_reading import span_of
from index.articles import Span

QUOTES = frozenset({MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE})


def read_replied(message: Message) -> Replied:
    """What of the bot's own messages ``message`` replies to; nothing if it replies to somebody else's or to none. All of it stands in the
    message itself, so it is known after a restart, too."""
    original, me = message.reply_to_message, message.get_bot().id
    authors = (original.from_user, original.via_bot) if original is not None else ()
    if original is None or all(author is None or author.id != me for author in authors):
        return NOTHING
    shown = read_shown(original)
    return replied_part(shown, _selected(message, shown.text))


def read_shown(message: Message) -> Shown:
    """A message as a person sees it."""
    text = message.text or message.caption or ""
    entities = message.entities if message.text else message.caption_entities
    spans = [(entity, span_of(text, entity)) for entity in entities]
    quotes = tuple(span for entity, span in spans if entity.type in QUOTES)
    links = tuple(Link(span, span.cut(text), entity.url) for entity, span in spans if entity.type == MessageEntity.TEXT_LINK and entity.url)
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else ()
    actions = tuple(key.callback_data for row in rows for key in row if isinstance(key.callback_data, str))
    return Shown(text, quotes, links, actions)


def _selected(message: Message, text: str) -> Span | None:
    """The stretch that the person chose; None for a reply to the whole message. Its place is approximate and in UTF-16 code units."""
    quote = message.quote
    if quote is None or not quote.is_manual:
        return None
    near = len(text.encode("utf-16-le", "surrogatepass")[: quote.position * 2].decode("utf-16-le", "replace"))
    return find_selected(text, quote.text, near)
