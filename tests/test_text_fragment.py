"""Links to the very sentence: read back as a browser does, they lead to the quote, whatever stands in it."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text_fragment import MAX_URL_CHARS, fragment_url
from index.articles import Span

TEXT = (
    "Der Bund zahlt, die Länder & Kommunen nicht. Die E-Akte kommt später.\n"
    "Zweiter Absatz – hier steht etwas Langes, das über die Zeile geht, und noch viel mehr dazu.\n"
    "Der Bund zahlt wieder mehr als zuvor und auch noch 2024 etwas, so steht es im Haushalt."
)
PAGE = "https://example.org/meldung"


def link(quote: str, url: str = PAGE, text: str = TEXT) -> str:
    start = text.index(quote)
    return fragment_url(url, text, Span(start, start + len(quote)))


@pytest.mark.parametrize(
    ("quote", "directive"),
    [
        ("Der Bund zahlt, die Länder & Kommunen nicht.", "text=Der%20Bund%20zahlt%2C%20die%20L%C3%A4nder%20%26%20Kommunen%20nicht."),
        ("Die E-Akte kommt später.", "text=Die%20E%2DAkte%20kommt%20sp%C3%A4ter."),
        ("Zweiter Absatz – hier steht etwas Langes, das über die Zeile geht, und noch viel mehr dazu.", "text=Zweiter%20Absatz%20%E2%80%93%20hier,noch%20viel%20mehr%20dazu."),
        ("Der Bund zahlt wieder mehr als zuvor und auch noch 2024 etwas, so steht es im Haushalt.", "text=Der%20Bund%20zahlt%20wieder,steht%20es%20im%20Haushalt."),
    ],
)  # fmt: skip
def test_directives(quote, directive):
    assert link(quote) == f"{PAGE}#:~:{directive}"


@pytest.mark.parametrize(
    ("url", "beginning"),
    [
        ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&c=2#:~:text="),
        ("https://example.org/a#teil-2", "https://example.org/a#teil-2:~:text="),
        ("https://example.org/a#", "https://example.org/a#:~:text="),
        ("https://example.org/a#teil:~:text=alt", "https://example.org/a#teil:~:text="),
    ],
)
def test_the_address_and_its_own_fragment_are_kept(url, beginning):
    assert link("Die E-Akte kommt später.", url) == beginning + "Die%20E%2DAkte%20kommt%20sp%C3%A4ter."


@pytest.mark.parametrize("url", ["", "ftp://example.org/a", "javascript:alert(1)", "https://example.org/" + "a" * MAX_URL_CHARS])
def test_no_link_where_it_cannot_lead(url):
    assert link("Die E-Akte kommt später.", url) == ""


def test_a_repeated_sentence_is_told_apart_by_the_words_before():
    text = "Es gilt das Gesetz. Bremen zahlt. Danach kommt Essen. Bremen zahlt. Ende."
    start = text.rindex("Bremen zahlt.")
    assert fragment_url(PAGE, text, Span(start, start + 13)).endswith("text=Danach%20kommt%20Essen.-,Bremen%20zahlt.".replace("Danach", "zahlt.%20Danach"))


def find(directive: str, text: str) -> tuple[int, int] | None:
    """What a browser marks: the specification's search, ignoring case, at borders of words, in a text without markup."""
    terms = directive.removeprefix("text=").split(",")
    before = unquote(terms.pop(0)[:-1]).lower() if terms[0].endswith("-") else ""
    first, last = unquote(terms[0]).lower(), unquote(terms[1]).lower() if len(terms) > 1 else ""
    lowered = text.lower()
    for match in re.finditer(rf"(?=({_bounded(first)}))", lowered):
        if before and not lowered[: match.start(1)].rstrip().endswith(before):
            continue
        end = lowered.find(last, match.end(1)) + len(last) if last else match.end(1)
        return match.start(1), end
    return None


def _bounded(term: str) -> str:
    """A pattern for the term as whole words."""
    opening, closing = r"(?<!\w)" if term[:1].isalnum() else "", r"(?!\w)" if term[-1:].isalnum() else ""
    return f"{opening}{re.escape(term)}{closing}"


WORDS = st.lists(st.sampled_from(["Der", "Bund", "zahlt,", "die", "E-Akte", "&", "Länder", "–", "#2", "100%", "<b>", "zahlt.", "😀", "für", "\n"]), min_size=1, max_size=60)


@given(WORDS, st.data())
def test_a_browser_finds_the_quote_or_one_that_reads_the_same_at_its_borders(words, data):
    text = " ".join(words)
    if not text.strip():
        return
    starts = [match.start() for match in re.finditer(r"\S+", text)]
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    first = data.draw(st.integers(0, len(starts) - 1))
    last = data.draw(st.integers(first, len(starts) - 1))
    url = fragment_url(PAGE, text, Span(starts[first], ends[last]))
    assert re.fullmatch(r"https://example\.org/meldung#:~:text=[A-Za-z0-9_.~%,-]+", url)
    found = find(url.partition(":~:")[2], text)
    assert found is not None
    begin = text[found[0] :].split()[:1]
    assert begin == text[starts[first] :].split()[:1]


@given(st.text(max_size=80))
def test_whatever_is_quoted_the_link_is_plain_ascii_without_separators_of_its_own(text):
    url = fragment_url(PAGE, text, Span(0, len(text)))
    assert url == "" or re.fullmatch(r"https://example\.org/meldung#:~:text=[A-Za-z0-9_.~%,-]+", url)
