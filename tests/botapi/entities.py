"""Message entities: UTF-16 arithmetic, clean-up, normalising as the real server does, and detection in plain text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .errors import Json, bad_request

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
VERBATIM = ("pre", "code")
DETECTED = ("mention", "hashtag", "bot_command", "url", "cashtag", "email", "phone_number")
KNOWN_TYPES = frozenset(SPLITTABLE + QUOTES + VERBATIM + DETECTED + ("text_link", "text_mention", "custom_emoji"))
MAX_ENTITIES = 100
_RANK = QUOTES + VERBATIM + ("text_link", "text_mention") + DETECTED + SPLITTABLE + ("custom_emoji",)
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_PATTERNS = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]*[^\s<>\".,;:!?)]")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w&#])#(?=\w*[^\W\d_])\w{1,256}")),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A range of UTF-16 code units with a meaning."""

    type: str
    offset: int
    length: int
    extra: tuple[tuple[str, object], ...] = ()

    @property
    def end(self) -> int:
        """The first code unit after the range."""
        return self.offset + self.length

    def to_json(self) -> Json:
        """The entity as it goes over the wire."""
        return {"type": self.type, "offset": self.offset, "length": self.length} | dict(self.extra)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text with its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Drop carriage returns and turn other control characters into spaces."""
    return _CONTROL.sub(" ", text.replace("\r", ""))


def from_json(items: list[Json]) -> tuple[Entity, ...]:
    """Entities as a caller gave them."""
    for item in items:
        if item.get("type") not in KNOWN_TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if not all(type(item.get(key)) is int for key in ("offset", "length")):
            raise bad_request("can't parse MessageEntity: Can't find field \"offset\"")
    return tuple(_from_json(item) for item in items)


def _from_json(item: Json) -> Entity:
    extra = tuple((key, value) for key, value in item.items() if key not in ("type", "offset", "length"))
    return Entity(item["type"], item["offset"], item["length"], extra)


def finish(text: str, entities: Iterable[Entity]) -> Formatted:
    """Trim the text, put the entities in order and add those that are found in plain text."""
    trimmed = _trim(text, tuple(entities))
    whole = [entity for entity in trimmed.entities if entity.type not in SPLITTABLE]
    quotes = [entity for entity in whole if entity.type in (*QUOTES, "custom_emoji")]
    links = _without_overlaps(entity for entity in whole if entity not in quotes)
    found = [entity for entity in detect(trimmed.text) if not any(_overlap(entity, other) for other in links)]
    verbatim = [entity for entity in links if entity.type in VERBATIM]
    styles = [piece for style in SPLITTABLE for piece in _pieces(style, trimmed.entities, verbatim)]
    return Formatted(trimmed.text, tuple(sorted(quotes + links + found + styles, key=_order)[:MAX_ENTITIES]))


def detect(text: str) -> list[Entity]:
    """Commands, mentions, hashtags and http addresses; other kinds that the real server finds are left alone."""
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            entity = Entity(kind, utf16_length(text[: match.start()]), utf16_length(match.group()))
            if not any(_overlap(entity, other) for other in found):
                found.append(entity)
    return sorted(found, key=_order)


def _trim(text: str, entities: tuple[Entity, ...]) -> Formatted:
    text = text.rstrip(" \n")
    end, cut = utf16_length(text), len(text) - len(text.lstrip(" \n"))
    starts = ((e, max(e.offset, cut)) for e in entities)
    moved = (replace(e, offset=start - cut, length=min(e.end, end) - start) for e, start in starts)
    return Formatted(text[cut:], tuple(entity for entity in moved if entity.length > 0))


def _without_overlaps(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in sorted(entities, key=_order):
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _pieces(style: str, entities: tuple[Entity, ...], verbatim: list[Entity]) -> list[Entity]:
    """The runs of one style: touching runs become one, code stays plain."""
    covered = {unit for e in entities if e.type == style for unit in range(e.offset, e.end)}
    covered -= {unit for e in verbatim for unit in range(e.offset, e.end)}
    starts = sorted(unit for unit in covered if unit - 1 not in covered)
    ends = sorted(unit + 1 for unit in covered if unit + 1 not in covered)
    return [Entity(style, start, end - start) for start, end in zip(starts, ends, strict=True)]


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _order(entity: Entity) -> tuple[int, int, int]:
    return entity.offset, -entity.length, _RANK.index(entity.type)
