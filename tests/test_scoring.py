"""The learned score: its features and gradient, what it learns, and what a broken file says."""

import json
from dataclasses import replace

import numpy as np
import pytest

from index.errors import ConfigurationError
from index.evaluation.fit_scorer import ScoredQuestion, first_hits, fit_scorer, listwise
from index.retrieval import views
from index.retrieval.answer_types import answer_forms, expected_kind
from index.retrieval.features import FEATURES, NO_TOKEN, QUESTION_FEATURES, WINDOW_FEATURES, Evidence, best_cosines, measure_windows
from index.retrieval.ranking import rank
from index.retrieval.scoring import Scorer, read_scorer, shipped_scorer, write_scorer
from index.retrieval.views import KeptViews, view_passage


def random_question(random: np.random.Generator, wanted: int) -> ScoredQuestion:
    """Ten windows; the one that answers stands out in the feature ``wanted``."""
    features = random.normal(size=(10, len(FEATURES)))
    gold = np.zeros(10, bool)
    gold[random.integers(10)] = True
    features[gold, wanted] += 4.0
    return ScoredQuestion(features, gold, np.zeros(10, bool), gold)


def test_it_learns_which_feature_tells():
    random = np.random.default_rng(1)
    scorer = fit_scorer([random_question(random, 5) for _ in range(80)])
    assert first_hits([random_question(random, 5) for _ in range(80)], scorer)[1] > 0.9
    assert first_hits([random_question(random, 6) for _ in range(80)], scorer)[1] < 0.5


def test_the_gradient_is_the_slope():
    random = np.random.default_rng(2)
    question = ScoredQuestion(
        random.normal(size=(6, len(FEATURES))), np.array([1, 0, 0, 1, 0, 0], bool), np.array([0, 1, 0, 0, 0, 0], bool), np.array([1, 1, 0, 1, 0, 0], bool)
    )
    scores = random.normal(size=6)
    _loss, pull = listwise(scores, question)
    for place in range(6):
        step = np.eye(6)[place] * 1e-5
        slope = (listwise(scores + step, question)[0] - listwise(scores - step, question)[0]) / 2e-5
        assert pull[place] == pytest.approx(slope, abs=1e-6)


def test_what_is_written_is_read(tmp_path):
    random = np.random.default_rng(3)
    count = len(FEATURES)
    mean, deviation, linear = random.normal(size=(3, count))
    scorer = Scorer(mean, 1 + abs(deviation), linear, random.normal(size=(4, count)), *random.normal(size=(2, 4)))
    write_scorer(scorer, tmp_path / "ranking.json", {"x": "1"})
    features = random.normal(size=(7, count))
    assert np.allclose(read_scorer(tmp_path / "ranking.json").score(features), scorer.score(features), atol=1e-2)


def test_best_cosines_are_those_of_a_plain_loop():
    random = np.random.default_rng(4)
    for _case in range(300):
        count, tokens = int(random.integers(1, 8)), int(random.integers(0, 30))
        inner = random.integers(0, count, tokens)
        rows = np.concatenate([np.zeros(random.integers(0, 4), np.int64), np.sort(inner) if tokens % 2 else inner])
        similarity = random.normal(size=(int(random.integers(1, 6)), len(rows))).astype(np.float32)
        found = best_cosines(similarity, rows, count)
        for row in range(count):
            own = similarity[:, rows == row]
            assert found[row].tolist() == (own.max(axis=1) if own.size else np.full(len(similarity), NO_TOKEN, np.float32)).tolist()


def test_a_passage_is_measured_as_if_it_were_alone(demo_app):
    question = demo_app.engine.read_question("Seit wann leitet Bremen 2019 die FITKO?")
    material = demo_app.engine.gather(question.text)
    views = [view_passage(material.articles[one.article_row].article, one) for one in list(material.passages.values())[:9]]
    random = np.random.default_rng(5)
    evidence = [Evidence(view, random.uniform(-1, 1, (4, len(view.token_rows))).astype(np.float32), random.normal(size=2)) for view in views]
    weights = np.array([0.1, 0.2, 0.3, 0.4], np.float32)
    together = measure_windows(question, weights, evidence)
    within = [place for place, name in enumerate(FEATURES) if name not in (*WINDOW_FEATURES, *QUESTION_FEATURES)]  # the rest compares
    for place, one in enumerate(evidence):
        alone, own = measure_windows(question, weights, [one]), together.passages == place
        assert np.allclose(alone.features[:, within], together.features[own][:, within], atol=1e-6)
        assert np.allclose(alone.interactions, together.interactions[own], atol=1e-6)
        assert np.allclose(alone.covered[0], together.covered[place])
        assert len(alone.features) == len(one.view.spans)


def test_passages_and_questions_without_tokens_are_ranked(demo_app):
    engine = demo_app.engine
    material = engine.gather("Was ist ELFE?")
    first, *_others = material.candidates
    bare = replace(material.passages[first.passage_id], tokens=np.zeros((0, 1), np.int8), token_sentences=np.zeros(0, np.uint16))
    wordless = replace(material.encoded, tokens=material.encoded.tokens[:0], token_spans=(), salience=1.0)
    for encoded in (material.encoded, wordless):
        for candidates in (material.candidates, [first]):
            passages = material.passages | {first.passage_id: bare}
            ranking = rank(material.question, encoded, candidates, passages, material.articles, shipped_scorer())
            assert ranking.windows and np.isfinite([window.score for window in ranking.windows]).all()


def test_a_view_is_kept_until_its_passage_is_read_anew(demo_app):
    material = demo_app.engine.gather("Was ist ELFE?")
    kept = KeptViews(kept=2)
    one, two, three = list(material.passages.values())[:3]
    view = {stored.id: lambda stored=stored: kept.view(material.articles[stored.article_row].article, stored) for stored in (one, two, three)}
    first = view[one.id]()
    assert view[one.id]() is first
    assert kept.view(first.article, replace(one)) is not first
    first = view[one.id]()
    view[two.id]()
    assert view[one.id]() is first  # used again, so the other one goes
    view[three.id]()
    assert view[one.id]() is first
    assert all(first.sentences[row - 1] in span.cut(first.article.text) for span, rows in zip(first.spans, first.members, strict=True) for row in rows)


def test_what_is_prepared_is_not_read_again(demo_app, monkeypatch):
    demo_app.engine.prepare(1000)
    monkeypatch.setattr(views, "view_passage", lambda article, stored: pytest.fail("read again"))
    assert demo_app.engine.answer("Was ist ELFE?").is_answered


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"features": ["other"]})])
def test_a_broken_file_is_named(tmp_path, content):
    (tmp_path / "ranking.json").write_text(content)
    with pytest.raises(ConfigurationError, match=r"ranking\.json"):
        read_scorer(tmp_path / "ranking.json")


def test_the_shipped_weights_fit_the_features():
    assert shipped_scorer().linear.shape == (len(FEATURES),)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wer leitet die FITKO?", "person"),
        ("wann startet das?", "date"),
        ("Seit wann gibt es die FITKO?", "date"),
        ("Was kostet der Ausweis?", "amount"),
        ("wieviel geld bekommt berlin", "amount"),
        ("Wie viele Anträge gab es?", "number"),
        ("Wie lange dauert das?", "duration"),
        ("Warum wurde die ID-Wallet gestoppt?", "reason"),
        ("Wo fand die Konferenz statt?", "place"),
        ("Was ist das OZG?", "definition"),
        ("Wofür steht FITKO?", "definition"),
        ("Was macht das ITZBund?", "definition"),
        ("was macht fitko eigentlich", "definition"),
        ("Was macht das BSI gegen Angriffe?", None),
        ("Welche Behörde ist zuständig?", "organisation"),
        ("Wie heißt der Chatbot?", "name"),
        ("Wie viel Prozent der Haushalte haben Glasfaser?", "share"),
        ("Ist ein Ausweis nötig?", None),
    ],
)
def test_the_kind_of_answer_asked_for(question, kind):
    assert expected_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "text", "asked", "form"),
    [
        ("date", "Der Start ist am 1. Oktober 2020.", set(), 1.0),
        ("date", "Im Jahr 2020 war viel los.", {"2020"}, 0.0),  # the question says so itself
        ("person", "Präsidentin ist Claudia Plattner.", set(), 1.0),
        ("person", "Der Start ist gelungen.", set(), 0.0),
        ("amount", "Das kostet 12 Euro.", set(), 1.0),
        ("amount", "Es gab 12 Anträge.", set(), 0.5),
        ("number", "Es gab zwölf Anträge.", set(), 1.0),
        ("reason", "Das scheiterte, weil Geld fehlte.", set(), 1.0),
        (None, "Am 1. Oktober zahlt Claudia Plattner 12 Euro.", set(), 0.0),
    ],
)
def test_a_sentence_holds_an_answer_of_that_kind(kind, text, asked, form):
    assert answer_forms(kind, ("", text), frozenset(asked)) == [0.0, form]
