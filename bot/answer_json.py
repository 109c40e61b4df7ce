"""Answers and articles as the JSON objects of the command-line contract."""

from typing import Any

from index.articles import StoredArticle
from index.retrieval.engine import SHOWN_QUOTES, Answer
from index.retrieval.quoting import Quote
from index.retrieval.time_scope import Period


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """``corrections`` is there only if a word was searched for in another spelling, ``period`` only if the question names a time that matters:
    ``use`` is ``filtered``, ``preferred``, or ``nothing_found`` where all articles were searched because none of that time answers."""
    corrections = [{"typed": correction.typed, "searched": correction.searched} for correction in answer.corrections]
    return {
        "question": answer.question,
        "answered": answer.is_answered,
        "reason": answer.reason,
        "quotes": [_quote_to_json(quote) for quote in answer.quotes[:SHOWN_QUOTES]],
        "suggestions": [_suggestion_to_json(stored) for stored in answer.suggestions],
        "elapsed_ms": round(answer.elapsed_ms, 1),
    } | ({"corrections": corrections} if corrections else {}) | ({"period": _period_to_json(answer.period)} if answer.period else {})


def article_to_json(stored: StoredArticle) -> dict[str, Any]:
    article = stored.article
    return {
        "article_id": article.key,
        "title": article.title,
        "text": article.text,
        "published": _day(stored),
        "url": article.url,
        "source": article.source,
        "tags": list(article.tags),
        "version": stored.version,
        "is_teaser": article.is_teaser,
        "places": [{"article_id": key, "url": url} for key, url in stored.also_at],
    }


def _quote_to_json(quote: Quote) -> dict[str, Any]:
    article = quote.article.article
    return {
        "text": quote.text,
        "start": quote.span.start,
        "end": quote.span.end,
        "article_id": article.key,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": _day(quote.article),
        "score": round(quote.score, 4),
    }


def _period_to_json(period: Period) -> dict[str, Any]:
    first, last = (day.isoformat() if day else None for day in (period.first, period.last))
    return {"first": first, "last": last, "use": period.use.name.lower()}


def _suggestion_to_json(stored: StoredArticle) -> dict[str, Any]:
    return {"title": stored.article.title, "url": stored.article.url, "published": _day(stored)}


def _day(stored: StoredArticle) -> str | None:
    return stored.article.published.isoformat() if stored.article.published else None
