"""The terminal front end: the same conversation, with numbered buttons and, in a real terminal, colours and line editing."""

import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from bot import texts
from bot.app import App
from bot.conversation import Conversation
from bot.replies import Button, Picture, Reply, Segment, Style

PROMPT = "Frage> "
QUIT_WORDS = frozenset({"/ende", "/quit", "/exit", "ende", "exit", "quit"})
HINT = "Stellen Sie eine Frage; /hilfe hilft, eine Nummer wählt einen Knopf, Strg-D beendet."
MAX_WIDTH = 100
MARK_ON, MARK_OFF = "\ufdd0", "\ufdd1"  # around matched words until lines are broken; no text may contain these code points
PICTURE_FOLDER = "bilder"


def run_terminal(app: App) -> None:
    """Talk until the input ends. Without a terminal, answer each line and end."""
    is_interactive = sys.stdin.isatty() and sys.stdout.isatty()
    app.ensure_articles()
    if is_interactive:
        import readline  # noqa: F401  (line editing and the session's history for input())

        click.secho("Amtsfunk – Fragen zur Verwaltungs-IT, beantwortet mit Zitaten.", bold=True)
        click.echo(HINT)
    lines = _typed_lines() if is_interactive else _piped_lines()
    talk(app.conversation, lines, is_interactive, pending=app.pending_replies, pictures=app.settings.home / PICTURE_FOLDER)


def talk(
    conversation: Conversation,
    lines,
    is_interactive: bool,
    write: Callable[[str], None] = click.echo,
    pictures: Path | None = None,
    pending: Callable[[], list[Reply]] = list,
) -> None:
    """Answer each line; a line that is just a number presses that button of the last reply.

    ``pending``: alerts that are due. Pictures are saved in a folder and named.
    """

    def show(replies: list[Reply]) -> list[Button]:
        if replies:
            saved = [save_picture(reply.picture, pictures) for reply in replies if reply.picture and pictures]
            write("\n".join([render(replies, colour=is_interactive), *saved]) + "\n")
        return [button for reply in replies for row in reply.buttons for button in row]

    buttons = show(pending())
    for line in lines:
        text = line.strip()
        if not text:
            continue
        if text.lower() in QUIT_WORDS:
            return
        if not is_interactive:
            write(f"{PROMPT}{text}")
        pressed = buttons[int(text) - 1] if text.isdecimal() and len(text) < 4 and 0 < int(text) <= len(buttons) else None
        replies = conversation.press(pressed.action) if pressed else conversation.reply_to(text)
        buttons = show([*pending(), *replies])


def save_picture(picture: Picture, folder: Path) -> str:
    """Write a picture into a folder; a line that says where it is, or why it is not."""
    path = folder / f"{picture.name}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.png)
    except OSError as error:
        return texts.PICTURE_NOT_SAVED.format(path=path, error=error.strerror)
    return texts.PICTURE_SAVED.format(path=path)


def _typed_lines():
    while True:
        try:
            yield input(PROMPT)
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return


def _piped_lines():
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")


def render(replies: list[Reply], colour: bool) -> str:
    """Replies as text for a terminal; quotes indented with a bar, links after their text, buttons numbered."""
    blocks = []
    number = 0
    for reply in replies:
        text = "".join(_render_segment(segment, colour) for segment in _joined_quotes(reply.segments))
        labels = []
        for button in (button for row in reply.buttons for button in row):
            number += 1
            labels.append(f"({number}) {button.label}")
        text += f"\n\n{_printable(reply.file.content)}" if reply.file else ""
        blocks.append(text + ("\n\n" + "   ".join(labels) if labels else ""))
    return "\n\n".join(blocks)


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
        lines = [wrapped for line in segment.text.split("\n") for wrapped in textwrap.wrap(line, _width() - 2) or [""]]
        return "\n".join(_quote_lines(lines, colour))
    text = _printable(segment.text)
    if segment.style is Style.BOLD and colour:
        text = click.style(text, bold=True)
    return f"{text} <{_printable(segment.url)}>" if segment.url else text


def _quote_lines(lines: list[str], colour: bool) -> Iterator[str]:
    """Lines of a quote with a bar; what is marked in bold, or between »« where there is no colour."""
    is_marked = False
    for line in lines:
        pieces = []
        for piece in re.split(f"([{MARK_ON}{MARK_OFF}])", line):
            if piece in {MARK_ON, MARK_OFF}:
                is_marked = piece == MARK_ON
                piece = "" if colour else {MARK_ON: "»", MARK_OFF: "«"}[piece]
            pieces.append(click.style(piece, fg="cyan", bold=is_marked) if colour and piece else piece)
        yield f"{click.style('│ ', fg='cyan') if colour else '│ '}{''.join(pieces)}"


def _printable(text: str) -> str:
    """Without control characters that could move the cursor or change the terminal."""
    return "".join(char for char in text if char in "\n\t" or char.isprintable() or char in "\u00ad\u00a0\u202f")


def _width() -> int:
    import shutil

    return max(40, min(MAX_WIDTH, shutil.get_terminal_size().columns))
