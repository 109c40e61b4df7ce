"""``parse_mode=HTML`` as the real server reads it, with its error texts and byte offsets.

One rule is stricter on purpose: a quote within a quote is an error (the real server drops one of them).
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from .entities import Entity, Formatted, clean, finish, from_json, utf16_length
from .errors import ApiError, bad_request
from .params import Params

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    **{"code": "code", "pre": "pre", "a": "text_link", "blockquote": "blockquote", "tg-emoji": "custom_emoji"},
}
_ARGUMENTS = {("a", "href"): "", ("code", "class"): "language-", ("span", "class"): "tg-", ("tg-emoji", "emoji-id"): ""}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,7})|#([0-9]{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.-]+(?=[\s>])))?""")
_WORD, _TAG_END = re.compile(r"[^\s>]*"), re.compile(r"\s*>")
_PLAIN = re.compile(r"[^<&]+")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag: where it stands in the source and where its text starts in the result."""

    name: str
    argument: str
    at: int
    offset: int


def parse_html(source: str) -> Formatted:
    """Text and entities of an HTML source, not trimmed yet."""
    return _HtmlParser(clean(source)).parse()


class _HtmlParser:
    def __init__(self, source: str) -> None:
        self._source, self._pos = source, 0
        self._out: list[str] = []
        self._length = 0
        self._open_tags: list[Tag] = []
        self._entities: list[Entity] = []

    def parse(self) -> Formatted:
        while self._pos < len(self._source):
            if self._source.startswith("</", self._pos):
                self._end_tag()
            elif self._source[self._pos] == "<":
                self._start_tag()
            else:
                self._characters()
        if self._open_tags:
            raise _error(f'Can\'t find end tag corresponding to start tag "{self._open_tags[-1].name}"')
        return Formatted("".join(self._out), tuple(e for e in map(_without_stray_language, self._entities)))

    def _characters(self) -> None:
        """Up to what may be a tag or a reference, or one such reference."""
        plain, reference = (pattern.match(self._source, self._pos) for pattern in (_PLAIN, _REFERENCE))
        decoded = _decode(reference) if reference else ""
        text = plain.group() if plain else decoded or self._source[self._pos]
        self._pos = reference.end() if reference and decoded else self._pos + len(text)
        self._out.append(text)
        self._length += utf16_length(text)

    def _start_tag(self) -> None:
        begin, name = self._pos, self._word(self._pos + 1)
        self._pos += 1 + len(name)
        if self._pos >= len(self._source):
            raise self._error("Unclosed start tag", begin)
        name = name.lower()
        if name not in KINDS:
            raise self._error(f'Unsupported start tag "{name}"', begin)
        argument = self._attributes(name, begin)
        if name == "span" and argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        if name == "blockquote" and any(tag.name == name for tag in self._open_tags):
            raise self._error('Nested tag "blockquote"', begin)
        self._open_tags.append(Tag(name, argument, begin, self._length))

    def _attributes(self, tag: str, begin: int) -> str:
        argument, first = "", self._pos
        while not (end := _TAG_END.match(self._source, self._pos)):
            match = _ATTRIBUTE.match(self._source, self._pos)
            if not match:
                raise self._attribute_error(tag, begin, self._pos == first)
            argument = _argument(tag, match[1].lower(), _attribute_value(match[2] or "")) or argument
            self._pos = match.end()
        self._pos = end.end()
        return argument

    def _attribute_error(self, tag: str, begin: int, is_first: bool) -> ApiError:
        rest = self._source[self._pos :].lstrip()
        if not rest.startswith("="):
            return self._error(f'Unclosed start tag "{tag}"', begin)
        if is_first:
            return self._error(f'Empty attribute name in the tag "{tag}"', begin)
        value = rest[1:].lstrip()
        if not value or value[0] in "\"'":
            return self._error("Unclosed start tag", begin)
        return self._error("Unexpected end of name token", len(self._source) - len(value))

    def _end_tag(self) -> None:
        begin = self._pos
        if not self._open_tags:
            raise self._error("Unexpected end tag", begin)
        name = self._word(begin + 2)
        close = _TAG_END.match(self._source, begin + 2 + len(name))
        if not close:
            raise self._error("Unclosed end tag", begin)
        tag = self._open_tags.pop()
        if name and name.lower() != tag.name:
            where = f'at byte offset {self._bytes(begin)}, expected "</{tag.name}>", found "</{name}>"'
            raise self._error(f"Unmatched end tag {where}")
        self._pos = close.end()
        self._finish(tag)

    def _finish(self, tag: Tag) -> None:
        text = "".join(self._out).encode("utf-16-le")[tag.offset * 2 :].decode("utf-16-le")
        length = self._length - tag.offset
        last = self._entities[-1] if self._entities else None
        if tag.name == "pre" and last and last.extra and (last.type, last.offset, last.length) == ("code", tag.offset, length):
            self._entities[-1] = Entity("pre", tag.offset, length, last.extra)
        elif length and (entity := self._entity(tag, length, text)):
            self._entities.append(entity)

    def _entity(self, tag: Tag, length: int, text: str) -> Entity | None:
        kind = KINDS[tag.name]
        if tag.name == "a":
            return _link(tag.argument or text, tag.offset, length)
        if tag.name == "tg-emoji":
            if not tag.argument.isdigit():
                raise _error("Invalid custom emoji identifier specified")
            return Entity(kind, tag.offset, length, (("custom_emoji_id", tag.argument),))
        if tag.name == "code" and tag.argument:
            return Entity(kind, tag.offset, length, (("language", tag.argument),))
        return Entity("expandable_blockquote" if tag.argument == "expandable" else kind, tag.offset, length)

    def _word(self, start: int) -> str:
        return _WORD.match(self._source, start).group()  # type: ignore[union-attr]

    def _bytes(self, at: int) -> int:
        return len(self._source[:at].encode())

    def _error(self, text: str, at: int | None = None) -> ApiError:
        return _error(text if at is None else f"{text} at byte offset {self._bytes(at)}")


def _error(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


def _decode(match: re.Match[str]) -> str:
    """The character of a reference, or an empty text for one that stays as it is."""
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1], 16) if match[1] else int(match[2])
    return "" if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def _attribute_value(source: str) -> str:
    """The value without its quotation marks, within which character references count."""
    return _REFERENCE.sub(lambda match: _decode(match) or match[0], source[1:-1]) if source[:1] in ("'", '"') else source


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) == ("blockquote", "expandable"):
        return "expandable"
    prefix = _ARGUMENTS.get((tag, name))
    return value.removeprefix(prefix) if prefix is not None and value.startswith(prefix) else ""


def _link(target: str, offset: int, length: int) -> Entity | None:
    """A link, or nothing where the address is no address: the real server then keeps the plain text."""
    if match := _USER_LINK.fullmatch(target):
        user = {"id": int(match[1]), "is_bot": False, "first_name": "User"}
        return Entity("text_mention", offset, length, (("user", user),))
    url = checked_url(target)
    return Entity("text_link", offset, length, (("url", url),)) if url else None


def checked_url(target: str) -> str:
    """The address as the real server writes it back, or an empty text for one that it does not take."""
    try:
        parts = urlsplit(target if "://" in target else f"http://{target}")
    except ValueError:
        return ""
    if re.search(r"\s", target) or parts.scheme not in ("http", "https", "tg", "ton", "tonsite") or not parts.netloc:
        return ""
    if parts.scheme in ("http", "https"):
        host_ok = "." in parts.netloc or (parts.hostname or "") == "localhost"
        return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl() if host_ok else ""
    return target


def _without_stray_language(entity: Entity) -> Entity:
    return Entity("code", entity.offset, entity.length) if entity.type == "code" else entity


def formatted(params: Params, name: str, entities_name: str, limit: int) -> Formatted:
    """The text in a parameter with its entities, whichever way the caller gave them."""
    mode, source = params.text("parse_mode").lower(), params.text(name)
    if mode in ("markdown", "markdownv2"):
        raise bad_request(f"parse_mode {params.text('parse_mode')} is not supported by the test server")
    if mode not in ("", "html", "none"):
        raise bad_request("unsupported parse_mode")
    given = from_json(params.parsed(entities_name, list) or []) if mode != "html" else ()
    raw = parse_html(source) if mode == "html" else Formatted(clean(source), given)
    result = finish(raw.text, raw.entities)
    if utf16_length(result.text) > limit:
        raise bad_request("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    return result


def message_text(params: Params) -> Formatted:
    """The text of a message, which must not be empty. Its length counts UTF-16 code units, the stricter reading."""
    result = formatted(params, "text", "entities", TEXT_LIMIT)
    if not result.text:
        raise bad_request("message text is empty")
    return result
