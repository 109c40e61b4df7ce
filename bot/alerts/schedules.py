"""When something is told: pure decisions on data and the time. Hours are those of Berlin, summer time included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.alerts.nouns import Chat, Delivery, QuietHours, Schedule

BERLIN = ZoneInfo("Europe/Berlin")
STALE_S = 24 * 3600.0  # an alert that could not be told for so long waits for the next digest
LATE_DAYS, OLD_DAYS = 3, 30  # a weekend and a day off; a month: older than that it is an archive
FOLDED = Schedule("daily", 8)  # the digest for what is stale or above the daily number
MAX_GROUPED = 10  # articles in one message
CORRECTION, ALERT = "correction", "alert"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the due deliveries of a chat: send some in one message; move others to ``until``, as a digest or not."""

    send: tuple[Delivery, ...] = ()
    move: tuple[Delivery, ...] = ()
    until: float = 0.0
    as_digest: bool = False


def berlin(now: float) -> datetime:
    return datetime.fromtimestamp(now, BERLIN)


def next_digest(now: float, schedule: Schedule) -> float:
    """The next time that the clock in Berlin shows the schedule's hour (on its weekday); an hour that summer time skips is the one after."""
    day = berlin(now).date()
    for ahead in range(9):
        at = _at(day + timedelta(days=ahead), schedule.hour)
        if at > now and (schedule.kind != "weekly" or (day + timedelta(days=ahead)).weekday() == schedule.weekday):
            return at
    raise AssertionError("unreachable")


def _at(day: date, hour: int) -> float:
    return datetime.combine(day, time(hour), BERLIN).timestamp()


def after_quiet(now: float, quiet: QuietHours) -> float:
    """``now``, or the end of the quiet hours that it lies in."""
    hour = berlin(now).hour
    crosses = quiet.start > quiet.end
    is_quiet = (hour >= quiet.start or hour < quiet.end) if crosses else quiet.start <= hour < quiet.end
    return next_digest(now, Schedule("daily", quiet.end)) if is_quiet else now


def first_due(now: float, schedule: Schedule, quiet: QuietHours) -> float:
    """When a match found now is to be told."""
    return after_quiet(now, quiet) if schedule.kind == "now" else after_quiet(next_digest(now, schedule), quiet)


def first_told(now: float, published: date | None, schedule: Schedule, quiet: QuietHours) -> tuple[float, bool] | None:
    """When a match found now is to be told, and whether in a digest; None for an article that is no news any more. Undated ones are new."""
    age = (berlin(now).date() - published).days if published else 0
    if age > OLD_DAYS:
        return None
    is_late = age > LATE_DAYS and schedule.kind == "now"
    return first_due(now, FOLDED if is_late else schedule, quiet), is_late or schedule.kind != "now"


def start_of_day(now: float) -> float:
    return _at(berlin(now).date(), 0)


def plan_chat(due: Sequence[Delivery], chat: Chat, sent_today: int, now: float, most: int = MAX_GROUPED) -> Plan:
    """The next step for a chat whose deliveries in ``due`` (in order) are due; ``sent_today``: alerts told at once since midnight;
    ``most``: articles in one message."""
    quiet_until = after_quiet(now, chat.quiet)
    if quiet_until > now:
        return Plan(move=tuple(due), until=quiet_until, as_digest=False)
    first = due[0]
    same = tuple(d for d in due if (d.kind, d.is_digest, d.thread_id) == (first.kind, first.is_digest, first.thread_id))
    if first.kind == CORRECTION:
        return Plan(send=same[:1])
    if first.is_digest:
        return Plan(send=same[:most])
    folded = tuple(d for d in same if now - d.made_at > STALE_S) or same[max(0, chat.daily_cap - sent_today) :]
    if folded:
        return Plan(move=folded, until=after_quiet(next_digest(now, FOLDED), chat.quiet), as_digest=True)
    return Plan(send=same[:most])
