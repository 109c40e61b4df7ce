"""Alerts in Telegram, end to end: the real process on a Bot API server, articles ingested by another process's store."""

import json
import time
from datetime import date

import pytest

from bot.alerts import texts_de as alert_texts
from bot.alerts.matcher import AlertMatcher
from bot.alerts.store import AlertStore
from index.articles import Article
from index.ingest import Ingester
from index.storage.store import Store
from tests.telegram_bot import blockquotes, captions, entities_of, links, new_chat, running_bot, slice_of

GROUP, ADMIN, MEMBER = -4001, 4002, 4003


@pytest.fixture(scope="module")
def bot(demo_home, tmp_path_factory):
    """A bot of its own: these tests add articles."""
    import shutil

    folder = tmp_path_factory.mktemp("alerts")
    shutil.copytree(demo_home, folder / "home", symlinks=True)
    with running_bot(folder / "home", folder) as bot:
        yield bot


def ingest(bot, encoder, *articles: Article) -> None:
    path = bot.home / "amtsfunk.sqlite"
    AlertStore(path).close()
    store = Store(path, on_change=AlertMatcher(time.time).on_change)
    Ingester(store, encoder).run(articles)
    store.close()


def news(key: str, text: str) -> Article:
    return Article(key, f"Nachricht <{key}>", text, date.today(), f"https://example.org/{key}", "Testquelle", origin=key)


def subscribe(bot, rule: str, chat: int) -> None:
    _said, preview = bot.ask(f"/alarm {rule}", chat)
    assert preview.text.startswith("Alarm-Vorschau")
    saved = bot.press(preview, chat, alert_texts.SAVE)
    assert saved.text.startswith("Gespeichert")


def next_message(bot, chat: int, after: int):
    return bot.server.wait_reply(chat, after=after, timeout_s=15)


def last_id(bot, chat: int) -> int:
    return bot.server.messages(chat)[-1].message_id


def test_from_the_rule_to_the_alert_and_back(bot, encoder):
    chat = new_chat()
    subscribe(bot, "Quellwolke", chat)
    last = last_id(bot, chat)
    ingest(bot, encoder, news("wolke", "Zuerst ist es heiter. Über <Kiel> & dem Hafen stehen Quellwolken. Später regnet es."))
    alert = next_message(bot, chat, last)
    assert blockquotes(alert) == ["Über <Kiel> & dem Hafen stehen Quellwolken."]
    assert "Quellwolken" in [slice_of(alert.text, entity) for entity in entities_of(alert, "bold")]
    assert links(alert)[0] == ("Nachricht <wolke>", "https://example.org/wolke")
    assert "weil: Quellwolke" in alert.text and date.today().strftime("%d.%m.%Y") in alert.text
    assert list(captions(alert)) == [alert_texts.ASK, alert_texts.PAUSE, alert_texts.LESS, alert_texts.UNSUBSCRIBE]
    deleted = bot.press(alert, chat, alert_texts.UNSUBSCRIBE)
    assert alert_texts.UNDO in captions(deleted)
    _said, listed = bot.ask("/alarme", chat)
    assert listed.text == alert_texts.NONE


def test_only_administrators_subscribe_groups_and_topics_are_kept(bot, encoder):
    bot.server.chat(GROUP, type="supergroup", title="Gruppe", members=[ADMIN, MEMBER], admins=[ADMIN], topics=[7])
    said = bot.server.say("/alarm Nebelbank", chat_id=GROUP, user_id=MEMBER)
    assert next_message(bot, GROUP, said.message_id).text == alert_texts.ONLY_ADMINS
    said = bot.server.say("/alarm Nebelbank", chat_id=GROUP, user_id=ADMIN, thread_id=7)
    preview = next_message(bot, GROUP, said.message_id)
    bot.server.press(preview.message_id, chat_id=GROUP, text=alert_texts.SAVE, user_id=MEMBER)
    assert next_message(bot, GROUP, preview.message_id).text == alert_texts.ONLY_ADMINS
    last = last_id(bot, GROUP)
    bot.server.press(preview.message_id, chat_id=GROUP, text=alert_texts.SAVE, user_id=ADMIN)
    saved = next_message(bot, GROUP, last)
    assert saved.text.startswith("Gespeichert")
    ingest(bot, encoder, news("nebel", "Im Norden liegt eine Nebelbank."))
    alert = next_message(bot, GROUP, saved.message_id)
    assert blockquotes(alert) == ["Im Norden liegt eine Nebelbank."] and alert.raw["message_thread_id"] == 7


def test_own_data_as_a_file_and_forgetting(bot):
    chat = new_chat()
    subscribe(bot, "Morgentau", chat)
    _said, reply = bot.ask("/meinedaten", chat)
    assert reply.text == alert_texts.OWN_DATA
    document = bot.server.wait_reply(chat, after=reply.message_id, timeout_s=10)
    assert document.raw["document"]["file_name"] == "meinedaten.json"
    _said, asked = bot.ask("/vergessen", chat)
    assert "jetzt 0 Einträge" in bot.press(asked, chat, alert_texts.FORGET_YES).text
    store = AlertStore(bot.home / "amtsfunk.sqlite")
    assert json.dumps(store.own_data(chat)) == json.dumps({name: [] for name in store.own_data(chat)})
    store.close()
