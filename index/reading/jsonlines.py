"""Articles in JSON lines, the BEIR form of a corpus, plain or compressed with gzip, read line by line in constant memory.

    {"_id": "1", "title": "…", "text": "…", "metadata": {"date": "2019-01-28", "url": "…", "publisher": "…", "keywords": ["…"]}}

``metadata`` may be missing and its values stand beside ``title``; ``null`` counts as missing.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from io import BufferedReader
from pathlib import Path

from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import clean_line, clean_text, clean_url, decode, make_key, split_tags
from index.reading.dates import parse_date

MAX_LINE_BYTES = 16 << 20  # far above any article; keeps a file without line ends from filling the memory
GIVE_UP_AFTER = 50  # broken lines without a single good one: not JSON lines, say so once instead of once a line
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_BYTES = 1 << 20
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


def read_json_lines(path: Path, today: date | None = None) -> Iterator[Article | InputError]:
    """The articles of a file in order; a line that is none gives an InputError in its place. OSError passes through."""
    good = bad = 0
    for item in _read_items(path, today):
        yield item
        good, bad = good + isinstance(item, Article), bad + isinstance(item, InputError)
        if bad >= GIVE_UP_AFTER and not good:
            yield InputError(f"{path.name} enthält keine JSON-Zeilen; bitte je Zeile ein Objekt schreiben (Rest nicht gelesen).")
            return
    if not good + bad:
        yield InputError(f"{path.name} ist leer; bitte eine Datei mit einem JSON-Objekt je Zeile angeben.")


def parse_json_line(line: str, today: date | None = None) -> Article:
    """The article in one line; InputError, worded to follow „Zeile 3 in corpus.jsonl“, if there is none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("ist kein gültiges JSON; bitte die Zeile berichtigen.") from error
    if not isinstance(record, dict):
        raise InputError("ist kein JSON-Objekt; bitte „{…}“ mit „title“ und „text“ schreiben.")
    return _to_article(record, today)


def count_lines(path: Path) -> int:
    """How many lines the file has, as far as it can be read."""
    lines, last = 0, b"\n"
    try:
        with closing(_open(path)) as stream:
            while chunk := stream.read1(_CHUNK_BYTES):
                lines, last = lines + chunk.count(b"\n"), chunk
    except (OSError, *_DAMAGED):
        pass
    return lines + (not last.endswith(b"\n"))


def _read_items(path: Path, today: date | None) -> Iterator[Article | InputError]:
    number = 0
    try:
        for number, raw in enumerate(_raw_lines(path), start=1):
            if number == 1 and b"\0" in raw:
                yield InputError(f"{path.name} ist keine Textdatei; bitte JSON-Zeilen in UTF-8 angeben.")
                return
            if raw.strip(b" \t\r\n\xef\xbb\xbf"):
                yield _parse_raw(raw, f"Zeile {number} in {path.name}", today)
    except _DAMAGED:
        yield InputError(f"{path.name} ist nach Zeile {number} beschädigt oder unvollständig; bitte die Datei neu beschaffen.")


def _parse_raw(raw: bytes, place: str, today: date | None) -> Article | InputError:
    if len(raw) > MAX_LINE_BYTES:
        return InputError(f"{place} ist länger als {MAX_LINE_BYTES >> 20} MB; bitte die Artikel auf Zeilen verteilen.")
    try:
        return parse_json_line(decode(raw), today)
    except InputError as error:
        message = str(error)
        return InputError(f"{place} {message}" if message[0].islower() else f"{place}: {message}")


def _raw_lines(path: Path) -> Iterator[bytes]:
    """Lines as bytes; of a line that is too long only the beginning, one byte longer than allowed."""
    with closing(_open(path)) as stream:
        while raw := stream.readline(MAX_LINE_BYTES + 1):
            rest = raw
            while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE_BYTES + 1)
            yield raw


def _open(path: Path) -> gzip.GzipFile | BufferedReader:
    """The file's bytes, decompressed if it begins as gzip does, whatever its name says."""
    with path.open("rb") as start:
        is_gzip = start.read(2) == _GZIP_MAGIC
    return gzip.open(path, "rb") if is_gzip else path.open("rb")


def _to_article(record: dict, today: date | None) -> Article:
    title, text = clean_line(_value(record, "title")), clean_text(_value(record, "text"))
    if not title and not text:
        raise InputError("hat weder „title“ noch „text“; bitte mindestens eines davon angeben.")
    published = parse_date(_value(record, "date", "published"), today)
    url = clean_url(_value(record, "url"))
    return Article(
        key=clean_line(_value(record, "_id", "id")) or _derive_key(published, title, url or text),
        title=title,
        text=text or title,  # a bare headline can still be found and quoted
        published=published,
        url=url,
        source=clean_line(_value(record, "publisher", "source")),
        tags=_tags(record),
    )


def _derive_key(published: date | None, title: str, content: str) -> str:
    """A key for a line without one: equal headlines are told apart by the address, or else by the text."""
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return f"{make_key(published, title)[:71]}-{digest}".lstrip("-")


def _tags(record: dict) -> tuple[str, ...]:
    values = (split_tags(place.get(name)) for name in ("keywords", "tags") for place in _places(record))
    return next((tags for tags in values if tags), ())


def _value(record: dict, *names: str) -> str:
    """The first of these values that is there, from ``metadata`` or beside it; numbers as text."""
    values = (_as_text(place.get(name)) for name in names for place in _places(record))
    return next((value for value in values if value), "")


def _places(record: dict) -> tuple[dict, ...]:
    metadata = record.get("metadata")
    return (metadata, record) if isinstance(metadata, dict) else (record,)


def _as_text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
