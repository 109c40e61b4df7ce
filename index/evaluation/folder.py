"""An evaluation folder: corpus, queries, relevance judgements and gold answer strings."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import InputError

UNTYPED = "untyped"


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its kind, the question asked before it (empty if none), relevant article keys and gold answer strings."""

    id: str
    text: str
    type: str
    before: str
    relevant: frozenset[str]
    answers: tuple[str, ...]

    @property
    def is_answerable(self) -> bool:
        return bool(self.relevant)


@dataclass(frozen=True, slots=True)
class EvaluationFolder:
    """``corpus``: the file of articles; ``digest`` covers all files, so that figures are compared only on the same data."""

    corpus: Path
    queries: tuple[Query, ...]
    digest: str


def read_folder(folder: Path, limit: int | None = None) -> EvaluationFolder:
    """Read a folder (at most ``limit`` queries). Raises InputError naming what is missing or malformed."""
    corpus = next((path for name in ("corpus.jsonl", "corpus.jsonl.gz") if (path := folder / name).is_file()), None)
    if corpus is None:
        raise InputError(f"{folder} ist kein Auswertungsordner: corpus.jsonl oder corpus.jsonl.gz fehlt.")
    queries_file, judgements = folder / "queries.jsonl", folder / "qrels" / "test.tsv"
    answers_file = folder / "answers.jsonl"
    try:
        relevant = _read_judgements(judgements)
        answers = {row["_id"]: tuple(row["answers"]) for row in _read_lines(answers_file)} if answers_file.exists() else {}
        rows = _read_lines(queries_file)
        texts = {row["_id"]: row["text"] for row in rows}
        queries = tuple(_query(row, texts, relevant, answers) for row in rows[:limit])
    except OSError as error:
        raise InputError(f"Der Auswertungsordner {folder} ist nicht lesbar: {error.filename}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"Der Auswertungsordner {folder} ist nicht lesbar: {error!r}.") from error
    files = [corpus, queries_file, judgements, *([answers_file] if answers_file.exists() else [])]
    return EvaluationFolder(corpus, queries, _digest(files))


def _query(row: dict, texts: dict[str, str], relevant: dict[str, set[str]], answers: dict[str, tuple[str, ...]]) -> Query:
    metadata = row.get("metadata") or {}
    before = texts.get(metadata.get("after") or "", "")
    kind = metadata.get("type") or UNTYPED
    return Query(row["_id"], row["text"], kind, before, frozenset(relevant.get(row["_id"], ())), answers.get(row["_id"], ()))


def _read_lines(path: Path) -> list[dict]:
    """One JSON object a line; only line feeds part lines (``splitlines`` would also part strings at U+2028 and U+0085)."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def _read_judgements(path: Path) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, article, score = line.split("\t")
        if float(score) > 0:
            relevant.setdefault(query, set()).add(article)
    return relevant


def _digest(files: list[Path]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
