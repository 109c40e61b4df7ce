"""Sources: what is listed, fetched, stored, corrected and removed, on a web without a network."""

import time
from dataclasses import replace
from datetime import date

import pytest

from index.errors import StoreBusyError
from index.fetching.outcomes import Failed, Fetched, Gone, Validators
from index.sources.nouns import Kind, Source
from index.sources.runner import Runner
from index.sources.visiting import MAX_FAILED_IN_A_ROW, Visitor
from index.sources.ways import Limits
from tests.fake_web import feed, overview, page, sitemap, sitemap_index
from tests.source_desk import START, Desk

HOUR, DAY = 3600.0, 86400.0
FEED = "https://blatt.example/feed"
ONE, TWO = "https://blatt.example/meldungen/haushalt-ist-beschlossen", "https://blatt.example/meldungen/register-werden-modern"


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def source(address=FEED, kind=None, **fields):
    return Source("blatt", address, kind, **fields)


# reading


def test_a_feed_of_teasers_gives_the_full_texts_of_its_pages(desk):
    desk.web.pages = {
        FEED: feed((ONE + "?utm_source=rss", "Haushalt ist beschlossen", "2025-03-12"), (TWO, "Register werden modern", "2025-03-11")),
        ONE + "?utm_source=rss": page("Haushalt: Haushalt ist beschlossen"),
        TWO: page("Register werden modern", "2025-03-11", number=7),
    }
    visit = desk.visit(source())
    assert (visit.report.added, visit.report.failed, visit.waiting) == (2, [], 0)
    one, two = desk.articles()
    assert (one.title, one.published, one.source, one.is_teaser) == (
        "Haushalt: Haushalt ist beschlossen",
        date(2025, 3, 12),
        "blatt.example",
        False,
    )
    assert one.origin == "web:blatt.example/meldungen/haushalt-ist-beschlossen" and "steht damit fest" in two.text
    state = desk.states.state("blatt")
    assert (state.kind, state.title, state.last_error, state.last_success) == (Kind.FEED, "Amtsblatt", "", START)
    assert desk.states.count(date(2025, 3, 12), desk.now)["blatt"].articles == 2


def test_a_second_visit_downloads_nothing_and_changes_no_article(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    desk.visit(source())
    before, versions = desk.store.state(), desk.store.article_versions()
    desk.web.downloads, desk.web.asked = 0, []
    visit = desk.visit(source(), is_forced=True)
    assert (desk.web.asked, visit.has_read) == ([FEED], True)
    visit = desk.visit(source(), is_forced=True, later=3 * HOUR)
    assert desk.web.asked == [FEED, FEED, ONE] and visit.report.unchanged == 1
    assert (desk.web.downloads, desk.store.state(), desk.store.article_versions()) == (0, before, versions)


def test_a_name_given_by_the_operator_is_the_articles_source(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    desk.visit(source(name="Das Blatt"))
    assert desk.articles()[0].source == "Das Blatt"


def test_a_full_text_in_the_feed_needs_no_page(desk):
    text = "Der Rat hat den Haushalt beschlossen und das Vorhaben mit allen Ländern abgestimmt. " * 12
    item = f"<item><title>Haushalt</title><link>{ONE}</link><content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>"
    rss = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>B</title>{}</channel></rss>'
    desk.web.pages = {FEED: rss.format(item).encode()}
    desk.visit(source())
    (article,) = desk.articles()
    assert not article.is_teaser and article.text == text.strip() and desk.web.asked == [FEED]
    assert desk.address(ONE).listed.text == ""  # the article has it now
    desk.web.pages[FEED] = rss.format(item.replace("den Haushalt beschlossen", "ihn abgelehnt")).encode()
    assert desk.visit(source(), is_forced=True, later=HOUR).report.changed == 1
    desk.web.pages[ONE] = page("Etwas ganz anderes als im Feed")
    desk.visit(source(), later=DAY)
    assert ONE in desk.web.asked and "abgelehnt" in desk.articles()[0].text


@pytest.mark.parametrize(
    "served",
    [
        Failed(ONE, "Der Server antwortet nicht."),
        page("Bitte Cookies erlauben", head='<meta name="x" content="y">').replace(b"IT-Planungsrat", b"Keks"),
        page("Haushalt ist beschlossen", head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Haushalt ist beschlossen", "isAccessibleForFree": "False"}</script>'),
    ],
    ids=["unreachable", "another page", "paywall"],
)  # fmt: skip
def test_without_the_page_the_teaser_is_kept_and_tried_again(desk, served):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: served}
    desk.visit(source())
    (teaser,) = desk.articles()
    assert teaser.is_teaser and "Haushalt ist beschlossen" in f"{teaser.title} {teaser.text}"
    assert "nicht ganz gelesen" in desk.states.state("blatt").last_error
    desk.web.pages[ONE] = page("Haushalt ist beschlossen")
    visit = desk.visit(source(), later=HOUR)
    (article,) = desk.articles()
    assert (visit.report.changed, article.is_teaser, article.key) == (1, False, teaser.key)


def test_a_page_that_stays_shut_is_tried_a_few_times_only(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: Failed(ONE, "robots.txt verbietet es.", status=403)}
    for _hour in range(24 * 30):
        desk.visit(source(), later=HOUR)
    assert 5 <= desk.web.asked.count(ONE) <= 20
    assert desk.articles()[0].is_teaser


def test_a_correction_replaces_the_article_under_its_key(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    desk.visit(source())
    (first,) = desk.articles()
    desk.web.pages[ONE] = page("Haushalt ist nun doch beschlossen", number=9)
    visit = desk.visit(source(), later=3 * HOUR)
    (second,) = desk.articles()
    assert (visit.report.changed, second.key, second.title) == (1, first.key, "Haushalt ist nun doch beschlossen")


def test_two_articles_of_one_day_and_headline_stay_two(desk):
    desk.web.pages = {FEED: feed((ONE, "Kurz gemeldet", "2025-03-12"), (TWO, "Kurz gemeldet", "2025-03-12"))}
    desk.web.pages |= {ONE: page("Kurz gemeldet", number=1), TWO: page("Kurz gemeldet", number=2)}
    assert desk.visit(source()).report.added == 2 and len({article.key for article in desk.articles()}) == 2


def test_an_address_that_names_another_as_its_own_is_one_article(desk):
    link = f'<link rel="canonical" href="{ONE}">'
    desk.web.pages = {FEED: feed((TWO, "Haushalt ist beschlossen", "2025-03-12"), (ONE, "Haushalt ist beschlossen", "2025-03-12"))}
    desk.web.pages |= {TWO: page("Haushalt ist beschlossen", head=link), ONE: page("Haushalt ist beschlossen")}
    assert desk.visit(source()).report.added == 1
    before = desk.store.state()
    for _day in range(3):
        desk.visit(source(), is_forced=True, later=DAY)
    assert desk.store.state() == before


# deletions and moves


def test_a_page_missed_twice_a_day_apart_leaves_the_store(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    desk.visit(source())
    desk.web.pages[ONE] = Gone(ONE, 404)
    desk.visit(source(), later=3 * HOUR)
    desk.visit(source(), later=2 * HOUR)
    assert len(desk.articles()) == 1
    visit = desk.visit(source(), later=DAY)
    assert (visit.removed, desk.articles()) == (1, [])
    asked = desk.web.asked.count(ONE)
    desk.visit(source(), later=30 * DAY)
    assert desk.web.asked.count(ONE) == asked
    desk.web.pages[FEED] = feed((ONE, "Haushalt ist wieder beschlossen", "2025-03-12"))
    desk.web.pages[ONE] = page("Haushalt ist wieder beschlossen")
    assert desk.visit(source(), later=DAY).report.added == 1


def test_a_page_missed_once_stays(desk):
    desk.web.pages = {FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")), ONE: page("Haushalt ist beschlossen")}
    desk.visit(source())
    for served in (Gone(ONE, 404), page("Haushalt ist beschlossen"), Gone(ONE, 404)):
        desk.web.pages[ONE] = served
        desk.visit(source(), later=2 * DAY)
    assert len(desk.articles()) == 1


def test_permanent_redirects_are_remembered(desk):
    moved, page_moved = "https://neu.example/feed", "https://neu.example/meldungen/haushalt-ist-beschlossen"
    rss = feed((ONE, "Haushalt ist beschlossen", "2025-03-12"))
    desk.web.pages = {
        FEED: Fetched(moved, rss, "", Validators('"1"'), moved),
        ONE: Fetched(page_moved, page("Haushalt ist beschlossen"), "", Validators('"2"'), page_moved),
    }
    desk.visit(source())
    desk.web.pages = {moved: rss, page_moved: page("Haushalt ist beschlossen")}
    desk.visit(source(), later=DAY)
    assert desk.web.asked[2:] == [moved, page_moved]


def test_410_ends_a_source_until_it_is_asked_for(desk):
    desk.web.pages = {FEED: Gone(FEED, 410)}
    visit = desk.visit(source())
    state = desk.states.state("blatt")
    assert state.has_ended and "410" in state.last_error and not visit.has_read
    desk.visit(source(), later=30 * DAY)
    assert desk.web.asked == [FEED]
    desk.web.pages[FEED] = feed()
    desk.visit(source(), is_forced=True)
    assert not desk.states.state("blatt").has_ended


def test_failures_wait_longer_each_time_and_as_long_as_asked(desk):
    desk.web.pages = {FEED: Failed(FEED, "Der Server antwortet nicht.")}
    waits = []
    for _time in range(8):
        desk.visit(source(), is_forced=True)
        waits.append(desk.states.state("blatt").next_visit - desk.now)
    assert 30 <= waits[0] <= 90 and 64 * 60 <= waits[7] <= 192 * 60
    assert desk.states.state("blatt").failures == 8
    desk.web.pages[FEED] = Failed(FEED, "Bitte später.", retry_after_s=3 * DAY)
    desk.visit(source(), is_forced=True)
    assert desk.states.state("blatt").next_visit == desk.now + 3 * DAY


def test_a_server_that_fails_is_left_alone_for_a_while(desk):
    urls = [f"https://blatt.example/meldungen/haushalt-ist-beschlossen-{number}" for number in range(20)]
    desk.web.pages = {FEED: feed(*((url, f"Haushalt {number} beschlossen", "2025-03-12") for number, url in enumerate(urls)))}
    desk.web.pages |= {url: Failed(url, "Zu viele Anfragen.", 7200.0, 429, concerns_server=True) for url in urls}
    desk.visit(source())
    assert len(desk.web.asked) == 1 + MAX_FAILED_IN_A_ROW
    desk.visit(source(), later=HOUR)
    assert not [url for url in desk.web.asked[1 + MAX_FAILED_IN_A_ROW :] if url != FEED]


# other kinds


def test_a_sitemap_index_is_read_with_its_sitemaps_and_once_only(desk):
    index, first, second = (f"https://blatt.example/{name}.xml" for name in ("sitemap", "eins", "zwei"))
    desk.web.pages = {
        index: sitemap_index(first, second, index, "https://fremd.example/sitemap.xml"),
        first: sitemap(ONE, "https://blatt.example/impressum", "https://fremd.example/meldung-aus-der-fremde"),
        second: sitemap_index(index, first, second),
        ONE: page("Haushalt ist beschlossen"),
    }
    assert desk.visit(source(index)).report.added == 1
    assert desk.web.asked == [index, first, second, ONE]
    desk.web.pages[first] = sitemap(ONE, TWO)
    desk.web.pages[TWO] = page("Register werden modern", number=3)
    assert desk.visit(source(index), later=DAY).report.added == 1  # the index is as it was, one of its sitemaps is not


def test_an_overview_gives_the_articles_it_links_to(desk):
    address = "https://blatt.example/presse"
    desk.web.pages = {
        address: overview(
            ("/meldungen/haushalt-ist-beschlossen", "Der Haushalt ist beschlossen"), (TWO, "Register werden nun modern"), ("/impressum", "Impressum und Datenschutz"),
            ("javascript:alert(1)", "Ein Klick, der nirgends hinführt"), ("https://fremd.example/eine-fremde-meldung", "Eine Meldung von anderswo"),
            ("mailto:a@b.de", "Schreiben Sie uns eine Nachricht"), ("/meldungen/haushalt-ist-beschlossen#absatz", "Der Haushalt ist beschlossen"),
            ("/bericht-des-jahres-2024.pdf", "Bericht des Jahres als PDF"),
        ),
        ONE: page("Haushalt ist beschlossen"),
        TWO: page("Register werden modern", number=3),
    }  # fmt: skip
    assert desk.visit(source(address, Kind.OVERVIEW)).report.added == 2
    assert sorted(desk.web.asked) == sorted([address, ONE, TWO])


def test_a_pattern_decides_what_is_an_article(desk):
    address = "https://blatt.example/presse"
    desk.web.pages = {
        address: overview(("/a/1", "kurz"), ("/b/2", "Eine lange Überschrift"), ("https://fremd.example/a/3", "x")),
        "https://blatt.example/a/1": page("Haushalt"),
    }
    assert desk.visit(source(address, pattern="/a/*")).report.added == 1


def test_a_page_is_read_once_and_looked_at_again(desk):
    desk.web.pages = {ONE: page("Haushalt ist beschlossen")}
    assert desk.visit(source(ONE)).report.added == 1
    assert (desk.states.state("blatt").kind, desk.web.asked) == (Kind.PAGE, [ONE])
    visit = desk.visit(source(ONE), is_forced=True)
    assert (visit.report.unchanged, visit.has_read, desk.web.downloads) == (1, True, 1)


def test_a_home_page_leads_to_its_feed(desk):
    home = "https://blatt.example/"
    links = '<link rel="alternate" type="application/rss+xml" href="/comments/feed"><link rel="alternate" type="application/rss+xml" href="/feed">'
    desk.web.pages = {
        home: page("Das Blatt", head=links),
        FEED: feed((ONE, "Haushalt ist beschlossen", "2025-03-12")),
        ONE: page("Haushalt ist beschlossen"),
    }
    assert desk.visit(source(home)).report.added == 1
    desk.visit(source(home), later=DAY)
    assert desk.web.asked.count(home) == 1 and desk.states.state("blatt").moved_to == FEED


def test_a_folder_is_read_again_only_if_a_file_changed(desk, tmp_path):
    folder = tmp_path / "artikel"
    folder.mkdir()
    (folder / "a.md").write_text("# Titel\n\nBremen startet ELFE.\n")
    assert desk.visit(source(str(folder))).report.added == 1
    assert desk.visit(source(str(folder)), is_forced=True).report.read == 0
    (folder / "b.md").write_text("# Zwei\n\nHamburg folgt Bremen.\n")
    assert desk.visit(source(str(folder)), later=DAY).report.added == 1
    missing = desk.visit(replace(source(str(tmp_path / "fehlt")), key="fehlt"))
    assert missing.report.failed and not missing.has_read


# odd and hostile input


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
        Visitor(broken).visit(source())
    assert desk.visit(source(), later=1).report.added == 1


def test_a_stop_ends_a_visit_and_loses_nothing(desk):
    urls = [f"https://blatt.example/meldungen/haushalt-nummer-{number}" for number in range(30)]
    desk.web.pages = {FEED: feed(*((url, f"Haushalt Nummer {number}", "2025-03-12") for number, url in enumerate(urls)))}
    desk.web.pages |= {url: page(f"Haushalt Nummer {number}", number=number) for number, url in enumerate(urls)}
    Visitor(desk.ways).visit(source(), is_stopped=lambda: len(desk.web.asked) > 5)
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
