"""Logging that never contains the bot's token, whatever library writes it and wherever it stands: message, argument or trace."""

import logging
import re

# The form of every Telegram token, so that even a token that is not the configured one is hidden.
TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
HIDDEN = "***"


class RedactingFormatter(logging.Formatter):
    """Formats a record as usual, then hides tokens in the whole text, traces included."""

    def __init__(self, token: str, layout: str = "%(asctime)s %(levelname)s %(name)s: %(message)s") -> None:
        super().__init__(layout)
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        text = TOKEN.sub(HIDDEN, super().format(record))
        return text.replace(self._token, HIDDEN) if self._token else text


def configure_logging(token: str, level: int = logging.INFO) -> None:
    """Log to stderr. The HTTP library's request lines, which hold the token in the address, stay off altogether."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "faiss", "trafilatura", "charset_normalizer"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
