"""In which language the bot speaks: ``/sprache``, and what holds before anyone has chosen. Quotes stay as they were written."""

from collections.abc import Sequence

from bot import texts
from bot.features import Feature
from bot.replies import Button, Reply, plain
from bot.talk_store import TalkStore
from bot.visitors import Visitor

COMMANDS = frozenset({"/sprache", "/language"})
CHOOSE = "lang"
NAMES = {"de": "Deutsch", "en": "English"}
_SPELLINGS = {"de": "de", "deutsch": "de", "german": "de", "en": "en", "englisch": "en", "english": "en"}


def default_language(telegram_code: str | None) -> str:
    """Of a person who has not chosen: English for those whose Telegram speaks it, else German, the language of the articles."""
    return "en" if (telegram_code or "").lower().partition("-")[0] == "en" else "de"


def language_feature(store: TalkStore) -> Feature:
    """The command, under a German and an English name, and its buttons."""
    return Feature(
        {name: lambda words, visitor: [_choose(store, words, visitor)] for name in COMMANDS},
        {CHOOSE: lambda values, visitor: [_choose(store, values[0], visitor)]},
    )


def _choose(store: TalkStore, wanted: str, visitor: Visitor) -> Reply:
    language = _SPELLINGS.get(wanted.strip().lower())
    if language is None:
        return plain(texts.LANGUAGE_ASK, (_buttons(),))
    if not visitor.may_subscribe:
        return plain(texts.LANGUAGE_ONLY_ADMINS)
    store.choose_language(visitor.chat_id, language)
    with texts.speaking(language):
        return plain(texts.LANGUAGE_CHOSEN)


def _buttons() -> Sequence[Button]:
    return tuple(Button(name, f"{CHOOSE}:{language}") for language, name in NAMES.items())
