"""What is kept of sources and addresses: all statements on their tables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from index.fetching.outcomes import Validators
from index.sources.nouns import AddressState, Kind, Listed, Place, Source, SourceCounts, SourceState
from index.sources.schema import migrate_sources
from index.storage.sqlite import Database

RECENT_DAYS = 7
_ADDRESS = (
    "source_key, listed, digest, is_new, etag, last_modified, article_key, is_full, first_seen, seen_at, next_check, tries, gone_since,"
    " published, error"
)
_STATE = "key, kind, title, etag, last_modified, moved_to, last_try, last_success, last_error, failures, interval_s, next_visit, has_ended, paused_until"


class SourceStore:
    """Sources and addresses, in the SQLite file of the articles."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        with self._database.read() as connection:
            migrate_sources(connection)

    def close(self) -> None:
        self._database.close()

    # --- definitions -------------------------------------------------------------------------------------------------

    def added(self) -> list[Source]:
        """Sources added by hand, in the order of their keys."""
        rows = self._rows("SELECT key, definition FROM added_source ORDER BY key")
        return [_source_of_json(key, json.loads(definition)) for key, definition in rows]

    def add(self, source: Source) -> None:
        """Remember a source, or change it; it is visited at once."""
        definition = {name: value for name, value in asdict(source).items() if name not in {"key", "place", "is_on"}}
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO added_source VALUES (?, ?)", (source.key, json.dumps(definition, ensure_ascii=False)))
            connection.execute("DELETE FROM source_switch WHERE key = ?", (source.key,))
            connection.execute("DELETE FROM source_state WHERE key = ?", (source.key,))

    def remove(self, key: str) -> None:
        """Forget a source with all that is remembered of its addresses; articles stay."""
        with self._database.write() as connection:
            for statement in (
                "DELETE FROM added_source WHERE key = ?",
                "DELETE FROM source_switch WHERE key = ?",
                "DELETE FROM source_state WHERE key = ?",
                "DELETE FROM source_part WHERE source_key = ?",
                "DELETE FROM source_address WHERE source_key = ?",
            ):
                connection.execute(statement, (key,))

    def switches(self) -> dict[str, bool]:
        """Sources switched by hand."""
        return {key: bool(is_on) for key, is_on in self._rows("SELECT key, is_on FROM source_switch")}

    def switch(self, key: str, is_on: bool) -> None:
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO source_switch VALUES (?, ?)", (key, is_on))

    # --- states of sources -------------------------------------------------------------------------------------------

    def states(self) -> dict[str, SourceState]:
        """What is remembered of every source that was ever visited, by key."""
        return {row[0]: _state_of_row(row) for row in self._rows(f"SELECT {_STATE} FROM source_state")}

    def state(self, key: str) -> SourceState:
        """What is remembered of a source; a fresh state if it was never visited."""
        rows = self._rows(f"SELECT {_STATE} FROM source_state WHERE key = ?", (key,))
        return _state_of_row(rows[0]) if rows else SourceState(key)

    def save_state(self, state: SourceState) -> None:
        self.save_listing(state, [])

    def save_listing(self, state: SourceState, addresses: Iterable[AddressState], parts: Mapping[str, Validators] | None = None) -> None:
        """A source's state, what it lists, and the validators of its parts, in one transaction: nothing listed is lost by a kill."""
        with self._database.write() as connection:
            connection.execute(f"INSERT OR REPLACE INTO source_state ({_STATE}) VALUES ({_marks(14)})", _row_of_state(state))
            connection.executemany(_SAVE_ADDRESS, map(_row_of_address, addresses))
            if parts is not None:
                connection.execute("DELETE FROM source_part WHERE source_key = ?", (state.key,))
                rows = [(state.key, url, found.etag, found.last_modified) for url, found in parts.items()]
                connection.executemany("INSERT INTO source_part VALUES (?, ?, ?, ?)", rows)

    def parts(self, key: str) -> dict[str, Validators]:
        """Further lists of a source with their validators."""
        rows = self._rows("SELECT url, etag, last_modified FROM source_part WHERE source_key = ? ORDER BY url", (key,))
        return {url: Validators(etag, last_modified) for url, etag, last_modified in rows}

    # --- addresses ---------------------------------------------------------------------------------------------------

    def digests(self, key: str) -> dict[str, str]:
        """What a source last said of each of its addresses, as digests by address."""
        return dict(self._rows("SELECT address, digest FROM source_address WHERE source_key = ?", (key,)))

    def addresses(self, key: str, names: Iterable[str]) -> list[AddressState]:
        """States of these addresses of a source."""
        sql = f"SELECT {_ADDRESS} FROM source_address WHERE source_key = ? AND address IN (SELECT value FROM json_each(?))"
        return [_address_of_row(row) for row in self._rows(sql, (key, json.dumps(list(names))))]

    def due_addresses(self, key: str, now: float, limit: int) -> list[AddressState]:
        """Addresses of a source that are to be visited: those not read yet first, of these the latest news first."""
        sql = (
            f"SELECT {_ADDRESS} FROM source_address WHERE source_key = ? AND next_check <= ?"
            " ORDER BY article_key <> '', json_extract(listed, '$.published') DESC, next_check LIMIT ?"
        )
        return [_address_of_row(row) for row in self._rows(sql, (key, now, limit))]

    def count_due(self, key: str, now: float) -> int:
        return self._rows("SELECT count(*) FROM source_address WHERE source_key = ? AND next_check <= ?", (key, now))[0][0]

    def count_articles(self, key: str) -> int:
        return self._rows("SELECT count(*) FROM source_address WHERE source_key = ? AND article_key <> ''", (key,))[0][0]

    def sources_with_due_addresses(self, now: float) -> set[str]:
        return {key for (key,) in self._rows("SELECT DISTINCT source_key FROM source_address WHERE next_check <= ?", (now,))}

    def days(self, key: str) -> list[date]:
        """Days of publication of a source's articles; where unknown, the day when the address was first seen. The latest thousand."""
        sql = (
            "SELECT coalesce(published, json_extract(listed, '$.published'), date(first_seen, 'unixepoch')) AS day FROM source_address"
            " WHERE source_key = ? AND article_key <> '' ORDER BY day DESC LIMIT 1000"
        )
        return [date.fromisoformat(day) for (day,) in self._rows(sql, (key,))]

    def save_addresses(self, addresses: Sequence[AddressState]) -> None:
        with self._database.write() as connection:
            connection.executemany(_SAVE_ADDRESS, map(_row_of_address, addresses))

    def count(self, today: date, now: float) -> dict[str, SourceCounts]:
        """Articles and waiting addresses by source. An article without a date counts from when it was first seen."""
        sql = (
            "SELECT source_key, count(*) FILTER (WHERE article_key <> ''), count(*) FILTER (WHERE article_key <> '' AND"
            " coalesce(published, date(first_seen, 'unixepoch')) > date(?, ?)), count(*) FILTER (WHERE article_key = '' AND next_check <= ?)"
            " FROM source_address GROUP BY source_key"
        )
        rows = self._rows(sql, (today.isoformat(), f"-{RECENT_DAYS} days", now))
        return {key: SourceCounts(articles, recent, waiting) for key, articles, recent, waiting in rows}

    def _rows(self, sql: str, parameters: tuple = ()) -> list[tuple]:
        with self._database.read() as connection:
            return connection.execute(sql, parameters).fetchall()


def _marks(count: int) -> str:
    return ", ".join("?" * count)


_LISTED = fields(Listed)
_SAVE_ADDRESS = f"INSERT OR REPLACE INTO source_address (address, {_ADDRESS}) VALUES ({_marks(16)})"


def _source_of_json(key: str, definition: dict[str, Any]) -> Source:
    kind = Kind(definition["kind"]) if definition["kind"] else None
    return Source(key=key, place=Place.ADDED, **{**definition, "kind": kind})


def _state_of_row(row: tuple) -> SourceState:
    key, kind, title, etag, last_modified, *rest, has_ended, paused_until = row
    return SourceState(key, Kind(kind) if kind else None, title, Validators(etag, last_modified), *rest, bool(has_ended), paused_until)


def _row_of_state(state: SourceState) -> tuple:
    return (
        *(state.key, state.kind, state.title, state.validators.etag, state.validators.last_modified, state.moved_to, state.last_try),
        *(state.last_success, state.last_error, state.failures, state.interval_s, state.next_visit, state.has_ended, state.paused_until),
    )


def _address_of_row(row: tuple) -> AddressState:
    key, listed, digest, is_new, etag, last_modified, article_key, is_full, *times, published, error = row
    first_seen, seen_at, next_check, tries, gone_since = times
    return AddressState(
        source_key=key,
        listed=_listed_of_json(json.loads(listed)),
        digest=digest,
        is_new=bool(is_new),
        validators=Validators(etag, last_modified),
        article_key=article_key,
        is_full=bool(is_full),
        first_seen=first_seen,
        seen_at=seen_at,
        next_check=next_check,
        tries=tries,
        gone_since=gone_since,
        published=date.fromisoformat(published) if published else None,
        error=error,
    )


def _listed_to_json(item: Listed) -> dict[str, Any]:
    stored = {field.name: getattr(item, field.name) for field in _LISTED}  # ``asdict`` copies deeply, which takes ten times as long
    return stored | {"published": item.published.isoformat() if item.published else None}


def _listed_of_json(stored: dict[str, Any]) -> Listed:
    published = date.fromisoformat(stored["published"]) if stored["published"] else None
    return Listed(**{**stored, "published": published, "tags": tuple(stored["tags"])})


def _row_of_address(state: AddressState) -> tuple:
    item = state.listed
    return (
        *(item.address, state.source_key, json.dumps(_listed_to_json(item), ensure_ascii=False), state.digest),
        *(state.is_new, state.validators.etag, state.validators.last_modified, state.article_key, state.is_full, state.first_seen),
        *(
            state.seen_at,
            state.next_check,
            state.tries,
            state.gone_since,
            state.published.isoformat() if state.published else None,
            state.error,
        ),
    )
