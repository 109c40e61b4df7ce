"""Errors counted by kind, for the operator: what went wrong where and how often, never with text, names or tokens."""

import logging
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

REPORT_EVERY_S = 3600.0  # of one kind
MAX_KINDS = 100
_ROOT = Path(__file__).resolve().parents[2]
OWN = ("bot/", "index/")


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """``name``: the class of an exception, "" where there was none; ``place``: module and line. ``count`` in all; ``unreported`` since the
    last report, which was at ``reported_at`` (seconds)."""

    name: str
    place: str
    count: int = 0
    unreported: int = 0
    last_at: float = 0.0
    reported_at: float = -REPORT_EVERY_S


def due_reports(kinds: Iterable[ErrorKind], now: float) -> list[ErrorKind]:
    """Kinds to report now: with something new, and not reported within the hour."""
    return [kind for kind in kinds if kind.unreported and now - kind.reported_at >= REPORT_EVERY_S]


class ErrorLog(logging.Handler):
    """Counts what is logged as an error."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(logging.ERROR)
        self._clock = clock
        self._kinds: OrderedDict[tuple[str, str], ErrorKind] = OrderedDict()
        self._changing = Lock()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        key = (type(error).__name__, place_of(error)) if error is not None else ("", _own_path(record.pathname, record.lineno) or record.name)
        with self._changing:
            kind = self._kinds.pop(key, ErrorKind(*key))
            self._kinds[key] = replace(kind, count=kind.count + 1, unreported=kind.unreported + 1, last_at=self._clock())
            while len(self._kinds) > MAX_KINDS:
                self._kinds.popitem(last=False)

    def kinds(self) -> list[ErrorKind]:
        """The latest last."""
        with self._changing:
            return list(self._kinds.values())

    def take_due(self, now: float) -> list[ErrorKind]:
        """What is to be reported now; it counts as reported."""
        due = due_reports(self.kinds(), now)
        with self._changing:
            for kind in due:
                key = (kind.name, kind.place)
                if key in self._kinds:
                    self._kinds[key] = replace(self._kinds[key], unreported=self._kinds[key].unreported - kind.unreported, reported_at=now)
        return due


def place_of(error: BaseException) -> str:
    """``bot/x.py:12``: the innermost line of this program that an exception passed through; "?" for none."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return next((place for frame in frames if (place := _own_path(frame.filename, frame.lineno or 0))), "?")


def _own_path(filename: str, line: int) -> str:
    path = Path(filename)
    name = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else ""
    return f"{name}:{line}" if name.startswith(OWN) else ""
