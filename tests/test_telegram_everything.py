"""Every command and every kind of button, pressed at least once in the real process, and whatever people may write.

What exists is asked of the conversation itself: a new command or button that nothing here reaches fails the test by name.
"""

import random
import re
import shutil
import sys
import time
import unicodedata
from datetime import date

import pytest

from bot import texts_de as texts
from bot.alerts import texts_de as alert_texts
from bot.alerts.matcher import AlertMatcher
from bot.alerts.store import AlertStore
from bot.replies import telegram_length
from bot.telegram_text import MAX_MESSAGE_UNITS
from index.articles import Article
from index.ingest import Ingester
from index.storage.store import Store
from tests.botapi.client import SeenMessage
from tests.conftest import open_app
from tests.telegram_bot import TelegramBot, new_chat, running_bot

ADMIN = 7001
QUESTION = "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?"
# What follows a command so that it shows all it can; nothing for the others.
WORDS = {
    "/thema": "OZG",
    "/zeitstrahl": "OZG",
    "/trend": "OZG, BundID",
    "/alarm": "Registermodernisierung",
    "/rundruf": "Wartung am Sonntag",
    "/sperren": "424242",
    "/entsperren": "424242",
}
# Buttons after which others under the same message lead nowhere: pressed last.
ENDING = ("al:save", "al:drop", "al:del", "rufweg", "al:forget")
# Words that say that a command or button did nothing.
NOTHING = {texts.FAILED, texts.FORGOTTEN, texts.CHANGED, alert_texts.GONE}
SETTLED_S = 20.0


@pytest.fixture(scope="module")
def bot(demo_home, tmp_path_factory):
    """A bot of its own with an operator: these tests add articles and send to all."""
    folder = tmp_path_factory.mktemp("everything")
    shutil.copytree(demo_home, folder / "home", symlinks=True)
    with running_bot(folder / "home", folder, variables={"AMTSFUNK_ADMINS": str(ADMIN)}) as bot:
        yield bot


@pytest.fixture(scope="module")
def conversation(bot, encoder):
    app = open_app(bot.home, encoder)
    yield app.conversation
    app.close()


def kind_of(action: str) -> str:
    """"al:save" for the buttons of alerts, the first word for all others."""
    first, *rest = action.split(":")
    return f"al:{rest[0]}" if first == "al" else first


class Explorer:
    """Presses what it has not pressed yet, wherever it is shown."""

    def __init__(self, bot: TelegramBot) -> None:
        self.bot = bot
        self.chats = [ADMIN]
        self.driven: dict[str, str] = {}
        self.said: list[str] = []

    def run_command(self, command: str, words: str = "") -> SeenMessage:
        _said, reply = self.bot.ask(f"{command} {words}".strip(), ADMIN)
        assert reply.text not in NOTHING and not reply.text.startswith("Den Befehl"), command
        return reply

    def press_all(self) -> None:
        """Until nothing new is shown."""
        deadline = time.monotonic() + SETTLED_S
        while time.monotonic() < deadline:
            if (found := self._next()) is None:
                time.sleep(0.3)  # a message to all or an alert may still be on its way
                continue
            self._press(*found)
            deadline = time.monotonic() + (2.0 if self._next() is None else SETTLED_S)

    def _next(self) -> tuple[int, SeenMessage, str] | None:
        """The newest button of a kind not driven yet; those that end something only when there is no other."""
        shown = [
            (chat, message, button["callback_data"])
            for chat in self.chats
            for message in reversed(self.bot.server.messages(chat))
            for button in message.buttons
            if "callback_data" in button and kind_of(button["callback_data"]) not in self.driven
        ]
        rank = {"rufsenden": -1} | {kind: place for place, kind in enumerate(ENDING, 1)}  # a message to all needs somebody with an alert
        return min(shown, key=lambda found: rank.get(kind_of(found[2]), 0), default=None)

    def _press(self, chat: int, message: SeenMessage, action: str) -> None:
        last = self.bot.server.messages(chat)[-1].message_id
        self.bot.server.press(message.message_id, chat_id=chat, data=action)
        self.driven[kind_of(action)] = self.bot.server.wait_reply(chat, after=last, timeout_s=20).text


def test_every_command_and_every_kind_of_button(bot, conversation, encoder):
    explorer = Explorer(bot)
    cause_an_alert(bot, encoder)
    for command in (*sorted(conversation.commands), "/rundruf"):  # one to be sent, one to be dropped
        explorer.run_command(command, WORDS.get(command, ""))
    explorer.chats.append(cause_what_needs_a_conversation(bot))
    explorer.press_all()
    missing = conversation.button_kinds - explorer.driven.keys()
    assert not missing, f"never shown to a person: {sorted(missing)}"
    assert not {kind: text for kind, text in explorer.driven.items() if text in NOTHING}
    assert texts.FAILED not in [message.text for message in bot.server.messages(ADMIN)]


def cause_what_needs_a_conversation(bot: TelegramBot) -> int:
    """A chat with the buttons that only stand under a follow-up, an answer about a time, an opinion, an abstention, a long list of alerts."""
    chat = new_chat()
    _said, preview = bot.ask("/alarm " + "\n/alarm ".join(f"Wort{number}" for number in range(25)), chat)
    bot.press(preview, chat, alert_texts.SAVE_ALL.format(count=25))
    bot.ask("/alarme", chat)
    _said, answer = bot.ask(QUESTION, chat)
    bot.press(answer, chat, "👎")
    bot.ask("seit wann?", chat)
    bot.ask("Wie wird das Wetter morgen in Oberammergau?", chat)
    bot.ask("Was gab es 2024 zu BundID?", chat)
    return chat


def cause_an_alert(bot: TelegramBot, encoder) -> None:
    """Subscribe, let an article come in, wait for its alert."""
    _said, preview = bot.ask("/alarm Quellwolke Hafen", ADMIN)
    saved = bot.press(preview, ADMIN, alert_texts.SAVE)
    store = Store(bot.home / "amtsfunk.sqlite", on_change=AlertMatcher(time.time).on_change)
    AlertStore(bot.home / "amtsfunk.sqlite").close()
    text = "Über dem Hafen stehen Quellwolken, sagt die Hafenverwaltung. Am Abend folgt Regen im Binnenland."
    Ingester(store, encoder).run([Article("wolke", "Wolken", text, date.today(), "https://example.org/w", "Testquelle", origin="wolke")])
    store.close()
    bot.server.wait_reply(ADMIN, after=saved.message_id, timeout_s=20)


def test_the_menu_of_operators_is_theirs_alone(bot):
    scopes = [call.params.get("scope", {"type": "default"}) for call in bot.server.calls("setMyCommands") if call.answer["ok"]]
    names = [{item["command"] for item in call.params["commands"]} for call in bot.server.calls("setMyCommands") if call.answer["ok"]]
    assert {"type": "chat", "chat_id": ADMIN} in scopes
    assert all(("rundruf" in commands) == (scope["type"] == "chat") for scope, commands in zip(scopes, names, strict=True))
    stranger = new_chat()
    for command, _description in texts.OPERATOR_COMMANDS:
        assert bot.ask(f"/{command} 5", stranger)[1].text == texts.UNKNOWN_COMMAND.format(command=f"/{command}")


def test_the_state_tells_opinions_on_abstentions_apart(bot):
    chat = new_chat()
    _said, abstention = bot.ask("Wie wird das Wetter morgen in Unterammergau?", chat)
    before = re.search(r"„keine Antwort“ \((\d+) 👍, (\d+) 👎\)", bot.ask("/status", ADMIN)[1].text)
    bot.press(abstention, chat, texts.SHOULD_KNOW)
    after = re.search(r"„keine Antwort“ \((\d+) 👍, (\d+) 👎\)", bot.ask("/status", ADMIN)[1].text)
    assert (int(after[1]), int(after[2])) == (int(before[1]), int(before[2]) + 1)


def test_operators_command_in_private_chats_only(bot):
    bot.server.chat(-7002, type="supergroup", title="Runde", members=[ADMIN])
    bot.server.say("/status@test_bot", chat_id=-7002, user_id=ADMIN)
    assert bot.server.wait_reply(-7002, timeout_s=15).text == texts.UNKNOWN_COMMAND.format(command="/status")


def test_who_is_blocked_is_told_once_and_hears_nothing_more(bot):
    chat = new_chat()
    bot.ask(f"/sperren {chat}", ADMIN)
    assert bot.ask("Was ist ELFE?", chat)[1].text == texts.BLOCKED
    for _ in range(2):
        bot.server.say("Was ist ELFE?", chat_id=chat)
    assert len(bot.replies(chat)) == 1
    bot.ask(f"/entsperren {chat}", ADMIN)
    assert bot.ask("/hilfe", chat)[1].text.startswith("So funktioniert")


# whatever people write

EVERY_EMOJI = "".join(
    chr(code) for code in range(0x200D, sys.maxunicode) if unicodedata.category(chr(code)) in {"So", "Sk"} and unicodedata.name(chr(code), "")
)
ODD = {
    "one letter": "x",
    "one digit": "7",
    "4,095": "Was ist ELFE? " + "ä" * 4081,
    "4,096": "Was ist ELFE? " + "ä" * 4082,
    "4,097, as another client may send it": "Was ist ELFE? " + "ä" * 4083,
    "20,000": "Was ist ELFE? " + "Der Bund und die Länder. " * 800,
    "20,000 without a space": "x" * 20_000,
    "right to left": "ما هو قانون الوصول عبر الإنترنت OZG؟ " * 20,
    "markup": "<b>Was</b> &amp; _ist_ *das* [OZG](http://a.de)? `~>#+-=|{}.!</blockquote><script>" * 10,
    "flags and families": "🇩🇪👨‍👩‍👧‍👦🏳️‍🌈 Was ist ELFE? 👩🏽‍💻" * 30,
    "combining": "W\u0301a\u0301s\u0301 ist e\u0301lfe?" + "\u0301" * 500,
    "controls": "".join(map(chr, range(1, 32))) + "Was ist ELFE?",
}


@pytest.mark.parametrize("name", ODD)
def test_every_text_gets_a_reply_that_telegram_takes(bot, name):
    assert_one_honest_reply(bot, ODD[name])


def test_every_emoji(bot):
    for start in range(0, len(EVERY_EMOJI), 2000):
        assert_one_honest_reply(bot, EVERY_EMOJI[start : start + 2000])


def test_random_texts(bot):
    dice = random.Random(6)
    alphabet = "aäß OZG?!.,/<>&\"'_*[]()@#\n\t\u200d\u202e\u05d0😀🇩🇪" + "".join(chr(dice.randrange(0x20, 0xD7FF)) for _ in range(40))
    for _ in range(20):
        assert_one_honest_reply(bot, "".join(dice.choice(alphabet) for _ in range(dice.randrange(1, 400))))


def assert_one_honest_reply(bot: TelegramBot, text: str) -> None:
    chat = new_chat()
    bot.server.say(text, chat_id=chat)
    bot.server.wait_reply(chat, timeout_s=30)
    replies = bot.replies(chat)
    assert len(replies) == 1 and texts.FAILED not in replies[0].text, (text[:80], [reply.text[:80] for reply in replies])
    assert telegram_length(replies[0].text) <= MAX_MESSAGE_UNITS
    sent = [call for call in bot.server.calls("sendMessage") if call.params["chat_id"] == chat]
    assert all(call.answer["ok"] for call in sent)
