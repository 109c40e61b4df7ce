"""The terminal front end: the same conversation, with numbered buttons and, in a real terminal, colours, line editing and completion.

What was typed can be fetched back with the arrow keys while the session lasts; it is written nowhere.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from bot import texts
from bot.app import App
from bot.conversation import Conversation
from bot.replies import Button, Picture, Reply
from bot.terminal_text import has_colours, render
from index.encoding.encoder import SentenceTransformerEncoder
from index.errors import AmtsfunkError

PROMPT = "Frage> "
QUIT_WORDS = frozenset({"/ende", "/quit", "/exit", "ende", "exit", "quit"})
PICTURE_FOLDER = "bilder"


def run_terminal(app: App) -> None:
    """Talk until the input ends. Without a terminal, answer each line and end."""
    is_interactive = sys.stdin.isatty() and sys.stdout.isatty()
    colour = has_colours(os.environ, is_interactive)
    app.ensure_articles()
    pictures = app.settings.home / PICTURE_FOLDER
    if not is_interactive:
        talk(app.conversation, _piped_lines(), False, pending=app.pending_replies, pictures=pictures)
        return
    complete_commands(f"/{name}" for name, _description in texts.COMMANDS)
    loading = _load_model(app.encoder)
    click.secho(texts.TERMINAL_TITLE, bold=colour)
    click.echo(texts.TERMINAL_HINT)

    def tell_wait() -> None:
        if loading.is_alive():
            click.echo(texts.MODEL_LOADING, err=True)

    talk(LateConversation(app), _typed_lines(), True, pictures=pictures, pending=app.pending_replies, colour=colour, before_answer=tell_wait)


class LateConversation:
    """The app's conversation, put together when the first line asks for it: meanwhile the model loads and the person types."""

    def __init__(self, app: App) -> None:
        self._app = app

    def reply_to(self, text: str) -> list[Reply]:
        return self._app.conversation.reply_to(text)

    def press(self, action: str) -> list[Reply]:
        return self._app.conversation.press(action)


def talk(
    conversation: Conversation | LateConversation,
    lines: Iterable[str],
    is_interactive: bool,
    write: Callable[[str], None] = click.echo,
    pictures: Path | None = None,
    pending: Callable[[], list[Reply]] = list,
    colour: bool = False,
    before_answer: Callable[[], None] = lambda: None,
) -> None:
    """Answer each line; a line that is just a number presses that button of the last reply.

    ``pending``: alerts that are due. Pictures are saved in a folder and named. Ctrl-C gives up an answer, not the session.
    """

    def show(replies: list[Reply]) -> list[Button]:
        if replies:
            saved = [save_picture(reply.picture, pictures) for reply in replies if reply.picture and pictures]
            write("\n".join([render(replies, colour), *saved]) + "\n")
        return [button for reply in replies for row in reply.buttons for button in row if button.action]

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
        try:
            before_answer()
            replies = conversation.press(pressed.action) if pressed else conversation.reply_to(text)
            buttons = show([*pending(), *replies])
        except KeyboardInterrupt:
            if not is_interactive:
                raise
            write(f"\n{texts.GIVEN_UP}\n")


def save_picture(picture: Picture, folder: Path) -> str:
    """Write a picture into a folder; a line that says where it is, or why it is not."""
    path = folder / f"{picture.name}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.png)
    except OSError as error:
        return texts.PICTURE_NOT_SAVED.format(path=path, error=error.strerror)
    return texts.PICTURE_SAVED.format(path=path)


def typed_lines(ask: Callable[[str], str], write: Callable[[str], None]) -> Iterator[str]:
    """Lines until the input ends. Ctrl-C gives up the line; a second one right after it ends."""
    was_interrupted = False
    while True:
        try:
            yield ask(PROMPT)
            was_interrupted = False
        except EOFError:
            write("")
            return
        except KeyboardInterrupt:
            write("" if was_interrupted else f"\n{texts.INTERRUPT_HINT}")
            if was_interrupted:
                return
            was_interrupted = True


def complete_commands(commands: Iterable[str]) -> None:
    """Let the tab key complete commands; without readline, as on some systems, nothing is completed."""
    try:
        import readline
    except ImportError:
        return
    names = sorted({*commands, "/ende"})
    readline.set_completer_delims(" \t\n")
    readline.set_completer(lambda text, place: completion(names, text, place))
    readline.parse_and_bind("bind ^I rl_complete" if "libedit" in (readline.__doc__ or "") else "tab: complete")


def completion(names: list[str], text: str, place: int) -> str | None:
    """The ``place``-th command that begins with ``text``, as readline asks for it; nothing for what is no command."""
    found = [f"{name} " for name in names if text.startswith("/") and name.startswith(text.lower())]
    return found[place] if place < len(found) else None


def _typed_lines() -> Iterator[str]:
    return typed_lines(input, click.echo)


def _piped_lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")


def _load_model(encoder: SentenceTransformerEncoder) -> threading.Thread:
    """Load while the person types; an error comes again with the first question, which tells it."""

    def load() -> None:
        try:
            encoder.load()
        except AmtsfunkError:
            return

    thread = threading.Thread(target=load, name="model", daemon=True)
    thread.start()
    return thread
