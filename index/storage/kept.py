"""What questions read of the store again and again, kept in memory: parsed passages and articles.

Everything read at one state of the store is right as long as that state lasts (``Store.state``: a random word that each change of articles
replaces, a restored backup brings its own), so what is kept is dropped when the state is another one, whichever process changed it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from index.articles import StoredArticle
from index.storage.records import StoredPassage
from index.storage.store import Store

# All of some 700 articles; of more, what is asked about. Questions over 3,000 articles read others each time, and are no slower for it.
PASSAGE_BYTES, ARTICLE_BYTES = 24_000_000, 8_000_000
# What Python takes for a passage or article beside its arrays and text, and for each sentence's Span.
OBJECT_BYTES, SPAN_BYTES = 1000, 150
# A text with a character beyond Latin-1 ("„") takes two bytes each.
CHAR_BYTES = 2
V = TypeVar("V")


class KeptReads:
    """Reads passages and articles of a store through memory. For any thread."""

    def __init__(self, store: Store, passage_bytes: int = PASSAGE_BYTES, article_bytes: int = ARTICLE_BYTES) -> None:
        self._store = store
        self._passages = _Kept(passage_bytes, _passage_size)
        self._articles = _Kept(article_bytes, _article_size)

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """As ``Store.passages``, ascending."""
        return self._read(self._passages, ids, self._store.passages)

    def articles(self, rows: Iterable[int]) -> dict[int, StoredArticle]:
        """As ``Store.articles``, ascending."""
        return self._read(self._articles, rows, self._store.articles)

    @property
    def bytes_kept(self) -> int:
        """An estimate."""
        return self._passages.bytes_kept + self._articles.bytes_kept

    def _read(self, kept: "_Kept[V]", numbers: Iterable[int], read: Callable[[Iterable[int]], dict[int, V]]) -> dict[int, V]:
        wanted, state = sorted(set(numbers)), self._store.state()
        found = kept.find(state, wanted)
        missing = [number for number in wanted if number not in found]
        if missing:
            fresh = read(missing)
            if state and self._store.state() == state:  # else somebody wrote in between: nobody knows which state this is of
                kept.keep(state, fresh)
            both = found | fresh
            found = {number: both[number] for number in wanted if number in both}
        return found


class _Kept(Generic[V]):
    """Values by number, all read at one state; the longest unused go first when they take more than ``max_bytes``."""

    def __init__(self, max_bytes: int, size_of: Callable[[V], int]) -> None:
        self._max_bytes, self._size_of = max_bytes, size_of
        self._guard = threading.Lock()
        self._state = ""
        self._values: OrderedDict[int, tuple[V, int]] = OrderedDict()
        self.bytes_kept = 0

    def find(self, state: str, numbers: Iterable[int]) -> dict[int, V]:
        with self._guard:
            if state != self._state:
                return {}
            found = {number: value[0] for number in numbers if (value := self._values.get(number)) is not None}
            for number in found:
                self._values.move_to_end(number)
            return found

    def keep(self, state: str, values: dict[int, V]) -> None:
        with self._guard:
            if state != self._state:
                self._state, self.bytes_kept = state, 0
                self._values.clear()
            for number, value in values.items():
                self._add(number, value, self._size_of(value))
            while self.bytes_kept > self._max_bytes:
                self.bytes_kept -= self._values.popitem(last=False)[1][1]

    def _add(self, number: int, value: V, size: int) -> None:
        if number not in self._values:
            self._values[number] = value, size
            self.bytes_kept += size


def _passage_size(stored: StoredPassage) -> int:
    return OBJECT_BYTES + stored.tokens.nbytes + stored.token_sentences.nbytes + SPAN_BYTES * len(stored.passage.sentences)


def _article_size(stored: StoredArticle) -> int:
    return OBJECT_BYTES + CHAR_BYTES * (len(stored.article.text) + len(stored.article.title))
