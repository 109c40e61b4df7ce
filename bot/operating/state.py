"""What ``/status`` and ``/quellen`` tell: read by ``StateReader``, written down by pure functions."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import texts
from bot.alerts.store import AlertStore
from bot.operating.error_log import ErrorKind, ErrorLog
from bot.quote_text import german_time, shown_date
from bot.replies import Reply, Segment, Style
from bot.talk_store import TalkStore
from index.storage.store import Store

MAX_SOURCES, MAX_ERRORS = 40, 8


@dataclass(frozen=True, slots=True)
class State:
    """Times in seconds since 1970, sizes in bytes; ``memory`` 0 where the system does not say. ``on_answers``, ``on_abstentions``: how many
    were rated, thumbs up, thumbs down."""

    articles: int
    passages: int
    newest: date | None
    started: float
    memory: int
    database: int
    free: int
    chats: int
    subscriptions: int
    deliveries: dict[str, int]
    uncertain: int
    blocked: int
    model: str
    errors: tuple[ErrorKind, ...]
    on_answers: tuple[int, int, int]
    on_abstentions: tuple[int, int, int]
    shared: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source by what is stored of it."""

    name: str
    articles: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class StateReader:
    """Reads the state of this process and its database."""

    store: Store
    alerts: AlertStore
    talk: TalkStore
    errors: ErrorLog
    model: str
    started: float

    def read(self, blocked: int) -> State:
        newest = list(self.store.articles(self.store.newest_rows(1)).values())
        counts = self.alerts.counts()
        path = self.store.path
        return State(
            articles=self.store.count_articles(),
            passages=self.store.count_passages(),
            newest=newest[0].article.published if newest else None,
            started=self.started,
            memory=memory_bytes(),
            database=sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")),
            free=shutil.disk_usage(path.parent).free,
            chats=counts["chats"],
            subscriptions=counts["subscriptions"],
            deliveries=counts["deliveries"],
            uncertain=counts["uncertain"],
            blocked=blocked,
            model=self.model,
            errors=tuple(self.errors.kinds()[-MAX_ERRORS:]),
            on_answers=self.talk.opinions(),
            on_abstentions=self.talk.opinions(is_abstention=True),
            shared=self.talk.count_shared(),
        )


def memory_bytes(statm: Path = Path("/proc/self/statm")) -> int:
    """Resident memory of this process; 0 where the system has no such file."""
    try:
        return int(statm.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def source_states(store: Store) -> list[SourceState]:
    """What is stored by source, most articles first."""
    found = []
    for name, count in store.count_by_source():
        articles = store.articles(store.filtered_rows("", name, 1, 0)) if name else {}
        found.append(SourceState(name, count, next((stored.article.published for stored in articles.values()), None)))
    return found


def state_reply(state: State, now: float) -> Reply:
    deliveries = ", ".join(f"{name} {count}" for name, count in state.deliveries.items()) or texts.STATUS_NONE
    errors = "\n".join(error_line(kind) for kind in state.errors) or texts.STATUS_NO_ERRORS
    text = texts.STATUS.format(
        articles=state.articles,
        passages=state.passages,
        newest=shown_date(state.newest),
        uptime=duration(now - state.started),
        memory=megabytes(state.memory),
        database=megabytes(state.database),
        free=megabytes(state.free),
        chats=state.chats,
        subscriptions=state.subscriptions,
        deliveries=deliveries,
        uncertain=state.uncertain,
        blocked=state.blocked,
        model=state.model,
        errors=errors,
        opinions=opinions_line(state),
    )
    return Reply((Segment(texts.STATUS_TITLE, Style.BOLD), Segment(f"\n{text}")))


def opinions_line(state: State) -> str:
    """Thumbs on answers and on abstentions, apart."""
    (answers, up, down), (abstentions, right, wrong) = state.on_answers, state.on_abstentions
    return texts.STATUS_OPINIONS.format(answers=answers, up=up, down=down, abstentions=abstentions, right=right, wrong=wrong, shared=state.shared)


def sources_reply(sources: Sequence[SourceState]) -> Reply:
    lines = [
        texts.SOURCE_LINE.format(name=source.name or texts.SOURCE_UNNAMED, count=source.articles, newest=shown_date(source.newest))
        for source in sources[:MAX_SOURCES]
    ]
    return Reply((Segment(texts.SOURCES_TITLE.format(count=len(sources)), Style.BOLD), Segment("\n" + "\n".join(lines))))


def error_line(kind: ErrorKind) -> str:
    """``StoreError · index/storage/sqlite.py:71 · 3-mal · zuletzt 25.11.2026 08:00``."""
    return texts.ERROR_LINE.format(name=kind.name or texts.ERROR_UNNAMED, place=kind.place, count=kind.count, last=german_time(kind.last_at))


def duration(seconds: float) -> str:
    """``2 d 03 h 15 min``."""
    minutes = max(0, int(seconds)) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{f'{days} d ' if days else ''}{f'{hours:02d} h ' if days or hours else ''}{minutes % 60} min"


def megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count else "?"
