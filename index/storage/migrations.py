"""Numbered steps that bring a database to the present schema; ``PRAGMA user_version`` counts those already done."""

import sqlite3

from index.errors import StoreError
from index.storage.rows import address_of, article_of_row, digests
from index.storage.sketches import write_sketch

ARTICLES_PASSAGES_TERMS = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row per article; its text is what all offsets refer to. `digest` covers all that a reader would see.
CREATE TABLE article (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL DEFAULT 1,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    published TEXT,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    tags TEXT NOT NULL,
    origin TEXT NOT NULL,
    is_teaser INTEGER NOT NULL,
    digest BLOB NOT NULL,
    content_digest BLOB NOT NULL
);
CREATE INDEX article_by_origin ON article (origin) WHERE origin <> '';
CREATE INDEX article_by_content ON article (content_digest);
CREATE INDEX article_by_date ON article (published);

-- Further keys and addresses under which the very same text was read.
CREATE TABLE place (
    key TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    source TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX place_by_article ON place (article_id);

-- AUTOINCREMENT: a passage's number is never used again, so caches can tell old from new by number alone.
-- Little-endian arrays. `sentences`: int32 pairs (start, end); `vector`: float16, unit length; `tokens`: int8 (n, axes),
-- small token vectors for late interaction; `token_sentences`: uint16 (n), the sentence of each token; `terms`: records of
-- a term's number and how often it stands in title, body, and parts of compounds.
CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    sentences BLOB NOT NULL,
    vector BLOB NOT NULL,
    tokens BLOB NOT NULL,
    token_sentences BLOB NOT NULL,
    terms BLOB NOT NULL
);
CREATE INDEX passage_by_article ON passage (article_id);

-- Analysed terms; a number is never used again.
CREATE TABLE term (id INTEGER PRIMARY KEY AUTOINCREMENT, term TEXT NOT NULL UNIQUE);
"""


def m001_articles_passages_terms(connection: sqlite3.Connection) -> None:
    _run_statements(connection, ARTICLES_PASSAGES_TERMS)


PLACES_VERSIONS_SKETCHES = """
-- A further place keeps all that was read there, so that it can become an article: when the article goes, or when either is corrected.
CREATE TABLE new_place (
    key TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    published TEXT,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    tags TEXT NOT NULL,
    origin TEXT NOT NULL,
    is_teaser INTEGER NOT NULL,
    digest BLOB NOT NULL
);
INSERT INTO new_place
    SELECT place.key, article_id, title, text, published, place.url, place.source, tags, '', is_teaser, x''
    FROM place JOIN article ON article.id = article_id;
DROP TABLE place;
ALTER TABLE new_place RENAME TO place;
CREATE INDEX place_by_article ON place (article_id);
CREATE INDEX place_by_origin ON place (origin) WHERE origin <> '';

-- The canonical address, by which a page from the web is recognised.
ALTER TABLE article ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX article_by_address ON article (address) WHERE address <> '';

-- What an article said before it was corrected; `replaced_at` in UTC.
CREATE TABLE former_version (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    published TEXT,
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
);

-- Keys that were taken out of the store, so that a link to one can say so.
CREATE TABLE removal (key TEXT PRIMARY KEY, title TEXT NOT NULL, removed_at TEXT NOT NULL) WITHOUT ROWID;

-- Sketches of texts (index/similarity.py); `day` counts from 0001-01-01, 0 for an undated article.
CREATE TABLE sketch (
    hash INTEGER NOT NULL,
    day INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, day, article_id)
) WITHOUT ROWID;
CREATE INDEX sketch_by_article ON sketch (article_id);
"""


def m002_places_versions_sketches(connection: sqlite3.Connection) -> None:
    """Also computes all digests anew: the content's no longer covers the date, the article's takes variants of an address for one."""
    _run_statements(connection, PLACES_VERSIONS_SKETCHES)
    fields = "key, title, text, published, url, source, tags, origin, is_teaser"
    for row, *values in connection.execute(f"SELECT id, {fields} FROM article").fetchall():
        article = article_of_row(*values)
        connection.execute(
            "UPDATE article SET digest = ?, content_digest = ?, address = ? WHERE id = ?", (*digests(article), address_of(article), row)
        )
        write_sketch(connection, row, article)
    for values in connection.execute(f"SELECT {fields} FROM place").fetchall():
        connection.execute("UPDATE place SET digest = ? WHERE key = ?", (digests(article_of_row(*values))[0], values[0]))


MIGRATIONS = (m001_articles_passages_terms, m002_places_versions_sketches)


def migrate(connection: sqlite3.Connection) -> None:
    """Do the missing steps, each in its own transaction. Raises StoreError for a database of a newer program."""
    (done,) = connection.execute("PRAGMA user_version").fetchone()
    if done > len(MIGRATIONS):
        raise StoreError("Die Datenbank stammt von einer neueren Version von Amtsfunk; bitte das Programm aktualisieren.")
    for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] < number:  # another process may have been faster
                step(connection)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _run_statements(connection: sqlite3.Connection, script: str) -> None:
    """Run statements one by one inside the open transaction (``executescript`` would commit it first)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
