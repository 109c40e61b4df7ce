"""Does the best that was found answer the question? A calibrated probability from few signs, and one threshold.

The signs, their weights and the threshold are in ``data/abstention.json``, fitted by ``make abstention`` on labelled
questions (docs/measurements.md has the curve).
"""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.errors import ConfigurationError
from index.retrieval.question import Question
from index.retrieval.ranking import Ranking
from index.shipped import shipped_file

SIGNS = ("dense", "interaction", "sentence", "coverage", "lexical_agreement", "unknown_name", "unknown_word", "margin")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression: probability = sigmoid(bias + weights · signs); answered from ``threshold`` on."""

    bias: float
    weights: dict[str, float]
    threshold: float


def read_signs(question: Question, ranking: Ranking) -> dict[str, float]:
    """The evidence for an answer, by the names in SIGNS. ``ranking`` must not be empty."""
    best = ranking.passages[0]
    by_lexical = max(ranking.passages, key=lambda passage: passage.candidate.lexical)
    first, second = ranking.sentences[0].score, next((s.score for s in ranking.sentences if s.article_row != best.stored.article_row), 0.0)
    idf = sum(concept.idf for concept in question.concepts) or 1.0
    unknown = [concept for concept in question.concepts if not concept.is_known]
    return {
        "dense": max(passage.candidate.dense for passage in ranking.passages),
        "interaction": max(passage.interaction for passage in ranking.passages),
        "sentence": max(sentence.interaction for sentence in ranking.sentences[:10]),
        "coverage": max(passage.coverage for passage in ranking.passages[:5]),
        "lexical_agreement": float(by_lexical.stored.article_row == best.stored.article_row),
        "unknown_name": sum(concept.idf for concept in unknown if concept.is_name) / idf,
        "unknown_word": sum(concept.idf for concept in unknown if not concept.is_name) / idf,
        "margin": max(0.0, min(1.0, first - second)),
    }


def answer_probability(signs: dict[str, float], calibration: Calibration) -> float:
    """Probability in (0, 1) that the best quotes answer."""
    total = calibration.bias + sum(calibration.weights[name] * signs[name] for name in SIGNS)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def read_calibration(path: Path) -> Calibration:
    """Raises ConfigurationError if the file is missing or incomplete."""
    try:
        stored = json.loads(path.read_text("utf-8"))
        return Calibration(stored["bias"], {name: stored["weights"][name] for name in SIGNS}, stored["threshold"])
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(f"Die Kalibrierung {path} ist nicht lesbar: {error!r}.") from error


@lru_cache(maxsize=1)
def shipped_calibration() -> Calibration:
    """The calibration in ``data/``."""
    return read_calibration(shipped_file("abstention.json"))
