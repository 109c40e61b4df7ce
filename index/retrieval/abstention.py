"""Does the best that was found answer the question? A calibrated probability from few signs, and one threshold.

The signs, their weights and the threshold are in ``data/abstention.json``, fitted by ``make abstention`` on labelled
questions (docs/measurements.md has the figures, the file its curve).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median

from index.errors import ConfigurationError
from index.retrieval.answer_types import KINDS
from index.retrieval.features import FEATURES
from index.retrieval.question import Concept, Question
from index.retrieval.ranking import RankedPassage, Ranking
from index.shipped import shipped_file

CONSIDERED_PASSAGES = 5
LEADS_OVER = (1, 3, 9)  # places further down in the order of windows
SIGNS = (
    *("dense_gap", "coverage", "missing_name", "unknown_name", "interaction", "score"),
    *(f"lead_{place}" for place in LEADS_OVER),
    *FEATURES,
    *(f"asks_{kind}" for kind in KINDS),
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression: probability = sigmoid(bias + weights · signs); answered from ``threshold`` on."""

    bias: float
    weights: dict[str, float]
    threshold: float


def read_signs(question: Question, ranking: Ranking) -> dict[str, float]:
    """The evidence for an answer, by the names in SIGNS. ``ranking`` must not be empty.

    ``dense_gap``: how far the best passage stands out from the median candidate. ``coverage``: best share of the question's idf that
    one passage with its title covers. ``missing_name``: share of the idf in names and numbers that the best passages do not have;
    ``unknown_name``: that no article has. Of the best window: its ``interaction``, ``score``, lead over windows further down, and
    FEATURES. ``asks_…``: 1 for the kind of answer asked for.
    """
    best, window = ranking.passages[:CONSIDERED_PASSAGES], ranking.windows[0]
    scores = [window.score for window in ranking.windows]
    return {
        "dense_gap": max(p.candidate.dense for p in best) - median(ranking.dense),
        "coverage": max(passage.coverage for passage in best),
        "missing_name": _missing_share(question, best),
        "unknown_name": _share(question, [c for c in question.concepts if not c.is_known and c.is_name]),
        "interaction": window.interaction,
        "score": window.score,
        **{f"lead_{place}": window.score - scores[place] if place < len(scores) else 0.0 for place in LEADS_OVER},
        **dict(zip(FEATURES, window.features, strict=True)),
        **{f"asks_{kind}": float(question.kind == kind) for kind in KINDS},
    }


def _share(question: Question, concepts: Sequence[Concept]) -> float:
    """Share of the question's idf that lies in ``concepts``."""
    return sum(concept.idf for concept in concepts) / (sum(concept.idf for concept in question.concepts) or 1.0)


def _missing_share(question: Question, passages: Sequence[RankedPassage]) -> float:
    """The smallest share of idf in names that one of the passages lacks."""
    return min(
        sum(concept.idf * (1 - covered) for concept, covered in zip(question.concepts, passage.covered, strict=True) if concept.is_name)
        for passage in passages
    ) / (sum(concept.idf for concept in question.concepts) or 1.0)


def answer_probability(signs: dict[str, float], calibration: Calibration) -> float:
    """Probability in (0, 1) that the best quotes answer."""
    total = calibration.bias + sum(weight * signs[name] for name, weight in calibration.weights.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def read_calibration(path: Path) -> Calibration:
    """Raises ConfigurationError if the file is missing or names other signs."""
    try:
        stored = json.loads(path.read_text("utf-8"))
        weights = {name: float(weight) for name, weight in stored["weights"].items()}
        if not weights.keys() <= set(SIGNS):
            raise ValueError(f"unknown signs {sorted(weights.keys() - set(SIGNS))}")
        return Calibration(float(stored["bias"]), weights, float(stored["threshold"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"Die Kalibrierung {path} ist nicht lesbar: {error!r}.") from error


@lru_cache(maxsize=1)
def shipped_calibration() -> Calibration:
    """The calibration in ``data/``."""
    return read_calibration(shipped_file("abstention.json"))
