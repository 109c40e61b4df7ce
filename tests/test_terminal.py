"""The terminal: lines that fit, colours only where wanted, Ctrl-C, completion; and a session in a real pseudo-terminal."""

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts_de as texts
from bot.replies import Button, plain
from bot.terminal import PROMPT, completion, talk, typed_lines
from bot.terminal_text import columns, has_colours, wrap
from tests.conftest import ROOT

WIDE = st.text(st.sampled_from("ab äö中文字😀👩‍💻e\u0301\t"), max_size=200)


@given(WIDE, st.integers(2, 60))
def test_lines_fit_and_nothing_is_lost(text, width):
    lines = wrap(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())


@pytest.mark.parametrize(("text", "count"), [("abc", 3), ("中文", 4), ("😀", 2), ("e\u0301", 1), ("👩\u200d💻", 4), ("", 0)])
def test_columns(text, count):
    assert columns(text) == count


@pytest.mark.parametrize(
    ("environment", "is_terminal", "expected"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
    ],
)
def test_colours(environment, is_terminal, expected):
    assert has_colours(environment, is_terminal) is expected


def lines_of(*typed: str | type[BaseException]) -> tuple[list[str], list[str]]:
    """What becomes of typed lines and interruptions, and what is written meanwhile."""
    left, written = list(typed), []

    def ask(_prompt: str) -> str:
        found = left.pop(0)
        if isinstance(found, str):
            return found
        raise found

    return list(typed_lines(ask, written.append)), written


def test_one_interruption_gives_up_the_line_two_end():
    c, d = KeyboardInterrupt, EOFError
    assert lines_of("a", c, "b", c, "c", d)[0] == ["a", "b", "c"]
    lines, written = lines_of("a", c, c, "nie")
    assert lines == ["a"] and written[0].strip() == texts.INTERRUPT_HINT


class SlowTalk:
    """A conversation whose first answer is interrupted."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def reply_to(self, text: str):
        self.asked.append(text)
        if len(self.asked) == 1:
            raise KeyboardInterrupt
        return [plain(f"Antwort auf {text}", ((Button("Mehr", "more:1:3"),),))]

    def press(self, action: str):
        return [plain(f"gedrückt {action}")]


def test_an_interrupted_answer_is_given_up_and_the_session_goes_on():
    written: list[str] = []
    talk(SlowTalk(), ["eins", "zwei", "1"], True, written.append)
    assert [line.strip() for line in written] == [texts.GIVEN_UP, "Antwort auf zwei\n\n(1) Mehr", "gedrückt more:1:3"]


def test_interrupted_without_a_terminal_the_program_ends():
    with pytest.raises(KeyboardInterrupt):
        talk(SlowTalk(), ["eins"], False, lambda _line: None)


def test_commands_are_completed_words_are_not():
    names = ["/alarm", "/alarme", "/hilfe"]
    assert [completion(names, "/al", place) for place in range(3)] == ["/alarm ", "/alarme ", None]
    assert completion(names, "", 0) is None and completion(names, "hil", 0) is None


class Terminal:
    """``amtsfunk chat`` in a pseudo-terminal."""

    def __init__(self, home, **variables: str) -> None:
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "AMTSFUNK_HOME": str(home), "TERM": "xterm", "PYTHONPATH": str(ROOT), **variables}
        environment.pop("NO_COLOR", None) if "NO_COLOR" not in variables else None
        command = [sys.executable, "-m", "bot", "chat"]
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            cwd=home,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal to it
        )
        os.close(theirs)
        self.seen = ""

    def wait_for(self, text: str, timeout_s: float = 90) -> None:
        assert self.shows(text, timeout_s), self.seen

    def shows(self, text: str, timeout_s: float) -> bool:
        """Whether a text appears in time."""
        deadline = time.monotonic() + timeout_s
        while text not in self.seen and time.monotonic() < deadline:
            if select.select([self._ours], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._ours, 65536).decode("utf-8", "replace")
                except OSError:  # the other end is closed
                    break
        return text in self.seen

    def type(self, text: str) -> None:
        self.seen = ""
        os.write(self._ours, text.encode())


def test_a_session_in_a_terminal(own_home):
    terminal = Terminal(own_home)
    try:
        terminal.wait_for(PROMPT)
        terminal.type("/date\t\n")  # the tab key completes "/datenschutz"
        terminal.wait_for("weder gespeichert noch protokolliert")
        terminal.type("Seit wann gibt es die FITKO?\n")
        terminal.wait_for("(1) ")
        assert "\x1b[36m" in terminal.seen  # quotes are coloured
        terminal.wait_for(f"👎\r\n\r\n{PROMPT}")  # Ctrl-C gives up a line; before it, an answer
        terminal.type("halbe Fra")
        terminal.wait_for("halbe Fra")
        terminal.type("\x03")
        if not terminal.shows(texts.INTERRUPT_HINT, 10):  # CPython's readline misses a signal just before its wait for a key, until the next signal
            terminal.type("\x03")
        terminal.wait_for(texts.INTERRUPT_HINT)
        terminal.type("\x1b[A\n")  # the arrow key fetches the last line
        terminal.wait_for("(1) ")
        terminal.type("/ende\n")
        assert terminal.process.wait(20) == 0
        assert not list(own_home.rglob("*history*"))
    finally:
        terminal.process.kill()
        terminal.process.wait()
