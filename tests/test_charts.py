"""Pictures: always a valid PNG of a size that a phone and Telegram take, whatever goes in."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.charts import MAX_MILESTONES, WIDTH_INCHES, Milestone, frequency_chart, long_date, timeline_chart

MAX_BYTES = 200_000
MAX_RATIO, MAX_PIXEL_SUM = 20, 10_000  # what Telegram's sendPhoto takes
MONTHS = [date(year, month, 1) for year in range(1995, 2027) for month in range(1, 13)]
LONG_WORD = "Onlinezugangsgesetzänderungsgesetzverordnung" * 6
HEBREW, ARABIC, EMOJI, MATH = "שלום עולם", "مرحبا بالعالم", "👩‍💻 OZG 🇩🇪", r"$\frac{1}{0$ _x_ ^y"


def opened(picture: bytes) -> Image.Image:
    """The picture, read whole; fails where it is none or too large."""
    assert len(picture) < MAX_BYTES
    image = Image.open(io.BytesIO(picture))
    image.load()
    assert image.format == "PNG" and image.width == round(WIDTH_INCHES * 150)
    assert image.width + image.height <= MAX_PIXEL_SUM and image.height / image.width < MAX_RATIO
    return image


def colours_of(image: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _count, colour in image.convert("RGB").getcolors(100_000)}


@pytest.mark.parametrize(
    "series",
    [
        {},
        {"OZG": []},
        {"OZG": [(date(2024, 1, 1), 3)]},
        {"OZG": [(date(2024, 1, 1), 0), (date(2024, 2, 1), 0)]},
        {"OZG": [(day, number % 9) for number, day in enumerate(MONTHS)]},
        {"OZG": [(day, 10**9) for day in MONTHS[:24]]},
        {term: [(day, number) for day in MONTHS[-30:]] for number, term in enumerate("OZG BundID E-Akte NOOTS FITKO ELFE".split())},
        {term: [(MONTHS[-1], 2), (MONTHS[-2], 1)] for term in (LONG_WORD, HEBREW, ARABIC, EMOJI, MATH)},
        {"_versteckt": [(MONTHS[-1], 2)], "": [(MONTHS[-1], 1)]},
    ],
    ids=["nothing", "empty", "one point", "zeros", "32 years", "huge", "too many", "odd words", "hidden"],
)
def test_frequency_chart_of(series):
    opened(frequency_chart(series, f"Wie oft? {LONG_WORD} {MATH}"))


def test_each_term_has_a_colour_of_its_own():
    series = {term: [(day, number) for day in MONTHS[-12:]] for number, term in enumerate("abcde")}
    one = colours_of(opened(frequency_chart({"a": series["a"]}, "")))
    assert len(colours_of(opened(frequency_chart(series, ""))) - one) >= 4


@pytest.mark.parametrize("count", range(MAX_MILESTONES + 2))
def test_timeline_grows_with_its_milestones_and_stays_small(count):
    few = opened(timeline_chart([Milestone(date(2020, 1, day + 1), "Es geschah etwas. " * 9) for day in range(count)], "Zeitstrahl: OZG"))
    more = opened(
        timeline_chart([Milestone(date(2020, 1, day + 1), "Es geschah etwas. " * 9) for day in range(count + 1)], "Zeitstrahl: OZG")
    )
    assert more.height >= few.height and (more.height > few.height or count in {0, 1} or count >= MAX_MILESTONES)


@pytest.mark.parametrize("text", ["", LONG_WORD, HEBREW, ARABIC, EMOJI, MATH, "a\nb\x00c", "漢字" * 80], ids=range(8))
def test_timeline_of_odd_text(text):
    opened(timeline_chart([Milestone(date(1, 1, 1), text), Milestone(date(9999, 12, 31), text)], text))


@settings(max_examples=15)
@given(st.text(max_size=60), st.lists(st.tuples(st.dates(), st.integers(0, 10**6)), max_size=30))
def test_no_text_and_no_dates_break_a_chart(text, points):
    opened(frequency_chart({text: points}, text))
    opened(timeline_chart([Milestone(day, text) for day, _count in points[:3]], text))


def test_dates_are_german():
    assert long_date(date(2024, 3, 1)) == "1. März 2024"
