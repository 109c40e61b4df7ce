"""How much an answer quotes: short excerpts by design, whatever an article would allow."""

from dataclasses import dataclass

MAX_QUOTES = 3
MAX_QUOTE_CHARS = 320


@dataclass(frozen=True, slots=True)
class QuoteLimits:
    """At most ``quotes`` quotes of at most ``chars`` code points each. The defaults are the most there is."""

    quotes: int = MAX_QUOTES
    chars: int = MAX_QUOTE_CHARS
