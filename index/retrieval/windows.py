"""Windows: one to a few neighbouring sentences that may be quoted together, so that the quote can be understood on its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.articles import Span
from index.quote_limits import MAX_QUOTE_CHARS

MAX_WINDOW_SENTENCES = 4  # more short lines than this are a list, whose single entries answer better
# A sentence that begins so speaks of something named before it.
_POINTS_BACK = re.compile(
    r"[\s„“\"»«–-]*(?:er|sie|es|dies|diese[rsmn]?|jene[rsmn]?|dieselbe\w*|letztere\w*|erstere\w*|ihre?[rsmn]?|seine?[rsmn]?|ihnen|"
    r"hier\w*|dort|dorthin|da(?:bei|durch|für|gegen|her|hin|mit|nach|neben|ran|rauf|raus|rin|rum|runter|rüber|von|vor|zu)|"
    r"deshalb|deswegen|demnach|somit|zudem|außerdem|auch|ebenso|beide|solche[rsmn]?|deren|dessen|weitere|zugleich|gleichzeitig)\b",
    re.IGNORECASE,
)


def points_back(sentence: str) -> bool:
    """Whether a sentence begins with a word such as "dieser", "er" or "hier", whose meaning stands in the sentence before."""
    return _POINTS_BACK.match(sentence) is not None


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a passage's sentences: ``first`` and ``last`` sentence of each, int64 (windows,)."""

    first: np.ndarray
    last: np.ndarray

    def members(self) -> np.ndarray:
        """Places of the sentences of each window, the last one repeated to fill up: int64 (windows, MAX_WINDOW_SENTENCES)."""
        return np.minimum(self.first[:, None] + np.arange(MAX_WINDOW_SENTENCES), self.last[:, None])


def window_means(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Means of ``values`` from each place in ``first`` to the one in ``last``, both included: float64 (windows,)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return (sums[last + 1] - sums[first]) / (last + 1 - first)


def find_windows(text: str, sentences: Sequence[Span]) -> Windows:
    """All windows worth looking at: each sentence alone, each with what follows as far as it fits, and each in the middle of its
    neighbours. One that begins by pointing back takes in the sentence before, if that fits."""
    found: set[tuple[int, int]] = set()
    for place in range(len(sentences)):
        for first, last in ((place, place), (place, _stretch(sentences, place, place)), _surround(sentences, place)):
            before = first - 1
            if before >= 0 and points_back(sentences[first].cut(text)) and _fits(sentences, before, last):
                first = before
            found.add((first, last))
    ordered = np.array(sorted(found), np.int64).reshape(-1, 2)
    return Windows(ordered[:, 0], ordered[:, 1])


def _fits(sentences: Sequence[Span], first: int, last: int) -> bool:
    return last - first < MAX_WINDOW_SENTENCES and sentences[last].end - sentences[first].start <= MAX_QUOTE_CHARS


def _stretch(sentences: Sequence[Span], first: int, last: int) -> int:
    while last + 1 < len(sentences) and _fits(sentences, first, last + 1):
        last += 1
    return last


def _surround(sentences: Sequence[Span], place: int) -> tuple[int, int]:
    last = place + 1 if place + 1 < len(sentences) and _fits(sentences, place, place + 1) else place
    first = place - 1 if place > 0 and _fits(sentences, place - 1, last) else place
    return first, last
