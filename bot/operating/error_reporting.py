"""Tells operators about errors: kind, place and count, at most once an hour for each kind."""

import asyncio
import time
from collections.abc import Callable, Sequence

from bot import texts
from bot.alerts.delivering import Sender
from bot.operating.error_log import ErrorKind, ErrorLog
from bot.operating.state import error_line
from bot.replies import Reply, plain

LOOK_EVERY_S = 10.0  # errors come in swarms: what comes together is told together


def report_reply(kinds: Sequence[ErrorKind]) -> Reply:
    return plain(texts.ERROR_REPORT.format(lines="\n".join(error_line(kind) for kind in kinds)))


class ErrorReporter:
    """Looks for something new until stopped. An operator who cannot be reached is not tried again: the log has it all."""

    def __init__(self, errors: ErrorLog, sender: Sender, admins: frozenset[int], clock: Callable[[], float] = time.monotonic) -> None:
        self._errors, self._sender, self._admins, self._clock = errors, sender, sorted(admins), clock
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Until ``stop``."""
        while self._admins and not self._stopped.is_set():
            await self.report()
            try:
                await asyncio.wait_for(self._stopped.wait(), LOOK_EVERY_S)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        self._stopped.set()

    async def report(self) -> None:
        """What is due, to every operator."""
        kinds = self._errors.take_due(self._clock())
        if kinds:
            for admin in self._admins:
                await self._sender.wait_for_turn(admin)
                await self._sender.send(admin, 0, report_reply(kinds))
