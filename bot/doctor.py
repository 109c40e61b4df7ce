"""``amtsfunk doctor``: looks at everything that has to be right, and says of what is wrong what to do.

settings ── data directory ── space ── language model ── database ── Telegram: login, rights, privacy mode, webhook, second poller ── clock
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from index.errors import AmtsfunkError

# The default model takes 0.5 GB while it is built; a database needs room for its write-ahead log.
NEEDED_BYTES = 1_000_000_000
NEEDED_WITH_MODEL_BYTES = 200_000_000
# "Today", quiet hours and digests go by the clock; a minute is more than a network needs.
MAX_CLOCK_SKEW_S = 60.0
MAX_GROUPS = 20  # looked at one by one


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and what was found; ``advice``: what to do, empty where all is well."""

    subject: str
    found: str
    advice: str = ""

    @property
    def is_problem(self) -> bool:
        return bool(self.advice)


@dataclass(frozen=True, slots=True)
class GroupTrouble:
    """A group or channel with alerts in which the bot may not write; ``why`` is a German half sentence."""

    chat_id: int
    why: str


@dataclass(frozen=True, slots=True)
class TelegramState:
    """What Telegram says of the bot. ``clock_skew_s``: this machine's clock minus the server's, None if unknown; ``webhook``: where updates
    are sent instead of being polled; ``has_second_poller`` is None where it was not tried."""

    username: str
    may_join_groups: bool
    reads_all_messages: bool
    has_inline: bool
    webhook: str
    has_second_poller: bool | None
    clock_skew_s: float | None
    troubles: tuple[GroupTrouble, ...]
    groups: int


AskTelegram = Callable[[Settings, Sequence[int], bool], TelegramState]


def examine(settings: Settings, ask_telegram: AskTelegram) -> Iterator[Finding]:
    """All findings, one after the other. ``ask_telegram`` gets groups to look at and whether it may poll; raises AmtsfunkError for no answer."""
    folder = check_folder(settings.home)
    yield folder
    if folder.is_problem:
        return  # without a data directory all the rest would only repeat it
    yield check_space(shutil.disk_usage(settings.home).free, _has_model(settings))
    yield from (_try("Sprachmodell", lambda: check_model(settings)), _try("Datenbank", lambda: check_database(settings.database)))
    if not settings.telegram_bot_token:
        yield Finding("Telegram", "kein TELEGRAM_BOT_TOKEN; das Gespräch im Terminal geht ohne.")
        return
    try:
        state = ask_telegram(settings, _groups(settings.database), not _is_running(settings.home))
    except AmtsfunkError as error:
        yield _problem("Telegram", error)
        return
    yield Finding("Telegram", f"angemeldet als @{state.username}")
    yield from check_telegram(state, bool(settings.admins))


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


def check_telegram(state: TelegramState, has_admins: bool) -> Iterator[Finding]:
    """What of the bot's settings at Telegram needs a hand."""
    yield check_groups(state)
    yield check_polling(state)
    if state.has_inline:
        yield Finding("Inline-Modus", f"an (@{state.username} in jedem Chat)")
    else:
        yield Finding("Inline-Modus", "aus; wer ihn möchte: bei @BotFather /setinline.")
    if state.clock_skew_s is not None:
        yield check_clock(state.clock_skew_s)
    if not has_admins:
        yield Finding("Betreiber", "AMTSFUNK_ADMINS ist leer: /status und Fehlerberichte bekommt niemand.")


def check_groups(state: TelegramState) -> Finding:
    """Whether the bot may be in groups, sees more than it needs there, and may write where alerts go."""
    if state.troubles:
        named = "; ".join(f"{trouble.chat_id} {trouble.why}" for trouble in state.troubles)
        advice = "Den Bot dort wieder aufnehmen; in Kanälen als Administrator, der Nachrichten senden darf."
        return Finding("Gruppen", f"in {len(state.troubles)} von {state.groups} mit Alarmen fehlen Rechte: {named}.", advice)
    if not state.may_join_groups:
        return Finding("Gruppen", "der Bot lässt sich in keine Gruppe aufnehmen; wer das möchte: bei @BotFather /setjoingroups.")
    if state.reads_all_messages:
        advice = "Bei @BotFather /setprivacy einschalten (Enable); Amtsfunk antwortet nur, wenn es angesprochen wird, und braucht sonst nichts."
        return Finding("Gruppen", "der Privatsphäre-Modus ist aus: Telegram schickt dem Bot jede Nachricht aller Gruppen.", advice)
    return Finding("Gruppen", f"Privatsphäre-Modus an; {state.groups} mit Alarmen")


def check_polling(state: TelegramState) -> Finding:
    """Whether updates can be polled by us alone."""
    if state.webhook:
        advice = "„amtsfunk run“ löscht ihn beim Start; läuft damit ein anderes Programm, braucht Amtsfunk ein eigenes Token von @BotFather."
        return Finding("Abfrage", f"es ist ein Webhook gesetzt ({state.webhook}), also kommt beim Abfragen nichts an.", advice)
    if state.has_second_poller:
        advice = "Das andere Programm beenden, oder bei @BotFather mit /revoke ein neues Token holen."
        return Finding("Abfrage", "ein anderes Programm fragt mit demselben Token ab (409 Conflict).", advice)
    if state.has_second_poller is None:
        return Finding("Abfrage", "der Bot läuft gerade mit diesem Datenverzeichnis; nach einem zweiten Programm wurde nicht gesucht.")
    return Finding("Abfrage", "kein Webhook, kein zweites Programm")


def check_clock(skew_s: float) -> Finding:
    """``skew_s``: this machine's clock minus the server's."""
    if abs(skew_s) > MAX_CLOCK_SKEW_S:
        direction = "vor" if skew_s > 0 else "nach"
        advice = "Die Uhr dieses Rechners stellen (Zeitabgleich einschalten); Ruhezeiten und „heute“ richten sich danach."
        return Finding("Uhr", f"geht {abs(skew_s):.0f} Sekunden {direction}.", advice)
    return Finding("Uhr", "geht richtig")


def _groups(database: Path) -> list[int]:
    """Groups and channels with alerts; none if the database cannot be read, which is another finding."""
    if not database.exists():
        return []
    from bot.operating.store import OperatorStore

    try:
        store = OperatorStore(database)
    except AmtsfunkError:
        return []
    try:
        return store.groups_with_alerts(MAX_GROUPS)
    finally:
        store.close()


def _is_running(home: Path) -> bool:
    """Whether a bot runs with this data directory: it holds the lock of the deliveries."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(home / "deliveries.lock", timeout=0):
            return False
    except Timeout:
        return True


def _has_model(settings: Settings) -> bool:
    return bool(settings.model) or any(settings.cache.rglob("*.safetensors"))


def _try(subject: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except AmtsfunkError as error:
        return _problem(subject, error)


def _problem(subject: str, error: AmtsfunkError) -> Finding:
    """An error's own sentence already says what to do."""
    found, _stop, advice = str(error).partition(". ")
    return Finding(subject, f"{found}.", advice) if advice else Finding(subject, "nicht in Ordnung.", found)
