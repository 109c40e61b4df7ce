"""When to come again: pure functions of what the server said and how often it went wrong."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_DELAY_S = 60.0
LONGEST_DELAY_S = 86_400.0  # a source that is broken for long is looked at once a day
LONGEST_RETRY_AFTER_S = 7 * 86_400.0  # a server that says "in 2099" by mistake must not silence a source for ever


def backoff_s(failures: int, chance: float, retry_after_s: float | None = None) -> float:
    """Seconds to wait after ``failures`` visits in a row that failed (1 or more).

    Doubles from a minute to a day; ``chance`` in [0, 1) spreads it over half to one and a half of that, so that sources that failed together do not
    come back together. Never shorter than what the server asked for.
    """
    doubled = min(FIRST_DELAY_S * 2.0 ** min(max(failures, 1) - 1, 60), LONGEST_DELAY_S)
    return max(doubled * (0.5 + chance), retry_after_s or 0.0)


def read_retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, as a number or as an HTTP date (RFC 9110, 10.2.3); None if it says nothing usable."""
    text = value.strip()
    seconds = float(text) if text.isascii() and text.isdigit() and len(text) < 12 else _seconds_until(text, now)
    return None if seconds is None or not math.isfinite(seconds) else min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S)


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
