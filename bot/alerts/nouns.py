"""Chat, Subscription, Delivery and what goes with them. Times are seconds since 1970 (UTC) where stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """``kind``: ``now``, ``daily`` or ``weekly``; ``hour`` in Berlin; ``weekday``: 0 is Monday."""

    kind: str = "now"
    hour: int = 8
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Nothing is sent from ``start`` to ``end`` o'clock (may pass midnight); equal hours mean no quiet hours."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Chat:
    chat_id: int
    state: str
    quiet: QuietHours
    daily_cap: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """``state``: ``active``, ``paused`` or ``deleted`` (kept some days for undo)."""

    id: int
    chat_id: int
    thread_id: int
    rule: str
    schedule: Schedule
    state: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One article for one chat. ``kind``: ``alert`` or ``correction``. ``quote``: the sentence as it was sent."""

    id: int
    chat_id: int
    thread_id: int
    article_row: int
    kind: str
    made_at: float
    is_digest: bool
    attempts: int
    refusals: int
    title: str
    quote: str
    rules: tuple[tuple[int, str], ...] = ()
