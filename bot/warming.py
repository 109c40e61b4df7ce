"""What the first question should not wait for, loaded in idle moments after the start.

step ── somebody asked within the last seconds? wait ── load ── next step

Only imports and files: nothing here touches the engine, which belongs to the conversation. The steps are short, and the thread is not niced: it
would then be descheduled while it holds the interpreter's lock, and answers would wait for it.
"""

import importlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date

from index.errors import AmtsfunkError

FIRST_AFTER_S = 5.0  # a start is followed by questions that have waited for it
IDLE_S = 2.0
LOOK_EVERY_S = 0.5
# In this order each takes a fraction of the 1.5 s that pictures take to import.
_MODULES = (
    *("rapidfuzz.distance.OSA", "PIL.Image", "matplotlib", "matplotlib.font_manager", "matplotlib.text", "matplotlib.axes"),
    *("matplotlib.figure", "matplotlib.backends.backend_agg"),
)

log = logging.getLogger(__name__)


def shipped_steps() -> tuple[Callable[[], object], ...]:
    """The libraries for misspelt words and for pictures, fonts, one picture, and the judgement on foreign questions."""
    from index.retrieval.abstention import foreign_calibration

    return (foreign_calibration, *(lambda name=name: importlib.import_module(name) for name in _MODULES), _draw)


def _draw() -> None:
    from bot.charts import frequency_chart

    frequency_chart({"OZG": [(date(2020, 1, 1), 1), (date(2020, 2, 1), 2)]}, "OZG")


class Warming:
    """Takes its steps in a thread of its own, for the time of a ``with`` block. ``last_asked``: when a question was last worked on, by ``clock``."""

    def __init__(
        self,
        last_asked: Callable[[], float],
        steps: Sequence[Callable[[], object]] | None = None,
        first_after_s: float = FIRST_AFTER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._last_asked, self._steps, self._first_after_s, self._clock = last_asked, steps, first_after_s, clock
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def __enter__(self) -> "Warming":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        if self._stopped.wait(self._first_after_s):
            return
        started = self._clock()
        for step in shipped_steps() if self._steps is None else self._steps:
            while not self._is_idle():
                if self._stopped.wait(LOOK_EVERY_S):
                    return
            if self._stopped.is_set():
                return
            self._take(step)
        log.info("Im Hintergrund vorbereitet: Bilder, Rechtschreibung (%.1f s).", self._clock() - started)

    def _is_idle(self) -> bool:
        return self._clock() - self._last_asked() >= IDLE_S

    def _take(self, step: Callable[[], object]) -> None:
        """A failure comes again with the question that needs it, which tells it."""
        try:
            step()
        except (ImportError, OSError, AmtsfunkError) as error:
            log.info("Nicht vorbereitet (%s).", type(error).__name__)
