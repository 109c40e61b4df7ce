"""``make extraction``: how well articles are read from raw pages, against the same articles as published elsewhere. Prints figures.

    python -m tests.extraction DATA_FOLDER

Title and date: share that is exactly the reference's. Text: F1 of its words, as counted, averaged over the pages.
"""

import argparse
import gzip
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import InputError
from index.reading.page import parse_page

WORST = 10


@dataclass(frozen=True, slots=True)
class PageResult:
    number: str
    has_title: bool
    has_date: bool
    f1: float


def measure_pages(data: Path) -> list[PageResult]:
    """Results of all pages that have a reference."""
    pages = dict(read_pages(data / "pages" / "berlin-html.tar.gz"))
    references = {r["_id"]: r for r in read_references(data / "berlin-press" / "articles.jsonl.gz") if r["_id"] in pages}
    return [measure_page(number, pages[number], reference) for number, reference in sorted(references.items())]


def measure_page(number: str, page: bytes, reference: dict[str, Any]) -> PageResult:
    try:
        article = parse_page(page, reference["metadata"]["url"])
    except InputError:
        return PageResult(number, False, False, 0.0)
    has_date = str(article.published) == reference["metadata"]["date"]
    return PageResult(number, article.title == reference["title"], has_date, token_f1(article.text, reference["text"]))


def token_f1(one: str, other: str) -> float:
    """F1 of the words of two texts, each as often as it stands there; soft hyphens do not count."""
    a, b = (Counter(re.findall(r"\w+", text.replace("\u00ad", "").lower())) for text in (one, other))
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 1.0


def read_pages(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".html"):
                yield Path(member.name).stem, archive.extractfile(member).read()


def read_references(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    if not (data / "pages").is_dir():
        print(f"{data / 'pages'} is not here: nothing was measured.")
        return
    started = time.perf_counter()
    results = sorted(measure_pages(data), key=lambda result: result.f1)
    pages, seconds = len(results), time.perf_counter() - started
    titles, dates = sum(r.has_title for r in results), sum(r.has_date for r in results)
    print(f"{pages} pages in {seconds:.1f} s, reading the references included")
    print(f"title exact {titles / pages:.4f}, date exact {dates / pages:.4f}, token F1 {sum(r.f1 for r in results) / pages:.4f}")
    print("worst:", ", ".join(f"{r.number} {r.f1:.3f}" for r in results[:WORST]))


if __name__ == "__main__":
    main()
