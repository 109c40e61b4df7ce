"""Replies to messages that ask nothing: the latest articles for "Was gibt es Neues?", what the news say of "NOOTS" or "Neues zur E-Akte"."""

from collections.abc import Callable
from datetime import date

from bot.latest import latest_page
from bot.replies import Reply
from bot.topic_commands import keyword_reply
from index.retrieval.keywords import subject_of
from index.storage.store import Store
from index.topics import Topics


class KeywordDesk:
    """``topics`` is asked for when the first subject is looked for."""

    def __init__(self, store: Store, topics: Callable[[], Topics], today: Callable[[], date]) -> None:
        self._store, self._topics, self._today = store, topics, today

    def news(self, text: str) -> Reply | None:
        """None where the message is more than a wish for news."""
        return latest_page(self._store, "", 0) if subject_of(text, self._today()) == "" else None

    def subject(self, text: str) -> Reply | None:
        """None where the message is more than a subject, or no article names it."""
        subject = subject_of(text, self._today())
        return keyword_reply(self._topics(), subject) if subject else None
