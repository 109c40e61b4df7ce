"""HTML as plain text with paragraphs, and bytes of a page as HTML in the encoding that they really are in."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.reading.cleaning import clean_line, clean_text

_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre "
    "section table tr ul".split()
)
_UNREAD = ["script", "style", "template", "noscript", "iframe", "svg", "object", "form", "button", "select"]
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9_-]+)", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
# What pages in Windows-1252 call themselves; true ISO-8859-1 has nothing printable where the two differ.
_LATIN = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252", "iso8859-1"}
_SOFT_HYPHEN = "\u00ad"  # where a web page may break a word: of use to the page only


def html_to_text(html: str) -> str:
    """The text of an HTML fragment, one paragraph a block; plain text comes back cleaned."""
    if "<" not in html and "&" not in html:
        return clean_text(html.replace(_SOFT_HYPHEN, ""))
    tree = LexborHTMLParser(html)
    tree.strip_tags(_UNREAD)
    return node_to_text(tree.body) if tree.body else ""


def node_to_text(node: LexborNode) -> str:
    """The text below a node: blocks as paragraphs, ``<br>`` as a line end, list items with "- "."""
    parts: list[str] = []
    _collect(node, parts)
    lines = (clean_line(line) for line in "".join(parts).replace(_SOFT_HYPHEN, "").split("\n"))
    return clean_text("\n".join(lines))


def _collect(node: LexborNode, parts: list[str]) -> None:
    """Depth first without recursion: pages nest as deep as they like."""
    stack: list[LexborNode | str] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
        elif item.tag == "-text":
            parts.append(re.sub(r"\s+", " ", item.text_content or ""))
        elif item.tag == "br":
            parts.append("\n")
        elif item.tag in ("td", "th"):
            stack += [" ", *_children(item)]
        elif item.tag not in _UNREAD and item.tag != "-comment":
            is_block = item.tag in _BLOCKS
            parts.append("\n\n" * is_block + "- " * (item.tag == "li"))
            stack += ["\n\n" * is_block, *_children(item)]


def _children(node: LexborNode) -> list[LexborNode]:
    return list(reversed(list(node.iter(include_text=True))))


def decode_html(data: bytes, content_type: str = "") -> str:
    """The HTML in ``data``: UTF-8 wherever it is valid, else as declared, with Windows-1252 for all that calls itself Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_as(data, _declared(data, content_type))


def _declared(data: bytes, content_type: str) -> str:
    header = _HEADER_CHARSET.search(content_type)
    found = _CHARSET.search(data[:4096]) or _XML_ENCODING.search(data[:200])
    return (header[1] if header else found[1].decode() if found else "").lower()


def _decode_as(data: bytes, charset: str) -> str:
    if charset in ("utf-8", "utf8") and _is_mostly_utf8(data):
        return data.decode("utf-8", "replace")
    if not charset or charset in _LATIN or charset in ("utf-8", "utf8"):
        return data.decode("cp1252", "replace")
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether only few bytes are wrong (a cut or a stray letter), not the whole page's umlauts."""
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    return wrong * 4 < high
