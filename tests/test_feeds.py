"""Feeds, sitemaps and addresses: real ones, broken ones, hostile ones."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.addresses import absolute_address, canonical_address
from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import clean_text
from index.reading.feed import Feed, is_feed, parse_feed, parse_feed_date
from index.reading.html_text import decode_html, html_to_text
from index.reading.inputs import ReadFailure, read_inputs
from index.reading.sitemap import is_sitemap, parse_sitemap
from index.reading.xml_safety import without_declarations
from tests.conftest import SHARED

FEEDS = SHARED / "data" / "feeds"
FEED_FILES = sorted(path for path in FEEDS.rglob("*") if path.is_file())
TODAY = date(2026, 11, 1)
BOMB = b"""<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]>"""

RSS = """<rss version="2.0"><channel><title>Blatt</title><item><title>ELFE &amp;amp; FITKO</title><link>/meldung/1?utm_source=rss</link>
<pubDate>{day}</pubDate><description>&lt;p&gt;Erster&lt;/p&gt;&lt;p&gt;Zweiter&lt;/p&gt;</description><category>OZG</category></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Blatt</title><entry><title>ELFE</title><link href="https://example.org/1"/>
<updated>2025-03-12T23:30:00Z</updated><summary>Text</summary></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>Blatt</title></channel>
<item><title>ELFE</title><link>https://example.org/1</link></item></rdf:RDF>"""
OLD = '<rss version="0.91"><channel><title>Blatt</title><item><title>ELFE</title><link>https://example.org/1</link></item></channel></rss>'
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Blatt",
    "items": [{"id": "1", "url": "https://example.org/1", "title": "ELFE", "content_html": "<p>Eins</p>", "date_published": "2025-03-12T08:00:00Z"}],
}


def read(text: str, today: date = TODAY) -> Feed:
    return parse_feed(text.encode(), "https://example.org/feed", today=today)


@pytest.mark.skipif(not FEED_FILES, reason="the feeds are not here: ../shared is absent")
@pytest.mark.parametrize("path", FEED_FILES, ids=lambda path: path.name)
def test_every_collected_feed_is_read_or_refused_in_words(path):
    try:
        feed = parse_feed(path.read_bytes(), "https://example.org/feed", today=TODAY)
    except InputError as error:
        assert path.parent != FEEDS and str(error).endswith(".")
        return
    for entry in feed.entries:
        assert entry.title and clean_text(entry.text) == entry.text
        assert entry.published is None or date(1995, 1, 1) <= entry.published <= date(2026, 11, 3)
    if path.parent == FEEDS:
        assert is_feed(path.read_bytes()) and feed.title and feed.entries
        assert all(entry.url.startswith("http") for entry in feed.entries)


@pytest.mark.parametrize("text", [ATOM, RDF, OLD, json.dumps(JSON_FEED)], ids=["atom", "rdf", "0.91", "json"])
def test_every_format_gives_title_and_link(text):
    (entry,) = read(text).entries
    assert (entry.title, entry.url) == ("ELFE", "https://example.org/1")
    assert is_feed(text.encode())


def test_an_entry_is_read_whole():
    (entry,) = read(RSS.format(day="Wed, 12 Mar 2025 10:00:00 +0100")).entries
    assert entry.url == "https://example.org/meldung/1?utm_source=rss"
    assert (entry.title, entry.text, entry.tags) == ("ELFE & FITKO", "Erster\n\nZweiter", ("OZG",))
    assert entry.published == date(2025, 3, 12) and not entry.has_full_text


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("Wed, 12 Mar 2025 23:30:00 +0000", date(2025, 3, 13)),  # already the next day in Germany
        ("Mi, 12 Mär 2025 10:00:00 MEZ", date(2025, 3, 12)),
        ("Do, 1 Mai 2025 00:10:00 MESZ", date(2025, 5, 1)),
        ("Mi, 12 Feb 2025 10:00:00 +0100", date(2025, 2, 12)),
        ("12. März 2025", date(2025, 3, 12)),
        ("Mittwoch, 12. März 2025", date(2025, 3, 12)),
        ("12.03.2025 08:00", date(2025, 3, 12)),
        ("2025-03-12", date(2025, 3, 12)),
        ("Fri, 19 Aug 2035 15:36:00 +0200", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("demnächst", None),
    ],
)
def test_dates_of_entries(day, expected):
    assert read(RSS.format(day=day)).entries[0].published == expected


@given(st.text(max_size=60))
def test_any_text_is_a_day_or_none(text):
    found = parse_feed_date(text, TODAY)
    assert found is None or found.year >= 1995


@pytest.mark.parametrize("text", ["", "<html><p>Guten Tag</p></html>", "{", '{"items": 7', "[]", "\0\0\0"])
def test_what_is_no_feed_is_refused(text):
    with pytest.raises(InputError, match="kein"):
        read(text)


def test_entities_of_a_bomb_are_not_expanded():
    body = b"<rss version='2.0'><channel><title>B</title><item><title>x &d; y &e;</title><link>https://example.org/1</link></item></channel></rss>"
    (entry,) = parse_feed(BOMB + body, "https://example.org/").entries
    assert len(entry.title) < 100 and "root:" not in entry.title
    sitemap = BOMB + b"<urlset><url><loc>https://example.org/&d;</loc></url><url><loc>https://example.org/2</loc></url></urlset>"
    assert all(len(page.url) < 100 for page in parse_sitemap(sitemap).pages)
    assert b"ENTITY" not in without_declarations(("\ufeff" + BOMB.decode()).encode("utf-16-le"))


# sitemaps


def test_sitemaps_of_every_kind():
    news = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
    <loc>https://example.org/1</loc><lastmod>2025-03-13</lastmod><news:news><news:publication_date>2025-03-12T08:00:00+01:00</news:publication_date>
    <news:title>ELFE</news:title></news:news></url></urlset>"""
    (page,) = parse_sitemap(news.encode(), today=TODAY).pages
    assert (page.url, page.changed, page.published, page.title) == ("https://example.org/1", "2025-03-13", date(2025, 3, 12), "ELFE")
    index = b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap><sitemap><loc>https://example.org/s2.xml.gz</loc></sitemap></sitemapindex>"
    assert parse_sitemap(index, "https://example.org/").sitemaps == ("https://example.org/s1.xml", "https://example.org/s2.xml.gz")
    assert parse_sitemap(gzip.compress(news.encode()), today=TODAY).pages == (page,)
    assert [page.url for page in parse_sitemap(b"https://example.org/1\nhttps://example.org/2\n").pages][1] == "https://example.org/2"
    assert is_sitemap(news.encode()) and is_sitemap(index) and not is_sitemap(ATOM.encode())


@pytest.mark.parametrize("data", [b"<html></html>", b"<", b"\x1f\x8bkaputt", gzip.compress(b"<!-- " + bytes(60 << 20))])
def test_no_sitemaps_are_refused(data):
    with pytest.raises(InputError):
        parse_sitemap(data)


# addresses


@pytest.mark.parametrize(
    "variants",
    [
        ["https://www.example.org/meldung/1", "http://example.org/meldung/1/", "https://example.org/meldung/1?utm_source=x&wt_mc=rss#oben"],
        ["https://example.org/meldung/1", "https://example.org/meldung/1/amp/", "https://amp.example.org/meldung/1", "https://m.example.org/meldung/1"],
        ["https://example.org/meldung/1", "https://example.org/meldung/1/druckversion", "https://example.org/meldung/1?view=print"],
        ["https://example.org/x.html?id=3&p=1", "https://EXAMPLE.org:443/x.html?p=1&id=3&fbclid=abc"],
        ["https://example.org/straße", "https://example.org/stra%C3%9Fe", "https://example.org/stra%c3%9fe/index.html"],
    ],
)
def test_variants_of_an_address_are_one(variants):
    assert len({canonical_address(url) for url in variants}) == 1 and canonical_address(variants[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.kommune21.de/?p=125171", "https://www.kommune21.de/?p=125172"),
        ("https://example.org/meldung?id=1", "https://example.org/meldung?id=2"),
        ("https://example.org/a", "https://example.org:8080/a"),
        ("https://a.example.org/x", "https://b.example.org/x"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/Druckerei", "https://example.org/"),
    ],
)
def test_other_pages_stay_others(one, other):
    assert canonical_address(one) != canonical_address(other)


@given(st.text(max_size=80))
def test_a_canonical_address_is_its_own(text):
    name = canonical_address(f"https://example.org/{text}")
    assert not name or canonical_address(f"https://{name}") == name


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@example.org", "file:///etc/passwd", "ftp://example.org/", "http://[::1", ""])
def test_only_web_addresses_are_links(link):
    assert absolute_address("" if not link else "https://example.org/", link) == ""


# text and encodings


@pytest.mark.parametrize(
    ("data", "header"),
    [
        ("Größe – „gut“".encode(), ""),
        ("Größe – „gut“".encode(), "text/html; charset=iso-8859-1"),
        ("Größe – „gut“".encode("cp1252"), "text/html; charset=iso-8859-1"),
        ("Größe – „gut“".encode("cp1252"), "text/html; charset=utf-8"),
        ("Größe – „gut“".encode("cp1252"), ""),
        ("Größe – „gut“".encode("utf-16"), ""),
        ('<meta charset="windows-1252">Größe – „gut“'.encode("cp1252"), ""),
    ],
)
def test_encodings_as_they_are_not_as_they_are_called(data, header):
    assert html_to_text(decode_html(data, header)) == "Größe – „gut“"


def test_html_becomes_paragraphs():
    assert html_to_text("<div>Eins<p>Zwei<br>drei</p><ul><li>A</li><li>B</li></ul><script>x()</script></div>") == "Eins\n\nZwei\ndrei\n\n- A\n\n- B"
    assert html_to_text("Förder\u00adprogramm &amp; mehr") == "Förderprogramm & mehr"
    assert html_to_text("<div>" * 5000 + "tief") == "tief"


# as files


def test_feeds_and_pages_are_read_from_files(tmp_path):
    (tmp_path / "feed.xml").write_text(RSS.format(day="2025-03-12"))
    (tmp_path / "seite.html").write_text(f"<html><body><h1>FITKO startet</h1><p>{'Die FITKO hat ihre Arbeit aufgenommen. ' * 4}</p></body></html>")
    (tmp_path / "leer.html").write_text("")
    (tmp_path / "kein-feed.xml").write_text("<html><p>Guten Tag</p></html>")
    items = list(read_inputs([str(tmp_path)], today=TODAY))
    feed, page = (item for item in items if isinstance(item, Article))
    assert (feed.title, feed.is_teaser, feed.published) == ("ELFE & FITKO", True, date(2025, 3, 12))
    assert (page.title, page.is_teaser, page.origin) == ("FITKO startet", False, str(tmp_path / "seite.html"))
    assert sorted(item.input.rpartition("/")[2] for item in items if isinstance(item, ReadFailure)) == ["kein-feed.xml", "leer.html"]
