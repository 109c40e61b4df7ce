"""Which question a message refers to: the one before it, or the article of the quotes that it replies to."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.turns import Turn
from index.articles import StoredArticle
from index.retrieval.references import Reference, find_reference
from index.retrieval.scope import EVERYTHING, Scope

MAX_ABOUT = 5  # articles of one message of quotes
_NEW_QUESTION = re.compile(
    r"\W*(?:neue(?:s)? (?:frage|thema)|andere(?:s)? (?:frage|thema)|neu anfangen|reset)\b\s*[:.!,–-]*\s*", re.IGNORECASE
)
# Under a quote, and under an alert: "ctx:row:version:start:end", "al:ask:row".
_ARTICLE_ACTION = re.compile(r"(?:ctx|al:ask):(\d{1,18})(?::|\Z)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A message as it is put to the engine: after the question ``before`` ("" for none), within ``scope``."""

    text: str
    before: str = ""
    scope: Scope = EVERYTHING


def split_new_question(text: str) -> tuple[bool, str]:
    """Whether a message says that it begins anew, and what it then asks ("" for nothing)."""
    found = _NEW_QUESTION.match(text)
    if found is None or (found.end() < len(text) and not re.search(r"[:.!,–-]\s*\Z", found.group())):
        return False, text
    return True, text[found.end() :].strip()


def asks_for_more(text: str) -> bool:
    """ "mehr dazu" """
    return find_reference(text) is Reference.MORE


def read_message(text: str, turn: Turn | None, about: Sequence[StoredArticle]) -> Asked:
    """What a message asks, after the turn before it, if any, and as a reply to quotes of the articles ``about``."""
    reference = find_reference(text) if turn or about else None
    scope = Scope(tuple(stored.row for stored in about))
    if reference is None:
        return Asked(text, "", scope)
    if len(about) == 1:
        return Asked(text, about[0].article.title, scope)
    return Asked(text, turn.searched if turn else "", scope)


def quoted_rows(actions: Sequence[str]) -> tuple[int, ...]:
    """Rows of the articles that the buttons under a message lead to, in order."""
    found = (_ARTICLE_ACTION.match(action) for action in actions)
    return tuple(dict.fromkeys(int(match[1]) for match in found if match))[:MAX_ABOUT]


def quoted_articles(actions: Sequence[str], find: Callable[[int], StoredArticle | None]) -> tuple[StoredArticle, ...]:
    """The articles that still are there."""
    return tuple(stored for row in quoted_rows(actions) if (stored := find(row)) is not None)
