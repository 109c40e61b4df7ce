"""A run of an evaluation kept in a file: what each question brought, so that a later run can be compared question by question."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import ConfigurationError, InputError
from index.evaluation.folder import EvaluationFolder
from index.evaluation.metrics import Outcome

FORMAT = 1  # raise it when the meaning of a field changes: older files are then refused


@dataclass(frozen=True, slots=True)
class QueryResult:
    """One question of a run. ``rank``: of the first right article, from 1, None if not found. ``marks``: figure → reached or not;
    ``right`` counts for every question (an unanswerable one is right if it was not answered), the others for answerable ones."""

    id: str
    type: str
    question: str
    rank: int | None
    is_answered: bool
    marks: dict[str, bool]


@dataclass(frozen=True, slots=True)
class KeptRun:
    """Results by question, on the data with this digest."""

    digest: str
    results: tuple[QueryResult, ...]


def keep_run(folder: EvaluationFolder, outcomes: Sequence[Outcome]) -> KeptRun:
    return KeptRun(folder.digest, tuple(_result(outcome) for outcome in outcomes))


def write_run(run: KeptRun, path: Path) -> None:
    """Write it as JSON. Raises ConfigurationError if the file cannot be written."""
    try:
        path.write_text(json.dumps({"format": FORMAT, **asdict(run)}, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise ConfigurationError(f"Der Lauf lässt sich nicht nach {path} schreiben: {error.strerror}.") from error


def read_run(path: Path) -> KeptRun:
    """Raises InputError if the file is none that ``write_run`` wrote."""
    try:
        stored = json.loads(path.read_text("utf-8"))
        if stored["format"] != FORMAT:
            raise InputError(f"{path} hält einen Lauf in einem anderen Format; bitte mit --save neu anlegen.")
        return KeptRun(stored["digest"], tuple(_checked(row) for row in stored["results"]))
    except OSError as error:
        raise InputError(f"Der aufbewahrte Lauf {path} ist nicht lesbar: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} ist kein aufbewahrter Lauf (mit --save anzulegen): {error!r}.") from error


def _result(outcome: Outcome) -> QueryResult:
    query, ranks = outcome.query, outcome.relevant_ranks()
    rank = ranks[0] if ranks else None
    return QueryResult(query.id, query.type, query.text, rank, outcome.is_answered, _marks(outcome, rank))


def _marks(outcome: Outcome, rank: int | None) -> dict[str, bool]:
    if not outcome.query.is_answerable:
        return {"right": not outcome.is_answered}
    hits = {f"quote_hit@{first}": outcome.quote_hit(first) for first in (1, 3)}
    return {"success@1": rank == 1, **hits, "right": outcome.is_right}


def _checked(row: dict) -> QueryResult:
    result = QueryResult(**row)
    if not isinstance(result.id, str) or not all(isinstance(mark, bool) for mark in result.marks.values()):
        raise ValueError(row)
    return result
