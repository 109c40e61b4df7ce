"""Elections and electoral terms of the Bundestag since 1990, by which German news tells the time."""

from datetime import date

from index.language.periods import DAY, Period

# Days of election: Bundeswahlleiterin, "Ergebnisse früherer Bundestagswahlen".
ELECTIONS = (
    date(1990, 12, 2),
    date(1994, 10, 16),
    date(1998, 9, 27),
    date(2002, 9, 22),
    date(2005, 9, 18),
    date(2009, 9, 27),
    date(2013, 9, 22),
    date(2017, 9, 24),
    date(2021, 9, 26),
    date(2025, 2, 23),
)
# First meetings of the 12th to the 21st Bundestag; a term ends when the next Bundestag meets (Article 39 of the Basic Law).
_FIRST_TERM = 12
_FIRST_MEETINGS = (
    date(1990, 12, 20),
    date(1994, 11, 10),
    date(1998, 10, 26),
    date(2002, 10, 17),
    date(2005, 10, 18),
    date(2009, 10, 27),
    date(2013, 10, 22),
    date(2017, 10, 24),
    date(2021, 10, 26),
    date(2025, 3, 25),
)
_LONGEST_TERM_DAYS = 1461 + 90  # four years, and the weeks until the next first meeting


def election(year: int) -> Period:
    """The day of the Bundestag election of a year; ValueError if there was none."""
    for when in ELECTIONS:
        if when.year == year:
            return Period(when, when, f"Bundestagswahl {year}", article="der")
    raise ValueError("no election")


def last_election(until: date) -> Period:
    """The latest election not after ``until``; ValueError if it is older than the table."""
    return election(max(when for when in ELECTIONS if when <= until).year)


def term(number: int) -> Period:
    """An electoral term, to the day before the next; the newest is taken to last its full time. ValueError outside the table."""
    place = number - _FIRST_TERM
    if not 0 <= place < len(_FIRST_MEETINGS):
        raise ValueError("no such term")
    first = _FIRST_MEETINGS[place]
    last = _FIRST_MEETINGS[place + 1] - DAY if place + 1 < len(_FIRST_MEETINGS) else first + _LONGEST_TERM_DAYS * DAY
    return Period(first, last, f"{number}. Wahlperiode", article="der")


def term_of(when: date, before: int = 0) -> Period:
    """The term that ``when`` lies in, or the one ``before`` terms earlier; ValueError outside the table."""
    begun = sum(meeting <= when for meeting in _FIRST_MEETINGS)
    return term(_FIRST_TERM + begun - 1 - before)
