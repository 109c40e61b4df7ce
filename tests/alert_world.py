"""Alerts without Telegram or a model: both stores on one file, a clock that tests set, and what is due."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial

from bot.alerts import texts_de as texts
from bot.alerts.commands import AlertDesk
from bot.alerts.delivering import take_for_terminal
from bot.alerts.matcher import AlertMatcher
from bot.alerts.nouns import Chat, Delivery, QuietHours
from bot.alerts.schedules import BERLIN
from bot.alerts.store import AlertStore
from bot.alerts.theme_store import RuleThemes
from bot.replies import Reply
from bot.visitors import Visitor
from index.alerting.themes import encode_theme
from index.ingest import Ingester
from index.storage.store import Store
from tests.fakes import DIMENSION, HASH_THEMES, HashEncoder, article

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=BERLIN).timestamp()  # a Monday
TODAY = date(2026, 3, 2)
OZG = article("Vorher steht etwas. Das Onlinezugangsgesetz gilt in Kiel. Danach auch.", "ozg", "Neues aus Kiel")
CHAT = Chat(1, "active", QuietHours(), 3)


def at(*when: int) -> float:
    return datetime(*when, tzinfo=BERLIN).timestamp()


class World:
    """Both stores on one file, a clock that tests set, and the conversation of one chat."""

    def __init__(self, path) -> None:
        self.now = NOON
        self.path = path
        self.alerts = AlertStore(path)
        self.store = Store(path, on_change=AlertMatcher(lambda: self.now).on_change)
        self.store.bind_model(HashEncoder.model_id, DIMENSION)
        themes = RuleThemes(self.alerts.themes, HashEncoder, partial(encode_theme, calibration=HASH_THEMES))
        self.desk = AlertDesk(self.alerts, self.store, themes, lambda: self.now, lambda: TODAY)

    def ingest(self, *articles) -> None:
        Ingester(self.store, HashEncoder()).run([replace(a, published=a.published or TODAY, source="Quelle") for a in articles])

    def say(self, text: str, chat: int = 0) -> Reply:
        command, _space, rest = text.partition(" ")
        return self.desk.reply_to(command, rest, Visitor(chat))

    def press(self, reply: Reply, label: str, chat: int = 0) -> Reply:
        action = next(button.action for row in reply.buttons for button in row if button.label == label)
        assert len(action.encode()) <= 64
        return self.desk.press(action, Visitor(chat))

    def subscribe(self, rule: str, chat: int = 0) -> Reply:
        return self.press(self.say(f"/alarm {rule}", chat), texts.SAVE, chat)

    def told(self, chat: int = 0) -> list[Reply]:
        return take_for_terminal(self.alerts, self.store, chat, self.now)


def due(count: int, **fields) -> list[Delivery]:
    base = {"chat_id": 1, "thread_id": 0, "kind": "alert", "made_at": NOON, "is_digest": False, "attempts": 0, "refusals": 0}
    return [Delivery(id=n, article_row=n, title="", quote="", **(base | fields)) for n in range(count)]
