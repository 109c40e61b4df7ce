"""Stretches of the calendar that German names: days, weeks, months, quarters, seasons, years, holidays.

They are whole days, so summer time and time zones never matter.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

MONTH_NAMES = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")
# Meteorological seasons, as the press uses them, and the Bundestag's summer break: first month, number of months.
SEASONS = {"Frühjahr": (3, 3), "Sommer": (6, 3), "Herbst": (9, 3), "Winter": (12, 3), "Sommerpause": (7, 2)}
DAY = timedelta(days=1)
_SEARCHED_YEARS = 12  # 29 February and week 53 do not exist every year; the longest gap is 8 years


class Unit(Enum):
    """What a period is; decides what its beginning, middle and end are."""

    DAY = "Tag"
    WEEK = "Woche"
    MONTH = "Monat"
    YEAR = "Jahr"
    DECADE = "Jahrzehnt"
    OTHER = "anderes"


class Part(Enum):
    """A third of a period: German ``Anfang``, ``Mitte``, ``Ende`` are no sharper than that."""

    BEGINNING = "Anfang"
    MIDDLE = "Mitte"
    END = "Ende"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included. ``article``: what German puts before the label in "vor der Bundestagswahl"."""

    first: date
    last: date
    label: str
    unit: Unit = Unit.OTHER
    article: str = ""

    @property
    def phrase(self) -> str:
        """The label as it stands after a preposition."""
        return f"{self.article} {self.label}".strip()


def day(when: date) -> Period:
    return Period(when, when, when.strftime("%d.%m.%Y"), Unit.DAY)


def days(first: date, last: date) -> Period:
    """From one day to another, in either order."""
    first, last = min(first, last), max(first, last)
    return Period(first, last, f"{first:%d.%m.%Y} bis {last:%d.%m.%Y}")


def week_of(when: date) -> Period:
    """The calendar week, Monday to Sunday, that ``when`` lies in."""
    monday = when - timedelta(days=when.weekday())
    sunday = monday + timedelta(days=6)
    return Period(monday, sunday, f"{monday:%d.%m.}–{sunday:%d.%m.%Y}", Unit.WEEK)


def calendar_week(year: int, number: int) -> Period:
    """Week ``number`` as ISO 8601 counts it; ValueError if the year has no such week."""
    return replace(week_of(date.fromisocalendar(year, number, 1)), label=f"KW {number}/{year}")


def months(year: int, first_month: int, count: int, label: str) -> Period:
    """``count`` whole months; ``first_month`` may lie outside 1 to 12 and then moves the year."""
    first_year, first = _shift(year, first_month)
    last_year, last = _shift(year, first_month + count - 1)
    return Period(date(first_year, first, 1), date(last_year, last, monthrange(last_year, last)[1]), label)


def month(year: int, number: int) -> Period:
    """A month; ``number`` may lie outside 1 to 12 and then moves the year."""
    true_year, true_month = _shift(year, number)
    return replace(months(year, number, 1, f"{MONTH_NAMES[true_month - 1]} {true_year}"), unit=Unit.MONTH)


def quarter(year: int, number: int) -> Period:
    return months(year, 3 * number - 2, 3, f"{number}. Quartal {year}")


def half_year(year: int, number: int) -> Period:
    return months(year, 6 * number - 5, 6, f"{number}. Halbjahr {year}")


def season(year: int, name: str) -> Period:
    """A season by its name in SEASONS; a winter belongs to the year it begins in and is labelled with both."""
    first_month, count = SEASONS[name]
    label = f"{name} {year}/{(year + 1) % 100:02}" if name == "Winter" else f"{name} {year}"
    return replace(months(year, first_month, count, label), article="der" if name == "Sommerpause" else "")


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31), str(number), Unit.YEAR)


def years(first: int, last: int) -> Period:
    """From one year to another, in either order."""
    first, last = min(first, last), max(first, last)
    return Period(date(first, 1, 1), date(last, 12, 31), f"{first} bis {last}")


def decade(first_year: int) -> Period:
    return Period(date(first_year, 1, 1), date(first_year + 9, 12, 31), f"{first_year}er Jahre", Unit.DECADE)


def holiday(number: int, name: str) -> Period:
    """``Ostern`` (Friday to Monday), ``Pfingsten``, ``Weihnachten`` (24th to 26th), ``Silvester`` or ``Neujahr`` of a year."""
    if name in {"Ostern", "Pfingsten"}:
        sunday = easter_sunday(number) + (49 * DAY if name == "Pfingsten" else 0 * DAY)
        return Period(sunday - (2 * DAY if name == "Ostern" else 0 * DAY), sunday + DAY, f"{name} {number}")
    first, last = {"Weihnachten": ((12, 24), (12, 26)), "Silvester": ((12, 31), (12, 31)), "Neujahr": ((1, 1), (1, 1))}[name]
    return Period(date(number, *first), date(number, *last), f"{name} {number}")


def easter_sunday(number: int) -> date:
    """By the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = number % 19, divmod(number, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    rest = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month_number, day_number = divmod(h + rest - 7 * m + 114, 31)
    return date(number, month_number, day_number + 1)


def latest(make: Callable[[int], Period], until: date) -> Period:
    """The latest of the yearly periods ``make(year)`` that has begun by ``until``; ValueError if there is none."""
    return _search(make, lambda period: period.first <= until, until.year + 1)  # week 1 may begin in the year before


def latest_over(make: Callable[[int], Period], until: date) -> Period:
    """The latest of the yearly periods ``make(year)`` that was over before ``until``; ValueError if there is none."""
    return _search(make, lambda period: period.last < until, until.year)


def part_of(period: Period, part: Part) -> Period:
    """A third of a month, year or decade; other periods have none and stay whole."""
    number = list(Part).index(part)
    first, last, y = period.first, period.last, period.first.year
    if period.unit is Unit.YEAR:
        whole = months(y, 1 + 4 * number, 4, "")
        first, last = whole.first, whole.last
    elif period.unit is Unit.MONTH:
        first = first.replace(day=1 + 10 * number)
        last = last if part is Part.END else first + 9 * DAY
    elif period.unit is Unit.DECADE:
        begin, end = ((0, 3), (4, 6), (7, 9))[number]
        first, last = date(y + begin, 1, 1), date(y + end, 12, 31)
    else:
        return period
    return Period(first, last, f"{part.value} {'der ' if period.unit is Unit.DECADE else ''}{period.label}")


def back(today: date, count: int, unit: Unit) -> date:
    """``today`` less ``count`` days, weeks, months or years; a day that the month lacks becomes its last."""
    if unit in {Unit.DAY, Unit.WEEK}:
        return today - count * (7 if unit is Unit.WEEK else 1) * DAY
    true_year, true_month = _shift(today.year, today.month - count * (12 if unit is Unit.YEAR else 1))
    return date(true_year, true_month, min(today.day, monthrange(true_year, true_month)[1]))


def around(when: date, unit: Unit) -> Period:
    """The day, calendar week, month or year that ``when`` lies in."""
    makers = {Unit.DAY: day, Unit.WEEK: week_of, Unit.MONTH: lambda d: month(d.year, d.month), Unit.YEAR: lambda d: year(d.year)}
    return makers[unit](when)


def _shift(year_number: int, month_number: int) -> tuple[int, int]:
    carried, zero_based = divmod(month_number - 1, 12)
    return year_number + carried, zero_based + 1


def _search(make: Callable[[int], Period], fits: Callable[[Period], bool], from_year: int) -> Period:
    for number in range(from_year, from_year - _SEARCHED_YEARS, -1):
        try:
            period = make(number)
        except ValueError:
            continue
        if fits(period):
            return period
    raise ValueError("no such period")
