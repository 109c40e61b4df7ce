"""A small stand-in for the language model where a test is not about meaning: vectors derived from the text's own digest."""

import hashlib
from collections.abc import Sequence

import numpy as np

from index.articles import Span
from index.encoding.encoder import EncodedPassage, EncodedQuestion, PassageText

DIMENSION, AXES = 16, 8


class HashEncoder:
    """Implements ``Encoder``; the same text always gives the same vectors."""

    model_id = "hash"
    dimension = DIMENSION

    def encode_question(self, text: str) -> EncodedQuestion:
        return EncodedQuestion(unit_vector(text, DIMENSION), unit_vector(text, AXES)[None], (Span(0, len(text)),))

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        return [self._encode(passage) for passage in passages]

    def _encode(self, passage: PassageText) -> EncodedPassage:
        tokens = [unit_vector(span.cut(passage.body), AXES) for span in passage.sentences]
        return EncodedPassage(
            unit_vector(f"{passage.title}\n{passage.body}", DIMENSION),
            np.round(np.array(tokens) * 127).astype(np.int8),
            np.arange(len(tokens), dtype=np.uint16),
        )


def unit_vector(text: str, size: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
    vector = np.random.default_rng(seed).normal(size=size)
    return (vector / np.linalg.norm(vector)).astype(np.float32)
