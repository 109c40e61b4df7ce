"""Which stored articles may be the same news as another: a look-up of sketches in the store itself."""

import json
import sqlite3

from index.articles import Article
from index.similarity import MAX_DAYS_APART, MIN_SHARED, sketch

_UNDATED = 0
_ANY_DAY = 10_000_000  # beyond the last day that a date can be


def write_sketch(connection: sqlite3.Connection, row: int, article: Article) -> None:
    """Put the sketch of the article in ``row`` in place of its former one."""
    connection.execute("DELETE FROM sketch WHERE article_id = ?", (row,))
    connection.executemany("INSERT INTO sketch VALUES (?, ?, ?)", [(value, _day(article), row) for value in sketch(article)])


def rows_alike(connection: sqlite3.Connection, article: Article, content_digest: bytes) -> list[int]:
    """Row numbers of articles with the same text, and of those near in time that share much of the sketch; ascending."""
    rows = {row for (row,) in connection.execute("SELECT id FROM article WHERE content_digest = ?", (content_digest,))}
    values = sketch(article)
    if values:
        day = _day(article)
        found = connection.execute(
            "SELECT article_id FROM sketch WHERE hash IN (SELECT value FROM json_each(:hashes))"
            " AND (day BETWEEN :first AND :last OR day = 0) GROUP BY article_id HAVING count(*) >= :shared",
            {
                "hashes": json.dumps(values),
                "first": day - MAX_DAYS_APART if day else _UNDATED,
                "last": day + MAX_DAYS_APART if day else _ANY_DAY,
                "shared": MIN_SHARED,
            },
        )
        rows |= {row for (row,) in found}
    return sorted(rows)


def _day(article: Article) -> int:
    return article.published.toordinal() if article.published else _UNDATED
