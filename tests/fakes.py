"""Small stand-ins at the seams: an encoder without a model, and articles from plain texts."""

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.alerting.themes import ThemeCalibration
from index.articles import Article
from index.encoding.encoder import TITLE_TOKEN, EncodedPassage, EncodedQuestion, PassageText
from index.encoding.projection import AXES, quantise
from index.ingest import Ingester
from index.language.words import find_words, fold
from index.retrieval.abstention import SIGNS, Calibration
from index.storage.store import Store

DIMENSION = 32
ANSWER_ALWAYS = Calibration(bias=0.0, weights=dict.fromkeys(SIGNS, 0.0), threshold=0.0)
ANSWER_NEVER = Calibration(bias=0.0, weights=dict.fromkeys(SIGNS, 0.0), threshold=1.1)


class HashEncoder:
    """An encoder whose vectors come from the spelling of the words: the same word always has the same random direction."""

    model_id = "hash"
    dimension = DIMENSION

    def trace(self) -> None:
        """There is nothing that others would wait for."""

    def encode_question(self, text: str) -> EncodedQuestion:
        words = find_words(text)
        tokens = np.array([direction(word.surface, AXES) for word in words], np.float32).reshape(-1, AXES)
        return EncodedQuestion(text_vector(text), tokens, tuple(words))

    def encode_unadapted(self, text: str) -> EncodedQuestion:
        return self.encode_question(text)

    def encode_questions(self, texts: Sequence[str], is_hurried: bool = False) -> list[EncodedQuestion]:
        return [self.encode_question(text) for text in texts]

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        return [self._encode(passage) for passage in passages]

    def _encode(self, passage: PassageText) -> EncodedPassage:
        words, places = find_words(passage.title), [TITLE_TOKEN] * len(find_words(passage.title))
        for place, sentence in enumerate(passage.sentences):
            inside = find_words(sentence.cut(passage.body))
            words, places = words + inside, places + [place] * len(inside)
        tokens = np.array([direction(word.surface, AXES) for word in words], np.float32).reshape(-1, AXES)
        return EncodedPassage(text_vector(f"{passage.title} {passage.body}"), quantise(tokens), np.array(places, np.uint16))


@functools.lru_cache(20_000)
def direction(word: str, dimension: int) -> np.ndarray:
    """A unit vector that belongs to a word, however it is written."""
    seed = int.from_bytes(hashlib.blake2b(fold(word).encode(), digest_size=8).digest(), "little")
    vector = np.random.default_rng(seed).standard_normal(dimension)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def text_vector(text: str) -> np.ndarray:
    """Mean direction of the words of a text; of the text itself if it has no words."""
    total = sum((direction(word.surface, DIMENSION) for word in find_words(text)), direction(text, DIMENSION) * 0.1)
    return (total / np.linalg.norm(total)).astype(np.float32)


def article(text: str, key: str = "a", title: str = "") -> Article:
    return Article(key, title, text, origin=key)


def new_store(path: Path, *articles: Article) -> Store:
    """A real store in a file, filled by the real way in."""
    store = Store(path)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    Ingester(store, HashEncoder()).run(articles)
    return store


# Themes without the model: a text is near if it shares words with the theme.
HASH_THEMES = ThemeCalibration("hash", 4.0, np.stack([text_vector(f"Wort{n} Satz{n + 1} Text{n * n}") for n in range(60)]))
