"""A question → a rule that tells of news about it: its names and acronyms, else its rarest nouns.

concepts ── as words ── telling ones ── names first, then nouns that articles know, the rarest first ── two, in the order of the question
"""

from collections.abc import Sequence
from itertools import groupby

from index.alerting.rules import parse_rule
from index.alerting.terms import is_short_acronym
from index.errors import RuleError
from index.language.lexicon import lemma, noun
from index.language.terms import analyse_word
from index.retrieval.question import Concept

MAX_WORDS = 2  # all of them must occur: with three, fewer articles that answer a shipped question match than with two
MAX_BYTES = 52  # the rule travels in a button, which has 64
# Nouns that say what is asked, not about what.
VAGUE = frozenset(
    """jahr monat tag datum uhr zeit termin dauer leute mensch sache ding beispiel stand antwort artikel neues chef name abkürzung bedeutung
    anzahl zahl höhe summe kosten preis geld art teil ort adresse standort thema grund weg herausgeberin""".split()
)

Pieces = tuple[Concept, ...]  # the pieces of one word of the question


def rule_of_question(concepts: Sequence[Concept]) -> str:
    """A rule as one would write it, from what was understood of a question; empty if that names nothing to look for."""
    in_order = sorted(concepts, key=lambda concept: (concept.span.start, concept.span.end))
    words = [tuple(pieces) for _span, pieces in groupby(in_order, key=lambda concept: concept.span)]
    distinct = {_written(word).lower(): word for word in words if _is_telling(word)}
    chosen: list[Pieces] = []
    for word in sorted(distinct.values(), key=_rank):
        longer = [*chosen, word]
        if len(longer) <= MAX_WORDS and len(_together(longer).encode()) <= MAX_BYTES:
            chosen = longer
    try:
        return parse_rule(_together(chosen)).text if chosen else ""
    except RuleError:
        return ""


def _together(words: Sequence[Pieces]) -> str:
    return " ".join(_written(word) for word in sorted(words, key=lambda word: word[0].span.start))


def _written(word: Pieces) -> str:
    """The word as it was typed, or corrected; a name of function words by its acronym, since these alone are no rule."""
    if len(word) == 1:
        surface = word[0].surface
        return word[0].variants[0].keys[0] if " " in surface else surface
    length = word[0].span.end - word[0].span.start
    spellings = (joint.join(piece.surface for piece in word) for joint in ("-", ""))
    return next((spelling for spelling in spellings if len(spelling) == length), " ".join(piece.surface for piece in word))


def _is_telling(word: Pieces) -> bool:
    surface, first = _written(word), word[0]
    if not first.is_name or len(surface) < 2 or not any(char.isalnum() for char in surface) or ":" in surface:
        return False
    if surface[0].isdigit():
        return first.is_known and not first.is_year
    return not {surface.lower(), (lemma(surface) or "").lower()} & VAGUE


def _rank(word: Pieces) -> tuple[int, float, int]:
    """Names, nouns that articles know, other nouns, numbers; of these, the rarest first."""
    rarity, start = max(piece.idf for piece in word), word[0].span.start
    if word[0].surface[0].isdigit():
        return 3, -rarity, start
    if any(_is_proper(piece.surface) for piece in word):
        return 0, -rarity, start
    return (1 if all(piece.is_known for piece in word) else 2), -rarity, start


def _is_proper(surface: str) -> bool:
    """An acronym, or a word that no lexicon knows, not even in parts."""
    return is_short_acronym(surface) or (noun(surface) is None and lemma(surface.lower()) is None and not analyse_word(surface).parts)
