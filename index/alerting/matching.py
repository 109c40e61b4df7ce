"""Does a rule match an article, and why?

    article | analyse | each term: where is it said? | each alternative: all wanted, nothing unwanted? | the sentence that says most
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.alerting.analysis import AnalysedArticle, AnalysedText, Unit, span_of
from index.alerting.rule_tree import Alternative, Rule
from index.alerting.terms import Label, Phrase, Spread, Term, Word
from index.alerting.themes import Nearness
from index.articles import Span
from index.language.lexicon import lemma
from index.language.sentences import split_sentences

# A compound said in several words: so many units may stand between head and modifier ("Modernisierung der kommunalen Register").
SPREAD_REACH = 7
_STOPS = re.compile(r"[.!?;:()]")
_COORDINATING = frozenset({"und", "sowie", "oder", "bzw"})
_BETWEEN = frozenset(
    """der des dem den die das von vom für zur zum zu an am über im in bei eines einer einem aller unserer ihrer ihres seiner seines
    dieser dieses""".split()
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a term is said: ``place`` is ``titel``, ``text``, ``thema`` (a sentence that is near in meaning), or ``label`` (then without a
    span). ``meaning``: the glossary's name for it; ``reason`` of a theme: how near."""

    term: Term | Label
    place: str
    span: Span
    form: str
    meaning: str = ""

    @property
    def reason(self) -> str:
        """``OZG: „Onlinezugangsgesetzes“ (OZG = Onlinezugangsgesetz)``, in German."""
        if self.place in {"label", "thema"}:
            return self.form
        equals = f" ({self.term.text} = {self.meaning})" if self.meaning else ""
        return f"{self.term.text}: „{self.form}“{equals}{' im Titel' if self.place == 'titel' else ''}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule matches: ``hits`` has one hit of each wanted term that is said. ``sentence`` is a range of the article's text, None where
    only title and labels match; ``marked`` are the ranges of all matched words in it."""

    rule: Rule
    hits: tuple[Hit, ...]
    sentence: Span | None
    marked: tuple[Span, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit.reason for hit in self.hits))


def fulfilled(rule: Rule, is_said: Callable[[Term | Label], bool]) -> list[Alternative]:
    """Alternatives of a rule that hold, given which terms are said."""
    return [
        alternative
        for alternative in rule.alternatives
        if all(is_said(term) for term in alternative.wanted) and not any(is_said(term) for term in alternative.unwanted)
    ]


def matches(rule: Rule, article: AnalysedArticle) -> bool:
    """Whether the article fulfils the rule."""
    return bool(fulfilled(rule, lambda term: is_said(term, article)))


def is_said(term: Term | Label, article: AnalysedArticle) -> bool:
    """Whether the article says the term."""
    if isinstance(term, Label):
        return term.key in article.labels
    texts = (article.title,) if term.where == "titel" else (article.title, article.body)
    return any(next(_find(term, text), None) is not None for text in texts)


def explain(rule: Rule, article: AnalysedArticle) -> Explanation | None:
    """Why the rule matches, with the sentence that says most of it; None if it does not match."""
    held = fulfilled(rule, lambda term: is_said(term, article))
    if not held:
        return None
    wanted = list(dict.fromkeys(term for alternative in held for term in _in_order(rule, alternative)))
    in_title = [hit for term in wanted for hit in _hits(term, article, "titel")]
    said = [hit for term in wanted for hit in _hits(term, article, "text")]
    near = [_near_hit(term, article.near[term.key]) for term in wanted if isinstance(term, Label) and term.key in article.near]
    in_text = [*said, *near]
    sentence = _best_sentence(article.body.text, in_text)
    inside = [hit for hit in said if sentence is not None and _is_inside(hit.span, sentence)]
    labels = [Hit(term, "label", Span(0, 0), term.text) for term in wanted if isinstance(term, Label)]
    shown = _first_of_each([*inside, *in_title, *in_text, *near, *labels], wanted)
    return Explanation(rule, tuple(shown), sentence, tuple(sorted({hit.span for hit in inside})))


def _near_hit(term: Label, nearness: Nearness) -> Hit:
    return Hit(term, "thema", nearness.sentence, nearness.reason)


def _in_order(rule: Rule, alternative: Alternative) -> list[Term | Label]:
    """The wanted terms as they stand in the rule."""
    return sorted(alternative.wanted, key=lambda term: rule.text.find(term.text))


def _first_of_each(hits: list[Hit], wanted: list[Term | Label]) -> list[Hit]:
    first: dict[Term | Label, Hit] = {}
    for hit in hits:
        first.setdefault(hit.term, hit)
    return [first[term] for term in wanted if term in first]


def _is_inside(span: Span, sentence: Span) -> bool:
    return sentence.start <= span.start and span.end <= sentence.end


def _best_sentence(text: str, hits: list[Hit]) -> Span | None:
    """The first of the sentences that say the most different terms."""
    if not hits:
        return None
    said: dict[Span, set[Term | Label]] = {}
    sentences = split_sentences(text)
    for hit in hits:
        for sentence in sentences:
            if sentence.start <= hit.span.start < sentence.end:
                said.setdefault(sentence, set()).add(hit.term)
                break
    return min(said, key=lambda sentence: (-len(said[sentence]), sentence.start), default=None)


def _hits(term: Term | Label, article: AnalysedArticle, place: str) -> list[Hit]:
    if isinstance(term, Label) or (term.where == "titel" and place == "text"):
        return []
    text = article.title if place == "titel" else article.body
    return [Hit(term, place, span, span.cut(text.text), meaning) for span, meaning in _find(term, text)]


def _find(term: Term, text: AnalysedText) -> Iterator[tuple[Span, str]]:
    """Ranges where a text says the term, with the glossary's name that is said there."""
    for way in term.ways:
        form = way.form
        if isinstance(form, Word):
            spans = _find_word(form, text)
        elif isinstance(form, Phrase):
            spans = _find_phrase(form, text)
        else:
            spans = _find_spread(form, text)
        for span in spans:
            yield span, way.meaning


def _find_word(form: Word, text: AnalysedText) -> Iterator[Span]:
    for key in form.keys:
        for place in text.anywhere.get(key, ()):
            yield span_of(text.units, place, place)


def _find_phrase(form: Phrase, text: AnalysedText) -> Iterator[Span]:
    last = len(form.steps) - 1
    for key in form.steps[0]:
        for start in text.wholes.get(key, ()):
            end = start + last
            if end < len(text.units) and all(_is_step(form, step, text.units[start + step]) for step in range(1, last + 1)):
                yield span_of(text.units, start, end)


def _is_step(form: Phrase, step: int, unit: Unit) -> bool:
    is_open = form.is_last_open and step == len(form.steps) - 1
    return unit.follows and not form.steps[step].isdisjoint(unit.whole | unit.inside if is_open else unit.whole)


def _find_spread(form: Spread, text: AnalysedText) -> Iterator[Span]:
    for split in range(len(form.parts) - 1, 0, -1):
        head = "|".join(form.parts[split:])
        for start in text.wholes.get(head, ()):
            end = _modifier_after(form.parts[:split], text, start)
            if end is not None:
                yield span_of(text.units, start, end)


def _modifier_after(parts: tuple[str, ...], text: AnalysedText, head: int) -> int | None:
    """Place of the unit behind ``head`` that says ``parts`` (in one word, or again head first), with only articles, adjectives and
    coordinated nouns between."""
    is_open = True  # no other noun has come between that the modifier could belong to
    for place in range(head + 1, min(head + 1 + SPREAD_REACH, len(text.units))):
        unit, before = text.units[place], text.units[place - 1]
        if _STOPS.search(text.text, before.end, unit.start):
            return None
        if is_open and (end := _says(parts, text, place)) is not None:
            return end
        lowered = unit.surface.lower()
        if lowered in _COORDINATING:
            is_open = True
        elif unit.surface[:1].isupper():
            is_open = text.text[unit.end : unit.end + 1] in "-‐‑–,"
        elif lowered not in _BETWEEN and (unit.is_function_word or _is_verb(lowered)):
            return None
    return None


def _says(parts: tuple[str, ...], text: AnalysedText, place: int) -> int | None:
    unit = text.units[place]
    key = "|".join(parts)
    if key in unit.whole or any(whole.endswith("|" + key) for whole in unit.whole):
        return place
    for split in range(len(parts) - 1, 0, -1):
        if "|".join(parts[split:]) in unit.whole and (end := _modifier_after(parts[:split], text, place)) is not None:
            return end
    return None


def _is_verb(lowered: str) -> bool:
    known = lemma(lowered)
    return known is not None and known.endswith("n") and known.islower()
