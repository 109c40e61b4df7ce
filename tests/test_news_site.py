"""From a real site to the store: everything between a news site process and the database, without the language model.

The whole site is read once; each test goes on with a copy of that store.
"""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.articles import Article
from index.fetching.fetcher import Fetcher, FetchRules
from index.fetching.outcomes import Outcome, Validators
from index.sources.nouns import Kind, Source
from index.sources.runner import Runner
from index.sources.ways import Limits, Visit
from tests.site.client import NewsSite
from tests.site.grammar import ARTICLES, News, write_news
from tests.site.network import LoopbackNetwork
from tests.site.server import TROUBLES
from tests.source_desk import Desk

RULES = FetchRules(contact="post@example.org", max_bytes=2_000_000, pace_s=0.0, per_host=8, allow_private=True)
HASTY = replace(RULES, read_s=1.5, total_s=3.0)  # so that what never ends is cut off soon
START = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
ALL_DUE_S = 61 * DAY_S  # by then every page is looked at again, however old
TO_THE_END = Limits(pages=1_000_000, seconds=float("inf"))


class SiteFetcher:
    """The real fetcher; short of patience with hostile pages only, as on a busy machine good ones may be slow, too."""

    def __init__(self) -> None:
        self._patient, self._hasty = Fetcher(RULES, LoopbackNetwork()), Fetcher(HASTY, LoopbackNetwork())

    def fetch(self, url: str, validators: Validators = Validators()) -> Outcome:
        return (self._hasty if "/hostile/" in url else self._patient).fetch(url, validators)

    def close(self) -> None:
        self._patient.close()
        self._hasty.close()


class Reader(Desk):
    """A store and its sources, read from a site."""

    def __init__(self, site: NewsSite, folder: Path) -> None:
        super().__init__(folder, SiteFetcher())
        self.site, self.database, self.now = site, folder / "db.sqlite", START

    def close(self) -> None:
        self.web.close()
        super().close()

    def read(self, path: str, later: float = 0.0, kind: Kind | None = None) -> Visit:
        """Read a source of the site to the end."""
        return self.visit(self.source(path, kind), TO_THE_END, is_forced=True, later=later)

    def source(self, path: str, kind: Kind | None = None, base: str = "") -> Source:
        return Source(path, (base or self.site.url) + path, kind)

    def article(self, news: News) -> Article | None:
        """What is stored of an article of the site."""
        return self.stored().get(news.path)

    def stored(self) -> dict[str, Article]:
        """Stored articles by path."""
        return {article.url.removeprefix(self.site.url): article for article in self.articles()}

    def rows(self) -> dict[str, Counter]:
        """All rows of all tables, but for when sources and addresses were visited."""
        with closing(sqlite3.connect(self.database)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: Counter(connection.execute(f'SELECT * FROM "{name}"')) for name in names if not name.startswith("source_")}


@pytest.fixture(scope="module")
def read_once(site_process, tmp_path_factory) -> Path:
    """A database into which the whole site was read."""
    site_process.reset()
    reader = Reader(site_process, tmp_path_factory.mktemp("site"))
    visit = reader.read("/sitemap-index.xml")
    assert (visit.report.added, visit.report.failed, visit.waiting) == (ARTICLES, [], 0)
    assert site_process.counts("/meldungen/") == {200: ARTICLES}
    reader.close()
    return reader.database


@pytest.fixture
def open_reader(site, tmp_path):
    """Makes readers of the site that are closed after the test."""
    opened: list[Reader] = []

    def open_one() -> Reader:
        opened.append(Reader(site, tmp_path))
        return opened[-1]

    yield open_one
    for reader in opened:
        reader.close()


@pytest.fixture
def reader(site, read_once, tmp_path):
    """The site as read once, to go on with."""
    with closing(sqlite3.connect(read_once)) as source, closing(sqlite3.connect(tmp_path / "db.sqlite")) as target:
        source.backup(target)
    reader = Reader(site, tmp_path)
    yield reader
    reader.close()


def test_every_article_is_stored_whole_once_and_dated(reader):
    stored = reader.stored()
    assert len(stored) == ARTICLES
    for news in reader.site.articles():
        article = stored[news.path]
        assert (article.title, article.published, article.source) == (f"{news.kicker}: {news.title}", news.published, "Rathausblick")
        assert article.text == news.text and not article.is_teaser


def test_the_second_run_downloads_nothing_and_changes_no_row(reader):
    before = reader.rows()
    visit = reader.read("/sitemap-index.xml", later=ALL_DUE_S)
    assert (visit.report.unchanged, visit.report.added, visit.report.changed, visit.report.failed) == (ARTICLES, 0, 0, [])
    assert reader.site.counts("/meldungen/") == {304: ARTICLES} and reader.site.counts("/sitemap") == {304: 3}
    assert before["article"].total() == ARTICLES and reader.rows() == before


def test_the_same_news_from_other_lists_are_no_new_ones(reader):
    before = reader.rows()
    for path in ("/feed.xml", "/meldungen/", "/"):
        reader.read(path)
    assert reader.rows()["article"] == before["article"] and len(reader.stored()) == ARTICLES


@pytest.mark.parametrize(
    ("path", "kind", "count"),
    [
        ("/feed.xml", Kind.FEED, 20),
        ("/atom.xml", Kind.FEED, 20),
        ("/feed.json", Kind.FEED, 20),
        ("/", Kind.FEED, 20),
        ("/old-feed.xml", Kind.FEED, 20),
        ("/meldungen/", Kind.FEED, 20),
        (write_news(44).path, Kind.PAGE, 1),
    ],
)
def test_what_lies_at_an_address_is_found_out(open_reader, path, kind, count):
    reader = open_reader()
    visit = reader.read(path)
    assert (visit.report.added, visit.report.failed, reader.states.state(path).kind) == (count, [], kind)
    expected = [write_news(44)] if count == 1 else [write_news(number) for number in range(ARTICLES - count, ARTICLES)]
    assert {news.path for news in expected} == set(reader.stored())


def test_an_overview_gives_the_articles_that_it_links_to(open_reader):
    reader = open_reader()
    assert reader.read("/meldungen/", kind=Kind.OVERVIEW).report.added == 30


def test_a_moved_feed_is_asked_for_at_its_new_address(open_reader):
    reader = open_reader()
    reader.read("/old-feed.xml")
    reader.site.forget()
    reader.read("/old-feed.xml", later=DAY_S)
    assert [request.path for request in reader.site.asked() if "feed" in request.path] == ["/feed.xml"]


def test_a_corrected_article_is_replaced(reader):
    news = write_news(321)
    reader.site.change(321, "Berichtigung: Der Betrag lautet 4,2 Millionen Euro.")
    visit = reader.read("/sitemap-index.xml", later=ALL_DUE_S)
    assert (visit.report.changed, visit.report.added, visit.report.unchanged) == (1, 0, ARTICLES - 1)
    assert reader.site.counts("/meldungen/") == {200: 1, 304: ARTICLES - 1}
    corrected = reader.article(news)
    assert corrected and "4,2 Millionen" in corrected.text and news.paragraphs[1] not in corrected.text
    assert len(reader.stored()) == ARTICLES


@pytest.mark.parametrize("status", [404, 410])
def test_a_vanished_article_leaves_the_store_when_it_was_missed_twice(reader, status):
    news = write_news(123)
    reader.site.delete(123, status)
    assert reader.read("/sitemap-index.xml", later=ALL_DUE_S).removed == 0 and reader.article(news)
    assert reader.read("/sitemap-index.xml", later=DAY_S / 2).removed == 0 and reader.article(news)
    assert reader.read("/sitemap-index.xml", later=DAY_S).removed == 1 and reader.article(news) is None
    assert len(reader.stored()) == ARTICLES - 1


def test_an_article_that_was_away_for_a_moment_stays(reader):
    reader.site.delete(123)
    reader.read("/sitemap-index.xml", later=ALL_DUE_S)
    reader.site.publish(123)
    reader.read("/sitemap-index.xml", later=DAY_S)
    assert reader.read("/sitemap-index.xml", later=ALL_DUE_S).removed == 0 and reader.article(write_news(123))


def test_the_same_news_on_another_site_is_a_further_place_of_one_article(open_reader):
    reader = open_reader()
    reader.read("/feed.xml")
    visit = reader.visit(reader.source("/atom.xml", base=reader.site.other_url), TO_THE_END)
    assert (visit.report.added, visit.report.duplicates, visit.report.failed) == (0, 20, [])
    stored = reader.store.articles(reader.store.newest_rows(100)).values()
    assert len(stored) == 20 and all(len(article.also_at) == 1 for article in stored)


def test_news_that_another_site_still_publishes_stays(open_reader):
    reader, news = open_reader(), write_news(ARTICLES - 1)
    elsewhere = reader.source("/atom.xml", base=reader.site.other_url)
    reader.read("/feed.xml")
    reader.visit(elsewhere, TO_THE_END)
    reader.site.delete(news.number, base=reader.site.url)
    for later in (ALL_DUE_S, DAY_S):
        reader.read("/feed.xml", later=later)
    (found,) = [article for article in reader.articles() if article.title.endswith(news.title)]
    assert found.url == reader.site.other_url + news.path and len(reader.articles()) == 20
    reader.site.delete(news.number, base=reader.site.other_url)
    removed = [reader.visit(elsewhere, TO_THE_END, is_forced=True, later=later).removed for later in (ALL_DUE_S, DAY_S)]
    assert removed == [0, 1] and len(reader.articles()) == 19


def test_a_new_article_is_there_after_the_next_visit(reader):
    reader.read("/feed.xml")
    news = reader.site.publish(ARTICLES)
    reader.site.forget()
    assert reader.read("/feed.xml", later=600).report.added == 1 and reader.article(news)
    assert reader.site.counts("/meldungen/")[200] == 1


def test_410_ends_a_source(open_reader):
    reader = open_reader()
    reader.read("/hostile/gone")
    assert reader.states.state("/hostile/gone").has_ended


# trouble


def test_pages_in_trouble_harm_no_other_entry_of_their_feed(open_reader):
    reader = open_reader()
    visit = reader.read("/mixed.xml")
    paths, stored = reader.site.counts("/meldungen/"), reader.stored()
    good = [news for news in reader.site.articles() if news.path in stored]
    assert len(good) == paths[200] == len(TROUBLES)
    assert all(stored[news.path].text.startswith(news.paragraphs[0]) for news in good)
    assert len(visit.report.failed) > 30 and all(failure.error.endswith(".") for failure in visit.report.failed)


def test_sources_in_trouble_harm_no_other_source(open_reader, tmp_path):
    reader = open_reader()
    bad = [reader.source(f"/hostile/{name}", base=reader.site.other_url) for name in TROUBLES]
    good = [reader.source("/feed.xml"), reader.source("/sitemap-1.xml.gz", Kind.SITEMAP)]
    visits = Runner(reader.ways, lambda: [*bad, *good], tmp_path / "lock").pass_once()
    states = reader.states.states()
    assert len(visits) == len(bad) + len(good)
    assert all(states[source.key].last_success and not states[source.key].last_error for source in good)
    without_error = {source.key for source in bad if not states[source.key].last_error}
    assert without_error == {"/hostile/cookie", "/hostile/wrong-charset"}, states["/hostile/cookie"]  # odd, but can be read
    assert all(states[source.key].last_error.endswith(".") for source in bad if source.key not in without_error)


def test_a_pause_that_a_server_asks_for_is_the_sources_pause(open_reader):
    reader = open_reader()
    reader.read("/hostile/unavailable")
    state = reader.states.state("/hostile/unavailable")
    assert "nicht verfügbar (503)" in state.last_error and state.next_visit - reader.now > 100


def test_a_page_in_another_encoding_than_it_says(open_reader):
    reader = open_reader()
    reader.read("/hostile/wrong-charset", kind=Kind.PAGE)
    (article,) = reader.stored().values()
    assert article.title == "Größe „amtlich“ geprüft" and "müssen Behörden Maße prüfen – für 5 €." in article.text
