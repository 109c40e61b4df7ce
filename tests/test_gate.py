"""How often one person is answered, and who is not answered at all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate import Admission, Gate
from bot.rate_limit import GROUP, GROUP_PERSON, HOLD_S, PRIVATE, RateLimiter, Verdict, take
from index.errors import StoreError

ADMIN, BLOCKED = 9, 66


class BlockedOne:
    """A list with one number on it; ``broken``: its database is."""

    def __init__(self, broken: bool = False) -> None:
        self._broken = broken

    def find_blocked(self, numbers):
        if self._broken:
            raise StoreError("kaputt")
        return BLOCKED if BLOCKED in numbers else None


@pytest.mark.parametrize("allowance", [PRIVATE, GROUP_PERSON, GROUP])
def test_after_a_burst_one_word_then_silence_then_all_again(allowance):
    bucket, verdicts = None, []
    for number in range(allowance.burst + 5):
        bucket, verdict = take(bucket, allowance, number * 0.01)
        verdicts.append(verdict)
    assert verdicts == [Verdict.SERVE] * allowance.burst + [Verdict.TELL] + [Verdict.SILENT] * 4
    assert take(bucket, allowance, HOLD_S + 1)[1] is Verdict.SERVE


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_never_more_than_the_allowance_and_never_two_words_within_the_hold(gaps):
    now, bucket, served, told = 0.0, None, [], []
    for gap in gaps:
        now += gap
        bucket, verdict = take(bucket, PRIVATE, now)
        served += [now] if verdict is Verdict.SERVE else []
        told += [now] if verdict is Verdict.TELL else []
    for first in served:
        within = [at for at in served if first <= at < first + 60]
        assert len(within) <= PRIVATE.burst + 60 / PRIVATE.refill_s
    assert all(later - earlier >= HOLD_S for earlier, later in pairwise(told))


def test_who_asks_slowly_is_always_served():
    limiter = RateLimiter()
    assert all(limiter.admit(1, 1, at * PRIVATE.refill_s) is Verdict.SERVE for at in range(500))


def test_persons_groups_and_private_chats_count_apart():
    limiter = RateLimiter()
    assert [limiter.admit(1, -5, 0.0) for _ in range(9)].count(Verdict.SERVE) == GROUP_PERSON.burst
    assert limiter.admit(2, -5, 0.0) is Verdict.SERVE and limiter.admit(1, 1, 0.0) is Verdict.SERVE
    crowd = [limiter.admit(person, -5, 0.0) for person in range(10, 40)]
    assert crowd.count(Verdict.TELL) == 1 and crowd.count(Verdict.SERVE) == GROUP.burst - GROUP_PERSON.burst - 1


def test_the_table_stays_small():
    limiter = RateLimiter(remembered=10)
    for person in range(1, 1000):
        limiter.admit(person, person, 0.0)
    assert len(limiter._buckets) == 10


def test_blocked_ones_are_told_once_and_groups_never():
    gate = Gate(BlockedOne(), frozenset())
    assert [gate.admit(BLOCKED, BLOCKED, 0.0) for _ in range(3)] == [Admission.TELL_BLOCKED, Admission.SILENT, Admission.SILENT]
    assert gate.admit(BLOCKED, -5, 0.0) is Admission.SILENT and gate.admit(1, -5, 0.0) is Admission.SERVE
    assert Gate(BlockedOne(), frozenset()).admit(1, BLOCKED, 0.0) is Admission.TELL_BLOCKED


def test_operators_pass_and_a_broken_list_stops_nobody():
    gate = Gate(BlockedOne(broken=True), frozenset({ADMIN}))
    assert all(gate.admit(ADMIN, ADMIN, 0.0) is Admission.SERVE for _ in range(100))
    assert gate.admit(BLOCKED, BLOCKED, 0.0) is Admission.SERVE
