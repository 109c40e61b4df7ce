"""When alerts are due: digests, quiet hours, the daily number, what is stale."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.nouns import QuietHours, Schedule
from bot.alerts.schedules import MAX_GROUPED, STALE_S, after_quiet, berlin, first_due, next_digest, plan_chat
from tests.alert_world import CHAT, NOON, at, due


@pytest.mark.parametrize(
    ("now", "schedule", "expected"),
    [
        (at(2026, 3, 2, 7, 59), Schedule("daily", 8), at(2026, 3, 2, 8)),
        (at(2026, 3, 2, 8), Schedule("daily", 8), at(2026, 3, 3, 8)),
        (at(2026, 3, 2, 12), Schedule("weekly", 8, 2), at(2026, 3, 4, 8)),
        (at(2026, 3, 2, 12), Schedule("weekly", 8, 0), at(2026, 3, 9, 8)),
        (at(2026, 3, 28, 9), Schedule("daily", 8), at(2026, 3, 29, 8)),  # summer time begins: 23 hours
        (at(2026, 10, 24, 8), Schedule("daily", 8), at(2026, 10, 25, 8)),  # and ends: 25 hours
    ],
)
def test_digests_come_at_the_hour_of_the_clock_in_berlin(now, schedule, expected):
    assert next_digest(now, schedule) == expected


def test_summer_time_moves_the_digest_not_its_hour():
    assert next_digest(at(2026, 3, 28, 8), Schedule("daily", 8)) - at(2026, 3, 28, 8) == 23 * 3600
    assert next_digest(at(2026, 10, 24, 8), Schedule("daily", 8)) - at(2026, 10, 24, 8) == 25 * 3600
    assert next_digest(at(2026, 3, 29, 0), Schedule("daily", 2)) == at(2026, 3, 29, 3)  # the hour that is skipped


@given(st.integers(0, 400 * 24 * 60), st.integers(0, 23), st.integers(0, 23))
def test_nothing_is_due_in_quiet_hours(minutes, start, end):
    now = at(2026, 1, 1) + 60 * minutes
    due = first_due(now, Schedule(), QuietHours(start, end))
    assert due >= now and after_quiet(due, QuietHours(start, end)) == due
    assert due == now or berlin(due).hour in {end, end + 1}


def test_above_the_daily_number_the_rest_waits_for_the_digest():
    deliveries = due(5)
    plan = plan_chat(deliveries, CHAT, 1, NOON)
    assert (plan.move, plan.as_digest, plan.until) == (tuple(deliveries[2:]), True, at(2026, 3, 3, 8))
    assert plan_chat(deliveries[:2], CHAT, 1, NOON).send == tuple(deliveries[:2])


def test_stale_alerts_fold_into_the_digest_and_groups_are_limited():
    old = due(1, made_at=NOON - STALE_S - 1)
    assert plan_chat(old, CHAT, 0, NOON).as_digest
    assert len(plan_chat(due(30, is_digest=True), CHAT, 9, NOON).send) == MAX_GROUPED
    assert plan_chat(due(1), replace(CHAT, quiet=QuietHours(11, 14)), 0, NOON).until == at(2026, 3, 2, 14)
