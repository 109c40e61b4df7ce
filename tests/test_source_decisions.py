"""What is decided about sources without acting: when to visit, what an address is, which links are articles, which sources there are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ConfigurationError, InputError
from index.fetching.outcomes import Fetched, Validators
from index.sources.definitions import find_source, free_key, make_source_key, merge_sources, read_sources, shipped_sources
from index.sources.detection import detect
from index.sources.listings import looks_like_article, matches_pattern
from index.sources.nouns import Kind, Place, Source, SourceState
from index.sources.runner import is_due
from index.sources.schedule import (
    DAY_S,
    FIRST_CHECK_S,
    HOUR_S,
    LAST_CHECK_S,
    LONGEST_S,
    MAX_TRIES,
    SHORTEST_S,
    is_gone_for_good,
    publishing_interval_s,
    recheck_after_s,
    retry_after_s,
)
from tests.fake_web import feed, overview, page, sitemap

TODAY = date(2025, 3, 12)


# when


@pytest.mark.parametrize(
    ("per_day", "expected"),
    [(0, LONGEST_S), (1, HOUR_S), (3, 20 * 60), (24, SHORTEST_S), (150, SHORTEST_S)],
)  # fmt: skip
def test_a_source_is_visited_as_often_as_it_publishes(per_day, expected):
    days = [TODAY - timedelta(days=day) for day in range(14) for _article in range(per_day)]
    assert publishing_interval_s(days, TODAY) == expected


def test_old_and_future_entries_do_not_count():
    assert publishing_interval_s([date(2015, 1, 1)] * 100 + [date(2035, 1, 1)] * 100, TODAY) == LONGEST_S


def test_pages_are_looked_at_often_while_new_and_rarely_later():
    checks, age = [], 0.0
    while age < 365 * DAY_S:
        age += recheck_after_s(age)
        checks.append(age)
    assert sum(check <= DAY_S for check in checks) >= 8
    assert sum(check <= 14 * DAY_S for check in checks) <= 25 and len(checks) <= 40


@given(st.floats(0, 1e10))
def test_checks_have_bounds(age):
    assert FIRST_CHECK_S <= recheck_after_s(age) <= LAST_CHECK_S


def test_retries_end():
    waits = [retry_after_s(tries) for tries in range(1, MAX_TRIES + 2)]
    assert waits[:2] == [900, 3600] and waits[-2:] == [None, None]


@pytest.mark.parametrize(("since", "expected"), [(None, False), (0.0, False), (DAY_S, False), (DAY_S + 1, True)])
def test_gone_for_good(since, expected):
    now = 2 * DAY_S + 1
    assert is_gone_for_good(None if since is None else now - since, now) == (expected or since == DAY_S)


@pytest.mark.parametrize(
    ("source", "state", "pages", "expected"),
    [
        (Source("a", "x"), None, (), True),
        (Source("a", "x", is_on=False), None, (), False),
        (Source("a", "x"), SourceState("a", next_visit=200), (), False),
        (Source("a", "x"), SourceState("a", next_visit=200), ("a",), True),
        (Source("a", "x"), SourceState("a", next_visit=200, paused_until=150), ("a",), False),
        (Source("a", "x"), SourceState("a", next_visit=50, has_ended=True), ("a",), False),
    ],
)
def test_due(source, state, pages, expected):
    assert is_due(source, state, pages, 100) == expected


# what


def served(data: bytes, url: str = "https://blatt.example/presse") -> Fetched:
    return Fetched(url, data, "", Validators())


LINKS = overview(*((f"/meldung-nummer-{number}-von-heute", f"Die Meldung Nummer {number} von heute") for number in range(9)))


@pytest.mark.parametrize(
    ("page_served", "kind"),
    [
        (served(feed()), Kind.FEED),
        (served(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'), Kind.FEED),
        (served(sitemap()), Kind.SITEMAP),
        (served(b"https://blatt.example/eins", "https://blatt.example/sitemap.txt"), Kind.SITEMAP),
        (served(LINKS), Kind.OVERVIEW),
        (served(page("Ein Artikel"), "https://blatt.example/"), Kind.OVERVIEW),
        (served(page("Ein Artikel")), Kind.PAGE),
        (served(LINKS, "https://blatt.example/eine-meldung-mit-verweisen"), Kind.PAGE),
        (served(LINKS.replace(b"<head>", b'<head><meta property="og:type" content="article">')), Kind.PAGE),
    ],
)
def test_what_lies_at_an_address_is_found_out(page_served, kind):
    assert detect(page_served).kind is kind


def test_announced_feeds_are_found_but_not_those_of_comments():
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("feed", "comments/feed", "atom"))
    assert detect(served(page("Blatt", head=links))).feeds == ("https://blatt.example/feed", "https://blatt.example/atom")


def test_what_is_nothing_readable_is_refused():
    with pytest.raises(InputError, match="weder ein Feed"):
        detect(served(b"%PDF-1.7"))


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://a.example/k21-meldungen/operative-phase-startet/", "Operative Phase startet nun", True),
        ("https://a.example/presse/pressemitteilung.1234567.php", "Neues Bürgeramt in Pankow öffnet", True),
        ("https://a.example/?p=125171", "", True),
        ("https://a.example/k21-meldungen/operative-phase-startet/", "Mehr", False),
        ("https://a.example/impressum", "Impressum und alles, was dazugehört", False),
        ("https://a.example/datenschutzerklaerung/", "", False),
        ("https://a.example/bericht-des-jahres-2024.pdf", "", False),
        ("https://a.example/", "Zur Startseite dieses Blattes", False),
        ("https://a.example/themen/e-government-in-hessen", "Alle Meldungen zum Thema", False),
    ],
)  # fmt: skip
def test_which_links_lead_to_articles(url, text, expected):
    assert looks_like_article(url, text) == expected


def test_patterns():
    assert matches_pattern("https://a.example/meldungen/1?x=2", "/meldungen/*")
    assert matches_pattern("https://a.example/meldungen/1", "https://a.example/*/1")
    assert not matches_pattern("https://a.example/archiv/meldungen/1", "/meldungen/*")


# which


def test_the_shipped_list_is_whole_and_off():
    sources = shipped_sources()
    assert len(sources) >= 12 and not any(source.is_on for source in sources)
    assert all(
        source.address.startswith("https://") and source.name and source.site and source.language and source.terms for source in sources
    )
    assert {source.place for source in sources} == {Place.SHIPPED}


def test_the_settings_win_over_the_list_and_switches_over_both():
    shipped = [Source("a", "https://a.example", is_on=False), Source("b", "https://b.example", is_on=False)]
    found = merge_sources(shipped, [Source("b", "https://eigen.example")], [Source("c", "https://c.example")], {"a": True, "c": False})
    assert [(source.key, source.address, source.is_on) for source in found] == [
        ("a", "https://a.example", True),
        ("b", "https://eigen.example", True),
        ("c", "https://c.example", False),
    ]


def test_names():
    assert make_source_key("Behörden Spiegel") == "behoerden-spiegel"
    assert make_source_key("https://www.blatt.example/feed/") == "blatt-example-feed"
    assert free_key("a", ["a", "a-2"]) == "a-3" and free_key("a", []) == "a"
    sources = [Source("blatt", "https://a.example", name="Das Blatt", site="https://www.a.example")]
    assert all(find_source(sources, wanted) for wanted in ("blatt", "das  blatt".replace("  ", " "), "https://a.example"))
    assert find_source(sources, "anderes") is None and find_source([Source("x", "y")], "") is None


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, "fehlt address"),
        ({"address": "https://a.example", "adresse": "x"}, "unbekannte Angabe adresse"),
        ({"address": "https://a.example", "kind": "rss"}, "kind = „rss“ gibt es nicht"),
        ({"address": "https://a.example", "interval": "oft"}, "interval muss eine Zahl"),
        ({"address": "https://a.example", "interval": -1}, "interval muss eine Zahl"),
    ],
)
def test_a_wrong_source_in_the_settings_is_explained(table, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        read_sources([table], Place.SETTINGS, "amtsfunk.toml")


def test_two_sources_of_one_name_and_no_list_are_explained():
    with pytest.raises(ConfigurationError, match="Zwei Quellen heißen"):
        read_sources([{"address": "https://a.example", "name": "A"}, {"address": "https://b.example", "name": "a"}], Place.SETTINGS, "x")
    with pytest.raises(ConfigurationError, match=r"\[\[sources\]\]"):
        read_sources({"a": 1}, Place.SETTINGS, "x")
