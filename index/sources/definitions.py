"""Which sources there are: shipped with the project, named in the settings, added by hand; each on or off."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.addresses import is_web_address
from index.errors import ConfigurationError
from index.language.words import fold
from index.reading.cleaning import clean_line, make_key
from index.shipped import shipped_file
from index.sources.nouns import Kind, Place, Source

LIST_FILE = "sources.toml"
MINUTE_S = 60.0
_FIELDS = ("address", "key", "kind", "name", "site", "language", "pattern", "terms", "interval", "confirmed", "on")
_KINDS = ", ".join(Kind)


def shipped_sources() -> list[Source]:
    """The list that ships with the project, all off."""
    tables = tomllib.loads(shipped_file(LIST_FILE).read_text("utf-8")).get("sources", [])
    return [replace(source, is_on=False) for source in read_sources(tables, Place.SHIPPED, LIST_FILE)]


def read_sources(tables: Any, place: Place, file: str | Path) -> tuple[Source, ...]:
    """The tables ``[[sources]]`` of a TOML file; folders are named from where the file lies. Raises ConfigurationError naming the file and what is wrong."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigurationError(f'{file}: Quellen werden als Abschnitte [[sources]] geschrieben, jeder mit address = "https://…".')
    found: list[Source] = []
    for table in tables:
        source = _read_source(table, place, file)
        if any(other.key == source.key for other in found):
            raise ConfigurationError(f"{file}: Zwei Quellen heißen „{source.key}“; bitte mit name oder key unterscheiden.")
        found.append(source)
    return tuple(found)


def _read_source(table: Mapping[str, Any], place: Place, file: str | Path) -> Source:
    unknown = sorted(set(table) - set(_FIELDS))
    if unknown:
        raise ConfigurationError(f"{file}: unbekannte Angabe {', '.join(unknown)} in [[sources]]. Möglich sind: {', '.join(_FIELDS)}.")
    address = str(table.get("address", "")).strip()
    if not address:
        raise ConfigurationError(f"{file}: Einer Quelle fehlt address.")
    name, kind, minutes = clean_line(str(table.get("name", ""))), str(table.get("kind", "")), table.get("interval", 0)
    if kind and kind not in list(Kind):
        raise ConfigurationError(f"{file}: kind = „{kind}“ gibt es nicht. Möglich sind: {_KINDS}.")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes < 0:
        raise ConfigurationError(f"{file}: interval muss eine Zahl von Minuten sein, nicht „{minutes}“.")
    return Source(
        key=str(table.get("key", "")) or make_source_key(name or address),
        address=address if "://" in address else str(Path(file).parent / Path(address).expanduser()),
        kind=Kind(kind) if kind else None,
        name=name,
        interval_s=float(minutes) * MINUTE_S,
        is_on=bool(table.get("on", True)),
        is_confirmed=bool(table.get("confirmed", True)),
        place=place,
        **{field: str(table.get(field, "")) for field in ("site", "language", "pattern", "terms")},
    )


def make_source_key(name: str) -> str:
    """A short ASCII name for typing: „Behörden Spiegel“ → ``behoerden-spiegel``, an address → its host and path."""
    bare = name.partition("://")[2].removeprefix("www.").rstrip("/") if is_web_address(name) else name
    return make_key(None, bare) or "quelle"


def free_key(wanted: str, taken: Iterable[str]) -> str:
    """``wanted``, with a number if it is taken."""
    names = set(taken)
    return next(key for number in range(1, len(names) + 2) if (key := wanted if number == 1 else f"{wanted}-{number}") not in names)


def merge_sources(
    shipped: Sequence[Source], settings: Sequence[Source], added: Sequence[Source], switches: Mapping[str, bool]
) -> list[Source]:
    """All sources, each key once: what a person named wins over what is shipped, and switching by hand over both."""
    found = {source.key: source for source in (*shipped, *settings, *added)}
    return [replace(source, is_on=switches.get(source.key, source.is_on)) for source in found.values()]


def find_source(sources: Sequence[Source], wanted: str) -> Source | None:
    """The source with this key, name or address, however it is written; else the only one whose key begins so."""
    folded = fold(wanted.strip())
    if not folded:
        return None
    named = (one for one in sources if folded in (fold(one.key), fold(one.name), fold(one.address), fold(one.site)))
    begun = [one for one in sources if one.key.startswith(wanted.strip().lower())]
    return next(named, begun[0] if len(begun) == 1 else None)
