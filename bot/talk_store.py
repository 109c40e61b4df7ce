"""What the conversation keeps beside alerts: a chosen language, opinions on answers, and questions that a person gave away on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import StoreError
from index.storage.sqlite import Database

# One statement a step, in order; never changed, only added to.
MIGRATIONS = (
    # Only where someone chose; in a private chat the chat's number is the person's.
    "CREATE TABLE chosen_language (chat_id INTEGER PRIMARY KEY, language TEXT NOT NULL)",
    # Thumbs by answer. An answer's number is random and belongs to no question, chat or person.
    "CREATE TABLE opinion (answer TEXT PRIMARY KEY, day TEXT NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL) WITHOUT ROWID",
    # A question that its author gave to the operator; `token` lets that person delete it. `places`: key, start and end of each quote.
    """CREATE TABLE shared_question (
        id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, day TEXT NOT NULL, question TEXT NOT NULL, places TEXT NOT NULL)""",
    # 1 for thumbs under an abstention: it can be right or wrong, too.
    "ALTER TABLE opinion ADD COLUMN is_abstention INTEGER NOT NULL DEFAULT 0",
)


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """``places``: the quotes it was answered with, as ``KEY:START-END``."""

    id: int
    day: str
    question: str
    places: tuple[str, ...]


class TalkStore:
    """Statements on these tables, in the SQLite file of the articles."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self._migrate()

    def close(self) -> None:
        self._database.close()

    def _migrate(self) -> None:
        """Do the missing steps in one transaction. Raises StoreError for a database of a newer program."""
        with self._database.write() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS talk_migration (number INTEGER PRIMARY KEY)")
            (done,) = connection.execute("SELECT coalesce(max(number), 0) FROM talk_migration").fetchone()
            if done > len(MIGRATIONS):
                raise StoreError("Die Datenbank stammt von einer neueren Version von Amtsfunk; bitte das Programm aktualisieren.")
            for number, statement in enumerate(MIGRATIONS[done:], start=done + 1):
                connection.execute(statement)
                connection.execute("INSERT INTO talk_migration VALUES (?)", (number,))

    # --- language ----------------------------------------------------------------------------------------------------

    def choose_language(self, chat_id: int, language: str) -> None:
        sql = "INSERT INTO chosen_language VALUES (?, ?) ON CONFLICT DO UPDATE SET language = excluded.language"
        self._write(sql, (chat_id, language))

    def language(self, chat_id: int) -> str | None:
        """The one chosen in a chat, None if nobody chose."""
        rows = self._rows("SELECT language FROM chosen_language WHERE chat_id = ?", (chat_id,))
        return rows[0][0] if rows else None

    def move_chat(self, old: int, new: int) -> None:
        """A group has another number now."""
        self._write("UPDATE OR REPLACE chosen_language SET chat_id = ?2 WHERE chat_id = ?1", (old, new))

    def forget(self, chat_id: int) -> None:
        """A chat that is gone; /vergessen goes over all tables itself (bot/alerts/store.py)."""
        self._write("DELETE FROM chosen_language WHERE chat_id = ?", (chat_id,))

    # --- opinions ----------------------------------------------------------------------------------------------------

    def count_opinion(self, answer: str, day: str, up: int, down: int, is_abstention: bool = False) -> None:
        """Add to the thumbs of an answer; a taken-back one is -1."""
        sql = (
            "INSERT INTO opinion (answer, day, up, down, is_abstention) VALUES (?1, ?2, max(?3, 0), max(?4, 0), ?5)"
            " ON CONFLICT DO UPDATE SET up = max(up + ?3, 0), down = max(down + ?4, 0)"
        )
        self._write(sql, (answer, day, up, down, is_abstention))

    def opinions(self, is_abstention: bool = False) -> tuple[int, int, int]:
        """Answers (or abstentions) that anyone has an opinion on, thumbs up, thumbs down."""
        sql = "SELECT count(*), coalesce(sum(up), 0), coalesce(sum(down), 0) FROM opinion WHERE up + down > 0 AND is_abstention = ?"
        return self._rows(sql, (is_abstention,))[0]

    # --- questions given away ----------------------------------------------------------------------------------------

    def share(self, token: str, day: str, question: str, places: Sequence[str]) -> None:
        """Keep a question; the same token keeps it once."""
        sql = "INSERT INTO shared_question (token, day, question, places) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self._write(sql, (token, day, question, "\n".join(places)))

    def unshare(self, token: str) -> bool:
        """Delete a question by its token; whether there was one."""
        return self._delete("token = ?", token)

    def drop_shared(self, number: int) -> bool:
        """Delete a question by its number; whether there was one."""
        return self._delete("id = ?", number)

    def count_shared(self) -> int:
        """How many questions were given away and not taken back."""
        return self._rows("SELECT count(*) FROM shared_question")[0][0]

    def shared(self) -> list[SharedQuestion]:
        """All, newest first."""
        rows = self._rows("SELECT id, day, question, places FROM shared_question ORDER BY id DESC")
        return [SharedQuestion(*row[:3], tuple(row[3].split("\n")) if row[3] else ()) for row in rows]

    def _delete(self, condition: str, value: str | int) -> bool:
        with self._database.write() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            return connection.execute(f"DELETE FROM shared_question WHERE {condition}", (value,)).rowcount > 0

    def _rows(self, sql: str, parameters: tuple = ()) -> list[tuple]:
        with self._database.read() as connection:
            return connection.execute(sql, parameters).fetchall()

    def _write(self, sql: str, parameters: tuple) -> None:
        with self._database.write() as connection:
            connection.execute(sql, parameters)
