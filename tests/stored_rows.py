"""What a database holds, read past the program."""

import contextlib
import sqlite3
from pathlib import Path


def count_rows(database: Path) -> int:
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection,
    ):
        return connection.execute("SELECT (SELECT count(*) FROM article) + (SELECT count(*) FROM place)").fetchone()[0]
    return 0


def assert_whole(database: Path) -> None:
    """Every stored article has its passages, every passage its search terms."""
    if not count_rows(database):
        return
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not connection.execute("SELECT key FROM article WHERE id NOT IN (SELECT article_id FROM passage)").fetchall()
        assert not connection.execute("SELECT id FROM passage WHERE terms = x''").fetchall()


def snapshot(database: Path) -> dict[str, list]:
    """All that a store holds, without its row numbers and counters."""
    with contextlib.closing(sqlite3.connect(database)) as connection:

        def rows(sql: str) -> list:
            return connection.execute(sql).fetchall()

        return {
            "articles": rows(
                "SELECT key, version, title, text, published, url, source, tags, origin, is_teaser, digest, content_digest, address"
                " FROM article ORDER BY key"
            ),
            "places": rows(
                "SELECT article.key, place.key, place.title, place.text, place.published, place.url, place.source, place.tags, place.origin,"
                " place.is_teaser, place.digest FROM place JOIN article ON article.id = article_id ORDER BY place.key"
            ),
            "versions": rows(
                "SELECT key, former.version, former.title, former.text, former.published FROM former_version AS former"
                " JOIN article ON article.id = article_id ORDER BY key, former.version"
            ),
            "removals": rows("SELECT key, title FROM removal ORDER BY key"),
            "sketches": rows("SELECT key, hash, day FROM sketch JOIN article ON article.id = article_id ORDER BY key, hash"),
            "passages": rows(
                "SELECT key, start, end, sentences, vector, tokens, token_sentences FROM passage"
                " JOIN article ON article.id = article_id ORDER BY key, start"
            ),
            "terms": rows("SELECT key, start, terms FROM passage JOIN article ON article.id = article_id ORDER BY key, start"),
            "numbers": rows("SELECT id, term FROM term ORDER BY id"),
        }
