"""How many cores the model may use."""

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
