"""Questions that wait are encoded together, and none twice."""

import threading

import numpy as np

from index.encoding.waiting import LONGEST_TOGETHER, MAX_TOGETHER, WaitingQuestions
from tests.fakes import HashEncoder


class CountingEncoder(HashEncoder):
    """Notes which texts it encoded in each pass."""

    def __init__(self) -> None:
        self.passes: list[list[str]] = []

    def encode_questions(self, texts):
        self.passes.append(list(texts))
        return [self.encode_question(text) for text in texts]


def test_what_waits_goes_along_and_is_not_encoded_again():
    inner = CountingEncoder()
    waiting = WaitingQuestions(inner)
    asked = [f"Frage {number}" for number in range(MAX_TOGETHER + 4)]
    for text in asked:
        waiting.announce(text)
    for text in [*asked, *asked]:
        assert np.array_equal(waiting.encode_question(text).vector, HashEncoder().encode_question(text).vector)
    assert [len(texts) for texts in inner.passes] == [MAX_TOGETHER, 4]
    assert sorted(text for texts in inner.passes for text in texts) == sorted(asked)


def test_what_was_not_announced_or_is_long_goes_alone():
    inner = CountingEncoder()
    waiting = WaitingQuestions(inner)
    long = "x" * (LONGEST_TOGETHER + 1)
    for text in (long, "kurz", "kurz"):
        waiting.announce(text)
    waiting.encode_question(long)
    waiting.encode_question("andere")
    assert inner.passes == [[long], ["andere", "kurz"]]


def test_the_memory_is_bounded_and_holds_no_question():
    waiting = WaitingQuestions(CountingEncoder(), remembered=MAX_TOGETHER)
    for number in range(200):
        waiting.encode_question(f"Geheimfrage {number}")
    assert len(waiting._known) == MAX_TOGETHER and "Geheimfrage" not in repr(waiting._known.keys())


def test_announcing_from_other_threads_loses_nothing():
    inner = CountingEncoder()
    waiting = WaitingQuestions(inner)
    threads = [threading.Thread(target=lambda n=n: [waiting.announce(f"{n}-{k}") for k in range(50)]) for n in range(8)]
    for thread in threads:
        thread.start()
    for number in range(100):
        waiting.encode_question(f"eigene {number}")
    for thread in threads:
        thread.join()
    for number in range(100, 200):
        waiting.encode_question(f"eigene {number}")
    assert sum(len(texts) for texts in inner.passes) == 8 * 50 + 200


def test_together_is_the_same_as_one_by_one(encoder):
    asked = ["Was ist ELFE?", "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?", "Seit wann gibt es die FITKO?"]
    for one, together in zip(map(encoder.encode_question, asked), encoder.encode_questions(asked), strict=True):
        assert np.allclose(one.vector, together.vector, atol=1e-5) and np.allclose(one.tokens, together.tokens, atol=1e-4)
        assert one.token_spans == together.token_spans
