"""Which articles are the same news: nearly equal releases are one, two releases of one frame stay two."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.similarity import SKETCH_SIZE, is_same_news, plain, similarity, sketch

SENTENCES = [
    "Am Montag, den 4. März 2024 öffnet das neue Bürgeramt in Pankow um 9:00 Uhr seine Türen für alle Bürgerinnen und Bürger.",
    "Termine lassen sich vorab über das Serviceportal buchen, auch ohne Anmeldung mit einem Nutzerkonto.",
    "Die Bezirksbürgermeisterin dankte den Beschäftigten, die den Umzug in nur drei Wochen bewältigt haben.",
    "Im Erdgeschoss stehen zwölf Schalter bereit, dazu kommen zwei Geräte für die Abholung von Ausweisen.",
    "Wer einen Personalausweis beantragt, kann ihn künftig rund um die Uhr an einem Automaten abholen.",
    "Für das kommende Jahr plant der Bezirk, weitere Leistungen vollständig digital anzubieten.",
    "Das Vorhaben gehört zu einem Programm des Landes, mit dem alle Standorte bis zum Ende des Jahrzehnts erneuert werden.",
    "Auch die Wartebereiche wurden neu gestaltet, und ein Leitsystem zeigt den Weg zu den einzelnen Sachgebieten.",
    "Wer Hilfe braucht, findet am Eingang jederzeit jemanden, der die Formulare erklärt und beim Ausfüllen zur Seite steht.",
]
RELEASE = Article("a", "Neues Bürgeramt öffnet", "\n\n".join(SENTENCES), date(2024, 3, 1), "https://a.example/1")
YEAR_LATER = date(2025, 3, 1)


def other(old: str = "", new: str = "", **fields) -> Article:
    return replace(RELEASE, key="b", url="https://b.example/2", text=RELEASE.text.replace(old, new) if old else RELEASE.text, **fields)


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        pytest.param(other(), True, id="the same"),
        pytest.param(other("\n\n", " \n"), True, id="spaced otherwise"),
        pytest.param(other("ü", "u\u0308", published=YEAR_LATER), True, id="composed otherwise, a year later"),
        pytest.param(other(title="Zur Erinnerung: Neues Bürgeramt öffnet"), True, id="a reminder"),
        pytest.param(other(title="Neues Bürgeramt öffnet doch nicht"), False, id="the headline denies"),
        pytest.param(other(title="Korrektur: Neues Bürgeramt öffnet"), False, id="the headline corrects"),
        pytest.param(replace(other(title="Bürgeramt öffnet am 11. März"), key="c"), True, id="a day in one headline"),
        pytest.param(other("Bürgerinnen und Bürger", "Bürger*innen"), True, id="gendered otherwise"),
        pytest.param(other("9:00 Uhr", "9 Uhr"), True, id="the time written otherwise"),
        pytest.param(other("4. März", "04. März"), True, id="the day written otherwise"),
        pytest.param(other("zwölf Schalter", "12 Schalter"), True, id="a number in words"),
        pytest.param(other("digital anzubieten.", "digital anzubieten. Telefon: (030) 90298-2843"), True, id="a telephone number more"),
        pytest.param(other("Am Montag", "Medienkontakt: presse@b.example\n\nAm Montag"), True, id="an address for the press more"),
        pytest.param(other("4. März", "11. März"), False, id="another day"),
        pytest.param(other("Montag, den", "Dienstag, den"), False, id="another weekday"),
        pytest.param(other("9:00", "10:00"), False, id="another time"),
        pytest.param(other(" um 9:00 Uhr", ""), False, id="the time is left out"),
        pytest.param(other("drei Wochen", "vier Wochen"), False, id="another number in words"),
        pytest.param(other("in Pankow", "in Lichtenberg"), False, id="another district"),
        pytest.param(other("Schalter bereit", "Schalter nicht bereit"), False, id="denied"),
        pytest.param(other("dankte den", "dankt den", published=date(2024, 6, 1)), False, id="months later, not word for word"),
        pytest.param(other(is_teaser=True), False, id="a teaser"),
    ],
)
def test_same_news(article, expected):
    assert is_same_news(RELEASE, article) == is_same_news(article, RELEASE) == expected


def test_a_frame_filled_anew_is_another_release():
    frame = " ".join([*SENTENCES, "Es spricht {}. Die Sitzung beginnt am {} um {} Uhr in der {} straße."])
    first, *others = (
        replace(RELEASE, key=key, text=frame.format(*values))
        for key, values in {
            "a": ("Anna Beck", "5. Mai", 17, "Wald"),
            "b": ("Karl Weiss", "5. Mai", 17, "Wald"),
            "c": ("Anna Beck", "6. Mai", 17, "Wald"),
            "d": ("Anna Beck", "5. Mai", 18, "Wald"),
            "e": ("Anna Beck", "5. Mai", 17, "See"),
        }.items()
    )
    assert all(similarity(first.text, one.text) > 0.9 for one in others)
    assert not any(is_same_news(first, one) for one in others)


def test_one_text_under_two_headlines_with_different_months_stays_two():
    assert not is_same_news(replace(RELEASE, title="Freie Plätze ab August"), replace(RELEASE, key="b", title="Freie Plätze ab September"))


def test_short_texts_are_one_only_under_one_headline_and_within_a_month():
    one = Article("a", "Sitzung am 4. März", "Die Tagesordnung steht im Anhang.", date(2024, 3, 1))
    assert is_same_news(one, replace(one, key="b", published=date(2024, 3, 20)))
    assert not is_same_news(one, replace(one, key="b", title="Sitzung am 11. März"))
    assert not is_same_news(one, replace(one, key="b", published=YEAR_LATER))


@given(st.text(max_size=300))
def test_sketches_are_stable_and_small(text):
    article = Article("a", "", text)
    found = sketch(article)
    assert found == sketch(replace(article, text=f" {text}\n"))
    assert len(found) <= SKETCH_SIZE and len(set(found)) == len(found)
    assert similarity(text, text) == 1.0
    assert plain(plain(text)) == plain(text)
