"""What was: earlier versions of articles, and keys that were removed."""

import sqlite3
from datetime import UTC, date, datetime

from index.storage.records import FormerVersion, Removal

# Of an article that is corrected again and again the latest stay: enough to see what changed, and no live ticker fills the disk.
KEPT_VERSIONS = 10


def timestamp(now: float) -> str:
    """Seconds since 1970 as ISO time in UTC."""
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")


def keep_version(connection: sqlite3.Connection, row: int, now: float) -> None:
    """Put the present title, text and date of the article in ``row`` aside, before it is replaced."""
    connection.execute(
        "INSERT INTO former_version SELECT id, version, title, text, published, ? FROM article WHERE id = ?", (timestamp(now), row)
    )
    connection.execute(
        "DELETE FROM former_version WHERE article_id = ?1 AND version <= (SELECT version FROM article WHERE id = ?1) - ?2", (row, KEPT_VERSIONS)
    )


def former_versions(connection: sqlite3.Connection, row: int) -> list[FormerVersion]:
    """The kept earlier versions of an article, oldest first."""
    found = connection.execute(
        "SELECT version, title, text, published, replaced_at FROM former_version WHERE article_id = ? ORDER BY version", (row,)
    )
    return [
        FormerVersion(version, title, text, date.fromisoformat(day) if day else None, datetime.fromisoformat(replaced))
        for version, title, text, day, replaced in found
    ]


def forget_versions(connection: sqlite3.Connection, row: int) -> None:
    connection.execute("DELETE FROM former_version WHERE article_id = ?", (row,))


def note_removal(connection: sqlite3.Connection, key: str, title: str, now: float) -> None:
    connection.execute("INSERT OR REPLACE INTO removal VALUES (?, ?, ?)", (key, title, timestamp(now)))


def forget_removal(connection: sqlite3.Connection, key: str) -> None:
    """The key is there again."""
    connection.execute("DELETE FROM removal WHERE key = ?", (key,))


def find_removal(connection: sqlite3.Connection, key: str) -> Removal | None:
    found = connection.execute("SELECT key, title, removed_at FROM removal WHERE key = ?", (key,)).fetchone()
    return Removal(found[0], found[1], datetime.fromisoformat(found[2])) if found else None
