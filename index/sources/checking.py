"""A look at a source that stores nothing: what is there, and what a visit would read."""

from dataclasses import dataclass, replace
from datetime import date

from index.addresses import is_web_address
from index.errors import InputError
from index.fetching.outcomes import Failed, Fetched, Gone
from index.reading.inputs import ReadFailure, read_inputs
from index.reading.page import parse_page
from index.sources.detection import detect
from index.sources.listings import read_listing
from index.sources.nouns import Kind, Source
from index.sources.ways import PageFetcher


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. ``error``: why the source cannot be read, "" if it can; ``title`` of a single page; ``feeds`` that a page announces;
    ``parts``: sitemaps of an index, which are not looked at; ``moved_to``: its new address."""

    source: Source
    kind: Kind | None = None
    entries: int = 0
    newest: date | None = None
    title: str = ""
    error: str = ""
    note: str = ""
    feeds: tuple[str, ...] = ()
    parts: int = 0
    moved_to: str = ""

    @property
    def is_good(self) -> bool:
        return not self.error


def check_source(source: Source, fetcher: PageFetcher, today: date) -> Check:
    """Visit a source's address and say what is there."""
    try:
        if source.kind is Kind.FOLDER or not is_web_address(source.address):
            return _check_folder(source, today)
        return _check_page(source, look(fetcher, source.address), today)
    except InputError as error:
        return Check(source, source.kind, error=str(error))


def look(fetcher: PageFetcher, address: str) -> Fetched:
    """What is served at an address. Raises InputError with the reason if nothing is."""
    outcome = fetcher.fetch(address)
    if isinstance(outcome, Fetched):
        return outcome
    if isinstance(outcome, Failed):
        raise InputError(outcome.reason)
    status = f" ({outcome.status})" if isinstance(outcome, Gone) else ""
    raise InputError(f"Unter der Adresse gibt es nichts{status}. Bitte die Adresse prüfen.")


def _check_page(source: Source, page: Fetched, today: date) -> Check:
    detected = detect(page, source.pattern)
    kind = source.kind or detected.kind
    check = Check(source, kind, feeds=detected.feeds, moved_to=page.moved_to)
    if kind is Kind.PAGE:
        article = parse_page(page.data, page.url, page.content_type, today)
        note = "Der volle Text ist nicht frei zugänglich." if article.is_teaser else ""
        return replace(check, entries=1, newest=article.published, title=article.title, note=note)
    listing = read_listing(source, kind, page, today)
    days = [item.published for item in listing.items if item.published]
    if not listing.items and not listing.parts:
        return replace(check, error="Dort ist kein Artikel verzeichnet. Bitte Adresse, Art und Muster prüfen.")
    return replace(check, entries=len(listing.items), newest=max(days, default=None), note=listing.note, parts=len(listing.parts))


def _check_folder(source: Source, today: date) -> Check:
    found = list(read_inputs([source.address], today=today))
    failures = [item for item in found if isinstance(item, ReadFailure)]
    articles = [item for item in found if not isinstance(item, ReadFailure)]
    if failures and not articles:
        raise InputError(failures[0].error)
    note = f"{len(failures)} Dateien nicht lesbar, die erste: {failures[0].input}: {failures[0].error}" if failures else ""
    days = [article.published for article in articles if article.published]
    return Check(source, Kind.FOLDER, len(articles), max(days, default=None), note=note)
