"""Words of a text with their offsets, and the folding that makes spellings comparable."""

import re
import unicodedata
from dataclasses import dataclass

# Letters and digits; inside a word hyphens, apostrophes, soft hyphens and joiners; inside a number dots and commas.
_WORD = re.compile(
    r"\d+(?:[.,:]\d+)+|[^\W_]+(?:[-‐‑'’\u00ad\u200b\u200c\u200d*:_/](?=[^\W\d_])[^\W_]+|[\u00ad\u200b-\u200d\u0300-\u036f]+[^\W_]*)*"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_HYPHENS = re.compile("[-‐‑–/]")
_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_THOUSANDS = re.compile(r"^\d{1,3}(\.\d{3})+(,\d+)?$")
_GENDER = re.compile(r"[*:_](?=in(?:nen)?\b)")
MAX_NUMBER_DIGITS = 64  # longer ones are no numbers that anyone looks up, and Python refuses to read thousands of digits
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text: ``text[start:end]`` is ``surface``."""

    surface: str
    start: int
    end: int


def find_words(text: str) -> list[Word]:
    """Words and numbers of ``text`` in order; a hyphenated word is one word."""
    return [Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]


def clean_word(surface: str) -> str:
    """``surface`` composed (NFKC), without invisible characters, one kind of apostrophe, gender marks (``*in``) as plain ``in``."""
    word = _INVISIBLE.sub("", unicodedata.normalize("NFKC", surface))
    return _GENDER.sub("", word.replace("’", "'"))


def split_at_hyphens(word: str) -> list[str]:
    """Parts of ``IT-Planungsrat`` or ``eAkte``: at hyphens and where a small letter is followed by a capital."""
    return [part for piece in _HYPHENS.split(word) for part in _CAMEL.split(piece) if part]


def fold(word: str) -> str:
    """Lower case, umlauts and accents to their base letters, ß to ss, without apostrophes and hyphens: ``Bürger-Amt`` → ``burgeramt``."""
    lowered = word.casefold().translate(_UMLAUTS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if char.isalnum()).casefold()  # decomposing may give capitals: 𝐀 → A


def restore_umlauts(word: str) -> str:
    """``Buergeramt`` → ``Bürgeramt``: each ae, oe, ue as an umlaut, but not after a, e, o or q (``Steuer``, ``quer``)."""
    restored = re.sub(
        r"(?<![aeoqAEOQ])([uaoUAO])e", lambda m: {"u": "ü", "a": "ä", "o": "ö", "U": "Ü", "A": "Ä", "O": "Ö"}[m.group(1)], word
    )
    return restored


def restore_sharp_s(word: str) -> str:
    """``Massnahme`` → ``Maßnahme``: each ss as ß."""
    return word.replace("ss", "ß")


def number_keys(word: str) -> tuple[str, ...]:
    """Keys of a number: one spelling (``1.000`` → 1000, ``3,5`` → 3_5); for a date also its year (``28.1.2019`` → 28_1_2019, 2019).

    Empty for a word that is no number.
    """
    if not word[:1].isdecimal() or not all(char.isdecimal() or char in ".,:" for char in word):
        return ()
    if _THOUSANDS.match(word):
        word = word.replace(".", "")
    parts = [str(int(part[:MAX_NUMBER_DIGITS])) for part in re.split(r"[.,:]", word) if part]
    is_date = len(parts) == 3 and len(parts[2]) == 4
    return ("_".join(parts), parts[2]) if is_date else ("_".join(parts),)
