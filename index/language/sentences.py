"""German sentence borders by rules, as offsets: the text is never changed.

A line break always ends a sentence: readers store running text without hard wraps, so a break means a paragraph, a
headline or a list item, which often has no full stop.
"""

import re

from index.articles import Span

# A sentence longer than this is cut at clause borders, so that every piece can be embedded (512 tokens) and quoted.
MAX_SENTENCE_CHARS = 1000

_END = re.compile(r"[.!?…]+[\"'“”«»‘’)\]]*(?=\s)")
_NEXT = re.compile(r"\s+[\"'„“«»‚‘(\[–—-]*\s*(?P<word>[^\W\d_]+|\d+)?")
_LAST_WORD = re.compile(r"(?:[^\W\d_]+\.)*[^\W_]+$")
_CLAUSE_BORDER = re.compile(r"[;:–—,]\s+|\s+(?=(?:und|oder|aber|sowie|dass|weil|während|wobei)\b)")

ABBREVIATIONS = frozenset(
    """abb abs abschn abt allg anl anm apl art aufl az bd begr beisp bez bzgl bzw ca cf co corp dergl desgl dgl dipl dr ebd
    ehem eigtl einschl engl entspr erg etc evtl exkl ff fig frl gem gen ggf ggfs gr hg hr hrn hrsg hs inc ing ink inkl
    insb insbes jg jh jhd jr kap kfm kl lat lfd lic lit ltd luth mag max med mind mio mrd möbl nat nr nrn oec op phil pol
    prof pos qm rd red rel resp rer rs sc sek sen sog sr st std stellv str tab tel tsd usf usw vgl vs vol vorm wg wiss z
    zb zit zt zzgl hl geb verh gest verw sr bspw bsp eur abzgl gez ziff lt ev kath frz nördl südl östl westl""".split()
)
# Abbreviations that are also words or that often end a sentence: the next word decides.
_AMBIGUOUS = frozenset("art etc fig gem gez ink lat lit mag max pos red tab usf usw".split())
# Endings of abbreviated street names and the like ("Hauptstr. 5").
_ABBREVIATED_TAIL = re.compile(r"(?:str|pl|nr)$")
# After these, a number with a dot is an ordinal even before a word that often starts a sentence.
_BEFORE_ORDINAL = frozenset(
    """der die das den dem des am im zum zur vom bis beim ab und ein eine einen einem einer eines ihr ihre ihren sein seine
    seinen""".split()
)
_STARTERS = frozenset(
    """Der Die Das Den Dem Des Ein Eine Einen Einem Einer Es Er Sie Wir Ich Ihr Man In Im Am An Auf Aus Bei Beim Bis Da Dabei
    Dafür Damit Danach Dann Daran Darauf Daraus Darin Darüber Darum Davon Dazu Denn Dennoch Deshalb Dies Diese Dieser
    Dieses Diesen Diesem Doch Dort Durch Für Gegen Gemeinsam Gleichzeitig Hier Hierfür Hierzu Insgesamt Jede Jeder Jedes
    Mit Nach Neben Nun Nur Ob Seit So Sowohl Statt Trotz Über Um Und Unter Viele Vom Von Vor Während Was Weil Weitere Wenn
    Wer Wie Wo Zu Zudem Zum Zur Zusätzlich Zwischen Aber Alle Allerdings Als Also Auch Außerdem Derzeit Mehr Bereits Heute
    Ferner""".split()
)
_WORD_BEFORE = re.compile(r"(\w+)\W+$")


def split_sentences(text: str) -> list[Span]:
    """Spans of the sentences of ``text`` in order, without the white space around them."""
    spans: list[Span] = []
    for line in re.finditer(r"[^\n\r\u2028\u2029]+", text):
        start = line.start()
        for end in (*_sentence_ends(text, line.start(), line.end()), line.end()):
            piece = _strip(text, start, end)
            if piece is not None:
                spans.extend(cut_at_clauses(text, piece, MAX_SENTENCE_CHARS))
            start = end
    return spans


def _sentence_ends(text: str, start: int, end: int):
    for mark in _END.finditer(text, start, end):
        following = _NEXT.match(text, mark.end(), end)
        if following is not None and _is_border(text, start, mark.start(), text[mark.start()], following.group("word") or ""):
            yield mark.end()


def _is_border(text: str, line_start: int, at: int, mark: str, next_word: str) -> bool:
    if next_word[:1].islower():
        return False
    if mark != ".":
        return True
    last = _LAST_WORD.search(text, max(line_start, at - 40), at)
    word = last.group() if last else ""
    if word.isdigit():
        return _number_ends_sentence(text, at - len(word), word, next_word)
    tail = word.rsplit(".", 1)[-1].lower()
    if len(tail) == 1 and not tail.isdigit():
        return False
    if tail in ABBREVIATIONS:
        return tail in _AMBIGUOUS and next_word in _STARTERS
    return not (_ABBREVIATED_TAIL.search(tail) and next_word.isdigit())


def _number_ends_sentence(text: str, at: int, number: str, next_word: str) -> bool:
    """``1. Januar`` and ``24. RegioTalk`` go on; ``bis 2022. Der`` ends."""
    if len(number) >= 4:
        return True
    if len(number) == 3 or next_word in _STARTERS:
        before = _WORD_BEFORE.search(text, max(0, at - 30), at)
        return before is None or before.group(1).lower() not in _BEFORE_ORDINAL
    return False


def _strip(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def cut_at_clauses(text: str, span: Span, limit: int) -> list[Span]:
    """``span`` in pieces of at most ``limit`` characters: cut at clause borders, else at white space, else anywhere."""
    pieces = []
    start = span.start
    while span.end - start > limit:
        cut = _last_cut(text, start, start + limit)
        piece = _strip(text, start, cut)
        if piece is not None:
            pieces.append(piece)
        start = cut
    rest = _strip(text, start, span.end)
    return [*pieces, rest] if rest is not None else pieces


def _last_cut(text: str, start: int, end: int) -> int:
    """Best place in the second half of the range to cut at (the first half would leave scraps)."""
    half = start + (end - start) // 2
    for pattern in (_CLAUSE_BORDER, re.compile(r"\s+")):
        places = [match.end() for match in pattern.finditer(text, half, end)]
        if places:
            return places[-1]
    return end
