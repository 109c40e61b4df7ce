"""Files and folders to articles: what is read, what is refused with a sentence."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.reading.inputs import DEMO_SOURCE, count_expected, read_inputs
from index.shipped import shipped_file
from tests.reading import line, read, write


def test_folder_is_read_sorted_without_what_is_no_article(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.MARKDOWN", "README.md", "LICENSE.txt", "CHANGES.md", ".hidden.md", ".git/x.md", "bild.png"):
        write(tmp_path / name, f"# {name}\n\nText.")
    articles, failures = read(tmp_path)
    assert [article.title for article in articles] == ["a/z.MARKDOWN", "b.md"] and not failures
    assert articles[1].origin == str((tmp_path / "b.md").resolve())
    assert count_expected([str(tmp_path)]) == 2


def test_questions_beside_a_corpus_are_no_articles(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", line(_id=1, text="Eins"))
    write(tmp_path / "queries.jsonl", line(_id="q", text="Was ist das OZG?"))
    articles, failures = read(tmp_path)
    assert [article.key for article in articles] == ["1"] and not failures


def bad_inputs(folder: Path) -> dict[str, str]:
    (folder / "leer").mkdir()
    os.mkfifo(folder / "rohr.md")
    (folder / "ziel.md").symlink_to(folder / "fehlt.md")
    return {
        "https://www.kommune21.de/": "Das ist eine Webadresse, keine Datei",
        "www.kommune21.de/meldung": "Webadresse",
        str(folder / "fehlt.md"): "nicht gefunden",
        str(folder / "ziel.md"): "nicht gefunden",
        "": "nicht gelesen",
        "a\0b.md": "gültiger Pfad",
        str(folder / "leer"): "keine Artikel",
        str(folder / "rohr.md"): "nicht gelesen",
        write(folder / "leer.md", ""): "leer",
        write(folder / "leer.txt", "\ufeff \n"): "leer",
        write(folder / "leer.jsonl", "\n\n"): "leer",
        write(folder / "leer.jsonl.gz", gzip.compress(b"")): "leer",
        write(folder / "bild.md", b"\x89PNG\r\n\x1a\n\0\0\0"): "keine Textdatei",
        write(folder / "bild.jsonl", b"\x89PNG\0\n\0\0"): "keine Textdatei",
        write(folder / "kodierung.txt", b"a\x81\x8d"): "Zeichenkodierung",
        write(folder / "brief.docx", "x"): "nicht gelesen",
        write(folder / "gross.md", b"a" * (5 << 20)): "größer als 4 MB",
        write(folder / "notiz.txt", "Milch kaufen."): "sieht nicht wie",
        str(folder / ("x" * 300)): "nicht lesen",
    }


def test_every_bad_input_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    expected = bad_inputs(tmp_path)
    good = write(tmp_path / "gut.md", "# Gut\n\nText.")
    articles, failures = read(*expected, good)
    assert [article.title for article in articles] == ["Gut"]
    assert [failure.input for failure in failures] == [name for name in expected]
    for failure, words in zip(failures, expected.values(), strict=True):
        assert words in failure.error and failure.error.endswith(".") and "\n" not in failure.error
    assert count_expected([*expected, good]) >= 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_missing_rights(tmp_path: Path) -> None:
    locked, file = tmp_path / "zu", Path(write(tmp_path / "zu.md", "# T\n\nText."))
    locked.mkdir(mode=0)
    file.chmod(0)
    _, failures = read(locked, file)
    assert [("Leserechte" in failure.error) for failure in failures] == [True, True]


def test_names_in_no_encoding_can_be_stored(tmp_path: Path) -> None:
    write(tmp_path / os.fsdecode(b"\xff") / os.fsdecode(b"\xfe.md"), "# T\n\nText.")
    (article,), _ = read(tmp_path)
    assert article.origin.encode() and article.key == "t"


def test_reading_stops_when_cancelled(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", "\n".join(line(_id=number, text="x") for number in range(100)))
    read_so_far: list[object] = []
    for item in read_inputs([path, path], is_cancelled=lambda: len(read_so_far) >= 3):
        read_so_far.append(item)
    assert len(read_so_far) == 3


def test_shipped_articles_are_named_as_demo_texts() -> None:
    articles, failures = read(shipped_file("articles"))
    assert not failures and {article.source for article in articles} == {DEMO_SOURCE}


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([".md", ".txt", ".jsonl", ".jsonl.gz"]), st.booleans())
def test_no_file_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str, packed: bool) -> None:
    path = tmp_path_factory.getbasetemp() / f"odd{ending}"
    articles, failures = read(write(path, gzip.compress(data)[: len(data)] if packed else data))
    assert articles or failures
