"""Which neighbours a sentence is quoted with, so that the quote can be understood on its own."""

import re
from collections.abc import Sequence

from index.articles import Span

MAX_QUOTE_CHARS = 320
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


def quote_window(text: str, sentences: Sequence[Span], place: int) -> tuple[int, int]:
    """First and last of the sentences to quote with the one at ``place``: as far as MAX_QUOTE_CHARS reach the next one, then
    the one before; for a sentence that points back the one before comes first."""
    first = last = place
    wanted = [(0, 1), (-1, 0)]
    if points_back(sentences[place].cut(text)):
        wanted.reverse()
    for before, after in wanted:
        start, end = first + before, last + after
        if start >= 0 and end < len(sentences) and sentences[end].end - sentences[start].start <= MAX_QUOTE_CHARS:
            first, last = start, end
    return first, last


def quote_span(text: str, sentences: Sequence[Span], place: int) -> Span:
    """The stretch of text of :func:`quote_window`."""
    first, last = quote_window(text, sentences, place)
    return Span(sentences[first].start, sentences[last].end)
