"""Questions that wait are encoded together, and those asked again are not encoded again.

One forward pass over many short texts costs little more than one over a single text. What is remembered are vectors, by a digest of the
question: no question is kept. In memory only.
"""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Sequence

from index.encoding.encoder import EncodedPassage, EncodedQuestion, PassageText, SentenceTransformerEncoder

# A pass over more takes longer than the first of them should wait.
MAX_TOGETHER = 16
# 64 axes for each of some 20 tokens: 5 kB a question.
REMEMBERED = 500
MAX_ANNOUNCED = 1000
# All texts of a pass are as long as the longest one: who writes a page waits alone.
LONGEST_TOGETHER = 200


class WaitingQuestions:
    """An encoder of questions. ``announce`` may be called from any thread, ``encode_question`` from one."""

    def __init__(self, encoder: SentenceTransformerEncoder, remembered: int = REMEMBERED) -> None:
        self._encoder = encoder
        self._remembered = remembered
        self._known: OrderedDict[bytes, EncodedQuestion] = OrderedDict()
        self._announced: deque[str] = deque(maxlen=MAX_ANNOUNCED)

    @property
    def model_id(self) -> str:
        return self._encoder.model_id

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def announce(self, text: str) -> None:
        """A question that will be asked soon: it is encoded with the next one that is not known."""
        if len(text) <= LONGEST_TOGETHER:
            self._announced.append(text)

    def encode_question(self, text: str) -> EncodedQuestion:
        """Vectors of a question; raises what the encoder raises."""
        key = _digest(text)
        if key not in self._known:
            together = [text, *(self._take_announced(text) if len(text) <= LONGEST_TOGETHER else [])]
            for one, encoded in zip(together, self._encoder.encode_questions(together), strict=True):
                self._remember(_digest(one), encoded)
        self._known.move_to_end(key)
        return self._known[key]

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        return self._encoder.encode_passages(passages)

    def _take_announced(self, text: str) -> list[str]:
        taken: list[str] = []
        while self._announced and len(taken) < MAX_TOGETHER - 1:
            other = self._announced.popleft()
            if other != text and other not in taken and _digest(other) not in self._known:
                taken.append(other)
        return taken

    def _remember(self, key: bytes, encoded: EncodedQuestion) -> None:
        self._known[key] = encoded
        while len(self._known) > max(self._remembered, MAX_TOGETHER):
            self._known.popitem(last=False)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
