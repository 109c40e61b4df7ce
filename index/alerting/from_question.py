"""A question that has no answer yet → the words of a rule that would tell of one: its names, acronyms and nouns."""

from index.alerting.rules import parse_rule
from index.alerting.terms import is_short_acronym
from index.errors import RuleError
from index.language.lexicon import is_common_word, lemma, noun
from index.language.stopwords import QUESTION_WORDS, STOPWORDS
from index.language.words import Word, clean_word, find_words

MAX_WORDS = 3  # all of them must occur: more would hardly ever come together
MAX_BYTES = 52  # the rule travels in a button, which has 64
# Nouns that say what is asked, not about what.
VAGUE = frozenset(
    """jahr jahre jahren monat monate tag tage datum uhr zeit termin leute mensch menschen sache ding beispiel stand antwort artikel neues chef
    name anzahl zahl art teil ort grund weg""".split()
)


def rule_of_question(question: str) -> str:
    """A rule as one would write it; empty if the question names nothing to look for."""
    words = [word for word in find_words(question) if _is_telling(word, is_first=not question[: word.start].strip())]
    distinct = list({word.surface.lower(): word for word in words}.values())
    chosen: list[Word] = []
    for word in sorted(distinct, key=lambda word: (not _is_name(clean_word(word.surface)), -len(word.surface), word.start)):
        longer = [*chosen, word]
        if len(longer) <= MAX_WORDS and len(_written(longer).encode()) <= MAX_BYTES:
            chosen = longer
    rule = _written(chosen)
    try:
        return parse_rule(rule).text if rule else ""
    except RuleError:
        return ""


def _written(words: list[Word]) -> str:
    return " ".join(clean_word(word.surface) for word in sorted(words, key=lambda word: word.start))


def _is_name(surface: str) -> bool:
    """An acronym, or a word that no lexicon knows."""
    return is_short_acronym(surface) or (noun(surface) is None and lemma(surface.lower()) is None)


def _is_telling(word: Word, is_first: bool) -> bool:
    surface = clean_word(word.surface)
    lowered = surface.lower()
    if len(surface) < 2 or not any(char.isalpha() for char in surface) or ":" in surface:
        return False
    if is_short_acronym(surface) and (surface.isupper() or lowered not in STOPWORDS):
        return True
    if lowered in STOPWORDS or lowered in QUESTION_WORDS or lowered in VAGUE:
        return False
    return (surface[:1].isupper() and not is_first) or not is_common_word(lowered)
