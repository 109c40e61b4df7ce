"""Acronyms that a text itself explains, after Schwartz and Hearst (2003), for German compounds.

``Wohnberechtigungsschein (WBS)``, ``Wohnberechtigungsschein, kurz WBS``, ``WBS (Wohnberechtigungsschein)``.
"""

import re
from collections.abc import Iterator

_ACRONYM = r"[A-ZÄÖÜ][A-Za-zÄÖÜäöü0-9-]{1,9}"
_KURZ = r"(?:kurz|abgekürzt|Abkürzung):? [„\"»]?"
_SHORT = re.compile(rf"(?<=\w)(?: \((?:{_KURZ})?({_ACRONYM})[“\"«]?\)|, {_KURZ}({_ACRONYM})(?![\w-]))")
_SHORT_FIRST = re.compile(rf"(?<![\w-])({_ACRONYM}) \(((?:[\w-]+ ){{0,7}}[\w-]+)\)")
_LAST_WORDS = re.compile(r"(?:[\w-]+ ){0,7}[\w-]+$")
READ_CHARS = 160  # before the bracket: eight words
# An acronym of one word takes its letters from inside; shorter words hold any two letters by chance.
MIN_CHARS_PER_LETTER = 3


def find_definitions(text: str) -> Iterator[tuple[str, str]]:
    """(acronym, long form as written) for each definition in ``text``; before an acronym, the shortest long form that holds the letters in order."""
    for match in _SHORT.finditer(text):
        short = match[1] or match[2]
        before = _LAST_WORDS.search(text[max(0, match.start() - READ_CHARS) : match.start()])
        if before is not None:
            words = before.group().split()
            long = next((words[-n:] for n in range(1, len(words) + 1) if _stands_for(short, words[-n:])), None)
            if long is not None:
                yield short, " ".join(long)
    for match in _SHORT_FIRST.finditer(text):
        short, words = match[1], match[2].split()
        if _stands_for(short, words):
            yield short, " ".join(words)


def _stands_for(short: str, words: list[str]) -> bool:
    """An acronym of two capitals or more; begins alike with a capital, holds the letters in order, and has no more capitalised words than letters."""
    long, letters = " ".join(words), short.replace("-", "")
    if sum(char.isupper() for char in short) < 2:
        return False
    if not long[0].isupper() or long[0] != letters[0] or sum(word[0].isupper() for word in words) > len(short):
        return False
    if len(words) == 1 and len(long) < MIN_CHARS_PER_LETTER * len(letters):
        return False
    rest = iter(long.lower())
    return all(letter in rest for letter in letters.lower())
