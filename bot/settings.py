"""Settings from the environment and ``amtsfunk.toml``; the environment wins."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.errors import ConfigurationError
from index.quote_limits import QuoteLimits
from index.sources.definitions import read_sources
from index.sources.nouns import Place, Source

TELEGRAM_API_URL = "https://api.telegram.org"
SETTINGS_FILE = "amtsfunk.toml"
# Name of the environment variable for each key that the file may hold.
VARIABLES = {
    "home": "AMTSFUNK_HOME",
    "telegram_bot_token": "TELEGRAM_BOT_TOKEN",
    "telegram_api_url": "TELEGRAM_API_URL",
    "database_url": "AMTSFUNK_DATABASE_URL",
    "model": "AMTSFUNK_MODEL",
    "now": "AMTSFUNK_NOW",
    "contact": "AMTSFUNK_CONTACT",
    "allow_private": "AMTSFUNK_ALLOW_PRIVATE",
    "pace": "AMTSFUNK_PACE",
    "admins": "AMTSFUNK_ADMINS",
    "max_quotes": "AMTSFUNK_MAX_QUOTES",
    "max_quote_chars": "AMTSFUNK_MAX_QUOTE_CHARS",
}
SOURCES = "sources"
DEFAULT_PACE_S = 1.0  # what crawlers are commonly granted
MIN_QUOTE_CHARS = 80  # below that, hardly a sentence can be quoted in a way that can be understood


@dataclass(frozen=True, slots=True)
class Settings:
    """``home``: database and caches. ``now``: a fixed time for checks, None for the clock. An empty ``model`` is the default one.

    ``contact``: whom to ask about privacy; site owners see it too. ``allow_private``: sources may lie in the operator's own network.
    ``pace_s``: seconds from one request to the next at one server. ``sources``: those named in the file.
    ``admins``: Telegram's numbers of the operators.
    ``limits``: how much an answer quotes, for the rights of the press.
    """

    home: Path
    database: Path
    model: str = ""
    telegram_api_url: str = TELEGRAM_API_URL
    now: datetime | None = None
    contact: str = ""
    allow_private: bool = False
    pace_s: float = DEFAULT_PACE_S
    sources: tuple[Source, ...] = ()
    admins: frozenset[int] = frozenset()
    limits: QuoteLimits = field(default_factory=QuoteLimits)
    telegram_bot_token: str = field(default="", repr=False)

    @property
    def cache(self) -> Path:
        return self.home / "cache"

    def today(self) -> date:
        return (self.now or datetime.now()).date()


def read_settings(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """Settings in force. The file is looked for in ``folder`` (default: the working directory), then in the home directory.

    Raises ConfigurationError naming the setting and what it should look like.
    """
    working = folder or Path.cwd()
    values = _read_file(working / SETTINGS_FILE)
    home = Path(environment.get("AMTSFUNK_HOME") or values.get("home") or _default_home()).expanduser()
    values = _read_file(home / SETTINGS_FILE) | values if home != working else values
    values |= {key: environment[variable] for key, variable in VARIABLES.items() if environment.get(variable)}
    return Settings(
        home=home,
        database=_database_path(values.get("database_url", ""), home),
        model=values.get("model", ""),
        telegram_api_url=_api_url(values.get("telegram_api_url", TELEGRAM_API_URL)),
        now=_time(values.get("now", "")),
        contact=values.get("contact", "").strip(),
        allow_private=_switch("AMTSFUNK_ALLOW_PRIVATE", values.get("allow_private", "")),
        pace_s=_seconds("AMTSFUNK_PACE", values.get("pace", "")),
        sources=_read_sources(home / SETTINGS_FILE, working / SETTINGS_FILE),
        admins=_admins(values.get("admins", "")),
        limits=_limits(values),
        telegram_bot_token=values.get("telegram_bot_token", "").strip(),
    )


def _default_home() -> Path:
    from platformdirs import user_data_path

    return user_data_path("amtsfunk", appauthor=False)


def _read_file(path: Path) -> dict[str, str]:
    values = _load_file(path)
    unknown = sorted(set(values) - set(VARIABLES) - {SOURCES})
    if unknown:
        raise ConfigurationError(f"{path}: unbekannte Einstellung {', '.join(unknown)}. Möglich sind: {', '.join([*VARIABLES, SOURCES])}.")
    return {key: str(value) for key, value in values.items() if key != SOURCES}


def _load_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} ist nicht lesbar: {error}.") from error


def _read_sources(*paths: Path) -> tuple[Source, ...]:
    """The sources of all files; of equal keys the last."""
    found = [read_sources(_load_file(path).get(SOURCES, []), Place.SETTINGS, path) for path in dict.fromkeys(paths)]
    return tuple({source.key: source for sources in found for source in sources}.values())


def _database_path(url: str, home: Path) -> Path:
    if not url:
        return home / "amtsfunk.sqlite"
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).expanduser()
    if url.startswith("postgres"):
        raise ConfigurationError(
            "PostgreSQL wird von dieser Version noch nicht unterstützt; AMTSFUNK_DATABASE_URL muss mit sqlite:/// beginnen."
        )
    raise ConfigurationError("AMTSFUNK_DATABASE_URL muss die Form sqlite:///PFAD haben.")


def _api_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # such as an unclosed bracket
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigurationError("TELEGRAM_API_URL muss eine Adresse wie http://127.0.0.1:8081 sein.")
    return url.rstrip("/")


def _limits(values: Mapping[str, str]) -> QuoteLimits:
    most = QuoteLimits()
    quotes = _number("max_quotes", values, 1, most.quotes)
    return QuoteLimits(quotes, _number("max_quote_chars", values, MIN_QUOTE_CHARS, most.chars))


def _number(name: str, values: Mapping[str, str], least: int, most: int) -> int:
    """A whole number of the settings; ``most`` is the default."""
    text = values.get(name, "").strip()
    if text and not (text.isdecimal() and least <= int(text) <= most):
        raise ConfigurationError(f"{VARIABLES[name]} muss eine ganze Zahl von {least} bis {most} sein, nicht „{text}“.")
    return int(text) if text else most


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"AMTSFUNK_NOW ist keine ISO-Zeit: „{text}“ (Beispiel: 2024-05-01T12:00:00).") from error


def _switch(name: str, text: str) -> bool:
    if text.strip().lower() in {"1", "true", "ja", "yes", "on"}:
        return True
    if text.strip().lower() in {"", "0", "false", "nein", "no", "off"}:
        return False
    raise ConfigurationError(f"{name} muss 1 oder 0 sein, nicht „{text}“.")


def _seconds(name: str, text: str) -> float:
    if not text:
        return DEFAULT_PACE_S
    try:
        seconds = float(text.replace(",", "."))
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= 3600.0:
        raise ConfigurationError(f"{name} muss eine Zahl von Sekunden zwischen 0 und 3600 sein, nicht „{text}“.")
    return seconds
def _admins(text: str) -> frozenset[int]:
    """Numbers, separated by commas; a list in the file reads the same."""
    names = [name.strip() for name in text.strip().removeprefix("[").removesuffix("]").split(",")]
    numbers = [name for name in names if name]
    if not all(name.isascii() and name.isdecimal() for name in numbers):
        raise ConfigurationError(
            "AMTSFUNK_ADMINS muss aus Telegram-Nummern von Personen bestehen, durch Kommas getrennt (Beispiel: 12345,67890)."
        )
    return frozenset(map(int, numbers))
