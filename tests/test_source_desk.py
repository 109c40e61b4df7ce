"""Sources of one process: settings, adding, choosing among feeds, and what is kept between processes."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from bot.adding import NewSource, describe_source
from bot.reading import SourceDesk
from bot.settings import read_settings
from bot.source_commands import is_address
from index.errors import ConfigurationError, InputError, StoreError
from index.fetching.outcomes import Fetched, Validators
from index.sources.nouns import Kind, Place, Source
from index.sources.store import SourceStore
from tests.fake_web import FakeWeb, feed, overview, page, sitemap

TODAY = date(2025, 3, 12)
HOME = "https://blatt.example/"


@pytest.fixture
def desk(tmp_path):
    """A desk on a web without a network; nothing is stored but sources."""
    desk = SourceDesk(read_settings({"AMTSFUNK_HOME": str(tmp_path)}, tmp_path), None, None, None, lambda: 0.0)
    desk.fetcher = FakeWeb()
    yield desk
    desk.states.close()


def add(desk, address, choose=None, **fields):
    source = describe_source(desk, NewSource(address, **fields), TODAY, choose)
    desk.states.add(source)
    return source


def announcing(*names: str) -> bytes:
    return page("Blatt", head="".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in names))


# adding


def test_a_home_page_is_added_as_its_feed(desk):
    desk.fetcher.pages = {HOME: announcing("feed", "comments/feed"), f"{HOME}feed": feed(title="Amtsblatt")}
    source = add(desk, "blatt.example/")
    assert (source.key, source.name, source.address, source.kind) == ("amtsblatt", "Amtsblatt", f"{HOME}feed", Kind.FEED)
    assert desk.find("Amtsblatt").place is Place.ADDED and desk.find("amts").is_on
    with pytest.raises(InputError, match="schon die Quelle „amtsblatt“"):
        add(desk, "http://www.blatt.example/feed?utm_source=x")


def test_of_several_feeds_a_person_chooses(desk):
    desk.fetcher.pages = {HOME: announcing("feed", "atom", "politik"), f"{HOME}politik": feed(title="Politik")}
    offered = []

    def choose(feeds):
        offered.extend(feeds)
        return feeds[2]

    assert add(desk, HOME, choose).address == f"{HOME}politik"
    assert offered == [f"{HOME}feed", f"{HOME}atom", f"{HOME}politik"]


@pytest.mark.parametrize(
    ("data", "fields", "kind"),
    [
        (feed(), {}, Kind.FEED),
        (sitemap(), {}, Kind.SITEMAP),
        (page("Ein Artikel"), {}, Kind.PAGE),
        (overview(*((f"/meldung-nummer-{n}-heute", f"Die Meldung Nummer {n} von heute") for n in range(9))), {}, Kind.OVERVIEW),
        (page("Alle Meldungen"), {"pattern": "/meldungen/*"}, Kind.OVERVIEW),
        (page("Alle Meldungen"), {"kind": "overview"}, Kind.OVERVIEW),
    ],
)
def test_what_lies_there_is_found_out_or_said(desk, data, fields, kind):
    desk.fetcher.pages = {"https://blatt.example/x": data}
    source = add(desk, "https://blatt.example/x", name="Das Blatt", interval_s=60.0, **fields)
    assert (source.kind, source.name, source.key, source.interval_s) == (kind, "Das Blatt", "das-blatt", 60.0)


def test_a_moved_address_is_added_where_it_is_now(desk):
    desk.fetcher.pages = {f"{HOME}alt": Fetched(f"{HOME}neu", feed(), "", Validators(), f"{HOME}neu")}
    assert add(desk, f"{HOME}alt").address == f"{HOME}neu"


def test_folders_are_added_and_words_are_refused(desk, tmp_path):
    (tmp_path / "artikel").mkdir()
    assert add(desk, str(tmp_path / "artikel")).kind is Kind.FOLDER
    for address in ("kein-ordner", "ftp://blatt.example/", ""):
        with pytest.raises(InputError):
            describe_source(desk, NewSource(address), TODAY, None)


def test_what_is_an_address():
    assert is_address("https://a.example") and is_address("HTTP://a.example") and is_address("www.a.example/b")
    assert not is_address("artikel") and not is_address("a.md")


# known and unknown sources


def test_an_address_of_a_known_source_is_that_source(desk):
    desk.states.add(Source("blatt", f"{HOME}feed"))
    assert desk.once("http://www.blatt.example/feed").key == "blatt"
    assert desk.once(f"{HOME}anderes").place is Place.ONCE
    desk.states.switch("blatt", False)
    assert desk.once(f"{HOME}feed").place is Place.ONCE


def test_what_is_added_and_switched_is_there_for_the_next_process(desk, tmp_path):
    whole = Source("blatt", HOME, Kind.OVERVIEW, "Blatt", HOME, "de", "/a/*", "frei", 60.0, True, False, Place.ADDED)
    desk.states.add(whole)
    desk.states.switch("bsi", True)
    other = SourceDesk(read_settings({"AMTSFUNK_HOME": str(tmp_path)}, tmp_path), None, None, None, lambda: 0.0)
    assert other.find("blatt") == whole and other.find("bsi").is_on
    assert [line.source.key for line in other.lines()][:2] == ["blatt", "bsi"]
    other.states.remove("blatt")
    other.states.close()
    with pytest.raises(InputError, match="gibt es nicht"):
        desk.find("blatt")


def test_a_database_of_a_newer_program_is_refused(tmp_path):
    SourceStore(tmp_path / "db.sqlite").close()
    with closing(sqlite3.connect(tmp_path / "db.sqlite")) as connection, connection:
        connection.execute("INSERT INTO source_migration VALUES (999)")
    with pytest.raises(StoreError, match="neueren Version"):
        SourceStore(tmp_path / "db.sqlite")


# settings


def settings(folder, file="", **environment):
    (folder / "amtsfunk.toml").write_text(file, "utf-8")
    return read_settings({"AMTSFUNK_HOME": str(folder / "home"), **environment}, folder)


def test_settings_of_fetching(tmp_path):
    read = settings(tmp_path)
    assert (read.allow_private, read.pace_s, read.sources) == (False, 1.0, ())
    read = settings(tmp_path, "allow_private = true\npace = 0.5\n", AMTSFUNK_PACE="2,5")
    assert (read.allow_private, read.pace_s) == (True, 2.5)


@pytest.mark.parametrize(("name", "value"), [("AMTSFUNK_ALLOW_PRIVATE", "vielleicht"), ("AMTSFUNK_PACE", "schnell"), ("AMTSFUNK_PACE", "-1"), ("AMTSFUNK_PACE", "nan")])  # fmt: skip
def test_a_wrong_setting_of_fetching_is_explained(tmp_path, name, value):
    with pytest.raises(ConfigurationError, match=name):
        settings(tmp_path, **{name: value})


def test_sources_of_both_settings_files(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "amtsfunk.toml").write_text('[[sources]]\naddress = "https://a.example"\nname = "A"\n[[sources]]\naddress = "artikel"\n')
    found = settings(tmp_path, '[[sources]]\naddress = "https://eigen.example"\nname = "A"\ninterval = 30\n').sources
    assert [(source.key, source.address) for source in found] == [("a", "https://eigen.example"), ("artikel", str(tmp_path / "home" / "artikel"))]
    assert found[0].interval_s == 1800.0 and {source.place for source in found} == {Place.SETTINGS}
