"""Starting quickly: the garbage collector rests while large libraries and dictionaries load.

They make millions of objects that stay, and the collector would look through all of them again and again: pausing it takes a
fifth off the start (docs/measurements.md). Afterwards they are frozen, so that later collections skip them.
"""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection inside the block; what it made is left out of later ones."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
