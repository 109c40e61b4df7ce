"""When sources and addresses are visited next. Pure functions of dates and times; durations and times in seconds.

How long a source that fails is left alone is decided as for any server: ``index.fetching.retrying.backoff_s``.
"""

from collections.abc import Sequence
from datetime import date

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0
# A source that publishes every eight hours is asked every twenty minutes: news are there soon, and a visit without news costs a 304.
VISITS_PER_ARTICLE = 24
SHORTEST_S, LONGEST_S = 10 * MINUTE_S, DAY_S
LOOKED_BACK_DAYS = 14  # a newsroom's rhythm with its weekends

# A page is looked at again after a quarter of its age: corrections come within hours, hardly ever after months.
CHECKS_PER_AGE = 4
FIRST_CHECK_S, LAST_CHECK_S = 2 * HOUR_S, 60 * DAY_S
# Pages that would not be read: after a quarter of an hour, one, four, sixteen hours, then every few days; then only as rarely as others.
FIRST_TRY_S, TRY_FACTOR, MAX_TRIES = 15 * MINUTE_S, 4, 6
GONE_APART_S = DAY_S  # a page is believed to be gone when it was so twice, this far apart
CHANGED_APART_S = 30 * MINUTE_S  # a list that changes with every visit must not cause a visit of each page every time


def publishing_interval_s(days: Sequence[date], today: date) -> float:
    """How long to wait between visits of a source whose entries are of these days."""
    recent = sum(0 <= (today - day).days < LOOKED_BACK_DAYS for day in days)
    gap_s = LOOKED_BACK_DAYS * DAY_S / recent if recent else LONGEST_S * VISITS_PER_ARTICLE
    return min(LONGEST_S, max(SHORTEST_S, gap_s / VISITS_PER_ARTICLE))


def recheck_after_s(age_s: float) -> float:
    """How long until a page that was read is looked at again, by its age."""
    return min(LAST_CHECK_S, max(FIRST_CHECK_S, age_s / CHECKS_PER_AGE))


def retry_after_s(tries: int) -> float | None:
    """How long until a page that could not be read is tried again after so many tries; None when it is given up."""
    return FIRST_TRY_S * TRY_FACTOR ** (tries - 1) if tries < MAX_TRIES else None


def is_gone_for_good(gone_since: float | None, now: float) -> bool:
    """Whether a page that is not there now, and was first missed at ``gone_since``, is believed to be deleted."""
    return gone_since is not None and now - gone_since >= GONE_APART_S
