"""Does the best that was found answer the question? A calibrated probability from few signs, and one threshold.

The signs, their weights and the threshold are in ``data/abstention.json``, fitted by ``make abstention`` on labelled
questions (docs/measurements.md has the curve).
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import mean, median

from index.errors import ConfigurationError
from index.retrieval.features import FEATURES
from index.retrieval.question import Concept, Question
from index.retrieval.ranking import RankedPassage, Ranking
from index.shipped import shipped_file

SIGNS = (
    "dense",
    "dense_gap",
    "interaction",
    "interaction_gap",
    "window_interaction",
    "score_lead",
    "score_margin",
    "coverage",
    "window_coverage",
    "beyond_title",
    "answer_form",
    "no_form_known",
    "agreement",
    "missing_name",
    "missing_number",
    "unknown_name",
    "unknown_word",
    "other_year",
    "title_coverage",
    "sentence_coverage",
    "passage_coverage",
    "title_interaction",
    "passage_interaction",
    "article_interaction",
)
# Of the very best window, as they are.
TOP_FEATURES = SIGNS[SIGNS.index("other_year") :]
CONSIDERED_PASSAGES = 5
CONSIDERED_WINDOWS = 3


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression: probability = sigmoid(bias + weights · signs); answered from ``threshold`` on."""

    bias: float
    weights: dict[str, float]
    threshold: float


def read_signs(question: Question, ranking: Ranking) -> dict[str, float]:
    """The evidence for an answer, by the names in SIGNS. ``ranking`` must not be empty.

    ``dense``, ``interaction``: cosines of the best passage; ``_gap``: how far it stands out from the median candidate; of the best
    windows ``window_interaction``, ``window_coverage``, ``beyond_title``, ``answer_form``, and TOP_FEATURES of the very best (see features);
    ``score_lead``: the best score over the mean of all windows; ``score_margin``: over the best one of another article.
    ``coverage``: best share of the question's idf that one passage with its title covers. ``agreement``: the lexically best passage
    is among the best. ``missing_*``: share of the idf in names and numbers that the best passages do not have;
    ``unknown_*``: that no article has.
    """
    best = ranking.passages[:CONSIDERED_PASSAGES]
    lexical = max(ranking.passages, key=lambda passage: passage.candidate.lexical)
    windows = ranking.windows[:CONSIDERED_WINDOWS]
    features = [dict(zip(FEATURES, window.features, strict=True)) for window in windows]
    dense, interaction = max(p.candidate.dense for p in best), max(p.interaction for p in best)
    top = ranking.windows[0]
    others = [window.score for window in ranking.windows if window.article_row != top.article_row]
    return {
        "dense": dense,
        "dense_gap": dense - median(ranking.dense),
        "interaction": interaction,
        "interaction_gap": interaction - median(ranking.interactions),
        "window_interaction": max(window.interaction for window in windows),
        "score_lead": top.score - mean(window.score for window in ranking.windows),
        "score_margin": top.score - max(others, default=top.score),
        "coverage": max(passage.coverage for passage in best),
        "window_coverage": max(own["window_coverage"] for own in features),
        "beyond_title": max(own["beyond_title"] for own in features),
        "answer_form": max(own["form_best"] for own in features),
        "no_form_known": float(question.kind is None),
        "agreement": float(lexical in best),
        "missing_name": _missing_share(question, best, lambda concept: concept.is_name and not concept.is_number),
        "missing_number": _missing_share(question, best, lambda concept: concept.is_number),
        "unknown_name": _share(question, [c for c in question.concepts if not c.is_known and c.is_name]),
        "unknown_word": _share(question, [c for c in question.concepts if not c.is_known and not c.is_name]),
        **{name: features[0][name] for name in TOP_FEATURES},
    }


def _share(question: Question, concepts: Sequence[Concept]) -> float:
    """Share of the question's idf that lies in ``concepts``."""
    return sum(concept.idf for concept in concepts) / (sum(concept.idf for concept in question.concepts) or 1.0)


def _missing_share(question: Question, passages: Sequence[RankedPassage], is_meant: Callable[[Concept], bool]) -> float:
    """The smallest share of idf in the concepts meant that one of the passages lacks."""
    return min(
        sum(concept.idf * (1 - covered) for concept, covered in zip(question.concepts, passage.covered, strict=True) if is_meant(concept))
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
