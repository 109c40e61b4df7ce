"""Questions that wait are encoded together, ahead of their turn, and those asked again are not encoded again.

    announced ──┬── a few together, on one core, in a thread of its own ── vectors ── question's turn
    asked for ──┘

While one question is answered, the next ones are encoded on the other core. What is remembered are vectors, by a digest of the question: no
question is kept. In memory only.
"""

import contextlib
import hashlib
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from index.encoding.encoder import EncodedPassage, EncodedQuestion, PassageText, SentenceTransformerEncoder

# Four together cost half as much each as one alone; more save little, and the first of them waits for all.
MAX_TOGETHER = 8
# 64 axes for each of some 20 tokens: 5 kB a question.
REMEMBERED = 500
MAX_ANNOUNCED = 1000
# Further ahead the vectors would only lie there.
MAX_AHEAD = 64
# All texts of a pass are as long as the longest one: who writes a page waits alone.
LONGEST_TOGETHER = 200


class WaitingQuestions:
    """An encoder of questions, for any thread. ``on_one_core``: inside it a pass leaves the other cores alone."""

    def __init__(
        self,
        encoder: SentenceTransformerEncoder,
        remembered: int = REMEMBERED,
        on_one_core: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
    ) -> None:
        self._encoder = encoder
        self._remembered = remembered
        self._on_one_core = on_one_core
        self._guard = threading.Lock()  # of all that follows
        self._known: OrderedDict[bytes, EncodedQuestion] = OrderedDict()
        self._announced: deque[str] = deque(maxlen=MAX_ANNOUNCED)
        self._asked: dict[str, Future[EncodedQuestion]] = {}
        self._ahead = 0  # encoded, but not asked for yet
        self._is_working = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="questions")

    @property
    def model_id(self) -> str:
        return self._encoder.model_id

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def announce(self, text: str) -> None:
        """A question that will be asked soon."""
        if len(text) <= LONGEST_TOGETHER:
            with self._guard:
                self._announced.append(text)
                self._start()

    def encode_question(self, text: str) -> EncodedQuestion:
        """Vectors of a question; raises what the encoder raises."""
        key = _digest(text)
        with self._guard:
            if key in self._known:
                self._ahead = max(0, self._ahead - 1)
                self._known.move_to_end(key)
                self._start()
                return self._known[key]
            future = self._asked.setdefault(text, Future())
            self._start()
        return future.result()

    def encode_unadapted(self, text: str) -> EncodedQuestion:
        return self._encoder.encode_unadapted(text)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        return self._encoder.encode_passages(passages)

    def _start(self) -> None:
        """Let the thread work if it does not; with the guard held."""
        if not self._is_working and (self._asked or (self._announced and self._ahead < MAX_AHEAD)):
            self._is_working = True
            self._thread.submit(self._work)

    def _work(self) -> None:
        while batch := self._next_batch():
            try:
                with self._on_one_core():
                    found = self._encoder.encode_questions(batch)
            except BaseException as error:  # theirs who asked; one of several is tried again without the others
                if len(batch) == 1:
                    self._fail(batch[0], error)
            else:
                self._deliver(batch, found)

    def _next_batch(self) -> list[str]:
        """What is encoded next: who asked first, and who was announced; empty when nothing is left to do."""
        with self._guard:
            asked = next(iter(self._asked), None)
            if asked is not None:
                self._ahead = 0  # what was announced before was asked in other words
            batch = [asked] if asked is not None else []
            room = MAX_TOGETHER - len(batch) if asked is not None else min(MAX_TOGETHER, MAX_AHEAD - self._ahead)
            if asked is None or len(asked) <= LONGEST_TOGETHER:
                batch += self._take_announced(room, batch)
            self._is_working = bool(batch)
            return batch

    def _take_announced(self, room: int, batch: Sequence[str]) -> list[str]:
        taken: list[str] = []
        while self._announced and len(taken) < room:
            other = self._announced.popleft()
            if other not in batch and other not in taken and _digest(other) not in self._known:
                taken.append(other)
        return taken

    def _deliver(self, batch: Sequence[str], found: Sequence[EncodedQuestion]) -> None:
        with self._guard:
            for text, encoded in zip(batch, found, strict=True):
                self._remember(_digest(text), encoded)
                if text in self._asked:
                    self._asked.pop(text).set_result(encoded)
                else:
                    self._ahead += 1

    def _fail(self, text: str, error: BaseException) -> None:
        with self._guard:
            if text in self._asked:
                self._asked.pop(text).set_exception(error)

    def _remember(self, key: bytes, encoded: EncodedQuestion) -> None:
        self._known[key] = encoded
        while len(self._known) > max(self._remembered, MAX_TOGETHER):
            self._known.popitem(last=False)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
