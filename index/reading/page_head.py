"""Headline, date, publisher and tags of a news page, from what the page says about itself and what it prints.

Publication date, first believable one: the date printed in brackets before the text ([28.1.2019]), JSON-LD, meta elements of
publication, the printed line („Pressemitteilung vom …“, „Stand …“ does not count), ``<time>``, meta elements of unclear meaning,
the address.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.reading.cleaning import clean_line, split_tags
from index.reading.dates import DATE_PATTERN, parse_date
from index.reading.html_text import node_to_text

_ARTICLE_TYPES = re.compile(r"(?:News|Blog|Report|Scholarly|Tech)?Article|BlogPosting|PressRelease|Report|WebPage|ItemPage", re.IGNORECASE)
_META_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "dcterms.issued", "dc.date.issued"),
    *("dcterms.submitted", "dcterms.created", "dc.date.created", "citation_publication_date", "publish-date", "publication_date", "pubdate"),
)
_META_UNCLEAR = ("date", "dcterms.date", "dc.date", "article:modified_time", "last-modified", "dcterms.modified")
_META_TAGS = ("news_keywords", "article:tag", "keywords", "dc.subject", "dcterms.subject")
_KICKER = re.compile(r"kicker|dachzeile|overline|over-?head|spitzmarke|top-?line|roof-?line|headline__?pre|pre-?headline|eyebrow", re.IGNORECASE)
_BRACKETED = re.compile(rf"\[\s*({DATE_PATTERN})\s*\]")
_PRINTED = re.compile(
    rf"(?:Presse(?:mitteilung|information|meldung)|Medieninformation|Meldung|Mitteilung|Nachricht|Veröffentlicht|Erschienen|Erstellt|Datum|Artikel|News)"
    rf"[^\n]{{0,40}}?(?:\s|:)({DATE_PATTERN})",
    re.IGNORECASE,
)
_LEADING = re.compile(rf"(?:[^\W\d_]{{2,12}},? )?({DATE_PATTERN})(?:[ ,|·–-].{{0,60}})?")
_IN_ADDRESS = re.compile(r"/(20[0-2][0-9]|199[5-9])[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12][0-9]|3[01])(?:[/_-]|$)")
_SEPARATOR = re.compile(r"\s+(?:[|–—·»«-]|::|//)\s+")
MIN_KICKER_CHARS = 8  # shorter ones are rather plays on words („SchlossKultur“)
_MAX_HEAD_CHARS = 300  # longer is no headline


@dataclass(frozen=True, slots=True)
class PageHead:
    """What is known of a page besides its text. ``is_paid``: the page says that its text is not free."""

    title: str
    published: date | None
    source: str
    tags: tuple[str, ...]
    canonical: str
    is_paid: bool


def read_head(tree: LexborHTMLParser, url: str, today: date | None = None) -> PageHead:
    """The head of a parsed page; empty fields where the page says nothing."""
    metas, facts = _read_metas(tree), _read_json_ld(tree)
    site = metas.get("og:site_name") or _name_of(facts.get("publisher"))
    link = tree.css_first('link[rel="canonical"]')
    return PageHead(
        title=_read_title(tree, metas, facts, site or urlsplit(url).hostname or ""),
        published=_read_date(tree, metas, facts, url, today),
        source=clean_line(site or metas.get("application-name") or (urlsplit(url).hostname or "").removeprefix("www.")),
        tags=_read_tags(metas, facts),
        canonical=(link.attributes.get("href") or "") if link else "",
        is_paid=str(facts.get("isAccessibleForFree")).lower() == "false",
    )


def _read_metas(tree: LexborHTMLParser) -> dict[str, str]:
    """Contents by lower-case name; of equal names the first."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = next((node.attributes.get(key) for key in ("name", "property", "itemprop") if node.attributes.get(key)), "") or ""
        content = clean_line(node.attributes.get("content") or "").replace("\u00ad", "")
        if name.lower() == "article:tag" and name.lower() in found:
            found[name.lower()] += ", " + content
        elif content:
            found.setdefault(name.lower(), content)
    return found


def _read_json_ld(tree: LexborHTMLParser) -> dict[str, Any]:
    """The first description of an article among the page's JSON-LD; {} if there is none."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            described = json.loads(node.text() or "")
        except (ValueError, RecursionError):
            continue
        for item in _flatten(described):
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLE_TYPES.fullmatch(name) for name in names) and (item.get("headline") or item.get("datePublished")):
                return item
    return {}


def _flatten(described: object) -> Iterator[dict[str, Any]]:
    for item in described if isinstance(described, list) else [described]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()


def _name_of(value: object) -> str:
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else ""


# headline


def _read_title(tree: LexborHTMLParser, metas: dict[str, str], facts: dict[str, Any], site: str) -> str:
    named = [str(facts.get("headline") or ""), metas.get("og:title", ""), metas.get("dcterms.title", ""), metas.get("dc.title", "")]
    named += [metas.get("twitter:title", ""), _node_line(tree.css_first("title"))]
    named = [_without_site(clean_line(text).replace("\u00ad", ""), site) for text in named if text.strip()]
    headings = [(node, line) for node in tree.css("h1") if 0 < len(line := _node_line(node)) <= _MAX_HEAD_CHARS]
    agreed = next(((node, line) for node, line in headings if any(_agree(line, name) for name in named)), None)
    if agreed is None and headings and not named:
        agreed = headings[0]
    if agreed is None:
        return next(iter(named), "")
    node, line = agreed
    return _with_kicker(node, line, named, tree)


def _agree(one: str, other: str) -> bool:
    a, b = ("".join(re.findall(r"\w", text.lower())) for text in (one, other))
    return bool(a and b) and (a in b or b in a) and min(len(a), len(b)) * 3 >= max(len(a), len(b))


def _with_kicker(node: LexborNode, line: str, named: list[str], tree: LexborHTMLParser) -> str:
    """„Kicker: Headline“, wherever the kicker stands: inside the heading, before it, or glued to its first word."""
    inside = next((child for child in node.iter() if _KICKER.search(_classes(child))), None)
    if inside is not None:
        return _join_kicker(_node_line(inside), clean_line(line.removeprefix(_node_line(inside))))
    before = node.prev
    while before is not None and before.tag in ("-text", "-comment"):
        before = before.prev
    if before is not None and _KICKER.search(_classes(before)) and len(_node_line(before)) <= 80:
        return _join_kicker(_node_line(before), line)
    return split_glued_kicker(line, _node_line(tree.body) if tree.body else "")


def _join_kicker(kicker: str, headline: str) -> str:
    kicker = kicker.rstrip(": ")
    return f"{kicker}: {headline}" if kicker and headline and not headline.startswith(kicker) else headline or kicker


def split_glued_kicker(title: str, page_text: str) -> str:
    """„RegistermodernisierungOperative Phase“ → „Registermodernisierung: Operative Phase“, if the page writes that word nowhere else.

    Names such as BundID or OpenDesk stay: they stand in the text too, or what follows the capital is no word of the page.
    """
    for match in re.finditer(r"(?<=[a-zäöüß]{3})(?=[A-ZÄÖÜ][a-zäöüß]{2,})", title[:100]):
        left, right = title[: match.start()], title[match.start() :]
        word = left.rpartition(" ")[2] + right.partition(" ")[0]
        elsewhere = page_text.replace(title, " ")
        words = set(re.findall(r"[\w-]+", elsewhere))
        if word not in words and left.rpartition(" ")[2] in words and len(left) >= MIN_KICKER_CHARS and " " in right:
            return f"{left}: {right}"
    return title


def _without_site(title: str, site: str) -> str:
    """``title`` without the name of the site at its end or beginning."""
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    letters = "".join(re.findall(r"\w", site.lower()))
    for place, rest in ((-1, parts[:-1]), (0, parts[1:])):
        name = "".join(re.findall(r"\w", parts[place].lower()))
        if name and letters and (name in letters or letters in name):
            start = title.find(rest[0])
            return title[start : title.rfind(rest[-1]) + len(rest[-1])].strip()
    return title


# date


def _read_date(tree: LexborHTMLParser, metas: dict[str, str], facts: dict[str, Any], url: str, today: date | None) -> date | None:
    lines = _body_lines(tree)
    candidates = (
        _bracketed(lines),
        str(facts.get("datePublished") or ""),
        *(metas.get(name, "") for name in _META_PUBLISHED),
        *_labelled(lines),
        *_times(tree),
        *(match[1] for line in lines[:40] if (match := _LEADING.fullmatch(line))),
        *(metas.get(name, "") for name in _META_UNCLEAR),
        "-".join(match.groups()) if (match := _IN_ADDRESS.search(urlsplit(url).path)) else "",
    )
    return next((found for text in candidates if text and (found := page_date(text, today))), None)


def page_date(text: str, today: date | None = None) -> date | None:
    """A believable day as pages write it; a time with a zone counts by the day in Germany."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            from zoneinfo import ZoneInfo

            moment = moment.astimezone(UTC).astimezone(ZoneInfo("Europe/Berlin"))
    except (ValueError, OverflowError):
        return parse_date(text, today)
    return parse_date(moment.date().isoformat(), today)


def _body_lines(tree: LexborHTMLParser) -> list[str]:
    """Lines from the headline on, where the date of this article stands, not that of another."""
    body = next((node for selector in ("main", '[role="main"]', "article", "body") if (node := tree.css_first(selector))), None)
    lines = [line for line in (node_to_text(body).split("\n") if body else []) if line]
    heading = _node_line(tree.css_first("h1"))
    start = next((number for number, line in enumerate(lines) if line == heading), 0)
    return lines[max(0, start - 3) :]


def _bracketed(lines: list[str]) -> str:
    return next((match[1] for line in lines[:25] if (match := _BRACKETED.match(line))), "")


def _labelled(lines: list[str]) -> Iterator[str]:
    return (match[1] for line in lines[:25] if len(line) <= 160 and (match := _PRINTED.search(line)))


def _times(tree: LexborHTMLParser) -> Iterator[str]:
    for selector in ('[itemprop="datePublished"]', "article time", "main time", "time"):
        for node in tree.css(selector)[:3]:
            yield node.attributes.get("datetime") or node.attributes.get("content") or _node_line(node)


def _read_tags(metas: dict[str, str], facts: dict[str, Any]) -> tuple[str, ...]:
    values = (facts.get("keywords"), *(metas.get(name) for name in _META_TAGS))
    return next((tags for value in values if (tags := split_tags(value))), ())


def _node_line(node: LexborNode | None) -> str:
    return clean_line(node_to_text(node)) if node is not None else ""


def _classes(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
