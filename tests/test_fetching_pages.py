"""The fetcher on good pages of the news site: next visits, redirects, what is gone, what is said and kept about us."""

import logging
import subprocess
import sys
from dataclasses import replace

import pytest

from index.fetching.fetcher import Fetcher
from index.fetching.outcomes import Failed, Fetched, Gone, NotModified, Validators
from tests.conftest import ROOT
from tests.fetching import OTHER_PUBLIC, PUBLIC, RULES, port_of, public_network
from tests.site.grammar import write_news
from tests.site.network import MadeUpNetwork


def test_a_page_and_its_next_visit(site, fetcher):
    url = site.url + write_news(7).path
    first = fetcher.fetch(url)
    assert isinstance(first, Fetched) and first.url == url and not first.moved_to
    assert write_news(7).paragraphs[2] in first.data.decode() and first.content_type.startswith("text/html")
    assert fetcher.fetch(url, first.validators) == NotModified(url, first.validators)
    assert site.counts("/meldungen/") == {200: 1, 304: 1}


def test_one_connection_serves_many_visits(site):
    network = public_network(site)
    fetcher = Fetcher(RULES, network)
    first = fetcher.fetch("http://blick.example/feed.xml")
    assert isinstance(first, Fetched)
    for _ in range(3):
        assert isinstance(fetcher.fetch("http://blick.example/feed.xml", first.validators), NotModified)
    assert network.connected == [(PUBLIC, 80)]


def test_a_corrected_page_is_fetched_again(site, fetcher):
    url = site.url + write_news(7).path
    first = fetcher.fetch(url)
    site.change(7, "Das ist berichtigt.")
    second = fetcher.fetch(url, first.validators)
    assert isinstance(second, Fetched) and b"Das ist berichtigt." in second.data and second.validators.etag != first.validators.etag


def test_last_modified_alone_is_enough(site, fetcher):
    url = site.url + write_news(8).path
    first = fetcher.fetch(url)
    assert isinstance(first, Fetched)
    again = fetcher.fetch(url, Validators(last_modified=first.validators.last_modified))
    assert again == NotModified(url, first.validators)


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/a;jsessionid=1;v=2?nn=3&x=;y", "/a;jsessionid=1;v=2?nn=3&x=;y"), ("/ä b?q=ü", "/%C3%A4%20b?q=%C3%BC"), ("?p=7", "/?p=7"), ("/a%2Fb", "/a%2Fb")],
)
def test_addresses_are_asked_for_as_they_are(site, fetcher, path, sent):
    fetcher.fetch(site.url + path)
    assert site.asked()[-1].path == sent


@pytest.mark.parametrize("host", ["blick.example:8080", "[2606:2800:220:1::1]", "[2606:2800:220:1::1]:8080"])
def test_the_host_is_named_as_in_the_address(site, host):
    network = MadeUpNetwork({"blick.example": [[PUBLIC]], OTHER_PUBLIC: [[OTHER_PUBLIC]]}, dict.fromkeys([PUBLIC, OTHER_PUBLIC], port_of(site.url)))
    assert isinstance(Fetcher(replace(RULES, allow_private=False), network).fetch(f"http://{host}/"), Fetched)
    assert {request.headers["host"] for request in site.asked()} == {host}


def test_we_say_who_we_are(site, fetcher):
    fetcher.fetch(site.url + "/")
    for request in site.asked():
        assert request.headers["user-agent"] == "Amtsfunk/0.1 (+post@example.org)"
        assert request.headers["accept-encoding"] == "gzip, deflate, br"


@pytest.mark.parametrize("name", ["brotli-page", "raw-deflate"])
def test_all_packings_that_we_accept(site, fetcher, name):
    outcome = fetcher.fetch(f"{site.url}/hostile/{name}")
    assert isinstance(outcome, Fetched) and len(outcome.data) == 65_000 and outcome.data.startswith(b"<p>Viel zu viel")


def test_a_packed_file_is_unpacked(site, fetcher):
    outcome = fetcher.fetch(site.url + "/sitemap-1.xml.gz")
    assert isinstance(outcome, Fetched) and outcome.data.startswith(b"<?xml") and outcome.data.count(b"<loc>") == 250


@pytest.mark.parametrize(
    ("path", "moved"),
    [("/moved/5", "there"), ("/moved-308/5", "there"), ("/for-now/5", ""), ("/moved-for-now/5", "/for-now/5"), ("/for-now-moved/5", "")],
)
def test_permanent_redirects_are_told(site, fetcher, path, moved):
    there = site.url + write_news(5).path
    outcome = fetcher.fetch(site.url + path)
    assert isinstance(outcome, Fetched) and outcome.url == there
    assert outcome.moved_to == (there if moved == "there" else moved and site.url + moved)


def test_a_redirected_page_may_be_unchanged(site, fetcher):
    first = fetcher.fetch(site.url + "/moved/5")
    assert isinstance(first, Fetched)
    again = fetcher.fetch(site.url + "/moved/5", first.validators)
    assert again == NotModified(first.url, first.validators, first.moved_to)


def test_a_deleted_page(site, fetcher):
    site.delete(3, 404)
    url = site.url + write_news(3).path
    assert fetcher.fetch(url) == Gone(url, 404)
    assert fetcher.fetch(site.url + "/hostile/gone") == Gone(site.url + "/hostile/gone", 410)


def test_nothing_secret_is_logged(site, fetcher, caplog):
    with caplog.at_level(logging.DEBUG):
        fetcher.fetch(site.url + "/feed.xml?token=geheim")
        fetcher.fetch("http://nutzer:geheim@blick.example/")
        failed = fetcher.fetch(site.url + "/hostile/error?token=geheim")
    assert "geheim" not in caplog.text and isinstance(failed, Failed) and "geheim" not in failed.reason


def test_the_http_library_is_loaded_with_the_first_visit():
    code = "import sys; from index.fetching.fetcher import Fetcher; Fetcher()\nprint([name for name in ('httpx', 'httpcore', 'protego', 'brotli', 'ssl') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"
