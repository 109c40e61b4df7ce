"""What is kept for the operator: the list of who is not answered, messages to all, and how far they have come."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.alerts.schema import migrate_alerts
from bot.operating.schema import migrate_operating
from index.storage.sqlite import Database

# Recipients: chats that can be reached, have an active alert, and have not opted out. The terminal is no chat of Telegram.
_RECIPIENTS = (
    "SELECT chat_id FROM chat WHERE state = 'active' AND chat_id <> 0 AND chat_id NOT IN (SELECT chat_id FROM broadcast_opt_out)"
    " AND chat_id NOT IN (SELECT number FROM abuse)"
    " AND EXISTS (SELECT 1 FROM subscription WHERE subscription.chat_id = chat.chat_id AND subscription.state = 'active')"
)
DRAFT_DAYS, DONE_DAYS = 1, 30  # how long a preview waits for its button, and what was sent is kept
DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message to all."""

    id: int
    admin: int
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class BroadcastDue:
    """A broadcast for one chat."""

    broadcast_id: int
    chat_id: int
    text: str
    attempts: int


class OperatorStore:
    """The operator's tables, in the SQLite file of the articles."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        with self._database.read() as connection:
            migrate_alerts(connection)  # broadcasts go to the chats of the alerts
            migrate_operating(connection)

    def close(self) -> None:
        self._database.close()

    # --- who is not answered ---------------------------------------------------------------------------------------

    def find_blocked(self, numbers: Sequence[int]) -> int | None:
        """The first of these persons and chats that is on the list."""
        found = self._rows("SELECT number FROM abuse WHERE number IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),))
        return found[0][0] if found else None

    def block(self, number: int, now: float) -> None:
        self._write("INSERT OR IGNORE INTO abuse VALUES (?, ?)", (number, now))

    def unblock(self, number: int) -> bool:
        """Whether it was on the list."""
        return self._write("DELETE FROM abuse WHERE number = ?", (number,)) > 0

    def blocked(self) -> list[tuple[int, float]]:
        """(number, since) of all, newest first."""
        return self._rows("SELECT number, since FROM abuse ORDER BY since DESC, number")

    # --- messages to all ---------------------------------------------------------------------------------------------

    def count_recipients(self) -> int:
        return self._rows(f"SELECT count(*) FROM ({_RECIPIENTS})")[0][0]

    def save_broadcast(self, admin: int, text: str, now: float) -> int:
        """A draft; old drafts, and what was done long ago, go."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM broadcast WHERE state = 'draft' AND created_at < ?", (now - DRAFT_DAYS * DAY_S,))
            connection.execute("DELETE FROM broadcast WHERE state = 'done' AND created_at < ?", (now - DONE_DAYS * DAY_S,))
            cursor = connection.execute("INSERT INTO broadcast (admin, text, created_at) VALUES (?, ?, ?)", (admin, text, now))
            return int(cursor.lastrowid or 0)

    def drop_broadcast(self, number: int) -> bool:
        """Whether there was such a draft."""
        return self._write("DELETE FROM broadcast WHERE id = ? AND state = 'draft'", (number,)) > 0

    def start_broadcast(self, number: int) -> int | None:
        """Make a draft due in all chats that get it; how many, None if it is no draft (any more)."""
        with self._database.write() as connection:
            if not connection.execute("UPDATE broadcast SET state = 'sending' WHERE id = ? AND state = 'draft'", (number,)).rowcount:
                return None
            sql = f"INSERT INTO broadcast_delivery (broadcast_id, chat_id) SELECT ?, chat_id FROM ({_RECIPIENTS})"
            return connection.execute(sql, (number,)).rowcount

    def next_due(self, now: float) -> BroadcastDue | None:
        """The next chat of any broadcast that is being sent. Who has opted out or was blocked meanwhile is left out."""
        rows = self._rows(
            "SELECT broadcast_id, chat_id, text, attempts FROM broadcast_delivery JOIN broadcast ON id = broadcast_id"
            f" WHERE broadcast.state = 'sending' AND broadcast_delivery.state = 'due' AND retry_at <= ? AND chat_id IN ({_RECIPIENTS})"
            " ORDER BY broadcast_id, attempts, chat_id LIMIT 1",
            (now,),
        )
        return BroadcastDue(*rows[0]) if rows else None

    def mark(self, due: BroadcastDue, state: str, retry_at: float = 0.0) -> None:
        """What became of a delivery: "sending" just before the call, then sent, failed, uncertain, or due again at ``retry_at``."""
        self._write(
            "UPDATE broadcast_delivery SET state = ?1, attempts = attempts + (?1 = 'sending'), retry_at = ?2 WHERE broadcast_id = ?3 AND chat_id = ?4",
            (state, retry_at, due.broadcast_id, due.chat_id),
        )

    def recover_broadcasts(self) -> int:
        """After a kill: what was being sent may have arrived, and no chat gets it twice. Only for the one sending process."""
        return self._write("UPDATE broadcast_delivery SET state = 'uncertain' WHERE state = 'sending'", ())

    def finished_broadcasts(self) -> list[Broadcast]:
        """Those that nobody is left to get."""
        return [
            Broadcast(*row)
            for row in self._rows(
                "SELECT id, admin, text, state FROM broadcast WHERE state = 'sending' AND NOT EXISTS (SELECT 1 FROM broadcast_delivery"
                f" WHERE broadcast_id = broadcast.id AND broadcast_delivery.state IN ('due', 'sending') AND chat_id IN ({_RECIPIENTS}))"
            )
        ]

    def finish_broadcast(self, number: int) -> None:
        """Who could not be reached any more has failed."""
        with self._database.write() as connection:
            connection.execute("UPDATE broadcast_delivery SET state = 'failed' WHERE broadcast_id = ? AND state = 'due'", (number,))
            connection.execute("UPDATE broadcast SET state = 'done' WHERE id = ?", (number,))

    def broadcast_counts(self, number: int) -> dict[str, int]:
        """Deliveries of a broadcast by state."""
        return dict(self._rows("SELECT state, count(*) FROM broadcast_delivery WHERE broadcast_id = ? GROUP BY state", (number,)))

    def set_opt_out(self, chat_id: int, is_out: bool) -> bool:
        """Whether the chat is one that broadcasts could go to."""
        with self._database.write() as connection:
            if not connection.execute("SELECT 1 FROM chat WHERE chat_id = ?", (chat_id,)).fetchone():
                return False
            if is_out:
                connection.execute("INSERT OR IGNORE INTO broadcast_opt_out VALUES (?)", (chat_id,))
            else:
                connection.execute("DELETE FROM broadcast_opt_out WHERE chat_id = ?", (chat_id,))
            return True

    # --- for the doctor ------------------------------------------------------------------------------------------------

    def groups_with_alerts(self, limit: int) -> list[int]:
        """Groups and channels that something may be sent to."""
        sql = "SELECT DISTINCT chat_id FROM subscription WHERE chat_id < 0 AND state = 'active' ORDER BY chat_id LIMIT ?"
        return [chat_id for (chat_id,) in self._rows(sql, (limit,))]

    def _rows(self, sql: str, parameters: tuple = ()) -> list[tuple]:
        with self._database.read() as connection:
            return connection.execute(sql, parameters).fetchall()

    def _write(self, sql: str, parameters: tuple) -> int:
        """How many rows changed."""
        with self._database.write() as connection:
            return connection.execute(sql, parameters).rowcount
