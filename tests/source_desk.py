"""Sources on a real store with a clock that tests move, and a web of their choice."""

from datetime import UTC, datetime
from pathlib import Path

from index.ingest import Ingester
from index.removal import remove_published
from index.sources.nouns import Source
from index.sources.store import SourceStore
from index.sources.visiting import SourceVisitor
from index.sources.ways import Limits, PageFetcher, Ways
from index.storage.store import Store
from tests.fake_web import FakeWeb
from tests.fakes import DIMENSION, HashEncoder

HOUR, DAY = 3600.0, 86400.0
FEED = "https://blatt.example/feed"
ONE, TWO = "https://blatt.example/meldungen/haushalt-ist-beschlossen", "https://blatt.example/meldungen/register-werden-modern"
START = datetime(2025, 3, 12, 9, tzinfo=UTC).timestamp()


class Desk:
    """A store, a web and a clock, with everything between them real."""

    def __init__(self, folder: Path, web: PageFetcher | None = None) -> None:
        self.web, self.now = web or FakeWeb(), START
        self.store, self.states = Store(folder / "db.sqlite"), SourceStore(folder / "db.sqlite")
        self.store.bind_model(HashEncoder.model_id, DIMENSION)
        self.ways = Ways(self.web, self.states, self.store, self.ingest, self.remove, lambda: self.now, self.today)

    def today(self):
        return datetime.fromtimestamp(self.now, UTC).date()

    def ingest(self, articles):
        return Ingester(self.store, HashEncoder()).run(articles)

    def remove(self, keys):
        return remove_published(self.store, HashEncoder(), keys)

    def visit(self, source, limits=Limits(), is_forced=False, later=0.0):
        self.now += later
        return SourceVisitor(self.ways).visit(source, limits, is_forced)

    def articles(self):
        return sorted((found.article for found in self.store.articles(self.store.newest_rows(1000)).values()), key=lambda a: a.title)

    def address(self, url):
        (found,) = [one for one in self.states.addresses("blatt", self.states.digests("blatt")) if one.listed.url == url]
        return found

    def close(self):
        self.states.close()
        self.store.close()


def source(address=FEED, kind=None, **fields):
    return Source("blatt", address, kind, **fields)
