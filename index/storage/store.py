"""What is kept and asked of the store. The only truth; all else (vector index, caches) can be rebuilt from it."""

import contextlib
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from index.articles import Article, Passage, Span, StoredArticle
from index.encoding.encoder import EncodedPassage
from index.errors import ModelMismatchError
from index.language.terms import IndexedText, index_text
from index.storage.sqlite import Database


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is needed to decide about an incoming article: the stored one's row, key and digests, and whether it is from the same file."""

    row: int
    key: str
    digest: bytes
    content_digest: bytes
    is_teaser: bool
    shares_origin: bool
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article to be stored with its passages: in place of ``replaces`` (a row number), or as a new one."""

    article: Article
    passages: tuple[Passage, ...]
    encoded: tuple[EncodedPassage, ...]
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class FurtherPlace:
    """Another key and address under which the text of the article in ``row`` was read."""

    row: int
    key: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as stored; ``tokens`` and ``token_sentences`` as in ``EncodedPassage``."""

    id: int
    article_row: int
    passage: Passage
    tokens: np.ndarray
    token_sentences: np.ndarray


@dataclass(frozen=True, slots=True)
class StoredChange:
    """What a transaction does to one article: ``before`` is None for an added one, ``after`` for a removed one."""

    row: int
    kind: Literal["added", "changed", "removed"]
    before: Article | None
    after: Article | None


# A passage's terms: number, and how often it stands in the title, in the body, and as a part of compounds in either.
TERM_COUNTS = np.dtype([("term", "<u4"), ("title", "u1"), ("body", "u1"), ("parts", "u1"), ("unused", "u1")])
MAX_COUNT = 255
MAX_LONGER = 500
# Undated articles are left out when a date is asked for: nobody can say that they were known then.
_PUBLISHED_BY = "AND id IN (SELECT passage.id FROM passage JOIN article ON article.id = article_id WHERE published <= ?)"


class Store:
    """Articles, passages, vectors and search terms in one SQLite file.

    ``on_change`` is called once at the end of each transaction that adds, changes or removes articles, inside it: what it writes is
    kept or rolled back together with the articles.
    """

    def __init__(self, path: Path, on_change: Callable[[sqlite3.Connection, Sequence[StoredChange]], None] | None = None) -> None:
        self.path = path
        self._on_change = on_change
        self._database = Database(path)

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
        numbers = json.dumps(sorted(set(rows)))
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
                found[row] = StoredArticle(row, version, _article(*fields), tuple(places.get(row, ())))
        return found

    def newest_rows(self, limit: int) -> list[int]:
        """Row numbers of the latest articles, newest first."""
        with self._database.read() as connection:
            return [row for (row,) in connection.execute("SELECT id FROM article ORDER BY published DESC, id DESC LIMIT ?", (limit,))]

    def find_known(self, article: Article) -> list[KnownArticle]:
        """Stored articles that share the incoming one's key, origin or content."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT id, key, digest, content_digest, is_teaser, origin, origin = :origin AND origin <> '' FROM article"
                " WHERE key = :key OR (origin = :origin AND origin <> '') OR content_digest = :content ORDER BY id",
                {"key": article.key, "origin": article.origin, "content": content_digest(article)},
            )
            return [
                KnownArticle(row, key, digest, content, bool(teaser), bool(same), origin)
                for row, key, digest, content, teaser, origin, same in found
            ]

    def is_place(self, key: str, row: int) -> bool:
        """Whether ``key`` is recorded as a further place of the article in ``row``."""
        return bool(self._value("SELECT count(*) FROM place WHERE key = ? AND article_id = ?", (key, row)))

    # --- writing -------------------------------------------------------------------------------------------------

    def apply(self, changes: Sequence[ArticleChange], places: Sequence[FurtherPlace] = ()) -> None:
        """Store all changes in one transaction: each article with passages, vectors and search terms, or nothing."""
        if not changes and not places:
            return
        with self._database.write() as connection:
            stored = [_store_change(connection, change) for change in changes]
            connection.executemany(
                "INSERT OR REPLACE INTO place (article_id, key, url, source) VALUES (?, ?, ?, ?)",
                [(place.row, place.key, place.url, place.source) for place in places],
            )
            self._finish(connection, stored)

    def remove(self, keys: Iterable[str]) -> int:
        """Delete articles by key with all that belongs to them; returns how many there were."""
        removed: list[StoredChange] = []
        with self._database.write() as connection:
            for key in keys:
                found = connection.execute("SELECT id FROM article WHERE key = ?", (key,)).fetchone()
                if found:
                    removed.append(StoredChange(found[0], "removed", _read_article(connection, found[0]), None))
                    _delete_passages(connection, found[0])
                    connection.execute("DELETE FROM article WHERE id = ?", found)
            self._finish(connection, removed)
        return len(removed)

    def _finish(self, connection: sqlite3.Connection, changes: Sequence[StoredChange]) -> None:
        """The end of every transaction on articles."""
        if changes and self._on_change is not None:
            self._on_change(connection, changes)
        _raise_generation(connection)

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
            return {row[0]: _stored_passage(*row) for row in found}

    def passage_vectors(self, above: int = 0) -> Iterator[tuple[int, np.ndarray]]:
        """(number, float32 vector) of every passage with a number above ``above``, in order."""
        with self._database.read() as connection:
            for number, vector in connection.execute("SELECT id, vector FROM passage WHERE id > ? ORDER BY id", (above,)):
                yield number, np.frombuffer(vector, "<f2").astype(np.float32)

    def passage_ids(self, until: date | None = None) -> np.ndarray:
        """Numbers of all passages (of articles published by ``until``), int64, ascending."""
        sql = f"SELECT id FROM passage WHERE 1 {_PUBLISHED_BY if until else ''} ORDER BY id"
        with self._database.read() as connection:
            found = connection.execute(sql, [until.isoformat()] if until else [])
            return np.fromiter((row[0] for row in found), np.int64)

    def state(self) -> str:
        """A random word that every change replaces: a cache is right for this content exactly if it was made at this state."""
        return self._value("SELECT coalesce(max(value), '') FROM setting WHERE name = 'state'")

    def _value(self, sql: str, parameters: tuple = ()):
        with self._database.read() as connection:
            return connection.execute(sql, parameters).fetchone()[0]


def content_digest(article: Article) -> bytes:
    """Digest of headline, text and date: what makes two articles the same news word for word."""
    return _digest([article.title, article.text, str(article.published)])


def article_digest(article: Article) -> bytes:
    """Digest of everything about an article that a reader would see."""
    tags = json.dumps(list(article.tags), ensure_ascii=False)
    return _digest([article.title, article.text, str(article.published), article.url, article.source, tags, str(article.is_teaser)])


def _digest(fields: list[str]) -> bytes:
    return hashlib.blake2b(json.dumps(fields).encode(), digest_size=16).digest()


def _article(key, title, text, published, url, source, tags, origin, is_teaser) -> Article:
    day = date.fromisoformat(published) if published else None
    return Article(key, title, text, day, url, source, tuple(json.loads(tags)), origin, bool(is_teaser))


def _stored_passage(number, article_row, start, end, sentences, tokens, token_sentences) -> StoredPassage:
    spans = tuple(Span(int(first), int(last)) for first, last in np.frombuffer(sentences, "<i4").reshape(-1, 2))
    places = np.frombuffer(token_sentences, "<u2")
    vectors = np.frombuffer(tokens, np.int8).reshape(len(places), -1) if len(places) else np.empty((0, 1), np.int8)
    return StoredPassage(number, article_row, Passage(Span(start, end), spans), vectors, places)


def _store_change(connection: sqlite3.Connection, change: ArticleChange) -> StoredChange:
    before = _read_article(connection, change.replaces) if change.replaces is not None else None
    row = _write_article(connection, change)
    _write_passages(connection, row, change)
    return StoredChange(row, "added" if before is None else "changed", before, change.article)


def _read_article(connection: sqlite3.Connection, row: int) -> Article | None:
    found = connection.execute(
        "SELECT key, title, text, published, url, source, tags, origin, is_teaser FROM article WHERE id = ?", (row,)
    ).fetchone()
    return _article(*found) if found else None


def _write_article(connection: sqlite3.Connection, change: ArticleChange) -> int:
    article = change.article
    values = (
        article.key,
        article.title,
        article.text,
        article.published.isoformat() if article.published else None,
        article.url,
        article.source,
        json.dumps(list(article.tags), ensure_ascii=False),
        article.origin,
        int(article.is_teaser),
        article_digest(article),
        content_digest(article),
    )
    connection.execute("DELETE FROM place WHERE key = ?", (article.key,))
    if change.replaces is None:
        cursor = connection.execute(
            "INSERT INTO article (key, title, text, published, url, source, tags, origin, is_teaser, digest, content_digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return int(cursor.lastrowid or 0)
    connection.execute(  # what stood word for word elsewhere does so no longer
        "DELETE FROM place WHERE article_id = ?1 AND ?2 <> (SELECT content_digest FROM article WHERE id = ?1)",
        (change.replaces, content_digest(article)),
    )
    connection.execute(
        "UPDATE article SET key = ?, title = ?, text = ?, published = ?, url = ?, source = ?, tags = ?, origin = ?, is_teaser = ?,"
        " digest = ?, content_digest = ?, version = version + 1 WHERE id = ?",
        (*values, change.replaces),
    )
    _delete_passages(connection, change.replaces)
    return change.replaces


def _delete_passages(connection: sqlite3.Connection, article_row: int) -> None:
    connection.execute("DELETE FROM passage WHERE article_id = ?", (article_row,))


def _write_passages(connection: sqlite3.Connection, row: int, change: ArticleChange) -> None:
    title = index_text(change.article.title)
    bodies = [index_text(passage.span.cut(change.article.text)) for passage in change.passages]
    numbers = _number_terms(connection, [title, *bodies])
    for passage, encoded, body in zip(change.passages, change.encoded, bodies, strict=True):
        spans = np.array([(span.start, span.end) for span in passage.sentences], "<i4")
        connection.execute(
            "INSERT INTO passage (article_id, start, end, sentences, vector, tokens, token_sentences, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row,
                passage.span.start,
                passage.span.end,
                spans.tobytes(),
                encoded.vector.astype("<f2").tobytes(),
                encoded.tokens.tobytes(),
                encoded.token_sentences.astype("<u2").tobytes(),
                count_terms(title, body, numbers).tobytes(),
            ),
        )


def _number_terms(connection: sqlite3.Connection, texts: list[IndexedText]) -> dict[str, int]:
    """Numbers of all keys of the texts; new keys get one, in the order in which they occur."""
    keys = list(dict.fromkeys(key for text in texts for key in (*text.wholes, *text.parts)))
    connection.executemany(
        "INSERT INTO term (term) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM term WHERE term = ?1)", [(key,) for key in keys]
    )
    return dict(connection.execute("SELECT term, id FROM term WHERE term IN (SELECT value FROM json_each(?))", (json.dumps(keys),)))


def count_terms(title: IndexedText, body: IndexedText, numbers: dict[str, int]) -> np.ndarray:
    """TERM_COUNTS records of a passage, by term number. Counts above 255 are 255."""
    counts = {"title": Counter(title.wholes), "body": Counter(body.wholes), "parts": Counter((*title.parts, *body.parts))}
    keys = sorted(set().union(*counts.values()), key=numbers.__getitem__)
    records = np.zeros(len(keys), TERM_COUNTS)
    records["term"] = [numbers[key] for key in keys]
    for field, counted in counts.items():
        records[field] = [min(counted[key], MAX_COUNT) for key in keys]
    return records


def _raise_generation(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO setting VALUES ('generation', '1') ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
    )
    connection.execute("INSERT OR REPLACE INTO setting VALUES ('state', lower(hex(randomblob(16))))")
