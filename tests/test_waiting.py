"""Questions that wait are encoded together, ahead of their turn, and none twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.encoding.cores import one_core
from index.encoding.waiting import HELPED_WITH, HURRIED_FROM, LONGEST_TOGETHER, MAX_AHEAD, MAX_TOGETHER, WaitingQuestions
from index.errors import EncoderError
from tests.fakes import HashEncoder

PATIENCE_S = 10


class SlowEncoder(HashEncoder):
    """Notes which texts it encoded in each pass; a pass begins only when it may."""

    def __init__(self, is_free: bool = True) -> None:
        self.passes: list[list[str]] = []
        self.hurried: list[bool] = []  # of each pass
        self.may_work = threading.Semaphore(1_000_000 if is_free else 0)

    def encode_questions(self, texts, is_hurried=False):
        self.passes.append(list(texts))
        self.hurried.append(is_hurried)
        assert self.may_work.acquire(timeout=PATIENCE_S)
        return [self.encode_question(text) for text in texts]


class FaultyEncoder(SlowEncoder):
    """Cannot read one text."""

    def encode_questions(self, texts, is_hurried=False):
        found = super().encode_questions(texts, is_hurried)
        if "unlesbar" in texts:
            raise EncoderError("unlesbar")
        return found


def settle(waiting: WaitingQuestions) -> None:
    """Wait until the thread has nothing left to do."""
    waiting._thread.submit(lambda: None).result(PATIENCE_S)


def test_what_waits_goes_together_and_is_not_encoded_again():
    inner = SlowEncoder(is_free=False)
    waiting = WaitingQuestions(inner)
    asked = [f"Frage {number}" for number in range(MAX_TOGETHER + 4)]
    for text in asked:
        waiting.announce(text)
    inner.may_work.release(100)
    for text in [*asked, *asked]:
        assert np.array_equal(waiting.encode_question(text).vector, HashEncoder().encode_question(text).vector)
    # The thread may begin before all are announced: then its first pass is a smaller one, and who asks helps with a few.
    assert max(len(texts) for texts in inner.passes) <= MAX_TOGETHER and len(inner.passes) <= 3 + len(asked) // HELPED_WITH
    assert sorted(text for texts in inner.passes for text in texts) == sorted(asked)  # each once


def test_only_many_at_once_are_hurried():
    inner = SlowEncoder()
    waiting = WaitingQuestions(inner)
    for number in range(3):
        waiting.encode_question(f"Allein {number}")
    assert inner.hurried == [False] * 3
    inner.may_work = threading.Semaphore(0)
    for number in range(MAX_TOGETHER * 2):
        waiting.announce(f"Frage {number}")
    inner.may_work.release(100)
    for number in range(MAX_TOGETHER * 2):
        waiting.encode_question(f"Frage {number}")
    assert any(inner.hurried)
    assert inner.hurried == [len(texts) >= HURRIED_FROM for texts in inner.passes]


def test_it_is_done_ahead_of_the_turn_but_not_far():
    inner = SlowEncoder()
    waiting = WaitingQuestions(inner)
    asked = [f"Frage {number}" for number in range(MAX_AHEAD + 50)]
    for text in asked:
        waiting.announce(text)
    settle(waiting)
    assert [text for texts in inner.passes for text in texts] == asked[:MAX_AHEAD]
    for text in asked:
        waiting.encode_question(text)
    settle(waiting)
    assert sorted(text for texts in inner.passes for text in texts) == sorted(asked)


def test_who_would_only_wait_encodes_what_comes_next():
    inner = SlowEncoder(is_free=False)
    waiting = WaitingQuestions(inner)
    waiting.announce("erste")
    while not inner.passes:  # the thread has taken it
        time.sleep(0.001)
    for number in range(HELPED_WITH + 1):
        waiting.announce(f"nächste {number}")
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(waiting.encode_question, "erste")
        while len(inner.passes) < 2:
            time.sleep(0.001)
        assert inner.passes == [["erste"], [f"nächste {number}" for number in range(HELPED_WITH)]]
        inner.may_work.release(100)
        answer.result(PATIENCE_S)
    settle(waiting)
    assert sorted(text for texts in inner.passes for text in texts) == ["erste", *(f"nächste {number}" for number in range(HELPED_WITH + 1))]


def test_announced_questions_that_are_asked_in_other_words_hold_up_nothing():
    inner = SlowEncoder()
    waiting = WaitingQuestions(inner)
    for number in range(MAX_AHEAD + 50):
        waiting.announce(f"angekündigt {number}")
    settle(waiting)
    waiting.encode_question("gefragt")
    settle(waiting)
    assert sum(len(texts) for texts in inner.passes) == MAX_AHEAD + 50 + 1


def test_who_asks_goes_before_what_is_only_announced():
    inner = SlowEncoder(is_free=False)
    waiting = WaitingQuestions(inner)
    for number in range(3 * MAX_TOGETHER):
        waiting.announce(f"angekündigt {number}")
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(waiting.encode_question, "gefragt")
        while not any(texts[0] == "gefragt" for texts in inner.passes):
            time.sleep(0.001)
        assert len(inner.passes) <= 2  # the thread's first, and this one
        inner.may_work.release(100)
        answer.result(PATIENCE_S)


def test_what_is_long_goes_alone():
    inner = SlowEncoder()
    waiting = WaitingQuestions(inner)
    long = "x" * (LONGEST_TOGETHER + 1)
    waiting.announce(long)
    waiting.encode_question(long)
    assert inner.passes == [[long]]


def test_the_memory_is_bounded_and_holds_no_question():
    waiting = WaitingQuestions(SlowEncoder(), remembered=MAX_TOGETHER)
    for number in range(200):
        waiting.encode_question(f"Geheimfrage {number}")
    settle(waiting)
    assert len(waiting._known) == MAX_TOGETHER and "Geheimfrage" not in repr(waiting._known.keys())
    assert not waiting._pending and not waiting._announced


def test_asking_and_announcing_from_many_threads_loses_nothing():
    inner = SlowEncoder()
    waiting = WaitingQuestions(inner)

    def ask(name: int) -> list[bool]:
        texts = [f"{name}-{number}" for number in range(50)]
        for text in texts:
            waiting.announce(text)
        return [np.array_equal(waiting.encode_question(text).vector, HashEncoder().encode_question(text).vector) for text in texts]

    with ThreadPoolExecutor(8) as threads:
        assert all(all(same) for same in threads.map(ask, range(8)))


def test_a_fault_reaches_who_asked_and_no_other():
    waiting = WaitingQuestions(FaultyEncoder())
    for text in ("gut", "unlesbar", "auch gut"):
        waiting.announce(text)
    for text in ("gut", "auch gut"):
        waiting.encode_question(text)
    with pytest.raises(EncoderError):
        waiting.encode_question("unlesbar")
    assert np.array_equal(waiting.encode_question("danach").vector, HashEncoder().encode_question("danach").vector)


def test_one_core_is_for_the_block_only():
    import torch

    before = torch.get_num_threads()
    with one_core():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_one_core_lasts_until_the_last_thread_leaves():
    import torch

    before, entered, may_leave = torch.get_num_threads(), threading.Event(), threading.Event()

    def stay() -> int:
        with one_core():
            entered.set()
            assert may_leave.wait(PATIENCE_S)
            return torch.get_num_threads()

    with ThreadPoolExecutor(1) as other:
        inside = other.submit(stay)
        assert entered.wait(PATIENCE_S)
        with one_core():
            pass
        may_leave.set()
        assert inside.result(PATIENCE_S) == 1
    torch.set_num_threads(before)  # this thread left first


def test_together_is_the_same_as_one_by_one(encoder):
    asked = ["Was ist ELFE?", "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?", "Seit wann gibt es die FITKO?"]
    for one, together in zip(map(encoder.encode_question, asked), encoder.encode_questions(asked), strict=True):
        assert np.allclose(one.vector, together.vector, atol=1e-5) and np.allclose(one.tokens, together.tokens, atol=1e-4)
        assert one.token_spans == together.token_spans
