"""Parameters of one call, from a query string, a form, a multipart body or a JSON body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .errors import Json, bad_request


def names(text: str) -> frozenset[str]:
    """A set of names that are written in a row."""
    return frozenset(text.split())


JSON_NAMES = names(
    "reply_markup reply_parameters entities caption_entities link_preview_options commands scope allowed_updates results menu_button button"
)
NUMBER_NAMES = names("chat_id message_id message_thread_id user_id offset limit timeout")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a multipart body."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Params:
    """Values as text, the way the real server keeps them, and uploaded files."""

    values: Mapping[str, str]
    files: Mapping[str, Upload]

    def text(self, name: str) -> str:
        """The value, or an empty text."""
        return self.values.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """The value as an integer."""
        value = self.values.get(name, "")
        try:
            return int(value) if value else default
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str) -> bool:
        """The value as a truth value; anything but true, yes and 1 is false."""
        return self.text(name).lower() in ("true", "yes", "1")

    def parsed(self, name: str, kind: type) -> Any:
        """The value read as JSON, or None where it is absent or empty."""
        if not self.text(name):
            return None
        try:
            value = json.loads(self.text(name))
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
        if not isinstance(value, kind):
            raise bad_request(f'parameter "{name}" must be a JSON {"array" if kind is list else "object"}')
        return value

    def check_names(self, allowed: frozenset[str]) -> None:
        """Refuse what the method does not know. The real server ignores it; a typing error shall not pass unseen here."""
        attached = {value[9:] for value in self.values.values() if value.startswith("attach://")}
        for name in sorted((self.values.keys() | self.files.keys()) - allowed - attached):
            raise bad_request(f'unknown parameter "{name}"')

    def readable(self) -> Json:
        """The parameters as a test likes to compare them: numbers, objects and the names of files."""
        files = {name: {"file_name": item.name, "size": len(item.content)} for name, item in self.files.items()}
        return {name: _readable(name, value) for name, value in self.values.items()} | files


def _readable(name: str, value: str) -> Any:
    if name not in JSON_NAMES | NUMBER_NAMES:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


async def decode(request: web.Request) -> Params:
    """Read the parameters of a request; the body wins over the query string."""
    values: dict[str, str] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        values |= _from_json(await request.text())
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, item in (await request.post()).items():
            if isinstance(item, web.FileField):
                files[name] = Upload(item.filename, item.file.read(), item.content_type)
            else:
                values[name] = str(item)
    return Params({name: _utf8(value) for name, value in values.items()}, files)


def _from_json(body: str) -> dict[str, str]:
    try:
        parsed = json.loads(body or "{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse JSON object")
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in parsed.items() if v is not None}


def _utf8(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value
