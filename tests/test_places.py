"""The same news in several places, corrections, and removals: what a reader would want to see, and nothing lost."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.quote_text import also_at_segments
from index.articles import Article
from index.ingest import Ingester, IngestReport
from index.removal import remove_published
from index.storage.history import KEPT_VERSIONS
from index.storage.store import Store
from index.versions import Change, Wording, changes, corrections
from tests.command import run_command
from tests.fakes import DIMENSION, HashEncoder
from tests.stored_rows import snapshot
from tests.test_similarity import RELEASE, SENTENCES

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE = replace(RELEASE, key="hier", url="https://hier.example/1", source="Hier", origin="web:hier.example/1")
THERE = replace(RELEASE, key="dort", url="https://dort.example/7", source="Dort", origin="web:dort.example/7", published=date(2024, 3, 2))
NEARLY = replace(THERE, key="fast", url="https://fast.example/3", origin="web:fast.example/3", text=THERE.text.replace("dankte", "dankt"))
OTHER = replace(THERE, key="anders", origin="web:x.example/1", url="https://x.example/1", text=THERE.text.replace("Pankow", "Lichtenberg"))


@pytest.fixture
def told() -> list[tuple[str, str, str]]:
    return []


@pytest.fixture
def store(tmp_path, told) -> Iterator[Store]:
    def listen(_connection, made):
        told.extend((change.kind, change.before.key if change.before else "", change.after.key if change.after else "") for change in made)

    store = Store(tmp_path / "s.sqlite", listen, NOW.timestamp)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    yield store
    store.close()


def ingest(store: Store, *articles: Article) -> IngestReport:
    return Ingester(store, HashEncoder()).run(articles)


def remove(store: Store, *keys: str) -> int:
    return remove_published(store, HashEncoder(), keys)


def all_articles(store: Store) -> dict[str, list[str]]:
    """Key of each article, with the keys of its further places."""
    found = store.articles(row for row, _version in store.article_versions())
    return {stored.article.key: [key for key, _url in stored.also_at] for stored in found.values()}


def assert_quotable(store: Store) -> None:
    """Every article's passages are those of its present text."""
    for passage in store.passages(store.passage_ids().tolist()).values():
        text = store.articles([passage.article_row])[passage.article_row].article.text
        assert passage.passage.span.end <= len(text) and passage.passage.span.cut(text).strip() == passage.passage.span.cut(text)
    with_passages = {passage.article_row for passage in store.passages(store.passage_ids().tolist()).values()}
    assert with_passages == {row for row, _version in store.article_versions()}


# the same news elsewhere


@pytest.mark.parametrize("batches", [True, False], ids=["in one batch", "one by one"])
def test_the_first_stays_the_article_and_others_are_places(store, told, batches):
    news = (HERE, THERE, NEARLY, OTHER)
    reports = [ingest(store, *news)] if batches else [ingest(store, article) for article in news]
    assert (sum(report.added for report in reports), sum(report.duplicates for report in reports)) == (2, 2)
    assert all_articles(store) == {"hier": ["dort", "fast"], "anders": []}
    assert store.places(store.find_article("hier").row) == [THERE, NEARLY]
    assert told == [("added", "", "hier"), ("added", "", "anders")]  # an alert hears of the news once


def test_a_copy_of_a_place_is_one_with_it_even_where_the_article_is_too_far_away(store):
    copy = replace(NEARLY, key="jahre später", url="https://y.example/1", origin="web:y.example/1", published=date(2026, 3, 2))
    ingest(store, HERE, NEARLY)
    assert ingest(store, copy).duplicates == 1
    assert all_articles(store) == {"hier": ["fast", "jahre später"]}
    assert ingest(store, replace(HERE, tags=("Bürgeramt",))).changed == 1  # and stays so
    assert all_articles(store) == {"hier": ["fast", "jahre später"]}
    assert ingest(store, HERE, NEARLY, copy).added == 0


def test_again_changes_nothing(store):
    news = (HERE, THERE, NEARLY, OTHER)
    ingest(store, *news)
    before = store.state()
    assert ingest(store, *news, *reversed(news)).unchanged == 8
    assert store.state() == before


def test_two_pages_with_one_derived_key_are_an_article_and_its_place(store):
    twin = replace(THERE, key=HERE.key)
    assert ingest(store, HERE, twin).duplicates == 1
    assert ingest(store, HERE, twin).unchanged == 2
    ((key, (place,)),) = all_articles(store).items()
    assert key == "hier" and place.startswith("hier-")


def test_a_page_is_the_same_under_another_headline_and_address_form(store):
    ingest(store, HERE)
    renamed = replace(HERE, key="hier-neu", title="Bürgeramt ist umgezogen", url="http://www.hier.example/1?utm_source=feed")
    assert ingest(store, renamed).changed == 1
    assert all_articles(store) == {"hier": []}
    assert ingest(store, replace(renamed, url="https://hier.example/1")).unchanged == 1


def test_a_place_corrected_so_that_it_says_something_else_becomes_an_article(store):
    ingest(store, HERE, THERE)
    corrected = replace(THERE, text=THERE.text.replace("4. März", "11. März"))
    assert ingest(store, corrected).added == 1
    assert all_articles(store) == {"hier": [], "dort": []}
    assert store.find_article("dort").article == corrected


def test_a_place_corrected_in_little_stays_one_even_under_another_key(store):
    ingest(store, HERE, THERE)
    corrected = replace(THERE, key="dort-neu", text=THERE.text + " Telefon: (030) 90298-2843")
    assert ingest(store, corrected).duplicates == 1
    assert store.places(store.find_article("hier").row) == [corrected]


def test_an_article_corrected_leaves_places_that_did_not_follow(store, told):
    ingest(store, HERE, THERE, NEARLY)
    told.clear()
    assert ingest(store, replace(HERE, text=HERE.text.replace("4. März", "11. März"))).changed == 1
    assert all_articles(store) == {"hier": [], "dort": ["fast"]}
    assert told == [("changed", "hier", "hier"), ("added", "", "dort")]
    assert_quotable(store)


def test_a_teaser_elsewhere_goes_with_its_article(store):
    here, there = (replace(one, text="Das neue Bürgeramt öffnet am Montag.", is_teaser=True) for one in (HERE, THERE))
    assert ingest(store, here, there).duplicates == 1
    assert ingest(store, HERE).changed == 1
    assert all_articles(store) == {"hier": ["dort"]}


# removals


def test_the_first_further_place_takes_over(store, told):
    ingest(store, HERE, NEARLY, replace(THERE, key="zuletzt"))
    row = store.find_article("hier").row
    told.clear()
    assert remove(store, "hier", "nie da") == 1
    stored = store.find_article("fast")
    assert (stored.row, stored.article, all_articles(store)) == (row, NEARLY, {"fast": ["zuletzt"]})
    assert told == [("changed", "hier", "fast")]
    assert store.find_article("hier") is None and store.find_removal("hier").removed_at == NOW
    assert store.former_versions(row) == []  # nothing of what was withdrawn stays
    assert_quotable(store)


def test_a_further_place_that_is_gone_is_no_longer_named(store):
    ingest(store, HERE, THERE)
    assert remove(store, "dort") == 1
    assert all_articles(store) == {"hier": []}
    assert store.find_removal("dort").title == THERE.title


def test_the_last_place_gone_takes_the_article_along(store, told):
    ingest(store, HERE, THERE)
    assert remove(store, "hier", "dort") == 2
    assert all_articles(store) == {} and store.count_passages() == 0
    assert told[-1] == ("removed", "dort", "")


def test_what_is_published_again_is_there_again(store):
    ingest(store, HERE)
    remove(store, "hier")
    assert ingest(store, HERE).added == 1
    assert store.find_removal("hier") is None


# versions


def test_a_correction_keeps_what_was_said_before(store):
    ingest(store, HERE)
    ingest(store, replace(HERE, text=HERE.text.replace("drei Wochen", "vier Wochen")))
    stored = store.find_article("hier")
    (correction,) = corrections(store.former_versions(stored.row), stored)
    assert (stored.version, correction.former.version, correction.former.text, correction.former.replaced_at) == (2, 1, HERE.text, NOW)
    assert correction.changes == (Change(False, SENTENCES[2]), Change(True, SENTENCES[2].replace("drei", "vier")))


@pytest.mark.parametrize("fields", [{"tags": ("Bürgeramt",)}, {"source": "Hier & heute"}], ids=["tags", "source"])
def test_what_a_quote_does_not_show_is_no_new_version(store, fields):
    ingest(store, HERE)
    assert ingest(store, replace(HERE, **fields)).changed == 1
    stored = store.find_article("hier")
    assert (stored.version, stored.article, store.former_versions(stored.row)) == (1, replace(HERE, **fields), [])


def test_only_the_latest_versions_are_kept(store):
    for number in range(KEPT_VERSIONS + 5):
        ingest(store, replace(HERE, title=f"Stand {number}"))
    stored = store.find_article("hier")
    assert [version.version for version in store.former_versions(stored.row)] == list(range(5, KEPT_VERSIONS + 5))
    assert stored.version == KEPT_VERSIONS + 5


def test_changes_name_headline_day_and_sentences():
    old, new = Wording("Alt", "Erstens. Zweitens.", date(2024, 3, 1)), Wording("Neu", "Erstens. Drittens.", date(2024, 3, 1))
    assert changes(old, new) == [Change(False, "Alt"), Change(True, "Neu"), Change(False, "Zweitens."), Change(True, "Drittens.")]
    assert changes(old, old) == []


# whatever happens


def test_however_it_came_about_the_store_is_whole(tmp_path):
    """Random readings, corrections and removals: articles and places stay apart, passages fit, a plain re-reading changes nothing."""
    chance = random.Random(4)
    store = Store(tmp_path / "s.sqlite")
    store.bind_model(HashEncoder.model_id, DIMENSION)
    addresses = ["a", "b", "c", "d"]
    wordings = [RELEASE.text, RELEASE.text.replace("dankte", "dankt"), RELEASE.text.replace("4. März", "11. März"), RELEASE.text.replace("Türen", "Pforten")]
    published: dict[str, Article] = {}
    for _step in range(60):
        name = chance.choice(addresses)
        if name in published and chance.random() < 0.3:
            remove(store, published.pop(name).key)
        else:
            published[name] = replace(RELEASE, key=name, url=f"https://{name}.example", origin=f"web:{name}.example", text=chance.choice(wordings))
            ingest(store, published[name])
        articles = all_articles(store)
        assert sorted([*articles, *(key for keys in articles.values() for key in keys)]) == sorted(article.key for article in published.values())
        assert_quotable(store)
        before = snapshot(store.path)
        assert ingest(store, *published.values()).unchanged == len(published)
        assert snapshot(store.path) == before
    store.close()


# the command line


@pytest.fixture
def home(tmp_path) -> Path:
    store = Store(tmp_path / "amtsfunk.sqlite", now=NOW.timestamp)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    ingest(store, HERE, NEARLY, replace(OTHER, key="weg"))
    ingest(store, replace(HERE, title="Neues Bürgeramt in Pankow öffnet"))
    remove(store, "weg")
    store.close()
    return tmp_path


def test_article_names_its_places_of_publication(home):
    shown = json.loads(run_command(["article", "hier", "--json"], home).out)
    assert shown["places"] == [
        {"article_id": "fast", "url": NEARLY.url, "source": "Dort", "title": NEARLY.title, "published": "2024-03-02"}
    ]
    assert "auch bei: Dort · 02.03.2024 · https://fast.example/3" in run_command(["article", "fast"], home).out


def test_article_versions(home):
    shown = json.loads(run_command(["article", "hier", "--versions", "--json"], home).out)
    assert (shown["article_id"], shown["version"]) == ("hier", 2)
    (version,) = shown["versions"]
    assert (version["version"], version["title"], version["published"]) == (1, "Neues Bürgeramt öffnet", "2024-03-01")
    assert version["changes"] == [{"gone": "Neues Bürgeramt öffnet"}, {"new": "Neues Bürgeramt in Pankow öffnet"}]
    text = run_command(["article", "hier", "--versions"], home).out
    assert "Version 1 → 2, geändert am 25.11.2026" in text and "− Neues Bürgeramt öffnet\n+ Neues Bürgeramt in Pankow öffnet" in text


def test_article_that_is_gone_says_since_when(home):
    gone = run_command(["article", "weg"], home)
    assert gone.code == 1 and "gelöscht am 25.11.2026 (nicht mehr abrufbar)" in gone.err
    as_json = run_command(["article", "weg", "--json"], home)
    assert as_json.code == 1 and json.loads(as_json.out)["removed"].startswith("2026-11-25")


# under a quote


def test_other_sites_are_named_once_each_in_order(store):
    again = replace(THERE, key="dort-2", url="http://www.dort.example/8", origin="web:dort.example/8")
    offline = replace(THERE, key="zuletzt", url="", origin="")
    ingest(store, HERE, THERE, again, NEARLY, offline)
    segments = also_at_segments(store.find_article("hier"))
    assert "".join(segment.text for segment in segments) == " · auch bei: dort.example, fast.example, zuletzt"
    assert [segment.url for segment in segments if segment.url] == ["https://dort.example/7", "https://fast.example/3"]
    ingest(store, OTHER)
    assert also_at_segments(store.find_article("anders")) == []
