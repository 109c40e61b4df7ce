"""A new source as a person names it: what lies there is found out, and a name is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import source_texts_de as texts
from bot.reading import SourceDesk
from index.addresses import canonical_address, host_of, is_web_address
from index.errors import InputError
from index.reading.feed import parse_feed
from index.reading.page import parse_page
from index.sources.checking import look
from index.sources.detection import detect
from index.sources.nouns import Kind, Place, Source


@dataclass(frozen=True, slots=True)
class NewSource:
    """What a person says of a source; all but the address may be empty."""

    address: str
    name: str = ""
    pattern: str = ""
    kind: str = ""
    interval_s: float = 0.0


def describe_source(desk: SourceDesk, wanted: NewSource, today: date, choose: Callable[[Sequence[str]], str]) -> Source:
    """The source to be added. ``choose`` picks one of several feeds. Raises InputError if nothing readable is there, or it is there already."""
    if _is_file(wanted.address):
        return _folder(desk, wanted)
    address = wanted.address if "://" in wanted.address else f"https://{wanted.address}" * ("." in wanted.address)
    if not is_web_address(address):
        raise InputError(texts.NOT_AN_ADDRESS.format(address=wanted.address))
    _refuse_known(desk, address)
    page = look(desk.fetcher, address)
    detected = detect(page, wanted.pattern)
    kind = Kind(wanted.kind) if wanted.kind else detected.kind
    if kind is Kind.OVERVIEW and detected.feeds and not wanted.kind and not wanted.pattern:
        address = detected.feeds[0] if len(detected.feeds) == 1 else choose(detected.feeds)
        page, kind = look(desk.fetcher, address), Kind.FEED
    address = page.moved_to or address
    _refuse_known(desk, address)
    title = parse_feed(page.data, page.url, page.content_type, today, 1).title if kind is Kind.FEED else ""
    if kind is Kind.PAGE:
        title = parse_page(page.data, page.url, page.content_type, today).title
    host = host_of(address).removeprefix("www.")
    return _source(desk, wanted, address, kind, title or host)


def _is_file(name: str) -> bool:
    try:
        return bool(name) and Path(name).exists()
    except OSError:  # too long for a name
        return False


def _folder(desk: SourceDesk, wanted: NewSource) -> Source:
    path = str(Path(wanted.address).resolve())
    _refuse_known(desk, path)
    return _source(desk, wanted, path, Kind.FOLDER, Path(path).name)


def _source(desk: SourceDesk, wanted: NewSource, address: str, kind: Kind, title: str) -> Source:
    name = wanted.name or title[:80]
    return Source(
        key=desk.free_key(name),
        address=address,
        kind=kind,
        name=name if wanted.name or kind is Kind.FEED else "",
        site=f"https://{host_of(address)}/" if kind is not Kind.FOLDER else "",
        pattern=wanted.pattern,
        interval_s=wanted.interval_s,
        place=Place.ADDED,
    )


def _refuse_known(desk: SourceDesk, address: str) -> None:
    name = canonical_address(address) or address
    known = next((one for one in desk.sources() if (canonical_address(one.address) or one.address) == name), None)
    if known is not None:
        raise InputError(texts.ALREADY_THERE.format(key=known.key))
