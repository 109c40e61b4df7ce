"""Replies as Telegram messages: HTML that is always well-formed, and inline keyboards."""

from html import escape
from itertools import groupby

from bot.replies import Reply, Segment, Style, split_reply, telegram_length

# Telegram's limit for a message's text after parsing, in UTF-16 code units.
MAX_MESSAGE_UNITS = 4096
MAX_CAPTION_UNITS = 1024
# A quote longer than this (in UTF-16 code units) is folded to three lines until it is tapped: it would fill a phone's screen (about 20 lines
# of 38 characters) and push away what stands under it. Quotes of an answer are never so long: they are the answer and stand open.
FOLDED_UNITS = 700
LINK_SCHEMES = ("http://", "https://")


def render_messages(reply: Reply) -> list[tuple[str, Reply]]:
    """``(html, part)`` for each message of a reply; every html is complete in itself."""
    limit = MAX_CAPTION_UNITS if reply.picture else MAX_MESSAGE_UNITS
    return [(render_html(part), part) for part in split_reply(reply, limit)]


def render_html(reply: Reply) -> str:
    """Telegram's HTML of a reply; neighbouring quote segments become one blockquote."""
    return "".join(_render_group(is_quote, list(group)) for is_quote, group in groupby(reply.segments, key=_is_quote))


def _is_quote(segment: Segment) -> bool:
    return segment.style in {Style.QUOTE, Style.STRONG_QUOTE}


def _render_group(is_quote: bool, segments: list[Segment]) -> str:
    inner = "".join(_render_segment(segment) for segment in segments)
    if not is_quote:
        return inner
    is_long = sum(telegram_length(segment.text) for segment in segments) > FOLDED_UNITS
    return f"<blockquote{' expandable' if is_long else ''}>{inner}</blockquote>"


def _render_segment(segment: Segment) -> str:
    text = escape(segment.text, quote=False)
    if segment.style in {Style.BOLD, Style.STRONG_QUOTE}:
        text = f"<b>{text}</b>"
    elif segment.style is Style.ITALIC:
        text = f"<i>{text}</i>"
    if segment.url.startswith(LINK_SCHEMES) and segment.text.strip():
        text = f'<a href="{escape(segment.url)}">{text}</a>'
    return text
