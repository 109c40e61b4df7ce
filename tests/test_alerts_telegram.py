"""Alerts in Telegram, end to end: the real process on a Bot API server, articles ingested by another process's store."""

import json
import time
from datetime import date

import pytest

from bot import texts
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


def state_of(bot, chat: int) -> str:
    store = AlertStore(bot.home / "amtsfunk.sqlite")
    found = store.chat(chat)
    store.close()
    return found.state if found else "forgotten"


def wait_for_state(bot, chat: int, state: str) -> None:
    bot.server.wait_for(lambda: state_of(bot, chat) == state, timeout_s=30)


def subscribe_as(bot, rule: str, chat: int, user: int, **fields) -> int:
    """An administrator saves a rule in a group or channel; the number of the last message."""
    said = bot.server.say(f"/alarm {rule}", chat_id=chat, user_id=user, **fields)
    preview = next_message(bot, chat, said.message_id)
    bot.server.press(preview.message_id, chat_id=chat, text=alert_texts.SAVE, user_id=user)
    return next_message(bot, chat, preview.message_id).message_id


def own_id(bot) -> int:
    return int(bot.server.token.partition(":")[0])


def test_a_channel_subscribes_loses_the_bot_and_gets_it_back(bot, encoder):
    channel = -4201
    bot.server.chat(channel, type="channel", title="Kanal", admins=[ADMIN, own_id(bot)])
    last = subscribe_as(bot, "Föhnwind", channel, ADMIN)
    ingest(bot, encoder, news("foehn", "Am Rand der Alpen weht Föhnwind."))
    alert = next_message(bot, channel, last)
    assert blockquotes(alert) == ["Am Rand der Alpen weht Föhnwind."]
    bot.server.membership(channel, "left", user_id=ADMIN)
    wait_for_state(bot, channel, "blocked")
    ingest(bot, encoder, news("foehn2", "Der Föhnwind hat sich gelegt."))
    bot.server.membership(channel, "administrator", user_id=ADMIN)
    assert blockquotes(next_message(bot, channel, alert.message_id)) == ["Der Föhnwind hat sich gelegt."]


def test_who_blocks_keeps_the_rules_and_hears_all_when_unblocking(bot, encoder):
    chat = new_chat()
    subscribe(bot, "Bodennebel", chat)
    last = last_id(bot, chat)
    bot.server.membership(chat, "kicked")
    wait_for_state(bot, chat, "blocked")
    ingest(bot, encoder, news("boden", "In den Tälern liegt Bodennebel."))
    bot.server.membership(chat, "member")
    assert blockquotes(next_message(bot, chat, last)) == ["In den Tälern liegt Bodennebel."]


def test_any_message_lifts_a_block_that_only_a_refusal_told_of(bot, encoder):
    chat = new_chat()
    subscribe(bot, "Polarlicht", chat)
    bot.server.chat(chat, blocked=True)
    ingest(bot, encoder, news("polar", "Über Rügen leuchtete ein Polarlicht."))
    wait_for_state(bot, chat, "blocked")
    bot.server.chat(chat, blocked=False)
    said = bot.server.say("/hilfe", chat_id=chat)
    found = bot.server.wait_for(
        lambda: [m for m in bot.server.messages(chat) if m.from_bot and m.message_id > said.message_id and blockquotes(m)], timeout_s=30
    )
    assert blockquotes(found[0]) == ["Über Rügen leuchtete ein Polarlicht."] and state_of(bot, chat) == "active"


@pytest.mark.parametrize(("group", "is_told"), [(-4301, True), (-4302, False)], ids=["told by a message", "found out by a refusal"])
def test_a_group_that_becomes_a_supergroup_takes_its_alerts_along(bot, encoder, group, is_told):
    supergroup, word = -1_000_000_000_000 + group, f"Windhose{-group}"
    bot.server.chat(group, type="group", title="Gruppe", members=[ADMIN], admins=[ADMIN])
    subscribe_as(bot, word, group, ADMIN)
    if is_told:
        bot.server.migrate(group, supergroup)
        bot.server.wait_for(lambda: state_of(bot, supergroup) == "active", timeout_s=30)
    else:
        bot.server.chat(supergroup, type="supergroup", title="Gruppe", members=[ADMIN], admins=[ADMIN])
        bot.server.chat(group, migrated_to=supergroup)
    ingest(bot, encoder, news(f"hose{-group}", f"Eine {word} zog vorbei."))
    assert blockquotes(next_message(bot, supergroup, 0 if not is_told else 1)) == [f"Eine {word} zog vorbei."]
    assert state_of(bot, group) == "forgotten"


def test_an_abstention_leads_to_a_rule_with_one_tap(bot):
    chat = new_chat()
    _said, abstained = bot.ask("Wie wird das Wetter morgen?", chat)
    assert texts.WANT_BUTTON in captions(abstained)
    preview = bot.press(abstained, chat, texts.WANT_BUTTON)
    assert preview.text.startswith("Alarm-Vorschau: Wetter")
    assert bot.press(preview, chat, alert_texts.SAVE).text.startswith("Gespeichert")


def test_a_topic_leads_to_the_preview_of_its_rule(bot):
    chat = new_chat()
    _said, topic = bot.ask("/thema BundID", chat)
    assert bot.press(topic, chat, texts.ALERT_BUTTON).text.startswith("Alarm-Vorschau: BundID")


def test_a_theme_is_told_by_its_meaning(bot, encoder):
    chat = new_chat()
    subscribe(bot, "thema:„digitale Brieftasche“", chat)
    last = last_id(bot, chat)
    text = "Den Ausweis auf dem Handy will die EU einführen. Mit der Wallet weist man sich im Netz und bei Behörden elektronisch aus."
    ingest(bot, encoder, news("wallet", text))
    alert = next_message(bot, chat, last)
    assert "Thema „digitale Brieftasche“ (Ähnlichkeit" in alert.text and blockquotes(alert)[0] in text
