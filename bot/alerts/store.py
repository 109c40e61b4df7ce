"""What is kept of chats, subscriptions and deliveries: all statements on the tables of the alerts."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.alerts.nouns import Chat, Delivery, QuietHours, Schedule, Subscription
from bot.alerts.schedules import start_of_day
from bot.alerts.schema import migrate_alerts
from bot.alerts.theme_store import ArticleKeys, ThemeStore, drop_unused_themes
from bot.visitors import Visitor
from index.storage.sqlite import Database

UNDO_DAYS, DRAFT_DAYS, BLOCKED_DAYS, SENT_DAYS = 7, 1, 365, 400  # how long what is kept: for undo, for a button, after a block, for corrections
DAY_S = 86400.0
_SUBSCRIPTION = "id, chat_id, thread_id, rule, schedule, hour, weekday, state"
# Every table with a chat's number, whoever made it: what is shown as own data and what is forgotten cannot miss one.
_TABLES_OF_CHATS = (
    "SELECT name FROM sqlite_master AS found WHERE type = 'table' AND EXISTS"
    " (SELECT 1 FROM pragma_table_info(found.name) WHERE pragma_table_info.name = 'chat_id') ORDER BY rowid"
)


class AlertStore:
    """Chats, subscriptions, drafts and deliveries, in the SQLite file of the articles."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        with self._database.read() as connection:
            migrate_alerts(connection)
        self.themes, self.keys = ThemeStore(self._database), ArticleKeys(self._database)

    def close(self) -> None:
        self._database.close()

    # --- subscriptions ---------------------------------------------------------------------------------------------

    def save_draft(self, visitor: Visitor, rule: str, now: float, replaces: int | None = None) -> int:
        """Remember a rule that a button may save."""
        sql = "INSERT INTO draft (chat_id, thread_id, rule, replaces, created_at) VALUES (?, ?, ?, ?, ?)"
        with self._database.write() as connection:
            return int(connection.execute(sql, (visitor.chat_id, visitor.thread_id, rule, replaces, now)).lastrowid or 0)

    def draft(self, draft_id: int, chat_id: int) -> tuple[str, int | None] | None:
        """Rule and replaced subscription of a draft of this chat."""
        return self._row("SELECT rule, replaces FROM draft WHERE id = ? AND chat_id = ?", (draft_id, chat_id))

    def drop_draft(self, draft_id: int, chat_id: int) -> None:
        self._write("DELETE FROM draft WHERE id = ? AND chat_id = ?", (draft_id, chat_id))

    def subscribe(self, visitor: Visitor, rule: str, now: float) -> int:
        """A new subscription; the same rule in the same place is the old one, active again."""
        with self._database.write() as connection:
            connection.execute("INSERT INTO chat (chat_id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING", (visitor.chat_id, now))
            old = connection.execute(
                "SELECT id FROM subscription WHERE chat_id = ? AND thread_id = ? AND rule = ?", (visitor.chat_id, visitor.thread_id, rule)
            ).fetchone()
            if old:
                connection.execute(f"UPDATE subscription SET state = 'active', ended_at = NULL, {_REVISE} WHERE id = ?", old)
                return old[0]
            cursor = connection.execute(
                f"INSERT INTO subscription (chat_id, thread_id, rule, created_at, revision) VALUES (?, ?, ?, ?, {_NEXT_REVISION})",
                (visitor.chat_id, visitor.thread_id, rule, now),
            )
            return int(cursor.lastrowid or 0)

    def change_rule(self, subscription_id: int, chat_id: int, rule: str) -> None:
        self._write(f"UPDATE subscription SET rule = ?, {_REVISE} WHERE id = ? AND chat_id = ?", (rule, subscription_id, chat_id))

    def set_state(self, subscription_id: int, chat_id: int, state: str, now: float) -> None:
        """``active``, ``paused`` or ``deleted``. What is already due stays due only while the subscription is active (checked when sent)."""
        self._write(
            f"UPDATE subscription SET state = ?1, ended_at = CASE ?1 WHEN 'deleted' THEN ?2 END, {_REVISE} WHERE id = ?3 AND chat_id = ?4",
            (state, now, subscription_id, chat_id),
        )

    def set_schedule(self, subscription_id: int, chat_id: int, schedule: Schedule) -> None:
        self._write(
            "UPDATE subscription SET schedule = ?, hour = ?, weekday = ? WHERE id = ? AND chat_id = ?",
            (schedule.kind, schedule.hour, schedule.weekday, subscription_id, chat_id),
        )

    def set_quiet(self, chat_id: int, quiet: QuietHours) -> None:
        self._write("UPDATE chat SET quiet_from = ?, quiet_to = ? WHERE chat_id = ?", (quiet.start, quiet.end, chat_id))

    def set_cap(self, chat_id: int, cap: int) -> None:
        self._write("UPDATE chat SET daily_cap = ? WHERE chat_id = ?", (cap, chat_id))

    def subscriptions(self, chat_id: int) -> list[Subscription]:
        """All that are not deleted, oldest first."""
        sql = f"SELECT {_SUBSCRIPTION} FROM subscription WHERE chat_id = ? AND state <> 'deleted' ORDER BY id"
        return [_subscription(row) for row in self._rows(sql, (chat_id,))]

    def subscription(self, subscription_id: int, chat_id: int) -> Subscription | None:
        """One of this chat, also a deleted one."""
        row = self._row(f"SELECT {_SUBSCRIPTION} FROM subscription WHERE id = ? AND chat_id = ?", (subscription_id, chat_id))
        return _subscription(row) if row else None

    def chat(self, chat_id: int) -> Chat | None:
        row = self._row("SELECT chat_id, state, quiet_from, quiet_to, daily_cap FROM chat WHERE chat_id = ?", (chat_id,))
        return Chat(row[0], row[1], QuietHours(row[2], row[3]), row[4]) if row else None

    # --- deliveries ------------------------------------------------------------------------------------------------

    def chats_due(self, now: float, busy: Iterable[int], limit: int) -> list[int]:
        """Chats with something due, longest waiting first, that are not blocked, held or busy. The terminal fetches its own."""
        busy = set(busy)
        sql = (
            "SELECT delivery.chat_id FROM delivery JOIN chat USING (chat_id) WHERE delivery.state = 'due' AND due_at <= ?1 AND retry_at <= ?1"
            " AND chat.state = 'active' AND chat_id <> 0 GROUP BY delivery.chat_id ORDER BY min(due_at), min(delivery.id) LIMIT ?2"
        )
        return [chat_id for (chat_id,) in self._rows(sql, (now, limit + len(busy))) if chat_id not in busy][:limit]

    def due(self, chat_id: int, now: float, limit: int = 100) -> list[Delivery]:
        """Due deliveries of a chat in order, with the active rules that found each."""
        rows = self._rows(
            "SELECT id, chat_id, thread_id, article_id, kind, made_at, is_digest, attempts, refusals, title, quote FROM delivery"
            " WHERE chat_id = ? AND state = 'due' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
            (chat_id, now, limit),
        )
        return [Delivery(*row[:6], bool(row[6]), *row[7:], self._rules_of(chat_id, row[3])) for row in rows]

    def _rules_of(self, chat_id: int, article_row: int) -> tuple[tuple[int, str], ...]:
        sql = (
            "SELECT subscription.id, rule FROM rule_match JOIN subscription ON subscription.id = subscription_id"
            " WHERE chat_id = ? AND article_id = ? AND state = 'active' ORDER BY subscription.id"
        )
        return tuple(self._rows(sql, (chat_id, article_row)))

    def sent_since(self, chat_id: int, since: float) -> int:
        """Alerts told at once in a chat since a time."""
        sql = "SELECT count(*) FROM delivery WHERE chat_id = ? AND state = 'sent' AND kind = 'alert' AND NOT is_digest AND sent_at >= ?"
        return self._rows(sql, (chat_id, since))[0][0]

    def sent_today(self, chat_id: int, now: float) -> int:
        return self.sent_since(chat_id, start_of_day(now))

    def move(self, ids: Sequence[int], until: float, as_digest: bool) -> None:
        """Make deliveries due later."""
        self._for_each(f"UPDATE delivery SET due_at = {until!r}, is_digest = is_digest OR {int(as_digest)} WHERE id = ?", ids)

    def cancel(self, ids: Sequence[int]) -> None:
        self._for_each("UPDATE delivery SET state = 'cancelled' WHERE id = ?", ids)

    def start_sending(self, quotes: Sequence[tuple[int, str]]) -> None:
        """Mark deliveries just before they are sent, with the sentence that is quoted."""
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE delivery SET state = 'sending', attempts = attempts + 1, quote = ?2 WHERE id = ?1 AND state = 'due'", quotes
            )

    def mark_sent(self, chat_id: int, ids: Sequence[int], message_id: int, now: float) -> None:
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE delivery SET state = 'sent', message_id = ?, sent_at = ? WHERE id = ?", [(message_id, now, number) for number in ids]
            )
            connection.execute("UPDATE chat SET last_sent_at = ?, retry_at = 0 WHERE chat_id = ?", (now, chat_id))

    def put_back(self, chat_id: int, ids: Sequence[int], retry_at: float, is_uncertain: bool = False, is_refused: bool = False) -> None:
        """What was not sent, or may not have been, is due again; the chat waits until ``retry_at``."""
        with self._database.write() as connection:
            connection.executemany(
                f"UPDATE delivery SET state = 'due', uncertain = uncertain + {int(is_uncertain)}, refusals = refusals + {int(is_refused)} WHERE id = ?",
                [(number,) for number in ids],
            )
            connection.execute("UPDATE chat SET retry_at = max(retry_at, ?) WHERE chat_id = ?", (retry_at, chat_id))

    def give_up(self, ids: Sequence[int]) -> None:
        self._for_each("UPDATE delivery SET state = 'failed' WHERE id = ?", ids)

    def recover(self) -> int:
        """After a kill: what was being sent may have arrived or not; it is sent again, and counted. Only for the one sending process."""
        with self._database.write() as connection:
            return connection.execute("UPDATE delivery SET state = 'due', uncertain = uncertain + 1 WHERE state = 'sending'").rowcount

    def lately_sent(self, since: float) -> list[tuple[int, float]]:
        """(chat, time of the last message) of chats with a message since a time."""
        return self._rows("SELECT chat_id, last_sent_at FROM chat WHERE last_sent_at > ?", (since,))

    # --- chats that come, go and move --------------------------------------------------------------------------------

    def block(self, chat_id: int, now: float) -> None:
        """The chat cannot be reached: nothing is sent, its rules stay."""
        self._write("UPDATE chat SET state = 'blocked', blocked_at = coalesce(blocked_at, ?) WHERE chat_id = ?", (now, chat_id))

    def is_blocked(self, chat_id: int) -> bool:
        """Whether the chat has blocked the bot. Asked with every message."""
        return self._row("SELECT 1 FROM chat WHERE chat_id = ? AND state = 'blocked'", (chat_id,)) is not None

    def unblock(self, chat_id: int) -> None:
        """The chat is back. It writes only if there is something to write."""
        if self.is_blocked(chat_id):
            self._write("UPDATE chat SET state = 'active', blocked_at = NULL WHERE chat_id = ? AND state = 'blocked'", (chat_id,))

    def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: everything moves."""
        with self._database.write() as connection:
            if connection.execute("SELECT 1 FROM chat WHERE chat_id = ?", (new,)).fetchone() is None:
                connection.execute("UPDATE chat SET chat_id = ?, retry_at = 0 WHERE chat_id = ?", (new, old))
            else:
                connection.execute("UPDATE subscription SET chat_id = ? WHERE chat_id = ?", (new, old))
                connection.execute("UPDATE OR IGNORE delivery SET chat_id = ? WHERE chat_id = ?", (new, old))
                connection.execute("DELETE FROM chat WHERE chat_id = ?", (old,))
            connection.execute("UPDATE draft SET chat_id = ? WHERE chat_id = ?", (new, old))

    def purge(self, now: float) -> None:
        """Forget what is kept no longer: chats blocked for a year, undo, drafts, deliveries that no correction will ask for."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM draft WHERE created_at < ?", (now - DRAFT_DAYS * DAY_S,))
            connection.execute("DELETE FROM subscription WHERE state = 'deleted' AND ended_at < ?", (now - UNDO_DAYS * DAY_S,))
            connection.execute("DELETE FROM delivery WHERE sent_at < ?", (now - SENT_DAYS * DAY_S,))
            gone = "SELECT chat_id FROM chat WHERE state = 'blocked' AND blocked_at < ?"
            for table in ("draft", "chat"):
                connection.execute(f"DELETE FROM {table} WHERE chat_id IN ({gone})", (now - BLOCKED_DAYS * DAY_S,))
            drop_unused_themes(connection)

    # --- own data ----------------------------------------------------------------------------------------------------

    def own_data(self, chat_id: int) -> dict[str, list[dict[str, Any]]]:
        """Every row that belongs to a chat, by table."""
        found: dict[str, list[dict[str, Any]]] = {}
        with self._database.read() as connection:
            for (table,) in connection.execute(_TABLES_OF_CHATS).fetchall():
                cursor = connection.execute(f"SELECT * FROM {table} WHERE chat_id = ?", (chat_id,))
                names = [column[0] for column in cursor.description]
                found[table] = [dict(zip(names, row, strict=True)) for row in cursor]
            cursor = connection.execute(
                "SELECT rule_match.* FROM rule_match JOIN subscription ON id = subscription_id WHERE chat_id = ?", (chat_id,)
            )
            names = [column[0] for column in cursor.description]
            found["rule_match"] = [dict(zip(names, row, strict=True)) for row in cursor]
        return found

    def forget(self, chat_id: int) -> int:
        """Delete everything about a chat; returns how many rows are left (0), counted afterwards in all tables."""
        with self._database.write() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            for (table,) in connection.execute(_TABLES_OF_CHATS).fetchall():
                connection.execute(f"DELETE FROM {table} WHERE chat_id = ?", (chat_id,))
            drop_unused_themes(connection)
        return sum(len(rows) for rows in self.own_data(chat_id).values())

    def counts(self) -> dict[str, Any]:
        """Chats, subscriptions and deliveries by state; ``uncertain``: possible duplicates."""
        states = dict(self._rows("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state"))
        ((chats, subscriptions, uncertain),) = self._rows(
            "SELECT (SELECT count(*) FROM chat), (SELECT count(*) FROM subscription WHERE state <> 'deleted'),"
            " (SELECT coalesce(sum(uncertain), 0) FROM delivery)"
        )
        return {"chats": chats, "subscriptions": subscriptions, "deliveries": states, "uncertain": uncertain}

    def _rows(self, sql: str, parameters: tuple = ()) -> list[tuple]:
        with self._database.read() as connection:
            return connection.execute(sql, parameters).fetchall()

    def _row(self, sql: str, parameters: tuple = ()) -> Any:
        rows = self._rows(sql, parameters)
        return rows[0] if rows else None

    def _write(self, sql: str, parameters: tuple) -> None:
        with self._database.write() as connection:
            connection.execute(sql, parameters)

    def _for_each(self, sql: str, ids: Sequence[int]) -> None:
        with self._database.write() as connection:
            connection.executemany(sql, [(number,) for number in ids])


_NEXT_REVISION = "(SELECT coalesce(max(revision), 0) + 1 FROM subscription)"
_REVISE = f"revision = {_NEXT_REVISION}"


def _subscription(row: tuple) -> Subscription:
    return Subscription(row[0], row[1], row[2], row[3], Schedule(row[4], row[5], row[6]), row[7])


def changed_rules(connection: sqlite3.Connection, above: int) -> list[tuple[int, str, str, int]]:
    """(id, rule, state, revision) of subscriptions changed since a revision, inside the caller's transaction."""
    return connection.execute(
        "SELECT id, rule, state, revision FROM subscription WHERE revision > ? ORDER BY revision", (above,)
    ).fetchall()
