"""Misspelt words: what is corrected, what is left alone, and that a known word never changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer_json import answer_to_json
from bot.answers import answer_replies
from index.articles import Span
from index.language.glossary import Glossary
from index.language.spelling import SpellingIndex, correct
from index.language.terms import analyse_word
from index.language.words import fold
from index.retrieval.engine import Answer
from index.retrieval.question import Correction, Question, Vocabulary, analyse_question

SURFACES = {
    surface: count
    for count, surfaces in (
        (40, "Bundesdigitalministerium Registermodernisierung Bürgerterminal IT-Planungsrat Behörde Verwaltung Kirchmann Senatsverwaltung"),
        (20, "Essen Barock Lichtenrade Wirtschaft Bibliothek Flughafen Bergmann Straßenbahn Digitalisierung Ministerium"),
        (12, "Straßenbaum Wegner Kretschmar Haushaltsplan Steinberg Verordnung Kanzler Bürgermeister Museum Datenschutz"),
    )
    for surface in surfaces.split()
}
TERMS = {analyse_word(surface).wholes[0]: surface for surface in SURFACES}
COUNTS = {term: SURFACES[surface] for term, surface in TERMS.items()}
INDEX = SpellingIndex(COUNTS)
NAMES = """Kretschmann Söder Wüst Merz Habeck Baerbock Lindner Buschmann Wissing Faeser Lauterbach Pistorius Esken Klingbeil Scholz Merkel
    Steinmeier Schäuble Altmaier Spahn Seehofer Dobrindt Scheuer Weidel Chrupalla Wagenknecht Lafontaine Gysi Bartsch Ramelow
    Bovenschulte Tschentscher Schwesig Woidke Haseloff Kretschmer Bouffier Laschet Rehlinger Dreyer Schweitzer Weinmann Zimmermann
    Wachtendonk Oberammergau Garmisch Pfaffenhofen Tuttlingen Villingen Reutlingen Bietigheim Zuckerberg Altman Huang Nadella Pichai
    Bezos Lichtenau Steinbergk Wegener Bergman Kirchman Kanzleiter Verwaltner Musem""".split()


def corrected(word: str) -> str | None:
    return correct(word, INDEX, TERMS.get)


def vocabulary() -> Vocabulary:
    return Vocabulary(1000, lambda keys: {key: COUNTS.get(key, 0) for key in keys}, lambda key, limit: [], corrected)


def analyse(text: str, before: str = "") -> Question:
    return analyse_question(text, Glossary([]), vocabulary(), before)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bundesdigitalministerum", "Bundesdigitalministerium"),
        ("itplanungsrad", "IT-Planungsrat"),
        ("registermodernisirung", "Registermodernisierung"),
        ("Registermodernisirung", "Registermodernisierung"),
        ("buergertermials", "Bürgerterminal"),
        ("verwalltung", "Verwaltung"),
        ("behöde", "Behörde"),
        ("bibliotek", "Bibliothek"),
        ("flughaffen", "Flughafen"),
        ("senatsverwatlung", "Senatsverwaltung"),
        ("haushalstplan", "Haushaltsplan"),
    ],
)
def test_misspelt_word_is_corrected(typed, meant):
    assert corrected(typed) == meant


@pytest.mark.parametrize("name", NAMES)
def test_unknown_name_stays(name):
    assert corrected(name) is None


@pytest.mark.parametrize("word", ["esken", "lichtenau", "baerbock", "kretschmann", "kirchman"])
def test_name_in_small_letters_stays(word):
    assert corrected(word) is None


@pytest.mark.parametrize("word", ["amd", "Muse", "BEHÖDE", "FITKOO", "2o19", "20199", "eAktte", "strassenbahm", "", "x" * 500, "Kirsche"])
def test_short_words_acronyms_numbers_ambiguous_and_real_words_stay(word):
    assert corrected(word) is None


@pytest.mark.parametrize(("typed", "meant"), [("wan", "wann"), ("komt", "kommt"), ("kan", "kann"), ("solte", "sollte"), ("kent", "kennt")])
def test_a_letter_too_few_in_an_everyday_word(typed, meant):
    assert corrected(typed) == meant


@pytest.mark.parametrize("word", ["den", "stat", "Wan", "waan", "an", "kfz", "ozg"])  # known, two words possible (Staat, statt), a name, no word …
def test_what_may_be_another_word_stays(word):
    assert corrected(word) is None


def test_a_corrected_question_word_asks_what_it_asks():
    question = analyse("wan komt die behöde?", before="Was macht das Amt?")
    assert question.searched_text == "Was macht das Amt? wann kommt die Behörde?"
    assert question.kind == "date"
    assert [concept.surface for concept in question.concepts] == ["Amt", "kommt", "Behörde"]


def test_correction_replaces_the_concept_and_the_searched_text():
    question = analyse("Wer leitet das bundesdigitalministerum?")
    assert question.corrections == (Correction(Span(15, 38), "bundesdigitalministerum", "Bundesdigitalministerium"),)
    assert question.text == "Wer leitet das bundesdigitalministerum?"
    assert question.searched_text == "Wer leitet das Bundesdigitalministerium?"
    assert [concept.is_known for concept in question.concepts if concept.surface == "Bundesdigitalministerium"] == [True]


def test_two_corrections_keep_their_places():
    question = analyse("und die behöde?", before="was macht das bundesdigitalministerum?")
    assert question.searched_text == "was macht das Bundesdigitalministerium? und die Behörde?"


def test_vocabulary_without_spelling_corrects_nothing():
    bare = Vocabulary(1000, lambda keys: dict.fromkeys(keys, 0), lambda key, limit: [])
    assert analyse_question("Was ist die behöde?", Glossary([]), bare).corrections == ()


def test_answer_says_what_was_searched_for():
    correction = Correction(Span(0, 6), "behöde", "Behörde")
    answer = Answer("behöde?", (), "Nichts.", (), 1.0, (correction,))
    assert answer_replies(answer)[0].text.startswith("gesucht nach: Behörde\n")
    assert answer_to_json(answer)["corrections"] == [{"typed": "behöde", "searched": "Behörde"}]


@given(st.sampled_from(sorted(SURFACES)), st.sampled_from([str, str.lower, str.capitalize]))
def test_known_word_is_never_changed(surface, written):
    assert analyse(f"Was sagt man zu {written(surface)}?").corrections == ()


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="aäbdehilnrstuß", min_size=5, max_size=14)))
def test_any_text_is_analysed_and_near_terms_begin_alike(text):
    question = analyse(text)
    assert all(question.text[each.span.start : each.span.end] == each.typed for each in question.corrections)
    assert all(near.term[:1] == fold(text)[:1] for near in INDEX.near(fold(text)) if fold(text))
