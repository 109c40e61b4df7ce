"""What crosses the border of the store: articles to be stored, what became of them, and passages as they are stored."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import numpy as np

from index.articles import Article, Passage
from index.encoding.encoder import EncodedPassage


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What is needed to decide about an incoming article: the stored one's row, key and digests, and whether it is from the same file
    or, from the web, of the same address."""

    row: int
    key: str
    digest: bytes
    content_digest: bytes
    is_teaser: bool
    shares_origin: bool
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article to be stored with its passages: in place of ``replaces`` (a row number), or as a new one.

    ``also``: further places that come with it. ``is_heir``: it takes the row of one that is gone, of which nothing may stay.
    """

    article: Article
    passages: tuple[Passage, ...]
    encoded: tuple[EncodedPassage, ...]
    replaces: int | None = None
    also: tuple[Article, ...] = ()
    is_heir: bool = False


@dataclass(frozen=True, slots=True)
class FurtherPlace:
    """The news of the article in ``row`` as it was read under another key and address."""

    row: int
    article: Article


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A further place that an incoming article may be: its article's row, its key, and the digest of all that was read there."""

    row: int
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class FormerVersion:
    """What an article said until ``replaced_at`` (UTC)."""

    version: int
    title: str
    text: str
    published: date | None
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """A key that was taken out of the store, with its last title and when (UTC)."""

    key: str
    title: str
    removed_at: datetime


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
