"""Articles that change → matches, deliveries and corrections, in the article's own transaction.

    added    → its keys, the themes that it is near to → rules that match → one delivery per chat
    changed  → as added, and a correction where a sentence that was sent is no longer there
    removed  → what was due is cancelled, what was sent gets a correction

Old articles are no news: those published more than LATE_DAYS ago wait for the next digest, those older than OLD_DAYS are not told at all.
So an archive can be read in without flooding anyone.
"""

import sqlite3
from collections.abc import Callable, Sequence

from bot.alerts.nouns import QuietHours, Schedule
from bot.alerts.schedules import ALERT, CORRECTION, first_told
from bot.alerts.store import changed_rules
from bot.alerts.theme_store import drop_keys, keep_keys, stored_themes, themes_state
from index.alerting.analysis import analyse_article
from index.alerting.archive import near_passages
from index.alerting.rule_index import RuleIndex
from index.alerting.rules import parse_rule
from index.alerting.screening import kept_keys
from index.alerting.themes import ThemeSet
from index.articles import Article
from index.errors import RuleError
from index.storage.records import StoredChange
from index.storage.rows import read_passages

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
        self._themes, self._themes_state = ThemeSet(()), (0, 0)

    def on_change(self, connection: sqlite3.Connection, changes: Sequence[StoredChange]) -> None:
        """For ``Store(on_change=…)``."""
        self._catch_up(connection)
        for change in changes:
            if change.after is not None:
                self._note_matches(connection, change.row, change.after)
            else:
                drop_keys(connection, change.row)
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
        if (state := themes_state(connection)) != self._themes_state:
            self._themes, self._themes_state = ThemeSet(stored_themes(connection)), state

    def _note_matches(self, connection: sqlite3.Connection, row: int, article: Article) -> None:
        now = self._now()
        near = self._themes.find_near(near_passages(read_passages(connection, row))) if self._themes else {}
        analysed = analyse_article(article, near)
        keep_keys(connection, row, kept_keys(analysed))
        for number in self._index.match(analysed):
            found = connection.execute(
                "SELECT chat_id, thread_id, schedule, hour, weekday, quiet_from, quiet_to FROM subscription JOIN chat USING (chat_id)"
                " WHERE id = ? AND subscription.state = 'active'",
                (number,),
            ).fetchone()
            if found is None:
                continue
            chat_id, thread_id, kind, hour, weekday, quiet_from, quiet_to = found
            told = first_told(now, article.published, Schedule(kind, hour, weekday), QuietHours(quiet_from, quiet_to))
            if told is None:
                return
            due_at, is_digest = told
            connection.execute("INSERT OR IGNORE INTO rule_match VALUES (?, ?, ?)", (number, row, now))
            connection.execute(_INSERT, (chat_id, thread_id, row, ALERT, due_at, now, is_digest, article.title, ""))
            connection.execute(  # another rule wants it sooner
                "UPDATE delivery SET due_at = ?1, is_digest = ?2 WHERE chat_id = ?3 AND article_id = ?4 AND kind = 'alert' AND state = 'due'"
                " AND due_at > ?1",
                (due_at, is_digest, chat_id, row),
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
