"""The searches against plain references: BM25 in twenty lines, and brute force over all vectors."""

import json
import math
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.articles import Article, Passage, Span
from index.encoding.encoder import EncodedPassage
from index.language.terms import index_text
from index.lexical import BODY_WEIGHT, K1, PART_WEIGHT, TITLE_WEIGHT, Alternative, B, LexicalIndex
from index.storage.records import ArticleChange
from index.storage.store import Store
from index.vectors import VectorIndex

DIMENSION = 16
NO_TOKENS, NO_PLACES = np.empty((0, 64), np.int8), np.empty(0, np.uint16)
EVERYTHING = 10_000


def unit_vectors(count: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def add(store: Store, documents: Sequence[tuple[str, str]], vectors: np.ndarray, prefix: str = "a", published: Sequence[date] = ()) -> None:
    """Store each (title, text) as an article of one passage."""
    changes = []
    for number, ((title, text), vector) in enumerate(zip(documents, vectors, strict=True)):
        article = Article(f"{prefix}{number}", title, text, published[number] if published else None)
        span = Span(0, len(text))
        changes.append(ArticleChange(article, (Passage(span, (span,)),), (EncodedPassage(vector, NO_TOKENS, NO_PLACES),)))
    store.apply(changes)


# --- BM25 --------------------------------------------------------------------------------------------------------


def weigh_terms(title: str, text: str) -> dict[str, float]:
    """Frequency of each key of a document, by field."""
    of_title, of_text = index_text(title), index_text(text)
    frequencies: Counter[str] = Counter()
    fields = [(TITLE_WEIGHT, of_title.wholes), (BODY_WEIGHT, of_text.wholes), (PART_WEIGHT, (*of_title.parts, *of_text.parts))]
    for weight, keys in fields:
        for key in keys:
            frequencies[key] += weight
    return frequencies


def reference_bm25(documents: Sequence[tuple[str, str]], concepts: Sequence[Sequence[Alternative]]) -> list[float]:
    """BM25F of each document, written down as in the text book."""
    frequencies = [weigh_terms(*document) for document in documents]
    lengths = [sum(weights.values()) for weights in frequencies]
    average = sum(lengths) / len(lengths)

    def of_key(key: str, place: int) -> float:
        holding = sum(key in weights for weights in frequencies)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        frequency = frequencies[place].get(key, 0.0)
        return idf * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * lengths[place] / average)) if frequency else 0.0

    def of_alternative(alternative: Alternative, place: int) -> float:
        return alternative.weight * sum(of_key(key, place) for key in alternative.keys) / len(alternative.keys)

    return [sum(max(of_alternative(a, place) for a in alternatives) for alternatives in concepts) for place in range(len(documents))]


def check_scores(index: LexicalIndex, stored: dict[int, tuple[str, str]], concepts: Sequence[Sequence[Alternative]]) -> None:
    """``stored``: the documents by passage number."""
    expected = dict(zip(stored, reference_bm25(list(stored.values()), concepts), strict=True)) if stored else {}
    found = index.search(concepts, EVERYTHING)
    assert dict(found) == pytest.approx({number: score for number, score in expected.items() if score}, rel=1e-4)
    assert all(one[1] >= other[1] for one, other in pairwise(found))
    assert [score for _number, score in index.search(concepts, 2)] == [score for _number, score in found[:2]]


def one_each(*keys: str) -> list[list[Alternative]]:
    return [[Alternative((key,), 1.0)] for key in keys]


WORDS = [
    "Bremen",
    "Bund",
    "Länder",
    "IT-Planungsrat",
    "Registermodernisierungsgesetz",
    "Unternehmenskonto",
    "E-Akte",
    "28.1.2019",
    "und",
    "OZG",
]
KEYS = [
    "bremen",
    "bund",
    "land",
    "itplanungsrat",
    "it",
    "rat",
    "register",
    "gesetz",
    "konto",
    "eakte",
    "28_1_2019",
    "2019",
    "ozg",
    "gibtesnicht",
]
DOCUMENT = st.tuples(
    st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
)
ALTERNATIVE = st.builds(
    Alternative, st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True).map(tuple), st.sampled_from([1.0, 0.7, 0.6])
)
CONCEPTS = st.lists(st.lists(ALTERNATIVE, min_size=1, max_size=3), max_size=4)


@pytest.fixture(scope="module")
def fresh_store(tmp_path_factory):
    """A maker of empty stores in files of their own."""
    folder = tmp_path_factory.mktemp("stores")
    opened: list[Store] = []

    def make() -> Store:
        for store in opened:
            store.close()
        opened[:] = [Store(folder / f"{len(list(folder.iterdir()))}.db")]
        return opened[0]

    yield make
    opened[0].close()


@settings(max_examples=60)
@given(st.lists(DOCUMENT, min_size=1, max_size=8), CONCEPTS)
@example([("Bremen", "Bremen"), ("", "Bremen"), ("OZG", "OZG Bund")], one_each("bremen", "ozg"))  # one key in most documents
@example([("", "")], one_each("bremen"))
def test_scores_are_bm25(fresh_store, documents, concepts):
    store = fresh_store()
    add(store, documents, unit_vectors(len(documents), 1))
    check_scores(LexicalIndex(store), dict(zip(store.passage_ids().tolist(), documents, strict=True)), concepts)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 5), st.none() | DOCUMENT), min_size=1, max_size=24), CONCEPTS)
def test_scores_follow_every_change(fresh_store, steps, concepts):
    store = fresh_store()
    index = LexicalIndex(store)
    documents: dict[str, tuple[str, str]] = {}  # by key, in the order in which they were added
    for name, document in steps:
        key = f"k{name}-0"
        if document is None or documents.pop(key, None) is not None:
            store.remove([key])
            documents.pop(key, None)
        else:
            add(store, [document], unit_vectors(1, 1), f"k{name}-")
            documents[key] = document
        index.refresh()
        assert len(index) == len(documents)
        stored = dict(zip(store.passage_ids().tolist(), documents.values(), strict=True))
        check_scores(index, stored, concepts)


def test_counts_and_longer_terms(tmp_path):
    store = Store(tmp_path / "a.db")
    add(store, [("Register", "Registerzensus"), ("", "Registerzensus Registermodernisierung"), ("", "Bremen")], unit_vectors(3, 1))
    index = LexicalIndex(store)
    assert index.count(["register", "registerzensus", "gibtesnicht"]) == {"register": 2, "registerzensus": 2, "gibtesnicht": 0}
    assert index.longer("register", 9) == ["registerzensus", "registermodernisierung"]
    assert index.longer("register", 1) == ["registerzensus"]
    store.remove(["a1"])
    index.refresh()
    assert index.longer("register", 9) == ["registerzensus"]


@pytest.mark.parametrize("key", ["a\u19b0b", "", "_", "AND", "nicht da", '"', "*", "%", "x" * 500])
def test_odd_keys_are_no_error(tmp_path, key):
    store = Store(tmp_path / "a.db")
    add(store, [("", "Bremen zahlt")], unit_vectors(1, 1))
    index = LexicalIndex(store)
    assert index.search(one_each(key), 5) == []
    assert [number for number, _score in index.search(one_each(key, "bremen"), 5)] == [1]


def test_empty_index_finds_nothing(tmp_path):
    index = LexicalIndex(Store(tmp_path / "a.db"))
    assert len(index) == 0 and index.search(one_each("bremen"), 5) == [] and index.count(["bremen"]) == {"bremen": 0}


def test_only_articles_until_a_day_are_found(tmp_path):
    store = Store(tmp_path / "a.db")
    days = [date(2019, 1, 28) + timedelta(days=number) for number in range(4)]
    add(store, [("", f"Bremen {number}") for number in range(4)], unit_vectors(4, 1), published=days)
    add(store, [("", "Bremen ohne Datum")], unit_vectors(1, 2), "undated")
    index, until = LexicalIndex(store), store.passage_ids(days[1])
    assert until.tolist() == [1, 2]
    assert sorted(number for number, _score in index.search(one_each("bremen"), 9, until)) == [1, 2]
    assert len(index.search(one_each("bremen"), 9)) == 5
    assert index.search(one_each("bremen"), 9, np.array([], np.int64)) == []


# --- vectors -----------------------------------------------------------------------------------------------------


def brute_force(store: Store, vector: np.ndarray, among: Sequence[int] | None = None) -> dict[int, float]:
    stored = dict(store.passage_vectors())
    return {number: float(held @ vector) for number, held in stored.items() if among is None or number in among}


def check_search(index: VectorIndex, store: Store, limit: int = 10, among: np.ndarray | None = None) -> None:
    """Same passages in the same order but for ties within the precision of float16."""
    for vector in unit_vectors(5, 99):
        found = index.search(vector, limit, among)
        expected = brute_force(store, vector, None if among is None else among.tolist())
        assert len(found) == len({number for number, _cosine in found}) == min(limit, len(expected))
        assert [cosine for _number, cosine in found] == pytest.approx(sorted(expected.values(), reverse=True)[:limit], abs=1e-3)
        for number, cosine in found:
            assert cosine == pytest.approx(expected[number], abs=1e-3)
            assert index.cosines([number], vector)[number] == pytest.approx(expected[number], abs=1e-3)


def texts(count: int) -> list[tuple[str, str]]:
    return [("", f"Text {number}") for number in range(count)]


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "a.db")
    add(store, texts(40), unit_vectors(40, 1))
    yield store
    store.close()


@pytest.mark.parametrize("limit", [1, 10, 40, 100])
def test_search_is_brute_force(store, limit):
    check_search(VectorIndex(store, DIMENSION), store, limit)


@pytest.mark.parametrize("among", [[], [7], [1, 2, 3, 40], list(range(5, 30)), [3, 9999]])
def test_search_among_some(store, among):
    check_search(VectorIndex(store, DIMENSION), store, among=np.array(among, np.int64))


def test_empty_store_has_nothing_to_find(tmp_path):
    index = VectorIndex(Store(tmp_path / "b.db"), DIMENSION)
    assert len(index) == 0 and index.search(unit_vectors(1, 1)[0], 5) == []


@settings(max_examples=12)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 11)), min_size=1, max_size=12))
def test_refresh_follows_every_change(fresh_store, steps):
    store = fresh_store()
    index = VectorIndex(store, DIMENSION)
    for seed, (is_added, number) in enumerate(steps):
        key = f"k{number}-"
        if is_added and store.find_article(f"{key}0") is None:
            add(store, texts(1), unit_vectors(1, seed), key)
        else:
            store.remove([f"{key}0"])
        index.refresh()
        assert len(index) == store.count_passages()
        check_search(index, store)


def test_changes_are_seen_only_after_refresh(store):
    index = VectorIndex(store, DIMENSION)
    add(store, texts(3), unit_vectors(3, 2), "b")
    store.remove(["a0"])
    assert len(index) == 40
    index.refresh()
    assert len(index) == 42
    check_search(index, store)


# --- the cache file ----------------------------------------------------------------------------------------------


@pytest.fixture
def cache(store, tmp_path):
    """The path of a good cache of ``store``."""
    path = tmp_path / "vectors.faiss"
    VectorIndex(store, DIMENSION, path).save()
    assert path.exists() and path.with_name("vectors.faiss.json").exists()
    return path


def test_good_cache_is_used(store, cache):
    marked = unit_vectors(1, 1234)[0]
    forged = VectorIndex(store, DIMENSION)
    forged._index.remove_ids(np.array([40], np.int64))
    forged._index.add_with_ids(marked[None], np.array([40], np.int64))  # a vector that the store does not hold
    forged._cache = cache
    forged.save()
    assert VectorIndex(store, DIMENSION, cache).cosines([40], marked)[40] == pytest.approx(1.0, abs=1e-3)


def cut(path):
    path.write_bytes(path.read_bytes()[:200])


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def remove_manifest(path):
    path.with_name(path.name + ".json").unlink()


def break_manifest(path):
    path.with_name(path.name + ".json").write_text('{"format"')


def other_manifest(path):
    path.with_name(path.name + ".json").write_text("[1, 2]")


def older_format(path):
    manifest = path.with_name(path.name + ".json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))


def noise(path):
    path.write_bytes(b"\xff" * 3000)


@pytest.mark.parametrize("damage", [cut, flip_a_bit, empty, remove, remove_manifest, break_manifest, other_manifest, older_format, noise])
def test_damaged_cache_is_rebuilt(store, cache, damage):
    damage(cache)
    index = VectorIndex(store, DIMENSION, cache)
    assert len(index) == 40
    check_search(index, store)
    index.save()
    check_search(VectorIndex(store, DIMENSION, cache), store)


def test_cache_of_another_database_is_not_used(store, cache, tmp_path):
    other = Store(tmp_path / "other.db")
    add(other, texts(40), unit_vectors(40, 2))  # the same numbers, other vectors
    check_search(VectorIndex(other, DIMENSION, cache), other)


def test_cache_of_another_dimension_is_not_used(store, cache):
    assert VectorIndex(Store(store.path.with_name("empty.db")), 8, cache).search(np.ones(8, np.float32), 3) == []


def test_stale_cache_catches_up(store, cache):
    store.remove(["a3", "a39"])
    add(store, texts(5), unit_vectors(5, 3), "b")
    index = VectorIndex(store, DIMENSION, cache)
    assert len(index) == 43
    check_search(index, store)


def test_cache_that_lacks_numbers_in_the_middle_is_rebuilt(store, cache):
    holed = VectorIndex(store, DIMENSION, cache)
    holed._index.remove_ids(np.array([5, 6], np.int64))
    holed.save()
    index = VectorIndex(store, DIMENSION, cache)
    assert len(index) == 40
    check_search(index, store)


def test_cache_folder_that_cannot_be_written_is_no_error(store, tmp_path):
    index = VectorIndex(store, DIMENSION, tmp_path / "missing" / "vectors.faiss")
    index.save()
    check_search(index, store)


def test_cache_is_not_used_for_a_database_put_back_from_a_copy(store, cache, tmp_path):
    copy = tmp_path / "copy.db"
    store.close()
    shutil.copy(store.path, copy)
    add(store, texts(5), unit_vectors(5, 3), "b")
    VectorIndex(store, DIMENSION, cache).save()
    restored = Store(copy)
    add(restored, texts(5), unit_vectors(5, 4), "c")  # numbers 41 to 45 again
    check_search(VectorIndex(restored, DIMENSION, cache), restored)
