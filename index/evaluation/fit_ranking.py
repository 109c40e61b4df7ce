"""Fits ``data/ranking.json``: ``make ranking``.

Data: the answerable questions of the odd-numbered half of berlin-qa and of ``data/training``. Loss per question: minus the log of the
softmax mass on sentences whose quote holds a gold answer, plus RELEVANCE times the same for sentences of relevant articles (the
listwise loss of Cao et al. 2007), plus an L2 penalty on the distance from the weights chosen by hand, whose common scale is free. A weight
may not contradict what its feature means. The even half of berlin-qa is reported and never fitted on.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from index.evaluation.folder import Query
from index.evaluation.labelled import BERLIN_QA, is_fitted_on, labelled_folders
from index.retrieval.engine import Engine
from index.retrieval.features import FEATURES, PRIOR, SPEAKS_AGAINST
from index.retrieval.quoting import each_quoted
from index.shipped import shipped_file

PENALTY, RELEVANCE = 0.01, 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A question's sentences: features, float64 (sentences, len(FEATURES)); which quotes hold a gold answer, which articles are relevant."""

    query: Query
    features: np.ndarray
    is_gold: np.ndarray
    is_relevant: np.ndarray


def collect_examples(engine: Engine, queries: tuple[Query, ...]) -> list[Example]:
    """One example for each answerable question for which anything was found."""
    examples = []
    for query in queries:
        findings = engine.find(query.text, query.before)
        sentences = findings.ranking.sentences
        if not query.is_answerable or not sentences:
            continue
        quotes = list(each_quoted(findings.question, sentences, findings.passages, findings.articles))
        gold = [any(answer in quote.text for answer in query.answers) for quote in quotes]
        relevant = [bool(query.relevant & {q.article.article.key, *(key for key, _url in q.article.also_at)}) for q in quotes]
        examples.append(Example(query, np.array([s.features for s in sentences]), np.array(gold), np.array(relevant)))
    return examples


def fit_weights(examples: list[Example], penalty: float = PENALTY, relevance: float = RELEVANCE) -> np.ndarray:
    """Weights in the order of FEATURES."""
    prior = np.array([PRIOR.get(name, 0.0) for name in FEATURES])
    targets = [(example.features, mask, share) for example in examples for mask, share in _targets(example, relevance)]

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weights, scale = parameters[:-1], parameters[-1]
        distance = weights - scale * prior
        total, gradient = penalty * distance @ distance, 2 * penalty * distance
        for features, mask, share in targets:
            scores = features @ weights
            whole, wanted = logsumexp(scores), logsumexp(scores[mask])
            total += share * (whole - wanted) / len(examples)
            expected = np.exp(scores - whole) @ features - np.exp(scores[mask] - wanted) @ features[mask]
            gradient = gradient + share * expected / len(examples)
        return total, np.append(gradient, -2 * penalty * distance @ prior)

    bounds = [(None, 0.0) if name in SPEAKS_AGAINST else (0.0, None) for name in FEATURES]
    return minimize(loss, np.append(prior, 1.0), jac=True, bounds=[*bounds, (0.1, 10.0)], method="L-BFGS-B").x[:-1]


def _targets(example: Example, relevance: float) -> list[tuple[np.ndarray, float]]:
    masks = ((example.is_gold, 1.0), (example.is_relevant, relevance))
    return [(mask, share) for mask, share in masks if mask.any() and not mask.all() and share]


def first_hits(examples: list[Example], weights: np.ndarray) -> tuple[float, float]:
    """Shares of questions whose best sentence is of a relevant article, and whose quote holds a gold answer."""
    best = [(example, int(np.argmax(example.features @ weights))) for example in examples]
    return float(np.mean([e.is_relevant[place] for e, place in best])), float(np.mean([e.is_gold[place] for e, place in best]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with berlin-qa and berlin-press")
    parser.add_argument("keep", type=Path, help="folder for the model and the stores")
    options = parser.parse_args()
    examples, held_out, fitted_on = [], [], {}
    for name, folder, engine in labelled_folders(options.data, options.keep, with_training=True):
        for example in collect_examples(engine, folder.queries):
            (held_out if name == BERLIN_QA and not is_fitted_on(example.query) else examples).append(example)
        fitted_on[name] = folder.digest
    weights = fit_weights(examples)
    by_hand = np.array([PRIOR.get(name, 0.0) for name in FEATURES])
    for name, part in (("fitted on", examples), ("even half", held_out)):
        for label, chosen in (("by hand", by_hand), ("learned", weights)):
            article, quote = first_hits(part, chosen)
            print(f"{name}, {label}: {len(part)} questions, article {article:.3f}, quote {quote:.3f}", file=sys.stderr)
    learned = {name: round(float(weight), 5) for name, weight in zip(FEATURES, weights, strict=True) if abs(weight) > 1e-6}
    shipped_file("ranking.json").write_text(json.dumps({"weights": learned, "fitted_on": fitted_on}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
