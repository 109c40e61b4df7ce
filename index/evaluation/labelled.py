"""The labelled questions that weights are fitted on, each set with an engine over its articles."""

import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.articles import Article
from index.encoding.encoder import SentenceTransformerEncoder
from index.evaluation.folder import EvaluationFolder, Query, read_folder
from index.evaluation.run import Observer, indexed_folder
from index.reading.inputs import read_inputs
from index.retrieval.abstention import Calibration
from index.retrieval.engine import Engine
from index.retrieval.scoring import Scorer
from index.shipped import shipped_file
from index.storage.store import Store

BERLIN_QA, TRAINING = "berlin-qa, odd half", "training"
# So far from the words of their articles that a score fitted on them would trust words too little: they teach the encoder alone.
PARAPHRASES = "paraphrases"
UNFITTED = Calibration(0.0, {}, 0.0)  # the engine needs one; only what it finds is used here


def labelled_folders(
    data: Path, encoder: SentenceTransformerEncoder, keep: Path, scorer: Scorer | None = None
) -> Iterator[tuple[str, EvaluationFolder, Engine, Store]]:
    """The sets by name, each with its engine and store; the engine ranks with ``scorer``, or the shipped one. ``data``: holds berlin-qa and berlin-press; ``keep``: for the model and the stores, which are made if missing."""
    with tempfile.TemporaryDirectory() as temporary:
        root, training = Path(temporary), shipped_file("training")
        folders = {
            BERLIN_QA: read_folder(data / "berlin-qa"),
            TRAINING: training_folder(data, root / TRAINING),
            PARAPHRASES: training_folder(data, root / PARAPHRASES, training / "paraphrases"),
        }
        for name, folder in folders.items():
            with indexed_folder(folder, encoder, keep, Observer(), UNFITTED, scorer) as (engine, store):
                yield name, folder, engine, store


def is_fitted_on(query: Query) -> bool:
    """The odd-numbered half of berlin-qa (``q001``, ``q003`` …)."""
    return int(query.id.lstrip("q")) % 2 == 1


def training_folder(data: Path, folder: Path, questions: Path | None = None) -> EvaluationFolder:
    """The training questions, or those in the folder ``questions``, with their corpus taken from ``berlin-press``, written to ``folder``."""
    wanted = set((data / "berlin-press" / "training-ids.txt").read_text("utf-8").split())
    with gzip.open(data / "berlin-press" / "articles.jsonl.gz", "rt", encoding="utf-8") as articles:
        lines = [line for line in articles if json.loads(line)["_id"] in wanted]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "corpus.jsonl").write_text("".join(lines), "utf-8")
    _link_questions(folder, questions or shipped_file("training"))
    return read_folder(folder)


def shipped_folder(folder: Path) -> EvaluationFolder:
    """The questions on the articles that ship, with these as corpus, written to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = [item for item in read_inputs([str(shipped_file("articles"))]) if isinstance(item, Article)]
    (folder / "corpus.jsonl").write_text("".join(f"{json.dumps(_as_corpus(article), ensure_ascii=False)}\n" for article in articles), "utf-8")
    _link_questions(folder, shipped_file("training") / "shipped")
    return read_folder(folder)


def _as_corpus(article: Article) -> dict:
    metadata = {"date": article.published.isoformat() if article.published else "", "url": article.url, "publisher": article.source}
    return {"_id": article.key, "title": article.title, "text": article.text, "metadata": metadata}


def _link_questions(folder: Path, questions: Path) -> None:
    for name in ("queries.jsonl", "answers.jsonl", "qrels"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to((questions / name).resolve())


if __name__ == "__main__":  # FOLDER [DATA]: the questions held out, as folders for ``amtsfunk eval``
    shipped_folder(Path(sys.argv[1]) / "shipped")
    if len(sys.argv) > 2:
        training_folder(Path(sys.argv[2]), Path(sys.argv[1]) / "held-out", shipped_file("training") / "held-out")
