"""Tables of the operator in the database of the articles, with a numbering of migrations of their own."""

import sqlite3

from bot.alerts.schema import migrate_numbered

FIRST = (
    # Persons and chats that are not answered; `number` and not `chat_id`, since it outlives "/vergessen".
    "CREATE TABLE abuse (number INTEGER PRIMARY KEY, since REAL NOT NULL)",
    # A message to all. `state`: draft (a preview that a button may send), sending, done. `admin`: who gets the report.
    """CREATE TABLE broadcast (
        id INTEGER PRIMARY KEY AUTOINCREMENT, admin INTEGER NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'draft',
        created_at REAL NOT NULL)""",
    # One per broadcast and chat. `state`: due, sending, sent, uncertain (interrupted while it was sent: not repeated), failed.
    """CREATE TABLE broadcast_delivery (
        broadcast_id INTEGER NOT NULL REFERENCES broadcast ON DELETE CASCADE,
        chat_id INTEGER NOT NULL REFERENCES chat ON DELETE CASCADE ON UPDATE CASCADE, state TEXT NOT NULL DEFAULT 'due',
        attempts INTEGER NOT NULL DEFAULT 0, retry_at REAL NOT NULL DEFAULT 0, PRIMARY KEY (broadcast_id, chat_id)) WITHOUT ROWID""",
    # Chats that want no more messages to all.
    "CREATE TABLE broadcast_opt_out (chat_id INTEGER PRIMARY KEY REFERENCES chat ON DELETE CASCADE ON UPDATE CASCADE)",
)
MIGRATIONS = (FIRST,)


def migrate_operating(connection: sqlite3.Connection) -> None:
    """Do the missing steps. Raises StoreError for a database of a newer program."""
    migrate_numbered(connection, "operating_migration", MIGRATIONS)
