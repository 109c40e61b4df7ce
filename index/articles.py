"""The nouns of this package: what is read, stored, cut into pieces and quoted.

Offsets are half-open ``[start, end)`` ranges of Unicode code points in ``Article.text``.
"""

from dataclasses import dataclass
from datetime import date

WEB = "web:"  # how the origin of an article begins that was read from the web


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of code points in an article's text."""

    start: int
    end: int

    def cut(self, text: str) -> str:
        """The slice of ``text`` that this span names."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read from an input.

    ``key`` names it for people and in JSON (``article_id``). ``origin`` is the input it was read from, so that an edited
    file replaces its former version even when its headline, and with it a derived key, has changed. ``is_teaser`` marks a
    headline with a few sentences whose full text was not there to be read; it never replaces a full article. Of an article read
    from the web, ``origin`` is WEB and the canonical address.
    """

    key: str
    title: str
    text: str
    published: date | None = None
    url: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    origin: str = ""
    is_teaser: bool = False


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with its row number and version in the store; ``also_at`` are further keys and addresses of the same text."""

    row: int
    version: int
    article: Article
    also_at: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of whole sentences that is embedded and searched as one; ``sentences`` lie inside ``span``."""

    span: Span
    sentences: tuple[Span, ...]


def is_from_web(origin: str) -> bool:
    """Whether this origin is an address on the web, not a file."""
    return origin.startswith(WEB)
