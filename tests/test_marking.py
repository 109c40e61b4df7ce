"""Marks in a quote: the question's words in whatever form, nothing that only looks alike, and never another text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quote_text import marked_segments
from bot.replies import Style
from index.language.glossary import shipped_glossary
from index.retrieval.marking import MAX_MARKS, find_marks
from index.retrieval.question import Vocabulary, analyse_question

NOTHING_KNOWN = Vocabulary(10, lambda keys: dict.fromkeys(keys, 1), lambda key, limit: [])


def marks(question: str, text: str) -> list[str]:
    return [span.cut(text) for span in find_marks(analyse_question(question, shipped_glossary(), NOTHING_KNOWN).concepts, text)]


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        ("Was ist das OZG?", "Das Onlinezugangsgesetz (OZG) gilt; die OZG-Umsetzung läuft.", ["Onlinezugangsgesetz", "OZG", "OZG-Umsetzung"]),
        ("Was ist das OZG?", "Das Gesetz zur Verbesserung des Onlinezugangs zu Verwaltungsleistungen gilt.", ["Gesetz", "Verbesserung", "Onlinezugangs", "Verwaltungsleistungen"]),
        ("Was ist das OZG?", "Ein anderes Gesetz regelt das nicht.", []),
        ("Wer übernahm den Vorsitz?", "Bremen hat den Vorsitz übernommen, wegen des Vorsitzes.", ["Vorsitz übernommen", "Vorsitzes"]),
        ("Wie viele Nutzerkonten gibt es?", "Jedes Nutzerkonto zählt, jedes Konto auch.", ["Nutzerkonto"]),
        ("Was macht der Rat?", "Der Planungsrat tagt, das Ratsmitglied fehlt, die Rate steigt, Berater warten.", ["Planungsrat", "Ratsmitglied"]),
        ("Was geschah 2019?", "Am 28.1.2019 und 2019, nicht 20190.", ["28.1.2019", "2019"]),
        ("Was kostet der Buergerservice?", "Der Bürgerservice ist frei.", ["Bürgerservice"]),
        ("Was ist das?", "Nichts davon.", []),
    ],
)  # fmt: skip
def test_marked_words(question, text, marked):
    assert marks(question, text) == marked


def test_of_too_many_words_only_so_many_are_marked():
    assert len(marks("OZG", "OZG und " * 50)) == MAX_MARKS


@given(st.text(max_size=200), st.text(max_size=60))
def test_marking_never_changes_the_text(text, question):
    found = find_marks(analyse_question(f"{question} {text[:40]}", shipped_glossary(), NOTHING_KNOWN).concepts, text)
    segments = marked_segments(text, found)
    assert "".join(segment.text for segment in segments) == text
    assert [s.text for s in segments if s.style is Style.STRONG_QUOTE] == [span.cut(text) for span in found]
