"""Acronyms that texts define themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.definitions import find_definitions
from index.language.glossary import Glossary
from index.retrieval.defined_terms import DefinedTerms
from tests.test_quoting import article, engine_with


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Die Föderale IT-Kooperation (FITKO) sitzt in Frankfurt.", ("FITKO", "Föderale IT-Kooperation")),
        ("Einen Wohnberechtigungsschein (WBS) braucht man.", ("WBS", "Wohnberechtigungsschein")),
        ("Der Verein für aktive Vielfalt (VaV) lädt ein.", ("VaV", "Verein für aktive Vielfalt")),
        ("Die FITKO (Föderale IT-Kooperation) sitzt in Frankfurt.", ("FITKO", "Föderale IT-Kooperation")),
        ("Die Föderale IT-Kooperation, kurz FITKO, sitzt in Frankfurt.", ("FITKO", "Föderale IT-Kooperation")),
        ("Einen Wohnberechtigungsschein (kurz: WBS) braucht man.", ("WBS", "Wohnberechtigungsschein")),
        ("Ein Wohnberechtigungsschein (Abkürzung „WBS“) hilft.", ("WBS", "Wohnberechtigungsschein")),
    ],
)
def test_definition_is_found(text, pair):
    assert list(find_definitions(text)) == [pair]


@pytest.mark.parametrize("text", ["Franziska Giffey (SPD)", "Der Senat (BVV)", "Das Amt (AM)", "der Kauf (Berlin)", "(WBS)", "BVV (PDS)", "GmbH (Gewinner der Kategorie)", "VE (Halemweg)", "kurz OK", ""])
def test_other_brackets_define_nothing(text):
    assert list(find_definitions(text)) == []


@given(st.text(alphabet="ABÄabc ()-ß1", max_size=60))
def test_definitions_stand_in_the_text(text):
    one_line = " ".join(text.split())
    assert all(f"{long} ({short})" in one_line or f"{short} ({long})" in one_line for short, long in find_definitions(text))


def test_store_defines_terms_and_forgets_them_with_the_article():
    terms = DefinedTerms(Glossary([]))
    with engine_with(article("Der Wohnberechtigungsschein (WBS) hilft.", "a")) as (_engine, store):
        assert [entry.long for entry in terms.glossary(store).of_short("WBS")] == [("Wohnberechtigungsschein",)]
        store.remove(["a"])
        assert terms.glossary(store).of_short("WBS") == []
