"""Themes: rules by meaning. ``thema:"digitale Identität"`` finds articles on passports and logins that never say these words.

    words ── encoded in three frames, and as the mean of the nearest shipped passages (what the subject is called in the news)
          ── each likeness to a passage as a z-score over all shipped passages: their cosines lie between 0.7 and 0.9
          ── the sum of these is one vector and one number: nearness(passage) = passage · vector + offset
    near  ── from the calibrated threshold on (data/themes.json, fitted by :mod:`index.alerting.fit_themes`)

So a theme costs one dot product a passage. An article is near if one of its passages is. Its sentence is the one whose tokens are nearest.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.articles import Span
from index.encoding.encoder import Encoder
from index.errors import ConfigurationError, RuleError
from index.shipped import shipped_file

# The bare words, the words in a sentence, and in the domain of the news: the last keeps the register of an organ apart from that of an office.
FRAMES = ("{}", "Es geht um {}.", "{} in der öffentlichen Verwaltung")
NEIGHBOURS = 5  # shipped passages whose mean stands for the subject; 3 and 8 are no better on the labelled pairs


@dataclass(frozen=True, slots=True)
class ThemeCalibration:
    """``model``: name of the model it holds for; ``passages``: float32 (n, dimension), unit vectors of the shipped passages."""

    model: str
    threshold: float
    passages: np.ndarray


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as stored with a rule. ``key`` as in ``AnalysedArticle.labels``; ``model_id`` made ``vector``, float32 (dimension,), and
    ``tokens``, float32 (n, axes)."""

    key: str
    text: str
    model_id: str
    vector: np.ndarray
    offset: float
    threshold: float
    tokens: np.ndarray

    def nearness(self, vectors: np.ndarray) -> np.ndarray:
        """How near unit vectors (n, dimension) are: 0 for an average shipped passage, larger is nearer."""
        return vectors @ self.vector + self.offset


@dataclass(frozen=True, slots=True)
class NearPassage:
    """What is compared with themes: the ``sentences`` of a passage in its article's text, ``vector`` as above; ``tokens``, int8, and
    ``token_sentences`` as in ``EncodedPassage``."""

    sentences: tuple[Span, ...]
    vector: np.ndarray
    tokens: np.ndarray
    token_sentences: np.ndarray


@dataclass(frozen=True, slots=True)
class Nearness:
    """Why an article belongs to a theme: ``value`` of its nearest passage, from ``threshold`` on, and the sentence that says most of it."""

    text: str
    value: float
    threshold: float
    sentence: Span

    @property
    def reason(self) -> str:
        """``Thema „OZG“ (Ähnlichkeit 7,1; gemeldet ab 5,9)``, in German."""
        value, threshold = (f"{number:.1f}".replace(".", ",") for number in (self.value, self.threshold))
        return f"Thema „{self.text}“ (Ähnlichkeit {value}; gemeldet ab {threshold})"


def encode_theme(key: str, text: str, encoder: Encoder, calibration: ThemeCalibration | None = None) -> Theme:
    """Raises RuleError where the threshold does not hold for the encoder's model, and EncoderError."""
    calibration = calibration or shipped_theme_calibration()
    if encoder.model_id.split(" ")[0] != calibration.model:
        raise RuleError(
            f"„thema:“ ist nur für das Sprachmodell {calibration.model} geeicht, eingestellt ist ein anderes. Nehmen Sie die Wörter selbst: {text}"
        )
    asked = [encoder.encode_unadapted(frame.format(text)) for frame in FRAMES]
    vector, offset = theme_functional(np.stack([one.vector for one in asked]), calibration.passages)
    return Theme(key, text, encoder.model_id, vector, offset, calibration.threshold, np.asarray(asked[0].tokens, np.float32))


def theme_functional(framed: np.ndarray, passages: np.ndarray) -> tuple[np.ndarray, float]:
    """Vector and offset whose sum with a passage is its mean z-score over the frames (n, dimension) plus that of the neighbours' mean."""
    nearest = np.argsort(-(passages @ framed[0]))[:NEIGHBOURS]
    middle = passages[nearest].mean(axis=0)
    directions = [*framed, middle / np.linalg.norm(middle)]
    weights = [1 / len(framed)] * len(framed) + [1.0]
    vector, offset = np.zeros(passages.shape[1], np.float32), 0.0
    for direction, weight in zip(directions, weights, strict=True):
        usual = passages @ direction
        vector += (weight / usual.std()) * direction
        offset -= weight * float(usual.mean() / usual.std())
    return vector.astype(np.float32), offset


class ThemeSet:
    """Themes to be compared with many articles."""

    def __init__(self, themes: Iterable[Theme]) -> None:
        self._themes = list(themes)
        self._vectors = np.stack([theme.vector for theme in self._themes], axis=1) if self._themes else None
        self._offsets = np.array([theme.offset for theme in self._themes])
        self._thresholds = np.array([theme.threshold for theme in self._themes])

    def __len__(self) -> int:
        return len(self._themes)

    def find_near(self, passages: Sequence[NearPassage]) -> dict[str, Nearness]:
        """By key, the themes that the article with these passages belongs to."""
        if self._vectors is None or not passages:
            return {}
        values = np.stack([passage.vector for passage in passages]) @ self._vectors + self._offsets
        best, highest = values.argmax(axis=0), values.max(axis=0)
        found = {}
        for place in np.flatnonzero(highest >= self._thresholds):
            theme, passage = self._themes[place], passages[best[place]]
            found[theme.key] = Nearness(theme.text, float(highest[place]), theme.threshold, nearest_sentence(theme, passage))
        return found


def nearest_sentence(theme: Theme, passage: NearPassage) -> Span:
    """The sentence with the highest mean of the theme's tokens' best matches; an empty range where there is none."""
    if not len(theme.tokens) or not len(passage.tokens):
        return next(iter(passage.sentences), Span(0, 0))
    likeness = theme.tokens @ passage.tokens.astype(np.float32).T
    scores = [
        float(likeness[:, own].max(axis=1).mean()) if (own := passage.token_sentences == place).any() else -np.inf
        for place in range(len(passage.sentences))
    ]
    return passage.sentences[int(np.argmax(scores))] if scores else Span(0, 0)


def read_theme_calibration(path: Path, passages: Path) -> ThemeCalibration:
    """Raises ConfigurationError if a file is missing, or the vectors are not those that the threshold was fitted with."""
    try:
        content = json.loads(path.read_text("utf-8"))
        vectors = np.load(passages)["passages"].astype(np.float32)
        if content["passages"] != vectors_digest(vectors):
            raise ValueError("digest")
        return ThemeCalibration(content["model"], float(content["threshold"]), vectors)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"Die Eichung der Themen ({path}) ist nicht lesbar: {error!r}.") from error


def vectors_digest(vectors: np.ndarray) -> str:
    """Short name of vectors as they are stored (float16)."""
    return hashlib.blake2b(vectors.astype(np.float16).tobytes(), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def shipped_theme_calibration() -> ThemeCalibration:
    """The calibration in ``data/``."""
    return read_theme_calibration(shipped_file("themes.json"), shipped_file("themes.npz"))
