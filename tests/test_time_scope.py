"""What a time in a question does: it filters news, or is preferred."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.time_scope import MARGIN_DAYS, Period, TimeUse, closeness, find_period, without_newest, without_times

TODAY = date(2024, 6, 12)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Was gab es letzte Woche zum OZG?", date(2024, 6, 3), date(2024, 6, 9)),
        ("Was ist im Mai 2023 in Bremen passiert?", date(2023, 5, 1), date(2023, 5, 31)),
        ("Neues zum OZG seit Januar 2024", date(2024, 1, 1), None),
        ("Was gibt es im Juni Neues?", date(2024, 6, 1), date(2024, 6, 30)),
        ("Meldungen zur E-Akte vor 2020", None, date(2019, 12, 31)),
        ("OZG 2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("IT-Planungsrat Mai 2023", date(2023, 5, 1), date(2023, 5, 31)),
        ("Was wurde 2022 über die FITKO berichtet?", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_news_of_a_time_are_filtered(text, first, last):
    assert find_period(text, TODAY) == Period(first, last, TimeUse.FILTERED)


@pytest.mark.parametrize(
    "text",
    [
        "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?",
        "Was hat der IT-Planungsrat im Mai 2023 beschlossen?",
        "Wie viele neue Leistungen kamen 2023 hinzu?",
        "Wann ging 2021 ein neues Portal in Bremen online?",
        "gitex europe berlin 2023 wann genau",
        "Was war 2022 das Motto des Equal Pay Day?",
        "Welche Behörde war bis Ende 2022 für Open Data federführend?",
    ],
)
def test_a_time_of_what_happened_is_preferred(text):
    period = find_period(text, TODAY)
    assert period is not None and period.use is TimeUse.PREFERRED


@pytest.mark.parametrize("text", ["Was ist das OZG?", "Was gibt es Neues?", "Was kommt nächstes Jahr zum OZG?", "Agenda 2030", ""])
def test_no_time_that_restricts(text):
    assert find_period(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Was gab es letzte Woche zum OZG?", "Was gab es  zum OZG?"),
        ("OZG 2023", "OZG "),
        ("2023", "2023"),
        ("OZG", "OZG"),
    ],
)
def test_words_of_time_are_not_searched_for(text, rest):
    assert without_times(text, TODAY) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Registermodernisierung Stand der Dinge", "Registermodernisierung "),
        ("Wer leitet im Moment die FITKO?", "Wer leitet  die FITKO?"),
        ("Was war 2023 der Stand der Dinge beim OZG?", "Was war 2023 der  beim OZG?"),
        ("letzte Beschlüsse des IT-Planungsrats", "letzte Beschlüsse des IT-Planungsrats"),
        ("Wer leitet derzeit die FITKO?", "Wer leitet derzeit die FITKO?"),
        ("Stand der Dinge?", "Stand der Dinge?"),
        ("letzte Woche", "letzte Woche"),
    ],
)
def test_phrases_that_only_ask_for_the_newest_are_not_searched_for(text, rest):
    assert without_newest(text, TODAY) == rest


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 800), st.integers(0, 2000))
def test_closeness_falls_from_one_to_nothing(first, days, distance):
    period = Period(first, first + timedelta(days), TimeUse.PREFERRED)
    inside, before, after = first + timedelta(days // 2), first - timedelta(distance), first + timedelta(days + distance)
    assert closeness(period, inside) == 1.0
    assert closeness(period, before) == closeness(period, after) == max(0.0, 1 - distance / MARGIN_DAYS)
    assert closeness(Period(None, first, TimeUse.PREFERRED), before) == closeness(Period(first, None, TimeUse.PREFERRED), after) == 1.0
    assert closeness(period, None) == 0.0
