"""Everything that ``ingest`` is given, file by file, as articles or as failures that are named while the rest goes on.

paths ── folders unfolded ── reader chosen by the ending ── Article | InputError ── Article | ReadFailure
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.articles import Article
from index.errors import InputError
from index.reading import jsonlines
from index.reading.cleaning import decode
from index.reading.copied_page import parse_copied_page
from index.reading.feed import feed_articles, parse_feed
from index.reading.markdown import MarkdownFile, parse_markdown
from index.reading.page import parse_page
from index.shipped import shipped_file

DEMO_SOURCE = "Amtsfunk-Demotext"
MAX_FILE_BYTES = 4 << 20  # one article; corpora come as JSON lines

_MARKDOWN = (".md", ".markdown")
_JSON_LINES = (".jsonl", ".jsonl.gz")
_PAGES = (".html", ".htm")
_FEEDS = (".xml", ".rss", ".atom", ".rdf")
_READABLE = (*_MARKDOWN, *_JSON_LINES, *_PAGES, *_FEEDS, ".txt")
_READABLE_LISTED = ".md, .markdown, .jsonl, .jsonl.gz, .txt, .html, .htm und Feeds (.xml, .rss, .atom, .rdf)"
_NO_ARTICLES = ("readme", "license", "changes")  # what usually lies beside the articles in a folder
_CORPORA = {"corpus.jsonl", "corpus.jsonl.gz"}
_WEB_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """An input, or a part of it, that could not be read; ``error`` is one German sentence on what to do."""

    input: str
    error: str


def read_inputs(
    paths: Sequence[str], is_cancelled: Callable[[], bool] = lambda: False, today: date | None = None
) -> Iterator[Article | ReadFailure]:
    """The articles of all files and folders in order, one at a time; never raises because of an input.

    ``today`` decides which dates of publication are believable (default: the clock).
    """
    for path in paths:
        for item in _read_input(path, today):
            if is_cancelled():
                return
            yield item


def count_expected(paths: Sequence[str]) -> int:
    """About how many articles ``read_inputs`` will give, for showing progress: lines of JSON lines, one per other file."""
    files = (item for path in paths for item in _find_files(path) if isinstance(item, Path))
    return sum(jsonlines.count_lines(file) if _has_ending(file, _JSON_LINES) else 1 for file in files)


def _read_input(name: str, today: date | None) -> Iterator[Article | ReadFailure]:
    for found in _find_files(name):
        if isinstance(found, ReadFailure):
            yield found
            continue
        for item in _read_file(found, today):
            yield ReadFailure(_printable(found), str(item)) if isinstance(item, InputError) else item


def _find_files(name: str) -> Iterator[Path | ReadFailure]:
    """The files that an input stands for."""
    path = Path(name)
    try:
        mode = path.stat().st_mode if name else 0  # Path("") would be the current folder
    except (OSError, ValueError) as error:
        yield ReadFailure(_printable(name), _explain_missing(name, error))
        return
    if stat.S_ISDIR(mode):
        yield from _find_below(path)
    elif stat.S_ISREG(mode) and _has_ending(path, _READABLE):
        yield path
    else:
        yield ReadFailure(_printable(name), f"Diese Art von Datei wird nicht gelesen; möglich sind {_READABLE_LISTED}.")


def _find_below(folder: Path) -> Iterator[Path | ReadFailure]:
    """All article files below a folder, sorted; where a BEIR corpus lies, the JSON lines beside it hold no articles."""
    files, errors = [], []
    for place, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        corpora = _CORPORA.intersection(names)
        candidates = [Path(place, name) for name in names if _is_article_file(name)]
        files += [file for file in candidates if not corpora or file.name in corpora or not _has_ending(file, _JSON_LINES)]
    for error in errors:
        yield ReadFailure(_printable(error.filename), _explain(error))
    yield from filter(_is_regular, sorted(files))
    if not files and not errors:
        yield ReadFailure(_printable(folder), f"Der Ordner enthält keine Artikel; möglich sind {_READABLE_LISTED}.")


def _is_regular(file: Path) -> bool:
    """Whether this is no pipe or device; what cannot be seen counts as a file, for reading it names the reason."""
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return True


def _is_article_file(name: str) -> bool:
    lowered = name.lower()
    return lowered.endswith(_READABLE) and not lowered.startswith((".", *_NO_ARTICLES))


def _read_file(path: Path, today: date | None) -> Iterator[Article | InputError]:
    try:
        yield from jsonlines.read_json_lines(path, today) if _has_ending(path, _JSON_LINES) else _read_whole(path, today)
    except InputError as error:
        yield error
    except OSError as error:
        yield InputError(_explain(error))


def _read_whole(path: Path, today: date | None) -> Iterable[Article]:
    """The articles of a file that is no longer than an article can be."""
    with path.open("rb") as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"Die Datei ist größer als {MAX_FILE_BYTES >> 20} MB; bitte je Artikel eine Datei verwenden.")
    if data and _has_ending(path, _PAGES):
        return [replace(parse_page(data, today=today), origin=_printable(path.resolve()))]
    if data and _has_ending(path, _FEEDS):
        return feed_articles(parse_feed(data, today=today))
    content = decode(data)
    if not content.strip():
        raise InputError("Die Datei ist leer; bitte eine Datei mit einem Artikel angeben.")
    origin = _printable(path.resolve())
    if not _has_ending(path, _MARKDOWN):
        return parse_copied_page(content, origin, today)
    return [parse_markdown(content, MarkdownFile(origin, path.stem, _default_source(path)), today)]


def _default_source(path: Path) -> str:
    demo = shipped_file("articles").resolve()
    return DEMO_SOURCE if path.resolve().is_relative_to(demo) else ""


def _has_ending(path: Path, endings: tuple[str, ...]) -> bool:
    return path.name.lower().endswith(endings)


def _printable(path: str | os.PathLike[str]) -> str:
    """A path that can be stored and printed, even if its name is in no known encoding."""
    return os.fspath(path).encode("utf-8", "replace").decode()


def _explain_missing(name: str, error: OSError | ValueError) -> str:
    if _WEB_ADDRESS.match(name.strip()):
        return "Das ist eine Webadresse, keine Datei; „amtsfunk ingest ADRESSE“ liest sie, mit https:// am Anfang."
    return _explain(error) if isinstance(error, OSError) else "Das ist kein gültiger Pfad; bitte den Pfad prüfen."


def _explain(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "Die Leserechte fehlen; bitte die Rechte der Datei oder des Ordners prüfen."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "Die Datei oder der Ordner wurde nicht gefunden; bitte den Pfad prüfen."
    return f"Die Datei lässt sich nicht lesen ({error.strerror or error}); bitte Datei und Datenträger prüfen."
