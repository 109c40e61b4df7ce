"""Small token vectors for late interaction: centred, projected on the main axes, unit length, one byte per number.

Late interaction (ColBERT, Khattab and Zaharia 2020) compares each token of a question with each token of a sentence. 384
float32 numbers a token would be 250 kB a passage; after removing the mean, which all tokens of this model share (its norm
is 0.8), and keeping 64 axes as int8, it is 11 kB. Any model gets the principal axes of a sample; those of the default model are
learned from there on labelled questions (:mod:`index.encoding.learn_projection`), for questions and passages apart.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.errors import EncoderError

AXES = 64
INT8_SCALE = 127.0


@dataclass(frozen=True, slots=True)
class TokenSide:
    """How tokens of a question or of a passage are made small: ``mean``, float32 (dimension,); ``axes``, float32 (dimension, AXES)."""

    mean: np.ndarray
    axes: np.ndarray

    def apply(self, tokens: np.ndarray) -> np.ndarray:
        """Token vectors (n, dimension) of any length to unit float32 vectors (n, AXES)."""
        return unit_rows((unit_rows(tokens) - self.mean) @ self.axes)


@dataclass(frozen=True, slots=True)
class TokenProjection:
    """``salience``, float32 (dimension,): the logarithm of a question token's weight is its vector times this."""

    question: TokenSide
    passage: TokenSide
    salience: np.ndarray

    def token_salience(self, tokens: np.ndarray) -> np.ndarray:
        """Factor of each question token's weight, float32 (n,), from its vector (n, dimension)."""
        return np.exp(np.clip(tokens @ self.salience, -MAX_LOG_SALIENCE, MAX_LOG_SALIENCE))

    @property
    def digest(self) -> str:
        """Short name of the passages' side: token vectors of different sides must not be compared."""
        return hashlib.blake2b(self.passage.mean.tobytes() + self.passage.axes.tobytes(), digest_size=4).hexdigest()


MAX_LOG_SALIENCE = 4.0  # keeps one odd token from drowning all others


def quantise(unit_vectors: np.ndarray) -> np.ndarray:
    """Unit vectors to int8 of the same shape; divide by ``INT8_SCALE`` to get back."""
    return np.round(unit_vectors * INT8_SCALE).astype(np.int8)


def fit_projection(tokens: np.ndarray) -> TokenProjection:
    """Principal axes of a sample of token vectors, float32 (n, dimension), n well above the dimension; both sides alike, no salience."""
    unit = unit_rows(tokens)
    mean = unit.mean(axis=0)
    centred = unit - mean
    _values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    axes = vectors[:, ::-1][:, :AXES]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])  # eigenvectors have no sign of their own
    side = TokenSide(mean.astype(np.float32), np.ascontiguousarray(axes, np.float32))
    return TokenProjection(side, side, np.zeros(len(mean), np.float32))


def save_projection(projection: TokenProjection, path: Path) -> None:
    """Write as .npz (float16: 100 kB)."""
    sides = {"question": projection.question, "passage": projection.passage}
    arrays = {f"{name}_{part}": getattr(side, part) for name, side in sides.items() for part in ("mean", "axes")}
    np.savez_compressed(path, **{name: array.astype(np.float16) for name, array in (arrays | {"salience": projection.salience}).items()})


def load_projection(path: Path) -> TokenProjection:
    """Read what ``save_projection`` wrote. Raises EncoderError."""
    try:
        with np.load(path) as stored:
            arrays = {name: stored[name].astype(np.float32) for name in stored.files}
            question, passage = (TokenSide(arrays[f"{name}_mean"], arrays[f"{name}_axes"]) for name in ("question", "passage"))
            return TokenProjection(question, passage, arrays["salience"])
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
        raise EncoderError(f"{path} ist unlesbar ({error}); bitte löschen oder neu installieren.") from error


def cached_projection(path: Path, sample_tokens: Callable[[], np.ndarray]) -> TokenProjection:
    """The projection at ``path``; if there is none yet, fitted on ``sample_tokens()`` and kept there."""
    if not path.exists():
        projection = fit_projection(sample_tokens())
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial.npz")
        save_projection(projection, partial)
        partial.replace(path)
    return load_projection(path)


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Rows (n, dimension) to unit length; zero stays zero."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
