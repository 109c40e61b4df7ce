"""Fits ``data/abstention.json``: ``make abstention``.

Data: the odd-numbered half of berlin-qa and, with ``--training``, the questions in ``data/training`` over the press releases
they were written on. The even half is reported and never fitted on. Logistic regression with an L2 penalty, by Newton's method; the
threshold is where answered answerable minus answered unanswerable questions is largest with at least 75 % of the former (who promises honesty would rather stay silent).
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from index.evaluation.folder import Query
from index.evaluation.labelled import BERLIN_QA, is_fitted_on, labelled_folders
from index.retrieval.abstention import SIGNS, read_signs
from index.retrieval.engine import Engine
from index.shipped import shipped_file

PENALTY = 1.0
# What each sign means; one whose fitted weight contradicts it has picked up an accident of the data and is left out.
DIRECTIONS = np.array([-1.0 if name in {"missing_name", "unknown_name", "unknown_word"} else 1.0 for name in SIGNS])
MIN_ANSWERED = 0.75


def collect_signs(engine: Engine, queries: tuple[Query, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Signs, float64 (questions, len(SIGNS)), and whether each question is answerable, bool (questions,)."""
    found = [(engine.find(query.text, query.before), query.is_answerable) for query in queries]
    kept = [(read_signs(findings.question, findings.ranking), label) for findings, label in found if findings.ranking.sentences]
    return np.array([[signs[name] for name in SIGNS] for signs, _label in kept]), np.array([label for _signs, label in kept])


def fit_logistic(signs: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights (0 for signs left out) and bias for the signs as they are; both classes count the same."""
    kept = np.ones(len(SIGNS), bool)
    while True:
        weights, bias = _fit_kept(signs[:, kept], labels)
        wrong = weights * DIRECTIONS[kept] < 0
        if not wrong.any():
            full = np.zeros(len(SIGNS))
            full[kept] = weights
            return full, bias
        kept[np.flatnonzero(kept)[wrong]] = False


def _fit_kept(signs: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with berlin-qa (and berlin-press)")
    parser.add_argument("keep", type=Path, help="folder for the model and the stores")
    parser.add_argument("--training", action="store_true", help="fit on the training questions too (indexes 2,103 more articles)")
    options = parser.parse_args()
    fitted_on, fitted = {}, []
    for name, folder, engine in labelled_folders(options.data, options.keep, with_training=options.training):
        fitted.append(collect_signs(engine, tuple(query for query in folder.queries if name != BERLIN_QA or is_fitted_on(query))))
        if name == BERLIN_QA:
            even_signs, even_labels = collect_signs(engine, tuple(query for query in folder.queries if not is_fitted_on(query)))
        fitted_on[name] = folder.digest
    signs, labels = (np.concatenate(parts) for parts in zip(*fitted, strict=True))
    weights, bias = fit_logistic(signs, labels)
    threshold = choose_threshold(_probabilities(signs, weights, bias), labels)
    _report("fitted on", _probabilities(signs, weights, bias), labels, threshold)
    _report("even half", _probabilities(even_signs, weights, bias), even_labels, threshold)
    calibration = {
        "bias": round(bias, 5),
        "weights": {name: round(float(weight), 5) for name, weight in zip(SIGNS, weights, strict=True) if weight},
        "threshold": round(threshold, 4),
        "fitted_on": fitted_on,
    }
    shipped_file("abstention.json").write_text(json.dumps(calibration, indent=1) + "\n", "utf-8")


def _probabilities(signs: np.ndarray, weights: np.ndarray, bias: float) -> np.ndarray:
    return 1 / (1 + np.exp(-(signs @ weights + bias)))


def _report(name: str, probabilities: np.ndarray, labels: np.ndarray, threshold: float) -> None:
    answered = probabilities >= threshold
    print(
        f"{name}: {len(labels)} questions, AUC {area_under_curve(probabilities, labels):.3f}, at {threshold:.3f} answered "
        f"{answered[labels].mean():.3f} of the answerable, {answered[~labels].mean():.3f} of the unanswerable",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
