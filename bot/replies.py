"""What the bot says, independent of where: text in segments, and buttons. Front ends render it.

A segment knows its style; nothing here is markup, so nothing can be broken or injected by splitting or escaping.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from index.articles import Span
from index.language.sentences import cut_at_clauses


class Style(Enum):
    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    QUOTE = "quote"
    STRONG_QUOTE = "strong quote"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text in one style; ``url`` makes it a link (not inside quotes)."""

    text: str
    style: Style = Style.PLAIN
    url: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """``action`` comes back when it is pressed: at most 64 bytes, as Telegram allows. Instead, ``url`` opens a page, and ``share`` lets the
    person pass on a link into the conversation (a payload of :mod:`bot.deep_links`), where the front end has such links."""

    label: str
    action: str = ""
    url: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with a file name that says what it shows."""

    png: bytes = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file that goes with a reply."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. ``buttons`` in rows. ``file`` is sent after it.

    With a ``picture`` the text stands under it, and says the same to those who cannot see it.
    """

    segments: tuple[Segment, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    file: Attachment | None = None
    picture: Picture | None = None

    @property
    def text(self) -> str:
        """The text without styles."""
        return "".join(segment.text for segment in self.segments)


def plain(text: str, buttons: tuple[tuple[Button, ...], ...] = ()) -> Reply:
    """A reply of unstyled text."""
    return Reply((Segment(text),), buttons)


def telegram_length(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_reply(reply: Reply, limit: int) -> list[Reply]:
    """``reply`` in messages of at most ``limit`` UTF-16 code units, cut between segments, else at clause borders or white space.

    The buttons stay with the last message, a picture with the first. No text is lost but the white space at the cuts.
    """
    messages: list[list[Segment]] = [[]]
    room = limit
    for piece in _pieces(reply.segments, limit):
        length = telegram_length(piece.text)
        if length > room and messages[-1]:
            messages.append([])
            room = limit
        messages[-1].append(piece)
        room -= length
    kept = [trimmed for message in messages if (trimmed := _trim(message))]
    last = len(kept) - 1
    return [
        replace(
            reply,
            segments=tuple(message),
            buttons=reply.buttons if place == last else (),
            file=reply.file if place == last else None,
            picture=None if place else reply.picture,
        )
        for place, message in enumerate(kept)
    ]


def _pieces(segments: Iterable[Segment], limit: int) -> Iterable[Segment]:
    """Segments, those that do not fit into one message cut into pieces (a code point is at most two code units).

    White space between pieces is a piece of its own: two pieces that come to stand in one message are not run together.
    """
    for segment in segments:
        if telegram_length(segment.text) <= limit:
            yield segment
            continue
        done = 0
        for span in (*cut_at_clauses(segment.text, Span(0, len(segment.text)), limit // 2), Span(len(segment.text), len(segment.text))):
            for text in (segment.text[done : span.start][:limit], span.cut(segment.text)):
                if text:
                    yield replace(segment, text=text)
            done = span.end


def _trim(message: Sequence[Segment]) -> list[Segment]:
    """Without white space at both ends of the message; Telegram removes it, and refuses a message that has nothing else."""
    segments = list(message)
    while segments and not segments[0].text.strip():
        segments.pop(0)
    while segments and not segments[-1].text.strip():
        segments.pop()
    if segments:
        segments[0] = replace(segments[0], text=segments[0].text.lstrip())
        segments[-1] = replace(segments[-1], text=segments[-1].text.rstrip())
    return segments
