"""Fits when to abstain: ``data/abstention.json``.

    python -m index.evaluation.fit_abstention DATA_FOLDER KEEP_FOLDER

A logistic regression with an L2 penalty, by Newton's method, on the odd half of berlin-qa, the training questions and the short ones
(``data/training/short``): do the quotes that would be shown hold an answer? Labelled questions that have one tend to be longer than those
that have none, so length, and all that grows with it, would look like evidence: questions are weighted so that among those of the same
number of concepts, answerable and unanswerable ones count the same. The threshold is where, with these weights, the shares of answered
answerable and of answered unanswerable questions are farthest apart, with at least MIN_ANSWERED of the former.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoding.encoder import SentenceTransformerEncoder
from index.evaluation.folder import EvaluationFolder, read_folder
from index.evaluation.labelled import BERLIN_QA, UNFITTED, is_fitted_on, shipped_folder, training_folder
from index.evaluation.run import Observer, indexed_folder
from index.retrieval.abstention import SIGNS, read_signs
from index.retrieval.engine import SHOWN_QUOTES
from index.retrieval.quoting import worth_showing
from index.shipped import shipped_file

# The adapter has seen the questions fitted on and stands them out; on others the nearest passage stands out less.
FITTED_SIGNS = tuple(name for name in SIGNS if name != "dense_gap")
PENALTY = 5.0  # of the squared weights of standardised signs; 2 to 20 do the same
MIN_ANSWERED = 0.75
CURVE_STEP = 0.05
LONGEST = 8  # concepts: longer questions are balanced together
WEIGHT_LIMITS = 0.1, 8.0  # of a question, so that a rare length does not rule


@dataclass(frozen=True, slots=True)
class Example:
    """``signs`` in the order of FITTED_SIGNS; ``holds``: the quotes that would be shown hold a gold answer; ``concepts``: their number."""

    signs: tuple[float, ...]
    is_answerable: bool
    holds: bool
    concepts: int


def collect(folder: EvaluationFolder, encoder: SentenceTransformerEncoder, keep: Path) -> list[tuple[str, Example]]:
    """(query id, example) of each query with anything found at all."""
    found = []
    with indexed_folder(folder, encoder, keep, Observer(), UNFITTED) as (engine, _store):
        for query in folder.queries:
            findings = engine.find(query.text, query.before)
            if findings.ranking.windows:
                shown = [quote.text for quote in worth_showing(findings.quotes)[:SHOWN_QUOTES]]
                holds = any(answer in text for answer in query.answers for text in shown)
                signs = read_signs(findings.question, findings.ranking)
                values = tuple(signs[name] for name in FITTED_SIGNS)
                found.append((query.id, Example(values, query.is_answerable, holds, len(findings.question.concepts))))
    return found


def labelled_sets(data: Path, encoder: SentenceTransformerEncoder, keep: Path) -> Iterator[tuple[str, str, bool, list[Example]]]:
    """(name, digest of the folder, whether to fit on it, examples)."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        berlin = read_folder(data / "berlin-qa")
        halves: dict[bool, list[Example]] = {True: [], False: []}
        odd = {query.id for query in berlin.queries if is_fitted_on(query)}
        for query_id, example in collect(berlin, encoder, keep):
            halves[query_id in odd].append(example)
        yield BERLIN_QA, berlin.digest, True, halves[True]
        yield "berlin-qa, even half", berlin.digest, False, halves[False]
        training = shipped_file("training")
        folders = [
            ("training", True, training_folder(data, root / "training")),
            ("short", True, training_folder(data, root / "short", training / "short")),
            ("held-out", False, training_folder(data, root / "held-out", training / "held-out")),
            ("shipped", False, shipped_folder(root / "shipped")),
        ]
        for name, is_fitted, folder in folders:
            yield name, folder.digest, is_fitted, [example for _id, example in collect(folder, encoder, keep)]


def balance(examples: Sequence[Example]) -> np.ndarray:
    """Weights that make both classes count the same among questions of the same number of concepts."""
    lengths = np.array([min(example.concepts, LONGEST) for example in examples])
    labels = np.array([example.is_answerable for example in examples])
    weights = np.ones(len(examples))
    for length in set(lengths.tolist()):
        for label in (True, False):
            of_class = (lengths == length) & (labels == label)
            if of_class.any():
                weights[of_class] = (lengths == length).sum() / 2 / of_class.sum()
    return weights.clip(*WEIGHT_LIMITS)


def fit_logistic(signs: np.ndarray, labels: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias for the signs as they are; each example counts by its share."""
    mean, deviation = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    features = np.column_stack([(signs - mean) / deviation, np.ones(len(signs))])
    weights = np.zeros(features.shape[1])
    penalty = np.diag([PENALTY] * signs.shape[1] + [0.0])
    for _step in range(50):
        probabilities = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (shares * (labels - probabilities)) - penalty @ weights
        curvature = (features * (shares * probabilities * (1 - probabilities))[:, None]).T @ features + penalty
        weights += np.linalg.solve(curvature, gradient)
    own = weights[:-1] / deviation
    return own, float(weights[-1] - own @ mean)


def choose_threshold(probabilities: np.ndarray, labels: np.ndarray, shares: np.ndarray) -> float:
    """See the module's docstring."""
    curve = [(threshold, *answered_shares(probabilities >= threshold, labels, shares)) for threshold in np.linspace(0.05, 0.95, 181)]
    return max((right - wrong, float(threshold)) for threshold, right, wrong in curve if right >= MIN_ANSWERED)[1]


def answered_shares(answered: np.ndarray, labels: np.ndarray, shares: np.ndarray) -> tuple[float, float]:
    """Shares of the answerable and of the unanswerable questions that are answered."""
    right, wrong = (float(np.average(answered[labels == kind], weights=shares[labels == kind])) for kind in (True, False))
    return right, wrong


def area_under_curve(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Probability that an answerable question scores above an unanswerable one (ties count half)."""
    differences = probabilities[labels][:, None] - probabilities[~labels][None, :]
    return float((differences > 0).mean() + 0.5 * (differences == 0).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with berlin-qa and berlin-press")
    parser.add_argument("keep", type=Path, help="folder for the model and the stores")
    options = parser.parse_args()
    sets = list(labelled_sets(options.data, SentenceTransformerEncoder("", options.keep), options.keep))
    fitted = [example for _name, _digest, is_fitted, examples in sets if is_fitted for example in examples]
    labels, shares = np.array([example.is_answerable for example in fitted]), balance(fitted)
    signs = np.array([example.signs for example in fitted])
    weights, bias = fit_logistic(signs, np.array([example.holds for example in fitted]), shares)
    probabilities = 1 / (1 + np.exp(-(signs @ weights + bias)))
    threshold = choose_threshold(probabilities, labels, shares)
    for name, _digest, is_fitted, examples in sets:
        report(f"{name} ({'fitted on' if is_fitted else 'held out'})", examples, weights, bias, threshold)
    curve = [[round(float(t), 2), *(round(share, 3) for share in answered_shares(probabilities >= t, labels, shares))]
             for t in np.arange(CURVE_STEP, 1.0, CURVE_STEP)]  # fmt: skip
    kept = {name: round(float(weight), 5) for name, weight in zip(FITTED_SIGNS, weights, strict=True)}
    fitted_on = {name: digest for name, digest, is_fitted, _examples in sets if is_fitted}
    content = {"bias": round(bias, 5), "weights": kept, "threshold": round(threshold, 4), "curve": curve, "fitted_on": fitted_on}
    shipped_file("abstention.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def report(name: str, examples: Sequence[Example], weights: np.ndarray, bias: float, threshold: float) -> None:
    labels, holds = np.array([example.is_answerable for example in examples]), np.array([example.holds for example in examples])
    probabilities = 1 / (1 + np.exp(-(np.array([example.signs for example in examples]) @ weights + bias)))
    answered = probabilities >= threshold
    right, wrong = answered_shares(answered, labels, np.ones(len(labels)))
    f1 = 2 * (holds & answered).sum() / (answered.sum() + labels.sum())
    auc = area_under_curve(probabilities, labels)
    print(f"{name}: AUC {auc:.3f}, answered {right:.3f} / {wrong:.3f} (answerable / not), answer_f1 {f1:.3f}", file=sys.stderr)


if __name__ == "__main__":
    main()
