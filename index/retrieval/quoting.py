"""From ranked windows to quotes: spans of whole sentences that a reader can check, each at most 320 characters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.articles import Span, StoredArticle
from index.language.sentences import cut_at_clauses, split_sentences
from index.language.terms import text_keys
from index.retrieval.matching import match_concept
from index.retrieval.question import Question
from index.retrieval.ranking import RankedWindow
from index.retrieval.windows import MAX_QUOTE_CHARS

# Two quotes that share this much of their words say the same (Jaccard).
SAME_WORDS = 0.75
SHOWN_SHARE = 0.7
EXAMINED_WINDOWS = 150  # further ones are too far from the best to be quoted


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a stored article: ``text`` is ``article.text[span.start:span.end]``, always.

    ``coverage``: how much of the question its best sentence covers, see RankedWindow. ``is_cut_before``,
    ``is_cut_after``: the sentence is too long to quote whole and goes on there; whoever shows it marks the omission.
    """

    article: StoredArticle
    span: Span
    score: float
    coverage: float = 1.0
    is_cut_before: bool = False
    is_cut_after: bool = False

    @property
    def text(self) -> str:
        return self.span.cut(self.article.article.text)


def quote_windows(question: Question, windows: Sequence[RankedWindow], articles: dict[int, StoredArticle], limit: int) -> list[Quote]:
    """At most ``limit`` quotes, best first; none says the same twice, none overlaps another."""
    distinct: list[tuple[Quote, frozenset[str]]] = []
    taken: dict[int, list[Span]] = {}  # of each article
    for quote in each_quoted(question, windows[:EXAMINED_WINDOWS], articles):
        spans = taken.setdefault(quote.article.row, [])
        if any(quote.span.start < span.end and span.start < quote.span.end for span in spans):  # most: neighbours share sentences
            continue
        words = text_keys(quote.text).wholes
        if any(quote.article.row != other.article.row and _say_same(words, others) for other, others in distinct):
            continue
        distinct.append((quote, words))
        spans.append(quote.span)
        if len(distinct) == limit:
            break
    return [quote for quote, _words in distinct]


def each_quoted(question: Question, windows: Sequence[RankedWindow], articles: dict[int, StoredArticle]) -> Iterator[Quote]:
    """The quote in which each window would be shown, in the order of ``windows``."""
    for window in windows:
        article, whole = articles[window.article_row], window.span
        span = whole if whole.end - whole.start <= MAX_QUOTE_CHARS else _best_clause(question, article.article.text, whole, MAX_QUOTE_CHARS)
        yield Quote(article, span, window.score, window.coverage, span.start > whole.start, span.end < whole.end)


def shorten(question: Question, quote: Quote, limit: int) -> Quote:
    """The quote in at most ``limit`` code points: of its stretches of whole sentences the one that covers most of the question, else a
    piece of its sentence."""
    text = quote.article.article.text
    if quote.span.end - quote.span.start <= limit:
        return quote
    sentences = [Span(quote.span.start + one.start, quote.span.start + one.end) for one in split_sentences(quote.text)]
    stretches = [Span(first.start, last.end) for place, first in enumerate(sentences) for last in sentences[place:]]
    fitting = [stretch for stretch in stretches if stretch.end - stretch.start <= limit]
    if fitting:
        span = max(fitting, key=lambda stretch: _covered(question, text, stretch))
        first, last = span.start == quote.span.start, span.end == quote.span.end
        return replace(quote, span=span, is_cut_before=quote.is_cut_before and first, is_cut_after=quote.is_cut_after and last)
    span = _best_clause(question, text, quote.span, limit)
    first, last = span.start > quote.span.start, span.end < quote.span.end
    return replace(quote, span=span, is_cut_before=quote.is_cut_before or first, is_cut_after=quote.is_cut_after or last)


def _best_clause(question: Question, text: str, span: Span, limit: int) -> Span:
    """Of the pieces of a sentence that is too long to quote, the one that covers most of the question."""
    return max(cut_at_clauses(text, span, limit), key=lambda piece: _covered(question, text, piece))


def _covered(question: Question, text: str, span: Span) -> float:
    """idf of the concepts that a stretch has, each by how well."""
    keys = text_keys(span.cut(text))
    return sum(concept.idf * match_concept(concept, keys) for concept in question.concepts)


def _say_same(words: frozenset[str], others: frozenset[str]) -> bool:
    common = len(words & others)
    return common >= SAME_WORDS * max(1, len(words) + len(others) - common)


def worth_showing(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The first quote, and those of the others that cover nearly as much of the question: what is only near is no evidence."""
    return tuple(quote for place, quote in enumerate(quotes) if not place or quote.coverage >= SHOWN_SHARE * quotes[0].coverage)


def newest_first(quotes: Sequence[Quote], among: int) -> tuple[Quote, ...]:
    """The first ``among`` quotes with the latest article first, undated ones last; the rest as it is."""
    by_day = sorted(quotes[:among], key=lambda quote: quote.article.article.published or date.min, reverse=True)
    return (*by_day, *quotes[among:])


def is_verbatim(quote: Quote, stored_text: str) -> bool:
    """Whether the stored text still reads so at the quote's place."""
    return bool(quote.text) and stored_text[quote.span.start : quote.span.end] == quote.text
