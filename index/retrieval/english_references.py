"""Follow-ups in English: "and since when?", "who leads it?", "what about Bavaria?", "more". The few rules that such short messages need.

English names begin with a capital and other words do not, so what a message is about shows without a lexicon.
"""

import re

from index.language.which import function_words
from index.language.words import find_words

ENGLISH = "en"
_MORE = re.compile(
    r"\W*(?:(?:and|please|show me|tell me|give me|any|some)\s+)*(?:more(?:\s+(?:please|quotes|results|info(?:rmation)?|(?:on|about|of)\s+(?:this|that|it)))?"
    r"|anything else|go on)\W*",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\W*(?:and|but|what about|how about|or)\b", re.IGNORECASE)
_POINTING = frozenset("it its they them their he him his she her this that these those there then".split())
# "It is raining", "is there": words that point to nothing.
_EMPTY = re.compile(r"\b(?:is|are|was|were|will|has|have)\s+there\b|\bthere\s+(?:is|are|was|were|will|has|have)\b", re.IGNORECASE)
# Beside the words that tell the language: what a question of pure reference consists of.
_SMALL = frozenset("was will may might must than i me my you your we us our be been being not no so if or but because exactly ago long old now still any some all more most".split())


def asks_for_more(text: str) -> bool:
    """ "more on that" """
    return _MORE.fullmatch(text) is not None


def refers_back(text: str) -> bool:
    """Whether an English message refers to the question before it: it begins with "and", names nothing itself, or points back."""
    if _LEAD.match(text):
        return True
    names, words = names_of(text), _words(text)
    return not names and (all(word in _small_words() for word in words) or bool(_POINTING.intersection(words) and not _EMPTY.search(text)))


def subject_of(question: str) -> str:
    """What an English question is about: its names, else all that is no function word."""
    names = names_of(question)
    kept = [word.surface for word in find_words(question) if word.surface.lower() not in _small_words()]
    return " ".join(names or kept)


def names_of(text: str) -> list[str]:
    """Words with a capital that do not merely begin the text, in order, each once."""
    words = find_words(text)
    found = [word.surface for place, word in enumerate(words) if _is_name(word.surface, place == 0)]
    return list(dict.fromkeys(found))


def _is_name(surface: str, is_first: bool) -> bool:
    capitals = sum(char.isupper() for char in surface)
    return capitals > 1 or (capitals == 1 and surface[0].isupper() and len(surface) > 1 and not is_first)


def _words(text: str) -> list[str]:
    return [word.surface.lower() for word in find_words(text)]


def _small_words() -> frozenset[str]:
    return function_words(ENGLISH) | _SMALL | _POINTING
