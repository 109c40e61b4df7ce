"""``python -m tests.site``: serve on two ports of the loopback until SIGTERM; two, as a polite client treats them as two servers."""

import asyncio
import signal
import sys

from aiohttp import web

from .hostile import brotli_bomb, gzip_bomb
from .server import build_app

SHUTDOWN_S = 0.2


async def serve() -> None:
    """Serve until a signal comes."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    gzip_bomb(), brotli_bomb()  # made before anybody waits for them
    runner = web.AppRunner(build_app(), access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    for _ in range(2):
        await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write("listening on " + " ".join(str(address[1]) for address in runner.addresses) + "\n")
    sys.stdout.flush()
    await stopped.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
