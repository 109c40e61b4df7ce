"""Links to the very sentence: text fragments (https://wicg.github.io/scroll-to-text-fragment/), ``#:~:text=[before-,]start[,end]``.

A browser that knows them scrolls there and marks the words; any other opens the page.
"""

from urllib.parse import quote as percent_encode

from index.articles import Span
from index.language.words import Word

DIRECTIVE = ":~:"
# A short quote is named whole; of a longer one the first and last words, as many as it takes to be the only such place.
WHOLE_CHARS, EDGE_WORDS, MAX_EDGE_WORDS = 60, 4, 16
MAX_URL_CHARS = 2000  # longer addresses are cut or refused on the way


def fragment_url(url: str, text: str, span: Span) -> str:
    """``url`` with a fragment that names ``text[span.start:span.end]``, words of the page; "" if that cannot be said in an address."""
    words = _words(text, span)
    if not words or not url.startswith(("http://", "https://")):
        return ""
    directive = "text=" + ",".join(_encode(part) + mark for part, mark in _parts(text, span, words))
    base, mark, fragment = url.partition("#")
    page = f"{base}#{fragment.partition(DIRECTIVE)[0]}" if mark else f"{base}#"
    found = f"{page}{DIRECTIVE}{directive}"
    return found if len(found) <= MAX_URL_CHARS else ""


def _parts(text: str, span: Span, words: list[Word]) -> list[tuple[str, str]]:
    """The terms of the directive, each with the mark that goes after it."""
    quoted = span.cut(text)
    if len(quoted) <= WHOLE_CHARS and "\n" not in quoted:
        return [*_before(text, span, quoted), (quoted, "")]
    half = max(1, len(words) // 2)
    first = _edge(text, words[:half], span.start, is_start=True)
    last = _edge(text, words[half:] or words, span.start, is_start=False)
    return [*_before(text, span, first), (first, ""), (last, "")]


def _words(text: str, span: Span) -> list[Word]:
    """What white space separates, with its punctuation: the browser compares these."""
    found, place = [], span.start
    for surface in span.cut(text).split():
        place = text.index(surface, place)
        found.append(Word(surface, place, place + len(surface)))
        place += len(surface)
    return found


def _edge(text: str, words: list[Word], begin: int, is_start: bool) -> str:
    """The first or last words of a quote within one line, as few as name one place in the article (seen from the start of the quote)."""
    for count in range(min(EDGE_WORDS, len(words)), min(MAX_EDGE_WORDS, len(words)) + 1):
        chosen = words[:count] if is_start else words[-count:]
        stretch = text[chosen[0].start : chosen[-1].end]
        if "\n" in stretch:
            break
        where = chosen[0].start
        if (_first_place(text, stretch, 0) if is_start else _first_place(text, stretch, begin)) == where:
            return stretch
    return _one_line(text[words[0].start : words[-1].end], is_start)


def _one_line(stretch: str, is_start: bool) -> str:
    """At most MAX_EDGE_WORDS words of the first or last line."""
    lines = [line for line in stretch.split("\n") if line.strip()]
    words = (lines[0] if is_start else lines[-1]).split()
    return " ".join(words[:MAX_EDGE_WORDS] if is_start else words[-MAX_EDGE_WORDS:])


def _before(text: str, span: Span, start: str) -> list[tuple[str, str]]:
    """The words before, where ``start`` stands earlier in the article too."""
    if _first_place(text, start, 0) == span.start:
        return []
    line = text[: span.start].rpartition("\n")[2].split()
    return [(" ".join(line[-EDGE_WORDS:]), "-")] if line else []


def _first_place(text: str, stretch: str, begin: int) -> int:
    """Where the browser, which ignores case, finds it first."""
    return text.lower().find(stretch.lower(), begin) if len(text.lower()) == len(text) else text.find(stretch, begin)


def _encode(part: str) -> str:
    """Percent-encoded, ``-``, ``,`` and ``&`` too: they separate the terms of a directive."""
    return percent_encode(part, safe="", errors="replace").replace("-", "%2D")
