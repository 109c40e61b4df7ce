"""Whether two articles are the same news. Precision first: two releases of one frame stay two (docs/near-duplicates.md).

    word for word the same ── short? another day or month in the headline, a correction? ── one, however far apart
    nearly the same ── within a month ── no number, name or "nicht" in place of another ── one

A sketch finds the few articles worth comparing: the smallest hashes of a text's word triples (bottom-k, Broder 1997). Texts that are
nearly equal share most of them. What decides is what differs, not how much is shared.
"""

import functools
import re
import unicodedata
import zlib
from collections import Counter
from dataclasses import dataclass

import numpy as np

from index.articles import Article

SKETCH_SIZE = 8
MIN_SHARED = 3  # of a sketch; at the threshold five of eight are expected
MIN_SIMILARITY = 0.85  # share of common word triples (Jaccard)
MAX_DAYS_APART = 31  # later, a release of nearly the same words is rather the next of a series
MIN_WORDS = 30  # a shorter text says too little to be compared when it is not the very same
MIN_OWN_WORDS = 25  # of a text that is the same under two headlines, or after more than a month

RECENT = 256  # texts whose forms are kept: an article is looked at several times until its batch is stored

_WORD = re.compile(r"\w+")
# How to reach somebody and what hangs below says nothing about the news: telephone numbers, addresses on the web, sizes of files.
_CONTACT = re.compile(
    r"\S+@\S+|(?:https?://|www\.)\S+|\bPDF-Dokument \([^)]*\)|\+49[\d ()/-]{6,}|\(?\b0\d{2,4}\)?[ /-]{1,3}\d[\d /-]{2,}\d|"
    r"\b(?:Tel(?:efon|\.)?(?:nummer|-?Nr\.?)?|Fax|Apparat)[.: ]{0,3}[(\d][\d ()/-]{3,}|\b9\d{1,4}[ -]?\d{3,5}\b|\(9\)\d[\d -]{4,}"
)
# Lines of the publisher's own around the news.
_FRAME = re.compile(
    r"^[ \t]*(?:(?:Folgen Sie|Medienkontakt|Pressekontakt|Ansprechp|Bild:|Foto:|Im Auftrag|Diese Presse\w+ als PDF|PDF-Dokument|"
    r"(?:Gemeinsame )?(?:Pressemitteilung|Presse-?mitteilung|Pressemeldung) d)[^\n]*|"
    r"(?:Das|Der|Die) [^\n]{10,200} (?:teilt mit|informiert)[: ]*|Das Bezirksamt [^\n]{10,200} aufmerksam machen[:. ]*|Zur Originalmeldung)$",
    re.MULTILINE,
)
_CALENDAR = frozenset(
    "januar februar märz april mai juni juli august september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag "
    "sonnabend sonntag".split()
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn".split(), start=2)
}
# A word that turns the news round or says that it was put right: in only one of two articles, they are two.
_TURN = re.compile(
    r"(?:nicht|kein|nie|ohne|abgesag|absage|entfäll|entfall|fällt|ausfall|verschoben|verleg|verläng|geänder|änder|abweichend|korr[ie]|"
    r"berichtig|aktualis|richtigst|ergänz|update|ersatz).*"
)
_TITLE_TURN = re.compile(r"abgesag|absage|entfäll|fällt aus|verschoben|verleg|verläng|änder|korrektur|berichtig|richtigst|nicht|kein|update", re.IGNORECASE)
_STEM_CHARS = 5  # words that begin alike are forms of one word: Bürger, Bürger:innen
_TRIPLE_WEIGHTS = tuple(np.uint64(weight) for weight in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


def sketch(article: Article) -> tuple[int, ...]:
    """At most SKETCH_SIZE signed 64-bit numbers; equal texts have equal sketches. Empty if nothing nearly the same is looked for."""
    if article.is_teaser or len(article.text.split()) < MIN_WORDS:
        return ()
    return tuple(_triples(plain(article.text))[:SKETCH_SIZE].astype(np.int64).tolist())


def similarity(one: str, other: str) -> float:
    """Share of common word triples of two texts, 0 to 1."""
    a, b = _triples(plain(one)), _triples(plain(other))
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)


@functools.lru_cache(RECENT)
def plain(text: str) -> str:
    """The text without what only spelling machines see: one form of each character, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u00ad", "").split())


def is_same_news(one: Article, other: Article) -> bool:
    """Whether the articles are to become one, with several places of publication."""
    if one.is_teaser != other.is_teaser:
        return False
    text, other_text = plain(one.text), plain(other.text)
    if text == other_text:
        return _is_same_headline(one, other, len(text.split()))
    if one.is_teaser or _days_apart(one, other) > MAX_DAYS_APART or min(len(text.split()), len(other_text.split())) < MIN_WORDS:
        return False
    return similarity(text, other_text) >= MIN_SIMILARITY and not _contradict(one, other)


def _is_same_headline(one: Article, other: Article, words: int) -> bool:
    """Of two articles with the very same text of so many words: whether the headlines let them be one."""
    title, other_title = plain(one.title), plain(other.title)
    if words < MIN_OWN_WORDS:
        return title == other_title and _days_apart(one, other) <= MAX_DAYS_APART
    return title == other_title or not _contradict_in_titles(title, other_title)


def _contradict_in_titles(title: str, other: str) -> bool:
    numbers, others = set(_numbers(title)), set(_numbers(other))
    return bool(numbers - others and others - numbers) or bool(_TITLE_TURN.search(title)) != bool(_TITLE_TURN.search(other))


@dataclass(frozen=True, slots=True)
class _Said:
    """What is compared of an article: numbers, names of days and months; names and nouns; all words in small letters."""

    numbers: Counter[str]
    names: frozenset[str]
    words: frozenset[str]


def _contradict(one: Article, other: Article) -> bool:
    """Whether one says something in place of what the other says, or a number or a turn that the other does not."""
    if _contradict_in_titles(plain(one.title), plain(other.title)):
        return True
    a, b = _read(one), _read(other)
    return _differ_in_numbers(a.numbers, b.numbers) or _differ_in_turns(a, b) or _differ_in_names(a, b)


def _differ_in_numbers(one: Counter[str], other: Counter[str]) -> bool:
    """A number more on one side only is allowed if the other side has it, too: a day that is named twice."""
    new, old = one - other, other - one
    return bool((new and old) or new.keys() - other.keys() or old.keys() - one.keys())


def _differ_in_turns(one: _Said, other: _Said) -> bool:
    return any(_TURN.fullmatch(word) for word in one.words ^ other.words)


def _differ_in_names(one: _Said, other: _Said) -> bool:
    """Whether each side has a name or noun that the other has in no form."""
    new, old = one.names - other.words, other.names - one.words
    return any(not _has_form(name, old) for name in new) and any(not _has_form(name, new) for name in old)


def _has_form(name: str, others: frozenset[str]) -> bool:
    return any(name[:_STEM_CHARS] == other[:_STEM_CHARS] or name.endswith(other) or other.endswith(name) for other in others)


def _read(article: Article) -> _Said:
    body = _CONTACT.sub(" ", plain(_FRAME.sub(" ", article.text)))
    words = _WORD.findall(f"{plain(article.title)} {body}")
    names = frozenset(word.lower() for word in words if word[0].isupper() and len(word) > 2 and not _as_number(word))
    return _Said(Counter(_numbers(body)), names, frozenset(word.lower() for word in words))


def _numbers(text: str) -> list[str]:
    return [number for word in _WORD.findall(text) if (number := _as_number(word))]


def _as_number(word: str) -> str:
    """The number that a word is, the name of a day or month; "" for any other."""
    lowered = word.lower()
    if any(letter.isdigit() for letter in lowered):
        return "" if lowered == "00" else lowered.lstrip("0") or "0"  # "16.00 Uhr" is "16 Uhr", "03.02." is "3.2."
    return _NUMBER_WORDS.get(lowered, "") or (lowered.rstrip("s") if lowered.rstrip("s") in _CALENDAR else "")


@functools.lru_cache(RECENT)
def _triples(text: str) -> np.ndarray:
    """Hashes of the word triples, uint64, ascending and different from each other; at least one."""
    words = np.array([zlib.crc32(word.encode()) for word in _WORD.findall(text.lower())], np.uint64)
    words = np.pad(words, (0, max(0, 3 - len(words))))
    first, second, third = _TRIPLE_WEIGHTS
    mixed = words[:-2] * first + words[1:-1] * second + words[2:] * third
    mixed = (mixed ^ (mixed >> _HALF)) * _MIX
    return np.unique(mixed ^ (mixed >> _HALF))


def _days_apart(one: Article, other: Article) -> int:
    if one.published is None or other.published is None:
        return 0
    return abs((one.published - other.published).days)
