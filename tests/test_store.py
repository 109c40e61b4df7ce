"""The contract of the store, and what it does with a database that is locked, full, foreign, newer or damaged."""

import re
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.errors import ModelMismatchError, StoreBusyError, StoreError, StoreFullError
from index.ingest import Ingester, passage_text
from index.passages import cut_passages
from index.storage.migrations import MIGRATIONS, migrate
from index.storage.records import ArticleChange, FurtherPlace
from index.storage.rows import TERM_COUNTS
from index.storage.sqlite import Database
from index.storage.store import Store
from tests.fakes import DIMENSION, HashEncoder
from tests.fakes import article as plain_article

ELFE = Article(
    key="elfe",
    title="ELFE kommt",
    text="Bremen startet ELFE. Eltern beantragen Leistungen damit einfacher.\n\nDas Kindergeld kommt ohne Antrag.",
    published=date(2019, 1, 28),
    url="https://example.org/elfe",
    source="Testblatt",
    tags=("ELFE", "Bremen"),
    origin="/artikel/elfe.md",
)
SECOND = replace(ELFE, key="zweit", url="https://example.org/2", source="Zweitblatt", origin="")


def change(article: Article, replaces: int | None = None) -> ArticleChange:
    passages = tuple(cut_passages(article.text, target_chars=60))
    encoded = HashEncoder().encode_passages([passage_text(article, passage) for passage in passages])
    return ArticleChange(article, passages, tuple(encoded), replaces)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "amtsfunk.sqlite")
    yield store
    store.close()


def add(store: Store, article: Article) -> int:
    store.apply([change(article)])
    return store.find_article(article.key).row


def passages_with(store, *keys):
    """In how many passages each key occurs."""
    numbers = store.term_ids(keys)
    counts = [set(np.frombuffer(blob, TERM_COUNTS)["term"].tolist()) for _number, blob in store.passage_terms()]
    return [sum(numbers.get(key) in terms for terms in counts) for key in keys]


# adding and finding


def test_an_article_comes_back_as_it_was(store):
    add(store, ELFE)
    stored = store.find_article("elfe")
    assert (stored.article, stored.version, stored.also_at) == (ELFE, 1, ())


def test_nothing_is_found_in_an_empty_store(store):
    assert store.find_article("elfe") is None
    assert (store.count_articles(), store.count_passages(), store.count_sources(), store.generation()) == (0, 0, 0, 0)
    assert list(store.passage_terms()) == []
    assert store.term_ids(["bremen"]) == {}


def test_passages_come_back_with_spans_and_vectors(store):
    row = add(store, ELFE)
    expected = change(ELFE)
    stored = store.passages(store.passage_ids().tolist())
    assert len(expected.passages) > 1
    assert [passage.passage for passage in stored.values()] == list(expected.passages)
    assert {passage.article_row for passage in stored.values()} == {row}
    for passage, encoded in zip(stored.values(), expected.encoded, strict=True):
        assert np.array_equal(passage.tokens, encoded.tokens)
        assert np.array_equal(passage.token_sentences, encoded.token_sentences)
    for (_number, vector), encoded in zip(store.passage_vectors(), expected.encoded, strict=True):
        assert np.array_equal(vector, encoded.vector.astype(np.float16).astype(np.float32))


def test_all_is_still_there_after_reopening(store):
    add(store, ELFE)
    state, generation = store.state(), store.generation()
    store.close()
    again = Store(store.path)
    assert again.find_article("elfe").article == ELFE
    assert (again.state(), again.generation()) == (state, generation)
    again.close()


def test_known_articles_share_key_or_origin(store):
    add(store, ELFE)
    by_key = replace(ELFE, text="Anders.", origin="")
    by_origin = replace(ELFE, key="neu", text="Anders.")
    unknown = replace(ELFE, key="neu", origin="")
    assert [len(store.find_known(article)) for article in (by_key, by_origin, unknown)] == [1, 1, 0]
    assert [known.shares_origin for article in (by_key, by_origin) for known in store.find_known(article)] == [False, True]


def test_a_page_from_the_web_is_known_by_its_address_unless_that_is_a_file(store):
    page = replace(ELFE, key="neu", origin="web:example.org/elfe", url="http://www.example.org/elfe/?utm_source=feed")
    add(store, ELFE)
    assert store.find_known(page) == []  # a text of one's own that links to the page is another article
    add(store, replace(ELFE, key="zeile", origin=""))
    assert [(known.key, known.shares_origin) for known in store.find_known(page)] == [("zeile", True)]


def test_newest_first_and_undated_last(store):
    undated, old = replace(ELFE, key="undatiert", published=None), replace(ELFE, key="alt", published=date(2018, 1, 1))
    rows = [add(store, article) for article in (undated, old, ELFE)]
    assert store.newest_rows(9) == rows[::-1]
    assert store.newest_rows(1) == rows[2:]


def test_until_leaves_out_later_and_undated_articles(store):
    for article in (replace(ELFE, key="undatiert", published=None), ELFE):
        add(store, article)
    assert len(store.passage_ids(until=date(2019, 1, 27))) == 0
    newer_half = store.passage_ids()[len(store.passage_ids()) // 2 :]
    assert np.array_equal(store.passage_ids(until=date(2019, 1, 28)), newer_half)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=30), text=st.text(max_size=200), tags=st.lists(st.text(max_size=10), max_size=3))
def test_any_unicode_round_trips(tmp_path, title, text, tags):
    article = replace(ELFE, title=title, text=text, tags=tuple(tags), source=title, url=text[:20])
    store = Store(tmp_path / "unicode.sqlite")
    try:
        known = store.find_article("elfe")
        store.apply([change(article, known.row if known else None)])
        assert store.find_article("elfe").article == article
    finally:
        store.close()


# changing and removing


def test_a_changed_article_has_a_new_version_and_none_of_its_old_passages(store):
    row = add(store, ELFE)
    before, old_ids = store.generation(), set(store.passage_ids())
    edited = replace(ELFE, title="ELFE verschoben", text="Hamburg wartet auf ELFE.")
    store.apply([change(edited, row)])
    stored = store.find_article("elfe")
    assert (stored.row, stored.version, stored.article) == (row, 2, edited)
    assert not old_ids & set(store.passage_ids())
    assert min(store.passage_ids()) > max(old_ids)
    assert passages_with(store, "bremen", "hamburg") == [0, 1]
    assert store.generation() > before
    assert store.count_articles() == 1


def test_numbers_of_passages_are_never_used_again(store):
    add(store, ELFE)
    highest = max(store.passage_ids())
    store.remove(["elfe"])
    add(store, ELFE)
    assert min(store.passage_ids()) > highest


def test_removing_takes_all_that_belongs_to_an_article(store):
    row = add(store, ELFE)
    store.apply([], [FurtherPlace(row, SECOND)])
    before = store.generation()
    assert store.remove(["elfe", "gibt es nicht"]) == 1
    assert store.find_article("elfe") is None and store.find_article("zweit") is None
    assert (store.count_articles(), store.count_passages()) == (0, 0)
    assert passages_with(store, "bremen") == [0]
    assert store.generation() > before


def test_a_place_leads_to_the_article_and_is_listed(store):
    row = add(store, ELFE)
    before = store.generation()
    store.apply([], [FurtherPlace(row, SECOND)])
    assert store.find_article("zweit").article.key == "elfe"
    assert store.find_article("elfe").also_at == (("zweit", "https://example.org/2"),)
    assert store.places(row) == [SECOND]
    assert store.find_place(SECOND).row == row and store.find_place(ELFE) is None
    assert store.generation() > before


def test_a_place_that_becomes_an_article_is_no_place_any_more(store):
    row = add(store, ELFE)
    store.apply([], [FurtherPlace(row, SECOND)])
    add(store, replace(ELFE, key="zweit", text="Etwas anderes.", origin=""))
    assert store.find_article("elfe").also_at == ()
    assert store.find_article("zweit").article.text == "Etwas anderes."


def test_what_another_process_did_since_the_decision_is_no_obstacle(store):
    row = add(store, ELFE)
    edited = replace(ELFE, text="Hamburg wartet auf ELFE.")
    store.apply([change(edited)])  # decided as new, but it is there by now
    assert (store.find_article("elfe").row, store.find_article("elfe").version, store.count_articles()) == (row, 2, 1)
    store.remove(["elfe"])
    store.apply([change(ELFE, replaces=row)])  # decided as a change, but it is gone by now
    assert store.find_article("elfe").article == ELFE


def test_nothing_to_apply_changes_nothing(store):
    store.apply([])
    assert store.generation() == 0


def test_a_batch_is_stored_whole_or_not_at_all(store):
    broken = change(replace(ELFE, key="kaputt", origin=""))
    with pytest.raises(ValueError, match="zip"):
        store.apply([change(ELFE), replace(broken, encoded=broken.encoded[:1])])
    assert (store.count_articles(), store.count_passages(), store.generation()) == (0, 0, 0)
    assert store.term_ids(["bremen"]) == {}


# the model


def test_an_empty_store_takes_any_model_and_then_keeps_it(store):
    store.bind_model("anderes", 3)
    store.bind_model("hash", DIMENSION)
    add(store, ELFE)
    store.bind_model("hash", DIMENSION)
    with pytest.raises(ModelMismatchError, match=r"„hash“.*„anderes“.*AMTSFUNK_MODEL"):
        store.bind_model("anderes", DIMENSION)
    with pytest.raises(ModelMismatchError):
        store.bind_model("hash", DIMENSION + 1)


# databases that cannot be used


def test_the_database_of_a_newer_program_is_left_alone(tmp_path):
    path = tmp_path / "neu.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="neueren Version"):
        Store(path)
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)


@pytest.mark.parametrize("content", [b"Das ist keine Datenbank. " * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path, content):
    path = tmp_path / "brief.txt"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=re.escape(str(path))):
        Store(path)
    assert path.read_bytes() == content


def test_a_damaged_database_is_a_store_error(store):
    add(store, ELFE)
    store.close()
    content = bytearray(store.path.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    store.path.write_bytes(content)
    with pytest.raises(StoreError, match=re.escape(str(store.path))):
        Store(store.path).find_article("elfe")


def test_a_place_where_no_database_can_be(tmp_path):
    (tmp_path / "datei").write_text("")
    for path in (tmp_path / "datei" / "amtsfunk.sqlite", tmp_path, Path("/proc/amtsfunk/amtsfunk.sqlite")):
        with pytest.raises(StoreError, match=re.escape(str(path))):
            Store(path)


def test_a_database_that_may_only_be_read_is_a_store_error(store):
    add(store, ELFE)
    database = Database(store.path)
    database.connection.execute("PRAGMA query_only = ON")  # as on a read-only disk; root may write to read-only files
    with pytest.raises(StoreError, match="nur lesen"), database.write() as connection:
        connection.execute("DELETE FROM article")
    database.close()
    assert store.count_articles() == 1


LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
"""


def test_a_database_locked_by_another_process(store):
    row = add(store, ELFE)
    database = Database(store.path, busy_timeout_s=0.2)
    locker = subprocess.Popen([sys.executable, "-c", LOCKER, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert locker.stdout.readline() == "locked\n"
        with pytest.raises(StoreBusyError, match="anderen Prozess"), database.write():
            pass
        assert store.find_article("elfe").row == row  # reading goes on
    finally:
        locker.communicate("\n")
    with database.write() as connection:
        connection.execute("DELETE FROM article")
    database.close()


def test_a_full_disk_rolls_back_and_the_store_stays_usable(tmp_path):
    database = Database(tmp_path / "voll.sqlite")
    pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
    database.connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StoreFullError, match="Platz"), database.write() as connection:
        connection.execute("INSERT INTO setting VALUES ('klein', 'x')")
        connection.execute("INSERT INTO setting VALUES ('groß', ?)", ("x" * 1_000_000,))
    with database.write() as connection:
        assert connection.execute("SELECT count(*) FROM setting").fetchone() == (0,)
        connection.execute("INSERT INTO setting VALUES ('klein', 'x')")
    database.close()


def test_a_migration_interrupted_halfway_leaves_version_0_and_can_be_repeated(tmp_path):
    connection = sqlite3.connect(tmp_path / "halb.sqlite", isolation_level=None)
    connection.set_authorizer(refuse_passages)
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        migrate(connection)
    connection.set_authorizer(None)
    assert connection.execute("PRAGMA user_version").fetchone() == (0,)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert connection.execute("SELECT count(*) FROM passage").fetchone() == (0,)
    connection.close()


def refuse_passages(action: int, name: str | None, *_others: object) -> int:
    """Lets SQLite refuse the table in the middle of the first step."""
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_CREATE_TABLE and name == "passage" else sqlite3.SQLITE_OK


# on_change


def test_changes_are_told_in_their_own_transaction(tmp_path):
    told = []

    def listen(connection, changes):
        assert connection.in_transaction
        told.extend((change.kind, change.before and change.before.text, change.after and change.after.text) for change in changes)

    store = Store(tmp_path / "s.sqlite", on_change=listen)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    Ingester(store, HashEncoder()).run([plain_article("Erster Text.", "a")])
    Ingester(store, HashEncoder()).run([plain_article("Erster Text.", "a")])  # unchanged: nothing to tell
    Ingester(store, HashEncoder()).run([plain_article("Zweiter Text.", "a")])
    assert store.remove(["a", "nie da"]) == 1
    assert told == [("added", None, "Erster Text."), ("changed", "Erster Text.", "Zweiter Text."), ("removed", "Zweiter Text.", None)]


def test_what_the_listener_raises_rolls_all_back(tmp_path):
    def refuse(_connection, _changes):
        raise RuntimeError("nein")

    store = Store(tmp_path / "s.sqlite", on_change=refuse)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    with pytest.raises(RuntimeError):
        Ingester(store, HashEncoder()).run([plain_article("Erster Text.", "a")])
    assert store.count_articles() == 0
