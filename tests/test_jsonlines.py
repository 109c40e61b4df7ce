"""JSON lines (BEIR) to articles; damaged lines and files are named, the rest goes on."""

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.errors import InputError
from index.reading.inputs import count_expected
from index.reading.jsonlines import GIVE_UP_AFTER, parse_json_line
from tests.reading import ANY_TEXT, TODAY, line, read, write


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"_id": "7", "title": "T", "text": "X", "metadata": {"date": "2019-01-28", "publisher": "P", "keywords": ["k"]}},
            Article("7", "T", "X", date(2019, 1, 28), "", "P", ("k",)),
        ),
        (
            {"id": 7, "title": "T", "text": "X", "published": "28.1.2019", "url": "https://a.de", "source": "P", "tags": "k, l"},
            Article("7", "T", "X", date(2019, 1, 28), "https://a.de", "P", ("k", "l")),
        ),
        ({"_id": 0, "title": None, "text": "X", "metadata": None, "date": None}, Article("0", "", "X")),
        ({"_id": "7", "title": "T", "text": None, "metadata": {"tags": ["k"]}}, Article("7", "T", "T", tags=("k",))),
        ({"_id": " \ud800 a ", "text": "u\u0308"}, Article("a", "", "ü")),
    ],
)
def test_json_line(record: dict, expected: Article) -> None:
    assert parse_json_line(json.dumps(record), TODAY) == expected


def test_keys_are_derived_for_lines_without_one() -> None:
    first, second = (parse_json_line(line(title="Meldung", text=text)) for text in ("Eins.", "Zwei."))
    assert first.key.startswith("meldung-") and first.key != second.key
    same = [parse_json_line(line(title="Meldung", text=text, url="https://a.de/1")).key for text in ("Eins.", "Zwei.")]
    assert same[0] == same[1]


RECORD_NAMES = ["_id", "title", "text", "metadata", "date", "tags"]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(RECORD_NAMES), inner),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.one_of(ANY_TEXT, JSON_VALUES.map(json.dumps)))
@example("[" * 100_000)
@example("9" * 5_000)
def test_no_json_line_raises_anything_else(content: str) -> None:
    try:
        article = parse_json_line(content, TODAY)
    except InputError:
        return
    assert article.key and article.text


def test_broken_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [line(_id=1, text="Eins"), "{kaputt", "", "[]", line(_id=2), line(_id=3, text="Drei")]
    articles, failures = read(write(tmp_path / "c.jsonl", "\n".join(lines)))
    assert [article.key for article in articles] == ["1", "3"]
    assert [failure.error[:19] for failure in failures] == [f"Zeile {number} in c.jsonl " for number in (2, 4, 5)]
    assert all(failure.input.endswith("c.jsonl") and "bitte" in failure.error for failure in failures)


def test_gzip_and_encodings(tmp_path: Path) -> None:
    content = (line(_id=1, text="ü") + "\n").encode("utf-8-sig") + '{"_id": "2", "text": "Grüße"}'.encode("cp1252")
    packed = write(tmp_path / "c.jsonl.gz", gzip.compress(content))
    misnamed = write(tmp_path / "plain.jsonl.gz", content)
    for path in (packed, misnamed):
        articles, failures = read(path)
        assert [article.text for article in articles] == ["ü", "Grüße"] and not failures
        assert count_expected([path]) == 2


def test_damaged_gzip_fails_after_the_good_lines(tmp_path: Path) -> None:
    lines = "\n".join(line(_id=number, text=os.urandom(40).hex()) for number in range(2_000)).encode() + b"\n"
    packed = gzip.compress(lines)
    articles, failures = read(write(tmp_path / "cut.jsonl.gz", packed[: len(packed) // 2]))
    assert 500 < len(articles) < 1_500 and len(failures) == 1 and "unvollständig" in failures[0].error
    articles, failures = read(write(tmp_path / "tail.jsonl.gz", packed + b"garbage"))
    assert len(articles) == 2_000 and len(failures) == 1
    assert count_expected([str(tmp_path / "cut.jsonl.gz")]) > 500


def test_a_file_that_is_no_json_lines_is_said_to_be_so_once(tmp_path: Path) -> None:
    _, failures = read(write(tmp_path / "a.jsonl", "Text\n" * 10_000))
    assert len(failures) == GIVE_UP_AFTER + 1 and "keine JSON-Zeilen" in failures[-1].error


def test_overlong_lines_are_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading.jsonlines.MAX_LINE_BYTES", 100)
    articles, failures = read(write(tmp_path / "a.jsonl", "\n".join([line(_id=1, text="x" * 350), line(_id=2, text="Zwei")])))
    assert [article.key for article in articles] == ["2"] and "Zeile 1" in failures[0].error
