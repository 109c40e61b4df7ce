"""``make bench``: speed and memory on real data. Prints a table; asserts nothing.

    python -m tests.bench DATA_FOLDER [--keep FOLDER]

Every figure is measured next to what it is compared with, in the same run, since machines are noisy.
"""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoding.encoder import EncodedPassage, PassageText, SentenceTransformerEncoder
from index.encoding.projection import AXES
from index.evaluation.folder import read_folder
from index.evaluation.metrics import quantile
from index.evaluation.run import Observer, indexed_folder
from index.ingest import Ingester, passage_text
from index.language.spelling import SpellingIndex
from index.lexical import LexicalIndex
from index.passages import cut_passages
from index.reading.inputs import ReadFailure, read_inputs
from index.retrieval.candidates import Indexes
from index.retrieval.engine import Engine
from index.storage.store import Store
from index.vectors import VectorIndex
from tests.conftest import ROOT, kept_cache, link_model

RATE_ARTICLES = 120  # for the rate of indexing against the bare encoder
WARM_QUESTIONS = 20
CHARS_PER_TOKEN = 4  # of German text in this tokenizer
VOCABULARY = 200_000  # terms, most of them made of halves of true ones
MISSPELT_WORDS = 300
COLD_QUESTION = "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?"


def measure_rates(encoder: SentenceTransformerEncoder, corpus: Path, folder: Path, articles: int) -> None:
    """Passages a second: the bare encoder, then indexing of the same articles (read, analyse, encode, store)."""
    taken = [item for item, _n in zip(read_inputs([str(corpus)]), range(articles), strict=False) if not isinstance(item, ReadFailure)]
    passages = [passage_text(article, passage) for article in taken for passage in cut_passages(article.text)]
    texts = [f"passage: {passage.title}\n{passage.body}" for passage in passages]
    encoder.encode_question("Aufwärmen")
    rates: dict[str, list[float]] = {"bare encoder": [], "indexing": []}
    for round_number in range(2):
        rates["bare encoder"].append(len(texts) / timed(lambda: encoder.encode_bare(texts)))
        store = Store(folder / f"rates-{round_number}.sqlite")
        rates["indexing"].append(len(texts) / timed(lambda store=store: Ingester(store, encoder).run(taken)))
        store.close()
    bare, indexing = (statistics.median(values) for values in rates.values())
    print(
        f"{len(taken)} articles, {len(texts)} passages: bare encoder {bare:.1f}/s, indexing {indexing:.1f}/s, ratio {indexing / bare:.3f}"
    )


def measure_questions(encoder: SentenceTransformerEncoder, data: Path, keep: Path | None) -> None:
    """Milliseconds of a question in a running process against encoding the same question alone."""
    evaluation = read_folder(data)
    with indexed_folder(evaluation, encoder, keep, Observer()) as (engine, store):
        ask_all(engine, store, encoder, [query.text for query in evaluation.queries])


def ask_all(engine: Engine, store: Store, encoder: SentenceTransformerEncoder, texts: Sequence[str]) -> None:
    """Ask each question, and encode it alone, in turns."""
    for text in texts[:WARM_QUESTIONS]:
        engine.answer(text)
    encoding, answering = [], []
    for text in texts[WARM_QUESTIONS:]:
        encoding.append(1000 * timed(lambda text=text: encoder.encode_question(text)))
        answering.append(1000 * timed(lambda text=text: engine.answer(text)))
    alone, whole = statistics.median(encoding), statistics.median(answering)
    tail = quantile(answering, 0.95)
    measure_spelling(LexicalIndex(store).frequencies())
    print(f"{store.count_articles()} articles, {store.count_passages()} passages; database {store.path.stat().st_size / 1e6:.0f} MB")
    print(
        f"question: encoding alone {alone:.1f} ms, answer {whole:.1f} ms (ratio {whole / alone:.2f}), p95 {tail:.1f} ms (ratio {tail / alone:.2f})"
    )
    print(f"resident memory (highest): {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


class StandInPassages(SentenceTransformerEncoder):
    """Real questions, but random vectors for passages: what a question costs at scale does not depend on what the vectors say."""

    @property
    def model_id(self) -> str:
        return f"{super().model_id} stand-in"

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        random = np.random.default_rng(len(passages))
        return [self._stand_in(passage, random) for passage in passages]

    def _stand_in(self, passage: PassageText, random: np.random.Generator) -> EncodedPassage:
        vector = random.standard_normal(self.dimension).astype(np.float32)
        count = max(1, (len(passage.title) + len(passage.body)) // CHARS_PER_TOKEN)
        tokens = random.integers(-16, 17, (count, AXES), np.int8)  # about unit length: 64 numbers of 127 / 8
        return EncodedPassage(vector / np.linalg.norm(vector), tokens, np.sort(random.integers(0, len(passage.sentences), count)).astype(np.uint16))


def measure_scale(data: Path, keep: Path) -> None:
    """The same with all of berlin-press: real texts and terms, stand-in vectors. The store (4 GB) is kept in ``keep``."""
    encoder = StandInPassages("", kept_cache())
    store = Store(keep / "bench-scale.sqlite")
    store.bind_model(encoder.model_id, encoder.dimension)
    report = Ingester(store, encoder).run(read_inputs([str(data / "berlin-press" / "articles.jsonl.gz")]))
    loading = time.perf_counter()
    engine = Engine(store, encoder, Indexes(VectorIndex(store, encoder.dimension), LexicalIndex(store)))
    print(f"{report.added} articles added now; indexes loaded in {time.perf_counter() - loading:.1f} s")
    ask_all(engine, store, encoder, [query.text for query in read_folder(data / "berlin-qa").queries])
    store.close()


def measure_spelling(frequencies: dict[str, int]) -> None:
    """Milliseconds to find terms near a word with a letter missing, among VOCABULARY terms."""
    chance = random.Random(1)
    words = [term for term in frequencies if term.isalpha() and len(term) > 5]
    terms = dict(frequencies)
    while len(terms) < VOCABULARY:
        first, second = chance.choice(words), chance.choice(words)
        terms[first[: len(first) // 2] + second[len(second) // 2 :]] = 1
    index = SpellingIndex(terms)
    typed = [
        word[:place] + word[place + 1 :] for word in chance.sample(words, MISSPELT_WORDS) for place in [chance.randrange(1, len(word))]
    ]
    taken = [1000 * timed(lambda word=word: index.near(word)) for word in typed]
    print(f"terms near a misspelt word among {len(terms)}: {statistics.median(taken):.2f} ms, p95 {quantile(taken, 0.95):.2f} ms")


def measure_cold_start(folder: Path) -> None:
    """Seconds and memory of ``amtsfunk ask`` as a new process, on the shipped articles."""
    home = folder / "home"
    link_model(kept_cache(), home)
    environment = {"AMTSFUNK_HOME": str(home), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "bot", "ask", COLD_QUESTION]
    first = timed(lambda: subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True))
    cold = [timed(lambda: subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)) for _ in range(3)]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"first start with reading the shipped articles: {first:.1f} s; later first answers: {statistics.median(cold):.1f} s; {memory:.0f} MB"
    )


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", type=Path, help="folder of kept evaluation stores, so that 3,000 articles are not indexed anew")
    parser.add_argument("--scale", action="store_true", help="only: questions over all of berlin-press, kept in --keep")
    options = parser.parse_args()
    if options.scale:
        measure_scale(options.data, options.keep)
        return
    encoder = SentenceTransformerEncoder("", kept_cache())
    with tempfile.TemporaryDirectory(prefix="amtsfunk-bench-") as folder:
        encoder.load()
        measure_cold_start(Path(folder))
        corpus = options.data / "berlin-qa"
        if not corpus.is_dir():
            print(f"{corpus} is not here: only the cold start was measured.")
            return
        measure_questions(encoder, corpus, options.keep)
        measure_rates(encoder, corpus / "corpus.jsonl.gz", Path(folder), RATE_ARTICLES)


if __name__ == "__main__":
    main()
