"""A whole database as one file, made while other processes go on reading and writing, and put back in one transaction."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from index.errors import StoreError
from index.storage.migrations import MIGRATIONS
from index.storage.sqlite import BUSY_TIMEOUT_S, mapped_errors

PAGES_A_STEP = 2560  # 10 MB: others get their turn and progress is seen
Progress = Callable[[int, int], None]  # pages done, pages in all


def back_up(database: Path, file: Path, report: Progress = lambda _done, _all: None) -> int:
    """Copy the database to ``file``, complete or not at all; returns its number of articles.

    Raises StoreError if ``file`` exists, if there is no database, or if reading or writing fails.
    """
    if file.exists():
        raise StoreError(f"{file} gibt es schon; bitte einen anderen Namen wählen oder die Datei vorher löschen.")
    if not database.is_file():
        raise StoreError(f"Es gibt noch keine Datenbank ({database}), die sich sichern ließe.")
    partial = file.with_name(f"{file.name}.teil")
    try:
        with _opened(database) as source:
            _copy(source, partial, report)
        with _opened(partial) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, readable also where nothing can be written beside it
        articles = check_backup(partial)
        with mapped_errors(partial):
            _to_disk(partial)
            partial.replace(file)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    return articles


def restore(file: Path, database: Path, report: Progress = lambda _done, _all: None) -> tuple[int, Path | None]:
    """Put the backup ``file`` in the database's place; returns its number of articles and where the former database was kept.

    The former database is backed up beside it first. Other processes see the old content until the new one is complete. Raises StoreError.
    """
    articles = check_backup(file)
    kept = None
    if database.is_file():
        kept = database.with_name(f"{database.stem}-vor-{datetime.now():%Y%m%d-%H%M%S}{database.suffix}")
        back_up(database, kept)
    with mapped_errors(database):
        database.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as source:
        _copy(source, database, report)
    return articles, kept


def check_backup(file: Path) -> int:
    """The number of articles in a backup. Raises StoreError for what is no sound database of this program or a newer one's."""
    if not file.is_file():
        raise StoreError(f"Die Sicherung {file} gibt es nicht; bitte den Pfad prüfen.")
    with _opened(file) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"article", "passage", "setting"} <= names:
            raise StoreError(f"{file} ist keine Datenbank von Amtsfunk.")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StoreError(f"{file} stammt von einer neueren Version von Amtsfunk; bitte das Programm aktualisieren.")
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise StoreError(f"Die Sicherung {file} ist beschädigt ({verdict}).")
        return connection.execute("SELECT count(*) FROM article").fetchone()[0]


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with mapped_errors(path), contextlib.closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as connection:
        yield connection


def _copy(source: sqlite3.Connection, target: Path, report: Progress) -> None:
    """SQLite's own online backup: one transaction on the target, begun anew when another process writes to the source meanwhile."""
    with mapped_errors(target), contextlib.closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT_S)) as connection:
        source.backup(connection, pages=PAGES_A_STEP, progress=lambda _status, left, total: report(total - left, total))


def _to_disk(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
