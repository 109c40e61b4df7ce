"""Articles that are hard to show: markup in every field, a sentence without an end, a headline longer than a message."""

import json
from collections.abc import Iterable
from pathlib import Path

MARKUP_TITLE = '<b>Fluxkompensator</b> & "Faxe" im Amt </blockquote>'
MARKUP_SENTENCE = 'Der Fluxkompensator <b>ersetzt</b> in Kleinkleckersdorf die Akte & das "Fax" &amp; den </blockquote> Stempel 😀.'
MARKUP_URL = "https://example.org/suche?a=1&b='zwei'&lt=4&amp;c=5"  # double quotation marks are no address for the reader
MARKUP_SOURCE = "Müller & Söhne <GmbH>"
LONG_SENTENCE_WORD = "Zwirbelmaschine"
LONG_TITLE_WORD = "Quirlverordnung"

_CLAUSES = "".join(f"der {number}. Bauabschnitt wird geprüft, verworfen und wieder aufgenommen, während " for number in range(1, 90))
_LONG_SENTENCE = f"Die {LONG_SENTENCE_WORD} in Kleinkleckersdorf steht still, weil {_CLAUSES}alle warten."
ODD = (
    ("odd-markup", MARKUP_TITLE, MARKUP_SENTENCE, {"date": "2024-05-06", "url": MARKUP_URL, "publisher": MARKUP_SOURCE}),
    ("odd-sentence", "Ein Satz ohne Ende", _LONG_SENTENCE, {"date": "2024-05-07", "url": "https://example.org/satz", "publisher": "Amtsblatt"}),
)  # fmt: skip
LONG_TITLE = f"{LONG_TITLE_WORD}: " + " ".join(f"{number}. Fassung der Fassung," for number in range(1, 200))
LONG_TITLE_URL = "https://example.org/quirl?a=1&b=2"
LONG_TITLE_TEXT = f"Die {LONG_TITLE_WORD} gilt in Großquirlau seit dem Frühjahr."
ENDLESS = (("odd-title", LONG_TITLE, LONG_TITLE_TEXT, {"date": "2024-05-08", "url": LONG_TITLE_URL, "publisher": "Amtsblatt"}),)


def write_articles(folder: Path, records: Iterable[tuple[str, str, str, dict]]) -> Path:
    """The articles (key, title, text, metadata) as a file of JSON lines."""
    lines = [json.dumps(dict(zip(("_id", "title", "text", "metadata"), record, strict=True)), ensure_ascii=False) for record in records]
    path = folder / "odd.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path
