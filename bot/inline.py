"""Inline mode (``@bot OZG`` in any chat): a few words in, at most ten things to send out, independent of Telegram.

words ── engine ── its quotes, one to a hit      … no answer: near headlines, called so      … no words: the latest articles
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import texts
from bot.deep_links import GREETING, QUESTION, encode_link
from bot.quote_text import place_segments, quote_segments, shown_date, source_segments
from bot.replies import Button, Reply, Segment
from index.articles import StoredArticle
from index.retrieval.engine import Answer, Engine
from index.storage.store import Store

MAX_HITS = 10
MAX_TITLE_CHARS, MAX_DESCRIPTION_CHARS = 120, 200  # what a phone shows of each, generously


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing to send: ``id`` names the place in the article, so the same hit has the same one."""

    id: str
    title: str
    description: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """``hits`` best first; ``label`` and ``payload`` of the button above them, which leads into the chat with the bot."""

    hits: tuple[Hit, ...]
    label: str
    payload: str


class InlineSearch:
    """Answers what is typed after the bot's name."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine, self._store = engine, store

    def answer(self, text: str) -> InlineAnswer:
        if not any(char.isalnum() for char in text):
            rows = self._store.newest_rows(MAX_HITS)
            articles = self._store.articles(rows)
            return InlineAnswer(tuple(_headline(articles[row], "", ()) for row in rows if row in articles), texts.INLINE_EMPTY, GREETING)
        answer = self._engine.answer(text)
        payload = encode_link(QUESTION, text, tuple(concept.surface for concept in answer.concepts))
        label = texts.INLINE_MORE if answer.is_answered else texts.INLINE_NONE
        return InlineAnswer(tuple(_hits(answer, payload))[:MAX_HITS], label, payload or GREETING)


def _hits(answer: Answer, payload: str) -> Iterator[Hit]:
    buttons = ((Button(texts.INLINE_BUTTON, share=payload),),) if payload else ()
    for quote in answer.quotes:
        stored, quoted = quote.article, quote_segments(quote, answer.concepts)
        segments = [*quoted, Segment("\n"), *source_segments(stored), *place_segments(stored, quote.span)]
        place = f"{stored.row}-{stored.version}-{quote.span.start}-{quote.span.end}"
        yield _hit(place, stored, "".join(segment.text for segment in quoted), Reply(tuple(segments), buttons))
    for stored in answer.suggestions:
        yield _headline(stored, texts.INLINE_NEAR, buttons)


def _headline(stored: StoredArticle, note: str, buttons: Sequence[tuple[Button, ...]]) -> Hit:
    return _hit(f"{stored.row}-{stored.version}", stored, note or stored.article.source, Reply(tuple(source_segments(stored)), tuple(buttons)))


def _hit(identity: str, stored: StoredArticle, about: str, reply: Reply) -> Hit:
    title = " ".join((stored.article.title or stored.article.key).split())
    description = " ".join(f"{shown_date(stored.article.published)} · {about}".split())
    return Hit(identity, _shortened(title, MAX_TITLE_CHARS), _shortened(description, MAX_DESCRIPTION_CHARS), reply)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
