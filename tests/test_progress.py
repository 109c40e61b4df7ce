"""What a long ingest says about itself."""

import pytest

from bot.progress import LINE_EVERY_S, QUIET_S, IngestProgress, progress_line
from index.ingest import Progress


@pytest.mark.parametrize(
    ("progress", "expected", "line"),
    [
        (Progress(100, 300, 10.0), 500, "100 von 500 Artikeln, 10.0 Artikel/s, 30.0 Passagen/s, noch etwa 40 Sekunden"),
        (Progress(100, 300, 100.0), 1000, "100 von 1000 Artikeln, 1.0 Artikel/s, 3.0 Passagen/s, noch etwa 15 Minuten"),
        (Progress(100, 0, 100.0), 8000, "100 von 8000 Artikeln, 1.0 Artikel/s, 0.0 Passagen/s, noch etwa 2 Std. 12 Min."),
        (Progress(0, 0, 20.0), 10, "0 von 10 Artikeln, 0.0 Artikel/s, 0.0 Passagen/s, noch etwa 3 Minuten"),
        (Progress(12, 12, 12.0), 10, "12 von 12 Artikeln, 1.0 Artikel/s, 1.0 Passagen/s, noch etwa 0 Sekunden"),
    ],
)
def test_rate_and_remaining_time(progress, expected, line):
    assert progress_line(progress, expected) == line


def test_a_line_every_few_seconds_and_none_for_short_work(capsys):
    with IngestProgress(100) as show:
        for seconds in (QUIET_S / 2, QUIET_S, LINE_EVERY_S, LINE_EVERY_S + 1, 2 * LINE_EVERY_S + 1):
            show(Progress(10, 20, seconds))
    assert capsys.readouterr().err.count("von 100 Artikeln") == 2
