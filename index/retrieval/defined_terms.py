"""The glossary with what the stored articles define themselves, kept in memory and read on as articles come."""

from index.language.definitions import find_definitions
from index.language.glossary import Glossary, GlossaryEntry
from index.language.lexicon import lemma
from index.storage.store import Store


class DefinedTerms:
    """Definitions of all stored articles; only new or changed articles are read again."""

    def __init__(self, base: Glossary) -> None:
        self._base = base
        self._found: dict[tuple[int, int], frozenset[tuple[str, str]]] = {}

    def glossary(self, store: Store) -> Glossary:
        """The base glossary and what ``store`` defines now; each acronym keeps all its meanings."""
        present = store.article_versions()
        self._found = {article: self._found[article] for article in present if article in self._found}
        for row, version, text in store.article_texts(article for article in present if article not in self._found):
            self._found[row, version] = frozenset(find_definitions(text))
        pairs = sorted(pair for pair in frozenset().union(*self._found.values()) if not _is_word(pair[0]))
        return Glossary([*self._base.entries, *(GlossaryEntry((short,), (long,), "") for short, long in pairs)])


def _is_word(short: str) -> bool:
    """Whether an acronym is a word in small letters ("use", "had"): questions would mean the word."""
    return lemma(short.lower()) is not None
