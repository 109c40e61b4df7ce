"""Articles that are hard to show: markup in every field, a sentence without an end, headlines without measure."""

import json
from pathlib import Path

MARKUP_TITLE = '<b>Fluxkompensator</b> & "Faxe" im Amt </blockquote>'
MARKUP_SENTENCE = 'Der Fluxkompensator <b>ersetzt</b> in Kleinkleckersdorf die Akte & das "Fax" &amp; den </blockquote> Stempel 😀.'
MARKUP_URL = "https://example.org/suche?a=1&b='zwei'&lt=4&amp;c=5"  # double quotation marks are no address for the reader
MARKUP_SOURCE = "Müller & Söhne <GmbH>"
LONG_SENTENCE_WORD = "Zwirbelmaschine"
LONG_TITLE_WORD = "Quirlverordnung"

_CLAUSES = "".join(f"der {number}. Bauabschnitt wird geprüft, verworfen und wieder aufgenommen, während " for number in range(1, 90))
_LONG_SENTENCE = f"Die {LONG_SENTENCE_WORD} in Kleinkleckersdorf steht still, weil {_CLAUSES}alle warten."
_QUIRLS = (
    f"Die {LONG_TITLE_WORD} gilt in Großquirlau seit dem Frühjahr.",
    f"Wer in Großquirlau quirlt, meldet das nach der {LONG_TITLE_WORD} beim Amt an.",
    f"Die {LONG_TITLE_WORD} wurde in Großquirlau einstimmig beschlossen.",
)
RECORDS = (
    (MARKUP_TITLE, MARKUP_SENTENCE, {"date": "2024-05-06", "url": MARKUP_URL, "publisher": MARKUP_SOURCE}),
    ("Ein Satz ohne Ende", _LONG_SENTENCE, {"date": "2024-05-07", "url": "https://example.org/satz", "publisher": "Amtsblatt"}),
    *(
        (f"{LONG_TITLE_WORD} {place} " + f"mit der Folge der Folge Nummer {place} " * 60, text, {"publisher": "Amtsblatt"})
        for place, text in enumerate(_QUIRLS, 1)
    ),
)


def write_odd_articles(folder: Path) -> Path:
    """The articles as JSON lines."""
    records = [{"_id": f"odd-{n}", "title": title, "text": text, "metadata": more} for n, (title, text, more) in enumerate(RECORDS)]
    path = folder / "odd.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path
