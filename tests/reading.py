"""How the tests read article files: written into a folder, read with a fixed day."""

import json
from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from index.articles import Article
from index.reading.inputs import ReadFailure, read_inputs

TODAY = date(2026, 1, 15)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)  # also what is no text: lone surrogates, unassigned


def write(path: Path, content: str | bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def read(*paths: str | Path) -> tuple[list[Article], list[ReadFailure]]:
    items = list(read_inputs([str(path) for path in paths], today=TODAY))
    return [item for item in items if isinstance(item, Article)], [item for item in items if isinstance(item, ReadFailure)]


def line(**record: object) -> str:
    """A line of a JSON lines file."""
    return json.dumps(record)
