"""One evaluation: articles into a throw-away store, every query through the engine, figures from the outcomes."""

import contextlib
import gzip
import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article
from index.encoding.encoder import Encoder
from index.evaluation.folder import UNTYPED, EvaluationFolder, Query
from index.evaluation.metrics import Outcome, compute_figures, quantile, quote_figures, ranking_figures
from index.ingest import Ingester, Progress
from index.lexical import LexicalIndex
from index.reading.inputs import read_inputs
from index.retrieval.abstention import Calibration
from index.retrieval.candidates import Indexes
from index.retrieval.engine import SHOWN_QUOTES, Engine
from index.retrieval.quoting import is_verbatim, worth_showing
from index.retrieval.scoring import Scorer
from index.storage.store import Store
from index.vectors import VectorIndex

# Raise it when passages are cut, or texts embedded, in another way: kept stores are then made anew.
EMBEDDING_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Outcomes per query and the figures over them, in the layout of the evaluation contract."""

    outcomes: tuple[Outcome, ...]
    figures: dict


@dataclass(frozen=True, slots=True)
class Observer:
    """Told about progress: of indexing, and of queries done of all."""

    indexing: Callable[[Progress], None] = lambda _progress: None
    asking: Callable[[int, int], None] = lambda _done, _total: None


def evaluate(folder: EvaluationFolder, encoder: Encoder, keep_in: Path | None = None, observer: Observer = Observer()) -> Evaluation:
    """Evaluate a folder. The store is thrown away, or kept in the folder ``keep_in`` and used again for the same corpus and model."""
    started = time.perf_counter()
    with indexed_folder(folder, encoder, keep_in, observer) as (engine, store):
        index_seconds = time.perf_counter() - started
        outcomes = ask_all(engine, store, folder.queries, observer)
        counts = {"documents": store.count_articles(), "passages": store.count_passages(), "index_seconds": round(index_seconds, 2)}
        return Evaluation(outcomes, _all_figures(outcomes, counts))


@contextlib.contextmanager
def indexed_folder(
    folder: EvaluationFolder,
    encoder: Encoder,
    keep_in: Path | None,
    observer: Observer,
    calibration: Calibration | None = None,
    scorer: Scorer | None = None,
) -> Iterator[tuple[Engine, Store]]:
    """The folder's corpus in a store, and an engine over it (with what ships where nothing is given)."""
    with tempfile.TemporaryDirectory(prefix="amtsfunk-eval-") as temporary:
        store = Store((keep_in or Path(temporary)) / f"{_store_name(folder, encoder)}.sqlite")
        try:
            store.bind_model(encoder.model_id, encoder.dimension)
            Ingester(store, encoder, observer.indexing).run(read_inputs([str(folder.corpus)]))
            indexes = Indexes(VectorIndex(store, encoder.dimension), LexicalIndex(store))
            yield Engine(store, encoder, indexes, calibration=calibration, scorer=scorer), store
        finally:
            store.close()


def _store_name(folder: EvaluationFolder, encoder: Encoder) -> str:
    """Names corpus, model and the program's own way of cutting and embedding, so that a kept store is never used for another."""
    digest = hashlib.blake2b(digest_size=12)
    digest.update(_content(folder.corpus))
    digest.update(f"{encoder.model_id} {EMBEDDING_FORMAT}".encode())
    return digest.hexdigest()


def _content(corpus: Path) -> bytes:
    return gzip.decompress(corpus.read_bytes()) if corpus.suffix == ".gz" else corpus.read_bytes()


def ask_all(engine: Engine, store: Store, queries: tuple[Query, ...], observer: Observer) -> tuple[Outcome, ...]:
    engine.find("Aufwärmen")  # the first pass through a model is slow; it is no query's fault
    outcomes = []
    for done, query in enumerate(queries):
        observer.asking(done, len(queries))
        outcomes.append(_ask(engine, store, query))
    observer.asking(len(queries), len(queries))
    return tuple(outcomes)


def _ask(engine: Engine, store: Store, query: Query) -> Outcome:
    started = time.perf_counter()
    findings = engine.find(query.text, query.before)
    is_answered = engine.reason_to_abstain(findings) is None
    latency_ms = (time.perf_counter() - started) * 1000
    quotes = findings.quotes[:SHOWN_QUOTES]
    shown = tuple(quote.text for quote in worth_showing(findings.quotes)[:SHOWN_QUOTES])
    stored = store.articles(quote.article.row for quote in findings.quotes)
    verbatim = all(is_verbatim(quote, stored[quote.article.row].article.text) for quote in findings.quotes)
    rows = findings.ranking.article_rows
    keys = {row: frozenset([a.article.key, *(key for key, _url in a.also_at)]) for row, a in store.articles(rows).items()}
    ranked, texts = tuple(keys[row] for row in rows), tuple(quote.text for quote in quotes)
    origins = tuple(_origin(quote.article.article) for quote in quotes)
    return Outcome(query, ranked, texts, shown, verbatim, is_answered, latency_ms, origins)


def _origin(article: Article) -> str:
    name = article.title or article.key
    return f"{name}, {article.published.isoformat()}" if article.published else name


def _all_figures(outcomes: tuple[Outcome, ...], counts: dict[str, float]) -> dict:
    latencies = [outcome.latency_ms for outcome in outcomes]
    latency = {"p50": round(quantile(latencies, 0.5), 2), "p95": round(quantile(latencies, 0.95), 2)}
    figures = {name: round(value, 4) for name, value in compute_figures(outcomes).items()}
    return {"queries": len(outcomes), **counts, **figures, "latency_ms": latency, "by_type": _by_type(outcomes)}


def _by_type(outcomes: tuple[Outcome, ...]) -> dict[str, dict[str, float]]:
    kinds = sorted({outcome.query.type for outcome in outcomes} - {UNTYPED})
    return {kind: _type_figures([outcome for outcome in outcomes if outcome.query.type == kind]) for kind in kinds}


def _type_figures(outcomes: list[Outcome]) -> dict[str, float]:
    answerable = [outcome for outcome in outcomes if outcome.query.is_answerable]
    ranking, quotes = ranking_figures(answerable), quote_figures(answerable)
    wanted = {"success@1": ranking["success@1"], "quote_hit@1": quotes["quote_hit@1"], "quote_hit@3": quotes["quote_hit@3"]}
    answered = sum(outcome.is_answered for outcome in outcomes) / len(outcomes)
    figures = {**(wanted if answerable else {}), "answered": answered}
    return {"queries": len(outcomes), **{name: round(value, 4) for name, value in figures.items()}}
