"""Time in a German question: which days it speaks of, and whether it asks for the newest.

question ── patterns ── points in time ── prepositions (seit, vor, bis, Ende …) ── pairs (von … bis, zwischen … und) ── ranges of days

Whether a range restricts when something was published or merely names a date in the subject cannot be known from the question; the
range is only what the words mean. Decided where German leaves it open:

- A year behind the edition of an event means the year (``re:publica 2024``), behind a programme, plan or product it is part of the
  name and means nothing (``Agenda 2030``, ``Digitalstrategie 2025``, ``innoBB 2025``, ``Windows 2019``), and so is a year after the
  next straight behind a name (``Berlin 2037``).
- A month, season or holiday without a year is the latest that has begun; "letzten Mai" is the latest that is over.
- "Anfang", "Mitte" and "Ende" are thirds: nobody means exactly a quarter. "seit Ende 2024" begins with that third, "bis Ende 2022"
  ends with it.
- "heute" is today only where news of the day are asked for; elsewhere it means "nowadays" and asks for the newest.
- "vor zwei Wochen" is that calendar week, "vor drei Jahren" that year. "am Montag" is not read: it is mostly about opening hours.
- Wahlperioden are the Bundestag's, unless the question names another parliament.
- What lies ahead ("nächstes Jahr", "in drei Wochen") restricts no news.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from index.articles import Span
from index.language import periods as p
from index.language.periods import Part, Period
from index.language.time_patterns import PATTERNS, Pattern, german, said_part

NEWEST = "neueste zuerst"


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Days from ``first`` to ``last``, both included, None where open, as the words at ``span`` of the question mean them.

    ``wants_newest``: the newest is asked for; then both ends may be open. ``label``: the meaning in German, for showing.
    """

    span: Span
    first: date | None
    last: date | None
    wants_newest: bool
    label: str

    @property
    def has_range(self) -> bool:
        """Whether it restricts anything."""
        return self.first is not None or self.last is not None

    def holds(self, when: date) -> bool:
        """Whether a day lies in the range."""
        return (self.first is None or self.first <= when) and (self.last is None or when <= self.last)


class _Relation(Enum):
    """What the preposition makes of a point in time."""

    NONE, IN, SINCE, BEFORE, AFTER, UNTIL, BETWEEN, FROM, AND = range(9)


@dataclass(frozen=True, slots=True)
class _Point:
    """A match of a pattern with the words before it that belong to it; ``start`` is where those begin."""

    start: int
    end: int
    match: re.Match[str]
    pattern: Pattern
    relation: _Relation
    part: Part | None

    def period(self, today: date) -> Period:
        period = self.pattern.build(self.match, today)
        if self.pattern.is_event and self.relation in {_Relation.NONE, _Relation.IN}:
            period = p.year(period.first.year)
        return p.part_of(period, self.part) if self.part else period


_PREPOSITIONS = {
    "seit": _Relation.SINCE,
    "ab": _Relation.SINCE,
    "vor": _Relation.BEFORE,
    "nach": _Relation.AFTER,
    "bis": _Relation.UNTIL,
    "zwischen": _Relation.BETWEEN,
    "von": _Relation.FROM,
    "vom": _Relation.FROM,
    "und": _Relation.AND,
    **dict.fromkeys("im in am an zum zur zu bei beim während für stand stand:".split(), _Relation.IN),
}
_ENTERING = frozenset({_Relation.NONE, _Relation.IN, _Relation.FROM, _Relation.SINCE, _Relation.BETWEEN})  # may begin "A bis B"
_BETWEEN_WORDS = frozenset(
    "dem der den das die des diesem jahr jahre jahres monat tag einschließlich einschliesslich inklusive noch".split()
)
_PARTS = frozenset({"anfang", "mitte", "ende", "beginn"})
_WEAK = frozenset({"in", "an", "zu", "bei", "für"})  # before a bare month or season they may belong to a name: "an August", "bei Sommer"
_MAX_WORDS_BEFORE = 5
_WORD_BEFORE = re.compile(r"([\w:]+)\s+\Z")

# A year is part of the name behind these: programmes, plans, norms, products.
_PROGRAMME = german(
    r"(?:agenda|vision|\w*strategien?|\w*programm|\w*plan|\w*konzept|\w*leitbild|\w*leitlinien?|horizont?|europa|zukunft|dekade|innobb"
    r"|windows|server|office|exchange|sharepoint|word|excel|iso|din|en|iec|rfc)"
)
# Numbers behind these are no dates.
_NUMBERED = re.compile(
    r"(?:§§?|\b(?:version|release|v|nr|nummer|kapitel|abschnitt|ziffer|artikel|art|paragraph|raum|zimmer|drucksache|drs|aktenzeichen"
    r"|az|plz|tel|telefon|ip|seite|postfach|\w*stra(?:ß|ss)e|\w*str|hausnummer))\.?:?\s*\Z",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\s*(?:€|%|\$|(?:euro|eur|prozent|dollar|mark|stück|uhr|[kmg]bit|mb|gb|tb|kwh|mwh|kilometer|km|meter|quadratmeter|stunden"
    r"|minuten)\b)",
    re.IGNORECASE,
)
# Only round numbers count people or things: "2000 Plätze", but "Wer hatte 2019 Plätze?".
_ROUND = 50
_COUNTED_NOUN = re.compile(r"\s+(?:[a-zäöüß]+e\w?n?\s+)?[A-ZÄÖÜ]\w*(?:en|e|er|n|s|innen)\b")
_ABOUT = re.compile(
    r"\b(?:über|rund|etwa|ca\.?|circa|fast|knapp|gut|mehr als|weniger als|bis zu|mindestens|höchstens|maximal)\s+\Z", re.IGNORECASE
)
_TERM = re.compile("wahlperiode|legislatur", re.IGNORECASE)
_OTHER_PARLIAMENT = german(r"(?:abgeordnetenhaus(?:es)?|landtag(?:s|es)?|bürgerschaft|nationalrat(?:s|es)?|europa\w*)")
_NEWS_OF_THE_DAY = german(
    r"(?:neue[srn]?|nachrichten|meldungen|artikel|news|schlagzeilen|passiert|los|gemeldet|beschlossen|erschienen|veröffentlicht|bekannt|gab"
    r"|gibt es)"
)
_SURNAME_BEFORE = re.compile(r"\b(?:frau|herrn?|dr\.?|prof\.?|minister(?:in)?|familie)\s+\Z", re.IGNORECASE)
_NEWEST = german(
    r"(?:(?<!nicht\s)zuletzt|aktuell(?:e[nrsm]?|ste[nrsm]?)?|neue?ste[nrsm]?|derzeit(?:ige[nrsm]?)?|momentan(?:e[nrsm]?)?"
    r"|gegenwärtig(?:e[nrsm]?)?|zur\s?zeit|im moment|stand der dinge|inzwischen|mittlerweile|heutzutage|kürzlich|neulich|vor kurzem|jüngst"
    r"|was gibt(?:'s|’s| es)? neues|etwas neues"
    r"|(?:letzte|jüngste)[nrs]? (?:stand|meldung(?:en)?|nachricht(?:en)?|artikel|news|entwicklung(?:en)?)"
    r"|(?:letzte|jüngste)[nrs]?(?= (?:zahlen|änderung(?:en)?|beschl(?:uss|üsse[n]?))))"
)


def find_time(text: str, today: date) -> TimeExpression | None:
    """What ``text`` as a whole says about time, or None; its span is that of the first range.

    Ranges that overlap narrow each other ("seit 2019 … bis Mai 2021"), others are taken together ("2019 und 2023").
    """
    found = find_times(text, today)
    ranges = [expression for expression in found if expression.has_range]
    wants_newest = any(expression.wants_newest for expression in found)
    if not ranges:
        return found[0] if found else None
    whole = ranges[0]
    for other in ranges[1:]:
        whole = _combine(whole, other)
    label = f"{whole.label}, {NEWEST}" if wants_newest else whole.label
    return replace(whole, wants_newest=wants_newest, label=label)


def find_times(text: str, today: date) -> tuple[TimeExpression, ...]:
    """All expressions of time in ``text`` by their place; their spans do not overlap."""
    points = list(_find_points(text))
    found = list(_read_points(points, text, today))
    for match in _NEWEST.finditer(text):
        if not any(match.start() < other.span.end and other.span.start < match.end() for other in found):
            found.append(TimeExpression(Span(*match.span()), None, None, True, NEWEST))
    return tuple(sorted(found, key=lambda expression: expression.span))


def _find_points(text: str) -> Iterator[_Point]:
    taken: list[tuple[int, int]] = []
    matches: list[tuple[re.Match[str], Pattern]] = []
    for pattern in PATTERNS:
        for match in pattern.regex.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                taken.append(match.span())
                matches.append((match, pattern))
    done = 0
    for match, pattern in sorted(matches, key=lambda pair: pair[0].start()):
        yield _with_words_before(match, pattern, text, done)
        done = match.end()


def _with_words_before(match: re.Match[str], pattern: Pattern, text: str, done: int) -> _Point:
    """Take the preposition, articles and "Anfang", "Mitte" or "Ende" straight before a match; another match ends at ``done``."""
    start = place = match.start()
    is_nameable = pattern.needs_preposition and not {"holiday", "day"} & pattern.regex.groupindex.keys()
    relation, part = _Relation.SINCE if pattern.opens else _Relation.NONE, None
    for _ in range(_MAX_WORDS_BEFORE):
        before = _WORD_BEFORE.search(text, max(done, place - 40), place)
        if before is None:
            break
        word, place = before[1].lower() if before[1] != "stand" else "", before.start()  # "stand" is a verb, "Stand" is not
        if word in _PARTS and part is None and relation is _Relation.NONE:
            part, start = said_part(word), place
        elif word in {"jahr", "jahre"}:
            start = place
        elif word in _PREPOSITIONS and (relation in {_Relation.NONE, _Relation.IN}) and not (is_nameable and word in _WEAK):
            if relation is _Relation.IN and _PREPOSITIONS[word] in {_Relation.IN, _Relation.FROM, _Relation.AND}:
                break
            relation, start = _PREPOSITIONS[word], place
        elif word not in _BETWEEN_WORDS:
            break
    return _Point(start, match.end(), match, pattern, relation, part)


def _read_points(points: list[_Point], text: str, today: date) -> Iterator[TimeExpression]:
    place = 0
    while place < len(points):
        point, following = points[place], points[place + 1] if place + 1 < len(points) else None
        place += 1
        try:
            if following and _is_pair(point, following, text):
                place += 1
                yield _read_pair(point, following, today)
            elif _is_time(point, text, today):
                yield _read_point(point, text, today)
        except (ValueError, OverflowError):
            continue  # 31 February, week 60: the words name no day, so they restrict nothing


def _is_pair(first: _Point, second: _Point, text: str) -> bool:
    """Whether two points are the ends of one range."""
    if first.relation not in _ENTERING or _is_numbered(first, text):
        return False
    gap = text[first.end : second.start].strip()
    if first.relation is _Relation.BETWEEN:
        return not gap and second.relation is _Relation.AND
    if second.relation is _Relation.UNTIL:
        return not gap
    return gap in {"-", "–", "—"} and second.relation is _Relation.NONE


def _read_pair(first: _Point, second: _Point, today: date) -> TimeExpression:
    ending = second.period(today)
    beginning = first.period(ending.last if first.pattern.floats else today)
    if beginning.first > ending.last:
        beginning, ending = ending, beginning
    span = Span(first.start, second.end)
    return TimeExpression(span, beginning.first, max(beginning.last, ending.last), False, f"{beginning.label} bis {ending.label}")


def _is_time(point: _Point, text: str, today: date) -> bool:
    """Whether a match means a time here, and not a name, a number of things or a preposition's missing partner."""
    pattern, has_words = point.pattern, point.relation not in {_Relation.NONE, _Relation.AND} or point.part is not None
    if _is_numbered(point, text) or _SURNAME_BEFORE.search(text, 0, point.match.start()):
        return False
    if pattern.needs_preposition and not has_words and point.match[0] != text.strip(" ?!."):
        return False
    if pattern.is_event and not point.match["year"] and point.relation in {_Relation.NONE, _Relation.IN, _Relation.FROM, _Relation.AND}:
        return False
    if pattern.is_today and point.relation is _Relation.UNTIL:
        return False
    if "nth" in pattern.regex.groupindex and _TERM.search(point.match[0]) and _OTHER_PARLIAMENT.search(text):
        return False
    return not (pattern.is_plain_year and _is_name_or_amount(point, text, today))


def _is_numbered(point: _Point, text: str) -> bool:
    start = point.match.start()
    return point.match[0][0].isdigit() and _NUMBERED.search(text, max(0, start - 40), start) is not None


def _is_name_or_amount(point: _Point, text: str, today: date) -> bool:
    start, end, year = point.match.start(), point.match.end(), int(point.match["year"])
    if _MEASURE.match(text, end):
        return True
    if year % _ROUND == 0 and (_ABOUT.search(text, 0, start) or _COUNTED_NOUN.match(text, end)):
        return "jahr" not in text[point.start : start].lower()
    if point.start < start:
        return False
    name = re.search(r"([\w:.&'-]+)\s\Z", text[:start])
    if name is None:
        return False
    return _PROGRAMME.fullmatch(name[1].split("-")[-1]) is not None or (year > today.year + 1 and name[1][0].isupper())


def _read_point(point: _Point, text: str, today: date) -> TimeExpression:
    span = Span(point.start, point.end)
    if point.pattern.is_today and point.relation is not _Relation.SINCE and not _asks_for_the_day(text):
        return TimeExpression(span, None, None, True, NEWEST)
    period = point.period(today)
    if point.relation is _Relation.SINCE:
        return TimeExpression(span, period.first, None, False, f"seit {period.phrase}")
    if point.relation is _Relation.AFTER:
        return TimeExpression(span, period.last + p.DAY, None, False, f"nach {period.phrase}")
    if point.relation is _Relation.BEFORE:
        last = period.last if point.part is Part.END else period.first - p.DAY
        return TimeExpression(span, None, last, False, f"vor {period.phrase}")
    if point.relation is _Relation.UNTIL:
        return TimeExpression(span, None, period.last, False, f"bis {period.phrase}")
    return TimeExpression(span, period.first, period.last, False, period.label)


def _asks_for_the_day(text: str) -> bool:
    return len(text.split()) <= 2 or _NEWS_OF_THE_DAY.search(text) is not None


def _combine(one: TimeExpression, other: TimeExpression) -> TimeExpression:
    """The overlap of two ranges, or the stretch from one to the other when they have none."""
    first = max((when for when in (one.first, other.first) if when), default=None)
    last = min((when for when in (one.last, other.last) if when), default=None)
    if first and last and first > last:
        firsts, lasts = (one.first, other.first), (one.last, other.last)
        first = None if None in firsts else min(when for when in firsts if when)
        last = None if None in lasts else max(when for when in lasts if when)
        return replace(one, first=first, last=last, label=f"{one.label} und {other.label}")
    for narrower in (one, other):
        if (narrower.first, narrower.last) == (first, last):
            return replace(one, first=first, last=last, label=narrower.label)
    return replace(one, first=first, last=last, label=f"{one.label}, {other.label}")
