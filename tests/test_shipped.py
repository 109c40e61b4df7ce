"""What the shipped articles have to be, and that an installed package carries them."""

import re
import subprocess
import sys
import zipfile
from datetime import date
from urllib.parse import urlsplit

import pytest

from index.articles import Article
from index.reading.inputs import DEMO_SOURCE, ReadFailure, read_inputs
from index.shipped import shipped_file
from tests.conftest import ROOT

FILES = sorted(shipped_file("articles").glob("*.md"))
ITEMS = {path.stem: list(read_inputs([str(path)])) for path in FILES}
ARTICLES = [item for items in ITEMS.values() for item in items if isinstance(item, Article)]
MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-z]+;|&#|\]\(|https?://|__|[*`#|\\]|^>|\t|  ", re.MULTILINE)


def offenders(is_right) -> list[str]:
    return [article.key for article in ARTICLES if not is_right(article)]


def test_every_file_is_one_article():
    assert len(FILES) >= 80
    assert [stem for stem, items in ITEMS.items() if len(items) != 1 or isinstance(items[0], ReadFailure)] == []
    assert len(ARTICLES) == len(FILES)


def test_length():
    assert offenders(lambda article: 600 <= len(article.text) <= 2500) == []


def test_date_is_real_and_in_the_name():
    assert offenders(lambda article: article.published and date(2017, 1, 1) <= article.published <= date.today()) == []
    assert offenders(lambda article: article.key.startswith(str(article.published))) == []


def test_tags_are_at_least_three_and_different():
    assert offenders(lambda article: len(set(article.tags)) == len(article.tags) >= 3) == []


def test_links_lead_to_the_web():
    addresses = {article.key: urlsplit(article.url) for article in ARTICLES}
    assert offenders(lambda article: addresses[article.key].scheme in {"http", "https"} and "." in addresses[article.key].netloc) == []


def test_the_source_says_that_they_are_ours():
    assert {article.source for article in ARTICLES} == {DEMO_SOURCE}


def test_no_markup():
    assert offenders(lambda article: not MARKUP.search(article.text) and not MARKUP.search(article.title)) == []


@pytest.mark.parametrize("value", ["title", "text", "key"])
def test_unique(value):
    values = [getattr(article, value) for article in ARTICLES]
    assert [text for text in values if values.count(text) > 1] == []


def test_the_wheel_contains_the_data(tmp_path):
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling, which is no dependency of Amtsfunk")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {path.relative_to(shipped_file("")).as_posix() for path in shipped_file("").rglob("*") if path.is_file()}
    assert {f"index/shipped_data/{name}" for name in shipped} <= names
    assert {"bot/cli.py", "index/ingest.py"} <= names
    assert not [name for name in names if name.startswith("tests/")]
