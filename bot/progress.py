"""Progress on stderr: a bar where a person watches, a line every few seconds where not."""

import sys
import time

from index.ingest import Progress

QUIET_S = 2.0  # shorter work needs no progress
LINE_EVERY_S = 10.0


class IngestProgress:
    """Shows articles done of those expected, the rate of passages, and the remaining time."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._bar = None
        self._task = None
        self._next_line = LINE_EVERY_S

    def __enter__(self) -> "IngestProgress":
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        if progress.seconds < QUIET_S:
            return
        if sys.stderr.isatty():
            self._show_bar(progress)
        elif progress.seconds >= self._next_line:
            self._next_line = progress.seconds + LINE_EVERY_S
            print(self._line(progress), file=sys.stderr, flush=True)

    def _show_bar(self, progress: Progress) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("Artikel"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=self._expected, rate="")
            self._bar.start()
        self._bar.update(self._task, completed=progress.articles, rate=_rate(progress))

    def _line(self, progress: Progress) -> str:
        return progress_line(progress, self._expected)


class QueryProgress:
    """A line on stderr every few seconds while questions are asked."""

    def __init__(self) -> None:
        self._next = time.monotonic() + LINE_EVERY_S

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self._next or done == total:
            self._next = time.monotonic() + LINE_EVERY_S
            print(f"{done} von {total} Fragen", file=sys.stderr, flush=True)


def progress_line(progress: Progress, expected: int) -> str:
    """Articles done, both rates, and the remaining time if it goes on at this rate."""
    remaining_s = max(0, expected - progress.articles) * progress.seconds / max(1, progress.articles)
    return f"{progress.articles} von {max(expected, progress.articles)} Artikeln, {_rate(progress)}, noch etwa {_duration(remaining_s)}"


def _rate(progress: Progress) -> str:
    seconds = max(progress.seconds, 1e-9)
    return f"{progress.articles / seconds:.1f} Artikel/s, {progress.passages / seconds:.1f} Passagen/s"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{round(seconds)} Sekunden"
    minutes = round(seconds / 60)
    return f"{minutes} Minuten" if minutes < 60 else f"{minutes // 60} Std. {minutes % 60:02} Min."
