"""Cleaning of what comes from outside: text, lines, keys, encodings, dates."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given

from index.errors import InputError
from index.reading.cleaning import MAX_KEY_CHARS, clean_line, clean_text, clean_url, decode, make_key, split_tags
from index.reading.dates import parse_date
from tests.reading import ANY_TEXT, TODAY


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("u\u0308ber", "über"),
        ("u\x00\u0308ber", "über"),
        ("½ „so“ ﬁ", "½ „so“ ﬁ"),
        ("Ver\u00adwaltung 10\u00a0000", "Ver\u00adwaltung 10\u00a0000"),
        ("\ufeffa\tb\ud800\x07c \n", "a bc"),
        ("a  \n \n\n\n\nb", "a\n\nb"),
        ("\n\n \u00a0", ""),
    ],
)
def test_clean_text(given_text: str, cleaned: str) -> None:
    assert clean_text(given_text) == cleaned


@given(ANY_TEXT)
def test_cleaned_text_is_stable_and_storable(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert "\n\n\n" not in cleaned and "\r" not in cleaned
    assert cleaned.encode().decode() == cleaned
    line = clean_line(text)
    assert clean_line(line) == line and "\n" not in line and "  " not in line


def test_small_cleaners() -> None:
    assert clean_url(" https://www.fitko.de/a?b=c ") == "https://www.fitko.de/a?b=c"
    assert [clean_url(text) for text in ("javascript:alert(1)", "www.fitko.de", "https://a b")] == ["", "", ""]
    assert split_tags("OZG, FITKO; OZG,") == split_tags(["OZG", None, " FITKO ", 3]) == ("OZG", "FITKO")
    assert split_tags(None) == ()


def test_make_key() -> None:
    key = make_key(date(2019, 1, 28), "IT-Planungsrat: Bremen übernimmt Vorsitz")
    assert key == "2019-01-28-it-planungsrat-bremen-uebernimmt-vorsitz"
    assert make_key(None, "Größe, Café & Co.") == "groesse-cafe-co"
    assert make_key(None, "x" * 200) == "x" * MAX_KEY_CHARS


@given(ANY_TEXT)
def test_keys_are_short_ascii(title: str) -> None:
    key = make_key(TODAY, title)
    assert key.isascii() and len(key) <= MAX_KEY_CHARS and not key.endswith("-")


def test_decode_finds_the_encoding() -> None:
    assert decode("Grüße".encode()) == decode("Grüße".encode("utf-8-sig")) == decode("Grüße".encode("cp1252")) == "Grüße"
    for data in (b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.7 abc", "Grüße".encode("utf-16"), b"\x01\x02\x03abc", b"a\x81b"):
        with pytest.raises(InputError, match="bitte"):
            decode(data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-01-28", date(2019, 1, 28)),
        ("2019-01-28T10:15:00+01:00", date(2019, 1, 28)),
        ("2019-01-28 10:15", date(2019, 1, 28)),
        ("28.1.2019", date(2019, 1, 28)),
        (" 28.01.2019 ", date(2019, 1, 28)),
        ("[28.1.2019]", date(2019, 1, 28)),
        ("28. Januar 2019", date(2019, 1, 28)),
        ("3. März 2020", date(2020, 3, 3)),
        ("3. Ma\u0308rz 2020", date(2020, 3, 3)),
        ("3. Sept. 2020", date(2020, 9, 3)),
        ("1.1.1995", date(1995, 1, 1)),
        ("17.1.2026", date(2026, 1, 17)),
        ("18.1.2026", None),
        ("31.12.1994", None),
        ("31.2.2019", None),
        ("2019-13-01", None),
        ("2019", None),
        ("28.1.19", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_parse_date(text: str, expected: date | None) -> None:
    assert parse_date(text, TODAY) == expected
