"""The language that a chat has chosen, and the one that a visitor brings."""

from dataclasses import replace

import pytest

from bot import texts_de, texts_en
from bot.alerts import texts_de as alert_texts
from bot.replies import Style
from bot.visitors import Visitor
from tests.answer_world import OTHER, QUESTION_TEXT


def test_the_interface_speaks_the_visitors_language_and_quotes_stay(world):
    german, english = world.say(QUESTION_TEXT), world.say(QUESTION_TEXT, replace(OTHER, language="en"))
    assert [button.label for button in english.buttons[1]] == [texts_en.MORE_BUTTON, texts_en.ALERT_BUTTON]
    assert "28 January 2025" in english.text and "28.01.2025" in german.text
    quoted = [[s.text for s in reply.segments if s.style in (Style.QUOTE, Style.STRONG_QUOTE)] for reply in (german, english)]
    assert quoted[0] == quoted[1]


def test_a_chosen_language_is_kept_shown_and_forgotten(world):
    assert world.say("/sprache").buttons[0][1].action == "lang:en"
    assert world.press(world.say("/sprache"), "English").text == texts_en.LANGUAGE_CHOSEN
    assert world.say("/wetter").text.startswith("I do not know") and world.say("/wetter", OTHER).text.startswith("Den Befehl")
    assert '"language": "en"' in world.say("/meinedaten").file.content
    world.press(world.say("/vergessen"), "Delete everything")
    assert world.talk.language(7) is None and world.say("/meinedaten").text == alert_texts.OWN_NOTHING


@pytest.mark.parametrize(("typed", "answer"), [("de", texts_de), ("EN", texts_en), ("englisch", texts_en), ("German", texts_de)])
def test_languages_by_name(world, typed, answer):
    assert world.say(f"/language {typed}").text == answer.LANGUAGE_CHOSEN


def test_an_unknown_language_is_asked_for_again_and_only_admins_choose_for_a_group(world):
    assert world.say("/sprache klingonisch").text == texts_de.LANGUAGE_ASK
    assert world.say("/sprache en", Visitor(-5, may_subscribe=False, person=7)).text == texts_de.LANGUAGE_ONLY_ADMINS
    assert world.talk.language(-5) is None


def test_the_language_moves_with_a_group(world):
    world.say("/sprache en", Visitor(-5, person=7))
    world.talk.move_chat(-5, -100500)
    assert (world.talk.language(-5), world.talk.language(-100500)) == (None, "en")
