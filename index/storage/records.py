"""What crosses the border of the store: articles to be stored, what became of them, and passages as they are stored."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from index.articles import Article, Passage
from index.encoding.encoder import EncodedPassage


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is needed to decide about an incoming article: the stored one's row, key and digests, and whether it is from the same file."""

    row: int
    key: str
    digest: bytes
    content_digest: bytes
    is_teaser: bool
    shares_origin: bool
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article to be stored with its passages: in place of ``replaces`` (a row number), or as a new one."""

    article: Article
    passages: tuple[Passage, ...]
    encoded: tuple[EncodedPassage, ...]
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class FurtherPlace:
    """Another key and address under which the text of the article in ``row`` was read."""

    row: int
    key: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class StoredChange:
    """What became of the article in ``row`` within a transaction; ``before`` is None for an added one, ``after`` for a removed one."""

    row: int
    kind: Literal["added", "changed", "removed"]
    before: Article | None
    after: Article | None


OnChange = Callable[[sqlite3.Connection, Sequence[StoredChange]], None]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as stored; ``tokens`` and ``token_sentences`` as in ``EncodedPassage``."""

    id: int
    article_row: int
    passage: Passage
    tokens: np.ndarray
    token_sentences: np.ndarray
