"""A word as a subject of the news: which articles name it, when, in which sentences, and with what else.

word ── its spellings and glossary names ── passages that hold them ── articles by date ── sentences as quotes
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from index.articles import Span, StoredArticle
from index.language.glossary import Glossary, GlossaryEntry, long_form_keys, phrase_words, shipped_glossary
from index.language.sentences import cut_at_clauses
from index.language.terms import TextKeys, analyse_word, text_keys
from index.language.timespans import find_times
from index.language.words import clean_word, find_words, fold
from index.lexical import LexicalIndex
from index.retrieval.quoting import MAX_QUOTE_CHARS, Quote, is_verbatim
from index.storage.records import StoredPassage
from index.storage.store import Store

T = TypeVar("T")
Alternatives = tuple[tuple[str, ...], ...]
MAX_READ_ARTICLES = 400  # the newest; their sentences are read for quotes and milestones
_YEAR = re.compile(r"(?:19|20)\d\d")
MONTHS_PER_QUARTER = 3
# Beyond four years of months the points of a chart run together.
MAX_CHART_MONTHS = 48


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject: ``entries`` of the glossary that explain it, ``concepts`` to look for, ``dates`` of the articles by row, newest first."""

    word: str
    entries: tuple[GlossaryEntry, ...]
    concepts: tuple[Alternatives, ...]
    dates: Mapping[int, date]


@dataclass(frozen=True, slots=True)
class DatedQuote:
    """A quote and the day that it tells of; ``names_day``: the quote itself says so, else it is the day of publication."""

    when: date
    quote: Quote
    names_day: bool


class Topics:
    """Answers what the news say about a word, from a store and its lexical index."""

    def __init__(self, store: Store, lexical: LexicalIndex, glossary: Glossary | None = None) -> None:
        self._store = store
        self._lexical = lexical
        self._glossary = glossary or shipped_glossary()

    def find(self, word: str) -> Topic:
        """The subject that ``word`` (or a few words) names; its ``dates`` are empty if no dated article does."""
        self._lexical.refresh()
        entries = tuple(dict.fromkeys(self._entries(word)))
        concepts = tuple(self._concepts(word, entries))
        passages = self._lexical.holding(concepts) if concepts else []
        return Topic(word, entries, concepts, self._store.dates_of_passages(int(number) for number in passages))

    def quotes(self, topic: Topic, limit: int) -> list[Quote]:
        """The latest sentences that name the subject, one of each article, newest first."""
        return [quote for quote, _published in self._first_sentences(topic, limit)]

    def milestones(self, topic: Topic, limit: int) -> list[DatedQuote]:
        """At most ``limit`` dated sentences, oldest first: those that name a day themselves; failing these, by day of publication."""
        dated = list(self._dated_sentences(topic))
        named = Counter(quote.when for quote in dated)
        best = {quote.when: quote for quote in reversed(dated)}
        chosen = [max(group, key=lambda quote: named[quote.when]) for group in split_evenly(sorted(best.values(), key=_by_day), limit)]
        if len(chosen) < limit:
            known = {quote.quote.article.row for quote in chosen}
            others = (DatedQuote(day, quote, False) for quote, day in self._first_sentences(topic, limit) if quote.article.row not in known)
            chosen += list(others)[: limit - len(chosen)]
        return sorted(chosen, key=_by_day)

    def related(self, topic: Topic, limit: int) -> list[str]:
        """Tags that stand with the subject most often, without its own names."""
        stored = self._store.articles(list(topic.dates)[:MAX_READ_ARTICLES])
        counted = Counter(tag for article in stored.values() for tag in dict.fromkeys(article.article.tags))
        own = {fold(name) for name in (topic.word, *(name for entry in topic.entries for name in (*entry.short, *entry.long)))}
        return [tag for tag, _count in counted.most_common(limit + len(own)) if fold(tag) not in own][:limit]

    def is_current(self, quote: Quote) -> bool:
        """Whether the store still reads so at the quote's place."""
        stored = self._store.articles([quote.article.row]).get(quote.article.row)
        return stored is not None and is_verbatim(quote, stored.article.text)

    def _entries(self, word: str) -> Iterator[GlossaryEntry]:
        yield from self._glossary.of_short(word)
        keys = long_form_keys(word)
        yield from self._glossary.of_long(keys)
        if not keys and (entry := self._glossary.of_phrase(phrase_words(word))) is not None:  # "Einer für Alle"
            yield entry

    def _concepts(self, word: str, entries: Sequence[GlossaryEntry]) -> Iterator[Alternatives]:
        """One concept for a name of the glossary, with all its other names; else one for each word."""
        if entries:
            short = [(fold(clean_word(name)),) for entry in entries for name in entry.short]
            yield tuple(dict.fromkeys([*short, *(keys for entry in entries for keys in map(long_form_keys, entry.long) if keys)]))
            return
        for found in find_words(word):
            keys = analyse_word(found.surface).wholes
            if keys:
                yield ((keys[0],),)

    def _first_sentences(self, topic: Topic, limit: int) -> Iterator[tuple[Quote, date]]:
        found = 0
        for stored, passages in self._read(topic):
            quotes = (quote for passage in passages for quote in _naming_sentences(topic, stored, passage))
            quote = next((quote for quote in quotes if self.is_current(quote)), None)
            if quote is not None:
                yield quote, topic.dates[stored.row]
                found += 1
            if found == limit:
                return

    def _dated_sentences(self, topic: Topic) -> Iterator[DatedQuote]:
        for stored, passages in self._read(topic):
            for quote in (quote for passage in passages for quote in _naming_sentences(topic, stored, passage)):
                day = named_day(quote.text, topic.dates[stored.row])
                if day is not None and self.is_current(quote):
                    yield DatedQuote(day, quote, True)

    def _read(self, topic: Topic) -> Iterator[tuple[StoredArticle, list[StoredPassage]]]:
        """Articles of the subject with their passages, newest first."""
        rows = list(topic.dates)[:MAX_READ_ARTICLES]
        articles = self._store.articles(rows)
        passages: dict[int, list[StoredPassage]] = {}
        for passage in self._store.passages(self._store.passage_ids_of_articles(rows)).values():
            passages.setdefault(passage.article_row, []).append(passage)
        for row in rows:
            if row in articles:
                yield articles[row], sorted(passages.get(row, []), key=lambda passage: passage.id)


def _by_day(quote: DatedQuote) -> tuple[date, int]:
    return quote.when, quote.quote.article.row


def split_evenly(items: Sequence[T], groups: int) -> list[Sequence[T]]:
    """``items`` in at most ``groups`` consecutive stretches of nearly equal length, none empty."""
    count = min(groups, len(items))
    borders = [place * len(items) // count for place in range(count + 1)] if count else []
    return [items[first:last] for first, last in pairwise(borders)]


def named_day(text: str, published: date) -> date | None:
    """The first day that ``text`` names with its year, None if it names none."""
    for found in find_times(text, published):
        if found.first is not None and found.first == found.last and _YEAR.search(found.span.cut(text)):
            return found.first
    return None


def _naming_sentences(topic: Topic, stored: StoredArticle, passage: StoredPassage) -> Iterator[Quote]:
    text = stored.article.text
    for sentence in passage.passage.sentences:
        if holds_all(text_keys(sentence.cut(text)), topic.concepts):
            span = _shorten(text, sentence, topic)
            yield Quote(stored, span, 0.0, is_cut_before=span.start > sentence.start, is_cut_after=span.end < sentence.end)


def _shorten(text: str, sentence: Span, topic: Topic) -> Span:
    """The sentence, or the first piece of a too long one that names the subject."""
    if sentence.end - sentence.start <= MAX_QUOTE_CHARS:
        return sentence
    pieces = list(cut_at_clauses(text, sentence, MAX_QUOTE_CHARS))
    return next((piece for piece in pieces if holds_all(text_keys(piece.cut(text)), topic.concepts)), pieces[0])


def holds_all(keys: TextKeys, concepts: Sequence[Alternatives]) -> bool:
    """Whether a text holds, of every concept, all keys of an alternative."""
    return all(any(keys.wholes.issuperset(alternative) for alternative in alternatives) for alternatives in concepts)


def count_over_time(dates: Sequence[date], first: date, last: date, months: int) -> list[tuple[date, int]]:
    """How many of ``dates`` lie in each stretch of ``months`` (1 or 3) from ``first`` to ``last``, by its first day; 0 where none."""
    counted = Counter(stretch_of(day, months) for day in dates)
    stretch, end, counts = stretch_of(first, months), stretch_of(last, months), []
    while stretch <= end:
        counts.append((stretch, counted[stretch]))
        month = stretch.year * 12 + stretch.month - 1 + months
        stretch = date(month // 12, month % 12 + 1, 1)
    return counts


def stretch_of(day: date, months: int) -> date:
    """First day of the month or quarter of a day."""
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def months_per_point(first: date, last: date) -> int:
    """1, or 3 where months would be too many for a chart."""
    return 1 if (last.year - first.year) * 12 + last.month - first.month < MAX_CHART_MONTHS else MONTHS_PER_QUARTER
