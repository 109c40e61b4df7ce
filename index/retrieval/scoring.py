"""The learned combination of features: one score for each window of sentences.

A linear model plus a small hidden layer (five fits of 8 units each), fitted listwise (Cao et al. 2007, ListNet) by ``make ranking`` on labelled
questions; its numbers, with the digests of the questions, are in ``data/ranking.json``.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.errors import ConfigurationError
from index.retrieval.features import FEATURES
from index.shipped import shipped_file


@dataclass(frozen=True, slots=True)
class Scorer:
    """score = linear · x + output · tanh(hidden x + bias), with x the features less ``mean`` over ``deviation``.

    Shapes: ``mean``, ``deviation``, ``linear`` (features,); ``hidden`` (units, features); ``bias``, ``output`` (units,).
    """

    mean: np.ndarray
    deviation: np.ndarray
    linear: np.ndarray
    hidden: np.ndarray
    bias: np.ndarray
    output: np.ndarray

    def score(self, features: np.ndarray) -> np.ndarray:
        """Scores (n,) of features (n, len(FEATURES))."""
        x = (features - self.mean) / self.deviation
        return x @ self.linear + np.tanh(x @ self.hidden.T + self.bias) @ self.output


def write_scorer(scorer: Scorer, path: Path, fitted_on: dict[str, str]) -> None:
    """As JSON, with the names of the features and the digests of the data it was fitted on."""
    numbers = {name: np.round(getattr(scorer, name), 5).tolist() for name in Scorer.__slots__}
    path.write_text(json.dumps({"features": FEATURES, **numbers, "fitted_on": fitted_on}) + "\n", "utf-8")


def read_scorer(path: Path) -> Scorer:
    """What ``write_scorer`` wrote. Raises ConfigurationError if it is unreadable or for other features."""
    try:
        stored = json.loads(path.read_text("utf-8"))
        if tuple(stored["features"]) != FEATURES:
            raise ValueError("other features")
        return Scorer(**{name: np.array(stored[name], np.float64) for name in Scorer.__slots__})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"Die Gewichte {path} sind nicht lesbar: {error!r}.") from error


@lru_cache(maxsize=1)
def shipped_scorer() -> Scorer:
    """The scorer in ``data/``."""
    return read_scorer(shipped_file("ranking.json"))
