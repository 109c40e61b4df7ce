"""Both languages say the same things, and who hears which."""

from string import Formatter

import pytest

import bot.alerts.texts
import bot.texts
from bot import texts, texts_de, texts_en
from bot.alerts import texts_de as alerts_de
from bot.alerts import texts_en as alerts_en
from bot.languages import default_language

PAIRS = {"bot/texts": (texts_de, texts_en), "bot/alerts/texts": (alerts_de, alerts_en)}


def constants(module) -> dict[str, object]:
    return {name: value for name, value in vars(module).items() if name.isupper()}


def strings(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for part in (value.values() if isinstance(value, dict) else value) for text in strings(part)]


def placeholders(text: str) -> set[str]:
    return {field.partition(".")[0] for _literal, field, _spec, _conversion in Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("pair", PAIRS)
def test_every_german_text_has_an_english_one(pair):
    german, english = map(constants, PAIRS[pair])
    lacking, superfluous = sorted(german.keys() - english.keys()), sorted(english.keys() - german.keys())
    assert not lacking, f"please add to {pair}_en.py, with the placeholders of the German text: {', '.join(lacking)}"
    assert not superfluous, f"{pair}_de.py no longer has: {', '.join(superfluous)}"


@pytest.mark.parametrize("pair", PAIRS)
def test_placeholders_are_the_same(pair):
    german, english = map(constants, PAIRS[pair])
    for name in german.keys() & english.keys():
        one, other = strings(german[name]), strings(english[name])
        assert len(one) == len(other), name
        if not isinstance(german[name], dict) or german[name].keys() == english[name].keys():
            assert [placeholders(text) for text in one] == [placeholders(text) for text in other], name


def test_commands_have_the_same_names_in_the_same_order():
    assert [name for name, _text in texts_de.COMMANDS] == [name for name, _text in texts_en.COMMANDS]
    assert {f"/{name}" for name, _text in texts_de.COMMANDS} <= {word for word in texts_en.HELP.split() if word.startswith("/")}


@pytest.mark.parametrize(("module", "german", "english"), [(texts, texts_de, texts_en), (bot.alerts.texts, alerts_de, alerts_en)])
def test_texts_are_looked_up_in_the_language_spoken(module, german, english):
    for name in constants(english):
        assert getattr(module, name) is getattr(german, name)
        with bot.texts.speaking("en"):
            assert getattr(module, name) is getattr(english, name)
        with bot.texts.speaking("fr"):  # none of ours
            assert getattr(module, name) is getattr(german, name)
    with pytest.raises(AttributeError):
        _ = module.NO_SUCH_TEXT


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("de-AT", "de"), ("en", "en"), ("en-GB", "en"), ("EN", "en"), ("tr", "de"), ("uk", "de"), ("fr", "de"), ("", "de"), (None, "de"), ("eng", "de")],
)
def test_who_has_not_chosen_hears_german_unless_telegram_speaks_english(code, language):
    assert default_language(code) == language
