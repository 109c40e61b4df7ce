"""An article as rules see it: units (words, pieces of hyphenated words) with their keys and places."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from index.alerting.keys import DEMONYMS, HYPHENATED_NAMES, PieceKeys, acronym_keys, joined_spans, piece_keys, spell, unknown_key
from index.alerting.themes import Nearness
from index.articles import Article, Span
from index.language.lexicon import noun
from index.language.words import clean_word, find_words, split_at_hyphens

# What may stand between the words of a phrase.
_GAP = re.compile(r"[\s\-‐‑–\"'„“”»«‚‘’]*")
_SUSPENDED = re.compile(r"[-‐‑–](?=\s*(?:,|und\b|oder\b|sowie\b|bzw\.|/|\s))")
MAX_SUSPENDED = 4  # Melde-, Pass- und Ausweiswesen


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or a piece of a hyphenated word: ``start`` and ``end`` are those of the whole word. ``follows``: the unit stands
    right behind the one before, with nothing but space, hyphens or quotation marks between. ``surface`` is the piece."""

    surface: str
    start: int
    end: int
    whole: frozenset[str]
    inside: frozenset[str]
    follows: bool
    parts: tuple[str, ...] = ()
    is_function_word: bool = False


@dataclass(frozen=True, slots=True)
class WordUnits:
    """Keys of the pieces of one word as it stands in a text; ``inside`` of the first piece holds those of the word as a whole."""

    pieces: tuple[str, ...]
    keys: tuple[PieceKeys, ...]


@dataclass(slots=True)
class AnalysedText:
    """A text's units, and where each key stands: ``wholes`` for whole words, ``anywhere`` also inside compounds."""

    text: str
    units: list[Unit]
    wholes: dict[str, list[int]] = field(default_factory=dict)
    anywhere: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """Title and text analysed once, for any number of rules. ``labels``: keys of source, tags and of the themes that it is ``near`` to."""

    article: Article
    title: AnalysedText
    body: AnalysedText
    labels: frozenset[str]
    near: Mapping[str, Nearness] = field(default_factory=dict)

    def all_keys(self) -> Iterable[str]:
        """Every key that occurs."""
        return self.title.anywhere.keys() | self.body.anywhere.keys() | self.labels


def analyse_article(article: Article, near: Mapping[str, Nearness] | None = None) -> AnalysedArticle:
    """Pure: depends on the article, the shipped lexicon, and the themes that the article is known to be near to."""
    near = near or {}
    labels = article_labels(article) | near.keys()
    return AnalysedArticle(article, analyse_text(article.title), analyse_text(article.text), labels, near)


def article_labels(article: Article) -> frozenset[str]:
    """``quelle:`` keys of the source's name, each of its words and its web address; ``tag:`` keys of the tags and their words."""
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", article.url).partition("/")[0]
    sources = {f"quelle:{key}" for key in (*label_words(article.source), *label_words(host.rpartition(".")[0]), spell(host.lower())) if key}
    return frozenset(sources | {f"tag:{key}" for tag in article.tags for key in label_words(tag)})


def label_words(label: str) -> list[str]:
    """A label as a whole and each of its words, spelled out in lower case."""
    return [spell(label.lower()), *(spell(word.surface.lower()) for word in find_words(label))]


def analyse_text(text: str) -> AnalysedText:
    """Units of ``text`` in order, with an index of their keys."""
    units: list[Unit] = []
    before = 0
    for word in find_words(text):
        analysed = word_units(word.surface)
        follows = bool(units) and _GAP.fullmatch(text, before, word.start) is not None
        for piece, keys in zip(analysed.pieces, analysed.keys, strict=True):
            units.append(Unit(piece, word.start, word.end, keys.whole, keys.inside, follows, keys.parts, keys.is_function_word))
            follows = True
        before = word.end
    _complete_suspended(text, units)
    analysed_text = AnalysedText(text, units)
    for place, unit in enumerate(units):
        for key in unit.whole:
            analysed_text.wholes.setdefault(key, []).append(place)
        for key in unit.whole | unit.inside if unit.inside else unit.whole:
            analysed_text.anywhere.setdefault(key, []).append(place)
    return analysed_text


@lru_cache(maxsize=300_000)
def word_units(surface: str) -> WordUnits:
    """Pieces of a word with their keys. Pure and cached."""
    word = clean_word(surface)
    name = word.lower().removesuffix("s")
    demonym = next((land for form, land in DEMONYMS.items() if "-" in form and word.lower().startswith(form)), None)
    if name in HYPHENATED_NAMES or demonym:
        return WordUnits((word,), (PieceKeys(frozenset({f"~{spell((demonym or name).lower())}"})),))
    pieces = tuple(split_at_hyphens(word)) or (word,)
    if len(pieces) == 1:
        keys = piece_keys(word)
        return WordUnits(pieces, (_with(keys, acronym_keys(word)),))
    return _hyphenated_units(word, pieces)


def _hyphenated_units(word: str, pieces: tuple[str, ...]) -> WordUnits:
    keys = [piece_keys(piece) for piece in pieces]
    is_camel = "-" not in word and all(char.isalnum() for char in word)
    lengths = range(2, len(pieces) + 1)
    joined = {unknown_key("".join(pieces[:length])) for length in lengths}
    joined |= {key for length in lengths for key in _known_keys("".join(pieces[:length]))}
    joined |= {key for length in lengths for key in acronym_keys("".join(pieces[:length]))}
    flat = tuple(part for piece, found in zip(pieces, keys, strict=True) for part in (found.parts or _single(piece, found)))
    inside = joined_spans(flat) if len(flat) <= 8 else set()
    if is_camel:  # BundID is a name: its letters and halves do not count on their own, but eAkte is an Akte
        head = keys[-1].whole if len(pieces[0]) == 1 else frozenset()
        return WordUnits((word,), (PieceKeys(frozenset(joined | {"|".join(flat)}), frozenset(inside & head) | head),))
    own = [
        _with(found, acronym_keys(piece, is_hyphenated_first=place < len(pieces) - 1))
        for place, (piece, found) in enumerate(zip(pieces, keys, strict=True))
    ]
    own[0] = PieceKeys(own[0].whole, own[0].inside | joined | inside, own[0].parts, own[0].is_function_word)
    return WordUnits(pieces, tuple(own))


def _known_keys(joined: str) -> frozenset[str]:
    """Keys of Cyber-Angriff written as one word, if the lexicon knows that."""
    return piece_keys(joined.capitalize()).whole if noun(joined) is not None else frozenset()


def _single(piece: str, keys: PieceKeys) -> tuple[str, ...]:
    nouns = sorted(key for key in keys.whole if key[:1].isalpha() and ":" not in key)
    return (nouns[0].capitalize(),) if nouns else (spell(piece).capitalize(),)


def _with(keys: PieceKeys, more: frozenset[str]) -> PieceKeys:
    return PieceKeys(keys.whole | more, keys.inside, keys.parts, keys.is_function_word) if more else keys


def _complete_suspended(text: str, units: list[Unit]) -> None:
    """``Melde- und Passwesen``: the first word gets the keys of *Meldewesen*; ``Registerpflege und -modernisierung`` likewise."""
    for place, unit in enumerate(units):
        if _SUSPENDED.match(text, unit.end) and unit.end > unit.start:
            _give_head(units, place)
        elif unit.start >= 2 and text[unit.start - 1] in "-‐‑–" and text[unit.start - 2].isspace():
            _give_modifier(units, place)


def _give_head(units: list[Unit], place: int) -> None:
    """The head comes from the next compound that is not suspended itself."""
    after = units[place + 1 : place + 1 + 2 * MAX_SUSPENDED]
    following = [unit for unit in after if len(unit.parts) > 1]
    if following:
        _extend(units, place, joined_spans((*_own_parts(units[place]), following[0].parts[-1])))
    completed = next((found for unit in after if unit.surface[:1].isupper() and (found := _completed(units[place].surface, unit.surface))), None)
    if completed is not None:
        _extend(units, place, completed.whole | completed.inside)


def _completed(first: str, compound: str) -> PieceKeys | None:
    """``Jugend``, ``Sozialamt`` → keys of Jugendamt, if an ending of the compound makes a word that the lexicon knows."""
    for start in range(1, len(compound) - 2):
        if noun(compound[start:]) is not None and noun(first + compound[start:]) is not None:
            return piece_keys(first + compound[start:])
    return None


def _give_modifier(units: list[Unit], place: int) -> None:
    before = [unit for unit in units[max(0, place - 3) : place] if len(unit.parts) > 1]
    if before:
        _extend(units, place, joined_spans((*before[-1].parts[:-1], *_own_parts(units[place]))))


def _own_parts(unit: Unit) -> tuple[str, ...]:
    """Parts of a suspended word; a link at its end (Verwaltungs-) is not part of the word."""
    if unit.parts:
        return unit.parts
    surface = unit.surface
    found = noun(surface) or noun(surface.removesuffix("s")) or noun(surface.removesuffix("n"))
    keys = piece_keys(surface.removesuffix("s")).parts
    return keys or (spell(found or surface).capitalize(),)


def _extend(units: list[Unit], place: int, keys: Iterable[str]) -> None:
    units[place] = replace(units[place], inside=units[place].inside | frozenset(keys))


def span_of(units: list[Unit], first: int, last: int) -> Span:
    """Range in the text of the units ``first`` to ``last``."""
    return Span(units[first].start, units[last].end)
