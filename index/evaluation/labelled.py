"""The labelled questions that weights are fitted on, each set with an engine over its articles."""

import gzip
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.encoding.encoder import SentenceTransformerEncoder
from index.evaluation.folder import EvaluationFolder, Query, read_folder
from index.evaluation.run import Observer, indexed_folder
from index.retrieval.abstention import Calibration
from index.retrieval.engine import Engine
from index.shipped import shipped_file

BERLIN_QA, TRAINING = "berlin-qa, odd half", "training"
UNFITTED = Calibration(0.0, {}, 0.0)  # the engine needs one; only what it finds is used here


def labelled_folders(data: Path, keep: Path, *, with_training: bool) -> Iterator[tuple[str, EvaluationFolder, Engine]]:
    """The sets by name. ``data``: holds berlin-qa and berlin-press; ``keep``: for the model and the stores, which are made if missing."""
    encoder = SentenceTransformerEncoder("", keep)
    with tempfile.TemporaryDirectory() as temporary:
        folders = {BERLIN_QA: read_folder(data / "berlin-qa")}
        if with_training:
            folders[TRAINING] = training_folder(data, Path(temporary))
        for name, folder in folders.items():
            with indexed_folder(folder, encoder, keep, Observer(), UNFITTED) as (engine, _store):
                yield name, folder, engine


def is_fitted_on(query: Query) -> bool:
    """The odd-numbered half of berlin-qa (``q001``, ``q003`` …)."""
    return int(query.id.lstrip("q")) % 2 == 1


def training_folder(data: Path, folder: Path) -> EvaluationFolder:
    """The training questions with their corpus, taken from ``berlin-press``."""
    wanted = set((data / "berlin-press" / "training-ids.txt").read_text("utf-8").split())
    with gzip.open(data / "berlin-press" / "articles.jsonl.gz", "rt", encoding="utf-8") as articles:
        lines = [line for line in articles if json.loads(line)["_id"] in wanted]
    (folder / "corpus.jsonl").write_text("".join(lines), "utf-8")
    for name in ("queries.jsonl", "answers.jsonl", "qrels"):
        (folder / name).symlink_to(shipped_file("training") / name)
    return read_folder(folder)
