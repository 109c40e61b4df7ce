"""Links into the conversation: ``/start`` payloads of at most 64 characters A–Z a–z 0–9 _ -, as Telegram allows, to a question or a rule.

    kind (q question, r rule) ── packing (t text, z deflated with a dictionary) ── "-" ── base64url

Nothing is stored for a link, so it has to hold its text itself. One that is too long even deflated is given by its content words.
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass

MAX_PAYLOAD = 64
MAX_TEXT_CHARS = 300  # of a decoded text: nothing longer can have been packed by us
QUESTION, RULE = "q", "r"
GREETING = "hallo"  # leads to the greeting
_PAYLOAD = re.compile(r"([qr])([tz])-([A-Za-z0-9_-]+)")
# What questions and rules are full of; the likeliest stand last. Part of the format: links that are out there need it as it is.
_DICTIONARY = (
    "Welche Kommunen Ländern Bundesregierung Ministerium Gesetz zur Finanzierung Umsetzung der Was ist das Wie viele Warum wurde Wo steht "
    "Seit wann gibt es Wer leitet hat den Vorsitz im übernommen? Wann kommt die Was bedeutet Was kostet Was macht titel: quelle: tag: oder "
    "Datenschutz Künstliche Intelligenz in der Verwaltung Registermodernisierung Digitalisierung Verwaltungs digitale Souveränität "
    "BundID E-Akte Onlinezugangsgesetz OZG IT-Planungsrat FITKO "
).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to: ``kind`` is QUESTION or RULE."""

    kind: str
    text: str


def encode_link(kind: str, text: str, words: tuple[str, ...] = ()) -> str:
    """The payload; if ``text`` is too long, of as many ``words`` in their order as fit; "" if nothing fits."""
    text = " ".join(text.split())
    for count in range(len(words), -1, -1):
        payload = _pack(kind, text)
        if text and len(payload) <= MAX_PAYLOAD:
            return payload
        text = " ".join(words[:count])
    return ""


def _pack(kind: str, text: str) -> str:
    plain = text.encode("utf-8", "replace")
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_DICTIONARY)
    squeezed = squeezer.compress(plain) + squeezer.flush()
    packing, content = ("t", plain) if len(plain) <= len(squeezed) else ("z", squeezed)
    return f"{kind}{packing}-{base64.urlsafe_b64encode(content).decode().rstrip('=')}"


def decode_link(payload: str) -> Opened | None:
    """What a payload leads to; None for anything that ``encode_link`` does not make, whoever made it."""
    match = _PAYLOAD.fullmatch(payload) if len(payload) <= MAX_PAYLOAD else None
    if match is None:
        return None
    kind, packing, encoded = match.groups()
    try:
        content = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        text = (_unsqueeze(content) if packing == "z" else content).decode()
    except (binascii.Error, zlib.error, ValueError):
        return None
    is_sound = text == " ".join(text.split()) and text.isprintable() and any(map(str.isalnum, text))
    return Opened(kind, text) if is_sound else None


def _unsqueeze(content: bytes) -> bytes:
    """Raises ValueError for more than any text of ours: a few bytes can hold megabytes."""
    opener = zlib.decompressobj(-15, zdict=_DICTIONARY)
    found = opener.decompress(content, MAX_TEXT_CHARS * 4)
    if not opener.eof or opener.unused_data:
        raise ValueError("not one whole text")
    return found
