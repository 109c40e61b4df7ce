"""The terms of a rule: each is a set of ways in which a text may say it."""

from dataclasses import dataclass, field

from index.alerting.analysis import word_units
from index.alerting.keys import MAX_SHORT_ACRONYM, piece_keys, unknown_key
from index.language.glossary import Glossary, GlossaryEntry, long_form_keys, phrase_words, shipped_glossary
from index.language.lexicon import lemma, noun
from index.language.words import find_words, split_at_hyphens

# Heads of compounds that are also said the long way: Registermodernisierung, Modernisierung der Register. Others change their
# meaning: Bürgergeld is not the Geld der Bürger.
SPREAD_HEADS = (
    "ung ion taet heit keit schutz bau wahl reform strategie gesetz plan pflicht mangel analyse konzept politik programm zugang verordnung"
).split()
MIN_SPREAD_PART = 4
# Acronyms that people write in small letters although the lexicon takes them for other words.
SHORT_FORMS = frozenset({"it", "eu", "ki", "id"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word that has one of the keys, also inside a compound."""

    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Neighbouring units, each of which has one of its step's keys as a whole word; the last one also as the beginning of a
    compound if ``is_last_open``."""

    steps: tuple[frozenset[str], ...]
    is_last_open: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """A compound said in several words, head first: ``parts`` of Registermodernisierung find "Modernisierung der Register"."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say a term; ``meaning`` names it where it is another name from the glossary."""

    form: Word | Phrase | Spread
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """What a rule asks for: ``text`` as written. ``where``: empty for anywhere, else ``titel``. Equal terms are looked for once."""

    ways: tuple[Way, ...]
    where: str = ""
    text: str = field(default="", compare=False)

    @property
    def meanings(self) -> tuple[str, ...]:
        """Other names from the glossary under which it is found too."""
        return tuple(dict.fromkeys(way.meaning for way in self.ways if way.meaning))


@dataclass(frozen=True, slots=True)
class Label:
    """A source or a tag: ``key`` as in ``AnalysedArticle.labels``."""

    key: str
    text: str = field(default="", compare=False)


def word_term(surface: str, where: str = "", glossary: Glossary | None = None) -> Term | None:
    """The term for one word of a rule; None for a function word."""
    own = _ways_of_word(surface)
    if not own:
        return None
    glossary = glossary or shipped_glossary()
    entries = [*glossary.of_short(surface), *_of_long(surface, glossary)]
    return Term(_unique((*own, *_other_names(surface, entries))), where, surface)


def phrase_term(text: str, where: str = "", glossary: Glossary | None = None) -> Term | None:
    """The term for words in quotation marks; None if there is no word but function words."""
    words = find_words(text)
    if len(words) == 1:
        return word_term(words[0].surface, where, glossary)
    form = _phrase(text)
    if form is None:
        return None
    glossary = glossary or shipped_glossary()
    return Term(_unique((Way(form), *_other_names(text, phrase_entries(text, glossary)))), where, text)


def phrase_entries(text: str, glossary: Glossary) -> list[GlossaryEntry]:
    """Glossary entries of which ``text`` is a name of several words."""
    found = glossary.of_phrase(phrase_words(text))
    return [found] if found else [*_of_long(text, glossary), *glossary.of_short(text)]


def _of_long(text: str, glossary: Glossary) -> list[GlossaryEntry]:
    """Entries with this long form; a name of function words only (Einer für Alle) has no keys, and neither has a single letter."""
    keys = long_form_keys(text)
    return list(glossary.of_long(keys)) if keys else []


def _unique(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """Without ways that say the same as an earlier one."""
    kept: dict[Word | Phrase | Spread, Way] = {}
    for way in ways:
        kept.setdefault(way.form, way)
    return tuple(kept.values())


def _other_names(said: str, entries: list[GlossaryEntry]) -> tuple[Way, ...]:
    ways: list[Way] = []
    for entry in entries:
        for name in (*entry.short, *entry.long):
            if phrase_words(name) != phrase_words(said):
                ways += [Way(way.form, name) for way in _ways_of_name(name)]
    return tuple(ways)


def _ways_of_name(name: str) -> tuple[Way, ...]:
    if len(find_words(name)) == 1:
        return _ways_of_word(find_words(name)[0].surface)
    form = _phrase(name)
    return (Way(form),) if form else ()


def _phrase(text: str) -> Phrase | None:
    steps = [_step(piece) for word in find_words(text) for piece in _pieces(word.surface)]
    return Phrase(tuple(steps)) if any(not all(key.startswith("s:") for key in step) for step in steps) else None


def _pieces(surface: str) -> tuple[str, ...]:
    return word_units(surface).pieces


def _step(piece: str) -> frozenset[str]:
    if is_short_acronym(piece):
        return _acronym_forms(piece)
    (keys, *_more) = word_units(piece).keys
    return frozenset(keys.whole)


def is_short_acronym(word: str) -> bool:
    """Whether a word of a rule is meant as an acronym that counts only as a whole word in its case."""
    if not 2 <= len(word) <= MAX_SHORT_ACRONYM or not word.isalnum() or word.isdecimal():
        return False
    if sum(char.isupper() for char in word) >= 2 or (word[0].isupper() and any(char.isdigit() for char in word)):
        return True
    if word in SHORT_FORMS:
        return True
    return word.islower() and noun(word) is None and (lemma(word) is None or bool(shipped_glossary().of_short(word)))


def _acronym_forms(word: str) -> frozenset[str]:
    shorts = [short for entry in shipped_glossary().of_short(word) for short in entry.short if short.lower() == word.lower()]
    return frozenset(f"A:{form}" for form in (word.upper(), *shorts, *([] if word.islower() else [word])))


def _ways_of_word(surface: str) -> tuple[Way, ...]:
    if is_short_acronym(surface):
        return (Way(Word(_acronym_forms(surface))),)
    units = word_units(surface)
    if len(units.pieces) > 1:
        return _ways_of_hyphenated(surface, units.pieces)
    (keys,) = units.keys
    if keys.is_function_word:
        return ()
    found = {key for key in keys.whole if not key.startswith("A:")} | _noun_keys(surface)
    return (Way(Word(frozenset(found))), *_spread_ways(keys.parts))


def _noun_keys(surface: str) -> set[str]:
    """People write nouns in small letters: ``daten`` is also Daten, ``register`` also Register."""
    if not surface.islower() or noun(surface) is None:
        return set()
    return {key for key in piece_keys(surface.capitalize()).whole if not key.startswith("~")}


def _spread_ways(parts: tuple[str, ...]) -> tuple[Way, ...]:
    if len(parts) < 2 or min(map(len, parts)) < MIN_SPREAD_PART:
        return ()
    gapped = Way(Phrase(tuple(frozenset({part}) for part in parts)))
    return (gapped, Way(Spread(parts))) if parts[-1].lower().endswith(tuple(SPREAD_HEADS)) else (gapped,)


def _ways_of_hyphenated(surface: str, pieces: tuple[str, ...]) -> tuple[Way, ...]:
    """IT-Planungsrat: its pieces one after the other, or written as one word (NIS-2, NIS2)."""
    joined = "".join(pieces)
    keys = _acronym_forms(joined) if is_short_acronym(joined) else frozenset({unknown_key(joined), *_whole_of(joined)})
    steps = tuple(_step(piece) for piece in split_at_hyphens(surface))
    return (Way(Word(keys)), Way(Phrase(steps, is_last_open=True)))


def _whole_of(joined: str) -> frozenset[str]:
    (keys, *_more) = word_units(joined).keys
    return frozenset(key for key in keys.whole if "|" in key or key.startswith("~"))
