"""A question as concepts: each content word with everything that may stand for it in a text.

words ── drop function words ── keys of lemma, pieces, compound parts ── glossary both ways ── corpus vocabulary ── weights (idf)
                                                                  └── a word is unknown and misspelt: once more, corrected
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from index.articles import Span
from index.language.compounds import best_split
from index.language.glossary import Glossary, long_form_keys
from index.language.lexicon import is_common_word, is_part, lemma
from index.language.stopwords import QUESTION_WORDS, STOPWORDS
from index.language.terms import analyse_word
from index.language.which import GERMAN, function_words, language_of, without_glue
from index.language.words import Word, clean_word, find_words, fold, split_at_hyphens
from index.retrieval.answer_types import expected_kind

# How much a match of each kind counts, as a share of a match of the word itself.
WHOLE, GLOSSARY, PARTS, LONGER, STEM = 1.0, 0.9, 0.7, 0.6, 0.6
MIN_PREFIX_CHARS = 5
MAX_LONGER_TERMS = 8
MAX_PHRASE_WORDS = 4
# A year in a question decides between otherwise equal news, more than its frequency tells.
_YEAR = re.compile(r"(?:19|20)\d\d")
YEAR_SHARE = 1.5


@dataclass(frozen=True, slots=True)
class Variant:
    """Keys that stand for a concept when all of them occur; ``weight`` in (0, 1]."""

    keys: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Concept:
    """One content word of the question, at ``span``. ``idf`` is 0 until it is weighted; ``is_name``: written or known only as a noun or name."""

    surface: str
    span: Span
    variants: tuple[Variant, ...]
    stem: str
    is_name: bool
    is_known: bool = True
    idf: float = 0.0

    @property
    def is_year(self) -> bool:
        """Whether it is a year, such as 2019."""
        return _YEAR.fullmatch(self.surface) is not None


@dataclass(frozen=True, slots=True)
class Correction:
    """A word at ``span`` of the question, ``typed`` there, that is searched for as ``searched``."""

    span: Span
    typed: str
    searched: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question analysed once and handed on; ``kind``: of the answer asked for, see :mod:`index.retrieval.answer_types`.

    Of a question in another ``language`` the concepts are only those that articles know: names, acronyms, numbers, shared words.
    """

    text: str
    concepts: tuple[Concept, ...]
    kind: str | None = None
    corrections: tuple[Correction, ...] = ()
    language: str = GERMAN

    @property
    def searched_text(self) -> str:
        """The text with its corrections: what the encoder reads."""
        text = self.text
        for correction in reversed(self.corrections):
            text = text[: correction.span.start] + correction.searched + text[correction.span.end :]
        return text

    def searched_span(self, span: Span) -> Span:
        """Where ``span`` of the text stands in ``searched_text``."""
        shift = sum(len(one.searched) - len(one.typed) for one in self.corrections if one.span.end <= span.start)
        grown = sum(len(one.searched) - len(one.typed) for one in self.corrections if one.span == span)
        return Span(span.start + shift, span.end + shift + grown)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys to look up in the lexical index."""
        return tuple(dict.fromkeys(key for concept in self.concepts for variant in concept.variants for key in variant.keys))


class Vocabulary:
    """What the corpus knows of terms; answers are kept, so make a new one when the corpus has changed.

    ``count``: in how many of ``passages`` each key occurs; ``longer``: at most n terms that begin with a key and go on;
    ``correct``: what an unknown word was meant to be, None to leave it.
    """

    def __init__(
        self,
        passages: int,
        count: Callable[[Iterable[str]], dict[str, int]],
        longer: Callable[[str, int], list[str]],
        correct: Callable[[str], str | None] = lambda word: None,
    ) -> None:
        self.passages = passages
        self.correct = correct
        self._count = count
        self._longer = longer
        self._counted: dict[str, int] = {}
        self._lengthened: dict[str, list[str]] = {}

    def count(self, keys: Iterable[str]) -> dict[str, int]:
        wanted = set(keys)
        missing = wanted - self._counted.keys()
        if missing:
            self._counted |= self._count(missing)
        return {key: self._counted[key] for key in wanted}

    def longer(self, key: str) -> list[str]:
        if key not in self._lengthened:
            self._lengthened[key] = self._longer(key, MAX_LONGER_TERMS)
        return self._lengthened[key]


def analyse_question(text: str, glossary: Glossary, vocabulary: Vocabulary, before: str = "") -> Question:
    """Concepts of ``text`` and of the question ``before`` it, weighted by how rare they are in the corpus."""
    language = language_of(text)
    kind = expected_kind(text, language)
    joined = f"{before} {text}".strip()
    text, start = joined, max(0, len(joined) - len(text))
    words = [word for word in find_words(without_glue(text, language)) if _is_content(word)]
    concepts = _concepts_of_words(words, text, glossary, vocabulary)
    if language != GERMAN:
        own = function_words(language)
        return Question(text, tuple(c for c in concepts if c.is_known and c.surface.lower() not in own), kind, (), language)
    corrections = _corrections(concepts, vocabulary)
    if not corrections:
        return Question(text, tuple(concepts), kind)
    words = [word for word in (_corrected(word, corrections) for word in words) if _is_content(word)]
    question = Question(text, tuple(_concepts_of_words(words, text, glossary, vocabulary)), kind, corrections)
    own = question.searched_text[question.searched_span(Span(start, start)).start :]
    return replace(question, kind=expected_kind(own))  # "wan" asks for a day, too


def _concepts_of_words(words: list[Word], text: str, glossary: Glossary, vocabulary: Vocabulary) -> list[Concept]:
    concepts = [concept for word in words for concept in _concepts_of(word, text, glossary)]
    concepts = [*_phrases_of_function_words(text, glossary), *_join_neighbours(concepts)]
    concepts = _add_acronyms(concepts, glossary)
    concepts = [_add_corpus_words(concept, vocabulary) for concept in concepts]
    return _weigh(_merge_repeated(concepts), vocabulary)


def _corrections(concepts: list[Concept], vocabulary: Vocabulary) -> tuple[Correction, ...]:
    """Of unknown words that stand alone (no piece of a hyphenated word), in order."""
    found = []
    for concept in concepts:
        if not concept.is_known and len(concept.surface) == concept.span.end - concept.span.start:
            searched = vocabulary.correct(concept.surface)
            if searched is not None:
                found.append(Correction(concept.span, concept.surface, searched))
    return tuple(sorted(found, key=lambda correction: correction.span.start))


def _corrected(word: Word, corrections: tuple[Correction, ...]) -> Word:
    return next((replace(word, surface=each.searched) for each in corrections if each.span.start == word.start), word)


def _is_content(word: Word) -> bool:
    surface = clean_word(word.surface)
    if surface.isupper() and len(surface) > 1:
        return True
    return surface.lower() not in STOPWORDS and surface.lower() not in QUESTION_WORDS


def _phrases_of_function_words(text: str, glossary: Glossary) -> list[Concept]:
    """Names that consist of function words only, such as ``Einer für Alle``: known by the glossary, or not at all."""
    words = find_words(text)
    folded = [fold(clean_word(word.surface)) for word in words]
    found = []
    for start in range(len(words)):
        for end in range(start + 2, min(len(words), start + MAX_PHRASE_WORDS) + 1):
            entry = glossary.of_phrase(tuple(folded[start:end]))
            if entry is not None and not any(_is_content(word) for word in words[start:end]):
                span = Span(words[start].start, words[end - 1].end)
                variants = [Variant((fold(short),), WHOLE) for short in entry.short]
                found.append(Concept(span.cut(text), span, _distinct(variants), variants[0].keys[0], True))
    return found


def _concepts_of(word: Word, text: str, glossary: Glossary) -> list[Concept]:
    """One concept, or one for each piece of a hyphenated word; its joined spelling counts for the last piece."""
    surface = clean_word(word.surface)
    pieces = split_at_hyphens(surface)
    if len(pieces) < 2 or any(len(piece) < 2 for piece in pieces) or glossary.of_short(surface):
        concept = _plain_concept(surface, word, _is_name(word, text), glossary)
        return [concept] if concept.variants else []
    concepts = [_plain_concept(piece, word, _is_name(word, text), glossary) for piece in pieces if piece.lower() not in STOPWORDS]
    concepts = [concept for concept in concepts if concept.variants]
    joined = analyse_word(surface).wholes[:1]
    if concepts and joined:
        concepts[-1] = _with_variant(concepts[-1], Variant(joined, WHOLE))
    return concepts


def _plain_concept(surface: str, word: Word, is_name: bool, glossary: Glossary) -> Concept:
    terms = analyse_word(surface)
    entries = glossary.of_short(surface)
    wholes, parts = (terms.wholes[:1], ()) if entries else (terms.wholes, terms.parts)  # DeutschlandID is no ID: of a name no piece will do
    variants = [Variant((key,), WHOLE if number == 0 else PARTS) for number, key in enumerate(wholes)]
    if surface.islower() and len(surface) > 2:  # typed in lower case, it may be a noun: rat → Rat, not only raten
        variants += [Variant((key,), WHOLE) for key in analyse_word(surface.capitalize()).wholes[:1]]
    if parts:
        variants.append(Variant(parts, PARTS))
    for entry in entries:
        variants += [Variant((fold(short),), WHOLE) for short in entry.short]
        variants += [Variant(keys, GLOSSARY) for keys in map(long_form_keys, entry.long) if keys]
    return Concept(surface, Span(word.start, word.end), _distinct(variants), terms.stem, is_name)


def _is_name(word: Word, text: str) -> bool:
    """A capitalised word that does not merely begin the sentence, or one that the lexicon knows neither as verb nor adjective."""
    if word.surface[:1].isdigit():
        return True
    begins = not text[: word.start].strip(" \t\n„\"'»«(–-")
    if word.surface[:1].isupper() and not begins:
        return True
    return not is_common_word(word.surface) and (begins or lemma(word.surface) is None or (lemma(word.surface) or "a")[0].isupper())


def _join_neighbours(concepts: list[Concept]) -> list[Concept]:
    """``IT Planungsrat`` also as ``itplanungsrat``: a variant of the second word."""
    joined = list(concepts)
    for place in range(1, len(concepts)):
        first, second = concepts[place - 1], concepts[place]
        if len(first.surface) <= 4 and first.surface.isalpha() and second.surface[:1].isalpha():
            keys = (fold(first.surface) + second.variants[0].keys[0],)
            joined[place] = _with_variant(joined[place], Variant(keys, WHOLE))
    return joined


def _add_acronyms(concepts: list[Concept], glossary: Glossary) -> list[Concept]:
    """Where neighbouring words are a glossary's long form, its acronyms stand for each of them."""
    extended = list(concepts)
    firsts = [concept.variants[0].keys[0] for concept in concepts]
    for start in range(len(concepts)):
        for end in range(start + 1, min(len(concepts), start + glossary.max_long_words) + 1):
            for entry in glossary.of_long(tuple(firsts[start:end])):
                acronyms = [Variant((fold(short),), GLOSSARY) for short in entry.short]
                others = [Variant(keys, GLOSSARY) for keys in map(long_form_keys, entry.long) if keys]
                for place in range(start, end):
                    extended[place] = _with_variant(extended[place], *acronyms, *others)
    return extended


def _add_corpus_words(concept: Concept, vocabulary: Vocabulary) -> Concept:
    """Compounds that only the corpus explains: longer terms that begin with the word, and the word split into corpus words."""
    key = concept.variants[0].keys[0]
    if len(key) < MIN_PREFIX_CHARS or not key.isalpha():
        return concept
    longer = [Variant((term,), LONGER) for term in vocabulary.longer(key)]
    if len(concept.variants) == 1 and not vocabulary.count([key])[key]:
        parts = best_split(
            concept.surface, lambda part: is_part(part) or (len(part) > 3 and vocabulary.count([fold(part)])[fold(part)] > 0)
        )
        longer += [Variant(tuple(fold(part) for part in parts), PARTS)] if parts else []
    return _with_variant(concept, *longer)


def _with_variant(concept: Concept, *variants: Variant) -> Concept:
    return replace(concept, variants=_distinct([*concept.variants, *variants]))


def _distinct(variants: list[Variant]) -> tuple[Variant, ...]:
    best: dict[tuple[str, ...], float] = {}
    for variant in variants:
        best[variant.keys] = max(variant.weight, best.get(variant.keys, 0.0))
    return tuple(Variant(keys, weight) for keys, weight in best.items())


def _merge_repeated(concepts: list[Concept]) -> list[Concept]:
    return list({concept.variants[0].keys: concept for concept in reversed(concepts)}.values())[::-1]


def _weigh(concepts: list[Concept], vocabulary: Vocabulary) -> list[Concept]:
    """Give each concept the idf (Robertson–Spärck Jones, as in BM25) of its most frequent own spelling, else of its other variants."""
    counts = vocabulary.count({key for concept in concepts for variant in concept.variants for key in variant.keys})
    weighed = []
    for concept in concepts:
        own = [_frequency(variant, counts) for variant in concept.variants if variant.weight >= GLOSSARY]
        others = [_frequency(variant, counts) for variant in concept.variants]
        frequency = max(own, default=0) or max(others, default=0)
        idf = math.log(1 + (vocabulary.passages - frequency + 0.5) / (frequency + 0.5))
        share = YEAR_SHARE if concept.is_year else 1.0
        weighed.append(replace(concept, idf=share * max(idf, 0.1), is_known=frequency > 0))
    return weighed


def _frequency(variant: Variant, counts: dict[str, int]) -> int:
    return min(counts[key] for key in variant.keys)
