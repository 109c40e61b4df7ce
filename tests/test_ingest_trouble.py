"""An ingest on a full disk, a locked, a read-only, a damaged database: one clear line, and nothing that was stored is lost."""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.kills import write_lines
from tests.stored_rows import assert_whole, count_rows, snapshot

HOLD_S = 2.0


@pytest.fixture(scope="module")
def articles(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("in") / "articles.jsonl"
    write_lines(file, corrected=False)
    return file


@pytest.fixture(scope="module")
def undisturbed(articles, tmp_path_factory) -> Path:
    """The database of a run that nothing disturbed."""
    database = tmp_path_factory.mktemp("undisturbed") / "s.sqlite"
    assert drive(database, articles).returncode == 0
    return database


def drive(database: Path, articles: Path, *options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "tests.ingest_driver", str(database), str(articles), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_disk_that_gets_full_in_the_middle(articles, undisturbed, tmp_path, share):
    database = tmp_path / "s.sqlite"
    limit = round(share * undisturbed.stat().st_size)
    full = drive(database, articles, "--max-bytes", str(limit))
    assert full.returncode == 1 and full.stderr == ""
    assert str(database) in full.stdout and ("Platz" in full.stdout) and full.stdout.count("\n") == 1
    assert_whole(database)
    assert drive(database, articles).returncode == 0
    assert snapshot(database) == snapshot(undisturbed)


def test_a_database_that_another_process_holds_for_a_while(articles, undisturbed, tmp_path):
    database = tmp_path / "s.sqlite"
    shutil.copy(undisturbed, database)
    with held(database):
        waiting = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest_driver", str(database), str(articles)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        time.sleep(HOLD_S)
    assert json.loads(waiting.communicate()[0])["unchanged"] > 0
    assert snapshot(database) == snapshot(undisturbed)


def test_a_database_that_another_process_holds_too_long(articles, undisturbed, tmp_path):
    database = tmp_path / "s.sqlite"
    shutil.copy(undisturbed, database)
    with held(database):
        locked = drive(database, articles, "--busy-s", "0.2")
    assert locked.returncode == 1
    assert locked.stdout == (
        f"StoreBusyError: Die Datenbank {database} wird gerade von einem anderen Prozess beschrieben; bitte noch einmal versuchen.\n"
    )
    assert snapshot(database) == snapshot(undisturbed)


def test_a_damaged_database_is_named_and_left_as_it_is(articles, undisturbed, tmp_path):
    database = tmp_path / "s.sqlite"
    content = bytearray(undisturbed.read_bytes())
    content[8192 : len(content) // 2] = b"\xaa" * (len(content) // 2 - 8192)
    database.write_bytes(content)
    damaged = drive(database, articles)
    assert damaged.returncode == 1 and "Sicherung" in damaged.stdout and str(database) in damaged.stdout
    assert count_rows(undisturbed) > 0  # the other database is untouched


class held:
    """A write lock on a database, by another connection, inside the block."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_exception: object) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()
