"""The vector index: a FAISS cache in memory and in a file, always reconcilable with the store.

The file is valid only if it was made at the very state in which the database is (also after an older copy was put back), and
intact (digest). Anything else is rebuilt. Within a process, passage numbers are never used again and a passage's vector never
changes, so catching up means: drop numbers that are gone, add numbers that are new.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.storage.store import Store

FORMAT = 1


class VectorIndex:
    """Exact inner-product search over all passage vectors, stored as float16 (768 bytes a passage of 384 dimensions)."""

    def __init__(self, store: Store, dimension: int, cache: Path | None = None) -> None:
        self._store = store
        self._dimension = dimension
        self._cache = cache
        self._index = self._read_cache() or self._empty()
        self._generation = -1
        self.refresh()

    def __len__(self) -> int:
        return self._index.ntotal

    def refresh(self) -> None:
        """Catch up with the store; costs nothing when nothing has changed."""
        generation = self._store.generation()
        if generation == self._generation:
            return
        import faiss

        held, stored = faiss.vector_to_array(self._index.id_map), self._store.passage_ids()
        gone = np.setdiff1d(held, stored)
        if len(gone):
            self._index.remove_ids(gone)
        if len(np.setdiff1d(stored, held)):
            self._add_above(int(held.max()) if len(held) else 0)
        if not np.array_equal(np.sort(faiss.vector_to_array(self._index.id_map)), stored):
            self._index = self._empty()  # numbers below the highest were missing: not ours to repair piece by piece
            self._add_above(0)
        self._generation = generation

    def search(self, vector: np.ndarray, limit: int, among: np.ndarray | None = None) -> list[tuple[int, float]]:
        """The passages (``among`` these numbers, int64) nearest to a unit vector: (number, cosine), best first."""
        if not len(self) or (among is not None and not len(among)):
            return []
        import faiss

        faiss.omp_set_num_threads(1)  # one question is one thread's work: a team of threads would only wait for each other
        parameters = None if among is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))
        scores, numbers = self._index.search(vector[None].astype(np.float32), min(limit, len(self)), params=parameters)
        return [(int(number), float(score)) for number, score in zip(numbers[0], scores[0], strict=True) if number >= 0]

    def cosines(self, numbers: Sequence[int], vector: np.ndarray) -> dict[int, float]:
        """Cosines of passages' vectors, by their numbers, and a unit vector."""
        if not numbers:
            return {}
        vectors = self._index.reconstruct_batch(np.array(numbers, np.int64))
        return dict(zip(numbers, (vectors @ vector).tolist(), strict=True))

    def save(self) -> None:
        """Write the cache file (atomically), if this index has one."""
        if self._cache is None:
            return
        import faiss

        partial = self._cache.with_name(self._cache.name + ".partial")
        try:
            faiss.write_index(self._index, str(partial))
            manifest = {"format": FORMAT, "state": self._store.state(), "digest": _file_digest(partial)}
            partial.replace(self._cache)
            self._manifest_path.write_text(json.dumps(manifest))
        except (OSError, RuntimeError):
            partial.unlink(missing_ok=True)  # only a cache: without it the next start reads the database

    @property
    def _manifest_path(self) -> Path:
        return self._cache.with_name(self._cache.name + ".json")

    def _read_cache(self):
        import faiss

        try:
            if self._cache is None or not self._cache.exists():
                return None
            manifest = json.loads(self._manifest_path.read_text())
            expected = {"format": FORMAT, "state": self._store.state(), "digest": _file_digest(self._cache)}
            index = faiss.read_index(str(self._cache)) if manifest == expected else None
            return index if index is not None and index.d == self._dimension else None
        except (OSError, ValueError, RuntimeError):
            return None  # damaged: rebuilt from the store

    def _empty(self):
        import faiss

        return faiss.IndexIDMap2(faiss.IndexScalarQuantizer(self._dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT))

    def _add_above(self, number: int) -> None:
        rows = list(self._store.passage_vectors(above=number))
        if rows:
            numbers = np.array([row for row, _vector in rows], np.int64)
            self._index.add_with_ids(np.stack([vector for _row, vector in rows]), numbers)


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()
