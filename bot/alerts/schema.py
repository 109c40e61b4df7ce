"""Tables of the alerts in the database of the articles, with a numbering of migrations of their own."""

import sqlite3

from index.errors import StoreError

FIRST = (
    # One row per chat that has or had alerts. `retry_at`: nothing is sent before (flood wait, network); `last_sent_at` for the pace after
    # a restart. `quiet_from`, `quiet_to`: hours in Berlin.
    """CREATE TABLE chat (
        chat_id INTEGER PRIMARY KEY, state TEXT NOT NULL DEFAULT 'active', blocked_at REAL, retry_at REAL NOT NULL DEFAULT 0,
        last_sent_at REAL NOT NULL DEFAULT 0, quiet_from INTEGER NOT NULL DEFAULT 0, quiet_to INTEGER NOT NULL DEFAULT 0,
        daily_cap INTEGER NOT NULL DEFAULT 10, created_at REAL NOT NULL)""",
    # `revision` grows with every change of any subscription: rule indexes catch up by it.
    """CREATE TABLE subscription (
        id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL REFERENCES chat ON DELETE CASCADE ON UPDATE CASCADE,
        thread_id INTEGER NOT NULL, rule TEXT NOT NULL, schedule TEXT NOT NULL DEFAULT 'now', hour INTEGER NOT NULL DEFAULT 8,
        weekday INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'active', created_at REAL NOT NULL, ended_at REAL,
        revision INTEGER NOT NULL)""",
    "CREATE INDEX subscription_by_chat ON subscription (chat_id)",
    "CREATE INDEX subscription_by_revision ON subscription (revision)",
    # A rule that was shown in a preview and may be saved by a button; `replaces` is the subscription whose rule it would change.
    """CREATE TABLE draft (
        id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, thread_id INTEGER NOT NULL, rule TEXT NOT NULL, replaces INTEGER,
        created_at REAL NOT NULL)""",
    """CREATE TABLE rule_match (
        subscription_id INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE, article_id INTEGER NOT NULL, matched_at REAL NOT NULL,
        PRIMARY KEY (subscription_id, article_id)) WITHOUT ROWID""",
    # One per chat and article, whatever number of rules match. `state`: due, sending, sent, cancelled, failed. `uncertain`: how often it
    # was interrupted between sending and marking, so that it may have arrived more than once.
    """CREATE TABLE delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL REFERENCES chat ON DELETE CASCADE ON UPDATE CASCADE,
        thread_id INTEGER NOT NULL, article_id INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'due',
        due_at REAL NOT NULL, made_at REAL NOT NULL, is_digest INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        refusals INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0, message_id INTEGER, sent_at REAL, title TEXT NOT NULL, quote TEXT NOT NULL DEFAULT '',
        UNIQUE (chat_id, article_id, kind))""",
    "CREATE INDEX delivery_due ON delivery (chat_id, due_at, id) WHERE state = 'due'",
    "CREATE INDEX delivery_by_article ON delivery (article_id)",
)
SECOND = (
    # Subjects of rules by meaning; `vector`, `tokens`: little-endian float32. See index/alerting/themes.py. A number is never used again, so
    # that processes see a change.
    """CREATE TABLE theme (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, text TEXT NOT NULL, model_id TEXT NOT NULL, vector BLOB NOT NULL, theme_offset REAL NOT NULL,
        threshold REAL NOT NULL, tokens BLOB NOT NULL)""",
    # Digests (little-endian uint64) of the keys of an article in a version: what previews are counted with.
    "CREATE TABLE article_key (article_id INTEGER PRIMARY KEY, version INTEGER NOT NULL, keys BLOB NOT NULL)",
)
MIGRATIONS = (FIRST, SECOND)


def migrate_alerts(connection: sqlite3.Connection) -> None:
    """Do the missing steps in one transaction. Raises StoreError for a database of a newer program."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS alert_migration (number INTEGER PRIMARY KEY)")
        (done,) = connection.execute("SELECT coalesce(max(number), 0) FROM alert_migration").fetchone()
        if done > len(MIGRATIONS):
            raise StoreError("Die Datenbank stammt von einer neueren Version von Amtsfunk; bitte das Programm aktualisieren.")
        for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
            for statement in step:
                connection.execute(statement)
            connection.execute("INSERT INTO alert_migration VALUES (?)", (number,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
