"""Full token vectors of passages, kept in a file: 150 kB a passage, too much for a store, needed to learn the projection only."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from index.encoding.encoder import BATCH_SIZE, PassageText, SentenceTransformerEncoder


class FullTokens:
    """Encodes a passage once and finds it again by its text, also in a later run. Files: ``tokens.f16`` and ``tokens.jsonl``."""

    def __init__(self, encoder: SentenceTransformerEncoder, folder: Path, report: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        self._encoder, self._report = encoder, report
        self._data, self._index = folder / "tokens.f16", folder / "tokens.jsonl"
        self._places: dict[str, tuple[int, int]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for path in (self._data, self._index):
            path.touch()
        for line in self._index.read_text("utf-8").splitlines():
            key, start, count = json.loads(line)
            self._places[key] = start, count

    def ensure(self, passages: Sequence[PassageText]) -> None:
        """Encode those that are missing."""
        missing = sorted({_key(p): p for p in passages if _key(p) not in self._places}.values(), key=lambda p: len(p.body))
        with self._data.open("ab") as data, self._index.open("a", encoding="utf-8") as index:
            for start in range(0, len(missing), BATCH_SIZE):
                batch = missing[start : start + BATCH_SIZE]
                for passage, tokens in zip(batch, self._encoder.full_tokens(batch), strict=True):
                    self._places[_key(passage)] = data.tell(), len(tokens)
                    index.write(json.dumps([_key(passage), data.tell(), len(tokens)]) + "\n")
                    data.write(tokens.astype(np.float16).tobytes())
                self._report(start + len(batch), len(missing))
        self.__dict__.pop("_mapped", None)  # the file has grown

    def __getitem__(self, passage: PassageText) -> np.ndarray:
        """float16 (tokens, dimension), read from the file only when it is used."""
        start, count = self._places[_key(passage)]
        dimension = self._encoder.dimension
        return self._mapped[start // 2 : start // 2 + count * dimension].reshape(count, dimension)

    @cached_property
    def _mapped(self) -> np.ndarray:
        return np.memmap(self._data, np.float16, "r")


def _key(passage: PassageText) -> str:
    return hashlib.blake2b(f"{passage.title}\0{passage.body}".encode(), digest_size=12).hexdigest()
