"""A question to concepts, with a small vocabulary in place of a corpus."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.glossary import Glossary, GlossaryEntry, shipped_glossary
from index.retrieval.question import GLOSSARY, LONGER, PARTS, WHOLE, Concept, Question, Vocabulary, analyse_question

OZG = GlossaryEntry(("OZG",), ("Onlinezugangsgesetz",), "Gesetz.")
BSI = GlossaryEntry(("BSI",), ("Bundesamt für Sicherheit in der Informationstechnik",), "Behörde.")
REST = GlossaryEntry(("REST",), ("Representational State Transfer",), "Baustil.")
GLOSSARY_OF_THREE = Glossary([OZG, BSI, REST])


@dataclass
class FakeCorpus:
    """How often terms occur in ``passages`` passages; answers as the store does."""

    counts: dict[str, int] = field(default_factory=dict)
    passages: int = 1000

    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.passages, self.count, self.longer)

    def count(self, keys) -> dict[str, int]:
        return {key: self.counts.get(key, 0) for key in keys}

    def longer(self, key: str, limit: int) -> list[str]:
        found = [term for term in self.counts if term.startswith(key) and term != key]
        return sorted(found, key=lambda term: (-self.counts[term], term))[:limit]


def analyse(text: str, **counts: int) -> Question:
    return analyse_question(text, GLOSSARY_OF_THREE, FakeCorpus(counts).vocabulary())


def surfaces(question: Question) -> list[str]:
    return [concept.surface for concept in question.concepts]


def weights(concept: Concept) -> dict[tuple[str, ...], float]:
    return {variant.keys: variant.weight for variant in concept.variants}


def test_function_words_are_dropped():
    assert surfaces(analyse("Wann hat denn der Bund das Gesetz beschlossen?")) == ["Bund", "Gesetz", "beschlossen"]


@pytest.mark.parametrize("text", ["", "Wer ist das denn eigentlich?", "?!", "was und wie und warum", "🙂"])
def test_question_of_only_function_words_has_no_concepts(text):
    question = analyse(text)
    assert question.concepts == () and question.keys == ()


def test_acronym_stands_for_its_long_form():
    (concept,) = analyse("Was ist das OZG?").concepts
    assert weights(concept) == {("ozg",): WHOLE, ("onlinezugangsgesetz",): GLOSSARY}


@pytest.mark.parametrize("written", ["DeutschlandID", "Deutschland-ID", "E-Akte"])
def test_of_a_name_in_the_glossary_no_piece_will_do(written):
    (concept,) = analyse_question(f"Was ist die {written}?", shipped_glossary(), FakeCorpus().vocabulary()).concepts
    keys = [variant.keys for variant in concept.variants]
    assert not {("deutschland",), ("id",), ("akte",), ("deutsch", "land")} & set(keys) and keys[0] in {("deutschlandid",), ("eakte",)}


def test_long_form_stands_for_its_acronym():
    (concept,) = analyse("Was ist das Onlinezugangsgesetz?").concepts
    assert weights(concept)["ozg",] == GLOSSARY
    assert weights(concept)["online", "zugang", "gesetz"] == PARTS


def test_acronym_for_each_word_of_a_long_form_of_several_words():
    question = analyse("Was macht das Bundesamt für Sicherheit in der Informationstechnik heute?")
    named = [concept for concept in question.concepts if concept.surface in {"Bundesamt", "Sicherheit", "Informationstechnik"}]
    assert len(named) == 3
    assert all(weights(concept)["bsi",] == GLOSSARY for concept in named)


def test_long_form_of_several_words_is_one_variant_of_the_acronym():
    (concept,) = analyse("BSI").concepts
    assert weights(concept)["bundesamt", "sicherheit", "informationstechnik"] == GLOSSARY


def test_long_form_of_function_words_only():
    efa = GlossaryEntry(("EfA",), ("Einer für Alle",), "Prinzip.")
    assert "efa" in analyse_question("Was ist Einer für Alle?", Glossary([efa]), FakeCorpus().vocabulary()).keys


@pytest.mark.parametrize(("text", "is_acronym"), [("Was ist REST?", True), ("Wo bleibt der rest des geldes?", False)])
def test_everyday_word_in_lower_case_is_no_acronym(text, is_acronym):
    concept = next(concept for concept in analyse(text).concepts if concept.surface.lower() == "rest")
    assert (GLOSSARY in weights(concept).values()) == is_acronym


def test_unknown_names_are_flagged():
    question = analyse("Wie hoch war das Budget von Liechtenstein?", budget=7)
    flags = {concept.surface: (concept.is_known, concept.is_name) for concept in question.concepts}
    assert flags["Liechtenstein"] == (False, True)
    assert flags["Budget"] == (True, True)
    assert flags["hoch"] == (False, False)


def test_name_known_only_by_its_acronym_is_known():
    (concept,) = analyse("Onlinezugangsgesetz", ozg=5).concepts
    assert concept.is_known


def test_lower_case_noun_is_also_read_as_a_noun():
    (concept,) = analyse("rat").concepts
    assert weights(concept)["rat",] == WHOLE


@pytest.mark.parametrize("text", ["IT-Planungsrat", "IT Planungsrat", "it planungsrat"])
def test_hyphenated_word_is_two_concepts_and_keeps_the_joined_spelling(text):
    first, second = analyse(text).concepts
    assert weights(first)["it",] == WHOLE
    assert weights(second)["planungsrat",] == WHOLE
    assert weights(second)["itplanungsrat",] == WHOLE


def test_short_pieces_stay_together():
    (concept,) = analyse("E-Akte").concepts
    assert weights(concept) == {("eakte",): WHOLE, ("akte",): PARTS}


def test_longer_words_of_the_corpus_stand_for_their_beginning():
    (concept,) = analyse("Register", registermodernisierung=9, registerzensus=3, regierung=50).concepts
    assert weights(concept)["registermodernisierung",] == LONGER
    assert weights(concept)["registerzensus",] == LONGER
    assert ("regierung",) not in weights(concept)


def test_short_words_and_numbers_are_no_beginnings():
    assert all(LONGER not in weights(c).values() for c in analyse("Amt 20190", amtsblatt=3, **{"201901": 2}).concepts)


def test_unknown_compound_is_split_into_words_of_the_corpus():
    (concept,) = analyse("Foobarprojekt", foobar=4, projekt=9).concepts
    assert weights(concept)["foobar", "projekt"] == PARTS


def test_rare_words_weigh_more():
    by_surface = {concept.surface: concept.idf for concept in analyse("Bremen und der Bund", bremen=10, bund=600).concepts}
    assert by_surface["Bremen"] > by_surface["Bund"] >= 0.1


def test_repeated_word_counts_once():
    assert surfaces(analyse("Bremen, Bremen, Bremen!")) == ["Bremen"]


ANY_TEXT = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["IT-Planungsrat", "OZG", "Bundesamt", "für", "Sicherheit", "Informationstechnik", "rest", "E-Akte", "2019", "-", "?", "wer"]
    )
).map(" ".join)


@settings(max_examples=150)
@given(ANY_TEXT)
def test_any_question_gives_usable_concepts(text):
    question = analyse(text, planungsrat=3, ozg=5)
    for concept in question.concepts:
        assert concept.variants and concept.idf > 0
        assert concept.span.cut(text)
        assert len({variant.keys for variant in concept.variants}) == len(concept.variants)
        assert all(variant.keys and 0 < variant.weight <= 1 for variant in concept.variants)
    assert len(set(question.keys)) == len(question.keys)
    assert analyse(text, planungsrat=3, ozg=5) == question
