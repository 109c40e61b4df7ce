"""Words to the keys under which a rule finds them.

Other than for search, keys keep what tells words apart: umlauts (*fördern* is not *fordern*; ``oe`` and ``ö`` are the same), noun or
not (*Recht*, *recht*), the case of short acronyms (*KI* is not *Ki*). Kinds of keys:

    Register|Modernisierung   a noun: its lemma, or the lemmas of its compound parts
    digital                   another word: its lemma
    ~dataport                 a word that the lexicon does not know: its stem
    A:KI                      a short acronym as a word of its own
    #2025                     a number
    s:auf                     a function word, which counts inside phrases only
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from index.language.compounds import split_compound
from index.language.lexicon import FIELD_PARTS, lemma, noun
from index.language.stopwords import STOPWORDS
from index.language.terms import resolve_spelling
from index.language.words import clean_word, number_keys

# Acronyms up to this length are compared as whole words in their case; longer ones are unlikely to hide in other words.
MAX_SHORT_ACRONYM = 4
# Proper names that are no compounds of their parts: who asks for Sachsen does not mean them.
ATOMIC = frozenset("niedersachsen sachsenanhalt bundesrat bundestag bundeswehr bundesliga bundid nordsee ostsee anhaltspunkt".split())
# Adjectives of the Länder, and what their people and things are called.
DEMONYMS = {
    "bayerisch": "Bayern", "bayrisch": "Bayern", "berliner": "Berlin", "brandenburgisch": "Brandenburg", "brandenburger": "Brandenburg",
    "bremer": "Bremen", "bremisch": "Bremen", "hamburger": "Hamburg", "hamburgisch": "Hamburg", "hessisch": "Hessen",
    "niedersächsisch": "Niedersachsen", "saarländisch": "Saarland", "sächsisch": "Sachsen", "thüringer": "Thüringen",
    "thüringisch": "Thüringen", "baden-württembergisch": "Baden-Württemberg", "schleswig-holsteinisch": "Schleswig-Holstein",
    "rheinland-pfälzisch": "Rheinland-Pfalz", "nordrhein-westfälisch": "Nordrhein-Westfalen", "sachsen-anhaltisch": "Sachsen-Anhalt",
    "mecklenburg-vorpommerisch": "Mecklenburg-Vorpommern",
}  # fmt: skip
HYPHENATED_NAMES = frozenset(
    "sachsen-anhalt rheinland-pfalz nordrhein-westfalen baden-württemberg mecklenburg-vorpommern schleswig-holstein".split()
)
# Second parts of adjectives such as ki-gestützt, datenschutzkonform, barrierefrei: what stands before them is a noun.
ADJECTIVE_HEADS = tuple(
    """gestützt basiert konform gerecht fähig frei übergreifend weit intern extern rechtlich politisch relevant pflichtig bezogen
    freundlich orientiert spezifisch getrieben unterstützt gefördert finanziert""".split()
)
_ADJECTIVE_ENDINGS = ("", "e", "en", "er", "es", "em")
MIN_FIRST_PART = 4
_NOMINAL = re.compile(r"(t|nd)(?:e|er|en|es|em)$")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "Ss"})


@dataclass(frozen=True, slots=True)
class PieceKeys:
    """Keys of one word without hyphens: of the ``whole`` word, and of what is ``inside`` a compound. ``parts``: its compound parts."""

    whole: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    is_function_word: bool = False


def spell(word: str) -> str:
    """``word`` with umlauts spelled out and without accents: ``Köpenick`` and ``Koepenick`` are the same."""
    decomposed = unicodedata.normalize("NFKD", word.translate(_SPELLED_OUT))
    return "".join(char for char in decomposed if char.isalnum())


def joined_spans(parts: tuple[str, ...]) -> set[str]:
    """Keys of all stretches of compound parts: ``(a, b, c)`` → a, b, c, a|b, b|c, a|b|c."""
    return {"|".join(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)}


@lru_cache(maxsize=1)
def _stemmer():
    import Stemmer

    return Stemmer.Stemmer("german")


@lru_cache(maxsize=300_000)
def piece_keys(surface: str) -> PieceKeys:
    """Keys of a word (or a piece of a hyphenated one) as it stands in a text. Pure and cached."""
    word = clean_word(surface)
    numbers = number_keys(word)
    if numbers:
        return PieceKeys(frozenset(f"#{number}" for number in numbers))
    if word.lower() in STOPWORDS and not word.isupper():
        return PieceKeys(frozenset({f"s:{spell(word.lower())}"}), is_function_word=True)
    return _content_keys(word)


def _content_keys(word: str) -> PieceKeys:
    spelling = resolve_spelling(word.title() if word.isupper() and len(word) > MAX_SHORT_ACRONYM else word)
    parts = compound_parts(spelling)
    whole = {"|".join(parts)} if parts else whole_keys(spelling)
    inside = joined_spans(parts) - whole if parts else {first_noun} if (first_noun := noun_before_adjective(spelling)) else set()
    if parts and (known := lemma(spelling)) is not None:
        whole |= _nouns_of(known)
    demonym = DEMONYMS.get((lemma(spelling) or spelling).lower()) or DEMONYMS.get(spelling.lower())
    whole |= {spell(demonym)} if demonym else set()
    return PieceKeys(frozenset(whole), frozenset(inside), parts)


def compound_parts(spelling: str) -> tuple[str, ...]:
    """Keys of the parts of a compound noun; empty for other words."""
    if spell(spelling).lower() in ATOMIC:
        return ()
    parts = split_compound(spelling) or _split_after_field_part(spelling) or _split_nominal(spelling)
    return tuple(spell(nominal(part.capitalize())) for part in parts)


def _split_after_field_part(spelling: str) -> tuple[str, ...]:
    """Short words that the lexicon knows whole, such as Kitaplatz, are split after the short nouns of this field only."""
    lowered = (lemma(spelling) or spelling).lower()
    for part in FIELD_PARTS:
        rest = noun(lowered[len(part) :]) if lowered.startswith(part) and len(lowered) >= len(part) + MIN_FIRST_PART else None
        if rest is not None:
            return (part, rest.lower())
    return ()


def _split_nominal(spelling: str) -> tuple[str, ...]:
    """``Datenschutzbeauftragte``: its head is an adjective used as a noun, which the splitter knows in one form only."""
    if not spelling[:1].isupper() or not _NOMINAL.search(spelling) or len(spelling) < 12:
        return ()
    for start in range(MIN_FIRST_PART, len(spelling) - 5):
        head = spelling[start:].capitalize()
        first = spelling[:start]
        if noun(head) and _NOMINAL.search(head) and (split_compound(first) or noun(first) or noun(first.removesuffix("s"))):
            before = split_compound(first) or ((noun(first) or noun(first.removesuffix("s")) or first).lower(),)
            return (*before, nominal(noun(head) or head).lower())
    return ()


def noun_before_adjective(spelling: str) -> str:
    """Key of the noun in ``datenschutzkonform``, ``barrierefreie``; empty for other words."""
    lowered = spelling.lower()
    for head in ADJECTIVE_HEADS:
        for ending in _ADJECTIVE_ENDINGS:
            if lowered.endswith(head + ending):
                first = lowered.removesuffix(head + ending)
                known = noun(first) or noun(first.removesuffix("s")) or noun(first.removesuffix("en") + "e")
                parts = split_compound(first.removesuffix("s"))
                return "|".join(spell(part).capitalize() for part in parts) if parts else spell(known) if known and len(first) > 3 else ""
    return ""


def whole_keys(spelling: str) -> set[str]:
    """Keys of a word that is no compound."""
    lowered = spelling.lower()
    if lowered.removesuffix("s") in FIELD_PARTS:
        return {spell(lowered.removesuffix("s")).capitalize()}
    known = lemma(spelling)
    if known is None:
        return {unknown_key(spelling)}
    if known[:1].isupper():
        return _nouns_of(known) | _base_of_genitive(spelling, known)
    keys = {spell(known)}
    if spelling[:1].isupper() and known.endswith("n"):  # perhaps a name or a new noun that looks like a verb's form: Wallet
        keys.add(unknown_key(spelling))
    return keys


def unknown_key(word: str) -> str:
    """Key of a word that the lexicon does not know."""
    return f"~{spell(_stemmer().stemWord(word.lower()))}"


def _nouns_of(known: str) -> set[str]:
    """A noun's key; for a woman's form also that of the common one (Bürgerinnen are Bürger)."""
    keys = {spell(nominal(known))}
    base = known.removesuffix("in")
    if base != known and len(base) >= MIN_FIRST_PART and noun(base) == base:
        keys.add("|".join(compound_parts(base)) or spell(nominal(base)))
    return keys


def nominal(known: str) -> str:
    """One form of adjectives used as nouns, which the lexicon has in several: Beschäftigter, Beschäftigte → Beschäftigte."""
    match = _NOMINAL.search(known)
    if match is None:
        return known
    stem = known[: match.start()] + match.group(1)
    verb = lemma(f"{stem}e".lower())
    return f"{stem}e" if stem.endswith("nd") or (verb and verb.islower() and verb.endswith("n")) else known


def _base_of_genitive(spelling: str, known: str) -> set[str]:
    """``Sachsens``, which the lexicon knows as a word of its own."""
    base = known.removesuffix("s")
    return {spell(base)} if base != known and spelling == known and len(base) > 5 and noun(base) == base else set()


def acronym_keys(piece: str, is_hyphenated_first: bool = False) -> frozenset[str]:
    """``A:`` keys of a word as it stands in a text: KI, LLMs, eID, NIS2; ``ki`` only before a hyphen (ki-gestützt)."""
    base = piece[:-1] if piece.endswith("s") and piece[:-1].isupper() and len(piece) > 2 else piece
    if not 2 <= len(base) <= MAX_SHORT_ACRONYM + 2:
        return frozenset()
    if sum(char.isupper() for char in base) >= 2 or (base[0].isupper() and any(char.isdigit() for char in base)):
        letters = base.rstrip("0123456789")
        return frozenset({f"A:{base}"} | ({f"A:{letters}"} if len(letters) >= 2 else set()))
    if is_hyphenated_first and len(base) <= MAX_SHORT_ACRONYM and base.isalpha():
        return frozenset({f"A:{base.upper()}"})
    return frozenset()
