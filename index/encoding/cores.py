"""How many cores arithmetic may use."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Inside the block this thread's forward passes stay on one core, and the others are free for other work.

    Two threads of the model wait for each other in a busy loop at every layer: where another thread wants the core, both lose.
    """
    import torch

    cores = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(cores)


def numpy_on_one_core() -> None:
    """From now on this process' numpy multiplies matrices in the thread that asks for it: a question's are small, and the second thread would
    mostly wait for the next one in a busy loop (of 200 questions at once each took 60 ms of processor time instead of 40)."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
