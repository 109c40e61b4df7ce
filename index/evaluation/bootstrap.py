"""How far a figure may be chance: percentile bootstrap over the queries (Efron and Tibshirani 1993, chapter 13).

Every figure is a quotient of two sums over queries, also F1; a resample draws as many queries as there are, with replacement,
and divides the two sums anew. A figure that is the same for every query gets an interval of no width: the bootstrap cannot
know of what no query showed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.evaluation.folder import UNTYPED
from index.evaluation.metrics import Outcome, quote_figures, ranking_figures

LEVEL = 0.95
RESAMPLES = 2000  # bounds of a 95 % interval then stand on 50 resamples each side; more changes the third digit only
SEED = 1  # any; fixed so that the same outcomes give the same interval
TYPE_FIGURES = ("success@1", "quote_hit@1", "quote_hit@3", "answered")


@dataclass(frozen=True, slots=True)
class Quotient:
    """A figure as ``sum(parts) / sum(wholes)``: both one number per query, shape (queries,). A query that does not count has 0, 0."""

    parts: np.ndarray
    wholes: np.ndarray


@dataclass(frozen=True, slots=True)
class Interval:
    """From the lower to the upper bound of the LEVEL interval."""

    low: float
    high: float

    def rounded(self) -> list[float]:
        return [round(self.low, 4), round(self.high, 4)]


def measure_confidence(outcomes: Sequence[Outcome]) -> dict:
    """Intervals of all figures, and by type of question of those reported by type, in the layout of ``eval --json``.

    A figure that no query counts for has no interval.
    """
    kinds = sorted({outcome.query.type for outcome in outcomes} - {UNTYPED})
    overall = {name: quotient for name, quotient in quotients(outcomes).items() if name != "answered"}
    by_type = {kind: _of_type([outcome for outcome in outcomes if outcome.query.type == kind]) for kind in kinds}
    return {
        "level": LEVEL,
        "resamples": RESAMPLES,
        "seed": SEED,
        "overall": _rounded(intervals(overall)),
        "by_type": {kind: _rounded(intervals(figures)) for kind, figures in by_type.items()},
    }


def intervals(figures: Mapping[str, Quotient], level: float = LEVEL) -> dict[str, Interval]:
    """The interval of each figure; all figures see the same resamples."""
    counted = {name: figure for name, figure in figures.items() if figure.wholes.any()}
    if not counted:
        return {}
    parts = np.stack([figure.parts for figure in counted.values()])
    wholes = np.stack([figure.wholes for figure in counted.values()])
    drawn = _resample(parts, wholes)
    return {name: _percentiles(values, level) for name, values in zip(counted, drawn.T, strict=True)}


def quotients(outcomes: Sequence[Outcome]) -> dict[str, Quotient]:
    """Each figure of the outcomes as a quotient; ``answered`` is over all queries."""
    answerable = np.array([outcome.query.is_answerable for outcome in outcomes], float)
    answered = np.array([outcome.is_answered for outcome in outcomes], float)
    right = answerable * np.array([outcome.is_right for outcome in outcomes], float)
    quoting = answerable * np.array([bool(outcome.quotes) for outcome in outcomes], float)
    everyone = np.ones(len(outcomes))
    values = {name: Quotient(parts * answerable, answerable) for name, parts in _values_per_query(outcomes).items()}
    return {
        **values,
        "quote_chars_mean": Quotient(values["quote_chars_mean"].parts, quoting),
        "verbatim": Quotient(np.array([outcome.is_verbatim for outcome in outcomes], float), everyone),
        "answered": Quotient(answered, everyone),
        "answered_answerable": Quotient(answered * answerable, answerable),
        "answered_unanswerable": Quotient(answered * (1 - answerable), 1 - answerable),
        "answer_f1": Quotient(2 * right, answered + answerable),
    }


def _values_per_query(outcomes: Sequence[Outcome]) -> dict[str, np.ndarray]:
    """Figures of ranking and quotes of each query alone; 0 where it is unanswerable."""
    names = [*ranking_figures([]), *quote_figures([])]
    rows = [_values(outcome) if outcome.query.is_answerable else dict.fromkeys(names, 0.0) for outcome in outcomes]
    return {name: np.array([row[name] for row in rows], float) for name in names}


def _values(outcome: Outcome) -> dict[str, float]:
    return {**ranking_figures([outcome]), **quote_figures([outcome])}


def _of_type(outcomes: Sequence[Outcome]) -> dict[str, Quotient]:
    figures = quotients(outcomes)
    return {name: figures[name] for name in TYPE_FIGURES}


def _resample(parts: np.ndarray, wholes: np.ndarray) -> np.ndarray:
    """Figures of every resample, shape (resamples, figures); NaN where no query drawn counts for a figure."""
    generator = np.random.default_rng(SEED)
    queries = parts.shape[1]
    drawn = np.full((RESAMPLES, len(parts)), np.nan)
    for row in drawn:
        chosen = generator.integers(queries, size=queries)
        sums = wholes[:, chosen].sum(axis=1)
        np.divide(parts[:, chosen].sum(axis=1), sums, out=row, where=sums > 0)
    return drawn


def _percentiles(values: np.ndarray, level: float) -> Interval:
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def _rounded(found: Mapping[str, Interval]) -> dict[str, list[float]]:
    return {name: interval.rounded() for name, interval in found.items()}
