"""Tables of the sources in the database of the articles, with a numbering of migrations of their own."""

import sqlite3

from index.errors import StoreError

FIRST = (
    # Sources added by hand, as JSON of what was said of them.
    "CREATE TABLE added_source (key TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID",
    # Switched by hand, against what the list or the settings say.
    "CREATE TABLE source_switch (key TEXT PRIMARY KEY, is_on INTEGER NOT NULL) WITHOUT ROWID",
    # What is remembered of a source between visits. `kind`, `title`: found on the first visit. Times in seconds since 1970.
    """CREATE TABLE source_state (
        key TEXT PRIMARY KEY, kind TEXT, title TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL, moved_to TEXT NOT NULL,
        last_try REAL NOT NULL, last_success REAL NOT NULL, last_error TEXT NOT NULL, failures INTEGER NOT NULL,
        interval_s REAL NOT NULL, next_visit REAL NOT NULL, has_ended INTEGER NOT NULL, paused_until REAL NOT NULL) WITHOUT ROWID""",
    # Further lists that a source's list names (sitemaps of an index), each with its own validators.
    """CREATE TABLE source_part (
        source_key TEXT NOT NULL, url TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL,
        PRIMARY KEY (source_key, url)) WITHOUT ROWID""",
    # One row per article's address and source. `listed`: JSON of what the source says of it; `digest` tells whether that is new.
    # `next_check` NULL: never again. `gone_since`: 404 or 410 was first seen then.
    """CREATE TABLE source_address (
        source_key TEXT NOT NULL, address TEXT NOT NULL, listed TEXT NOT NULL, digest TEXT NOT NULL, is_new INTEGER NOT NULL,
        etag TEXT NOT NULL, last_modified TEXT NOT NULL, article_key TEXT NOT NULL, is_full INTEGER NOT NULL, published TEXT,
        first_seen REAL NOT NULL, seen_at REAL NOT NULL, next_check REAL, tries INTEGER NOT NULL, gone_since REAL, error TEXT NOT NULL,
        PRIMARY KEY (source_key, address)) WITHOUT ROWID""",
    "CREATE INDEX source_address_due ON source_address (source_key, next_check) WHERE next_check IS NOT NULL",
)
MIGRATIONS = (FIRST,)


def migrate_sources(connection: sqlite3.Connection) -> None:
    """Do the missing steps in one transaction. Raises StoreError for a database of a newer program."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS source_migration (number INTEGER PRIMARY KEY)")
        (done,) = connection.execute("SELECT coalesce(max(number), 0) FROM source_migration").fetchone()
        if done > len(MIGRATIONS):
            raise StoreError("Die Datenbank stammt von einer neueren Version von Amtsfunk; bitte das Programm aktualisieren.")
        for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
            for statement in step:
                connection.execute(statement)
            connection.execute("INSERT INTO source_migration VALUES (?)", (number,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
