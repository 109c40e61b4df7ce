"""Figures from what was found for each query. All are means in [0, 1] unless their name says otherwise."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.evaluation.folder import Query

RANK_CUT, RECALL_CUT = 10, 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one query brought: keys of the ranked articles, first quotes, those that would be shown, whether all are verbatim,
    whether it was answered. ``origins``: headline and date of the article of each first quote, for people."""

    query: Query
    ranked: tuple[frozenset[str], ...]  # per article all its keys
    quotes: tuple[str, ...]
    shown: tuple[str, ...]
    is_verbatim: bool
    is_answered: bool
    latency_ms: float
    origins: tuple[str, ...] = ()

    def quote_hit(self, first: int) -> bool:
        """One of the first quotes contains a gold answer string."""
        return any(answer in quote for quote in self.quotes[:first] for answer in self.query.answers)

    @property
    def is_right(self) -> bool:
        """Answered, and one of the quotes shown contains a gold answer string."""
        return self.is_answered and any(answer in quote for quote in self.shown for answer in self.query.answers)

    def relevant_ranks(self) -> list[int]:
        """Ranks, from 1, at which relevant articles stand."""
        return [rank for rank, keys in enumerate(self.ranked, 1) if keys & self.query.relevant]


def compute_figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """All figures of the evaluation contract that follow from the outcomes."""
    answerable = [outcome for outcome in outcomes if outcome.query.is_answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.query.is_answerable]
    return {
        **ranking_figures(answerable),
        **quote_figures(answerable),
        "verbatim": mean(outcome.is_verbatim for outcome in outcomes),
        "answered_answerable": mean(outcome.is_answered for outcome in answerable),
        "answered_unanswerable": mean(outcome.is_answered for outcome in unanswerable),
        "answer_f1": answer_f1(outcomes),
    }


def ranking_figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Success@1, MRR@10, nDCG@10 (binary gains) and recall@100 over answerable queries."""
    ranks = [(outcome.relevant_ranks(), len(outcome.query.relevant)) for outcome in outcomes]
    return {
        "success@1": mean(bool(found and found[0] == 1) for found, _all in ranks),
        "mrr@10": mean(1.0 / found[0] if found and found[0] <= RANK_CUT else 0.0 for found, _all in ranks),
        "ndcg@10": mean(_ndcg(found, relevant) for found, relevant in ranks),
        "recall@100": mean(min(1.0, sum(rank <= RECALL_CUT for rank in found) / relevant) for found, relevant in ranks),
    }


def quote_figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Hits of gold answer strings in the first quotes, and the mean length of a first quote in characters."""
    return {
        "quote_hit@1": mean(outcome.quote_hit(1) for outcome in outcomes),
        "quote_hit@3": mean(outcome.quote_hit(3) for outcome in outcomes),
        "quote_chars_mean": mean(len(outcome.quotes[0]) for outcome in outcomes if outcome.quotes),
    }


def answer_f1(outcomes: Sequence[Outcome]) -> float:
    """F1 of "answered, and one of three quotes has a gold answer" against all answerable queries; wrong answers are false positives."""
    answered = [outcome for outcome in outcomes if outcome.is_answered]
    right = sum(outcome.query.is_answerable and outcome.is_right for outcome in answered)
    wanted = sum(outcome.query.is_answerable for outcome in outcomes)
    return 2 * right / (len(answered) + wanted) if answered or wanted else 0.0


def _ndcg(ranks: list[int], relevant: int) -> float:
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= RANK_CUT)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, RANK_CUT) + 1))
    return min(1.0, gain / ideal)


def mean(values: Iterable[float | bool]) -> float:
    """Arithmetic mean; 0 of nothing."""
    numbers = [float(value) for value in values]
    return sum(numbers) / len(numbers) if numbers else 0.0


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie (nearest rank); 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
