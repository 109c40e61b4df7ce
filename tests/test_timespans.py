"""German expressions of time: what each means on a given day, and what is none."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.language import legislature
from index.language.periods import easter_sunday
from index.language.time_patterns import MONTHS, NUMBERS, SEASONS
from index.language.timespans import find_time, find_times

TODAY = date(2026, 11, 25)  # a Wednesday in week 48

# expression → first and last day on TODAY, "" where open
RANGES = """
2019                                          2019-01-01 2019-12-31
im Jahr 2019                                  2019-01-01 2019-12-31
in 2019                                       2019-01-01 2019-12-31
anno im Jahre 2019                            2019-01-01 2019-12-31
2022/23                                       2022-01-01 2023-12-31
2022/2023                                     2022-01-01 2023-12-31
2019-2021                                     2019-01-01 2021-12-31
2019 – 2021                                   2019-01-01 2021-12-31
2019 bis 2021                                 2019-01-01 2021-12-31
von 2019 bis 2021                             2019-01-01 2021-12-31
zwischen 2019 und 2021                        2019-01-01 2021-12-31
zwischen 2021 und 2019                        2019-01-01 2021-12-31
2019 und 2023                                 2019-01-01 2023-12-31
Anfang 2024                                   2024-01-01 2024-04-30
Mitte 2020                                    2020-05-01 2020-08-31
Ende 2024                                     2024-09-01 2024-12-31
von Anfang 2020 bis Ende 2021                 2020-01-01 2021-12-31
Anfang der 2020er                             2020-01-01 2023-12-31
Ende der 2010er Jahre                         2017-01-01 2019-12-31
in den 2010er Jahren                          2010-01-01 2019-12-31
in den 90er Jahren                            1990-01-01 1999-12-31
Anfang des Jahres                             2026-01-01 2026-04-30
Anfang des Jahres 2023                        2023-01-01 2023-04-30
Ende letzten Jahres                           2025-09-01 2025-12-31
zum Jahresende 2023                           2023-09-01 2023-12-31
zum Jahreswechsel 2023/24                     2023-12-15 2024-01-15
im Mai 2023                                   2023-05-01 2023-05-31
Mai 23                                        2023-05-01 2023-05-31
Mai '23                                       2023-05-01 2023-05-31
Januar 25                                     2025-01-01 2025-01-31
Januar 98                                     1998-01-01 1998-01-31
im Mai                                        2026-05-01 2026-05-31
im Dezember                                   2025-12-01 2025-12-31
im November                                   2026-11-01 2026-11-30
letzten November                              2025-11-01 2025-11-30
Ende Mai 2023                                 2023-05-21 2023-05-31
Anfang Februar 2024                           2024-02-01 2024-02-10
Mitte Februar 2024                            2024-02-11 2024-02-20
Ende Februar 2024                             2024-02-21 2024-02-29
Februar 2024                                  2024-02-01 2024-02-29
Februar 2023                                  2023-02-01 2023-02-28
05/2023                                       2023-05-01 2023-05-31
2023-05                                       2023-05-01 2023-05-31
Okt. 2022                                     2022-10-01 2022-10-31
dez 2022                                      2022-12-01 2022-12-31
Mai des Jahres 2023                           2023-05-01 2023-05-31
im Mai letzten Jahres                         2025-05-01 2025-05-31
im Mai dieses Jahres                          2026-05-01 2026-05-31
Mai 2023 bis Juli 2023                        2023-05-01 2023-07-31
Mai bis Juli 2023                             2023-05-01 2023-07-31
von November bis März 2023                    2022-11-01 2023-03-31
zwischen Januar und März 2023                 2023-01-01 2023-03-31
Januar–März 2024                              2024-01-01 2024-03-31
am 28.1.2019                                  2019-01-28 2019-01-28
vom 28.01.19                                  2019-01-28 2019-01-28
28. 1. 2019                                   2019-01-28 2019-01-28
28. Januar 2019                               2019-01-28 2019-01-28
12. März 2024                                 2024-03-12 2024-03-12
12 März 2024                                  2024-03-12 2024-03-12
12. Mrz. 2024                                 2024-03-12 2024-03-12
2024-03-12                                    2024-03-12 2024-03-12
29.02.2024                                    2024-02-29 2024-02-29
am 29. Februar                                2024-02-29 2024-02-29
am 28.01.                                     2026-01-28 2026-01-28
am 24. Dezember                               2025-12-24 2025-12-24
am 12. März                                   2026-03-12 2026-03-12
vom 1. bis 15. Mai 2023                       2023-05-01 2023-05-15
1.-3. Mai 2023                                2023-05-01 2023-05-03
1.–3.5.2023                                   2023-05-01 2023-05-03
erstes Quartal 2024                           2024-01-01 2024-03-31
im ersten Quartal 2024                        2024-01-01 2024-03-31
Q1 2024                                       2024-01-01 2024-03-31
Q4/2023                                       2023-10-01 2023-12-31
2024 Q2                                       2024-04-01 2024-06-30
im 2. Quartal                                 2026-04-01 2026-06-30
im vierten Quartal                            2026-10-01 2026-12-31
III. Quartal 2022                             2022-07-01 2022-09-30
letztes Quartal                               2026-07-01 2026-09-30
in diesem Quartal                             2026-10-01 2026-12-31
im ersten Halbjahr 2023                       2023-01-01 2023-06-30
2. Halbjahr 2023                              2023-07-01 2023-12-31
in der zweiten Jahreshälfte 2022              2022-07-01 2022-12-31
H1 2025                                       2025-01-01 2025-06-30
letztes Halbjahr                              2026-01-01 2026-06-30
im Sommer 2023                                2023-06-01 2023-08-31
im Frühling 2022                              2022-03-01 2022-05-31
Frühjahr 2022                                 2022-03-01 2022-05-31
im fruehjahr 2022                             2022-03-01 2022-05-31
Herbst 2023                                   2023-09-01 2023-11-30
Winter 2023/24                                2023-12-01 2024-02-29
im Winter 2022/2023                           2022-12-01 2023-02-28
im Winter                                     2025-12-01 2026-02-28
letzten Sommer                                2026-06-01 2026-08-31
letzten Herbst                                2025-09-01 2025-11-30
vor der Sommerpause 2023                      - 2023-06-30
im Schuljahr 2022/23                          2022-08-01 2023-07-31
im Wintersemester 2023/24                     2023-10-01 2024-03-31
KW 42                                         2026-10-12 2026-10-18
in KW 50                                      2025-12-08 2025-12-14
KW 53                                         2020-12-28 2021-01-03
KW 1 2025                                     2024-12-30 2025-01-05
42. KW 2023                                   2023-10-16 2023-10-22
Kalenderwoche 42/2023                         2023-10-16 2023-10-22
2023-W42                                      2023-10-16 2023-10-22
letzte Woche                                  2026-11-16 2026-11-22
vorige Woche                                  2026-11-16 2026-11-22
in der vergangenen Woche                      2026-11-16 2026-11-22
vorletzte Woche                               2026-11-09 2026-11-15
diese Woche                                   2026-11-23 2026-11-29
letztes Wochenende                            2026-11-21 2026-11-22
letzten Freitag                               2026-11-20 2026-11-20
vergangenen Mittwoch                          2026-11-18 2026-11-18
gestern                                       2026-11-24 2026-11-24
vorgestern                                    2026-11-23 2026-11-23
Was gibt es heute Neues?                      2026-11-25 2026-11-25
in den letzten drei Monaten                   2026-08-25 2026-11-25
in den vergangenen 14 Tagen                   2026-11-11 2026-11-25
in den letzten Tagen                          2026-11-18 2026-11-25
in den letzten 24 Stunden                     2026-11-24 2026-11-25
in den letzten zwei Jahren                    2024-11-25 2026-11-25
im letzten halben Jahr                        2026-05-25 2026-11-25
vor zwei Wochen                               2026-11-09 2026-11-15
vor drei Tagen                                2026-11-22 2026-11-22
vor einem Monat                               2026-10-01 2026-10-31
vor einem halben Jahr                         2026-05-01 2026-05-31
vor fünf Jahren                               2021-01-01 2021-12-31
vor fuenf jahren                              2021-01-01 2021-12-31
im letzten Jahr                               2025-01-01 2025-12-31
im vergangenen Jahr                           2025-01-01 2025-12-31
letzes jahr                                   2025-01-01 2025-12-31
leztes Jahr                                   2025-01-01 2025-12-31
vorletztes Jahr                               2024-01-01 2024-12-31
im Vorjahr                                    2025-01-01 2025-12-31
dieses Jahr                                   2026-01-01 2026-12-31
im laufenden Jahr                             2026-01-01 2026-12-31
heuer                                         2026-01-01 2026-12-31
letzten Monat                                 2026-10-01 2026-10-31
diesen Monat                                  2026-11-01 2026-11-30
seit Januar                                   2026-01-01 -
seit 2021                                     2021-01-01 -
seit dem Jahr 2021                            2021-01-01 -
seit dem 1. Mai                               2026-05-01 -
seit Ende 2024                                2024-09-01 -
seit letzter Woche                            2026-11-16 -
seit gestern                                  2026-11-24 -
seit drei Wochen                              2026-11-04 -
seit über zwei Jahren                         2024-11-25 -
ab 2024                                       2024-01-01 -
seit 2019 bis 2021                            2019-01-01 2021-12-31
vor 2020                                      - 2019-12-31
vor dem Jahr 2020                             - 2019-12-31
vor Mai 2023                                  - 2023-04-30
vor dem 1. Januar 2023                        - 2022-12-31
vor Ende 2022                                 - 2022-12-31
nach 2020                                     2021-01-01 -
nach dem 31.12.2022                           2023-01-01 -
bis 2022                                      - 2022-12-31
bis Ende 2022                                 - 2022-12-31
bis zum 1. Mai 2023                           - 2023-05-01
bis einschließlich März 2023                  - 2023-03-31
von 2019 bis heute                            2019-01-01 2026-11-25
nach der Bundestagswahl 2021                  2021-09-27 -
vor der Bundestagswahl 2021                   - 2021-09-25
vor der letzten Bundestagswahl                - 2025-02-22
seit der Bundestagswahl                       2025-02-23 -
zwischen der Bundestagswahl 2017 und der Bundestagswahl 2021  2017-09-24 2021-09-26
bei der Bundestagswahl 2021                   2021-01-01 2021-12-31
in der 19. Legislaturperiode                  2017-10-24 2021-10-25
in der 20. Wahlperiode                        2021-10-26 2025-03-24
in der letzten Legislaturperiode              2021-10-26 2025-03-24
in dieser Legislaturperiode                   2025-03-25 2029-06-23
seit Beginn der 20er Jahre                    2020-01-01 -
zu Ostern 2024                                2024-03-29 2024-04-01
nach Pfingsten 2023                           2023-05-30 -
vor Weihnachten 2023                          - 2023-12-23
an Silvester                                  2025-12-31 2025-12-31
maerz 2024                                    2024-03-01 2024-03-31
Febuar 2024                                   2024-02-01 2024-02-29
re:publica 2024                               2024-01-01 2024-12-31
auf der Smart Country Convention 2022         2022-01-01 2022-12-31
Strategie von 2019                            2019-01-01 2019-12-31
seit 2019, besonders bis Mai 2021             2019-01-01 2021-05-31
""".strip().splitlines()

# The same words on other days: borders of years, quarters and weeks, leap years, the night in which the clocks change.
ON_OTHER_DAYS = """
2024-02-29  vor einem Jahr                2023-01-01 2023-12-31
2024-02-29  seit einem Jahr               2023-02-28 -
2024-03-31  in den letzten 1 Monat        2024-02-29 2024-03-31
2024-03-31  gestern                       2024-03-30 2024-03-30
2024-10-27  gestern                       2024-10-26 2024-10-26
2026-01-01  gestern                       2025-12-31 2025-12-31
2026-01-01  letzten Monat                 2025-12-01 2025-12-31
2026-01-01  letztes Quartal               2025-10-01 2025-12-31
2026-01-01  letztes Halbjahr              2025-07-01 2025-12-31
2026-01-01  letztes Jahr                  2025-01-01 2025-12-31
2026-01-01  letzte Woche                  2025-12-22 2025-12-28
2026-01-01  diese Woche                   2025-12-29 2026-01-04
2026-03-31  in diesem Quartal             2026-01-01 2026-03-31
2026-04-01  in diesem Quartal             2026-04-01 2026-06-30
2026-05-01  im Mai                        2026-05-01 2026-05-31
2026-04-30  im Mai                        2025-05-01 2025-05-31
2026-05-20  letzten Mai                   2025-05-01 2025-05-31
2026-02-10  im Winter                     2025-12-01 2026-02-28
2026-07-10  letzten Sommer                2025-06-01 2025-08-31
2021-09-26  vor der Bundestagswahl        - 2021-09-25
2021-10-25  in dieser Legislaturperiode   2017-10-24 2021-10-25
2021-10-26  in dieser Legislaturperiode   2021-10-26 2025-03-24
2020-02-29  am 29. Februar                2020-02-29 2020-02-29
2020-02-28  am 29. Februar                2016-02-29 2016-02-29
2025-12-31  KW 1                          2025-12-29 2026-01-04
2026-11-23  letzten Sonntag               2026-11-22 2026-11-22
2026-11-23  letzten Montag                2026-11-16 2026-11-16
""".strip().splitlines()

NEWEST = """
Was ist der aktuelle Stand beim OZG?
Wer leitet die FITKO derzeit?
Was wurde zuletzt zur BundID beschlossen?
neueste Meldungen zu NOOTS
die neuste Version
Stand der Dinge bei der Registermodernisierung
Wer leitet heute die FITKO?
Was gibt es Neues zur E-Akte?
Was ist mittlerweile mit De-Mail?
der letzte Stand zum OZG
vor kurzem
wer ist zur Zeit CIO
""".strip().splitlines()

NO_TIME = """
Wer wohnt in der Hauptstraße 2019?
OZG 2.0
Was ist die 115?
Was steht in der Agenda 2030?
Welche Ziele hat die Strategie 2030?
Was will die Digitalstrategie 2025?
Welche Schwerpunkte setzt die Innovationsstrategie innoBB 2025?
Läuft Windows Server 2019 noch?
Was ändert sich mit Berlin 2037?
Was sagt § 5?
Was regelt § 2019?
2000 Euro
rund 2000 Kommunen
2.500 Plätze
mehr als 2000
Wie viel sind 2019 Euro wert?
Mailand
der Maibaum in Maintal
Frau Mai
Wer ist Herr Sommer?
Herr Mai und Frau März
die nächsten vier Tage
nächstes Jahr
in drei Wochen
wie lange dauert das?
Seit wann gibt es die FITKO?
Wann startet das?
bis heute
Ist das nicht zuletzt ein Problem?
Hat das Amt am Samstag geöffnet?
Version 3.1.12
31.02.2023
13/2023
KW 60 2023
in der 19. Wahlperiode des Abgeordnetenhauses
vor der nächsten Bundestagswahl
Wer gewann die Bundestagswahl?
Drucksache 12/2020
Telefon 2019
20190101
12.2019.3.4
die 30er Zone
DIN 2023
1 von 3 Anträgen
""".strip().splitlines()


def _split(line):
    words, first, last = line.rsplit(maxsplit=2)
    return words, *(None if day == "-" else date.fromisoformat(day) for day in (first, last))


@pytest.mark.parametrize("line", RANGES)
def test_range_of(line):
    words, first, last = _split(line)
    found = find_time(words, TODAY)
    assert found and (found.first, found.last, found.wants_newest) == (first, last, False), find_times(words, TODAY)


@pytest.mark.parametrize("line", RANGES)
def test_the_same_inside_a_question(line):
    words, first, last = _split(line)
    text = f"Was hat der Rat zum Thema OZG ({words}) gesagt?"
    found = find_time(text, TODAY)
    if words != "Was gibt es heute Neues?":
        assert found and (found.first, found.last) == (first, last)


def test_there_are_enough_expressions():
    assert len(RANGES) >= 120


@pytest.mark.parametrize("line", ON_OTHER_DAYS)
def test_range_on_another_day(line):
    today, rest = line.split(maxsplit=1)
    words, first, last = _split(rest)
    found = find_time(words, date.fromisoformat(today))
    assert found and (found.first, found.last) == (first, last), found


@pytest.mark.parametrize("text", NEWEST)
def test_newest_is_wanted(text):
    found = find_time(text, TODAY)
    assert found and found.wants_newest and not found.has_range, found


@pytest.mark.parametrize("text", NO_TIME)
def test_no_time(text):
    assert find_time(text, TODAY) is None


def test_range_and_newest_together():
    found = find_time("Was war 2023 der aktuelle Stand?", TODAY)
    assert (found.first, found.wants_newest, found.label) == (date(2023, 1, 1), True, "2023, neueste zuerst")


@pytest.mark.parametrize(
    ("text", "span", "label"),
    [
        ("Was geschah im Mai 2023 in Bremen?", "im Mai 2023", "Mai 2023"),
        ("OZG seit 1.1.2025 bitte", "seit 1.1.2025", "seit 01.01.2025"),
        ("OZG vor der Bundestagswahl 2021?", "vor der Bundestagswahl 2021", "vor der Bundestagswahl 2021"),
        ("BundID zwischen 2019 und 2021", "zwischen 2019 und 2021", "2019 bis 2021"),
        ("Wer stand 2021 an der Spitze?", "2021", "2021"),
        ("OZG, Stand Mai 2023", "Stand Mai 2023", "Mai 2023"),
        ("E-Akte in der 19. Wahlperiode", "in der 19. Wahlperiode", "19. Wahlperiode"),
        ("OZG in den letzten 3 Monaten", "in den letzten 3 Monaten", "letzte 3 Monate"),
    ],
)
def test_words_and_label(text, span, label):
    found = find_time(text, TODAY)
    assert (found.span.cut(text), found.label) == (span, label)


def test_several_expressions_are_found_in_order():
    found = find_times("Was war 2019, was im Mai 2021 und was ist der aktuelle Stand?", TODAY)
    assert [expression.label for expression in found] == ["2019", "Mai 2021", "neueste zuerst"]


def test_holds_both_ends():
    found = find_time("im Mai 2023", TODAY)
    assert [found.holds(date(2023, 5, 1)), found.holds(date(2023, 5, 31)), found.holds(date(2023, 6, 1))] == [True, True, False]


@pytest.mark.parametrize("text", ["im März 2024", "am 12. März 2024"])
def test_decomposed_umlauts(text):
    found = find_time(unicodedata.normalize("NFD", text), TODAY)
    assert found.first.month == 3 and found.first.year == 2024


@pytest.mark.parametrize(
    ("year", "sunday"), [(2000, "2000-04-23"), (2008, "2008-03-23"), (2011, "2011-04-24"), (2024, "2024-03-31"), (2038, "2038-04-25")]
)
def test_easter(year, sunday):
    assert easter_sunday(year) == date.fromisoformat(sunday)


def test_every_day_since_1990_has_one_term():
    when = date(1990, 12, 20)
    while when < date(2026, 1, 1):
        term = legislature.term_of(when)
        assert term.first <= when <= term.last
        when += timedelta(days=1)


def test_elections_were_on_sundays_and_terms_begin_within_thirty_days():
    for number, when in enumerate(legislature.ELECTIONS, 12):
        assert when.weekday() == 6
        assert 0 < (legislature.term(number).first - when).days <= 30


WORDS = st.sampled_from(
    "seit vor nach bis ab von zwischen und im in am der dem Anfang Mitte Ende letzten vorigen diese vorletzte drei zwei einem 1. 31. 2. 28.1. 30.2. "
    "2019 2020 2000 1999 2099 1900 23 53 0 99 KW Q1 Q4 Quartal Halbjahr Jahr Jahre Jahren Monaten Woche Tage Winter Sommer 2023/24 2024-02-30 "
    "29. Februar Mai März Jan. Bundestagswahl 19. Wahlperiode Ostern heute gestern aktuell Euro - – / . , ? 20er 999".split()
)


@settings(max_examples=400)
@example("letzten Jahr 2019", TODAY)
@given(st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=80)), st.dates(date(1991, 1, 1), date(2098, 12, 31)))
def test_any_text_gives_true_ranges(text, today):
    end = 0
    for found in find_times(text, today):
        assert found.first is None or found.last is None or found.first <= found.last
        assert found.has_range or found.wants_newest
        assert end <= found.span.start < found.span.end <= len(text) and found.label
        end = found.span.end
    whole = find_time(text, today)
    assert whole is None or whole.first is None or whole.last is None or whole.first <= whole.last


@settings(max_examples=100)
@given(st.dates(date(1991, 1, 1), date(2098, 12, 31)), st.dates(date(1991, 1, 1), date(2098, 12, 31)))
def test_a_written_day_is_that_day(when, today):
    for text in (f"am {when:%d.%m.%Y}", when.isoformat(), f"{when.day}.{when.month}.{when.year}"):
        found = find_time(text, today)
        assert found.first == found.last == when


@settings(max_examples=100)
@given(st.dates(date(1995, 1, 1), date(2098, 12, 31)))
def test_what_has_no_year_has_begun(today):
    for words in ("im Mai", "im Winter", "am 29. Februar", "KW 53", "im 3. Quartal", "zu Ostern"):
        assert find_time(words, today).first <= today
    for words in ("letzten Mai", "letzten Winter", "letzte Woche", "letzten Monat", "im letzten Jahr", "letztes Quartal", "letzten Montag"):
        assert find_time(words, today).last < today


def test_long_text_is_quick():
    text = "seit dem 1. Mai 2023 bis Ende 2024 und vor zwei Wochen " * 40
    assert len(find_times(text, TODAY)) == 80


def test_every_table_is_complete():
    assert set(MONTHS.values()) == set(range(1, 13)) and len(SEASONS) == 5 and set(range(1, 13)) <= set(NUMBERS.values())
