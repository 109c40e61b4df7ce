"""Which words of a message are nouns or names, also where somebody types in small letters."""

from index.language.lexicon import is_common_word, lemma, noun
from index.language.stopwords import QUESTION_WORDS, STOPWORDS
from index.language.words import Word, clean_word, split_at_hyphens

# What stands before a noun; a word that may be noun or verb is a noun behind one of these ("vom rat", "die kosten").
_BEFORE_NOUNS = frozenset(
    """der die das den dem des ein eine einen einem einer eines im am vom zum zur beim ins ans kein keine in für von mit bei
    diese dieser dieses diesem diesen""".split()
)
# Adverbs and number words that the word list holds as nouns, or not at all.
_NEVER = frozenset(
    """eigentlich denn mal genau noch überhaupt insgesamt davor vorher zuvor danach nachher heute gestern morgen gerade jetzt schon
    erst sonst außerdem ausserdem wieviel wieviele wievielte hallo danke bitte ok okay ja nein gut super gerne gern tschüss moin hi hey
    eins zwei drei vier fünf sechs sieben acht neun zehn prozent woher wohin woraus worauf woran womit wofür wovon wozu worum worin
    warum wieso weshalb inwiefern inwieweit kriegt kriegen gibts gehts wars ists isses bisher bislang mittlerweile inzwischen trotzdem
    dran drin drauf drum""".split()
)


def noun_places(words: list[Word], text: str) -> list[int]:
    """Places in ``words`` (of ``text``) of nouns, names, acronyms and numbers, in order."""
    return [place for place in range(len(words)) if _is_noun(words, place, text)]


def begins_sentence(word: Word, text: str) -> bool:
    """Whether nothing but the end of another sentence or quotation marks stand before the word."""
    before = text[: word.start].rstrip(" \t\n„\"'»«(–-")
    return not before or before[-1] in ".!?:;"


def _is_noun(words: list[Word], place: int, text: str) -> bool:
    surface = clean_word(words[place].surface)
    lowered = surface.lower()
    if any(char.isdigit() for char in surface) or (surface.isupper() and len(surface) > 1):
        return True
    if lowered in STOPWORDS or lowered in QUESTION_WORDS or lowered in _NEVER or (len(surface) == 1 and surface.islower()):
        return False
    if surface[:1].isupper() and not begins_sentence(words[place], text):
        return True
    if is_common_word(surface):
        behind = place > 0 and words[place - 1].surface.lower() in _BEFORE_NOUNS
        return behind and noun(surface) is not None and not _is_inflected_adjective(words, place)
    return noun(surface) is not None or lemma(surface) is None or len(split_at_hyphens(surface)) > 1


def _is_inflected_adjective(words: list[Word], place: int) -> bool:
    """An adjective before its noun ("die neuen kosten") is none itself."""
    following = words[place + 1].surface if place + 1 < len(words) else ""
    return words[place].surface.endswith(("e", "en", "er", "es", "em")) and bool(following) and noun(following) is not None
