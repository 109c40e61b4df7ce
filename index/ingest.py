"""Articles into the store.

    inputs | read (articles, failures) | decide: new? changed? known? the same text elsewhere? | cut passages | encode
           | one transaction a batch: article + passages + vectors + search terms

Killed at any moment, the store holds whole articles only; ingesting the same inputs again goes on where it stopped.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from index.articles import Article, Passage, Span
from index.encoding.encoder import Encoder, PassageText
from index.passages import cut_passages
from index.reading.inputs import ReadFailure
from index.storage.records import ArticleChange, FurtherPlace, KnownArticle
from index.storage.rows import article_digest, content_digest
from index.storage.store import Store

# Passages a transaction: large enough to sort by length for the encoder, small enough to lose little when killed (10 s).
BATCH_PASSAGES = 192


class Decision(Enum):
    ADD = "added"
    CHANGE = "changed"
    KEEP = "unchanged"
    DUPLICATE = "duplicates"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``row``: the stored article that is changed, kept or duplicated; None for a new one. ``key``: under which to store it."""

    decision: Decision
    key: str
    row: int | None = None


@dataclass(slots=True)
class IngestReport:
    """What became of the inputs."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    failed: list[ReadFailure] = field(default_factory=list)
    passages: int = 0

    @property
    def read(self) -> int:
        return self.added + self.changed + self.unchanged + self.duplicates


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a long run stands: articles decided, passages encoded, seconds since the start."""

    articles: int
    passages: int
    seconds: float


def decide(article: Article, known: Sequence[KnownArticle], is_there: Callable[[str], bool]) -> Verdict:
    """What to do with an incoming article, given the stored ones that share its key, origin or content.

    Two files with the same name (``a/ozg.md``, ``b/ozg.md``) are two articles while both are there: ``is_there`` tells of an
    origin whether it still exists. If not, the file was moved, and its article is the same.
    """
    others = [k for k in known if k.key == article.key and _is_other_file(k, article) and is_there(k.origin)]
    key = distinct_key(article) if others else article.key
    same = next((k for k in known if k.key == key), None) or next((k for k in known if k.shares_origin and not article.is_teaser), None)
    if same is not None:
        is_equal = same.key == key and same.digest == article_digest(article)
        is_kept = is_equal or (article.is_teaser and not same.is_teaser)
        return Verdict(Decision.KEEP if is_kept else Decision.CHANGE, key, same.row)
    twin = next((k for k in known if k.content_digest == content_digest(article)), None)
    return Verdict(Decision.DUPLICATE, key, twin.row) if twin is not None else Verdict(Decision.ADD, key)


def _is_other_file(known: KnownArticle, article: Article) -> bool:
    is_copy = known.content_digest == content_digest(article)
    return bool(known.origin and article.origin) and known.origin != article.origin and not is_copy


def distinct_key(article: Article) -> str:
    """The article's key with a digest of its origin, for a file whose name another file has too."""
    return f"{article.key}-{hashlib.blake2b(article.origin.encode(), digest_size=3).hexdigest()}"


class Ingester:
    """Collects decided articles and stores them batch by batch."""

    def __init__(self, store: Store, encoder: Encoder, report_progress: Callable[[Progress], None] = lambda _progress: None) -> None:
        self._store = store
        self._encoder = encoder
        self._report_progress = report_progress
        self._report = IngestReport()
        self._waiting: list[tuple[Article, tuple[Passage, ...], int | None]] = []
        self._waiting_marks: set[object] = set()
        self._started = time.monotonic()

    def run(self, inputs: Iterable[Article | ReadFailure]) -> IngestReport:
        """Read all inputs and store what is new or changed. Raises StoreError and EncoderError; what is stored so far stays."""
        for item in inputs:
            if isinstance(item, ReadFailure):
                self._report.failed.append(item)
            else:
                self._take(item)
        self._flush()
        return self._report

    def _take(self, article: Article) -> None:
        marks = {("key", article.key), ("content", content_digest(article))} | ({("origin", article.origin)} if article.origin else set())
        if marks & self._waiting_marks:
            self._flush()  # the decision depends on an article that is not stored yet
        known = self._store.find_known(article)
        verdict = decide(article, known, lambda origin: Path(origin).exists())
        article = replace(article, key=verdict.key)
        if verdict.decision is Decision.DUPLICATE and verdict.row is not None:
            self._note_place(article, verdict.row)
        elif verdict.decision is Decision.KEEP:
            self._report.unchanged += 1
        else:
            self._waiting.append((article, tuple(cut_passages(article.text)), verdict.row))
            replaced = {("content", k.content_digest) for k in known if k.row == verdict.row}
            self._waiting_marks |= marks | replaced
        if sum(len(passages) for _article, passages, _row in self._waiting) >= BATCH_PASSAGES:
            self._flush()
        self._report_progress(Progress(self._report.read + len(self._waiting), self._report.passages, time.monotonic() - self._started))

    def _note_place(self, article: Article, row: int) -> None:
        if self._store.is_place(article.key, row):
            self._report.unchanged += 1
        else:
            self._store.apply([], [FurtherPlace(row, article.key, article.url, article.source)])
            self._report.duplicates += 1

    def _flush(self) -> None:
        texts = [passage_text(article, passage) for article, passages, _row in self._waiting for passage in passages]
        encoded = iter(self._encoder.encode_passages(texts))
        changes = [
            ArticleChange(article, passages, tuple(next(encoded) for _ in passages), row) for article, passages, row in self._waiting
        ]
        self._store.apply(changes)
        self._report.added += sum(change.replaces is None for change in changes)
        self._report.changed += sum(change.replaces is not None for change in changes)
        self._report.passages += len(texts)
        self._waiting.clear()
        self._waiting_marks.clear()


def passage_text(article: Article, passage: Passage) -> PassageText:
    """What the encoder sees of a passage: the article's title, the passage's text, its sentences counted from its start."""
    start = passage.span.start
    sentences = tuple(Span(sentence.start - start, sentence.end - start) for sentence in passage.sentences)
    return PassageText(article.title, passage.span.cut(article.text), sentences)
