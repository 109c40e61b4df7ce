"""Greetings, thanks and objections are no questions to the articles, and questions that hold such words are."""

import json

import pytest

from bot import texts_de, texts_en
from bot.small_talk import _PATTERNS, MAX_CHARS, small_talk
from index.shipped import shipped_file

SAID = {
    "greeting": ["Hallo", "👋 Hallo Amtsfunk!", "Guten Morgen", "Moin moin", "Wie geht's dir?", "hello", "Good morning"],
    "thanks": ["Danke!", "Vielen Dank 🙏", "ok, danke", "Danke für die Hilfe.", "Super!", "Alles klar", "thanks a lot"],
    "farewell": ["Tschüss", "Auf Wiedersehen!", "Schönen Feierabend noch"],
    "self": ["Wer bist du?", "Was kannst du?", "Bist du ein Mensch?", "Sind Sie eine KI?", "Hilfe", "Who are you?"],
    "objection": ["Das stimmt doch nicht!", "falsch", "Das ist falsch.", "Nein, das stimmt so nicht", "That's wrong"],
    "source": ["Stimmt das?", "wirklich?", "Quelle?", "Woher weißt du das?", "Wo steht das?", "Bist du sicher?"],
    "unclear": ["Ich verstehe das nicht", "erklär mir das einfacher", "Erkläre das bitte", "hä?", "Wie bitte?", "Fass das zusammen"],
    "insult": ["Du bist dumm", "du bist echt nutzlos!!", "Idiot"],
}
ASKED = [
    *("Was ist falsch am OZG?", "Was steht in der Quelle?", "Wer ist Digitalminister?", "Ist das OZG gescheitert?", "Hallo, was ist das OZG?", "gut", "mehr dazu"),
    *("Danke, und wer leitet das?", "Wer hilft mir bei der BundID?", "Was kann die BundID?", "Hilfe bei ELSTER", "Seit wann?", "warum?", "", "42", "und davor?"),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_small_talk_is_told(kind, text):
    assert small_talk(text) == kind


@pytest.mark.parametrize("text", ASKED)
def test_questions_are_no_small_talk(text):
    assert small_talk(text) is None


def test_every_kind_has_its_sentence_in_both_languages():
    assert set(texts_de.SMALL_TALK) == set(texts_en.SMALL_TALK) == set(_PATTERNS)


def test_no_written_question_is_small_talk():
    lines = (shipped_file("training") / "queries.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["text"] for line in lines]
    assert asked and not [text for text in asked if small_talk(text)]


def test_long_messages_are_looked_at_no_further():
    assert small_talk("danke " * 10_000) is None and small_talk("hallo" + " " * MAX_CHARS) is None
