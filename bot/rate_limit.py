"""How often one person is answered: a bucket that refills, told once when it is empty. Pure but for the table of buckets."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import Enum

# In memory only, and no more than this: the longest silent are forgotten, which makes their bucket full again.
REMEMBERED = 10_000
# After the friendly word nothing is answered for so long; afterwards the bucket is full.
HOLD_S = 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """``burst`` messages at once, then one each ``refill_s``."""

    burst: int
    refill_s: float


# Nobody reads more than twenty answers a minute, buttons included.
PRIVATE = Allowance(20, 3.0)
# In a group others read along: one person less, and all together what Telegram lets a bot say there (20 a minute).
GROUP_PERSON = Allowance(8, 7.5)
GROUP = Allowance(20, 3.0)


class Verdict(Enum):
    SERVE = "serve"
    TELL = "tell"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Bucket:
    """``tokens`` left at the time ``at``; nothing is served before ``held_until``. Times in seconds of any clock that only goes forward."""

    tokens: float
    at: float
    held_until: float = 0.0


def take(bucket: Bucket | None, allowance: Allowance, now: float) -> tuple[Bucket, Verdict]:
    """Take a token; when there is none, say so once and hold for HOLD_S."""
    if bucket is None:
        return Bucket(allowance.burst - 1, now), Verdict.SERVE
    if now < bucket.held_until:
        return bucket, Verdict.SILENT
    tokens = min(float(allowance.burst), bucket.tokens + max(0.0, now - bucket.at) / allowance.refill_s)
    if tokens >= 1:
        return Bucket(tokens - 1, max(now, bucket.at)), Verdict.SERVE
    return replace(bucket, tokens=tokens, at=now, held_until=now + HOLD_S), Verdict.TELL


class RateLimiter:
    """The buckets of persons and groups."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._buckets: OrderedDict[tuple[int, int], Bucket] = OrderedDict()

    def admit(self, person: int, chat_id: int, now: float) -> Verdict:
        """Whether to serve a person in a private chat (positive number) or a group; ``now`` from a monotonic clock."""
        if chat_id > 0:
            return self._take((chat_id, 0), PRIVATE, now)
        verdict = self._take((chat_id, person), GROUP_PERSON, now)
        return self._take((chat_id, 0), GROUP, now) if verdict is Verdict.SERVE else verdict

    def _take(self, key: tuple[int, int], allowance: Allowance, now: float) -> Verdict:
        bucket, verdict = take(self._buckets.pop(key, None), allowance, now)
        self._buckets[key] = bucket
        while len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        return verdict
