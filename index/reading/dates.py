"""Dates of publication as they are printed in files: ISO, ``28.1.2019``, ``28. Januar 2019``, also in square brackets."""

import re
from datetime import date, timedelta

from index.reading.cleaning import clean_line

EARLIEST = date(1995, 1, 1)  # older than any news on the web: such a date is a slip or a placeholder
_GRACE = timedelta(days=2)  # time zones, and articles dated for the next morning

_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_MONTH_NAMES = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_OTHER_NAMES = r"Jänner|Feber|(?:Jan|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\.?"

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}.*)?")
_NUMERIC = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_NAMED = re.compile(rf"([0-9]{{1,2}})\. ?({_MONTH_NAMES}|{_OTHER_NAMES}) ([0-9]{{4}})", re.IGNORECASE)

# A date in words or numbers as printed on pages, for building longer patterns.
DATE_PATTERN = rf"(?:[0-9]{{1,2}}\. ?[0-9]{{1,2}}\. ?[0-9]{{4}}|[0-9]{{1,2}}\. ?(?:{_MONTH_NAMES}|{_OTHER_NAMES}) [0-9]{{4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"


def parse_date(text: str, today: date | None = None) -> date | None:
    """The date that ``text`` is, or None if it is none or not believable (before 1995, or later than ``today`` + 2 days)."""
    found = _read_date(clean_line(clean_line(text).removeprefix("[").removesuffix("]")))
    latest = (today or date.today()) + _GRACE
    return found if found and EARLIEST <= found <= latest else None


def _read_date(text: str) -> date | None:
    if match := _ISO.fullmatch(text):
        return _make_date(match[1], match[2], match[3])
    if match := _NUMERIC.fullmatch(text):
        return _make_date(match[3], match[2], match[1])
    if match := _NAMED.fullmatch(text):
        return _make_date(match[3], _month_number(match[2]), match[1])
    return None


def _month_number(name: str) -> int:
    start = name.lower()[:3].replace("mrz", "mär").replace("jän", "jan")
    return _MONTHS.index(start) + 1


def _make_date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
