"""Words to keys: spellings that must meet, compounds that must split, and words that must stay whole."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.language.compounds import split_compound
from index.language.terms import MAX_KEY_CHARS, analyse_word, index_text, text_keys
from index.language.words import clean_word, find_words, fold, number_keys


def wholes(text: str) -> set[str]:
    return set(index_text(text).wholes)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Bürger-Amt", "burgeramt"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("Lu\u0308hr", "luhr"),  # decomposed ü
        ("Bürger’s", "burgers"),
        ("", ""),
    ],
)
def test_fold(word, folded):
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bürgeramt", "Buergeramt"),
        ("Bürgeramt", "BÜRGERAMT"),
        ("Bürgeramt", "Bu\u0308rgeramt"),
        ("Bürgerämter", "Buergeraemter"),
        ("Behörden", "Behoerde"),
        ("Straße", "Strasse"),
        ("Straßen", "STRASSE"),
        ("Straßenverkehrsamt", "Strassenverkehrsamt"),
        ("Maßnahmen", "Massnahme"),
        ("große", "gross"),
        ("Fußgänger", "Fussgaenger"),
        ("Nutzerkonten", "Nutzerkonto"),
        ("Rechenzentren", "Rechenzentrum"),
        ("Länder", "Land"),
        ("Verwaltungsleistungen", "Verwaltungsleistung"),
        ("Onlinezugangsgesetzes", "Onlinezugangsgesetz"),
        ("Ver\u00adwal\u00adtung", "Verwaltung"),
        ("Mitarbeiter*innen", "Mitarbeiterinnen"),
        ("Mitarbeiter:innen", "Mitarbeiterinnen"),
        ("eAkte", "E-Akte"),
        ("E‑Akte", "E-Akte"),  # non-breaking hyphen
        ("E-Akten", "eAkte"),
        ("1.000", "1000"),
        ("28.01.2019", "28.1.2019"),
        ("３", "3"),  # full width
    ],
)
def test_two_spellings_of_one_word(one, other):
    assert wholes(one) and wholes(one) == wholes(other)


@pytest.mark.parametrize(
    "asked", ["IT-Planungsrat", "itplanungsrat", "IT Planungsrat", "it planungsrat", "IT-Planungsrates", "It‑Planungsrat"]
)
def test_hyphenated_word_is_found_by_every_spelling(asked):
    stored = index_text("Der IT-Planungsrat tagt.").wholes
    assert wholes(asked) & set(stored)
    assert {"itplanungsrat", "it", "planungsrat"} <= set(stored)


@pytest.mark.parametrize(("one", "other"), [("Masse", "Maße"), ("Busse", "Buße"), ("Steuer", "Stür"), ("quer", "qür"), ("neue", "nü")])
def test_different_words_stay_different(one, other):
    assert wholes(one) != wholes(other)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Registermodernisierungsgesetz", ("register", "modernisierung", "gesetz")),
        ("Onlinezugangsgesetz", ("online", "zugang", "gesetz")),
        ("Bezirksamt", ("bezirk", "amt")),
        ("Unternehmenskonto", ("unternehmen", "konto")),
        ("Nutzerkonten", ("nutzer", "konto")),
        ("Verwaltungsleistungen", ("verwaltung", "leistung")),
        ("Landesregierung", ("land", "regierung")),
        ("Rechenzentrum", ("rechen", "zentrum")),
        ("Strassenverkehrsamt", ("strasse", "verkehrsamt")),
    ],
)
def test_compounds_split(word, parts):
    assert analyse_word(word).parts == parts


@pytest.mark.parametrize(
    "word",
    [
        "Minister",
        "Bundestag",
        "Haushalt",
        "Verwaltung",
        "Digitalisierung",
        "Regierung",
        "Gemeinde",
        "Software",
        "Vorsitzende",
        "digitalisieren",
        "OZG",
    ],
)
def test_words_stay_whole(word):
    assert split_compound(word) == () and analyse_word(word).parts == ()


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("28.1.2019", ("28_1_2019", "2019")),
        ("2019", ("2019",)),
        ("007", ("7",)),
        ("1.000.000", ("1000000",)),
        ("3,5", ("3_5",)),
        ("10:30", ("10_30",)),
        ("2.0", ("2_0",)),
        ("٣", ("3",)),
        ("2019er", ()),
        ("OZG", ()),
    ],
)
def test_numbers(word, keys):
    assert number_keys(word) == keys


@pytest.mark.parametrize("word", ["der", "und", "Die", "über", "e", "-"])
def test_function_words_have_no_keys(word):
    assert index_text(word).wholes == ()


def test_acronym_in_capitals_is_no_function_word():
    assert wholes("DER") == {"der"}


def test_find_words_keeps_offsets():
    text = "Der IT-Planungsrat (Bund/Länder) kam am 28.1.2019; 3,5 Mio. Bürger’s E‑Akte."
    words = find_words(text)
    assert [word.surface for word in words] == [
        "Der", "IT-Planungsrat", "Bund/Länder", "kam", "am", "28.1.2019", "3,5", "Mio", "Bürger’s", "E‑Akte",
    ]  # fmt: skip
    assert all(text[word.start : word.end] == word.surface for word in words)


@given(
    st.text(max_size=40)
    | st.text(st.sampled_from("0123456789.,:"), max_size=30)
    | st.text(st.sampled_from("aeouüßsAEU-'’*:_n\u00ad"), max_size=30)
)
@example("1" * 5000)
@example("1." * 3000 + "1")
@example("a-" * 2000 + "a")
@example("Verwaltungs" * 500)
@example("\ud800")
def test_any_text_gives_clean_keys(text):
    terms = analyse_word(text)
    for key in (*terms.wholes, *terms.parts):
        assert key and len(key) <= MAX_KEY_CHARS
        assert all(char == "_" or char.isalnum() for char in key)
        assert key == key.casefold()
    for word in find_words(text):
        assert text[word.start : word.end] == word.surface
    assert analyse_word.__wrapped__(text) == terms  # computed anew, not from the cache


@given(st.text(max_size=60))
@example("𝐀")
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert clean_word(clean_word(text)) == clean_word(text)


def test_keys_do_not_depend_on_what_was_analysed_before():
    words = ["Nutzerkonten", "Registermodernisierungsgesetz", "Buergeramt", "E-Akte", "Massnahmen", "Bezirksämter", "28.1.2019"]
    first = {word: analyse_word(word) for word in words}
    analyse_word.cache_clear()
    split_compound.cache_clear()
    random.Random(1).shuffle(words)
    assert {word: analyse_word(word) for word in words} == first


def test_text_keys_are_the_sets_of_index_text():
    text = "Das Registermodernisierungsgesetz und der IT-Planungsrat: 28.1.2019."
    keys, indexed = text_keys(text), index_text(text)
    assert keys.wholes == set(indexed.wholes) and keys.parts == set(indexed.parts)
