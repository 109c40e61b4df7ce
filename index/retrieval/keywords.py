"""A message that asks nothing and only names a subject: "NOOTS", "Neues zur E-Akte", "Stand der Dinge beim OZG"."""

from collections.abc import Sequence
from datetime import date

from index.language.stopwords import QUESTION_WORDS, STOPWORDS
from index.language.timespans import find_times
from index.language.which import GERMAN, language_of
from index.language.words import Word, find_words
from index.retrieval.references import has_question_word, has_verb

MAX_SUBJECT_WORDS = 4
MAX_CHARS = 150  # of the message
# Words that say only that news are wanted.
_NEWS = frozenset(
    """neues neuigkeiten neuigkeit nachrichten nachricht meldungen meldung pressemitteilungen schlagzeilen news artikel berichte beiträge
    stand entwicklungen entwicklung überblick""".split()
)
_PLAIN = STOPWORDS | QUESTION_WORDS | _NEWS
_ARTICLES = frozenset("der die das den dem des ein eine einen einem einer eines".split())
_OF_NEWS = frozenset({"was", "wie"})  # "Was gibt es Neues zu …?", "Wie ist der Stand bei …?"


def subject_of(text: str, today: date) -> str | None:
    """The subject as it stands in a German ``text``; empty where the text only asks for news ("Was gibt es Neues?"); None where it asks
    something else, names a stretch of time, or says more."""
    if len(text) > MAX_CHARS:
        return None
    times = find_times(text, today)
    if any(found.has_range for found in times) or language_of(text) != GERMAN:
        return None
    words = [word for word in find_words(text) if not any(found.span.start <= word.start < found.span.end for found in times)]
    small = [word.surface.lower() for word in words]
    named = [place for place, word in enumerate(small) if word not in _PLAIN and len(word) > 1]
    wants_news = bool(times) or not _NEWS.isdisjoint(small)
    if not named:
        return "" if wants_news and _asks_for_news(small) else None
    subject, others = words[named[0] : named[-1] + 1], [*small[: named[0]], *small[named[-1] + 1 :]]
    is_only_named = _asks_for_news(others) if wants_news else _is_bare(others, subject[0], text)
    if len(subject) > MAX_SUBJECT_WORDS or has_verb(subject, text) or not is_only_named:
        return None
    return text[subject[0].start : subject[-1].end]


def _asks_for_news(others: Sequence[str]) -> bool:
    return not any(has_question_word(word) for word in others if word not in _OF_NEWS)


def _is_bare(others: Sequence[str], first: Word, text: str) -> bool:
    """No more than an article beside the subject, which does not begin like "Funktioniert die E-Akte?"."""
    return _ARTICLES.issuperset(others) and not has_verb(find_words(first.surface.lower()), text)
