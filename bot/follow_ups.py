"""Which question a message refers to: the one before it, or the article of the quotes that it replies to."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.message_parts import Replied
from bot.turns import Turn
from index.articles import StoredArticle
from index.retrieval.references import Reference, find_reference
from index.retrieval.scope import EVERYTHING, Scope

MAX_ABOUT = 5  # articles of one message of quotes
MAX_LINKS = 12  # of one message that are looked up; a list longer than that means no one article
BEYOND = 10**6  # no answer has so many quotes
_NEW_QUESTION = re.compile(
    r"\W*(?:neue(?:s)? (?:frage|thema)|andere(?:s)? (?:frage|thema)|neu anfangen|reset)\b\s*[:.!,–-]*\s*", re.IGNORECASE
)
# Under a quote, and under an alert: "ctx:row:version:start:end", "al:ask:row".
_ARTICLE_ACTION = re.compile(r"(?:ctx|al:ask):(\d{1,18})(?::|\Z)")
_CONTEXT_ACTION = re.compile(r"ctx:(\d{1,18}):(\d{1,18}):(\d{1,9}):(\d{1,9})")
_ANSWER_ACTION = re.compile(r"(?:more|rate|rateno):([\w-]{1,24}):(\d{1,4}\Z)?")


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
    return Asked(text, turn.searched if turn else "; ".join(stored.article.title for stored in about), scope)


def quoted_rows(actions: Sequence[str]) -> tuple[int, ...]:
    """Rows of the articles that the buttons under a message lead to, in order."""
    found = (_ARTICLE_ACTION.match(action) for action in actions)
    return tuple(dict.fromkeys(int(match[1]) for match in found if match))[:MAX_ABOUT]


def quoted_place(actions: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Row and version of the article, start and end of the quote that the first of such buttons shows in its context."""
    found = next((match for action in actions if (match := _CONTEXT_ACTION.fullmatch(action))), None)
    return tuple(int(value) for value in found.groups()) if found else None


def answer_place(actions: Sequence[str]) -> tuple[str, int] | None:
    """The id of the answer that a message shows, and the number of its next quote; one far beyond where there is none."""
    found = [match for action in actions if (match := _ANSWER_ACTION.match(action))]
    more = next(((match[1], int(match[2])) for match in found if match[2]), None)
    return more or ((found[0][1], BEYOND) if found else None)


def meant_articles(
    replied: Replied, find: Callable[[int], StoredArticle | None], find_linked: Callable[[str, str], StoredArticle | None]
) -> tuple[StoredArticle, ...]:
    """The articles that a reply is about, as far as they still are there: by the buttons of what it replies to, else by its links where
    they lead to one article only."""
    known = tuple(stored for row in quoted_rows(replied.actions) if (stored := find(row)) is not None)
    if known:
        return known
    linked = {stored.row: stored for link in replied.links[:MAX_LINKS] if (stored := find_linked(link.text, link.url)) is not None}
    return tuple(linked.values()) if len(linked) == 1 else ()
