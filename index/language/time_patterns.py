"""How German writes a point in time: patterns, each with the period it means on a given day.

Umlauts match as ``ä``, ``ae`` and decomposed, blanks as any white space, and some frequent slips (``letzes``, ``Febuar``) are read as
what they mean.
A pattern says what it needs around it; ``timespans`` looks at that and at prepositions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from index.language import legislature
from index.language import periods as p
from index.language.periods import Part, Period, Unit

Builder = Callable[[re.Match[str], date], Period]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to write a point in time. ``build`` raises ValueError for what no calendar has (31 February).

    ``needs_preposition``: alone it may be something else (Mai, Sommer and März are also surnames). ``floats``: it names no year, so it
    takes the one that fits its partner in "November bis März 2023". ``is_event``: with "vor" or "seit" the day counts, else its year.
    ``opens``: it says "seit" itself. ``is_today``, ``is_plain_year``: "heute" and four digits, which often mean something else.
    """

    regex: re.Pattern[str]
    build: Builder
    needs_preposition: bool = False
    floats: bool = False
    is_event: bool = False
    opens: bool = False
    is_today: bool = False
    is_plain_year: bool = False


@cache
def german(pattern: str) -> re.Pattern[str]:
    """Compile: blanks match white space, umlauts also their other spellings; the match begins and ends at word borders."""
    for umlaut, others in (("ä", "ae|a\u0308"), ("ö", "oe|o\u0308"), ("ü", "ue|u\u0308")):
        pattern = pattern.replace(umlaut, f"(?:{umlaut}|{others})")
    return re.compile(r"(?<![\w§])" + pattern.replace(" ", r"\s+") + r"(?!\w)", re.IGNORECASE)


# A year of four digits that is not part of a longer number, of a price or of a time.
YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d/]|[.,:]\d)"
SHORT_YEAR = r"(?:(?P<year>(?:19|20)\d\d)|['’]?(?P<short>\d\d))(?![\d%€/]|[.,:]\d|\s?(?:Uhr|Euro|EUR|Prozent|%|€))"
OF_YEAR = rf"(?: (?:des Jahres |im Jahre? |in |von )?{YEAR})?"
MONTHS = {
    "jan(?:uar|ner)?|jän(?:ner)?": 1,
    "feb(?:ruar|uar|urar|er)?": 2,
    "mär(?:z|zes)?|mrz|merz|marz": 3,
    "apr(?:il)?": 4,
    "mai": 5,
    "jun[io]?": 6,
    "jul[iy]?": 7,
    "aug(?:ust)?": 8,
    "sept?(?:ember|emer)?|setember": 9,
    "o[kc]t(?:ober)?": 10,
    "nov(?:ember)?": 11,
    "de[zc](?:ember)?": 12,
}
MONTH = "(?P<month>" + "|".join(MONTHS) + r")\.?"
# Whole names only: "Jan", "Okt" and "Dez" alone are names or noise.
LONG_MONTH = r"(?P<month>januar|jänner|februar|febuar|feburar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)s?"
ORDINALS = {r"1\.|I\.|erste[nrsm]?": 1, r"2\.|II\.|zweite[nrsm]?": 2, r"3\.|III\.|dritte[nrsm]?": 3, r"4\.|IV\.|vierte[nrsm]?": 4}
SEASONS = {
    "früh(?:jahr|jar|ling)s?": "Frühjahr",
    "sommers?": "Sommer",
    "herbst(?:es)?": "Herbst",
    "winters?": "Winter",
    "sommerpause": "Sommerpause",
}
HOLIDAYS = {
    "ostern": "Ostern",
    "pfingsten": "Pfingsten",
    "weihnachten": "Weihnachten",
    "s[iy]lvester": "Silvester",
    "neujahr": "Neujahr",
}
THIS = r"(?:diese[nrsm]?|laufende[nrsm]?|aktuelle[nrsm]?)"
LAST = r"(?:le(?:tzt|tz|zt|ttz)e[nrsm]?|vorige[nrsm]?|vergange?ne[nrsm]?)"
BEFORE_LAST = r"vorle(?:tzt|tz|zt)e[nrsm]?"
WHICH = f"(?P<which>{THIS}|{LAST}|{BEFORE_LAST})"
NUMBERS = {
    "eine[mnrs]?": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
    "(?:ein )?paar|einige[nr]?|wenige[nr]?|mehrere[nr]?": 3,  # "a few"
}
NUMBER = r"(?P<number>\d{1,3}|" + "|".join(NUMBERS) + ")"
UNITS = {"tag(?:en|es|e)?": Unit.DAY, "wochen?": Unit.WEEK, "monat(?:en|es|e|s)?": Unit.MONTH, "jahr(?:en|es|e)?": Unit.YEAR}
UNIT_NAMES = {Unit.DAY: "Tage", Unit.WEEK: "Wochen", Unit.MONTH: "Monate", Unit.YEAR: "Jahre"}
COUNTED = rf"(?:{NUMBER} (?P<unit>{'|'.join(UNITS)})|(?P<half>(?:einem )?halben jahr))"
# What "in den letzten Wochen" means when no number is said: long enough to find something, short enough to be news.
UNCOUNTED = {Unit.DAY: 7, Unit.WEEK: 4, Unit.MONTH: 6, Unit.YEAR: 3}
HALF_YEAR = (6, Unit.MONTH)
WEEKDAYS = {
    "montag": 0,
    "dienstag": 1,
    "mittwoch": 2,
    "donnerstag": 3,
    "freitag": 4,
    "samstag|sonnabend": 5,
    "sonntag": 6,
}
DAY_NUMBER = r"(?P<day>[0-3]?\d)"
MONTH_NUMBER = r"(?P<month>[01]?\d)"
ELECTION_YEAR = "(?P<year>" + "|".join(str(when.year) for when in legislature.ELECTIONS) + ")"
LEGISLATURE = r"(?:legislatur(?:periode)?|wahlperiode)"

T = TypeVar("T")


def any_of(table: dict[str, T], group: str) -> str:
    """A named group of all patterns of ``table``."""
    return f"(?P<{group}>{'|'.join(table)})"


def lookup(table: dict[str, T], text: str) -> T:
    """The value whose pattern matches all of ``text``, which came from a match of ``any_of``."""
    return next(value for pattern, value in table.items() if german(f"(?:{pattern})").fullmatch(text))


def steps_back(which: str) -> int:
    """0 for "diese", 1 for "letzte", 2 for "vorletzte"."""
    if german(BEFORE_LAST).fullmatch(which):
        return 2
    return 1 if german(LAST).fullmatch(which) else 0


def said_part(said: str) -> Part:
    """Which third of a period a word such as ``Anfang`` names."""
    return {"m": Part.MIDDLE, "e": Part.END}.get(said[0].lower(), Part.BEGINNING)


def _said_year(match: re.Match[str], today: date) -> int:
    """Two or four digits; two digits later than next year are of the last century."""
    if match["year"]:
        return int(match["year"])
    short = int(match["short"])
    return short + (2000 if short <= (today.year + 1) % 100 else 1900)


def _said_month(match: re.Match[str]) -> int:
    said = match["month"]
    return int(said) if said.isdecimal() else lookup(MONTHS, said)


def _said_stretch(match: re.Match[str]) -> tuple[int, Unit]:
    """How many of which unit; "ein halbes Jahr" is six months."""
    if match["half"]:
        return HALF_YEAR
    said = match["number"]
    return int(said) if said.isdecimal() else lookup(NUMBERS, said), lookup(UNITS, match["unit"])


def _yearly(make: Callable[[int], Period], match: re.Match[str], today: date) -> Period:
    """``make`` of the year that the match says; without one, the latest that has begun, or that is over with "letzten"."""
    groups = match.groupdict()
    if groups.get("year"):
        return make(int(groups["year"]))
    if not groups.get("which"):
        return p.latest(make, today)
    return p.latest_over(make, today) if steps_back(groups["which"]) else make(today.year)


def _day(match: re.Match[str], today: date) -> Period:
    number, month = int(match["day"]), _said_month(match)
    groups = match.groupdict()
    if groups.get("year") or groups.get("short"):
        return p.day(date(_said_year(match, today), month, number))
    return p.latest(lambda year: p.day(date(year, month, number)), today)


def _day_range(match: re.Match[str], today: date) -> Period:
    first, last, month = int(match["from"]), int(match["day"]), _said_month(match)
    return _yearly(lambda year: p.days(date(year, month, first), date(year, month, last)), match, today)


def _month(match: re.Match[str], today: date) -> Period:
    number = _said_month(match)
    if not 1 <= number <= 12:
        raise ValueError("no such month")
    groups = match.groupdict()
    if groups.get("short"):
        return p.month(_said_year(match, today), number)
    return _yearly(lambda year: p.month(year, number), match, today)


def _month_of_relative_year(match: re.Match[str], today: date) -> Period:
    return p.month(today.year - steps_back(match["which"]), _said_month(match))


def _week(match: re.Match[str], today: date) -> Period:
    return _yearly(lambda year: p.calendar_week(year, int(match["week"])), match, today)


def _quarter(match: re.Match[str], today: date) -> Period:
    number = lookup(ORDINALS, match["nth"]) if match.groupdict().get("nth") else int(match["q"])
    return _yearly(lambda year: p.quarter(year, number), match, today)


def _half(match: re.Match[str], today: date) -> Period:
    number = lookup(ORDINALS, match["nth"]) if match.groupdict().get("nth") else int(match["h"])
    if number > 2:
        raise ValueError("no such half")
    return _yearly(lambda year: p.half_year(year, number), match, today)


def _season(match: re.Match[str], today: date) -> Period:
    name = lookup(SEASONS, match["season"])
    return _yearly(lambda year: p.season(year, name), match, today)


def _holiday(match: re.Match[str], today: date) -> Period:
    name = lookup(HOLIDAYS, match["holiday"])
    return _yearly(lambda year: p.holiday(year, name), match, today)


def _double_year(match: re.Match[str], _today: date) -> Period:
    first, said = int(match["year"]), match["to"]
    last = int(said) if len(said) == 4 else first - first % 100 + int(said)
    if last <= first:
        raise ValueError("not a range of years")
    return p.years(first, last)


def _school_year(match: re.Match[str], _today: date) -> Period:
    year = int(match["year"])
    return p.months(year, 8, 12, f"Schuljahr {year}/{(year + 1) % 100:02}")


def _semester(match: re.Match[str], today: date) -> Period:
    name, first = ("Sommersemester", 4) if match["term"].lower() == "sommer" else ("Wintersemester", 10)
    return _yearly(lambda year: p.months(year, first, 6, f"{name} {year}"), match, today)


def _turn_of_year(match: re.Match[str], today: date) -> Period:
    return _yearly(
        lambda year: Period(date(year, 12, 15), date(year + 1, 1, 15), f"Jahreswechsel {year}/{(year + 1) % 100:02}", article="dem"),
        match,
        today,
    )


def _decade(match: re.Match[str], _today: date) -> Period:
    if match["decade"]:
        return p.decade(int(match["decade"]))
    short = int(match["short"])
    return p.decade(short + (2000 if short <= 20 else 1900))


def _relative_unit(match: re.Match[str], today: date) -> Period:
    count = steps_back(match["which"])
    if match["quarter"]:
        return p.quarter(*_stretch_before(today, 3, count))
    if match["half_year"]:
        return p.half_year(*_stretch_before(today, 6, count))
    if match["weekend"]:
        saturday = p.back(p.week_of(today).first, count, Unit.WEEK) + 5 * p.DAY
        return p.days(saturday, saturday + p.DAY)
    unit = lookup(UNITS, match["unit"])
    return p.around(p.back(today, count, unit), unit)


def _stretch_before(today: date, months: int, count: int) -> tuple[int, int]:
    """Year and number of the stretch of so many months that lies ``count`` before today's."""
    per_year = 12 // months
    year, place = divmod(today.year * per_year + (today.month - 1) // months - count, per_year)
    return year, place + 1


def _part_of_relative(match: re.Match[str], today: date) -> Period:
    unit = lookup(UNITS, match["unit"])
    whole = p.around(p.back(today, steps_back(match["which"] or ""), unit), unit)
    return p.part_of(whole, said_part(match["part"]))


def _part_of_year(match: re.Match[str], today: date) -> Period:
    return p.part_of(p.year(int(match["year"]) if match["year"] else today.year), said_part(match["part"]))


def _last_stretch(match: re.Match[str], today: date) -> Period:
    if match["some"]:
        unit = lookup(UNITS, match["some"])
        number = UNCOUNTED[unit]
    else:
        number, unit = _said_stretch(match)
    return Period(p.back(today, number, unit), today, f"letzte {number} {UNIT_NAMES[unit]}")


def _ago(match: re.Match[str], today: date) -> Period:
    number, unit = _said_stretch(match)
    return p.around(p.back(today, number, unit), unit)


def _so_long_ago(match: re.Match[str], today: date) -> Period:
    return p.day(p.back(today, *_said_stretch(match)))


def _election(match: re.Match[str], today: date) -> Period:
    return legislature.election(int(match["year"])) if match["year"] else legislature.last_election(today)


def _term(match: re.Match[str], today: date) -> Period:
    return legislature.term(int(match["nth"])) if match["nth"] else legislature.term_of(today, steps_back(match["which"]))


def _weekday(match: re.Match[str], today: date) -> Period:
    return p.day(today - ((today.weekday() - lookup(WEEKDAYS, match["weekday"]) - 1) % 7 + 1) * p.DAY)


# Tried in this order; what one pattern has taken, no later one gets.
PATTERNS = (
    Pattern(german(r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?:T[\d:.]+Z?)?"), _day),
    Pattern(german(rf"(?P<from>[0-3]?\d)\.\s*(?:bis(?: zum)?|und|[-–])\s*{DAY_NUMBER}\.\s*{LONG_MONTH}{OF_YEAR}"), _day_range),
    Pattern(german(rf"(?P<from>[0-3]?\d)\.\s*(?:bis(?: zum)?|[-–])\s*{DAY_NUMBER}\.\s*{MONTH_NUMBER}\.\s*{YEAR}"), _day_range),
    Pattern(
        german(rf"(?<![\d.]){DAY_NUMBER}\.\s?{MONTH_NUMBER}\.\s?(?:(?P<year>(?:19|20)\d\d)|(?P<short>\d\d))(?!\d|[.:,]\d|\s?Uhr)"), _day
    ),
    Pattern(german(rf"{DAY_NUMBER}\.?\s*{MONTH}\s*{SHORT_YEAR}"), _day),
    Pattern(german(rf"{DAY_NUMBER}\.\s*{LONG_MONTH}"), _day, floats=True),
    Pattern(re.compile(rf"(?<![\w.]){DAY_NUMBER}\.\s?{MONTH_NUMBER}\.(?!\s?\d)"), _day, needs_preposition=True, floats=True),
    Pattern(german(rf"(?:{LAST} )?bundestags?wahl(?:en)?(?: (?:im Jahre? |von )?{ELECTION_YEAR})?"), _election, is_event=True),
    Pattern(german(rf"(?:(?P<nth>\d\d)\.|{WHICH}) {LEGISLATURE}"), _term),
    Pattern(german(r"(?P<year>(?:19|20)\d\d)-W(?P<week>\d\d)"), _week),
    Pattern(
        german(rf"(?:KW|kalenderwoche)\s?(?P<week>\d\d?)(?!\d)(?:(?:\s?/\s?|,? (?:des Jahres |im Jahre? |in )?){YEAR})?"),
        _week,
        floats=True,
    ),
    Pattern(german(rf"(?P<week>\d\d?)\. (?:KW|kalenderwoche){OF_YEAR}"), _week, floats=True),
    Pattern(german(rf"{any_of(ORDINALS, 'nth')}\s?quartals?{OF_YEAR}"), _quarter, floats=True),
    Pattern(german(rf"Q\s?(?P<q>[1-4])\s?[/\s]\s?{YEAR}"), _quarter),
    Pattern(german(r"(?P<year>(?:19|20)\d\d)\s?[/-]?\s?Q(?P<q>[1-4])"), _quarter),
    Pattern(german(r"Q(?P<q>[1-4])"), _quarter, needs_preposition=True, floats=True),
    Pattern(german(rf"{any_of(ORDINALS, 'nth')}\s?(?:halbjahr(?:es|s)?|jahreshälfte){OF_YEAR}"), _half, floats=True),
    Pattern(german(rf"H(?P<h>[12])\s?[/\s]\s?{YEAR}"), _half),
    Pattern(german(r"schuljahr(?:es)? (?P<year>20\d\d)\s?/\s?(?:20)?\d\d"), _school_year),
    Pattern(german(r"(?P<term>winter|sommer)semester (?P<year>(?:19|20)\d\d)(?:\s?/\s?(?:20)?\d\d)?"), _semester),
    Pattern(german(r"jahreswechsel(?: (?P<year>(?:19|20)\d\d)\s?/\s?(?:20)?\d\d)?"), _turn_of_year, floats=True),
    Pattern(german(r"(?P<season>winters?) (?P<year>(?:19|20)\d\d)\s?/\s?(?:(?:19|20)?\d\d)"), _season),
    Pattern(german(rf"{any_of(SEASONS, 'season')} (?:des Jahres )?{YEAR}"), _season),
    Pattern(german(rf"{WHICH} {any_of(SEASONS, 'season')}"), _season),
    Pattern(german(any_of(SEASONS, "season")), _season, needs_preposition=True, floats=True),
    Pattern(german(rf"{any_of(HOLIDAYS, 'holiday')} {YEAR}"), _holiday),
    Pattern(german(rf"{WHICH} {any_of(HOLIDAYS, 'holiday')}"), _holiday),
    Pattern(german(any_of(HOLIDAYS, "holiday")), _holiday, needs_preposition=True, floats=True),
    Pattern(german(rf"(?P<month>0?[1-9]|1[0-2])/{YEAR}"), _month),
    Pattern(german(r"(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?![-\d])"), _month),
    Pattern(german(rf"{MONTH}\s*(?:des Jahres |im Jahre? )?{YEAR}"), _month),
    Pattern(german(rf"{LONG_MONTH} (?:des |im )?{WHICH} jahr(?:e?s)?"), _month_of_relative_year),
    Pattern(german(rf"{LONG_MONTH} {SHORT_YEAR}"), _month),
    Pattern(german(rf"{WHICH} {LONG_MONTH}"), _month),
    Pattern(german(LONG_MONTH), _month, needs_preposition=True, floats=True),
    Pattern(
        german(rf"(?P<part>anfang|mitte|ende|beginn) (?:des |der |von )?(?:{WHICH} )?(?P<unit>jahres|monats|jahr)(?!\s+(?:19|20)\d\d)"),
        _part_of_relative,
    ),
    Pattern(german(rf"jahres(?P<part>anfang|beginn|mitte|ende)s?{OF_YEAR}"), _part_of_year),
    Pattern(german(r"(?P<year>(?:19|20)\d\d)\s?[/–-]\s?(?P<to>(?:(?:19|20)\d\d|\d\d))(?!\d|[-.,:/]\d)"), _double_year),
    Pattern(german(r"(?:(?P<decade>(?:19|20)\d0)er[ns]?(?:[\s-]jahren?)?|(?P<short>[1-9]0)er[\s-]jahren?)"), _decade),
    Pattern(
        german(
            rf"{WHICH} (?:(?P<unit>woche|monat(?:e?s)?|jahr(?:e?s)?)|(?P<weekend>wochenende)|(?P<quarter>quartals?)"
            r"|(?P<half_year>halbjahr(?:e?s)?))"
        ),
        _relative_unit,
    ),
    Pattern(german(r"(?:vorjahr(?:e?s)?|vorjährige[nrsm]?|letztjährige[nrsm]?)"), lambda _match, today: p.year(today.year - 1)),
    Pattern(german(r"(?:heuer|diesjährige[nrsm]?)"), lambda _match, today: p.year(today.year)),
    Pattern(german(rf"{LAST} (?:{COUNTED}|(?P<some>tagen?|wochen|monaten?|jahren?))"), _last_stretch),
    Pattern(german(rf"{LAST} (?:24|48) stunden"), lambda _match, today: p.days(today - p.DAY, today)),
    Pattern(german(rf"vor (?:rund |etwa |ca\.? |circa |ungefähr |gut |knapp |fast |genau )?{COUNTED}"), _ago),
    Pattern(
        german(rf"seit (?:rund |etwa |ca\.? |circa |ungefähr |gut |knapp |fast |genau |über |mehr als )?(?:den )?{COUNTED}"),
        _so_long_ago,
        opens=True,
    ),
    Pattern(german(rf"{LAST} {any_of(WEEKDAYS, 'weekday')}s?"), _weekday),
    Pattern(german("vorgestern"), lambda _match, today: p.day(today - 2 * p.DAY)),
    Pattern(german("gestern"), lambda _match, today: p.day(today - p.DAY)),
    Pattern(german("heute"), lambda _match, today: p.day(today), is_today=True),
    Pattern(german(rf"(?<!\d[/.,:-]){YEAR}"), lambda match, _today: p.year(int(match["year"])), is_plain_year=True),
)
