"""Articles, passages and their terms to rows of the database, and back."""

import hashlib
import json
import sqlite3
from collections import Counter
from datetime import date

import numpy as np

from index.addresses import canonical_address
from index.articles import Article, Passage, Span
from index.language.terms import IndexedText, index_text
from index.similarity import plain
from index.storage.history import forget_removal, forget_versions, keep_version
from index.storage.records import ArticleChange, FurtherPlace, StoredPassage
from index.storage.sketches import write_sketch

# A passage's terms: number, and how often it stands in the title, in the body, and as a part of compounds in either.
TERM_COUNTS = np.dtype([("term", "<u4"), ("title", "u1"), ("body", "u1"), ("parts", "u1"), ("unused", "u1")])
MAX_COUNT = 255


def content_digest(article: Article) -> bytes:
    """Digest of the text, however it is spaced: what two articles share that are the same word for word."""
    return _digest([plain(article.text)])


def article_digest(article: Article) -> bytes:
    """Digest of everything about an article that a reader would see; variants of one address are the same."""
    tags = json.dumps(list(article.tags), ensure_ascii=False)
    address = canonical_address(article.url) or article.url
    return _digest([article.title, article.text, str(article.published), address, article.source, tags, str(article.is_teaser)])


def digests(article: Article) -> tuple[bytes, bytes]:
    """``article_digest`` and ``content_digest``."""
    return article_digest(article), content_digest(article)


def address_of(article: Article) -> str:
    """The canonical address, by which an article is recognised; "" if it has none."""
    return canonical_address(article.url)


def _digest(fields: list[str]) -> bytes:
    content = "".join(f"{len(field)}:{field}" for field in fields)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def article_of_row(key, title, text, published, url, source, tags, origin, is_teaser) -> Article:
    day = date.fromisoformat(published) if published else None
    return Article(key, title, text, day, url, source, tuple(json.loads(tags)), origin, bool(is_teaser))


def read_article(connection: sqlite3.Connection, row: int) -> Article:
    found = connection.execute(
        "SELECT key, title, text, published, url, source, tags, origin, is_teaser FROM article WHERE id = ?", (row,)
    ).fetchone()
    return article_of_row(*found)


def passage_of_row(number, article_row, start, end, sentences, tokens, token_sentences) -> StoredPassage:
    spans = tuple(Span(int(first), int(last)) for first, last in np.frombuffer(sentences, "<i4").reshape(-1, 2))
    places = np.frombuffer(token_sentences, "<u2")
    vectors = np.frombuffer(tokens, np.int8).reshape(len(places), -1) if len(places) else np.empty((0, 1), np.int8)
    return StoredPassage(number, article_row, Passage(Span(start, end), spans), vectors, places)


def read_passages(connection: sqlite3.Connection, article_row: int) -> list[tuple[StoredPassage, np.ndarray]]:
    """The passages of an article in order, each with its float32 vector."""
    found = connection.execute(
        "SELECT id, article_id, start, end, sentences, tokens, token_sentences, vector FROM passage WHERE article_id = ? ORDER BY id", (article_row,)
    )
    return [(passage_of_row(*row[:7]), np.frombuffer(row[7], "<f2").astype(np.float32)) for row in found]


def row_of_article(article: Article) -> tuple:
    """What both tables of articles and of further places hold, in the order of ``article_of_row``."""
    return (
        article.key,
        article.title,
        article.text,
        article.published.isoformat() if article.published else None,
        article.url,
        article.source,
        json.dumps(list(article.tags), ensure_ascii=False),
        article.origin,
        int(article.is_teaser),
    )


def row_to_replace(connection: sqlite3.Connection, change: ArticleChange) -> int | None:
    """The row that the change is about now: another process may have removed or added the article since it was decided."""
    found = connection.execute(
        "SELECT id FROM article WHERE id = ?1 OR key = ?2 ORDER BY id = ?1 DESC LIMIT 1", (change.replaces, change.article.key)
    ).fetchone()
    return found[0] if found else None


def write_article(connection: sqlite3.Connection, change: ArticleChange, now: float) -> int:
    """Write the article's own row, sketch and further places; returns its number. ``now``: seconds since 1970."""
    article = change.article
    remove_place(connection, article)
    forget_removal(connection, article.key)
    values = (*row_of_article(article), *digests(article), address_of(article))
    row = change.replaces
    if row is None:
        cursor = connection.execute(
            "INSERT INTO article (key, title, text, published, url, source, tags, origin, is_teaser, digest, content_digest, address)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        row = int(cursor.lastrowid or 0)
    else:
        _replace_article(connection, row, values, now)
        delete_passages(connection, row)
    if change.is_heir:
        forget_versions(connection, row)
    write_sketch(connection, row, article)
    for place in change.also:
        write_place(connection, FurtherPlace(row, place))
    return row


def _replace_article(connection: sqlite3.Connection, row: int, values: tuple, now: float) -> None:
    """Another address, source or tag alone is no new version."""
    _key, title, text, published, *_others = values
    stored = connection.execute("SELECT title, text, published FROM article WHERE id = ?", (row,)).fetchone()
    is_new_version = stored != (title, text, published)
    if is_new_version:
        keep_version(connection, row, now)
    connection.execute(
        "UPDATE article SET key = ?, title = ?, text = ?, published = ?, url = ?, source = ?, tags = ?, origin = ?, is_teaser = ?,"
        " digest = ?, content_digest = ?, address = ?, version = version + ? WHERE id = ?",
        (*values, int(is_new_version), row),
    )


def write_place(connection: sqlite3.Connection, place: FurtherPlace) -> None:
    """Record a further place, in place of what was read there before."""
    remove_place(connection, place.article)
    forget_removal(connection, place.article.key)
    connection.execute(
        "INSERT INTO place (key, title, text, published, url, source, tags, origin, is_teaser, article_id, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*row_of_article(place.article), place.row, article_digest(place.article)),
    )


def remove_place(connection: sqlite3.Connection, article: Article) -> None:
    """Forget that this article, by key or origin, is a further place."""
    connection.execute("DELETE FROM place WHERE key = ? OR (origin = ? AND origin <> '')", (article.key, article.origin))


def delete_passages(connection: sqlite3.Connection, article_row: int) -> None:
    connection.execute("DELETE FROM passage WHERE article_id = ?", (article_row,))


def write_passages(connection: sqlite3.Connection, row: int, change: ArticleChange) -> None:
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
    numbers = _known_numbers(connection, keys)
    new = [key for key in keys if key not in numbers]
    connection.executemany("INSERT INTO term (term) VALUES (?)", [(key,) for key in new])
    return numbers | _known_numbers(connection, new)


def _known_numbers(connection: sqlite3.Connection, keys: list[str]) -> dict[str, int]:
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


def raise_generation(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO setting VALUES ('generation', '1') ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
    )
    connection.execute("INSERT OR REPLACE INTO setting VALUES ('state', lower(hex(randomblob(16))))")
