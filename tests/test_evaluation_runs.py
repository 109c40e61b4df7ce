"""Confidence intervals, the comparison of two runs, kept runs and the report of misses; by hand and from the command line."""

import itertools
import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.evaluation import RunFiles, run_evaluation
from index.errors import ConfigurationError, InputError
from index.evaluation import run
from index.evaluation.bootstrap import Quotient, intervals, measure_confidence, quotients
from index.evaluation.comparison import check_comparable, compare_runs, sign_test
from index.evaluation.folder import EvaluationFolder, Query, read_folder
from index.evaluation.kept_runs import KeptRun, QueryResult, keep_run, read_run, write_run
from index.evaluation.metrics import Outcome, compute_figures
from index.evaluation.misses import BREAKING, DIRECTIONS, escape, report_misses
from tests.command import run_command
from tests.fakes import HashEncoder
from tests.test_evaluation import CONTRACT_KEYS, CORPUS, folder, home, write_lines  # noqa: F401  (a fixture)

ODD = "*Wer* hat_`das`_ <b>[gesagt](x)</b> | ~~nie~~ &amp; \\* #?\n# Zeile\u2028\u202eumgekehrt \x00"


def outcome(number=0, kind="fact", relevant="a", ranked="a", quotes=("Bremen.",), answers=("Bremen",), answered=True, **query) -> Outcome:
    asked = Query(f"q{number}", query.get("text", "Wer?"), kind, query.get("before", ""), frozenset(relevant), tuple(answers))
    origins = tuple(f"Titel {place}, 2019-01-28" for place in range(len(quotes)))
    return Outcome(asked, tuple(map(frozenset, ranked)), tuple(quotes), tuple(quotes[:2]), True, answered, 1.0, origins)


def unanswerable(number=0, answered=True, **more) -> Outcome:
    return outcome(number, "none", relevant="", answers=(), answered=answered, **more)


outcomes = st.lists(
    st.builds(
        outcome,
        relevant=st.sampled_from(["", "a", "ab"]),
        ranked=st.sampled_from(["", "a", "ba", "ca", "c"]),
        quotes=st.lists(st.sampled_from(["Bremen.", "Nein.", "In Hamburg"]), max_size=3),
        answers=st.sampled_from([("Bremen",), ("Hamburg", "Kiel")]),
        answered=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)

# intervals


@given(outcomes)
def test_every_figure_is_the_quotient_that_is_resampled(found):
    figures = compute_figures(found)
    for name, quotient in quotients(found).items():
        if name in figures and quotient.wholes.sum():
            assert quotient.parts.sum() / quotient.wholes.sum() == pytest.approx(figures[name]), name
    assert figures.keys() <= quotients(found).keys()


def test_the_interval_covers_the_true_share_about_as_often_as_it_says():
    samples = np.random.default_rng(7).random((400, 100)) < 0.7
    found = intervals({str(row): Quotient(sample.astype(float), np.ones(100)) for row, sample in enumerate(samples)})
    covered = np.mean([interval.low <= 0.7 <= interval.high for interval in found.values()])
    assert 0.91 <= covered <= 0.98  # 0.95, less a little for small samples


def test_the_interval_of_a_share_is_that_of_the_binomial_distribution():
    interval = intervals({"share": Quotient(np.repeat([1.0, 0.0], [60, 40]), np.ones(100))})["share"]
    assert (interval.low, interval.high) == pytest.approx((0.50, 0.69), abs=0.015)  # quantiles of Binomial(100, 0.6)/100


def test_more_queries_narrow_the_interval_by_the_root():
    widths = [
        found.high - found.low
        for size in (50, 800)
        for found in intervals({"share": Quotient(np.tile([1.0, 0.0], size // 2), np.ones(size))}).values()
    ]
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.15)


def test_intervals_are_the_same_each_time_and_hold_the_figure():
    found = [outcome(n, quotes=("Bremen." if n % 3 else "Nein.",), ranked="ba" if n % 4 else "a") for n in range(30)]
    found += [unanswerable(n, answered=n % 5 == 0) for n in range(30, 40)]
    confidence, figures = measure_confidence(found), compute_figures(found)
    assert measure_confidence(found) == confidence
    assert confidence["overall"].keys() == figures.keys()
    for name, (low, high) in confidence["overall"].items():
        assert low <= figures[name] + 5e-5 and figures[name] <= high + 5e-5, name
    assert confidence["overall"]["quote_hit@1"][0] < confidence["overall"]["quote_hit@1"][1]
    assert confidence["by_type"].keys() == {"fact", "none"}
    assert confidence["by_type"]["none"].keys() == {"answered"}


def test_a_figure_that_no_query_counts_for_has_no_interval():
    assert "answered_unanswerable" not in measure_confidence([outcome()])["overall"]
    assert measure_confidence([])["overall"] == {}


# comparison


def run_of(marks: list[bool], digest="d") -> KeptRun:
    return KeptRun(digest, tuple(QueryResult(str(n), "fact", "?", 1, True, {"right": mark}) for n, mark in enumerate(marks)))


@pytest.mark.parametrize(("gained", "lost", "p"), [(0, 0, 1), (1, 0, 1), (5, 0, 1 / 16), (0, 6, 1 / 32), (3, 3, 1), (9, 1, 22 / 1024)])
def test_known_sign_tests(gained, lost, p):
    assert sign_test(gained, lost) == pytest.approx(p)


@given(st.integers(0, 6), st.integers(0, 6))
def test_the_sign_test_is_the_permutation_test_over_all_permutations(gained, lost):
    signs = itertools.product((1, -1), repeat=gained + lost)
    extreme = [abs(sum(sign)) >= abs(gained - lost) for sign in signs]
    assert sign_test(gained, lost) == pytest.approx(sum(extreme) / len(extreme))


def test_large_counts_neither_overflow_nor_leave_the_unit_interval():
    assert sign_test(3000, 3000) == 1
    assert 0 <= sign_test(5000, 0) < 1e-300


pairs = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)


@given(pairs)
def test_a_comparison_is_symmetric(marks):
    before, now = (run_of([pair[side] for pair in marks]) for side in (0, 1))
    (there,), (back,) = compare_runs(before, now), compare_runs(now, before)
    assert there.p_value == back.p_value
    assert (there.gained, there.lost, there.before, there.now) == (back.lost, back.gained, back.now, back.before)
    assert (there.interval.low, there.interval.high) == pytest.approx((-back.interval.high, -back.interval.low))


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_a_run_does_not_differ_from_itself(marks):
    (same,) = compare_runs(run_of(marks), run_of(marks))
    assert (same.p_value, same.gained, same.lost, same.interval.low, same.interval.high) == (1, 0, 0, 0, 0)


def test_chance_alone_is_seldom_significant():
    generator = np.random.default_rng(3)
    ps = [sign_test(gained, 40 - gained) for gained in generator.binomial(40, 0.5, 2000)]
    assert 0.01 < np.mean(np.array(ps) < 0.05) <= 0.06


def test_a_clear_gain_is_significant_and_its_interval_leaves_zero_out():
    (found,) = compare_runs(run_of([False] * 30 + [True] * 70), run_of([True] * 95 + [False] * 5))
    assert (found.gained, found.lost, found.p_value < 0.001, found.interval.low > 0) == (30, 5, True, True)


def test_only_common_questions_of_the_same_data_are_compared():
    (found,) = compare_runs(run_of([True, False, False]), run_of([True, True]))
    assert (found.queries, found.gained) == (2, 1)
    asked = (outcome(0).query,)  # its id is q0, that of the runs 0
    with pytest.raises(InputError, match="andere Daten"):
        check_comparable(run_of([True], "anders"), EvaluationFolder(Path("corpus.jsonl"), asked, "d"))
    with pytest.raises(InputError, match="keine Frage gemeinsam"):
        check_comparable(run_of([True]), EvaluationFolder(Path("corpus.jsonl"), asked, "d"))


# kept runs


def test_a_kept_run_comes_back_as_it_was(tmp_path):
    found = [outcome(0, ranked="ba", text=ODD), outcome(1, ranked="c", quotes=()), unanswerable(2), unanswerable(3, answered=False)]
    kept = keep_run(EvaluationFolder(Path("corpus.jsonl"), (), "abc"), found)
    write_run(kept, tmp_path / "lauf.json")
    assert read_run(tmp_path / "lauf.json") == kept
    assert [result.rank for result in kept.results] == [2, None, None, None]
    assert kept.results[0].marks == {"success@1": False, "quote_hit@1": True, "quote_hit@3": True, "right": True}
    assert [result.marks for result in kept.results[2:]] == [{"right": False}, {"right": True}]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"\xff", b'{"format": 0}', b'{"format": 1, "digest": "d"}', b'{"format": 1, "digest": "d", "results": [{}]}',
     b'{"format": 1, "digest": "d", "results": [{"id": "a", "type": "", "question": "", "rank": 1, "is_answered": true, "marks": {"right": 2}}]}'],
)  # fmt: skip
def test_a_file_that_is_no_run_is_an_input_error(tmp_path, content):
    (tmp_path / "lauf.json").write_bytes(content)
    with pytest.raises(InputError, match=r"lauf\.json"):
        read_run(tmp_path / "lauf.json")


def test_a_missing_run_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="nicht lesbar"):
        read_run(tmp_path / "fehlt.json")


# the report


def test_each_miss_stands_in_its_section_and_no_hit_in_any():
    found = [
        unanswerable(0),
        outcome(1, answered=False, ranked="xa"),
        outcome(2, quotes=("Hamburg.",), ranked="x", before="Und davor?"),
        outcome(3, quotes=("Hamburg.", "Bremen.", "Kiel.")),
        outcome(4),
        unanswerable(5, answered=False),
    ]
    report = report_misses("klein", found)
    assert report.startswith("# Fehler auf klein\n\n4 von 6 Fragen.\n")
    sections = report.split("\n## ")[1:]
    assert [section.count("### ") for section in sections] == [1, 1, 1, 1]
    assert [f"### q{number} · " in section for number, section in enumerate(sections)] == [True] * 4
    assert "- Richtig: keine Antwort" in sections[0]
    assert "(Platz 2)" in sections[1] and "- Beantwortet: nein" in sections[1]
    assert "(nicht gefunden)" in sections[2] and "- Frage davor: Und davor?" in sections[2]
    assert "    2. „Bremen.“ – Titel 1, 2019-01-28 **richtig**\n" in sections[3]
    assert "    3. „Kiel.“ – Titel 2, 2019-01-28 *(nicht gezeigt)*\n" in sections[3]


def test_a_run_without_misses_says_so():
    assert report_misses("klein", [outcome()]) == "# Fehler auf klein\n\n0 von 1 Fragen.\n"


def shown(markdown: str) -> str:
    """What a reader of a line of Markdown sees; fails if any of it is markup."""
    (_open, inline, _close) = MarkdownIt().enable(["table", "strikethrough"]).parse(markdown)
    assert {child.type for child in inline.children} <= {"text", "text_special"}, inline.children
    return "".join(child.content for child in inline.children)


@given(st.text())
@example(ODD)
@example("&lt; $x$ ![a](b) https://example.org")
def test_texts_are_shown_as_they_stand(text):
    """Only line breaks, controls and changes of direction become spaces."""
    escaped = escape(text)
    assert not BREAKING & set(map(unicodedata.category, escaped))
    seen = shown(f"x{escaped}x")[1:-1]
    replaced = "".join(" " if unicodedata.category(sign) in BREAKING or sign in DIRECTIONS else sign for sign in text)
    assert " ".join(filter(None, seen.split(" "))) == " ".join(filter(None, replaced.split(" ")))


def test_odd_texts_do_not_break_the_report():
    odd = outcome(0, kind=ODD, text=ODD, before=ODD, answers=(ODD,), quotes=("Nein " + ODD[:-1],), answered=False)
    report = report_misses(ODD, [odd])
    headings = [token for token in MarkdownIt().parse(report) if token.type == "heading_open"]
    assert [heading.tag for heading in headings] == ["h1", "h2", "h3"]
    assert "<b>" not in MarkdownIt().render(report)


# the whole way


def evaluate(folder: Path, capsys, as_json=True, **files: Path):  # noqa: F811
    fallen = run_evaluation(HashEncoder(), folder, as_json=as_json, limit=None, keep=None, with_floor=False, files=RunFiles(**files))
    assert not fallen
    return capsys.readouterr().out


def test_a_run_is_kept_compared_and_its_misses_are_written(folder, tmp_path, capsys):  # noqa: F811
    kept, misses = tmp_path / "lauf.json", tmp_path / "fehler.md"
    first = json.loads(evaluate(folder, capsys, save=kept, misses=misses))
    assert first.keys() == CONTRACT_KEYS | {"confidence"}
    assert first["confidence"]["overall"]["verbatim"] == [1, 1]
    assert misses.read_text("utf-8").startswith("# Fehler auf klein")
    second = json.loads(evaluate(folder, capsys, compare=kept, save=kept))
    assert second["confidence"] == first["confidence"]
    assert second["comparison"].keys() == {"success@1", "quote_hit@1", "quote_hit@3", "right"}
    assert {(found["p"], found["gained"], found["lost"]) for found in second["comparison"].values()} == {(1, 0, 0)}
    assert (second["comparison"]["right"]["queries"], second["comparison"]["success@1"]["queries"]) == (4, 3)


def test_quotes_come_with_headline_and_date_or_else_the_key(folder):  # noqa: F811
    untitled = [{**row, "title": ""} if row["_id"] == "d2" else row for row in CORPUS]
    write_lines(folder / "corpus.jsonl", untitled)
    found = run.evaluate(read_folder(folder), HashEncoder()).outcomes
    assert {"Bremen übernimmt Vorsitz, 2019-01-28", "d2"} <= {origin for outcome in found for origin in outcome.origins}
    assert all(len(outcome.origins) == len(outcome.quotes) for outcome in found)


def test_the_tables_show_intervals_and_the_comparison(folder, tmp_path, capsys):  # noqa: F811
    kept = tmp_path / "lauf.json"
    evaluate(folder, capsys, save=kept)
    stored = json.loads(kept.read_text("utf-8"))
    stored["results"][0]["marks"]["right"] ^= True
    kept.write_text(json.dumps(stored), "utf-8")
    table = evaluate(folder, capsys, as_json=False, compare=kept)
    assert "verbatim                 1.0000 [1.00–1.00]" in table
    row = next(line.split() for line in table.splitlines() if line.startswith("  right"))
    assert sorted(row[-3:-1]) == ["0", "1"] and row[-1] == "1.0000"  # one question differs, which says nothing


def test_the_options_of_the_command(folder, home, tmp_path):  # noqa: F811
    kept, misses = tmp_path / "lauf.json", tmp_path / "fehler.md"
    first = run_command(["eval", str(folder), "--json", "--save", str(kept), "--misses", str(misses)], home)
    assert first.code == 0, first.err
    assert "Fragen." in misses.read_text("utf-8")
    second = run_command(["eval", str(folder), "--compare", str(kept)], home)
    assert second.code == 0, second.err
    assert "Vergleich" in second.out
    refused = run_command(["eval", str(folder), "--compare", str(misses)], home)
    assert (refused.code, refused.out) == (1, "")
    assert "kein aufbewahrter Lauf" in refused.err


@pytest.mark.parametrize("file", ["save", "misses"])
def test_a_file_that_cannot_be_written_is_found_out_before_the_work(folder, tmp_path, file):  # noqa: F811
    for path in (tmp_path / "fehlt" / "datei", tmp_path):
        with pytest.raises(ConfigurationError, match="lässt sich nicht schreiben"):
            run_evaluation(None, folder, as_json=True, limit=None, keep=None, with_floor=False, files=RunFiles(**{file: path}))


def test_a_run_on_other_data_is_refused_before_the_work(folder, tmp_path, capsys):  # noqa: F811
    kept = tmp_path / "lauf.json"
    evaluate(folder, capsys, save=kept)
    with (folder / "answers.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(InputError, match="andere Daten"):
        run_evaluation(None, folder, as_json=True, limit=None, keep=None, with_floor=False, files=RunFiles(compare=kept))
