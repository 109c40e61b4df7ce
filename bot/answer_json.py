"""Answers and articles as the JSON objects of the command-line contract."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from index.articles import Article, StoredArticle
from index.retrieval.engine import SHOWN_QUOTES, Answer
from index.retrieval.quoting import Quote
from index.storage.records import Removal
from index.versions import Correction


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """``corrections`` is there only if a word was searched for in another spelling."""
    corrections = [{"typed": correction.typed, "searched": correction.searched} for correction in answer.corrections]
    return {
        "question": answer.question,
        "answered": answer.is_answered,
        "reason": answer.reason,
        "quotes": [_quote_to_json(quote) for quote in answer.quotes[:SHOWN_QUOTES]],
        "suggestions": [_suggestion_to_json(stored) for stored in answer.suggestions],
        "elapsed_ms": round(answer.elapsed_ms, 1),
    } | ({"corrections": corrections} if corrections else {})


def article_to_json(stored: StoredArticle, places: Sequence[Article]) -> dict[str, Any]:
    """``places``: further places of publication, each with its own headline and day."""
    article = stored.article
    return {
        "article_id": article.key,
        "title": article.title,
        "text": article.text,
        "published": _iso(article.published),
        "url": article.url,
        "source": article.source,
        "tags": list(article.tags),
        "version": stored.version,
        "is_teaser": article.is_teaser,
        "places": [
            {"article_id": place.key, "url": place.url, "source": place.source, "title": place.title, "published": _iso(place.published)}
            for place in places
        ],
    }


def versions_to_json(stored: StoredArticle, corrections: Sequence[Correction]) -> dict[str, Any]:
    """Earlier versions, oldest first, each with what the next one changed; the present one is what ``article`` gives."""
    versions = [
        {
            "version": correction.former.version,
            "title": correction.former.title,
            "text": correction.former.text,
            "published": _iso(correction.former.published),
            "replaced": correction.former.replaced_at.isoformat(),
            "changes": [{"new" if change.is_new else "gone": change.text} for change in correction.changes],
        }
        for correction in corrections
    ]
    return {"article_id": stored.article.key, "version": stored.version, "versions": versions}


def removal_to_json(removal: Removal) -> dict[str, Any]:
    return {"article_id": removal.key, "title": removal.title, "removed": removal.removed_at.isoformat()}


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


def _suggestion_to_json(stored: StoredArticle) -> dict[str, Any]:
    return {"title": stored.article.title, "url": stored.article.url, "published": _day(stored)}


def _day(stored: StoredArticle) -> str | None:
    return _iso(stored.article.published)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
