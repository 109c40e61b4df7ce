"""How many cores arithmetic may use."""

import contextlib
import threading
from collections.abc import Iterator

_guard = threading.Lock()
_inside = 0
_cores = 1


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Inside the block this thread's forward passes stay on one core, and the others are free for other work.

    Two threads of the model wait for each other in a busy loop at every layer: where another thread wants the core, both lose. Part of torch's
    number is the process', part each thread's: the last thread to leave restores the former, and a thread that leaves before it stays on one.
    """
    import torch

    global _inside, _cores
    with _guard:
        _cores = _cores if _inside else torch.get_num_threads()
        _inside += 1
        torch.set_num_threads(1)
    try:
        yield
    finally:
        with _guard:
            _inside -= 1
            if not _inside:
                torch.set_num_threads(_cores)


def numpy_on_one_core() -> None:
    """From now on this process' numpy multiplies matrices in the thread that asks for it: a question's are small, and the second thread would
    mostly wait for the next one in a busy loop (of 200 questions at once each took 60 ms of processor time instead of 40)."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
