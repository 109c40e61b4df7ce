"""Previews over the archive: kept keys against a plain scan, counts, and what is not kept yet."""

import random
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from index.alerting.analysis import AnalysedArticle, analyse_article
from index.alerting.archive import MAX_CHECKED, Archive, count_windows
from index.alerting.matching import matches
from index.alerting.rules import parse_rule
from index.alerting.screening import MAYBE, NO, YES, Screen, kept_keys
from index.alerting.terms import phrase_term, word_term
from index.articles import Article
from index.ingest import Ingester
from index.language.words import find_words
from index.reading.inputs import read_inputs
from index.shipped import shipped_file
from tests.alert_world import TODAY, World
from tests.bench_alerts import draw_rule
from tests.fakes import HashEncoder, article

RULES = (
    "OZG", "titel:OZG", "Registermodernisierung", "„digitale Souveränität“", "Bremen, Hamburg", "OZG -Bremen", "tag:Recht", "quelle:Amtsfunk",
    "KI", "Verwaltung (Bund, Land) -Bremen", "„der Bund“", "IT-Planungsrat", "titel:„in Kraft“", "E-Akte", "nicht Bremen Hamburg",
)  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> list[Article]:
    return [item for item in read_inputs([str(shipped_file("articles"))]) if isinstance(item, Article)]


@pytest.fixture(scope="module")
def analysed(corpus) -> list[AnalysedArticle]:
    return [analyse_article(one) for one in corpus]


def check(rule, analysed, judged) -> None:
    for one, verdict in zip(analysed, judged, strict=True):
        assert verdict == MAYBE or (verdict == YES) == matches(rule, one), (rule.text, one.article.key)


def test_kept_keys_never_contradict_the_text(analysed):
    screen = Screen([kept_keys(one) for one in analysed], {})
    for text in RULES:
        check(parse_rule(text), analysed, screen.judge(parse_rule(text)))


def test_kept_keys_never_contradict_the_text_for_random_rules(corpus, analysed):
    analysed, dice = analysed[:60], random.Random(3)
    screen = Screen([kept_keys(one) for one in analysed], {})
    words = sorted({word.surface for one in corpus[:60] for word in find_words(one.text)})
    terms = [term for a, b in zip(words, dice.sample(words, len(words)), strict=True) for term in (word_term(a), phrase_term(f"{a} {b}")) if term]
    for _ in range(400):
        rule = draw_rule(terms, dice)
        check(rule, analysed, screen.judge(rule))


def test_words_alone_are_never_left_to_the_text(analysed):
    judged = Screen([kept_keys(one) for one in analysed], {}).judge(parse_rule("Bremen, titel:Hessen -Digitalisierung"))
    assert set(judged.tolist()) == {NO, YES}


def test_search_and_count_agree_with_a_plain_scan(corpus, tmp_path):
    world = World(tmp_path / "amtsfunk.sqlite")
    world.ingest(*corpus)
    archive, today = Archive(world.store, world.alerts.keys), max(one.published for one in corpus)
    stored = [one.article for one in world.store.articles(world.store.newest_rows(-1)).values()]
    analysed = [(one, analyse_article(one)) for one in stored]
    for text in RULES:
        rule = parse_rule(text)
        right = {one.key: one.published for one, words in analysed if matches(rule, words)}
        found = list(archive.search(rule))
        assert {one.stored.article.key for one in found} == set(right)
        days = [one.stored.article.published for one in found]
        assert days == sorted(days, reverse=True)
        assert archive.count(rule, (), today).by_window == count_windows(right.values(), today)


def test_changed_removed_and_unknown_articles(tmp_path):
    world = World(tmp_path / "amtsfunk.sqlite")
    archive = Archive(world.store, world.alerts.keys)
    world.ingest(article("Kiel liegt am Meer.", "a"))
    world.ingest(article("Bonn liegt am Rhein.", "a"))
    assert not list(archive.search(parse_rule("Kiel"))) and len(list(archive.search(parse_rule("Bonn")))) == 1
    with world.alerts._database.write() as connection:  # a database from before keys were kept
        connection.execute("DELETE FROM article_key")
    assert archive.count(parse_rule("Bonn"), (), TODAY).by_window[7] == 1 and len(world.alerts.keys.article_keys([1])) == 1
    world.store.remove(["a"])
    assert not list(archive.search(parse_rule("Bonn")))
    with world.alerts._database.read() as connection:
        assert connection.execute("SELECT count(*) FROM article_key").fetchone() == (0,)


def test_where_too_many_may_match_the_count_is_an_estimate(tmp_path):
    world = World(tmp_path / "amtsfunk.sqlite")
    more = MAX_CHECKED + 150
    world.ingest(*(article(f"Das Land {'Kiel' if n % 2 else 'am Meer, Kiel'} Nummer {n}.", f"k{n}") for n in range(more)))
    archive = Archive(world.store, world.alerts.keys)
    counts = archive.count(parse_rule("„Land Kiel“"), (), TODAY)
    assert counts.is_estimated and abs(counts.by_window[365] - more / 2) < 10
    assert "etwa" in world.say("/alarm „Land Kiel“").text and not archive.count(parse_rule("Kiel"), (), TODAY).is_estimated


def test_undated_articles_are_found_last(tmp_path):
    world = World(tmp_path / "amtsfunk.sqlite")
    world.ingest(article("Kiel zuerst.", "a"))
    Ingester(world.store, HashEncoder()).run([replace(article("Kiel zuletzt.", "b"), published=None), replace(article("Kiel.", "c"), published=date(2020, 1, 1))])
    found = list(islice(Archive(world.store, world.alerts.keys).search(parse_rule("Kiel")), 9))
    assert [one.stored.article.key for one in found] == ["a", "c", "b"]
