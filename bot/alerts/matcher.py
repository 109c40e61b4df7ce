"""Articles that change → matches, deliveries and corrections, in the article's own transaction.

    added    → rules that match → one delivery per chat
    changed  → as added, and a correction where a sentence that was sent is no longer there
    removed  → what was due is cancelled, what was sent gets a correction
"""

import sqlite3
from collections.abc import Callable, Sequence

from bot.alerts.nouns import QuietHours, Schedule
from bot.alerts.schedules import ALERT, CORRECTION, first_due
from bot.alerts.store import changed_rules
from index.alerting.analysis import analyse_article
from index.alerting.rule_index import RuleIndex
from index.alerting.rules import parse_rule
from index.articles import Article
from index.errors import RuleError
from index.storage.records import StoredChange

_INSERT = (
    "INSERT OR IGNORE INTO delivery (chat_id, thread_id, article_id, kind, due_at, made_at, is_digest, title, quote)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class AlertMatcher:
    """Listens to the store. Keeps an index over the active rules, which catches up inside the transaction."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._index = RuleIndex()
        self._revision = 0

    def on_change(self, connection: sqlite3.Connection, changes: Sequence[StoredChange]) -> None:
        """For ``Store(on_change=…)``."""
        if connection.execute("SELECT 1 FROM chat LIMIT 1").fetchone() is None:
            return
        self._catch_up(connection)
        for change in changes:
            if change.after is not None:
                self._note_matches(connection, change.row, change.after)
            if change.before is not None:
                self._note_corrections(connection, change)

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        for number, text, state, revision in changed_rules(connection, self._revision):
            self._revision = revision
            self._index.remove(number)
            if state == "active":
                try:
                    self._index.add(number, parse_rule(text))
                except RuleError:  # saved by an older version that read it otherwise
                    continue

    def _note_matches(self, connection: sqlite3.Connection, row: int, article: Article) -> None:
        now = self._now()
        for number in self._index.match(analyse_article(article)):
            found = connection.execute(
                "SELECT chat_id, thread_id, schedule, hour, weekday, quiet_from, quiet_to FROM subscription JOIN chat USING (chat_id)"
                " WHERE id = ? AND subscription.state = 'active'",
                (number,),
            ).fetchone()
            if found is None:
                continue
            chat_id, thread_id, kind, hour, weekday, quiet_from, quiet_to = found
            due_at = first_due(now, Schedule(kind, hour, weekday), QuietHours(quiet_from, quiet_to))
            connection.execute("INSERT OR IGNORE INTO rule_match VALUES (?, ?, ?)", (number, row, now))
            connection.execute(_INSERT, (chat_id, thread_id, row, ALERT, due_at, now, kind != "now", article.title, ""))
            connection.execute(  # another rule wants it sooner
                "UPDATE delivery SET due_at = ?1, is_digest = ?2 WHERE chat_id = ?3 AND article_id = ?4 AND kind = 'alert' AND state = 'due'"
                " AND due_at > ?1",
                (due_at, kind != "now", chat_id, row),
            )

    def _note_corrections(self, connection: sqlite3.Connection, change: StoredChange) -> None:
        now = self._now()
        if change.after is None:
            connection.execute("UPDATE delivery SET state = 'cancelled' WHERE article_id = ? AND kind = 'alert' AND state = 'due'", (change.row,))
        told = connection.execute(
            "SELECT chat_id, thread_id, title, quote FROM delivery WHERE article_id = ? AND kind = 'alert' AND state IN ('sent', 'sending')",
            (change.row,),
        ).fetchall()
        for chat_id, thread_id, title, quote in told:
            if change.after is None or quote not in change.after.text:
                connection.execute(_INSERT, (chat_id, thread_id, change.row, CORRECTION, now, now, 0, title, quote))
