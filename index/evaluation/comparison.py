"""Is a run better than a kept one, or is it chance? A paired test on the questions that both were asked.

The test is the exact two-sided sign test (McNemar's exact test): only questions that one run got right and the other wrong say
anything, and if the runs were equally good, each would fall to either side like a coin. For marks of 0 and 1 this is what a
paired permutation test approximates by drawing; it needs no seed. The interval of the difference is a percentile bootstrap over
questions (seeded, see bootstrap.py). p-values are not adjusted for several figures being compared.
"""

from dataclasses import dataclass
from math import comb

import numpy as np

from index.errors import InputError
from index.evaluation.bootstrap import Interval, Quotient, intervals
from index.evaluation.folder import EvaluationFolder
from index.evaluation.kept_runs import KeptRun

COMPARED = ("success@1", "quote_hit@1", "quote_hit@3", "right")


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in two runs: share of ``queries`` before and now, questions gained and lost, interval of now minus before."""

    figure: str
    queries: int
    before: float
    now: float
    gained: int
    lost: int
    interval: Interval
    p_value: float


def check_comparable(before: KeptRun, folder: EvaluationFolder) -> None:
    """Raises InputError for a run on other data, or if no question of it is asked in this folder."""
    if before.digest != folder.digest:
        raise InputError(f"Der aufbewahrte Lauf gilt für andere Daten (Prüfsumme {before.digest}, hier {folder.digest}).")
    if not {result.id for result in before.results} & {query.id for query in folder.queries}:
        raise InputError("Der aufbewahrte Lauf hat mit diesem keine Frage gemeinsam.")


def compare_runs(before: KeptRun, now: KeptRun) -> tuple[Difference, ...]:
    """Each compared figure on the questions in both runs."""
    former = {result.id: result.marks for result in before.results}
    pairs = [(former[result.id], result.marks) for result in now.results if result.id in former]
    marks = {name: [(old[name], new[name]) for old, new in pairs if name in old and name in new] for name in COMPARED}
    return tuple(_difference(name, found) for name, found in marks.items() if found)


def sign_test(gained: int, lost: int) -> float:
    """Probability of a split at least as uneven as this if both sides were equally likely; 1 if there is nothing to split."""
    discordant, fewer = gained + lost, min(gained, lost)
    return min(1.0, 2 * sum(comb(discordant, count) for count in range(fewer + 1)) / 2**discordant)


def _difference(figure: str, pairs: list[tuple[bool, bool]]) -> Difference:
    before, now = np.array(pairs, float).T
    gained, lost = int((now > before).sum()), int((now < before).sum())
    interval = intervals({figure: Quotient(now - before, np.ones(len(pairs)))})[figure]
    return Difference(figure, len(pairs), float(before.mean()), float(now.mean()), gained, lost, interval, sign_test(gained, lost))
