"""A small storm; ``python -m tests.storm`` is the full one."""

from tests.storm import run_storm


def test_every_message_arrives_whatever_fails_and_dies(tmp_path):
    report = run_storm(tmp_path, articles=6, chats=50, kills=3, kill_every_s=(2.0, 4.0))
    assert report.arrived == report.due == 300
    assert report.kills == 3 and report.faults > 20
    assert report.duplicates <= report.uncertain  # only where a process died, or a connection was lost, between sending and marking
    assert (report.out_of_order, report.refused_for_pace) == (0, 0)
    assert report.busiest_second <= 30
