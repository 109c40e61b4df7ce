"""A database of an earlier version opens as if it had been written by this one."""

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.articles import Article
from index.ingest import Ingester, IngestReport
from index.storage.migrations import MIGRATIONS, m001_articles_passages_terms, migrate
from index.storage.rows import row_of_article, write_passages
from index.storage.store import Store
from tests.fakes import DIMENSION, HashEncoder
from tests.stored_rows import snapshot
from tests.test_similarity import RELEASE
from tests.test_store import change

FIRST = replace(RELEASE, key="erst", url="http://www.a.example/1?utm_source=feed", origin="/erst.md", source="A", tags=("Bürgeramt",))
SECOND = replace(FIRST, key="zweit", url="https://b.example/2", source="B", origin="/zweit.md")
LATER = replace(FIRST, key="später", published=date(2025, 3, 1), origin="/später.md")  # version 1 took the day for a part of the content
UNDATED = Article("ohne", "Ohne Tag", "Ein kurzer Text.", origin="/ohne.md")


@pytest.fixture
def version_1(tmp_path) -> Path:
    """A database as version 1 wrote it, digests included as anything but right."""
    path = tmp_path / "alt.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    m001_articles_passages_terms(connection)
    connection.execute("PRAGMA user_version = 1")
    for row, article in enumerate((FIRST, LATER, UNDATED), start=1):
        connection.execute(
            "INSERT INTO article (key, title, text, published, url, source, tags, origin, is_teaser, digest, content_digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, x'00', x'00')",
            row_of_article(article),
        )
        write_passages(connection, row, change(article))
    connection.execute("INSERT INTO place VALUES ('zweit', 1, 'https://b.example/2', 'B')")
    connection.executemany("INSERT INTO setting VALUES (?, ?)", [("model", "hash"), ("dimension", str(DIMENSION))])
    connection.close()
    return path


def ingest(store: Store, *articles: Article) -> IngestReport:
    store.bind_model(HashEncoder.model_id, DIMENSION)
    return Ingester(store, HashEncoder()).run(articles)


def test_what_was_stored_is_known_again(version_1):
    store = Store(version_1)
    assert ingest(store, FIRST, LATER, UNDATED).unchanged == 3  # no article is taken for a changed one and encoded anew
    assert (store.count_articles(), store.find_article("zweit").article.key) == (3, "erst")
    assert store.places(1) == [replace(SECOND, origin="")]
    store.close()


def test_new_news_find_what_was_stored(version_1):
    store = Store(version_1)
    near = replace(FIRST, key="fast", origin="web:c.example/3", text=FIRST.text.replace("dankte", "dankt"))
    exact = replace(FIRST, key="gleich", origin="web:d.example/4", published=date(2026, 1, 1))
    assert ingest(store, near, exact).duplicates == 2
    assert {key for key, _url in store.find_article("erst").also_at} == {"zweit", "fast", "gleich"}
    store.close()


def test_a_migrated_store_equals_a_new_one(version_1, tmp_path):
    Store(version_1).close()
    new = Store(tmp_path / "neu.sqlite")
    new.bind_model(HashEncoder.model_id, DIMENSION)
    new.apply([change(FIRST)])
    new.apply([change(LATER)])
    new.apply([change(UNDATED)])
    new.close()
    migrated, expected = snapshot(version_1), snapshot(tmp_path / "neu.sqlite")
    assert {name: rows for name, rows in migrated.items() if name != "places"} == {n: rows for n, rows in expected.items() if n != "places"}


def test_interrupted_it_can_be_repeated(version_1):
    connection = sqlite3.connect(version_1, isolation_level=None)
    connection.set_authorizer(refuse_sketches)
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        migrate(connection)
    connection.set_authorizer(None)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT * FROM place").fetchall() == [("zweit", 1, "https://b.example/2", "B")]
    migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    connection.close()


def refuse_sketches(action: int, name: str | None, *_others: object) -> int:
    """Lets SQLite refuse the last table of the step."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_CREATE_TABLE and name == "sketch" else sqlite3.SQLITE_OK
