"""Progress of reading sources, on stderr: a line that moves where a person watches, a line every few seconds where not."""

import math
import sys
import threading
import time

from bot import source_texts_de as texts
from bot.progress import LINE_EVERY_S, QUIET_S


class PagesProgress:
    """Pages of sources done and waiting, with their rate and the remaining time; several threads may report."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._next_line = QUIET_S if sys.stderr.isatty() else LINE_EVERY_S
        self._pages: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._status = None

    def __enter__(self) -> "PagesProgress":
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, name: str, done: int, waiting: int) -> None:
        """``done`` pages of a source are read, ``waiting`` are not."""
        with self._lock:
            self._pages[name] = (done, waiting)
            seconds = time.monotonic() - self._started
            if sys.stderr.isatty() and seconds >= QUIET_S:
                self._show(self._line(name, seconds))
            elif seconds >= self._next_line:
                self._next_line = seconds + LINE_EVERY_S
                print(self._line(name, seconds), file=sys.stderr, flush=True)

    def _show(self, line: str) -> None:
        if self._status is None:
            from rich.console import Console
            from rich.status import Status

            self._status = Status(line, console=Console(stderr=True))
            self._status.start()
        self._status.update(line)

    def _line(self, name: str, seconds: float) -> str:
        done, waiting = (sum(counts) for counts in zip(*self._pages.values(), strict=True))
        minutes = math.ceil(waiting * seconds / max(1, done) / 60)
        return texts.PAGES_DONE.format(name=name, done=done, total=done + waiting, rate=done / max(seconds, 1e-9), minutes=minutes)
