"""Answers and articles as the JSON objects of the command-line contract."""

from typing import Any

from index.articles import StoredArticle
from index.retrieval.engine import Answer
from index.retrieval.quoting import Quote


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """``corrections`` is there only if a word was searched for in another spelling."""
    corrections = [{"typed": correction.typed, "searched": correction.searched} for correction in answer.corrections]
    return {
        "question": answer.question,
        "answered": answer.is_answered,
        "reason": answer.reason,
        "quotes": [_quote_to_json(quote) for quote in answer.quotes[: answer.shown]],
        "suggestions": [_suggestion_to_json(stored) for stored in answer.suggestions],
        "elapsed_ms": round(answer.elapsed_ms, 1),
    } | ({"corrections": corrections} if corrections else {})


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


def _suggestion_to_json(stored: StoredArticle) -> dict[str, Any]:
    return {"title": stored.article.title, "url": stored.article.url, "published": _day(stored)}


def _day(stored: StoredArticle) -> str | None:
    return stored.article.published.isoformat() if stored.article.published else None
