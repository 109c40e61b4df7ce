"""Six towns that all answer one question, and a conversation about them on real stores in one file."""

from dataclasses import replace
from datetime import date
from functools import partial

from bot.alerts.commands import AlertDesk
from bot.alerts.store import AlertStore
from bot.alerts.theme_store import RuleThemes
from bot.conversation import ArticleOverview, Conversation
from bot.feedback import FeedbackDesk
from bot.languages import language_feature
from bot.replies import Reply
from bot.talk_store import TalkStore
from bot.visitors import Visitor
from index.alerting.themes import encode_theme
from index.lexical import LexicalIndex
from index.quote_limits import QuoteLimits
from index.retrieval.abstention import Calibration
from index.retrieval.candidates import Indexes
from index.retrieval.engine import Engine
from index.vectors import VectorIndex
from tests.fakes import ANSWER_ALWAYS, DIMENSION, HASH_THEMES, HashEncoder, article, new_store

TODAY = date(2026, 3, 2)
QUESTION_TEXT = "Wer übernimmt den Vorsitz im IT-Planungsrat?"
TOWNS = ("Bremen", "Essen", "Bonn", "Kiel", "Mainz", "Ulm")
PERSON, OTHER = Visitor(7, person=7), Visitor(8, person=8)


def towns() -> list:
    made = [article(f"{town} übernimmt den Vorsitz im IT-Planungsrat mit {town}er Plan {town}.", town, f"{town} leitet") for town in TOWNS]
    return [replace(one, url=f"https://example.org/{one.key}", source="Kommune21", published=date(2025, 1, 28)) for one in made]


class World:
    """A conversation on real stores in one file."""

    def __init__(self, path, *articles, limits: QuoteLimits = QuoteLimits(), calibration: Calibration = ANSWER_ALWAYS) -> None:
        self.store = new_store(path, *articles)
        self.talk, self.alerts = TalkStore(path), AlertStore(path)
        indexes = Indexes(VectorIndex(self.store, DIMENSION), LexicalIndex(self.store))
        self.engine = Engine(self.store, HashEncoder(), indexes, calibration=calibration, limits=limits)
        self.start()

    def start(self) -> None:
        """A new process: nothing in memory."""
        themes = RuleThemes(self.alerts.themes, HashEncoder, partial(encode_theme, calibration=HASH_THEMES))
        desk = AlertDesk(self.alerts, self.store, themes, lambda: 0.0, lambda: TODAY)
        feedback = FeedbackDesk(self.talk, lambda: TODAY)
        overview = lambda: ArticleOverview(self.store.count_articles(), None, False)  # noqa: E731
        self.conversation = Conversation(
            self.engine,
            overview,
            desk,
            (language_feature(self.talk),),
            feedback=feedback,
            language_of=lambda v: self.talk.language(v.chat_id) or v.language,
        )

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_error: object) -> None:
        for store in (self.store, self.talk, self.alerts):
            store.close()

    def say(self, text: str, visitor: Visitor = PERSON) -> Reply:
        (reply,) = self.conversation.reply_to(text, visitor)
        return reply

    def press(self, reply: Reply, label: str, visitor: Visitor = PERSON, asked: str = "") -> Reply:
        action = next(button.action for row in reply.buttons for button in row if button.label == label)
        assert 0 < len(action.encode()) <= 64
        (pressed,) = self.conversation.press(action, asked, visitor)
        return pressed
