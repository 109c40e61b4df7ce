"""Fits when to abstain: logistic regression with an L2 penalty by Newton's method (called by :mod:`index.evaluation.fit_ranking`).

Fitted on the odd half of berlin-qa only: unanswerable questions of the training set were mostly written as near misses, far more than
people ask, and a fit on them refuses short questions. The threshold is where answered answerable minus answered unanswerable questions is
largest, with at least MIN_ANSWERED of the former.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.retrieval.abstention import SIGNS

PENALTY = 1.0
MIN_ANSWERED = 0.75
CURVE_STEP = 0.05


def write_calibration(examples: Sequence[tuple[dict[str, float], bool, bool]], path: Path, fitted_on: dict[str, str]) -> None:
    """Fit on the examples (signs, is answerable, is held out) that are not held out, report on both, write the file with its curve."""
    signs = np.array([[own[name] for name in SIGNS] for own, _label, _held in examples])
    labels, held = (np.array([example[place] for example in examples], bool) for place in (1, 2))
    weights, bias = fit_logistic(signs[~held], labels[~held])
    probabilities = 1 / (1 + np.exp(-(signs @ weights + bias)))
    threshold = choose_threshold(probabilities[~held], labels[~held])
    for name, part in (("fitted on", ~held), ("even half of berlin-qa", held)):
        answered, auc = probabilities[part] >= threshold, area_under_curve(probabilities[part], labels[part])
        shares = [float(answered[labels[part] == kind].mean()) for kind in (True, False)]
        print(f"{name}: AUC {auc:.3f}, answered {shares[0]:.3f} / {shares[1]:.3f} (answerable / not)", file=sys.stderr)
    curve = [[round(float(t), 2), *(round(float((probabilities[~held] >= t)[labels[~held] == kind].mean()), 3) for kind in (True, False))]
             for t in np.arange(CURVE_STEP, 1.0, CURVE_STEP)]  # fmt: skip
    kept = {name: round(float(weight), 5) for name, weight in zip(SIGNS, weights, strict=True) if weight}
    content = {"bias": round(bias, 5), "weights": kept, "threshold": round(threshold, 4), "curve": curve, "fitted_on": fitted_on}
    path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def fit_logistic(signs: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias for the signs as they are; both classes count the same."""
    mean, deviation = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    features = np.column_stack([(signs - mean) / deviation, np.ones(len(signs))])
    shares = np.where(labels, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    weights = np.zeros(features.shape[1])
    penalty = np.diag([PENALTY] * signs.shape[1] + [0.0])
    for _step in range(50):
        probabilities = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (shares * (labels - probabilities)) - penalty @ weights
        curvature = (features * (shares * probabilities * (1 - probabilities))[:, None]).T @ features + penalty
        weights += np.linalg.solve(curvature, gradient)
    own = weights[:-1] / deviation
    return own, float(weights[-1] - own @ mean)


def choose_threshold(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """See the module's docstring."""
    best = max(
        (answered[labels].mean() - answered[~labels].mean(), float(threshold))
        for threshold in np.linspace(0.05, 0.95, 181)
        if (answered := probabilities >= threshold)[labels].mean() >= MIN_ANSWERED
    )
    return best[1]


def area_under_curve(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Probability that an answerable question scores above an unanswerable one (ties count half)."""
    differences = probabilities[labels][:, None] - probabilities[~labels][None, :]
    return float((differences > 0).mean() + 0.5 * (differences == 0).mean())
