"""How sources, and what they deliver, are shown: as text and as JSON."""

from datetime import UTC, datetime
from typing import Any

from bot import source_texts_de as texts
from bot.reading import SourceLine
from index.sources.checking import Check


def line_to_text(line: SourceLine, now: float) -> str:
    """A source in one line, or in several if it is on."""
    source, state, counts = line.source, line.state, line.counts
    word = texts.OFF if not source.is_on else texts.ENDED if state.has_ended else texts.ON
    rows = [texts.STATE_LINE.format(switch=word, key=source.key, name=source.name or state.title or source.address)]
    if source.is_on:
        kind = texts.KINDS.get(source.kind or state.kind or "", texts.UNKNOWN_KIND)
        rows.append(texts.WHAT_LINE.format(kind=kind, address=state.moved_to or source.address))
        waiting = texts.WAITING_PAGES.format(waiting=counts.waiting) if counts.waiting else ""
        next_visit = texts.NEVER if state.has_ended else texts.NOW if state.next_visit <= now else _clock(state.next_visit)
        success = _clock(state.last_success) if state.last_success else texts.NEVER
        rows.append(
            texts.COUNT_LINE.format(articles=counts.articles, recent=counts.recent, waiting=waiting, success=success, next=next_visit)
        )
        rows += [texts.ERROR_LINE.format(error=state.last_error)] if state.last_error else []
    return "\n".join(rows)


def line_to_json(line: SourceLine) -> dict[str, Any]:
    """A source as ``amtsfunk sources --json`` gives it; times in UTC, null for never."""
    source, state, counts = line.source, line.state, line.counts
    return {
        "key": source.key,
        "name": source.name or state.title,
        "address": source.address,
        "moved_to": state.moved_to or None,
        "kind": source.kind or state.kind,
        "site": source.site,
        "language": source.language,
        "terms": source.terms,
        "place": source.place,
        "on": source.is_on,
        "confirmed": source.is_confirmed,
        "ended": state.has_ended,
        "articles": counts.articles,
        "articles_7_days": counts.recent,
        "waiting": counts.waiting,
        "last_success": _iso(state.last_success),
        "last_error": state.last_error or None,
        "failures": state.failures,
        "next_visit": _iso(state.next_visit) if source.is_on and not state.has_ended else None,
    }


def check_to_text(check: Check) -> str:
    """What a source delivers now, or what is wrong with it."""
    key = check.source.key.removeprefix("once:")
    if not check.is_good:
        rows = [texts.CHECK_BAD.format(key=key, error=check.error)]
    else:
        newest = texts.NEWEST.format(day=check.newest.strftime("%d.%m.%Y")) if check.newest else texts.UNDATED
        layout = texts.CHECK_PAGE if check.title else texts.CHECK_PARTS if check.parts else texts.CHECK_GOOD
        kind = texts.KINDS[check.kind or "page"]
        rows = [layout.format(key=key, kind=kind, entries=check.entries, newest=newest, title=check.title, parts=check.parts)]
        rows += [texts.CHECK_ROBOTS] if check.kind != "folder" else []
    rows += [texts.CHECK_NOTE.format(note=check.note)] if check.note else []
    rows += [texts.CHECK_MOVED.format(address=check.moved_to)] if check.moved_to else []
    rows += [texts.CHECK_FEEDS.format(feeds=", ".join(check.feeds))] if check.feeds else []
    return "\n".join(rows)


def check_to_json(check: Check) -> dict[str, Any]:
    """The same as ``amtsfunk sources check --json`` gives it."""
    return {
        "key": check.source.key.removeprefix("once:"),
        "address": check.source.address,
        "good": check.is_good,
        "kind": check.kind,
        "entries": check.entries,
        "sitemaps": check.parts,
        "newest": check.newest.isoformat() if check.newest else None,
        "title": check.title or None,
        "error": check.error or None,
        "note": check.note or None,
        "feeds": list(check.feeds),
        "moved_to": check.moved_to or None,
    }


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment).strftime("%d.%m.%Y %H:%M")


def _iso(moment: float) -> str | None:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds") if moment else None
