"""Sentence borders, clause cuts and passages."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.articles import Span
from index.language.sentences import MAX_SENTENCE_CHARS, cut_at_clauses, split_sentences
from index.passages import TARGET_CHARS, cut_passages

# "|" marks the borders; the white space around it belongs to the text.
SPLIT = [
    "Das gilt z. B. für Bremen. | Es gilt auch z.B. für Bonn.",
    "Das ist i. d. R. so, d. h. fast immer. | Selten nicht.",
    "Dr. Lühr und Prof. Dr. Meier kamen. | Sie blieben.",
    "Nach § 5 Abs. 2 Satz 1 OZG gilt das. | Art. 3 bleibt.",
    "Am 1. Januar 2019 begann es. | Am 28.1.2019 stand es fest.",
    "Die Frist läuft am 31. 12. 2022 ab. | Danach gilt sie nicht mehr.",
    "Der 24. RegioTalk fand in Berlin statt. | Der 2. Tag war kurz.",
    "Die Frist lief bis 2022. | Der Bund zahlt.",
    "So war es 2019. | Bremen übernahm den Vorsitz.",
    "Es waren 15. | Die Zahl stieg.",
    "Ende. | 2019 begann es.",
    "„Das ist gut.“ | Er ging.",
    "»Das ist gut.« | »Das nicht!« | Er ging.",
    "„Das ist gut“, sagte er. | „Wir machen weiter!“ | Alle klatschten.",
    "„Stimmt das?“, fragte sie. | Ja.",
    "Drei Ziele:\n | – Portale\n | – Register\n | • Standards",
    "Überschrift ohne Punkt\n\n | Der Text beginnt.",
    "Am 1.\u00a0Januar kam er.\u00a0 | Dann ging er.",
    "Die Ver\u00adwal\u00adtung ar\u00adbei\u00adtet. | Sie schläft nie.",
    "Dann … kam der Rest. | Das Ende … | Neuer Satz.",
    "Akten, Register usw. | Der Bund zahlt.",
    "Akten usw. sind da. | Register auch.",
    "Das kostet 3,5 Mio. Euro. | Es sind 1.000 Stück.",
    "Er wohnt in der Hauptstr. 5 in Bonn. | Sie nicht.",
    "Er kam um 10.30 Uhr. | Vgl. S. 5 und Nr. 7.",
    "Wirklich? | Ja! | Nein!? | Doch.",
    "Das steht auf www.bremen.de und in Version 2.0. | Mehr nicht.",
    "Die GmbH & Co. KG zahlt. | Sie zahlt gern.",
    "(Das war so.) | Gut.",
    "H. Meier leitet das BSI. | Herr St. Martin nicht.",
]


@pytest.mark.parametrize("marked", SPLIT)
def test_borders(marked):
    text = marked.replace("| ", "")
    assert [span.cut(text) for span in split_sentences(text)] == [piece.strip() for piece in marked.split("| ")]


SCRAPS = st.sampled_from([*"abcÄß12 .!?…„“»«()-,;\n\u00a0\u00ad\u2028", "z. B. ", "Dr. ", " und ", ". Der ", "\n• ", "1. Mai "])
TEXTS = st.text(max_size=300) | st.lists(SCRAPS, max_size=60).map("".join)


@given(TEXTS)
@example("a" * 5000)
@example(("Wort " * 900) + ". Ende")
@example("\u00a0\u2003. \u2029")
def test_sentences_cover_the_text_once_and_in_order(text):
    spans = split_sentences(text)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        assert span.cut(text) == span.cut(text).strip()
        assert span.end - span.start <= MAX_SENTENCE_CHARS
        end = span.end
    assert not text[end:].strip()


@given(TEXTS, st.integers(2, 60))
def test_cut_at_clauses_keeps_the_limit_and_every_visible_character(text, limit):
    pieces = cut_at_clauses(text, Span(0, len(text)), limit)
    assert all(0 < piece.end - piece.start <= limit for piece in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert "".join("".join(piece.cut(text).split()) for piece in pieces) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("Der Bund zahlt, die Länder nicht.", 20, ["Der Bund zahlt,", "die Länder nicht."]),
        ("Der Bund zahlt und die Länder nicht.", 25, ["Der Bund zahlt", "und die Länder nicht."]),
        ("Der Bund zahlt viel.", 12, ["Der Bund", "zahlt viel."]),
        ("Registermodernisierung", 10, ["Registermo", "dernisieru", "ng"]),
        ("passt", 5, ["passt"]),
    ],
)
def test_where_a_long_sentence_is_cut(text, limit, pieces):
    assert [piece.cut(text) for piece in cut_at_clauses(text, Span(0, len(text)), limit)] == pieces


@given(TEXTS, st.integers(1, 400))
@example("Ein Satz. " * 300, TARGET_CHARS)
def test_passages_hold_every_sentence_exactly_once(text, target):
    passages = cut_passages(text, target)
    assert [sentence for passage in passages for sentence in passage.sentences] == split_sentences(text)
    for passage in passages:
        assert passage.span == Span(passage.sentences[0].start, passage.sentences[-1].end)
        assert len(passage.sentences) == 1 or passage.span.end - passage.span.start <= target


@pytest.mark.parametrize(("target", "count"), [(19, 1), (18, 2), (1, 2)])
def test_passage_ends_before_it_grows_too_long(target, count):
    assert len(cut_passages("Ein Satz. Ein Satz.", target)) == count


def test_passages_are_filled():
    sentence = "Der Bund und die Länder bauen den Portalverbund. "
    passages = cut_passages(sentence * 40)
    assert all(passage.span.end - passage.span.start > TARGET_CHARS - len(sentence) for passage in passages[:-1])
    assert len(passages) == 3
