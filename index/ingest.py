"""Articles into the store.

    inputs | read (articles, failures) | decide: new? changed? known? | new: the same news elsewhere? | cut passages | encode
           | one transaction a batch: article + passages + vectors + search terms + sketch + further places

Killed at any moment, the store holds whole articles only; ingesting the same inputs again goes on where it stopped.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from index.articles import Article, Passage, Span, is_from_web
from index.encoding.encoder import Encoder, PassageText
from index.passages import cut_passages
from index.reading.inputs import ReadFailure
from index.similarity import MIN_SHARED, is_same_news, sketch
from index.storage.records import ArticleChange, FurtherPlace, KnownArticle
from index.storage.rows import address_of, article_digest, content_digest
from index.storage.store import Store

# Passages a transaction: large enough to sort by length for the encoder, small enough to lose little when killed (10 s).
BATCH_PASSAGES = 192


class Decision(Enum):
    ADD = "added"
    CHANGE = "changed"
    KEEP = "unchanged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``row``: the stored article that is changed or kept; None for a new one. ``key``: under which to store it."""

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
    """What to do with an incoming article, given the stored ones that share its key, origin or address: add, change or keep.

    Two files with the same name (``a/ozg.md``, ``b/ozg.md``) are two articles while both are there: ``is_there`` tells of an
    origin whether it still exists. If not, the file was moved, and its article is the same. A page on the web is the same article
    under another headline, too, and keeps its key.
    """
    others = [k for k in known if k.key == article.key and _is_elsewhere(k, article) and is_there(k.origin)]
    key = distinct_key(article) if others else article.key
    is_page = is_from_web(article.origin)
    same = next((k for k in known if k.key == key), None)
    same = same or next((k for k in known if k.shares_origin and (is_page or not article.is_teaser)), None)
    if same is None:
        return Verdict(Decision.ADD, key)
    key = same.key if is_page else key
    is_equal = same.key == key and same.digest == article_digest(article)
    is_kept = is_equal or (article.is_teaser and not same.is_teaser)
    return Verdict(Decision.KEEP if is_kept else Decision.CHANGE, key, same.row)


def _is_elsewhere(known: KnownArticle, article: Article) -> bool:
    """Whether the stored article of the same key stands in another file or on another page, and is no copy."""
    is_copy = known.digest == article_digest(article)
    return bool(known.origin and article.origin) and known.origin != article.origin and not is_copy


def is_still_there(origin: str) -> bool:
    """Whether what an article was read from exists: a page until it is removed, a file while it lies there."""
    return is_from_web(origin) or Path(origin).exists()


def distinct_key(article: Article) -> str:
    """The article's key with a digest of its origin, for a file whose name another file has too."""
    return f"{article.key}-{hashlib.blake2b(article.origin.encode(), digest_size=3).hexdigest()}"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A decided article on its way into the store: under ``row`` or as a new one, with the further places that go with it."""

    article: Article
    passages: tuple[Passage, ...]
    sketch: frozenset[int]
    row: int | None = None
    also: tuple[Article, ...] = ()


class Ingester:
    """Collects decided articles and stores them batch by batch."""

    def __init__(self, store: Store, encoder: Encoder, report_progress: Callable[[Progress], None] = lambda _progress: None) -> None:
        self._store = store
        self._encoder = encoder
        self._report_progress = report_progress
        self._report = IngestReport()
        self._waiting: list[_Waiting] = []
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
        if self._marks(article) & self._waiting_marks:
            self._flush()  # the decision depends on an article that is not stored yet
        verdict = decide(article, self._store.find_known(article), is_still_there)
        article = replace(article, key=verdict.key)
        if verdict.decision is Decision.ADD:
            self._take_new(article)
        elif verdict.row is None or verdict.decision is Decision.KEEP:
            self._report.unchanged += 1
        else:
            self._take_changed(article, verdict.row)
        if sum(len(waiting.passages) for waiting in self._waiting) >= BATCH_PASSAGES:
            self._flush()
        self._report_progress(Progress(self._report.read + len(self._waiting), self._report.passages, time.monotonic() - self._started))

    def _take_new(self, article: Article) -> None:
        place = self._store.find_place(article)
        if place is not None and (place.key, place.digest) == (article.key, article_digest(article)):
            self._report.unchanged += 1
            return
        own = frozenset(sketch(article))
        if any(len(waiting.sketch & own) >= MIN_SHARED and is_same_news(waiting.article, article) for waiting in self._waiting):
            self._flush()
        twin = next((row for row, stored in self._store.find_alike(article).items() if is_same_news(stored, article)), None)
        if twin is None:
            self._wait(article)
        else:
            self._store.apply([], [FurtherPlace(twin, article)])
            self._report.duplicates += 1

    def _take_changed(self, article: Article, row: int) -> None:
        """A correction; further places that did not follow it become articles of their own, in the same transaction."""
        self._wait(article, row)
        for head, also in group_same(place for place in self._store.places(row) if not _still_says(place, article)):
            self._wait(head, None, also)

    def _wait(self, article: Article, row: int | None = None, also: tuple[Article, ...] = ()) -> None:
        self._waiting.append(_Waiting(article, tuple(cut_passages(article.text)), frozenset(sketch(article)), row, also))
        self._waiting_marks |= self._marks(article)
        if row is not None:
            self._waiting_marks |= self._marks(self._store.articles([row])[row].article)

    def _marks(self, article: Article) -> set[object]:
        """What two articles must not share if one is decided while the other waits."""
        marks: set[object] = {("key", article.key), ("content", content_digest(article))}
        if article.origin:
            marks.add(("origin", article.origin))
        if not article.origin or is_from_web(article.origin):
            marks.add(("address", address_of(article) or article.key))
        return marks

    def _flush(self) -> None:
        changes = encode_changes(self._encoder, [ArticleChange(w.article, w.passages, (), w.row, w.also) for w in self._waiting])
        self._store.apply(changes)
        self._report.added += sum(change.replaces is None for change in changes)
        self._report.changed += sum(change.replaces is not None for change in changes)
        self._report.passages += sum(len(change.passages) for change in changes)
        self._waiting.clear()
        self._waiting_marks.clear()


def encode_changes(encoder: Encoder, changes: Sequence[ArticleChange]) -> list[ArticleChange]:
    """The changes with all their passages encoded, in one call."""
    texts = [passage_text(change.article, passage) for change in changes for passage in change.passages]
    encoded = iter(encoder.encode_passages(texts) if texts else ())
    return [replace(change, encoded=tuple(next(encoded) for _ in change.passages)) for change in changes]


def group_same(places: Iterable[Article]) -> list[tuple[Article, tuple[Article, ...]]]:
    """Further places that lost their article, as articles with further places of their own: each the first of those that say the same."""
    groups: list[tuple[Article, list[Article]]] = []
    for place in places:
        own = next((also for head, also in groups if is_same_news(head, place)), None)
        if own is None:
            groups.append((place, []))
        else:
            own.append(place)
    return [(head, tuple(also)) for head, also in groups]


def _still_says(place: Article, article: Article) -> bool:
    return place.is_teaser or is_same_news(place, article)  # a teaser goes with its article, whatever the full text is


def passage_text(article: Article, passage: Passage) -> PassageText:
    """What the encoder sees of a passage: the article's title, the passage's text, its sentences counted from its start."""
    start = passage.span.start
    sentences = tuple(Span(sentence.start - start, sentence.end - start) for sentence in passage.sentences)
    return PassageText(article.title, passage.span.cut(article.text), sentences)
