"""The shipped glossary of public-sector IT terms: acronyms to long forms and back."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.errors import ConfigurationError
from index.language.terms import analyse_word
from index.language.words import clean_word, find_words, fold
from index.shipped import shipped_file


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """``short``: spellings of the acronym; ``long``: names it stands for, the official one first; ``note``: one German sentence."""

    short: tuple[str, ...]
    long: tuple[str, ...]
    note: str


class Glossary:
    """Looks entries up by acronym and by the words of a long form."""

    def __init__(self, entries: list[GlossaryEntry]) -> None:
        self.entries = entries
        self._by_short: dict[str, list[GlossaryEntry]] = {}
        self._by_long: dict[tuple[str, ...], list[GlossaryEntry]] = {}
        for entry in entries:
            for short in entry.short:
                self._by_short.setdefault(fold(short), []).append(entry)
            for keys in filter(None, map(long_form_keys, entry.long)):  # "Einer für Alle" has none: see ``of_phrase``
                self._by_long.setdefault(keys, []).append(entry)
        self._by_phrase = {phrase_words(long): entry for entry in entries for long in entry.long}
        self.max_long_words = max((len(keys) for keys in self._by_long), default=0)

    def of_short(self, word: str) -> list[GlossaryEntry]:
        """Entries whose acronym is ``word``, however it is written; short all-letter acronyms of common words only in capitals."""
        entries = self._by_short.get(fold(clean_word(word)), [])
        return [entry for entry in entries if _is_meant(word, entry)]

    def of_phrase(self, words: tuple[str, ...]) -> GlossaryEntry | None:
        """The entry one of whose long forms consists of exactly these folded words, function words included."""
        return self._by_phrase.get(words)

    def of_long(self, keys: tuple[str, ...]) -> list[GlossaryEntry]:
        """Entries one of whose long forms has exactly these keys (see ``long_form_keys``)."""
        return self._by_long.get(keys, [])


# Acronyms that are everyday words in lower case: there they are acronyms only as written in the glossary.
_EVERYDAY = frozenset("ab not rest mac sit som pd ars rag safe dot ba ti ea".split())


def _is_meant(word: str, entry: GlossaryEntry) -> bool:
    return word.lower() not in _EVERYDAY or word in entry.short or word.isupper() or word.istitle()


def phrase_words(text: str) -> tuple[str, ...]:
    """All words of ``text``, folded."""
    return tuple(fold(clean_word(word.surface)) for word in find_words(text))


def long_form_keys(long: str) -> tuple[str, ...]:
    """First whole key of each content word of a long form, in order."""
    return tuple(terms.wholes[0] for word in find_words(long) if (terms := analyse_word(word.surface)).wholes)


def read_glossary(path: Path) -> Glossary:
    """Read a glossary file. Raises ConfigurationError naming the file and what is wrong."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))["term"]
        return Glossary([GlossaryEntry(tuple(table["short"]), tuple(table["long"]), table.get("note", "")) for table in tables])
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigurationError(f"Das Glossar {path} ist nicht lesbar: {error!r}.") from error


@lru_cache(maxsize=1)
def shipped_glossary() -> Glossary:
    """The glossary in ``data/``."""
    return read_glossary(shipped_file("glossary.toml"))
