"""Which messages refer to the question before, and what they mean then."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.retrieval.followups import KEPT_FIRST, KEPT_LAST, shorten_subject, subject_of, understand
from index.retrieval.references import Reference, find_reference

REFERRING = {
    Reference.MORE: [
        "mehr",
        "mehr dazu",
        "more",
        "tell me more about it",
        "Mehr dazu bitte!",
        "noch mehr",
        "und mehr?",
        "weitere Quellen",
        "weiter",
        "gibt es noch mehr dazu?",
    ],
    Reference.SWAP: [
        "und in Hessen?",
        "und Bremen?",
        "In Bayern?",
        "und 2021?",
        "2021?",
        "im Mai 2023?",
        "und das ITZBund?",
        "aber in der Stadt Köln?",
        "was ist mit Hamburg?",
        "und beim 30.?",
        "und letztes Jahr?",
        "auch 2020 schon?",
    ],
    Reference.NO_SUBJECT: [
        "seit wann?",
        "und warum?",
        "wo genau?",
        "wie lange?",
        "wer noch?",
        "Und wann?",
        "wer bezahlt?",
        "aktuell?",
        "bis wann muss man sich anmelden?",
    ],
    Reference.PRONOUN: [
        "und wer leitet das?",
        "Was hat er vorher gemacht?",
        "Wer ist dafür zuständig?",
        "Seit wann läuft das landesweit?",
        "wer ist ihre Stellvertreterin?",
        "Wo wird damit begonnen?",
        "Welche Firma baut die denn?",
        "Wer hält dort den Vortrag?",
        "wie alt war sie beim Amtsantritt?",
        "Wie viele davon sind online?",
        "Wie hoch ist dieser Betrag?",
        "Und wie groß sind die?",
        "was kostet so etwas?",
        "Welche Länder haben das übernommen?",
        "Wer hat ihn ernannt?",
        "wer war's?",
        "wie teuer wird es?",
        "und wer davor?",
        "und ab wann ist das Kammergericht dran?",
    ],
    Reference.VAGUE: ["Wer leitet das Projekt?", "Wie hoch sind die Kosten?", "Wann war die erste Sitzung?", "wer ist der Leiter?", "Stand der Dinge?", "der aktuelle Stand?"],
    Reference.ENGLISH: [
        *("since when?", "and in Hesse?", "who leads it?", "what about Bavaria?", "Why?", "How many people work there?", "What does it cost?"),
        *("and who leads the FITKO?", "When did they start?"),
    ],
    Reference.CONJUNCTION: ["Und welche Musikschule hat die Feier begleitet?", "und wo tagt das Kammergericht?"],
}
STANDING_ALONE = [
    "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?",
    "Was ist ELFE?",
    "Und was ist das OZG?",
    "und seit wann gibt es die FITKO?",
    "Und wer leitet das BSI?",
    "Seit wann gibt es die FITKO?",
    "OZG",
    "BundID?",
    "Was gibt es Neues?",
    "Stand der Dinge beim OZG",
    "Hessen",
    "Was kostet der Personalausweis?",
    "wer leitet das bsi",
    "was macht die fitko",
    "Wer ist beim Registermodernisierungsgesetz dafür zuständig, dass die Daten stimmen?",
    "Was ist das OZG und wer ist dafür zuständig?",
    "Wie hat sich die FITKO entwickelt, seit sie gegründet wurde?",
    "Welche Anforderungen stellt der Bund an seine Behörden?",
    "Wie viele Leistungen sind in Bremen online?",
    "Welche Behörde, die das OZG umsetzt, sitzt in Frankfurt?",
    "Wie geht es mit der E-Akte weiter?",
    "Gibt es eine App für die Online-Ausweisfunktion?",
    "Was gab es diese Woche zum OZG?",
    "Was wurde im Mai 2023 zur Registermodernisierung beschlossen?",
    "buergerfix app vom senat was kostet die im monat",
    "podcast vhs tempelhof ohrenblicke wer macht den",
    "Welche Blumenanlage in Reinickendorf erinnert an den von den Nazis ausgelöschten böhmischen Ort?",
    "Wissen Sie, wer das BSI leitet?",
    "Neuigkeiten zu EfA-Leistungen",
    "Wie lange dauert es, bis man bei ELSTER registriert ist?",
    "Wann ist die nächste Bundestagswahl?",
    "Wie geht's weiter mit dem OZG?",
    "Who leads FITKO?",
    "Is there a law on AI?",
    "What is the weather tomorrow?",
    "When was the Onlinezugangsgesetz passed?",
    "Mehrwertsteuer",
    "Weiterbildung in der Verwaltung",
    "",
    "?!",
]
OZG = "Wer leitet das OZG-Projekt in Bremen?"
CHAIR = "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?"


@pytest.mark.parametrize(("reference", "text"), [(reference, text) for reference, texts in REFERRING.items() for text in texts])
def test_refers_to_the_question_before(reference, text):
    assert find_reference(text) is reference


@pytest.mark.parametrize("text", STANDING_ALONE)
def test_stands_alone(text):
    assert find_reference(text) is None


@pytest.mark.parametrize(
    ("before", "text", "question"),
    [
        (OZG, "und in Hessen?", "Wer leitet das OZG-Projekt in Hessen?"),
        (OZG, "Hessen?", "Wer leitet das OZG-Projekt in Hessen?"),
        (OZG, "und 2021?", "Wer leitet das OZG-Projekt in Bremen 2021?"),
        (CHAIR, "und 2021?", "Wer hat 2021 den Vorsitz im IT-Planungsrat übernommen?"),
        (CHAIR, "und im Jahr 2022?", "Wer hat im Jahr 2022 den Vorsitz im IT-Planungsrat übernommen?"),
        ("Was kostet der Personalausweis?", "und in Hamburg?", "Was kostet der Personalausweis in Hamburg?"),
        ("Was macht das BSI?", "und die FITKO?", "Was macht die FITKO?"),
        ("Was macht das BSI?", "und FITKO?", "Was macht das FITKO?"),
        ("Worum ging es beim 22. RegioTalk?", "und beim 30.?", "Worum ging es beim 30. RegioTalk?"),
        ("Wer führt durch den Bärenzwinger?", "und durch die Klosterruine?", "Wer führt durch die Klosterruine?"),
        (
            "Wie viele Jelbi-Standorte gibt es in Tempelhof-Schöneberg?",
            "und in Adlershof?",
            "Wie viele Jelbi-Standorte gibt es in Adlershof?",
        ),
        ("Wie heißt der Digitalminister von Bayern?", "und der von Hessen?", "Wie heißt der Digitalminister von Hessen?"),
        ("Was sagt der Rechnungshof?", "Und der Normenkontrollrat?", "Was sagt der Normenkontrollrat?"),
        ("Was gab es im Mai 2023 zum OZG?", "und im Juni 2023?", "Was gab es im Juni 2023 zum OZG?"),
    ],
)
def test_what_is_swapped_makes_a_question_of_its_own(before, text, question):
    understood = understand(text, before)
    assert (understood.question, understood.subject, understood.searched) == (question, "", question)


@pytest.mark.parametrize(
    ("before", "text", "subject"),
    [
        ("Wann ist der Tag des offenen Denkmals?", "und wo?", "Tag des offenen Denkmals"),
        (OZG, "seit wann?", "OZG-Projekt in Bremen"),
        (CHAIR, "und wer davor?", "2019 den Vorsitz im IT-Planungsrat"),
        (CHAIR, "und wer hat ihn 2021?", "den Vorsitz im IT-Planungsrat"),
        ("Welche Firma baut das Portal der Stadt Köln?", "wie teuer ist das?", "Portal der Stadt Köln"),
        ("Wie viele Leistungen hat das Serviceportal?", "und wie viele davon sind online?", "Leistungen Serviceportal"),
        ("wer leitet das bsi", "seit wann?", "bsi"),
        ("warum?", "und wann?", "warum?"),
    ],
)
def test_the_subject_is_what_the_question_before_is_about(before, text, subject):
    understood = understand(text, before)
    assert (understood.question, understood.subject) == (text, subject)


def test_a_swap_in_a_chain_keeps_the_subject():
    before = understand("wer führt durch den Bärenzwinger?", "Wann ist der Tag des offenen Denkmals?").searched
    understood = understand("und durch die Klosterruine?", before)
    assert (understood.question, understood.subject) == ("wer führt durch die Klosterruine?", "Tag des offenen Denkmals")


def test_a_chain_keeps_what_it_began_with():
    before = "Wie viele Gewerbeanmeldungen gab es 2024 in Berlin?"
    for text in ("und wie viel Prozent liefen online?", "über welchen Dienst denn?", "seit wann gibt es den?"):
        before = understand(text, before).searched
    assert before.startswith("zu Gewerbeanmeldungen 2024 in Berlin") and before.endswith(": seit wann gibt es den?")


@settings(max_examples=200)
@given(st.text(max_size=300), st.text(max_size=3000))
def test_any_text_is_understood_as_something_bounded(text, before):
    find_reference(text)
    understood = understand(text, before)
    subject = subject_of(before)
    assert text.strip() in (understood.question, text.strip()) and len(shorten_subject(subject)) <= KEPT_FIRST + KEPT_LAST + 1
    assert understood.subject == "" or len(understood.subject) <= max(KEPT_FIRST + KEPT_LAST + 1, len(before))


@pytest.mark.parametrize(
    ("before", "subject"),
    [
        ("What is the OZG?", "OZG"),
        ("Who took over the chair of the IT-Planungsrat in 2019?", "IT-Planungsrat"),
        ("When was the online access act passed?", "online access act passed"),
        ("zu FITKO: since when?", "FITKO"),
        ("Was ist das OZG?", "OZG"),
    ],
)
def test_the_subject_before_an_english_follow_up(before, subject):
    assert understand("and since when?", before).subject == subject


def test_the_only_noun_is_swapped_only_behind_the_same_article():
    assert understand("und die Länder?", "Was zahlt der Bund?").subject == "Bund"
    assert understand("und der Bundesrat?", "Was sagt der Bund zum OZG?").subject
