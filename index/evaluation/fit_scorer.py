"""Fits the score of windows: listwise loss, full-batch L-BFGS with the gradient written out.

It ends at other weights from another start, and what differs is chance: the score is the mean of STARTS of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from index.retrieval.features import FEATURES
from index.retrieval.scoring import Scorer

HIDDEN = 8
RELEVANCE = 0.4  # weight of "is of a relevant article" beside "holds a gold answer"
PENALTY = 3e-3  # on squared weights
ITERATIONS = 60  # more of them fit the questions and serve other texts less
STARTS = 5


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """A question's windows: ``features``, float64 (windows, len(FEATURES)), and what they are."""

    features: np.ndarray
    is_gold: np.ndarray
    is_unclear: np.ndarray
    is_relevant: np.ndarray


def fit_scorer(questions: Sequence[ScoredQuestion], hidden: int = HIDDEN) -> Scorer:
    """The mean of several fits as one score with STARTS times as many hidden units."""
    fits = [fit_once(questions, hidden, seed) for seed in range(STARTS if hidden else 1)]
    joined = {name: np.concatenate([getattr(one, name) for one in fits]) for name in ("hidden", "bias", "output")}
    linear = np.mean([one.linear for one in fits], axis=0)
    return Scorer(fits[0].mean, fits[0].deviation, linear, joined["hidden"], joined["bias"], joined["output"] / len(fits))


def fit_once(questions: Sequence[ScoredQuestion], hidden: int, seed: int) -> Scorer:
    """From a random start. Minus the log of the softmax mass on windows with a gold answer, plus RELEVANCE times the same for relevant articles, plus an L2 penalty."""
    usable = [question for question in questions if len(question.features)]
    joined = np.concatenate([question.features for question in usable])
    mean, deviation = joined.mean(axis=0), joined.std(axis=0) + 1e-6
    inputs = [(question.features - mean) / deviation for question in usable]
    random = np.random.default_rng(seed)
    count = len(FEATURES)
    start = np.concatenate([np.zeros(count), random.normal(0, 0.3, hidden * count), np.zeros(hidden), np.zeros(hidden)])

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        linear, weights, bias, output = _unpack(parameters, hidden, count)
        total, gradient = PENALTY * parameters @ parameters, 2 * PENALTY * parameters
        for x, question in zip(inputs, usable, strict=True):
            units = np.tanh(x @ weights.T + bias)
            value, pull = listwise(x @ linear + units @ output, question)
            total += value / len(usable)
            back = pull[:, None] * output * (1 - units**2)
            gradient += np.concatenate([x.T @ pull, (back.T @ x).ravel(), back.sum(axis=0), units.T @ pull]) / len(usable)
        return total, gradient

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS}).x
    return Scorer(mean, deviation, *_unpack(found, hidden, count))


def _unpack(parameters: np.ndarray, hidden: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    linear, weights, bias, output = np.split(parameters, np.cumsum([count, hidden * count, hidden]))
    return linear, weights.reshape(hidden, count), bias, output


def listwise(scores: np.ndarray, question: ScoredQuestion) -> tuple[float, np.ndarray]:
    """Loss of one question, and its derivative by each window's score."""
    total, pull = 0.0, np.zeros(len(scores))
    for wanted, among, share in ((question.is_gold, ~question.is_unclear, 1.0), (question.is_relevant, np.ones(len(scores), bool), RELEVANCE)):
        if wanted.any() and not wanted[among].all():
            all_mass, all_log = _softmax(scores, among)
            wanted_mass, wanted_log = _softmax(scores, wanted)
            total += share * (all_log - wanted_log)
            pull += share * (all_mass - wanted_mass)
    return total, pull


def _softmax(scores: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, float]:
    highest = scores[among].max()
    mass = np.where(among, np.exp(np.minimum(scores - highest, 0.0)), 0.0)
    return mass / mass.sum(), float(highest + np.log(mass.sum()))


def first_hits(questions: Sequence[ScoredQuestion], scorer: Scorer) -> tuple[float, float]:
    """Shares of questions whose best window is of a relevant article, and whose best window holds a gold answer."""
    hits = [(q.is_relevant[place], (q.is_gold | q.is_unclear)[place]) for q in questions if len(q.features) for place in [int(np.argmax(scorer.score(q.features)))]]
    return tuple(float(share) for share in np.mean(hits, axis=0))
