"""Backups: complete or not at all, put back in one step, and nothing sent twice because of it."""

import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from bot.alerts.matcher import AlertMatcher
from bot.alerts.restored import adopt_deliveries
from bot.alerts.store import AlertStore
from bot.visitors import Visitor
from index.errors import StoreError
from index.ingest import Ingester
from index.storage.backup import back_up, restore
from index.storage.store import Store
from tests.command import run_command
from tests.fakes import DIMENSION, HashEncoder, article, new_store

NOW = 1_800_000_000.0


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "amtsfunk.sqlite"
    new_store(path, article("Das Onlinezugangsgesetz gilt.", "ozg"), article("Die E-Akte kommt.", "akte")).close()
    return path


def keys(path) -> set[str]:
    store = Store(path)
    found = {stored.article.key for stored in store.articles(range(1, 100)).values()}
    store.close()
    return found


def test_a_backup_while_the_store_is_open_and_written(database, tmp_path):
    store = Store(database)
    Ingester(store, HashEncoder()).run([article("Noch einer.", "neu")])  # lies in the write-ahead log
    assert back_up(database, tmp_path / "copy") == 3
    Ingester(store, HashEncoder()).run([article("Zu spät für die Sicherung.", "später")])
    store.close()
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy"]  # one file, nothing beside it
    assert keys(tmp_path / "copy") == {"ozg", "akte", "neu"}


def test_restore_brings_all_back_and_keeps_what_was(database, tmp_path):
    back_up(database, tmp_path / "copy")
    store = Store(database)
    store.remove(["ozg"])
    state = store.state()
    articles, former = restore(tmp_path / "copy", database)
    assert (articles, store.count_articles()) == (2, 2)  # also for those who have it open
    assert store.state() != state  # so that caches of the former content are not believed
    store.close()
    assert keys(database) == {"ozg", "akte"} and keys(former) == {"akte"}


def test_restore_where_there_is_no_database_yet(database, tmp_path):
    back_up(database, tmp_path / "copy")
    assert restore(tmp_path / "copy", tmp_path / "new" / "amtsfunk.sqlite") == (2, None)
    assert keys(tmp_path / "new" / "amtsfunk.sqlite") == {"ozg", "akte"}


def test_an_existing_file_is_never_overwritten(database, tmp_path):
    (tmp_path / "copy").write_text("wichtig")
    with pytest.raises(StoreError, match="gibt es schon"):
        back_up(database, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "wichtig"


@pytest.mark.parametrize("content", [b"", b"kein SQLite, nur Text " * 100])
def test_what_is_no_backup_changes_nothing(database, tmp_path, content):
    (tmp_path / "wrong").write_bytes(content)
    with pytest.raises(StoreError, match="keine"):
        restore(tmp_path / "wrong", database)
    assert keys(database) == {"ozg", "akte"}


def test_a_foreign_a_newer_and_a_damaged_database_change_nothing(database, tmp_path):
    with sqlite3.connect(tmp_path / "foreign") as connection:
        connection.execute("CREATE TABLE person (name)")
    back_up(database, tmp_path / "newer")
    with sqlite3.connect(tmp_path / "newer") as connection:
        connection.execute("PRAGMA user_version = 999")
    back_up(database, tmp_path / "damaged")
    content = bytearray((tmp_path / "damaged").read_bytes())
    content[4096:] = b"\x7f" * (len(content) - 4096)
    (tmp_path / "damaged").write_bytes(content)
    for name, said in (("foreign", "keine Datenbank von Amtsfunk"), ("newer", "neueren Version"), ("damaged", "beschädigt|keine lesbare")):
        with pytest.raises(StoreError, match=said):
            restore(tmp_path / name, database)
    assert keys(database) == {"ozg", "akte"}


def test_what_was_sent_since_is_not_sent_again(tmp_path):
    path = tmp_path / "amtsfunk.sqlite"
    alerts = AlertStore(path)
    alerts.subscribe(Visitor(7), "OZG", NOW)
    store = Store(path, on_change=AlertMatcher(lambda: NOW).on_change)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    today = date.fromtimestamp(NOW)
    told = [replace(article(f"Das OZG gilt in Ort {number}.", f"a{number}"), published=today) for number in range(2)]
    Ingester(store, HashEncoder()).run(told)
    back_up(path, tmp_path / "copy")
    assert alerts.counts()["deliveries"] == {"due": 2}
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE delivery SET state = 'sent', sent_at = 1 WHERE id = 1")
    _articles, former = restore(tmp_path / "copy", path)
    assert alerts.counts()["deliveries"] == {"due": 2}
    assert adopt_deliveries(path, former) == 1
    assert alerts.counts()["deliveries"] == {"sent": 1, "due": 1}
    alerts.close()
    store.close()


def test_the_commands(demo_home, tmp_path):
    done = run_command(["backup", str(tmp_path / "copy")], demo_home)
    assert done.code == 0 and done.out.startswith("Gesichert: ")
    again = run_command(["backup", str(tmp_path / "copy")], demo_home)
    assert again.code == 1 and "gibt es schon" in again.err
    restored = run_command(["restore", str(tmp_path / "copy")], tmp_path / "other")
    assert restored.code == 0 and restored.out.startswith("Zurückgespielt: ")
    asked = run_command(["stats", "--json"], tmp_path / "other")
    assert asked.out == run_command(["stats", "--json"], demo_home).out
    missing = run_command(["restore", str(tmp_path / "missing")], tmp_path / "other")
    assert missing.code == 1 and "gibt es nicht" in missing.err
    assert run_command(["backup", str(tmp_path / "copy2")], tmp_path / "empty").code == 1
