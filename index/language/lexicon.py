"""German word forms and their lemmas, from the word list that ships with simplemma (MIT, 1.1 million forms)."""

from functools import lru_cache

from index.startup import collector_paused

# Parts of this field's compounds that the word list lacks.
FIELD_PARTS = frozenset(
    """kita azubi stack chatbot hackathon startup cloud blockchain wallet podcast newsletter website webseite corona impf
    bafög""".split()
)
# Nouns of three letters that really occur as parts of compounds; the word list holds many that do not (Ge, Ster, Ber …).
SHORT_PARTS = frozenset(
    """amt rat bau bad bus tag weg ort hof see uhr akt art rad rat tor ost süd web app euro eid kfz abo arm bio bit box chat
    cyber data ehe gas job kur los not öko öl rot tat test tor ton typ wal wand zug zoo post netz sitz wahl ziel zahl
    cloud euro haus land feld kind amts it""".split()
)
# Nouns of the word list that are endings far more often than parts of a compound (Vorsitz-ende, Mitarbeite-rinnen).
ENDINGS = frozenset(
    """ende enden innen rinne rinnen lich lichen heit keit schaft ismus ster ling ungen tion tionen ellen eiche anten enten""".split()
)
MIN_PART_CHARS = 4


@lru_cache(maxsize=1)
def _forms():
    from simplemma.strategies import DefaultDictionaryFactory

    with collector_paused():
        return DefaultDictionaryFactory().get_dictionary("de")


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str | None:
    """Lemma of ``word`` as written, else in lower case, else capitalised; None if the list does not hold it."""
    forms = _forms()
    for spelling in (word, word.lower(), word.capitalize()):
        found = forms.get(spelling)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=200_000)
def noun(word: str) -> str | None:
    """Lemma of ``word`` read as a noun (capitalised), None if the list holds no such noun."""
    found = _forms().get(word.capitalize())
    return found if found is not None and found[:1].isupper() else None


@lru_cache(maxsize=50_000)
def is_common_word(word: str) -> bool:
    """Whether ``word`` in lower case is a verb, adjective or function word form (not only a noun or name)."""
    found = _forms().get(word.lower())
    return found is not None and found[:1].islower()


def is_part(word: str) -> bool:
    """Whether ``word`` may stand inside a compound: a noun form of at least four letters, or one of the known short ones."""
    if len(word) < MIN_PART_CHARS:
        return word.lower() in SHORT_PARTS
    if word.lower() in ENDINGS:
        return False
    return noun(word) is not None or word.lower() in FIELD_PARTS
