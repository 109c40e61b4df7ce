"""In which language a question is asked: by its alphabet, its letters and its function words. German unless another one is clear.

A table of a hundred words instead of a library: it must never take a German question for a foreign one, knows five languages, costs
microseconds, and most questions are too short for statistics of letters (figures in docs/measurements.md).
"""

import re

from index.language.compounds import best_split
from index.language.lexicon import is_part, noun
from index.language.stopwords import QUESTION_WORDS, STOPWORDS

GERMAN = "de"
# Words that are common in questions of one language and are not German; what two of them share decides nothing.
_WORDS = {
    "en": """who what when where why how which whose is are were does do did has have had the a of to and for from on at by with since
    many much there it its can would should about into long""",
    "fr": """qui que quoi quand où pourquoi comment combien quel quelle quels quelles est sont était a ont fait le la les l un une des du de
    d et en au aux pour par sur dans avec depuis ce cette il elle on qu y été se s""",
    "tr": """kim kimin ne nedir nerede neden niçin nasıl kaç hangi kadar zaman mi mı mu mü bir ve ile için bu olarak oldu olan var yok
    kimdir nereye kimler eden edildi""",
}  # fmt: skip
_OWN = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LETTERS = {"tr": re.compile("[ığşİ]"), "fr": re.compile("[èêëîïôûœ]|\\b(?:qu|l|d|s|n)['’]")}
_CYRILLIC, _LATIN, _WORD = re.compile("[\u0400-\u04ff]"), re.compile("[a-zäöüß]", re.IGNORECASE), re.compile(r"[^\W\d_]+")
_RUSSIAN = re.compile("[ыэъё]", re.IGNORECASE)
_GERMAN_WORDS = (STOPWORDS | QUESTION_WORDS) - {"the", "of", "and", "in"}
_GERMAN_LETTERS = re.compile(r"\b[^\W\d_A-ZÄÖÜ]\w*[äß]|ß")  # in small words: names keep their letters in every language
_ACRONYM = re.compile("[A-ZÄÖÜ]{2,}")  # IT, UN: no function words
MAX_CHANCE_CHARS = 2  # "un", "it": as likely an abbreviation
MIN_NOUN_CHARS = 7  # shorter German nouns are often words of other languages, too
LETTERS_WEIGH = 2  # as much as two words
# First words that no other language shares say more than those in between, which may be a foreign title.
_GERMAN_BEGINNINGS = _GERMAN_WORDS - {"was", "an", "am", "so", "die", "war", "will", "den", "man", "da", "es", "du", "des", "wo", "er", "mal"}


def language_of(text: str) -> str:
    """``de``, ``en``, ``fr``, ``tr``, ``uk`` or, for another language in Cyrillic letters, ``ru``."""
    if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) / 2:
        return "ru" if _RUSSIAN.search(text) else "uk"
    written = _WORD.findall(text)
    words = [word.lower() for word in written if not _ACRONYM.fullmatch(word)]
    german = sum(word in _GERMAN_WORDS for word in words) + bool(_GERMAN_LETTERS.search(text))
    german += LETTERS_WEIGH * (written[:1] != [] and written[0].lower() in _GERMAN_BEGINNINGS)
    scores = {language: sum(word in own for word in words) for language, own in _OWN.items()}
    for language, letters in _LETTERS.items():
        scores[language] += LETTERS_WEIGH * bool(letters.search(text))
    best = max(scores, key=lambda language: scores[language])
    evidence = [word for word in words if word in _OWN[best]]
    is_short = all(len(word) <= MAX_CHANCE_CHARS for word in evidence)
    by_chance = scores[best] <= 1 and is_short and (evidence == ["it"] or any(_is_german_noun(word) for word in words))
    return best if scores[best] > german and not by_chance else GERMAN


def _is_german_noun(word: str) -> bool:
    """A long word that the lexicon knows as a noun or can take apart: one foreign word beside it ("un behindertenrechtskonvention") is chance."""
    written = word.capitalize()
    return len(word) >= MIN_NOUN_CHARS and (noun(written) is not None or best_split(written, is_part) is not None)


def function_words(language: str) -> frozenset[str]:
    """The words of its table, none for a language of another alphabet."""
    return _OWN.get(language, frozenset())


# What is glued to a name by an apostrophe: l'OZG, FITKO's, FITKO'nun.
_GLUED = {"en": re.compile(r"['’]s\b"), "fr": re.compile(r"\b(?:qu|[ldjnscmt])['’](?=\w)", re.IGNORECASE), "tr": re.compile(r"(?<=\w)['’]\w+")}


def without_glue(text: str, language: str) -> str:
    """``text`` with articles and endings that stick to words by an apostrophe as blanks, so that offsets stay."""
    glued = _GLUED.get(language)
    return glued.sub(lambda match: " " * len(match.group()), text) if glued else text
