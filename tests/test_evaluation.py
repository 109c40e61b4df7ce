"""Figures of the evaluation by hand, its folder, its floor, and one small evaluation from the command line to the JSON."""

import json
from math import log2
from pathlib import Path

import pytest

from index.errors import ConfigurationError, InputError
from index.evaluation.floor import find_falls, read_floor
from index.evaluation.folder import Query, read_folder
from index.evaluation.metrics import Outcome, compute_figures, mean, quantile
from tests.command import run_command
from tests.conftest import link_model

# metrics


def outcome(ranked: str, relevant: str, quotes=(), answers=(), answered=True, verbatim=True) -> Outcome:
    """``ranked`` and ``relevant``: articles as letters."""
    query = Query("q", "Frage?", "untyped", "", frozenset(relevant), tuple(answers))
    return Outcome(query, tuple(frozenset(article) for article in ranked), tuple(quotes), tuple(quotes), verbatim, answered, 1.0)


@pytest.mark.parametrize(
    ("ranked", "relevant", "success", "mrr", "ndcg", "recall"),
    [
        ("abc", "a", 1, 1, 1, 1),
        ("abc", "b", 0, 1 / 2, 1 / log2(3), 1),
        ("abc", "bc", 0, 1 / 2, (1 / log2(3) + 1 / log2(4)) / (1 + 1 / log2(3)), 1),
        ("abc", "az", 1, 1, 1 / (1 + 1 / log2(3)), 1 / 2),
        ("abc", "z", 0, 0, 0, 0),
        ("", "a", 0, 0, 0, 0),
        ("x" * 9 + "a", "a", 0, 1 / 10, 1 / log2(11), 1),
        ("x" * 10 + "a", "a", 0, 0, 0, 1),
        ("x" * 99 + "a", "a", 0, 0, 0, 1),
        ("x" * 100 + "a", "a", 0, 0, 0, 0),
    ],
)
def test_ranking_figures(ranked, relevant, success, mrr, ndcg, recall):
    figures = compute_figures([outcome(ranked, relevant)])
    found = [figures[name] for name in ("success@1", "mrr@10", "ndcg@10", "recall@100")]
    assert found == pytest.approx([success, mrr, ndcg, recall])


def test_an_article_is_found_under_any_of_its_keys():
    query = Query("q", "Frage?", "untyped", "", frozenset({"zweit"}), ())
    found = Outcome(query, (frozenset({"erst", "zweit"}),), (), (), True, True, 1.0)
    assert compute_figures([found])["success@1"] == 1


def test_quote_figures():
    outcomes = [
        outcome("a", "a", ["Bremen war es.", "Nein."], ["Bremen"]),
        outcome("a", "a", ["Nein.", "Nein!", "Es war Bremen."], ["Hamburg", "Bremen"]),
        outcome("a", "a", ["1", "2", "3", "Bremen"], ["Bremen"]),
        outcome("a", "a", [], ["Bremen"]),
    ]
    figures = compute_figures(outcomes)
    assert figures["quote_hit@1"] == 1 / 4
    assert figures["quote_hit@3"] == 2 / 4
    assert figures["quote_chars_mean"] == pytest.approx((len("Bremen war es.") + len("Nein.") + 1) / 3)


def test_unanswerable_questions_do_not_count_in_ranking_and_quotes():
    figures = compute_figures([outcome("a", "a", ["Bremen"], ["Bremen"]), outcome("b", "", ["Nein"], answered=False)])
    assert (figures["success@1"], figures["quote_hit@1"], figures["answered_unanswerable"]) == (1, 1, 0)


def test_answer_f1():
    right = outcome("a", "a", ["Bremen"], ["Bremen"])
    wrong = outcome("a", "a", ["Hamburg"], ["Bremen"])
    silent = outcome("a", "a", ["Bremen"], ["Bremen"], answered=False)
    invented = outcome("a", "", ["Bremen"], answered=True)
    honest = outcome("a", "", ["Bremen"], answered=False)
    figures = compute_figures([right, right, wrong, silent, invented, honest])
    precision, recall = 2 / 4, 2 / 4  # four answered; four could be
    assert figures["answer_f1"] == pytest.approx(2 * precision * recall / (precision + recall))
    assert (figures["answered_answerable"], figures["answered_unanswerable"]) == (3 / 4, 1 / 2)
    assert compute_figures([right, right, honest])["answer_f1"] == 1
    assert compute_figures([right, invented])["answer_f1"] == pytest.approx(2 / 3)


def test_verbatim_is_a_share_of_all():
    assert compute_figures([outcome("a", "a"), outcome("a", "", verbatim=False)])["verbatim"] == 1 / 2


def test_figures_of_nothing():
    assert set(compute_figures([]).values()) == {0.0}
    assert (mean([]), quantile([], 0.5)) == (0, 0)


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.95, 10), (0.1, 1), (1.0, 10)])
def test_quantiles_by_nearest_rank(share, value):
    assert quantile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == value


# the folder

CORPUS = [
    {"_id": "d1", "title": "Bremen übernimmt Vorsitz", "text": "Bremen hat 2019 den Vorsitz im IT-Planungsrat übernommen.",
     "metadata": {"date": "2019-01-28", "url": "https://example.org/1", "publisher": "Testblatt"}},
    {"_id": "d2", "title": "Hamburg digital", "text": "In Hamburg kommt das Kindergeld ohne Antrag. Eltern müssen nichts tun."},
    {"_id": "d3", "title": "Neue Radwege", "text": "Die Stadt Münster baut zwölf neue Radwege."},
]  # fmt: skip
QUERIES = [
    {"_id": "q1", "text": "Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?", "metadata": {"type": "fact"}},
    {"_id": "q2", "text": "Wo kommt das Kindergeld ohne Antrag?", "metadata": {"type": "fact"}},
    {"_id": "q3", "text": "Und was müssen Eltern tun?", "metadata": {"type": "follow-up", "after": "q2"}},
    {"_id": "q4", "text": "Wie hoch ist der Eiffelturm?", "metadata": {"type": "none"}},
]
JUDGEMENTS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td3\t0\nq2\td2\t1\nq3\td2\t1\n"
ANSWERS = [{"_id": "q1", "answers": ["Bremen"]}, {"_id": "q2", "answers": ["Hamburg"]}, {"_id": "q3", "answers": ["nichts"]}]
CONTRACT_KEYS = {
    "queries", "documents", "success@1", "mrr@10", "ndcg@10", "recall@100", "quote_hit@1", "quote_hit@3", "quote_chars_mean", "verbatim",
    "answered_answerable", "answered_unanswerable", "answer_f1", "latency_ms", "passages", "index_seconds", "by_type",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "klein"
    (folder / "qrels").mkdir(parents=True)
    write_lines(folder / "corpus.jsonl", CORPUS)
    write_lines(folder / "queries.jsonl", QUERIES)
    write_lines(folder / "answers.jsonl", ANSWERS)
    (folder / "qrels" / "test.tsv").write_text(JUDGEMENTS)
    return folder


def write_lines(path: Path, rows: list) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def test_a_folder_is_read(folder):
    queries = read_folder(folder).queries
    assert [query.is_answerable for query in queries] == [True, True, True, False]
    assert queries[0].relevant == {"d1"}
    assert queries[0].answers == ("Bremen",)
    assert [query.before for query in queries] == ["", "", QUERIES[1]["text"], ""]
    assert [query.type for query in queries] == ["fact", "fact", "follow-up", "none"]
    assert len(read_folder(folder, limit=2).queries) == 2


def test_the_digest_covers_every_file(folder):
    digests = {read_folder(folder).digest}
    for file in ("corpus.jsonl", "queries.jsonl", "answers.jsonl", "qrels/test.tsv"):
        (folder / file).write_text((folder / file).read_text() + "\n")
        if file == "qrels/test.tsv":
            (folder / file).write_text(JUDGEMENTS + "q4\td3\t0\n")
        digests.add(read_folder(folder).digest)
    assert len(digests) == 5


def test_only_line_feeds_part_lines(folder):
    text = "Wer\u2028hat\u0085den\u000bVorsitz?"
    write_lines(folder / "queries.jsonl", [{"_id": "q1", "text": text}])
    assert [query.text for query in read_folder(folder).queries] == [text]


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(InputError, match=Path(missing).name.split(".")[0]):
        read_folder(folder)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("queries.jsonl", "kein JSON\n"),
        ("queries.jsonl", '{"_id": "q1"}\n'),
        ("queries.jsonl", '["q1", "Frage"]\n'),
        ("queries.jsonl", '{"_id": "q1", "text": "Wer?", "metadata": "x"}\n'),
        ("answers.jsonl", '{"_id": "q1", "answers": null}\n'),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1 d1 1\n"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tja\n"),
        ("queries.jsonl", b"\xff\xfe"),
    ],
)
def test_a_malformed_file_is_an_input_error(folder, file, content):
    (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match="nicht lesbar"):
        read_folder(folder)


# the floor


def test_falls_are_named_with_both_figures():
    falls = find_falls({"mrr@10": 0.5, "answered_unanswerable": 0.3}, {"min": {"mrr@10": 0.6}, "max": {"answered_unanswerable": 0.2}})
    assert [str(fall) for fall in falls] == [
        "mrr@10: 0.5000 liegt unter dem Mindestwert 0.6000",
        "answered_unanswerable: 0.3000 liegt über der Obergrenze 0.2000",
    ]


def test_reaching_the_floor_is_enough():
    assert find_falls({"mrr@10": 0.6, "answered_unanswerable": 0.2}, {"min": {"mrr@10": 0.6}, "max": {"answered_unanswerable": 0.2}}) == []
    assert find_falls({"mrr@10": 0.0}, {}) == []


def test_a_floor_is_bound_to_its_data(tmp_path):
    file = tmp_path / "floor.json"
    file.write_text(json.dumps({"klein": {"digest": "abc", "min": {"mrr@10": 0.5}}}))
    assert read_floor("klein", "abc", file) == {"min": {"mrr@10": 0.5}, "max": {}}
    assert read_floor("anderes", "abc", file) == {}
    with pytest.raises(ConfigurationError, match="andere Daten"):
        read_floor("klein", "abd", file)
    file.write_text("{")
    with pytest.raises(ConfigurationError, match="nicht lesbar"):
        read_floor("klein", "abc", file)


# end to end


@pytest.fixture
def home(model_cache, tmp_path) -> Path:
    link_model(model_cache, tmp_path / "home")
    return tmp_path / "home"


def test_a_small_evaluation_from_the_command_line(folder, home):
    finished = run_command(["eval", str(folder), "--json"], home)
    assert finished.code == 0, finished.err
    figures = json.loads(finished.out)
    assert figures.keys() >= CONTRACT_KEYS
    assert (figures["queries"], figures["documents"], figures["passages"]) == (4, 3, 3)
    assert (figures["verbatim"], figures["recall@100"], figures["success@1"], figures["quote_hit@3"]) == (1, 1, 1, 1)
    assert figures["latency_ms"].keys() == {"p50", "p95"}
    assert {kind: values["queries"] for kind, values in figures["by_type"].items()} == {"fact": 2, "follow-up": 1, "none": 1}
    assert not (home / "amtsfunk.sqlite").exists()  # the store was thrown away


def test_limit_and_a_kept_index(folder, home, tmp_path):
    first, second = (run_command(["eval", str(folder), "--json", "--limit", "1", "--keep", str(tmp_path / "kept")], home) for _ in "ab")
    assert json.loads(first.out)["queries"] == 1
    assert {name: json.loads(second.out)[name] for name in ("documents", "mrr@10")} == {"documents": 3, "mrr@10": 1}
    assert len(list((tmp_path / "kept").glob("*.sqlite"))) == 1


def test_a_folder_that_is_none_fails_with_a_sentence(home, tmp_path):
    finished = run_command(["eval", str(tmp_path), "--json"], home)
    assert (finished.code, finished.out) == (1, "")
    assert "kein Auswertungsordner" in finished.err
