"""Sources in trouble: odd and hostile lists, limits, stops, what a broken source costs."""

import time
from dataclasses import replace

import pytest

from index.errors import StoreBusyError
from index.fetching.outcomes import Failed
from index.sources.runner import Runner
from index.sources.visiting import SourceVisitor
from index.sources.ways import Limits
from tests.fake_web import feed, overview, page, sitemap
from tests.source_desk import DAY, FEED, ONE, TWO, Desk, source


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.close()

def test_entries_without_link_and_with_odd_links(desk):
    rss = feed(
        ("", "Ohne Verweis", "2025-03-12"),
        ("javascript:alert(1)", "Mit Skript", "2025-03-12"),
        ("/meldungen/haushalt-ist-beschlossen", "Haushalt", "2025-03-12"),
    )
    desk.web.pages = {FEED: rss, ONE: page("Haushalt ist beschlossen")}
    desk.visit(source())
    titles = {article.title: article for article in desk.articles()}
    assert set(titles) == {"Ohne Verweis", "Mit Skript", "Haushalt ist beschlossen"}
    assert titles["Mit Skript"].url == "" and titles["Ohne Verweis"].is_teaser
    before = desk.store.state()
    desk.visit(source(), is_forced=True, later=DAY)
    assert desk.store.state() == before and len(desk.articles()) == 3


def test_a_feed_of_a_hundred_thousand_entries_is_read_in_part(desk):
    entry = b"<item><title>Meldung</title><link>https://blatt.example/meldung-%d</link></item>"
    body = b"".join(entry % number for number in range(100_000))
    desk.web.pages = {FEED: b"<rss version='2.0'><channel><title>B</title>" + body + b"</channel></rss>"}
    desk.web.pages |= {f"https://blatt.example/meldung-{number}": Failed("x", "kaputt") for number in range(2000)}
    started = time.monotonic()
    desk.visit(source())
    assert time.monotonic() - started < 20
    assert len(desk.states.digests("blatt")) == 2000


def test_an_overview_of_ten_thousand_links_is_read_in_part(desk):
    address = "https://blatt.example/presse"
    links = [(f"/meldung-nummer-{number}-von-heute", f"Die Meldung Nummer {number} von heute") for number in range(10_000)]
    desk.web.pages = {address: overview(*links)} | {
        f"https://blatt.example{url}": Failed("x", "kaputt", status=500) for url, _text in links
    }
    desk.visit(source(address))
    assert len(desk.states.digests("blatt")) == 300 and desk.states.state("blatt").last_error


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"%PDF-1.7 Feed",
        b"<rss",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": 7}',
        b'<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel>&b;</channel></rss>',
        b"<urlset" + b"<url>" * 10_000,
        b"<html>" + b"<div>" * 20_000,
    ],
)
def test_what_cannot_be_read_is_named_and_harms_nothing(desk, data):
    desk.web.pages = {FEED: data}
    visit = desk.visit(source())
    assert visit.report.failed or desk.states.state("blatt").last_error == ""
    assert desk.articles() == [] and desk.states.state("blatt").next_visit > desk.now


def test_a_page_of_another_kind_is_no_article(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt", "2025-03-12")), ONE: b"%PDF-1.7"}
    desk.web.content_types[ONE] = "application/pdf"
    desk.visit(source())
    assert "application/pdf" in desk.states.state("blatt").last_error and desk.articles()[0].is_teaser


def test_a_page_that_says_it_is_not_there_is_no_article(desk):
    index = "https://blatt.example/sitemap.xml"
    desk.web.pages = {index: sitemap(ONE, TWO), ONE: page("Seite nicht gefunden"), TWO: page("404 – Fehler")}
    assert desk.visit(source(index)).report.added == 0 and desk.articles() == []


# limits, stops, the runner


def test_a_visit_reads_so_many_pages_and_the_next_the_rest(desk):
    urls = [f"https://blatt.example/meldungen/haushalt-nummer-{number}" for number in range(30)]
    desk.web.pages = {FEED: feed(*((url, f"Haushalt Nummer {number}", "2025-03-12") for number, url in enumerate(urls)))}
    desk.web.pages |= {url: page(f"Haushalt Nummer {number}", number=number) for number, url in enumerate(urls)}
    first = desk.visit(source(), Limits(pages=10))
    second = desk.visit(source())
    assert (first.report.added, first.waiting, second.report.added, second.waiting) == (10, 20, 20, 0)
    assert len(set(desk.web.asked)) == len(desk.web.asked) == 31


def test_what_was_listed_is_read_even_if_the_first_visit_was_broken_off(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    broken = replace(desk.ways, ingest=lambda _articles: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        SourceVisitor(broken).visit(source())
    assert desk.visit(source(), later=1).report.added == 1


def test_a_stop_ends_a_visit_and_loses_nothing(desk):
    urls = [f"https://blatt.example/meldungen/haushalt-nummer-{number}" for number in range(30)]
    desk.web.pages = {FEED: feed(*((url, f"Haushalt Nummer {number}", "2025-03-12") for number, url in enumerate(urls)))}
    desk.web.pages |= {url: page(f"Haushalt Nummer {number}", number=number) for number, url in enumerate(urls)}
    SourceVisitor(desk.ways).visit(source(), is_stopped=lambda: len(desk.web.asked) > 5)
    assert 0 < len(desk.articles()) < 10
    desk.visit(source())
    assert len(desk.articles()) == 30 and len(desk.web.asked) == 31


def runner(desk, tmp_path, *sources):
    return Runner(desk.ways, lambda: sources, tmp_path / "reading.lock")


def test_a_broken_source_costs_only_itself(desk, tmp_path):
    other = replace(source("https://zwei.example/feed"), key="zwei")
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    reading = runner(desk, tmp_path, other, source(), replace(source("https://drei.example"), key="aus", is_on=False))
    visits = reading.pass_once()  # the other one's address is unknown to the web: its fetch raises
    assert sorted((visit.report.added, len(visit.report.failed)) for visit in visits) == [(0, 1), (1, 0)]
    state = desk.states.state("zwei")
    assert "Unerwarteter Fehler (KeyError" in state.last_error and state.next_visit > desk.now
    assert reading.due_sources() == [] and reading.pass_once() == []


def test_only_one_process_reads_and_the_other_waits(desk, tmp_path):
    from filelock import FileLock

    desk.web.pages = {FEED: feed()}
    reading = runner(desk, tmp_path, source())
    lock = FileLock(tmp_path / "reading.lock", thread_local=False)
    with lock:
        reading.stop()
        assert reading.pass_once() == [] and desk.web.asked == []


def test_a_database_in_use_is_waited_for(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("index.sources.runner.STORE_AGAIN_S", 0.01)
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    refused = []

    def ingest(articles):
        if len(refused) < 2:
            refused.append(1)
            raise StoreBusyError("besetzt")
        return desk.ingest(articles)

    reading = Runner(replace(desk.ways, ingest=ingest), lambda: [source()], tmp_path / "reading.lock")
    (visit,) = reading.pass_once()
    assert visit.report.added == 1 and desk.web.asked == [FEED, ONE]
