"""How current an answer is: whether its newest quote is old, and which quotes a newer one has overtaken."""

from collections.abc import Sequence
from datetime import date

from index.language.terms import text_keys
from index.retrieval.matching import match_concept
from index.retrieval.question import Question
from index.retrieval.quoting import Quote

STALE_DAYS = 365
# Two articles of the same days tell the same state; a month later there may be another.
OVERTAKEN_DAYS = 30
NAMED = 0.5  # of match_concept: the word itself, a name of the same glossary entry or all parts of it


def stale_since(quotes: Sequence[Quote], today: date) -> date | None:
    """The date of the newest quote if that is more than a year ago; None also if one is undated."""
    days = [quote.article.article.published for quote in quotes]
    if not days or None in days:
        return None
    newest = max(day for day in days if day)
    return newest if (today - newest).days > STALE_DAYS else None


def earlier_rows(question: Question, quotes: Sequence[Quote]) -> frozenset[int]:
    """Rows of articles that tell an earlier state than the newest quoted: both name all names of the question, and are a month apart.

    Only for questions that ask for the present state; without a name in the question nothing is certain, so nothing is marked.
    """
    dated = [quote for quote in quotes if quote.article.article.published and _names_subject(question, quote)]
    if not dated:
        return frozenset()
    newest = max(_day(quote) for quote in dated)
    return frozenset(quote.article.row for quote in dated if (newest - _day(quote)).days >= OVERTAKEN_DAYS)


def _names_subject(question: Question, quote: Quote) -> bool:
    names = [concept for concept in question.concepts if concept.is_name and concept.is_known and not concept.is_year]
    keys = text_keys(f"{quote.article.article.title} {quote.text}")
    return bool(names) and all(match_concept(name, keys) >= NAMED for name in names)


def _day(quote: Quote) -> date:
    return quote.article.article.published or date.min
