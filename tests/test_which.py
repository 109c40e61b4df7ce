"""The language of a question: German ones are never taken for foreign ones; foreign words do not count as unknown names."""

import json

import pytest

from index.language.glossary import shipped_glossary
from index.language.which import language_of
from index.retrieval.answer_types import expected_kind
from index.retrieval.question import Vocabulary, analyse_question
from index.shipped import shipped_file
from tests.conftest import SHARED
from tests.foreign import read_questions

KNOWN = {"fitko", "planungsrat", "2023", "bundid"}
VOCABULARY = Vocabulary(100, lambda keys: {key: 3 * (key in KNOWN) for key in keys}, lambda key, limit: [], lambda word: "Korrektur")


@pytest.mark.parametrize("question", read_questions(), ids=lambda question: f"{question.language}-{question.group}")
def test_languages_of_the_test_questions(question):
    assert language_of(question.text) == question.language


@pytest.mark.parametrize(
    "text",
    [
        "OZG", "BundID?", "FITKO Frankfurt", "", "?!", "42", "Was ist ELFE?", "Was will man in der E-Akte?", "Welches Prinzip wurde in The Mask of Anarchy dargestellt?",
        "Was macht der Chief Digital Officer?", "Sovereign Tech Fund", "Wer leitet das Government Site Builder Team?", "wo ist die hotline", "Open Data in der Verwaltung",
        "Smart City Dialog", "Was ist das Once-Only-Prinzip?", "So what?"[:2],
    ],
)  # fmt: skip
def test_german_and_bare_names_are_german(text):
    assert language_of(text) == "de"


def test_no_labelled_german_question_is_taken_for_a_foreign_one():
    lines = (shipped_file("training") / "queries.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    for folder in ("berlin-qa", "xquad-de"):
        path = SHARED / "data" / folder / "queries.jsonl"
        texts += [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    assert len(texts) > 1000 and [text for text in texts if language_of(text) != "de"] == []


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Who has been president of FITKO since 2023?", ["FITKO", "2023"]),
        ("Qui dirige l'IT-Planungsrat ?", ["Planungsrat"]),
        ("Combien coûte l’BundID ?", ["BundID"]),
        ("FITKO'nun başkanı kim?", ["FITKO"]),
        ("What is FITKO's budget?", ["FITKO"]),
        ("FITKO başkanı kim?", ["FITKO"]),
        ("Хто очолює BundID?", ["BundID"]),
        ("Who won the world cup?", []),
    ],
)
def test_concepts_of_a_foreign_question_are_what_german_articles_know(text, surfaces):
    question = analyse_question(text, shipped_glossary(), VOCABULARY)
    assert [concept.surface for concept in question.concepts] == surfaces
    assert question.corrections == () and question.searched_text == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who heads FITKO?", "person"), ("How many municipalities are there?", "number"), ("How much does it cost?", "amount"), ("When was it?", "date"),
        ("Qui est le président ?", "person"), ("Combien coûte le service ?", "amount"), ("Où est la FITKO ?", "place"), ("Qu'est-ce que l'OZG ?", "definition"),
        ("FITKO başkanı kim?", "person"), ("Bu ne zaman oldu?", "date"), ("Kaç belediye var?", "number"), ("OZG nedir ve neden var?", "reason"),
        ("Хто очолює FITKO?", "person"), ("Скільки коштує паспорт?", "amount"), ("Чому так довго?", "reason"),
    ],
)  # fmt: skip
def test_kinds_of_foreign_questions(text, kind):
    assert expected_kind(text, language_of(text)) == kind


def test_foreign_questions_find_their_german_articles_and_are_answered(demo_app):
    asked = [question for question in read_questions() if question.language != "de" and question.group in (4, 5)]
    assert len(asked) == 8
    for question in asked:
        answer = demo_app.engine.answer(question.text)
        assert answer.is_answered and answer.quotes[0].article.article.key == question.article
        assert any(question.answer in quote.text for quote in answer.quotes[:3])


@pytest.mark.parametrize("text", ["it planungsrat", "IT-Planungsrat", "un behindertenrechtskonvention", "UN Behindertenrechtskonvention", "IT sicherheitsgesetz"])
def test_a_german_compound_beside_one_word_of_another_language_is_german(text):
    assert language_of(text) == "de"
