"""What a message means after the question before it.

message, question before ── swaps a time, place or name? ── the question before with it in place: a question of its own
                          └─ else the subject of the question before (its nouns and names) stands beside the message
"""

import re
from dataclasses import dataclass

from index.articles import Span
from index.language.nouns import noun_places
from index.language.places import is_place
from index.language.which import language_of
from index.language.words import Word, find_words
from index.retrieval import english_references
from index.retrieval.english_references import ENGLISH
from index.retrieval.references import is_swap, is_vague, time_spans

# Of a subject that has grown over many turns, what it began with and what came last (characters).
KEPT_FIRST, KEPT_LAST = 160, 120


@dataclass(frozen=True, slots=True)
class Understood:
    """A message in the light of the one before. ``question``: the message, or a question of its own made of both; ``subject``: what it
    is about where the question does not say so itself, else empty."""

    question: str
    subject: str = ""

    @property
    def searched(self) -> str:
        """All of it as one text; also what the next message refers to."""
        return f"zu {self.subject}: {self.question}" if self.subject else self.question


def understand(text: str, before: str) -> Understood:
    """``text`` after the question ``before``, which it is known to refer to."""
    if is_swap(text):
        subject, question = _split(before)
        swapped = swap_into(text, question)
        if swapped is not None:
            return Understood(swapped, subject)
    return Understood(text.strip(), shorten_subject(subject_of(before, text)) or before.strip())


def _split(searched: str) -> tuple[str, str]:
    """Subject ("" for none) and question of what ``Understood.searched`` made."""
    subject, border, question = searched.removeprefix("zu ").rpartition(": ")
    return (subject, question) if border and searched.startswith("zu ") else ("", searched)


def subject_of(question: str, after: str = "") -> str:
    """What ``question`` is about: its stretches of nouns and names in order, without what ``after`` replaces (a time)."""
    if language_of(_split(question)[1]) == ENGLISH:
        return _split(question)[0] or english_references.subject_of(question)
    words = find_words(question)
    nouns = noun_places(words, question)
    drop = time_spans(question) if time_spans(after) else []
    stretches = _stretches(question, words, [place for place in nouns if not _is_asked_for(words, place)])
    return _tidy(" ".join(_without(question, span, drop) for span in stretches))


_LINKS = frozenset(
    """der die das des dem den von vom für in im zur zum zu am an auf bei beim und mit aus über unter gegen ohne nach laut eine einer eines einem
    einen ein""".split()
)


def _is_asked_for(words: list[Word], place: int) -> bool:
    """Whether a noun is what the question asks for ("welches Programm"): that is answered, not its subject. Things that are
    counted ("wie viele Bäume") are part of it, people and the like are not."""
    before = [word.surface.lower() for word in words[max(0, place - 2) : place]]
    if any(word.startswith("welch") for word in before):
        return True
    return is_vague(words[place].surface) and any(word.startswith(("viel", "wieviel")) for word in before)


def _stretches(text: str, words: list[Word], nouns: list[int]) -> list[Span]:
    """From noun to noun where only links, adjectives and hyphens stand between."""
    spans: list[Span] = []
    last = -2
    for place in nouns:
        if spans and _is_linked(text, words, last, place):
            spans[-1] = Span(spans[-1].start, _end(text, words[place]))
        else:
            spans.append(Span(_start(text, words, place), _end(text, words[place])))
        last = place
    return spans


def _is_linked(text: str, words: list[Word], last: int, place: int) -> bool:
    between = words[last + 1 : place]
    gap = text[words[last].end : words[place].start]
    return len(between) <= 3 and not re.search(r"[,;:?!]", gap) and all(_may_link(word) for word in between)


def _may_link(word: Word) -> bool:
    return word.surface.lower() in _LINKS or (
        word.surface[:1].islower() and word.surface.endswith(("er", "en", "e", "es", "em", "te")) and not _is_verb(word.surface)
    )


def _is_verb(surface: str) -> bool:
    from index.language.lexicon import lemma

    found = lemma(surface) or ""
    is_adjective = surface.startswith(found) and len(surface) > len(found)  # "offenen" is a form of "offen"
    return found[:1].islower() and found.endswith(("en", "ern", "eln", "tun", "sein")) and not is_adjective


def _start(text: str, words: list[Word], place: int) -> int:
    """With an adjective straight before it, and an opening quotation mark."""
    start = words[place].start
    if place and words[place - 1].surface[:1].islower() and words[place - 1].surface.endswith(("e", "en", "er", "es")):
        surface = words[place - 1].surface.lower()
        if (
            surface not in _LINKS
            and not _is_verb(surface)
            and len(surface) > 4
            and not surface.startswith(("welch", "wie", "viele", "wenige", "einige"))
        ):
            start = words[place - 1].start
    return start - 1 if start and text[start - 1] in '„"»' else start


def _end(text: str, word: Word) -> int:
    closes = word.end < len(text) and text[word.end] in '“"«.%'
    return word.end + (1 if closes and (text[word.end] != "." or word.surface.isdigit()) else 0)


def _without(text: str, span: Span, drop: list[tuple[int, int]]) -> str:
    kept = "".join(char for place, char in enumerate(span.cut(text), span.start) if not any(start <= place < end for start, end in drop))
    return kept


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ,;:")


def shorten_subject(subject: str) -> str:
    """What it began with and what came last, so that a long conversation does not grow."""
    if len(subject) <= KEPT_FIRST + KEPT_LAST:
        return subject
    first, last = subject[:KEPT_FIRST].rsplit(" ", 1)[0], subject[-KEPT_LAST:].split(" ", 1)[-1]
    return f"{first} {last}"


_LEAD = re.compile(
    r"\W*(?:und|aber|auch|oder|ebenso|was ist mit|was war mit|wie ist es mit|wie sieht es|wie war es|wie steht es|wie ist es)?\s*"
    r"(?:mit\s+)?(?:auch\s+)?(?:(?:das|die)\s+gleiche\s+)?(?:(?:der|die|das|den|dem)\s+(?=(?:in|im|von|vom|aus|bei|für)\b))?",
    re.IGNORECASE,
)
_PREPOSITIONS = {
    "in": "in", "im": "in", "bei": "bei", "beim": "bei", "an": "an", "am": "an", "von": "von", "vom": "von", "zu": "zu", "zum": "zu",
    "zur": "zu", "für": "für", "durch": "durch", "mit": "mit", "aus": "aus", "auf": "auf", "nach": "nach", "über": "über", "gegen": "gegen",
}  # fmt: skip
_ORDINAL = re.compile(r"\b\d{1,3}\.(?!\d)")


def swap_into(text: str, before: str) -> str | None:
    """The question ``before`` with what ``text`` brings in the place of the same kind; None if nothing fits all that it brings."""
    rest = text[_lead_end(text) :].strip().rstrip("?!. ") + ("." if re.search(r"\d\.\W*\Z", text) else "")
    result, left = before.strip(), rest
    left, result = _swap_time(left, result)
    left = left.strip(" ,?")
    if not left:
        return _as_question(result) if result != before.strip() else None
    swapped = _swap_name(left, result)
    return _as_question(swapped) if swapped is not None else None


def _lead_end(text: str) -> int:
    found = _LEAD.match(text)
    return found.end() if found else 0


def _swap_time(text: str, before: str) -> tuple[str, str]:
    """What is left of ``text`` without its time, and ``before`` with it in the place of its own time, or at its end."""
    new, old = _outer_times(text), _outer_times(before)
    if not new:
        return text, before
    start, end = new[0]
    time, left = text[start:end], (text[:start] + text[end:]).strip()
    if not old:
        return left, f"{before.rstrip('?!. ')} {time}"
    first, last = old[-1]
    prepositions = _leading_preposition(time), _leading_preposition(before[first:last])
    keeps = prepositions[1] and not prepositions[0]
    return left, before[:first] + (f"{prepositions[1]} " if keeps and not _is_year_only(time) else "") + time + before[last:]


def _is_year_only(time: str) -> bool:
    return time.strip().isdigit()


def _leading_preposition(text: str) -> str:
    first = text.split(" ", 1)[0].lower()
    return first if first in {*_PREPOSITIONS, "seit", "vor", "bis", "ab"} and " " in text else ""


def _outer_times(text: str) -> list[tuple[int, int]]:
    """Expressions of time with the preposition before them, merged where they touch."""
    spans = []
    for start, end in sorted(time_spans(text)):
        lead = re.search(r"\b(?:im|in|am|seit|vor|bis|ab|zum|zur)\s+(?:(?:jahr|jahre|den|dem|der)\s+)?\Z", text[:start], re.IGNORECASE)
        start = lead.start() if lead else start
        if spans and start <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def _swap_name(text: str, before: str) -> str | None:
    ordinal = _ORDINAL.search(text)
    if ordinal and not noun_places(find_words(text[ordinal.end() :]), text[ordinal.end() :]):
        old = _ORDINAL.search(before)
        return before[: old.start()] + ordinal.group() + before[old.end() :] if old else None
    words = find_words(text)
    preposition = _PREPOSITIONS.get(words[0].surface.lower(), "")
    name = text[words[1].start :] if preposition and len(words) > 1 else text
    return _swap_place(name, bool(preposition), before) or (
        _swap_behind(preposition, text, before) if preposition else _swap_bare(name, before) or _swap_only_noun(name, before)
    )


def _swap_place(name: str, has_preposition: bool, before: str) -> str | None:
    """A known place for a known place."""
    if not is_place(name.strip()):
        return None
    old = [word for word in find_words(before) if is_place(word.surface)]
    if not old:
        return f"{before.rstrip('?!. ')} in {name}" if has_preposition else None
    return before[: old[-1].start] + name.strip() + before[old[-1].end :]


def _swap_behind(preposition: str, text: str, before: str) -> str | None:
    """ "durch die Klosterruine" for "durch den Bärenzwinger": the last phrase with the same preposition."""
    words = find_words(before)
    nouns = set(noun_places(words, before))
    times = _outer_times(before)
    for place in range(len(words) - 1, -1, -1):
        is_time = any(start <= words[place].start < end for start, end in times)
        if _PREPOSITIONS.get(words[place].surface.lower()) == preposition and not is_time:
            end = _phrase_end(words, nouns, place)
            if end is not None:
                return before[: words[place].start] + text + before[_end(before, words[end]) :]
    return None


def _phrase_end(words: list[Word], nouns: set[int], preposition: int) -> int | None:
    """The last noun of the run of nouns that a preposition leads to, at most three words on."""
    first = next((place for place in range(preposition + 1, min(preposition + 4, len(words))) if place in nouns), None)
    if first is None:
        return None
    while first + 1 in nouns:
        first += 1
    return first


def _swap_bare(name: str, before: str) -> str | None:
    """An acronym for the only acronym, with its article where both have one ("das BSI", "die FITKO")."""
    article, _space, bare = name.strip().partition(" ") if name.lower().startswith(("der ", "die ", "das ")) else ("", "", name.strip())
    old = [word for word in find_words(before) if _is_acronym(word.surface)]
    if len(old) != 1 or not _is_acronym(bare):
        return None
    start = old[0].start
    old_article = re.search(r"\b(?:der|die|das)\s+\Z", before[:start], re.IGNORECASE)
    if article and old_article:
        return before[: old_article.start()] + f"{article.lower()} {bare}" + before[old[0].end :]
    return before[:start] + bare + before[old[0].end :]


def _swap_only_noun(name: str, before: str) -> str | None:
    """ "der Normenkontrollrat" for "der Rechnungshof", where that is the only noun: as far as both are one word behind the same article, so that the verb fits."""
    new = _ONE_NOUN.fullmatch(name.strip())
    old = [match for match in _ONE_NOUN.finditer(before) if match["noun"][0].isupper()]
    if new is None or not new["noun"][0].isupper() or len(old) != 1 or new["article"].lower() != old[0]["article"].lower():
        return None
    if len(noun_places(find_words(before), before)) != 1:
        return None
    return f"{before[: old[0].start('noun')]}{new['noun']}{before[old[0].end() :]}"


_ONE_NOUN = re.compile(r"\b(?P<article>der|die|das)\s+(?P<noun>[\w-]+)", re.IGNORECASE)


def _is_acronym(surface: str) -> bool:
    return sum(char.isupper() for char in surface) > 1 and surface.isalnum()


def _as_question(text: str) -> str:
    tidied = re.sub(r"\s+", " ", text).strip()
    return tidied if tidied.endswith(("?", "!", ".")) and not tidied.endswith("..") else f"{tidied}?"
