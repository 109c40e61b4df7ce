"""Visits of sources: the acting around ``lists``, ``pages`` and ``schedule``.

    source due? ── list ── addresses
    address due? ── fetch the page (conditionally) ── Article ── ingest ── what is remembered of the address

Killed anywhere, nothing is lost: an address stays due until its article is stored, and a list's validators are stored with its addresses.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.articles import Article
from index.fetching.outcomes import Failed
from index.fetching.retrying import backoff_s
from index.reading.inputs import ReadFailure
from index.sources.lists import ListReader
from index.sources.nouns import AddressState, Kind, Source, SourceState
from index.sources.pages import Reading, Result, after_reading, clean_reason, is_deleted, needs_page, read_address
from index.sources.ways import Limits, Visit, Ways

CHUNK = 24  # pages fetched before they are stored: about one batch of the encoder, and little is fetched again after a kill
MAX_FAILED_IN_A_ROW = 3  # then the site is left alone for a while


@dataclass(frozen=True, slots=True)
class _Visited:
    """An address, what came of it, and its article under the key that it has in the store."""

    state: AddressState
    reading: Reading
    article: Article | None


class SourceVisitor:
    """Visits sources. Several threads may visit different sources at the same time."""

    def __init__(self, ways: Ways, report_progress: Callable[[int, int], None] = lambda _done, _waiting: None) -> None:
        """``report_progress`` gets how many addresses of a source are done in this visit, and how many are waiting."""
        self._ways = ways
        self._lists = ListReader(ways)
        self._report_progress = report_progress

    def visit(
        self, source: Source, limits: Limits = Limits(), is_forced: bool = False, is_stopped: Callable[[], bool] = lambda: False
    ) -> Visit:
        """Read a source's list if that is due (or ``is_forced``), and its addresses that are due. Raises StoreError and EncoderError."""
        visit, now = Visit(is_stopped=is_stopped), self._ways.now()
        state = self._ways.states.state(source.key)
        if is_forced or (now >= state.next_visit and not state.has_ended):
            state = self._lists.read(source, replace(state, last_try=now, paused_until=0.0 if is_forced else state.paused_until), visit)
        if state.kind is not Kind.FOLDER and not state.has_ended and now >= state.paused_until:
            self._read_addresses(source, state, visit, limits)
        if is_forced and visit.has_read:  # a person asked: what is known and was not due counts as looked at
            visit.report.unchanged += max(0, self._ways.states.count_articles(source.key) - visit.report.read)
        return visit

    def _read_addresses(self, source: Source, state: SourceState, visit: Visit, limits: Limits) -> None:
        started, done = self._ways.now(), 0
        due = self._ways.states.due_addresses(source.key, started, limits.pages)
        problems: list[ReadFailure] = []
        unreachable: list[Failed] = []
        while due and not self._is_over(visit, unreachable, limits, started):
            chunk, due = due[:CHUNK], due[CHUNK:]
            visited = []
            for address in chunk:
                if self._is_over(visit, unreachable, limits, started):
                    break
                found = self._visit_address(source, address, state, visit, unreachable)
                if found.reading.result is Result.FAILED and visit.is_stopped():
                    break  # broken off, not failed
                visited.append(found)
            problems += self._keep(visited, visit)
            done += len(visited)
            self._report_progress(done, len(due) + len(chunk) - len(visited))
        visit.waiting = self._ways.states.count_due(source.key, self._ways.now())
        self._note_problems(source, problems, unreachable)

    def _is_over(self, visit: Visit, unreachable: Sequence[Failed], limits: Limits, started: float) -> bool:
        return visit.is_stopped() or len(unreachable) >= MAX_FAILED_IN_A_ROW or self._ways.now() - started >= limits.seconds

    def _visit_address(
        self, source: Source, address: AddressState, state: SourceState, visit: Visit, unreachable: list[Failed]
    ) -> _Visited:
        """``unreachable`` collects failures of the server in a row."""
        outcome = None
        if needs_page(address):
            url = address.listed.url
            outcome = visit.served.pop(url, None) or self._ways.fetcher.fetch(url, address.validators)
            if isinstance(outcome, Failed) and outcome.concerns_server:
                unreachable.append(outcome)
            else:
                unreachable.clear()
        reading = read_address(source, address, outcome, self._ways.today(), state.title)
        return _Visited(address, reading, self._keyed(address, reading.article))

    def _keyed(self, state: AddressState, article: Article | None) -> Article | None:
        """The article under the key that it has in the store: corrections change headlines and dates, never the key."""
        if article is None:
            return None
        same = next((known.key for known in self._ways.articles.find_known(article) if known.shares_origin), "")
        if same and state.article_key and state.article_key != same and not state.is_full:
            self._ways.remove([state.article_key])  # a teaser whose whole article was read under another address
        return replace(article, key=same or state.article_key or article.key)

    def _keep(self, visited: Sequence[_Visited], visit: Visit) -> list[ReadFailure]:
        """Store the articles, remove the deleted, then remember. Returns what was not or not wholly read."""
        now = self._ways.now()
        articles = [one.article for one in visited if one.article is not None]
        if articles:
            visit.add(self._ways.ingest(articles))
        gone = [one.state.article_key for one in visited if is_deleted(one.state, one.reading, now)]
        if gone:
            visit.removed += self._ways.remove(gone)
        self._ways.states.save_addresses([after_reading(one.state, one.reading, _key_after(one, now), now) for one in visited])
        problems = []
        for one in visited:
            is_unchanged = one.reading.result is Result.UNCHANGED
            visit.report.unchanged += is_unchanged
            visit.has_read = visit.has_read or is_unchanged
            if one.reading.error:
                problem = ReadFailure(one.state.listed.url or one.state.listed.address, one.reading.error)
                problems.append(problem)
                visit.report.failed += [problem] if one.article is None else []
        return problems

    def _note_problems(self, source: Source, problems: Sequence[ReadFailure], unreachable: Sequence[Failed]) -> None:
        """In the source's state: what could not be read, and until when a server that does not answer is left alone."""
        if not problems:
            return
        state = self._ways.states.state(source.key)
        text = f"{len(problems)} Seiten nicht oder nicht ganz gelesen, zuletzt {problems[-1].input}: {problems[-1].error}"
        if len(unreachable) >= MAX_FAILED_IN_A_ROW:
            asked_s = max(failed.retry_after_s or 0.0 for failed in unreachable)
            until = self._ways.now() + backoff_s(state.failures + 1, random.random(), asked_s)
            state = replace(state, failures=state.failures + 1, paused_until=until)
        self._ways.states.save_state(replace(state, last_error=clean_reason(text)))


def _key_after(one: _Visited, now: float) -> str:
    """The article that is stored for an address after a visit."""
    if one.article is not None:
        return one.article.key
    return "" if is_deleted(one.state, one.reading, now) else one.state.article_key
