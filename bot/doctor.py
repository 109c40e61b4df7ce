"""``amtsfunk doctor``: looks at everything that has to be right, and says of what is wrong what to do.

settings ── data directory ── space ── language model ── database ── Telegram
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from index.errors import AmtsfunkError

# The default model takes 0.5 GB while it is built; a database needs room for its write-ahead log.
NEEDED_BYTES = 1_000_000_000
NEEDED_WITH_MODEL_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and what was found; ``advice``: what to do, empty where all is well."""

    subject: str
    found: str
    advice: str = ""

    @property
    def is_problem(self) -> bool:
        return bool(self.advice)


def examine(settings: Settings, ask_telegram: Callable[[Settings], str]) -> Iterator[Finding]:
    """All findings, one after the other. ``ask_telegram`` returns the bot's name, and raises AmtsfunkError if there is none."""
    folder = check_folder(settings.home)
    yield folder
    if folder.is_problem:
        return  # without a data directory all the rest would only repeat it
    yield check_space(shutil.disk_usage(settings.home).free, _has_model(settings))
    yield from (_try("Sprachmodell", lambda: check_model(settings)), _try("Datenbank", lambda: check_database(settings.database)))
    yield _try("Telegram", lambda: check_telegram(settings, ask_telegram))


def check_folder(home: Path) -> Finding:
    """Whether the data directory can be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        advice = "Rechte prüfen oder mit AMTSFUNK_HOME ein anderes Verzeichnis angeben."
        return Finding("Datenverzeichnis", f"{home} lässt sich nicht beschreiben ({error.strerror or error}).", advice)
    return Finding("Datenverzeichnis", f"{home}")


def check_space(free_bytes: int, has_model: bool) -> Finding:
    """Whether the device has room for the model and the database."""
    found = f"{free_bytes / 1e9:.1f} GB frei"
    if free_bytes < (NEEDED_WITH_MODEL_BYTES if has_model else NEEDED_BYTES):
        return Finding("Speicherplatz", f"nur {found}.", "Platz schaffen oder AMTSFUNK_HOME auf einen anderen Datenträger legen.")
    return Finding("Speicherplatz", found)


def check_model(settings: Settings) -> Finding:
    """Load the model. Raises EncoderError, which says what to do."""
    from index.encoding.encoder import SentenceTransformerEncoder

    encoder = SentenceTransformerEncoder(settings.model, settings.cache)
    return Finding("Sprachmodell", f"{encoder.model_id}, {encoder.dimension} Dimensionen")


def check_database(path: Path) -> Finding:
    """Open the database if there is one. Raises StoreError, which says what to do."""
    if not path.exists():
        return Finding("Datenbank", f"{path} gibt es noch nicht; sie entsteht beim ersten Start.")
    from index.storage.store import Store

    store = Store(path)
    try:
        return Finding("Datenbank", f"{store.count_articles()} Artikel in {path}")
    finally:
        store.close()


def check_telegram(settings: Settings, ask_telegram: Callable[[Settings], str]) -> Finding:
    """Log in, if there is a token; without one only the terminal is used."""
    if not settings.telegram_bot_token:
        return Finding("Telegram", "kein TELEGRAM_BOT_TOKEN; das Gespräch im Terminal geht ohne.")
    return Finding("Telegram", f"angemeldet als @{ask_telegram(settings)}")


def _has_model(settings: Settings) -> bool:
    return bool(settings.model) or any(settings.cache.rglob("*.safetensors"))


def _try(subject: str, check: Callable[[], Finding]) -> Finding:
    """A check's finding; an error's own sentence already says what to do."""
    try:
        return check()
    except AmtsfunkError as error:
        found, _stop, advice = str(error).partition(". ")
        return Finding(subject, f"{found}.", advice) if advice else Finding(subject, "nicht in Ordnung.", found)
