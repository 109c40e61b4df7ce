"""Articles in Markdown: a head in YAML between two lines ``---``, then the text.

---
title: "IT-Planungsrat: Bremen übernimmt den Vorsitz"
date: 2019-01-28
url: https://www.it-planungsrat.de/
tags: [IT-Planungsrat, Bremen]
---
Erster Absatz …
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import clean_line, clean_text, clean_url, make_key, split_tags
from index.reading.dates import parse_date

_OPENING = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE)
_BARE_VALUE = re.compile(r"^([A-Za-z_]+):[ \t]+([^\s\"'\[{|>&*!].*)$", re.MULTILINE)
_NULLS = ("", "~", "null")
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading, list item or table row as plain text; ``is_row`` blocks follow one another without an empty line."""

    text: str
    is_row: bool = False
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class MarkdownFile:
    """What is known about a Markdown file apart from its content; ``stem`` is its name without the ending."""

    origin: str
    stem: str
    default_source: str = ""


def parse_markdown(content: str, file: MarkdownFile, today: date | None = None) -> Article:
    """The article in the Markdown ``content``; InputError if it has no title or no text, or its head is broken."""
    head, body = _split_head(re.sub("\r\n?", "\n", content))
    blocks = list(_blocks(_PARSER.parse(body)))
    title = clean_line(_value(head, "title")) or next((block.text for block in blocks if block.is_title), "")
    text = _join([block for number, block in enumerate(blocks) if number or not block.is_title or block.text != title])
    if not title:
        raise InputError("Der Titel fehlt; bitte im Kopf „title: …“ oder im Text eine Überschrift mit „# “ angeben.")
    if not text:
        raise InputError("Der Artikel hat keinen Text; bitte unter dem Kopf mindestens einen Absatz schreiben.")
    published = parse_date(_value(head, "date"), today)
    return Article(
        key=clean_line(_value(head, "id")) or clean_line(file.stem) or make_key(published, title),
        title=title,
        text=text,
        published=published,
        url=clean_url(_value(head, "url")),
        source=clean_line(_value(head, "source")) or file.default_source,
        tags=split_tags(head.get("tags")),
        origin=file.origin,
    )


def to_plain_text(markdown: str) -> str:
    """Markdown without its marks: paragraphs on one line each, list items as lines with "- ", links as their text."""
    return _join(list(_blocks(_PARSER.parse(markdown))))


def _split_head(content: str) -> tuple[dict[str, object], str]:
    opening = _OPENING.match(content)
    if not opening:
        return {}, content
    closing = _CLOSING.search(content, opening.end())
    if not closing:
        raise InputError("Der Kopf ist nicht abgeschlossen; bitte unter die Angaben eine Zeile mit „---“ setzen.")
    return _parse_head(clean_text(content[opening.end() : closing.start()])), content[closing.end() :]


def _parse_head(text: str) -> dict[str, object]:
    """The head as a mapping; headlines such as ``title: OZG: Neue Leistungen`` are taken as meant, though YAML forbids them."""
    try:
        head = _load_yaml(text)
    except (yaml.YAMLError, RecursionError):
        head = _load_quoted(text)
    if not isinstance(head, dict):
        raise InputError("Der Kopf besteht nicht aus Zeilen der Form „title: …“; bitte diese Form verwenden.")
    return {name.lower(): value for name, value in head.items() if isinstance(name, str)}


def _load_quoted(text: str) -> object:
    try:
        return _load_yaml(_BARE_VALUE.sub(_quote_value, text))
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError("Der Kopf ist kein gültiges YAML; bitte Titel mit Sonderzeichen in Anführungszeichen setzen.") from error


def _quote_value(match: re.Match[str]) -> str:
    name, value = match.groups()
    return "{}: '{}'".format(name, value.replace("'", "''"))


def _load_yaml(text: str) -> object:
    """As ``safe_load``, but every scalar stays text: an impossible date or an id such as 007 is not bent or refused."""
    return yaml.load(text, Loader=yaml.BaseLoader) or {}


def _value(head: dict[str, object], name: str) -> str:
    value = head.get(name)
    return value if isinstance(value, str) and value.lower() not in _NULLS else ""


def _blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    """The blocks of a document in order, without empty ones."""
    depth, marker, cells, heading = 0, "", None, ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open", "bullet_list_close", "ordered_list_close"):
            depth += token.nesting
        elif token.type in ("list_item_open", "list_item_close"):
            marker = "" if token.nesting < 0 else f"{token.info}. " if token.info else "- "
        elif token.type in ("heading_open", "heading_close"):
            heading = token.tag if token.nesting > 0 else ""
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield _Block(" | ".join(filter(None, cells or [])), is_row=True)
            cells = None
        elif cells is not None and token.type == "inline":
            cells.append(clean_line(_own_text(token)))
        elif text := _own_text(token):
            is_title = heading == "h1"
            yield _Block(marker + (clean_line(text) if heading else text), is_row=depth > 0, is_title=is_title)
            marker = ""


def _own_text(token: Token) -> str:
    """The plain text of a token itself; "" for those that only open or close something."""
    if token.type == "inline":
        return clean_text("".join(map(_inline_text, token.children or [])))
    if token.type in ("fence", "code_block"):
        return clean_text(token.content)
    return _html_text(token.content) if token.type == "html_block" else ""


def _inline_text(token: Token) -> str:
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak" or (token.type == "html_inline" and token.content.lower().startswith("<br")):
        return "\n"
    return "" if token.type in ("image", "html_inline") else token.content


def _html_text(html: str) -> str:
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "template"])
    return clean_line(tree.body.text(separator=" ")) if tree.body else ""


def _join(blocks: Sequence[_Block]) -> str:
    parts, was_row = [], False
    for block in blocks:
        parts += ["\n" if block.is_row and was_row else "\n\n", block.text]
        was_row = block.is_row
    return clean_text("".join(parts))
