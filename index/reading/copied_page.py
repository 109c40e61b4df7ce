"""A page of the magazine Kommune21 as copied from a browser.

    Kicker:                                    ┐ head
    Headline                                   ┘
    [28.1.2019] Teaser.                        ← dated line: what every article on the page has
    Body paragraphs, the last with initials. (ve)
    https://links.example
    Stichwörter: tags
    (menus, advertising)
    Weitere Meldungen … aus dem Bereich Politik      ← section
    Kicker: Headline of another article
    [8.8.2024] A sentence or two. mehr...
    Caption of a picture
    Weitere FirmennewsAnzeige                  ← section of advertising
    …

Dated lines are found first; what stands around each of them decides what it is. Only a dated line and what belongs to it
becomes text, so navigation and address lists need not be known.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import clean_line, clean_text, clean_url, make_key, split_tags
from index.reading.dates import parse_date

MAX_TITLE_CHARS = 200
_MAX_LABEL_CHARS = 100  # longer lines are prose, never a heading of a section, a menu or a caption
_MAX_KICKER_CHARS = 60
_GAP = "   "  # what a tab between the words of a menu counts as

_DATED = re.compile(r"\[\s*([0-9]{1,2}\. ?(?:[0-9]{1,2}\.|[^\W\d_]{3,9}\.?) ?[0-9]{4})\s*\]\s*(.*)")
_MORE = re.compile(r"\s*\[?\bmehr\s*(?:\.{2,3}|…|»)\]?$", re.IGNORECASE)
_RESSORT = re.compile(r"(?:Weitere|Mehr|Alle|Aktuelle)\s[^.!?]*\baus (?:dem (?:Bereich|Ressort)|der Rubrik) ([^.!?]+)")
_ADVERTISING = re.compile(r"(?:Weitere\s.*Anzeigen?|.*[a-zäöüß]Anzeigen?|(?:Weitere )?Firmennews.*|Advertorials?|Promotion)")
_TAGS = re.compile(r"(?:Stich|Schlag)w(?:orte?|örter)\s*:\s*(.*)", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S+(?:\s*\([^()]{1,40}\))?", re.IGNORECASE)
_CREDIT = re.compile(r"(?:Bildquelle|Bildnachweis|Foto|Quelle|Bild)\s*:.*|.*\((?:Bildquelle|Bildnachweis|Foto|Bild)\s*:[^()]*\)")
_MENU = re.compile(r".*\S\s{3,}\S.*|Druckversion\b.*")  # words set apart by wide gaps
_INITIALS = re.compile(r"(.*[.!?…“”\"’»)])\s*\([a-zäöüß]{2,4}(?:[/,] ?[a-zäöüß]{2,4})*\)")
_PROSE_END = re.compile(r".*(?:[.!?…][“”\"’»«)]*|[“”\"»«])")


@dataclass(frozen=True, slots=True)
class _Section:
    """The section of the page that a dated line stands in."""

    tags: tuple[str, ...] = ()
    is_advertising: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """A dated line with its headline and the lines below it, up to the next section or the next headline."""

    title: str
    published: date | None
    lines: tuple[str, ...]  # the rest of the dated line first
    section: _Section


def parse_copied_page(page: str, origin: str = "", today: date | None = None, source: str = "Kommune21") -> list[Article]:
    """The main article, if the page has one, then its dated teasers; InputError if it does not look like such a page.

    The main article's url is the page's own address, if that was copied as the first line.
    """
    lines = [line.strip() for line in clean_text(page.replace("\t", _GAP)).split("\n")]
    blocks = [block for block in _find_blocks(lines, today) if block.title and not block.section.is_advertising]
    if not blocks:
        raise InputError(
            "Das sieht nicht wie eine aus dem Browser kopierte Meldung aus; bitte die Seite mit Überschrift"
            " und der Zeile, die mit einem Datum wie [28.1.2019] beginnt, kopieren."
        )
    main = next((block for block in blocks if _teaser_end(block) is None), None)
    articles = [replace(_to_teaser(block), source=source) for block in blocks if block is not main]
    if main is not None:
        articles.insert(0, replace(_to_main(main), source=source, origin=origin, url=clean_url(lines[0])))
    return _drop_repeated(articles)


def _drop_repeated(articles: Sequence[Article]) -> list[Article]:
    """Each article once, the first of equals: a page may list its main article again among the teasers."""
    by_key: dict[str, Article] = {}
    for article in articles:
        by_key.setdefault(article.key, article)
    return [article for article in by_key.values() if article.text]


def _find_blocks(lines: Sequence[str], today: date | None) -> Iterator[_Block]:
    marks = [number for number, line in enumerate(lines) if _DATED.fullmatch(line)]
    heads = [_find_head(lines, mark, floor + 1) for floor, mark in zip([-1, *marks], marks, strict=False)]
    section = _Section()
    for floor, head, mark, end in zip([-1, *marks], heads, marks, [*heads[1:], len(lines)], strict=False):
        section = _last_section(lines[floor + 1 : head], section)
        stamp, first = _DATED.fullmatch(lines[mark]).groups()
        below = takewhile(lambda line: _read_section(line) is None, lines[mark + 1 : end])
        yield _Block(_read_title(lines[head:mark]), parse_date(stamp, today), (first, *below), section)


def _find_head(lines: Sequence[str], mark: int, floor: int) -> int:
    """Number of the line where the headline of a dated line begins: the nearest line above, with a kicker above that."""
    filled = [number for number in range(floor, mark) if lines[number]][-2:]
    if not filled or _read_section(lines[filled[-1]]):
        return mark
    has_kicker = len(filled) == 2 and _is_kicker(lines[filled[0]]) and ": " not in lines[filled[1]]
    return filled[0] if has_kicker else filled[-1]


def _is_kicker(line: str) -> bool:
    return line.endswith(":") and len(line) <= _MAX_KICKER_CHARS


def _read_title(lines: Sequence[str]) -> str:
    title = clean_line(" ".join(lines))
    kicker, colon, headline = title.partition(": ")
    if colon and headline.endswith(f" {kicker}"):  # a label of the kind of article, copied along: "Interview: … Interview"
        title = title.removesuffix(f" {kicker}")
    return title if len(title) <= MAX_TITLE_CHARS else ""


def _last_section(lines: Sequence[str], before: _Section) -> _Section:
    sections = [section for section in map(_read_section, lines) if section]
    return sections[-1] if sections else before


def _read_section(line: str) -> _Section | None:
    """The section that ``line`` opens, or None if it opens none."""
    if len(line) > _MAX_LABEL_CHARS:
        return None
    if _ADVERTISING.fullmatch(line):
        return _Section(is_advertising=True)
    ressort = _RESSORT.fullmatch(line)
    return _Section(tags=(clean_line(ressort[1]),)) if ressort else None


def _teaser_end(block: _Block) -> int | None:
    """Number of the line that ends with the link "mehr..." to the full text, if the first paragraph does."""
    for number, line in enumerate(block.lines):
        if _MORE.search(line):
            return number
        if not line and number:
            return None
    return None


def _to_teaser(block: _Block) -> Article:
    end = _teaser_end(block) or 0
    text = clean_line(_MORE.sub("", " ".join(block.lines[: end + 1])))
    key = make_key(block.published, block.title)
    return Article(key, block.title, text, block.published, tags=block.section.tags, is_teaser=True)


def _to_main(block: _Block) -> Article:
    key = make_key(block.published, block.title)
    return Article(key, block.title, _main_text(block.lines), block.published, tags=_read_tags(block.lines))


def _main_text(lines: Sequence[str]) -> str:
    """Teaser and body as paragraphs; they end at the author's initials or where menus and labels begin."""
    kept, has_links = [], False
    for line in takewhile(lambda line: not _ends_body(line), lines):
        if signed := _INITIALS.fullmatch(line):
            kept.append(signed[1])
            break
        if has_links and line and _is_no_prose(line):
            break
        has_links = has_links or bool(_LINK.fullmatch(line))
        if line and not (_LINK.fullmatch(line) or _is_credit(line) or line == "Anzeige"):
            kept.append(line.replace(_GAP, " "))
    while len(kept) > 1 and _is_no_prose(kept[-1]):
        kept.pop()
    return clean_text("\n\n".join(kept))


def _ends_body(line: str) -> bool:
    is_menu = len(line) <= _MAX_LABEL_CHARS and bool(_MENU.fullmatch(line)) and not _PROSE_END.fullmatch(line)
    return is_menu or bool(_TAGS.fullmatch(line))


def _is_credit(line: str) -> bool:
    return len(line) <= 2 * _MAX_LABEL_CHARS and bool(_CREDIT.fullmatch(line))


def _is_no_prose(line: str) -> bool:
    """Whether a line at the end of the body is an item of a menu or a list rather than a sentence."""
    if line.endswith("...") and len(line) <= _MAX_KICKER_CHARS:
        return True
    return len(line) <= _MAX_LABEL_CHARS and not _PROSE_END.fullmatch(line)


def _read_tags(lines: Sequence[str]) -> tuple[str, ...]:
    for number, line in enumerate(lines):
        if match := _TAGS.fullmatch(line):
            return split_tags(match[1] or next(filter(None, lines[number + 1 :]), ""))
    return ()
