"""Progress of reading sources: one line for all of them, with rate and remaining time."""

import pytest

from bot.pages_progress import PagesProgress


@pytest.fixture
def clock(monkeypatch):
    moments = [0.0]
    monkeypatch.setattr("bot.pages_progress.time.monotonic", lambda: moments[0])
    return moments


def test_a_line_every_ten_seconds_counts_all_sources(clock, capsys):
    with PagesProgress() as progress:
        clock[0] = 5.0
        progress("Eins", 5, 100)
        clock[0] = 10.0
        progress("Zwei", 5, 190)
        clock[0] = 11.0
        progress("Zwei", 6, 189)
    assert capsys.readouterr().err == "Zwei: 10 von 300 Seiten, 1.0 Seiten/s, noch etwa 5 Minuten\n"
