"""What is kept and asked of the store. The only truth; all else (vector index, caches) can be rebuilt from it."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from index.articles import Article, StoredArticle, is_from_web
from index.errors import ModelMismatchError
from index.storage.history import find_removal, former_versions, note_removal
from index.storage.records import (
    ArticleChange,
    FormerVersion,
    FurtherPlace,
    KnownArticle,
    KnownPlace,
    OnChange,
    Removal,
    StoredChange,
    StoredPassage,
)
from index.storage.rows import (
    address_of,
    article_of_row,
    content_digest,
    delete_passages,
    passage_of_row,
    raise_generation,
    read_article,
    read_passages,
    row_to_replace,
    write_article,
    write_passages,
    write_place,
)
from index.storage.sketches import rows_alike
from index.storage.sqlite import Database

MAX_LONGER = 500
# Undated articles are left out when a date is asked for: nobody can say that they were known then.
_PUBLISHED_WITHIN = "AND id IN (SELECT passage.id FROM passage JOIN article ON article.id = article_id WHERE published BETWEEN ? AND ?)"


class Store:
    """Articles, passages, vectors and search terms in one SQLite file."""

    def __init__(self, path: Path, on_change: OnChange | None = None, now: Callable[[], float] = time.time) -> None:
        """``on_change`` is called at the end of each transaction that adds, changes or removes articles; what it raises rolls all back.
        ``now``: seconds since 1970, for versions and removals."""
        self.path = path
        self._database = Database(path)
        self._on_change = on_change
        self._now = now

    def close(self) -> None:
        self._database.close()

    # --- the model that made the vectors -------------------------------------------------------------------------

    def bind_model(self, model_id: str, dimension: int) -> None:
        """Record the model of an empty store, or check it. Raises ModelMismatchError."""
        with self._database.write() as connection:
            stored = dict(connection.execute("SELECT name, value FROM setting WHERE name IN ('model', 'dimension')"))
            if not connection.execute("SELECT 1 FROM passage LIMIT 1").fetchone():
                values = [("model", model_id), ("dimension", str(dimension))]
                connection.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", values)
            elif stored != {"model": model_id, "dimension": str(dimension)}:
                raise ModelMismatchError(
                    f"Die Datenbank enthält Vektoren des Modells „{stored.get('model')}“, eingestellt ist „{model_id}“. Bitte AMTSFUNK_MODEL "
                    "zurückstellen oder mit einem anderen AMTSFUNK_HOME neu beginnen."
                )

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside the block see the store as it was at its start, whatever other processes write meanwhile."""
        with self._database.read() as connection:
            connection.execute("BEGIN")
            try:
                yield
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")  # nothing was written

    # --- reading articles ----------------------------------------------------------------------------------------

    def count_articles(self) -> int:
        return self._value("SELECT count(*) FROM article")

    def count_passages(self) -> int:
        return self._value("SELECT count(*) FROM passage")

    def count_sources(self) -> int:
        return self._value("SELECT count(DISTINCT source) FROM article")

    def generation(self) -> int:
        """A number that grows with every change; caches compare it."""
        return int(self._value("SELECT coalesce(max(value), '0') FROM setting WHERE name = 'generation'"))

    def find_article(self, key: str) -> StoredArticle | None:
        """The article with this key, also by the key of a further place."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id FROM article WHERE key = ?1 UNION SELECT article_id FROM place WHERE key = ?1", (key,)
            ).fetchone()
        return self.articles([row[0]]).get(row[0]) if row else None

    def articles(self, rows: Iterable[int]) -> dict[int, StoredArticle]:
        """Stored articles by row number; numbers that are gone are left out."""
        wanted = sorted(set(rows))
        if not wanted:
            return {}
        numbers = json.dumps(wanted)
        found: dict[int, StoredArticle] = {}
        with self._database.read() as connection:
            places: dict[int, list[tuple[str, str]]] = {}
            for row, key, url in connection.execute(
                "SELECT article_id, key, url FROM place WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY key", (numbers,)
            ):
                places.setdefault(row, []).append((key, url))
            for row, version, *fields in connection.execute(
                "SELECT id, version, key, title, text, published, url, source, tags, origin, is_teaser FROM article"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (numbers,),
            ):
                found[row] = StoredArticle(row, version, article_of_row(*fields), tuple(places.get(row, ())))
        return found

    def texts(self, rows: Iterable[int]) -> dict[int, str]:
        """Texts of articles by row number; numbers that are gone are left out."""
        with self._database.read() as connection:
            sql = "SELECT id, text FROM article WHERE id IN (SELECT value FROM json_each(?))"
            return dict(connection.execute(sql, (json.dumps(sorted(set(rows))),)))

    def rows_at(self, url: str) -> list[int]:
        """Row numbers of the articles with this address, also as a further place."""
        with self._database.read() as connection:
            found = connection.execute("SELECT id FROM article WHERE url = ?1 UNION SELECT article_id FROM place WHERE url = ?1", (url,))
            return [row for (row,) in found]

    def newest_rows(self, limit: int) -> list[int]:
        """Row numbers of the latest articles, newest first."""
        with self._database.read() as connection:
            return [row for (row,) in connection.execute("SELECT id FROM article ORDER BY published DESC, id DESC LIMIT ?", (limit,))]

    def dated_rows(self, since: date | None = None) -> list[tuple[int, date | None]]:
        """Row number and day of publication of every article (published since a day), newest first, undated ones last."""
        sql = f"SELECT id, published FROM article {'WHERE published >= ?' if since else ''} ORDER BY published DESC, id DESC"
        with self._database.read() as connection:
            found = connection.execute(sql, [since.isoformat()] if since else [])
            return [(row, date.fromisoformat(day) if day else None) for row, day in found]

    def filtered_rows(self, tag: str, source: str, limit: int, offset: int) -> list[int]:
        """Row numbers of the latest articles with this tag and of this source (each if not empty), newest first."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT id FROM article WHERE (:tag = '' OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))"
                " AND (:source = '' OR source = :source) ORDER BY published DESC, id DESC LIMIT :limit OFFSET :offset",
                {"tag": tag, "source": source, "limit": limit, "offset": offset},
            )
            return [row for (row,) in found]

    def count_tags(self) -> list[tuple[str, int]]:
        """Each tag and how many articles have it, most frequent first."""
        with self._database.read() as connection:
            return connection.execute(
                "SELECT value, count(DISTINCT article.id) AS n FROM article, json_each(tags) GROUP BY value ORDER BY n DESC, value"
            ).fetchall()

    def count_by_source(self) -> list[tuple[str, int]]:
        """Each source and how many articles it has, most frequent first."""
        with self._database.read() as connection:
            return connection.execute("SELECT source, count(*) AS n FROM article GROUP BY source ORDER BY n DESC, source").fetchall()

    def dates_of_passages(self, ids: Iterable[int]) -> dict[int, date]:
        """Row number and day of publication of the dated articles that these passages belong to, newest first."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT DISTINCT article.id, published FROM passage JOIN article ON article.id = article_id"
                " WHERE published IS NOT NULL AND passage.id IN (SELECT value FROM json_each(?)) ORDER BY published DESC, article.id DESC",
                (json.dumps(list(ids)),),
            )
            return {row: date.fromisoformat(day) for row, day in found}

    def passage_ids_of_articles(self, rows: Iterable[int]) -> list[int]:
        """Numbers of all passages of these articles, in order."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT id FROM passage WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY id", (json.dumps(list(rows)),)
            )
            return [number for (number,) in found]

    def find_known(self, article: Article) -> list[KnownArticle]:
        """Stored articles that share the incoming one's key or origin; its address, too, if it is read from the web."""
        address = address_of(article) if is_from_web(article.origin) else ""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT id, key, digest, content_digest, is_teaser, origin, origin = :origin AND origin <> '' OR address = :address AND"
                " address <> '' FROM article WHERE key = :key OR (origin = :origin AND origin <> '')"
                " OR (address = :address AND address <> '' AND origin = '') ORDER BY id",
                {"key": article.key, "origin": article.origin, "address": address},
            )
            return [
                KnownArticle(row, key, digest, content, bool(teaser), bool(same), origin)
                for row, key, digest, content, teaser, origin, same in found
            ]

    def find_place(self, article: Article) -> KnownPlace | None:
        """The further place that the incoming article was read at before, by its key or origin."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT article_id, key, digest FROM place WHERE key = ?1 OR (origin = ?2 AND origin <> '') ORDER BY key <> ?1 LIMIT 1",
                (article.key, article.origin),
            ).fetchone()
        return KnownPlace(*found) if found else None

    def find_alike(self, article: Article) -> dict[int, list[Article]]:
        """Stored articles that may be the same news, by row number, ascending; each with what stands word for word like the incoming
        one at its further places."""
        digest = content_digest(article)
        with self._database.read() as connection:
            found = {row: [read_article(connection, row)] for row in rows_alike(connection, article, digest)}
            for row, *fields in connection.execute(
                "SELECT article_id, key, title, text, published, url, source, tags, origin, is_teaser FROM place WHERE content_digest = ?"
                " ORDER BY article_id, key",
                (digest,),
            ):
                found.setdefault(row, []).append(article_of_row(*fields))
        return dict(sorted(found.items()))

    def places(self, row: int) -> list[Article]:
        """What was read at the further places of the article in ``row``, by key."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT key, title, text, published, url, source, tags, origin, is_teaser FROM place WHERE article_id = ? ORDER BY key", (row,)
            )
            return [article_of_row(*fields) for fields in found]

    def former_versions(self, row: int) -> list[FormerVersion]:
        """The kept earlier versions of the article in ``row``, oldest first."""
        with self._database.read() as connection:
            return former_versions(connection, row)

    def find_removal(self, key: str) -> Removal | None:
        """When the article or place with this key was removed; None if it never was, or is there again."""
        with self._database.read() as connection:
            return find_removal(connection, key)

    # --- writing -------------------------------------------------------------------------------------------------

    def apply(self, changes: Sequence[ArticleChange], places: Sequence[FurtherPlace] = (), gone: Sequence[str] = ()) -> None:
        """Store all in one transaction: each article with passages, vectors and search terms, or nothing.

        ``gone``: keys that are no longer published, of further places or of articles that a change in ``changes`` takes the row of.
        """
        if not changes and not places and not gone:
            return
        with self._database.write() as connection:
            for key in gone:
                self._note_gone(connection, key)
            done = []
            for decided in changes:
                change = replace(decided, replaces=row_to_replace(connection, decided))
                before = None if change.replaces is None else read_article(connection, change.replaces)
                row = write_article(connection, change, self._now())
                write_passages(connection, row, change)
                done.append(StoredChange(row, "added" if change.replaces is None else "changed", before, change.article))
            for place in places:
                write_place(connection, place)
            raise_generation(connection)
            self._tell(connection, done)

    def remove(self, keys: Iterable[str]) -> int:
        """Delete articles by key with all that belongs to them, further places too; returns how many there were.

        Where another place may still publish an article, use ``index.removal``: there the article stays, under that place.
        """
        removed = []
        with self._database.write() as connection:
            for key in keys:
                found = connection.execute("SELECT id FROM article WHERE key = ?", (key,)).fetchone()
                if found:
                    removed.append(StoredChange(found[0], "removed", read_article(connection, found[0]), None))
                    for (place,) in connection.execute("SELECT key FROM place WHERE article_id = ?", found).fetchall():
                        self._note_gone(connection, place)
                    self._note_gone(connection, key)
                    delete_passages(connection, found[0])
                    connection.execute("DELETE FROM article WHERE id = ?", found)
            raise_generation(connection)
            self._tell(connection, removed)
        return len(removed)

    def _note_gone(self, connection: sqlite3.Connection, key: str) -> None:
        title = connection.execute("SELECT title FROM article WHERE key = ?1 UNION ALL SELECT title FROM place WHERE key = ?1", (key,)).fetchone()
        if title:
            note_removal(connection, key, title[0], self._now())
            connection.execute("DELETE FROM place WHERE key = ?", (key,))

    def _tell(self, connection: sqlite3.Connection, changes: Sequence[StoredChange]) -> None:
        if self._on_change is not None and changes:
            self._on_change(connection, changes)

    # --- searching -----------------------------------------------------------------------------------------------

    def term_ids(self, keys: Iterable[str]) -> dict[str, int]:
        """Numbers of the keys that are known."""
        with self._database.read() as connection:
            return dict(
                connection.execute("SELECT term, id FROM term WHERE term IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),))
            )

    def longer_terms(self, key: str) -> list[tuple[str, int]]:
        """Terms that begin with ``key`` and go on, with their numbers; at most MAX_LONGER."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT term, id FROM term WHERE term > ? AND term < ? ORDER BY term LIMIT ?", (key, key + "\U0010ffff", MAX_LONGER)
            )
            return [(term, number) for term, number in found]

    def article_versions(self) -> list[tuple[int, int]]:
        """(row, version) of every article."""
        with self._database.read() as connection:
            return list(connection.execute("SELECT id, version FROM article ORDER BY id"))

    def article_texts(self, articles: Iterable[tuple[int, int]]) -> list[tuple[int, int, str]]:
        """(row, version, text) of the articles in these rows."""
        rows = json.dumps([row for row, _version in articles])
        with self._database.read() as connection:
            return list(connection.execute("SELECT id, version, text FROM article WHERE id IN (SELECT value FROM json_each(?))", (rows,)))

    def all_terms(self) -> list[tuple[str, int]]:
        """Every term ever stored, with its number; some may occur in no passage any more."""
        with self._database.read() as connection:
            return list(connection.execute("SELECT term, id FROM term"))

    def passage_terms(self, above: int = 0) -> Iterator[tuple[int, bytes]]:
        """(number, TERM_COUNTS records as bytes) of every passage with a number above ``above``, in order."""
        with self._database.read() as connection:
            yield from connection.execute("SELECT id, terms FROM passage WHERE id > ? ORDER BY id", (above,))

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Stored passages by number; numbers that are gone are left out."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT id, article_id, start, end, sentences, tokens, token_sentences FROM passage WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
            return {row[0]: passage_of_row(*row) for row in found}

    def passage_vectors(self, above: int = 0) -> Iterator[tuple[int, np.ndarray]]:
        """(number, float32 vector) of every passage with a number above ``above``, in order."""
        with self._database.read() as connection:
            for number, vector in connection.execute("SELECT id, vector FROM passage WHERE id > ? ORDER BY id", (above,)):
                yield number, np.frombuffer(vector, "<f2").astype(np.float32)

    def passages_with_vectors(self, article_row: int) -> list[tuple[StoredPassage, np.ndarray]]:
        """The passages of an article in order, each with its float32 vector."""
        with self._database.read() as connection:
            return read_passages(connection, article_row)

    def vectors_of_articles(self, rows: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
        """Article row, int64 (n,), and vector, float32 (n, dimension), of every passage of these articles."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT article_id, vector FROM passage WHERE article_id IN (SELECT value FROM json_each(?))", (json.dumps(list(rows)),)
            ).fetchall()
        if not found:
            return np.empty(0, np.int64), np.empty((0, 0), np.float32)
        vectors = np.frombuffer(b"".join(vector for _row, vector in found), "<f2").reshape(len(found), -1)
        return np.array([row for row, _vector in found], np.int64), vectors.astype(np.float32)

    def passage_ids(self, until: date | None = None, since: date | None = None) -> np.ndarray:
        """Numbers of all passages (of articles published from ``since`` to ``until``, both included), int64, ascending."""
        sql = f"SELECT id FROM passage WHERE 1 {_PUBLISHED_WITHIN if since or until else ''} ORDER BY id"
        days = [(since or date.min).isoformat(), (until or date.max).isoformat()]
        with self._database.read() as connection:
            found = connection.execute(sql, days if since or until else [])
            return np.fromiter((row[0] for row in found), np.int64)

    def state(self) -> str:
        """A random word that every change replaces: a cache is right for this content exactly if it was made at this state."""
        return self._value("SELECT coalesce(max(value), '') FROM setting WHERE name = 'state'")

    def _value(self, sql: str, parameters: tuple = ()):
        with self._database.read() as connection:
            return connection.execute(sql, parameters).fetchone()[0]
