"""A small storm: every due message arrives, in order, none twice beyond the stated cases, no limit touched."""

from tests.storm import Course, cause_of_repeat, is_right, run_storm


def test_a_small_storm(tmp_path):
    report = run_storm(tmp_path, articles=6, chats=50, kills=3, kill_every_s=(2.0, 4.0))
    assert is_right(report), report
    assert report.kills >= 1 and report.faults > 10


def course(*trace: tuple, kills=()) -> Course:
    lines = [{"at": at, "chat": 5, "begins": kind == "begins", "kind": kind, "uncertain": kind == "lost"} for at, kind in trace]
    return Course(1, 0, list(kills), lines, 1.0)


def test_each_repeat_has_a_cause():
    assert cause_of_repeat(5, 1.1, course((1, "begins"), (2, "lost"), (4, "begins"), (5, "sent"))) == "lost"
    assert cause_of_repeat(5, 1.1, course((1, "begins"), (4, "begins"), (5, "sent"), kills=[1.5])) == "killed"
    assert cause_of_repeat(5, 1.1, course((1, "begins"), (2, "sent"), (4, "begins"), kills=[2.1])) == "killed"
    assert cause_of_repeat(5, 1.1, course((1, "begins"), (2, "sent"), (4, "begins"), (5, "sent"), kills=[9])) == "other"
    assert cause_of_repeat(5, 1.1, course((1, "begins"), (2, "failed"), (4, "begins"), (5, "sent"))) == "other"
