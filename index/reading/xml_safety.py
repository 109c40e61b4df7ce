"""XML from strangers: declarations of entities are taken out before any parser sees them, so that none can grow."""

import re

_DOCTYPE = re.compile(rb"<!DOCTYPE\b[^\[>]*(?:\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*\]\s*)?>", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_HEAD_BYTES = 1 << 20  # a document type stands before the root element; bombs of nested entities are far shorter


def without_declarations(data: bytes) -> bytes:
    """``data`` without its document type; UTF-16 comes back as UTF-8, for there the declaration would not be seen."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = _declared_utf8(data.decode("utf-16", "replace")).encode()
    head, rest = data[:_HEAD_BYTES], data[_HEAD_BYTES:]
    if b"<!" not in head:
        return data
    return _DECLARATION.sub(b"", _DOCTYPE.sub(b"", head)) + rest


def _declared_utf8(text: str) -> str:
    return re.sub(r"^(\s*<\?xml[^>]*encoding=[\"'])[^\"']+", r"\1utf-8", text)
