"""A source's list: fetched, read, and what is new of it remembered.

fetch (conditionally) ── kind unknown? found out ── further sitemaps ── new and changed addresses + validators in one transaction
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from index.addresses import canonical_address, is_web_address
from index.errors import InputError
from index.fetching.outcomes import Failed, Fetched, Gone, NotModified, Outcome, Validators
from index.fetching.retrying import backoff_s
from index.reading.inputs import read_inputs
from index.sources.detection import detect
from index.sources.folders import fingerprint
from index.sources.listings import MAX_PARTS, is_same_site, list_page, read_listing
from index.sources.nouns import Kind, Listing, Source, SourceState
from index.sources.pages import clean_reason, listed_digest, new_address, relisted
from index.sources.schedule import HOUR_S, LONGEST_S, publishing_interval_s
from index.sources.ways import Visit, Ways

MAX_DEPTH = 3  # indexes of indexes of sitemaps
ENDED = "Die Quelle ist eingestellt (410). „amtsfunk sources check“ versucht es noch einmal."
NOTHING_THERE = "Unter der Adresse gibt es nichts (404). Bitte die Adresse prüfen."


class ListReader:
    """Reads the lists of sources; a list that fails changes nothing but the source's state."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways

    def read(self, source: Source, state: SourceState, visit: Visit) -> SourceState:
        """The source's list, if it changed, as addresses in the store. Returns the state that was stored."""
        if source.kind is Kind.FOLDER or not is_web_address(source.address):
            return self._read_folder(source, state, visit)
        kind = source.kind or state.kind
        if kind is Kind.PAGE:
            return self._keep(source, replace(state, kind=kind), Listing(items=(list_page(source.address),)), is_forced=True)
        outcome = self._ways.fetcher.fetch(state.moved_to or source.address, state.validators if kind else Validators())
        match outcome:
            case Fetched():
                return self._take(source, state, outcome, visit)
            case NotModified():
                visit.has_read = True
                state = replace(state, validators=outcome.validators, moved_to=outcome.moved_to or state.moved_to)
                return self._with_parts(source, state, Listing(title=state.title), self._ways.states.parts(source.key), visit)
        return self._note_failure(source, state, outcome, visit)

    def _take(self, source: Source, state: SourceState, page: Fetched, visit: Visit) -> SourceState:
        """A list that was served. What lies at an address of unknown kind may be a page that announces its feed."""
        try:
            kind = source.kind or state.kind
            if kind is None:
                detected = detect(page, source.pattern)
                kind = detected.kind
                if kind is Kind.OVERVIEW and detected.feeds and not source.pattern:
                    return self.read(replace(source, kind=Kind.FEED), replace(state, moved_to=detected.feeds[0]), visit)
            listing = read_listing(source, kind, page, self._ways.today())
        except InputError as error:
            return self._note_failure(source, state, Failed(page.url, str(error)), visit)
        visit.has_read = visit.has_read or kind is not Kind.PAGE
        state = replace(
            state, kind=kind, title=listing.title or state.title, validators=page.validators, moved_to=page.moved_to or state.moved_to
        )
        if kind is Kind.PAGE:
            visit.served[page.url] = page
            return self._keep(source, state, listing, is_forced=True)
        known = self._ways.states.parts(source.key) if listing.parts else {}
        return self._with_parts(source, state, listing, {url: known.get(url, Validators()) for url in listing.parts}, visit)

    # --- sitemaps of an index ----------------------------------------------------------------------------------------

    def _with_parts(
        self, source: Source, state: SourceState, listing: Listing, parts: Mapping[str, Validators], visit: Visit
    ) -> SourceState:
        """The list with what its sitemaps list, each read once, also those that one of them names."""
        found: dict[str, Validators] = {}
        level, seen = dict(parts), {canonical_address(source.address), canonical_address(state.moved_to)}
        for _depth in range(MAX_DEPTH):
            named: list[str] = []
            for url in [url for url in level if is_same_site(url, source.address)][: MAX_PARTS - len(found)]:
                if canonical_address(url) not in seen:
                    seen.add(canonical_address(url))
                    found[url], part = self._read_part(source, url, level[url], visit)
                    listing = replace(listing, items=listing.items + part.items, note=listing.note or part.note)
                    named += part.parts
            level = dict.fromkeys(named, Validators())
        return self._keep(source, state, listing, found)

    def _read_part(self, source: Source, url: str, validators: Validators, visit: Visit) -> tuple[Validators, Listing]:
        outcome = self._ways.fetcher.fetch(url, validators)
        try:
            match outcome:
                case Fetched():
                    return outcome.validators, read_listing(source, Kind.SITEMAP, outcome, self._ways.today())
                case NotModified():
                    return outcome.validators, Listing()
                case Failed():
                    raise InputError(outcome.reason)
            raise InputError(NOTHING_THERE)
        except InputError as error:
            visit.fail(url, str(error))
            return Validators(), Listing(note=f"{url}: {error}")

    # --- what is remembered ------------------------------------------------------------------------------------------

    def _keep(
        self, source: Source, state: SourceState, listing: Listing, parts: Mapping[str, Validators] | None = None, is_forced: bool = False
    ) -> SourceState:
        """Store what is new or changed of a list together with the state. ``is_forced``: all that it lists is due now."""
        now = self._ways.now()
        known = self._ways.states.digests(source.key)
        items = {item.address: item for item in listing.items}
        fresh = [new_address(source.key, item, now) for address, item in items.items() if address not in known]
        changed = [address for address, item in items.items() if address in known and (is_forced or known[address] != listed_digest(item))]
        again = [
            replace(old, next_check=now) if is_forced else relisted(old, items[old.listed.address], now)
            for old in self._ways.states.addresses(source.key, changed)
        ]
        interval_s = source.interval_s or self._interval_s(source, [item.published for item in listing.items if item.published])
        state = replace(state, last_success=now, last_error=clean_reason(listing.note), failures=0, has_ended=False)
        state = replace(state, interval_s=interval_s, next_visit=now + interval_s)
        self._ways.states.save_listing(state, [*fresh, *again], parts)
        return state

    def _interval_s(self, source: Source, days: Sequence[date]) -> float:
        """By the dates of what is listed; where a list has none, by those of the articles that were read."""
        days = days or self._ways.states.days(source.key)
        return publishing_interval_s(days, self._ways.today()) if days else HOUR_S

    def _note_failure(self, source: Source, state: SourceState, outcome: Outcome, visit: Visit) -> SourceState:
        now, failures = self._ways.now(), state.failures + 1
        has_ended = isinstance(outcome, Gone) and outcome.status == 410
        reason = outcome.reason if isinstance(outcome, Failed) else ENDED if has_ended else NOTHING_THERE
        asked_s = outcome.retry_after_s if isinstance(outcome, Failed) else None
        next_visit = now + backoff_s(failures, random.random(), asked_s)
        state = replace(state, last_error=clean_reason(reason), failures=failures, next_visit=next_visit, has_ended=has_ended)
        self._ways.states.save_state(state)
        visit.fail(source.address, reason)
        return state

    def _read_folder(self, source: Source, state: SourceState, visit: Visit) -> SourceState:
        """Files of this machine; nothing is read where no file has changed."""
        now = self._ways.now()
        mark = fingerprint(source.address)
        is_known = bool(mark) and mark == state.validators.etag
        if not is_known:
            visit.add(self._ways.ingest(read_inputs([source.address], visit.is_stopped, self._ways.today())))
        if visit.is_stopped():
            return state  # read again from the start: what is stored already costs little
        visit.has_read = visit.has_read or is_known
        failed = visit.report.failed
        error = f"{len(failed)} Dateien nicht gelesen, zuletzt {failed[-1].input}: {failed[-1].error}" if failed else ""
        state = replace(
            state, kind=Kind.FOLDER, validators=Validators(mark), last_error=clean_reason(error) or (state.last_error if is_known else "")
        )
        interval_s = source.interval_s or (HOUR_S if visit.has_read else LONGEST_S)
        state = replace(state, interval_s=interval_s, next_visit=now + interval_s, failures=0 if visit.has_read else state.failures + 1)
        state = replace(state, last_success=now if visit.has_read else state.last_success)
        self._ways.states.save_state(state)
        return state
