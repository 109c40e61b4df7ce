"""The event loop in which the bot talks to Telegram: uvloop, or Python's own where there is no uvloop (Windows)."""

import asyncio


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop of its own, not yet the thread's. uvloop takes a sixth less of it for each message (docs/measurements.md)."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
