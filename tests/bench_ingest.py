"""``make bench``, a part of its own: what reading and storing costs without the encoder. Prints figures; asserts nothing.

    python -m tests.bench_ingest DATA_FOLDER [--limit N] [--profile]

All of berlin-press (or its first N articles) is streamed from its ``.jsonl.gz`` into a throw-away store, with stand-in vectors of true
size. The encoder's own time is not counted; the search for the same news elsewhere is timed on its own. Rates and shares are of processor
time, for other processes may be running; the time by the clock stands beside it.
"""

import argparse
import cProfile
import itertools
import pstats
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import index.ingest
import index.similarity
import index.storage.rows
import index.storage.store
from bot.progress import IngestProgress
from index.encoding.encoder import EncodedPassage, PassageText
from index.encoding.projection import AXES
from index.ingest import Ingester, Progress
from index.reading.inputs import count_expected, read_inputs
from index.storage.store import Store

CHARS_PER_TOKEN = 4  # of German text in the default model's tokenizer
DIMENSION = 384
REAL_PASSAGES_PER_S = 14.6  # of the default model on two cores (docs/measurements.md), for the share with the encoder


class Stopwatch:
    """Adds up the seconds spent in the functions that it wraps; what one calls of another is counted once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._depth = 0

    def wrap(self, owner: object, name: str) -> None:
        setattr(owner, name, self._timed(getattr(owner, name)))

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            self._depth += 1
            started = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                self._depth -= 1
                self.seconds += 0.0 if self._depth else time.process_time() - started

        return timed


class MemoryProgress:
    """Passes progress on, and notes the highest resident memory at a tenth, at half and at the end."""

    def __init__(self, shown: IngestProgress, expected: int) -> None:
        self._shown = shown
        self._marks = [expected // 10, expected // 2, expected]
        self.megabytes: list[int] = []

    def __call__(self, progress: Progress) -> None:
        self._shown(progress)
        if self._marks and progress.articles >= self._marks[0]:
            self._marks.pop(0)
            self.megabytes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


class StandInEncoder:
    """Random vectors of the size that the default model makes, for a few microseconds."""

    model_id = "stand-in"
    dimension = DIMENSION

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        return [self._encode(passage) for passage in passages]

    def _encode(self, passage: PassageText) -> EncodedPassage:
        count = max(1, (len(passage.title) + len(passage.body)) // CHARS_PER_TOKEN)
        chance = np.random.default_rng(count)
        tokens = chance.integers(-16, 17, (count, AXES), np.int8)
        return EncodedPassage(np.ones(DIMENSION, np.float32), tokens, np.zeros(count, np.uint16))


def measure(corpus: Path, folder: Path, limit: int | None) -> None:
    """Ingest once into an empty store, then the same again."""
    encoding, searching = Stopwatch(), Stopwatch()
    encoder = StandInEncoder()
    encoding.wrap(encoder, "encode_passages")
    for owner, names in (
        (index.ingest, ("sketch", "is_same_news", "content_digest")),
        (index.storage.store, ("rows_alike",)),
        (index.storage.rows, ("write_sketch",)),
        (Store, ("find_place", "find_alike")),
    ):
        for name in names:
            searching.wrap(owner, name)
    store = Store(folder / "bench.sqlite")
    expected = limit or count_expected([str(corpus)])
    for round_name in ("first", "again, nothing changed"):
        before = encoding.seconds, searching.seconds
        started, started_by_clock = time.process_time(), time.perf_counter()
        with IngestProgress(expected) as shown:
            progress = MemoryProgress(shown, expected)
            report = Ingester(store, encoder, progress).run(itertools.islice(read_inputs([str(corpus)]), limit))
        total = time.process_time() - started
        encode_s, search_s = encoding.seconds - before[0], searching.seconds - before[1]
        own = total - encode_s
        with_model = own + report.passages / REAL_PASSAGES_PER_S
        print(
            f"{round_name}: {report.read} articles ({report.added} added, {report.duplicates} duplicates, {report.unchanged} unchanged), "
            f"{report.passages} passages; without the encoder {own:.0f} s ({time.perf_counter() - started_by_clock:.0f} s by the clock), {report.read / own:.0f} articles/s; "
            f"search for the same news {search_s:.1f} s, {search_s / own:.1%} (with the real encoder about {search_s / with_model:.2%}); "
            f"resident memory (highest) after a tenth, half, all: {progress.megabytes} MB"
        )
    print(f"database {store.path.stat().st_size / 1e6:.0f} MB")
    print_places(store)
    store.close()


def print_places(store: Store) -> None:
    """How many further places say word for word what their article says, and how many nearly so."""
    exact = near = 0
    for row, _version in store.article_versions():
        places = store.places(row)
        if places:
            texts = [index.similarity.plain(article.text) for article in (store.articles([row])[row].article, *places)]
            exact += sum(text == texts[0] for text in texts[1:])
            near += sum(text != texts[0] for text in texts[1:])
    print(f"further places: {exact} with the very same text, {near} with nearly the same")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, help="only the first N articles")
    parser.add_argument("--profile", action="store_true", help="where the time goes")
    options = parser.parse_args()
    corpus = options.data / "berlin-press" / "articles.jsonl.gz"
    if not corpus.exists():
        print(f"{corpus} is not here: nothing was measured.")
        return
    with tempfile.TemporaryDirectory(prefix="amtsfunk-bench-") as folder:
        if not options.profile:
            measure(corpus, Path(folder), options.limit)
            return
        profile = cProfile.Profile()
        profile.runcall(measure, corpus, Path(folder), options.limit)
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)


if __name__ == "__main__":
    main()
