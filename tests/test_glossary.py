"""The shipped glossary, and looking things up in one."""

import pytest

from index.errors import ConfigurationError
from index.language.glossary import Glossary, GlossaryEntry, long_form_keys, read_glossary, shipped_glossary
from index.language.words import fold

MAX_NOTE_CHARS = 180
# Acronyms that two bodies or things really share.
TWO_MEANINGS = {"avv", "bmg", "dsc", "ldi"}
# Nothing but function words: a question cannot name the entry by it (test_question.py has the open case).
WITHOUT_KEYS = {"Einer für Alle"}
ENTRIES = shipped_glossary().entries


def spelling(entry: GlossaryEntry) -> str:
    return entry.short[0]


def test_there_are_enough_entries():
    assert len(ENTRIES) >= 150


@pytest.mark.parametrize("entry", ENTRIES, ids=spelling)
def test_entry(entry):
    assert entry.short and entry.long and entry.note
    assert all(text and text == text.strip() for text in (*entry.short, *entry.long, entry.note))
    assert len(entry.note) <= MAX_NOTE_CHARS
    assert len(set(entry.short)) == len(entry.short) and len(set(entry.long)) == len(entry.long)


@pytest.mark.parametrize("entry", ENTRIES, ids=spelling)
def test_entry_is_found_in_both_directions(entry):
    glossary = shipped_glossary()
    for short in entry.short:
        assert entry in glossary.of_short(short)
    for long in {*entry.long} - WITHOUT_KEYS:
        assert long_form_keys(long), long
        assert entry in glossary.of_long(long_form_keys(long))


def test_no_acronym_stands_twice_but_those_with_two_meanings():
    spellings = [key for entry in ENTRIES for key in {fold(short) for short in entry.short}]
    assert {key for key in spellings if spellings.count(key) > 1} == TWO_MEANINGS


def test_no_long_form_stands_twice():
    names = [long.casefold() for entry in ENTRIES for long in entry.long]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("written", ["OZG", "ozg", "Ozg", "O\u00adZG"])
def test_acronym_is_found_however_it_is_written(written):
    assert [entry.long[0] for entry in shipped_glossary().of_short(written)] == ["Onlinezugangsgesetz"]


@pytest.mark.parametrize(
    ("written", "is_found"), [("REST", True), ("Rest", True), ("rest", False), ("SAFE", True), ("safe", False), ("BA", True), ("ba", False)]
)
def test_everyday_words_are_no_acronyms(written, is_found):
    assert bool(shipped_glossary().of_short(written)) == is_found


@pytest.mark.parametrize("asked", ["Onlinezugangsgesetz", "Onlinezugangsgesetzes", "onlinezugangsgesetz"])
def test_long_form_is_found_in_any_form(asked):
    assert {entry.short for entry in shipped_glossary().of_long(long_form_keys(asked))} == {("OZG",)}


def test_long_form_ignores_function_words_and_word_forms():
    entry = GlossaryEntry(("BSI",), ("Bundesamt für Sicherheit in der Informationstechnik",), "Behörde.")
    glossary = Glossary([entry])
    assert glossary.of_long(long_form_keys("Bundesamtes für die Sicherheit der Informationstechnik")) == [entry]
    assert glossary.of_long(long_form_keys("Bundesamt für Sicherheit")) == []
    assert glossary.max_long_words == 3


def test_empty_glossary_finds_nothing():
    assert Glossary([]).of_short("OZG") == [] and Glossary([]).max_long_words == 0


@pytest.mark.parametrize("content", ["", "[[term]]\nshort = ['A']", "kein toml", "term = 3"])
def test_broken_file_is_named(tmp_path, content):
    path = tmp_path / "glossary.toml"
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=r"glossary\.toml"):
        read_glossary(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"missing\.toml"):
        read_glossary(tmp_path / "missing.toml")
