"""What people read, in the language of the one who reads now: ``texts.START`` is looked up when it is used.

A text that a language lacks is shown in German. The constants stand in ``texts_de.py`` and its like.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from bot import texts_de

LANGUAGES: dict[str, ModuleType] = {"de": texts_de}
_language = ContextVar("language", default="de")


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts looked up inside the block are in this language (ISO 639-1), German if there is none in it."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def __getattr__(name: str) -> Any:
    if name.isupper():
        return getattr(LANGUAGES.get(_language.get(), texts_de), name, None) or getattr(texts_de, name)
    raise AttributeError(name)
