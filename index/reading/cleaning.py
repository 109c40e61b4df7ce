"""Cleaning what was read, the same for every kind of input, so that stored text is stable and quotes stay as printed.

Only what nobody can see is changed: composed letters (NFC, never NFKC: „½“ and quotation marks stay), line ends, control
characters, surplus empty lines. Soft hyphens and non-breaking spaces stay.
"""

import re
import unicodedata
from datetime import date

from index.errors import InputError

MAX_KEY_CHARS = 80

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_SURPLUS_LINES = re.compile(r"\n{3,}")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

_MAGIC = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"{\\rtf", b"\xff\xfe", b"\xfe\xff")  # PDF, Office and zip, gzip, RTF, UTF-16
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a"))
_MAX_CONTROL_SHARE = 0.05


def clean_text(text: str) -> str:
    """``text`` in the form in which it is stored; cleaning it again changes nothing."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    lines = (line.rstrip() for line in text.split("\n"))
    return _SURPLUS_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """``text`` as a single line with single spaces, for titles, tags and names."""
    return " ".join(clean_text(text).split())


def clean_url(text: str) -> str:
    """``text`` if it is a web address, else ""."""
    line = clean_line(text)
    return line if _WEB_ADDRESS.fullmatch(line) else ""


def split_tags(value: object) -> tuple[str, ...]:
    """Tags from a list or from one string with commas; each once, in order."""
    parts = value if isinstance(value, list | tuple) else re.split("[,;]", value) if isinstance(value, str) else ()
    tags = (clean_line(part) for part in parts if isinstance(part, str))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def make_key(published: date | None, title: str) -> str:
    """An ASCII key such as ``2019-01-28-bremen-uebernimmt-vorsitz``, cut at a hyphen to at most 80 characters."""
    letters = unicodedata.normalize("NFC", title).lower().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    key = "-".join(filter(None, [published.isoformat() if published else "", *re.findall("[a-z0-9]+", plain)]))
    if len(key) <= MAX_KEY_CHARS:
        return key
    return key[: MAX_KEY_CHARS + 1].rpartition("-")[0] or key[:MAX_KEY_CHARS]


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 with or without a byte order mark, else Windows-1252.

    Raises InputError if the file is binary or in neither encoding.
    """
    if _is_binary(data):
        raise InputError("Das ist keine Textdatei; bitte den Inhalt als Text in UTF-8 speichern.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_windows(data)


def _decode_windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise InputError("Die Zeichenkodierung ist unbekannt; bitte die Datei in UTF-8 speichern.") from error


def _is_binary(data: bytes) -> bool:
    if b"\0" in data or data.startswith(_MAGIC):
        return True
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    return controls > _MAX_CONTROL_SHARE * len(data)
