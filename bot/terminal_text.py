"""Replies as text for a terminal: quotes with a bar, links after their text, numbered buttons, lines that fit."""

import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping

import click

from bot.replies import Reply, Segment, Style

MIN_WIDTH, MAX_WIDTH = 40, 100
MARK_ON, MARK_OFF = "\ufdd0", "\ufdd1"  # around matched words until lines are broken; no text may contain these code points


def render(replies: list[Reply], colour: bool) -> str:
    """Replies as text for a terminal; quotes indented with a bar, links after their text, buttons numbered."""
    blocks = []
    number = 0
    for reply in replies:
        text = "".join(_render_segment(segment, colour) for segment in _joined_quotes(reply.segments))
        labels = []
        for button in (button for row in reply.buttons for button in row if not button.share):
            number += 1 if button.action else 0
            labels.append(f"({number}) {button.label}" if button.action else f"{button.label} <{_printable(button.url)}>")
        text += f"\n\n{_printable(reply.file.content)}" if reply.file else ""
        blocks.append(text + ("\n\n" + "   ".join(labels) if labels else ""))
    return "\n\n".join(blocks)


def has_colours(environment: Mapping[str, str], is_terminal: bool) -> bool:
    """Whether to colour: in a terminal that can (TERM is not "dumb"), unless NO_COLOR is set (https://no-color.org)."""
    return is_terminal and not environment.get("NO_COLOR") and environment.get("TERM", "") not in {"", "dumb"}


def columns(text: str) -> int:
    """How many columns ``text`` takes: wide characters (Chinese, emoji) two, combining ones none."""
    return sum(_columns_of(char) for char in text)


def wrap(line: str, width: int) -> list[str]:
    """``line`` in lines of at most ``width`` columns, cut between words where possible; runs of blanks become one."""
    lines = [""]
    for word in _short_words(line, width):
        if lines[-1] and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        elif lines[-1]:
            lines.append(word)
        else:
            lines[-1] = word
    return lines


def _short_words(line: str, width: int) -> Iterator[str]:
    """Words; one that is wider than a line comes in pieces."""
    for word in line.split():
        piece = ""
        for char in word:
            if columns(piece) + _columns_of(char) > width:
                yield piece
                piece = ""
            piece += char
        yield piece


def _columns_of(char: str) -> int:
    if char in {MARK_ON, MARK_OFF} or unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _joined_quotes(segments: tuple[Segment, ...]) -> list[Segment]:
    """Pieces of one quote, some of them marked, as one block of lines."""
    joined: list[Segment] = []
    for segment in segments:
        if segment.style not in {Style.QUOTE, Style.STRONG_QUOTE}:
            joined.append(segment)
        elif joined and joined[-1].style is Style.QUOTE:
            joined[-1] = Segment(joined[-1].text + _marked(segment), Style.QUOTE)
        else:
            joined.append(Segment(_marked(segment), Style.QUOTE))
    return joined


def _marked(segment: Segment) -> str:
    text = _printable(segment.text)
    return f"{MARK_ON}{text}{MARK_OFF}" if segment.style is Style.STRONG_QUOTE and text.strip() else text


def _render_segment(segment: Segment, colour: bool) -> str:
    if segment.style is Style.QUOTE:
        lines = [wrapped for line in segment.text.split("\n") for wrapped in wrap(line, _width() - 2)]
        return "\n".join(_quote_lines(lines, colour))
    text = _printable(segment.text)
    if segment.style is Style.BOLD and colour:
        text = click.style(text, bold=True)
    return f"{text} <{_printable(segment.url)}>" if segment.url else text


def _quote_lines(lines: list[str], colour: bool) -> Iterator[str]:
    """Lines of a quote with a bar; what is marked is bold where there are colours. Without them nothing stands in a quote that is not in the article."""
    is_marked = False
    for line in lines:
        pieces = []
        for piece in re.split(f"([{MARK_ON}{MARK_OFF}])", line):
            if piece in {MARK_ON, MARK_OFF}:
                is_marked = piece == MARK_ON
            elif piece:
                pieces.append(click.style(piece, fg="cyan", bold=is_marked) if colour else piece)
        yield f"{click.style('│ ', fg='cyan') if colour else '│ '}{''.join(pieces)}"


def _printable(text: str) -> str:
    """Without control characters that could move the cursor or change the terminal."""
    return "".join(char for char in text if char in "\n\t" or char.isprintable() or char in "\u00ad\u00a0\u202f")


def _width() -> int:
    return max(MIN_WIDTH, min(MAX_WIDTH, shutil.get_terminal_size().columns))
