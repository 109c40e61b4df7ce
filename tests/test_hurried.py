"""What is learned for a rush is learned on nothing that is measured, and what a rush changes is told question by question."""

import json

import pytest

from index.evaluation.fit_frame import asked_texts
from index.evaluation.folder import Query
from index.evaluation.hurried import HurriedEncoder, differences
from index.evaluation.metrics import Outcome
from index.language.glossary import shipped_glossary
from index.shipped import shipped_file
from tests.fakes import HashEncoder


def outcome(text: str, quote: str, is_answered: bool, answers=("Antwort",)) -> Outcome:
    query = Query(text, text, "fact", "", frozenset({"a"} if answers else ()), tuple(answers))
    return Outcome(query, (), (quote,), (quote,), True, is_answered, 1.0)


def test_nothing_is_learned_on_questions_that_are_measured():
    learned = set(asked_texts())
    for name in ("held-out", "shipped"):
        lines = (shipped_file("training") / name / "queries.jsonl").read_text("utf-8").splitlines()
        assert not learned & {json.loads(line)["text"] for line in lines}


def test_each_name_of_the_glossary_is_asked_for_alone_and_within_something():
    learned = asked_texts()
    assert len(set(learned)) == len(learned)
    for entry in shipped_glossary().entries[:20]:
        assert entry.short[0] in learned
        assert any(entry.short[0] in text and text != entry.short[0] for text in learned)


@pytest.mark.parametrize(
    ("whole", "hurried", "expected"),
    [
        (("A", True), ("A", True), None),
        (("A", True), ("B", True), "another first quote: Wer?"),
        (("A", True), ("A", False), "no longer answered: Wer?"),
        (("A", False), ("B", True), "another first quote, answered: Wer?"),
    ],
)
def test_what_differs_is_told(whole, hurried, expected):
    lines = differences([outcome("Wer?", *whole)], [outcome("Wer?", *hurried)])
    assert [line.strip() for line in lines] == ([expected] if expected else [])


def test_that_a_question_has_no_answer_is_told_too():
    lines = differences([outcome("Wer?", "A", False, ())], [outcome("Wer?", "A", True, ())])
    assert lines == ["  answered (not answerable): Wer?"]


def test_all_questions_go_the_fast_way():
    asked = []

    class Noting(HashEncoder):
        def encode_questions(self, texts, is_hurried=False):
            asked.append((tuple(texts), is_hurried))
            return super().encode_questions(texts)

    encoder = HurriedEncoder(Noting())
    encoder.encode_question("Was ist ELFE?")
    encoder.encode_unadapted("What is ELFE?")
    assert asked == [(("Was ist ELFE?",), True)]
