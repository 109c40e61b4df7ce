"""Questions that wait are encoded together, ahead of their turn, and those asked again are not encoded again.

    announced ──┬── a few together, in a thread of its own ──────────────────────┬── vectors ── question's turn
                └── a few, by who would only wait for what is being encoded now ─┤
    asked for, not announced ── at once, by who asks, with announced ones beside ┘

While one question is answered, the next ones are encoded on the other core; when the conversation has nothing to answer yet, it encodes, too.
What is remembered are vectors, by a digest of the question: no question is kept. In memory only.
"""

import contextlib
import hashlib
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from index.encoding.encoder import EncodedPassage, EncodedQuestion, PassageText, SentenceTransformerEncoder

# Four together cost half as much each as one alone, sixteen a tenth less than eight; the first of them waits for all. So few begin, and as many
# follow as came before.
MAX_TOGETHER, FIRST_TOGETHER = 16, 4
HELPED_WITH = 4  # by the conversation, which should be back soon
# So many at once are a rush: they are encoded in two thirds of the time and nearly the same (:mod:`index.encoding.frame`).
HURRIED_FROM = 4
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
        self._pending: dict[str, Future[EncodedQuestion]] = {}  # what is being encoded
        self._ahead = 0  # encoded or being encoded, but not asked for yet
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
            pending, batch = self._pending.get(text), []
            is_new = pending is None and key not in self._known
            self._ahead = 0 if is_new else max(0, self._ahead - 1)  # if new, what was announced before was asked in other words
            if is_new:
                pending = self._pending[text] = Future()
                batch = [text, *(self._take_announced(MAX_TOGETHER - 1) if len(text) <= LONGEST_TOGETHER else [])]
            self._start()
            if pending is None:
                self._known.move_to_end(key)
                return self._known[key]
        self._encode(batch)
        while not pending.done():
            with self._guard:
                batch = self._take_announced(HELPED_WITH)
            if not batch:
                break
            self._encode(batch)
        return pending.result()

    def encode_unadapted(self, text: str) -> EncodedQuestion:
        return self._encoder.encode_unadapted(text)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        return self._encoder.encode_passages(passages)

    def _start(self) -> None:
        """Let the thread work if it does not; with the guard held."""
        if not self._is_working and self._announced and self._ahead < MAX_AHEAD:
            self._is_working = True
            self._thread.submit(self._work)

    def _work(self) -> None:
        done = 0
        while True:
            with self._guard:
                batch = self._take_announced(min(MAX_TOGETHER, max(FIRST_TOGETHER, done)))
                self._is_working = bool(batch)
            if not batch:
                return
            self._encode(batch)
            done += len(batch)

    def _take_announced(self, room: int) -> list[str]:
        """The next announced questions, for the caller to encode; with the guard held."""
        room, taken = min(room, MAX_AHEAD - self._ahead), []
        while self._announced and len(taken) < room:
            text = self._announced.popleft()
            if text not in self._pending and _digest(text) not in self._known:
                self._pending[text] = Future()
                taken.append(text)
        self._ahead += len(taken)
        return taken

    def _encode(self, batch: Sequence[str]) -> None:
        if not batch:
            return
        try:
            with self._on_one_core():
                found = self._encoder.encode_questions(batch, is_hurried=len(batch) >= HURRIED_FROM)
        except BaseException as error:  # theirs who asked for it; of several each is tried again without the others
            if len(batch) > 1:
                for text in batch:
                    self._encode([text])
                return
            with self._guard:
                self._pending.pop(batch[0]).set_exception(error)
        else:
            with self._guard:
                for text, encoded in zip(batch, found, strict=True):
                    self._remember(_digest(text), encoded)
                    self._pending.pop(text).set_result(encoded)

    def _remember(self, key: bytes, encoded: EncodedQuestion) -> None:
        self._known[key] = encoded
        while len(self._known) > max(self._remembered, MAX_TOGETHER):
            self._known.popitem(last=False)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
