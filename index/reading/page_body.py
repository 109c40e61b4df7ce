"""The text of a news page: what is not the article is cut out of the tree, trafilatura finds the article in the rest, and its
lines are cleaned of what German news sites mix into them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.reading.cleaning import clean_line, clean_text, split_tags
from index.reading.dates import DATE_PATTERN
from index.reading.html_text import node_to_text

_OUTSIDE = (
    "nav, footer, aside, form, dialog, address, figcaption, template, iframe, noscript, [hidden], [data-nosnippet], [role=navigation], "
    "[role=complementary], [role=banner], [role=contentinfo], [role=search], [role=dialog], [role=alert], [role=menu]"
)
# Words of class and id names of what stands beside, above or below an article, never in it.
_OUTSIDE_WORDS = frozenset(
    "share sharing shariff social socialmedia sharebar teilen related verwandt empfehlungen recommendations newsletter comment comments kommentare "
    "cookie cookies consent advert advertisement ad ads anzeige anzeigen werbung banner sidebar widget breadcrumb breadcrumbs brotkrumen pagination "
    "pager toolbar skiplink sprungmarke contact contacts kontakt ansprechpartner caption copyright credit credits bildquelle bildnachweis "
    "bildunterschrift bildtext tags taglist schlagworte stichworte authorbox author-info navigation menu footer popup modal overlay "
    "pressnumber druckversion printlink rating metadata weiterlesen mehrzumthema".split()
)
_KEPT_SHARE = 0.4  # whatever holds more of the page's text than this is the page itself, whatever it is called
MISSED_SHARE = 0.1  # of the prose around the headline: so much of an article must not be lost
PROSE_CHARS = 80  # shorter lines are as often labels as text
MAX_DEPTH = 300  # pages written by people stay below 60; cutting a tree takes time that grows with depth times size
MAX_HEAD_LINES, MAX_LABEL_CHARS = 6, 200
_TITLE_WORDS = re.compile(r"\w+")

_STAMP = re.compile(rf"^\[\s*{DATE_PATTERN}\s*\]\s*")
_DATE_LINE = re.compile(rf"(?:Presse(?:mitteilung|information|meldung)|Meldung|Mitteilung|Veröffentlicht|Stand|Erstellt|Datum)?(?: Nr\. ?[\w/.-]+)?[^.\w]{{0,3}}(?:vom |am )?"
                        rf"(?:[^\W\d_]+, )?(?:den )?{DATE_PATTERN}(?:,? [0-9]{{1,2}}[:.][0-9]{{2}}(?: Uhr)?)?", re.IGNORECASE)
_INITIALS = re.compile(r"(?<=[.!?…“”\"’»)])\s*[(\[]\s*[a-zäöüß]{2,4}(?:\s?[/,]\s?[a-zäöüß]{2,5})*\s*[)\]]$")
_INITIALS_LINE = re.compile(r"[(\[]\s*[a-zäöüß]{2,4}(?:\s?[/,]\s?[a-zäöüß]{2,5})*\s*[)\]]")
_TAGS = re.compile(r"(?:Stich|Schlag)w(?:orte?|örter)\s*:\s*(.*)|(?:Tags|Themen)\s*:\s*(.*)", re.IGNORECASE)
_NOISE = re.compile(
    r"-?\s*(?:Anzeige|Werbung|Advertorial|Lesen Sie (?:auch|dazu|hier|mehr)\b.*|(?:Mehr|Auch) (?:zum Thema|interessant)\b.{0,120}|Das könnte Sie (?:auch )?interessieren.*"
    r"|(?:Jetzt )?(?:Teilen|Drucken|Merken|Kommentieren|Vorlesen|Weiterempfehlen|Seite drucken|Druckversion|Artikel (?:teilen|drucken))(?:[ |,·/].{0,60})?"
    r"|(?:Auf |Per )?(?:Facebook|Twitter|X|LinkedIn|XING|WhatsApp|E-Mail|Mastodon|Bluesky)(?:[ |,·/](?:teilen|Facebook|Twitter|X|LinkedIn|XING|WhatsApp|E-Mail|Mastodon))*"
    r"|(?:Bild|Foto|Fotos|Bildquelle|Bildnachweis|Grafik|Bildrechte|Symbolbild|©|\(c\))\s*[:©]?\s.{1,120}|zurück|Zurück zur Übersicht|Zum Seitenanfang|Nach oben"
    r"|Direkt zur Kontaktinformation|Newsletter abonnieren.*|[|·•–\-_*\s]+)",
    re.IGNORECASE,
)  # fmt: skip
_INLINE_CREDIT = re.compile(r"\s*\((?:Bildquelle|Bildnachweis|Foto|Bild|Grafik|Symbolbild)\s*:[^()]{1,120}\)", re.IGNORECASE)
_CAPTION = re.compile(r".{0,120}\((?:Bildquelle|Bildnachweis|Foto|Bild|Grafik|Symbolbild)\s*:[^()]{1,120}\)\.?", re.IGNORECASE)
_PAYWALL = re.compile(
    r".{0,80}(?:(?:nur |exklusiv )?für (?:Abonnent|registrierte|Premium|Plus)\w*(?: \w+){0,6} (?:lesbar|verfügbar|zugänglich|freigeschaltet)"
    r"|(?:Artikel|Beitrag|Inhalt|Text) (?:ist |steht )?(?:nur |ausschließlich |exklusiv )?(?:für )?(?:unsere )?(?:Abonnent|registrierte|eingeloggte|angemeldete)"
    r"|(?:Jetzt|Sofort) (?:weiterlesen|freischalten|abonnieren)|Weiterlesen mit |Sie haben (?:bereits|schon) ein (?:Abo|Konto)|Testabo|Probeabo).{0,200}",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageBody:
    """Text in paragraphs, tags printed below it, and whether a paywall stands where it would go on."""

    text: str
    tags: tuple[str, ...] = ()
    is_paid: bool = False


def read_body(html: str, title: str) -> PageBody:
    """The article's text on a page; empty if there is none. ``title`` is left out where it is repeated above the text."""
    tree = LexborHTMLParser(html)
    if tree.body is None:
        return PageBody("")
    if _is_deeper(tree.body, MAX_DEPTH):
        return clean_lines(node_to_text(tree.body).split("\n"), title)
    _cut_outside(tree)
    return clean_lines(_find_article(tree), title)


def _is_deeper(node: LexborNode, limit: int) -> bool:
    """Whether elements below ``node`` nest deeper than ``limit``."""
    level = [node]
    for _depth in range(limit):
        level = [child for parent in level for child in parent.iter()]
        if not level:
            return False
    return True


def _cut_outside(tree: LexborHTMLParser) -> None:
    """Remove what is not the article, and the names that would lead trafilatura to drop a lead paragraph."""
    tree.strip_tags(["script", "style"])
    most = _KEPT_SHARE * max(1, len(tree.body.text()))
    for node in [*tree.css(_OUTSIDE), *(node for node in tree.body.css("[class], [id]") if _is_called_outside(node))]:
        is_page = node.tag in ("body", "html", "main", "article") or node.css_first("h1") is not None
        if node.parent is not None and not is_page and len(node.text()) <= most:
            node.decompose()
    for node in tree.css("p, h2, h3, div.teaser, div.lead, div.intro"):
        for name in ("class", "id"):
            if name in node.attributes:
                del node.attrs[name]


def _is_called_outside(node: LexborNode) -> bool:
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
    return not _OUTSIDE_WORDS.isdisjoint(re.split(r"[\s_-]+", names))


def _find_article(tree: LexborHTMLParser) -> list[str]:
    """Lines of the article: what trafilatura finds, or all prose around the headline where that is much more (an article in several
    sections, of which trafilatura takes one)."""
    found = _extract(tree)
    around = _around_headline(tree)
    words = set(_TITLE_WORDS.findall(" ".join(found).lower()))
    prose = [line for line in around if len(line) >= PROSE_CHARS]
    missed = [line for line in prose if _share_known(line, words) < 0.9]
    is_missing = sum(map(len, missed)) > MISSED_SHARE * sum(map(len, prose))
    return around if not found or is_missing else found


def _share_known(line: str, words: set[str]) -> float:
    own = _TITLE_WORDS.findall(line.lower())
    return sum(word in words for word in own) / max(1, len(own))


def _extract(tree: LexborHTMLParser) -> list[str]:
    import trafilatura

    try:
        found = trafilatura.extract(tree.html or "", include_comments=False, include_tables=True, deduplicate=False)
    except (ValueError, RecursionError, AttributeError, TypeError):  # its parser on odd pages
        found = None
    return clean_text(found).split("\n") if found else []


def _around_headline(tree: LexborHTMLParser) -> list[str]:
    """Lines of the page's main part below its headline, without teasers of other articles and lists of links."""
    node = next((node for selector in ("article:has(h1)", "main", '[role="main"]', "article", "body") if (node := tree.css_first(selector))), None)
    if node is None:
        return []
    for teaser in node.css("article, li, section, div"):
        if teaser.css_first("h2 a, h3 a, h4 a, a h2, a h3, a h4") and not teaser.css_first("h1") and teaser.parent is not None:
            teaser.decompose()
    for block in node.css("ul, ol, p, div"):
        length = len(block.text().strip())
        if block.parent is not None and 0 < length < 2 * sum(len(link.text().strip()) for link in block.css("a")) - 40:
            block.decompose()
    lines = [line.strip() for line in node_to_text(node).split("\n") if line.strip()]
    heading = tree.css_first("h1")
    start = lines.index(line) + 1 if heading and (line := clean_line(node_to_text(heading))) in lines else 0
    return lines[start:]


def clean_lines(lines: Iterable[str], title: str) -> PageBody:
    """Text and tags from the lines of an article: headline, date lines, captions, advertising, shares and notices left out."""
    kept: list[str] = []
    tags: tuple[str, ...] = ()
    is_paid = False
    for line in _below_title([clean_line(line).replace("\u00ad", "") for line in lines], title):
        if found := _TAGS.fullmatch(line):
            tags = split_tags(found[1] or found[2] or "")
            break
        if len(line) <= 300 and _PAYWALL.fullmatch(line):
            is_paid = True
            break
        if line := _clean_line(line, is_first=not kept):
            kept.append(line)
    if kept and _INITIALS_LINE.fullmatch(kept[-1]):
        kept.pop()
    if kept:
        kept[-1] = _INITIALS.sub("", kept[-1])
    return PageBody(clean_text(_join(kept)), tags, is_paid)


def _below_title(lines: list[str], title: str) -> list[str]:
    """Lines below the headline where that is repeated, with short lines only (kicker, date) before it."""
    names = (title, title.partition(": ")[2])
    for number, line in enumerate(lines[:MAX_HEAD_LINES]):
        if len(line) > MAX_LABEL_CHARS:
            break
        if any(_same_words(line, name) for name in names):
            return lines[number + 1 :]
    return lines


def _clean_line(line: str, *, is_first: bool) -> str:
    """What is to be kept of a line; "" if nothing is."""
    if is_first:
        line = _STAMP.sub("", line)
        if _DATE_LINE.fullmatch(line):
            return ""
    if _NOISE.fullmatch(line) or _CAPTION.fullmatch(line):
        return ""
    return _INLINE_CREDIT.sub("", line)


def _same_words(line: str, title: str) -> bool:
    return bool(title) and _TITLE_WORDS.findall(line.lower()) == _TITLE_WORDS.findall(title.lower())


def _join(lines: list[str]) -> str:
    """Paragraphs apart; items of a list and rows of a table below one another."""
    parts: list[str] = []
    for number, line in enumerate(lines):
        is_row = line.startswith(("- ", "| "))
        follows = is_row and number > 0 and lines[number - 1].startswith(("- ", "| "))
        parts += ["\n" if follows else "\n\n", line]
    return "".join(parts)
