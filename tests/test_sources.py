"""Sources: what is listed, fetched, stored, corrected and removed, on a web without a network."""

from dataclasses import replace
from datetime import date

import pytest

from index.fetching.outcomes import Failed, Fetched, Gone, Validators
from index.sources.nouns import Kind
from index.sources.visiting import MAX_FAILED_IN_A_ROW
from tests.fake_web import feed, overview, page, sitemap, sitemap_index
from tests.source_desk import DAY, FEED, HOUR, ONE, START, TWO, Desk, source


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.close()

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
