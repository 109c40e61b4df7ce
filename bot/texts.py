"""What people read, in the language of the one who reads now: ``texts.START`` is looked up when it is used.

A text that a language lacks is shown in German. The constants stand in ``texts_de.py`` and its like.
"""

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from bot import texts_de, texts_en

LANGUAGES: dict[str, ModuleType] = {"de": texts_de, "en": texts_en}
_language = ContextVar("language", default="de")


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts looked up inside the block are in this language (ISO 639-1), German if there is none in it."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def look_up(name: str, modules: Mapping[str, ModuleType]) -> Any:
    """A constant of the module in the language spoken now; in German if that module lacks it. Raises AttributeError for an unknown one."""
    if not name.isupper():
        raise AttributeError(name)
    found = getattr(modules.get(_language.get()), name, None)
    return getattr(modules["de"], name) if found is None else found


def __getattr__(name: str) -> Any:
    return look_up(name, LANGUAGES)
