"""What people read about alerts, in the language of the one who reads now; see :mod:`bot.texts`."""

from types import ModuleType
from typing import Any

from bot.alerts import texts_de, texts_en
from bot.texts import look_up

LANGUAGES: dict[str, ModuleType] = {"de": texts_de, "en": texts_en}


def __getattr__(name: str) -> Any:
    return look_up(name, LANGUAGES)
