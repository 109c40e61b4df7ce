"""What is kept of the store is what the store says, whoever changes it, and it is bounded."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from index.ingest import Ingester
from index.storage.backup import back_up, restore
from index.storage.kept import KeptReads
from index.storage.store import Store
from tests.fakes import HashEncoder, article, new_store

ROWS = range(1, 60)
TEXTS = {key: f"Das {key.upper()} gilt. Es steht im Gesetz „{key}“.\n\nEin zweiter Absatz zu {key}." for key in ("ozg", "akte", "fitko")}


@pytest.fixture
def store(tmp_path):
    store = new_store(tmp_path / "a.sqlite", *(article(text, key) for key, text in TEXTS.items()))
    yield store
    store.close()


def assert_same(kept: KeptReads, store: Store) -> None:
    """Both say the same, also when asked again."""
    for _turn in range(2):
        assert kept.articles(ROWS) == store.articles(ROWS)
        ours, theirs = kept.passages(ROWS), store.passages(ROWS)
        assert list(ours) == sorted(theirs)
        for number, passage in theirs.items():
            assert (ours[number].article_row, ours[number].passage) == (passage.article_row, passage.passage)
            assert np.array_equal(ours[number].tokens, passage.tokens)
            assert np.array_equal(ours[number].token_sentences, passage.token_sentences)


def test_what_is_read_again_is_the_same_object(store):
    kept = KeptReads(store)
    assert kept.passages([2])[2] is kept.passages([1, 2])[2] and kept.articles([1])[1] is kept.articles([1])[1]
    assert kept.articles([99]) == {} and kept.passages([99]) == {}


def test_a_corrected_removed_or_new_article_is_read_anew(store):
    kept = KeptReads(store)
    other = Store(store.path)  # as another process would
    changes = (
        lambda: Ingester(other, HashEncoder()).run([article("Berichtigt.", "ozg")]),
        lambda: Ingester(other, HashEncoder()).run([replace(article("Berichtigt.", "ozg"), tags=("neu",))]),
        lambda: other.remove(["akte"]),
        lambda: Ingester(other, HashEncoder()).run([article("Neu hier.", "neu")]),
    )
    for change in changes:
        assert_same(kept, store)
        change()
    assert_same(kept, store)
    other.close()


def test_a_restored_backup_is_read_anew_though_it_uses_the_same_numbers(store, tmp_path):
    kept = KeptReads(store)
    back_up(store.path, tmp_path / "copy")
    Ingester(store, HashEncoder()).run([article("Nach der Sicherung.", "spät")])
    assert_same(kept, store)
    restore(tmp_path / "copy", store.path)
    assert_same(kept, store)
    Ingester(store, HashEncoder()).run([article("Mit derselben Nummer.", "anders")])
    assert_same(kept, store)


def test_inside_a_snapshot_it_says_what_the_snapshot_says(store):
    kept = KeptReads(store)
    other = Store(store.path)
    with store.snapshot():
        before = kept.articles(ROWS)
        Ingester(other, HashEncoder()).run([article("Berichtigt.", "ozg")])
        assert kept.articles(ROWS) == before
    assert_same(kept, store)
    other.close()


class ChangingStore(Store):
    """Another process corrects an article while this one reads it."""

    def articles(self, rows):
        found = super().articles(rows)
        other = Store(self.path)
        Ingester(other, HashEncoder()).run([article("Zwischendurch berichtigt.", "ozg")])
        other.close()
        return found


def test_what_was_read_while_somebody_wrote_is_not_kept(store):
    changing = ChangingStore(store.path)
    kept = KeptReads(changing)
    kept.articles([1])
    assert kept.bytes_kept == 0
    changing.close()


def test_it_is_bounded_and_the_longest_unused_goes_first(store):
    kept = KeptReads(store, passage_bytes=4000, article_bytes=3000)
    for number in ROWS:
        kept.passages([1, number])
        kept.articles([number])
        assert kept.bytes_kept <= 7000
    first = kept.passages([1])[1]
    assert kept.passages([1])[1] is first
    assert_same(kept, store)


def test_many_threads_read_what_one_changes(store):
    kept = KeptReads(store)

    def read(_turn: int) -> bool:
        with store.snapshot():
            return kept.articles(ROWS) == store.articles(ROWS)

    with ThreadPoolExecutor(4) as threads:
        same = threads.map(read, range(60))
        for number in range(10):
            Ingester(store, HashEncoder()).run([article(f"Fassung {number}.", "ozg")])
        assert all(same)
