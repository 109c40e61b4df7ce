"""What a loop that sends has beside its own work: it is the only one among all processes, and can be stopped."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

LOOK_S = 1.0  # how soon the next process takes over from one that ended

T = TypeVar("T")


class SoleSender:
    """Holds ``lock``, a file that the system frees when a process dies, and one thread for the database."""

    def __init__(self, lock: Path, name: str) -> None:
        from filelock import FileLock

        self._lock = FileLock(lock, thread_local=False)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._stopped = asyncio.Event()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    async def wait_to_be_it(self) -> bool:
        """Until no other process sends; False if it was stopped before."""
        from filelock import Timeout

        while not self.is_stopped:
            try:
                self._lock.acquire(timeout=0)
                return True
            except Timeout:
                await self.pause(LOOK_S)
        return False

    async def in_thread(self, work: Callable[[], T]) -> T:
        """The result of ``work``, which does not hold up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def pause(self, seconds: float) -> None:
        """So long, or until it is stopped."""
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return

    def stop(self) -> None:
        """End all pauses, now and later."""
        self._stopped.set()

    def release(self) -> None:
        """Another process may send."""
        self._lock.release(force=True)
