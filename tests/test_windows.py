"""Which neighbouring sentences may be quoted together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Span
from index.language.sentences import split_sentences
from index.retrieval.windows import MAX_QUOTE_CHARS, MAX_WINDOW_SENTENCES, find_windows, points_back

FILLER = "Dieser Text dient nur der Länge. "


def windows_of(text: str) -> set[tuple[int, int]]:
    windows = find_windows(text, split_sentences(text))
    return set(zip(windows.first.tolist(), windows.last.tolist(), strict=True))


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((100, 100, 100), {(0, 0), (1, 1), (2, 2), (0, 2), (1, 2), (0, 1)}),
        ((160, 159), {(0, 0), (1, 1), (0, 1)}),  # exactly 320 characters
        ((160, 160), {(0, 0), (1, 1)}),
        ((400, 10), {(0, 0), (1, 1)}),
        ((10,), {(0, 0)}),
        ((), set()),
    ],
)
def test_windows_reach_as_far_as_a_quote(lengths, expected):
    starts = [sum(lengths[:number]) + number for number in range(len(lengths))]
    spans = [Span(start, start + length) for start, length in zip(starts, lengths, strict=True)]
    windows = find_windows("x" * 1000, spans)
    assert set(zip(windows.first.tolist(), windows.last.tolist(), strict=True)) == expected


@pytest.mark.parametrize("sentence", ["Dieser zahlt.", "Er zahlt.", "Hier wird gezahlt.", "Dabei bleibt es.", "„Sie kommt.", "Dort ist es.", "– Das Amt."])
def test_sentences_that_point_back(sentence):
    assert points_back(sentence) == ("Amt" not in sentence)


def test_a_quote_does_not_begin_by_pointing_back_if_what_it_points_to_fits():
    assert windows_of("Bremen übernimmt den Vorsitz. Dieser dauert ein Jahr. Der Bund zahlt.") >= {(0, 1), (0, 2), (2, 2)}
    assert (1, 1) not in windows_of("Bremen übernimmt den Vorsitz. Dieser dauert ein Jahr.")
    long = "Bremen übernimmt den Vorsitz, " * 11
    assert (1, 1) in windows_of(f"{long}und Schluss. Dieser dauert ein Jahr.")


@given(st.lists(st.sampled_from([FILLER, "Er kommt. ", "Der Bund zahlt z. B. 3,5 Mio. Euro. ", "wort" * 100 + ". ", "Kurz\n"]), max_size=12).map("".join))
def test_every_sentence_is_in_a_window_and_windows_of_several_fit(text):
    sentences = split_sentences(text)
    windows = find_windows(text, sentences)
    covered = {place for first, last in zip(windows.first, windows.last, strict=True) for place in range(first, last + 1)}
    assert covered == set(range(len(sentences)))
    for first, last in zip(windows.first, windows.last, strict=True):
        assert first == last or sentences[last].end - sentences[first].start <= MAX_QUOTE_CHARS
        assert 0 <= last - first < MAX_WINDOW_SENTENCES
    members = windows.members()
    assert members.shape[0] == len(windows.first)
    assert all(set(row) == set(range(first, last + 1)) for row, first, last in zip(members.tolist(), windows.first, windows.last, strict=True))
    assert members.dtype == np.int64
