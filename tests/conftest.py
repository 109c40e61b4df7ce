"""Shared parts of the tests: the real model, built once and kept between runs, and a store with the shipped articles."""

import os
import shutil
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # no test may fetch anything
hypothesis.settings.register_profile("untimed", deadline=None)  # speed is measured by `make bench`, never by a test
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SEED_PAGE = SHARED / "seed" / "kommune21-2019-01-28.txt"


def kept_cache() -> Path:
    """Where the default model stays between runs of tests and measurements; built by the first of all (about 20 s)."""
    from index.encoding.default_model import default_model_folder

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "amtsfunk-test"
    default_model_folder(cache)
    return cache


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """A cache folder that holds the built default model."""
    return kept_cache()


@pytest.fixture(scope="session")
def encoder(model_cache):
    """The real default model."""
    from index.encoding.encoder import SentenceTransformerEncoder

    encoder = SentenceTransformerEncoder("", model_cache)
    encoder.load()
    return encoder


@pytest.fixture(scope="session")
def seed_page() -> Path:
    """The copied page of the magazine, where the measurement data lies beside the project."""
    if not SEED_PAGE.exists():
        pytest.skip("the seed page is not here: ../shared is absent")
    return SEED_PAGE


@pytest.fixture(scope="session")
def demo_home(model_cache, encoder, tmp_path_factory) -> Path:
    """A home whose database holds the shipped articles, and the seed page where it is there. Copy it to change it. Made once, a minute's work, and
    copied by each of the processes that share the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    made, done = shared / "made-home", shared / "made-home.done"
    with FileLock(shared / "made-home.lock"):
        if not done.exists():
            made.mkdir()
            build_demo_home(made, model_cache, encoder)
            done.touch()
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(made, home, symlinks=True)
    return home


def build_demo_home(home: Path, model_cache: Path, encoder) -> None:
    link_model(model_cache, home)
    app = open_app(home, encoder)
    app.add_demo()
    if SEED_PAGE.exists():
        app.ingest([str(SEED_PAGE)])
    app.close()


@pytest.fixture
def own_home(demo_home, tmp_path) -> Path:
    """A copy of ``demo_home`` for a test that changes it."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, symlinks=True)
    return home


@pytest.fixture(scope="session")
def demo_app(demo_home, encoder):
    """The app on ``demo_home``; for reading only."""
    app = open_app(demo_home, encoder)
    yield app
    app.close()


@pytest.fixture
def world(tmp_path):
    """The towns of ``tests.answer_world``; several test files have a world of their own."""
    from tests.answer_world import World, towns

    with World(tmp_path / "a.db", *towns()) as made:
        yield made


@pytest.fixture(scope="session")
def telegram_home(demo_home, encoder, tmp_path_factory) -> Path:
    """``demo_home`` with more articles that are hard to show; tests leave it as it was."""
    from tests.odd_articles import ODD, write_articles

    folder = tmp_path_factory.mktemp("telegram")
    shutil.copytree(demo_home, folder / "home", symlinks=True)
    ingest_into(folder / "home", encoder, write_articles(folder, ODD))
    return folder / "home"


@pytest.fixture(scope="session")
def telegram(telegram_home, tmp_path_factory):
    """The bot as a process on a Bot API server; tests share it, each with chats of its own."""
    from tests.telegram_bot import running_bot

    with running_bot(telegram_home, tmp_path_factory.mktemp("telegram-log")) as bot:
        yield bot


@pytest.fixture(scope="session")
def site_process():
    """The news site as a process; tests take ``site``."""
    from tests.site.client import NewsSite

    with NewsSite() as site:
        yield site


@pytest.fixture
def site(site_process):
    """The news site as it was at the start, for one test."""
    site_process.reset()
    return site_process


@pytest.fixture
def fetcher():
    """A fetcher that may go to the news site on this machine."""
    from index.fetching.fetcher import Fetcher
    from tests.fetching import RULES

    fetcher = Fetcher(RULES)
    yield fetcher
    fetcher.close()


def open_app(home: Path, encoder):
    """The app on ``home`` with the model that is loaded already: another one would take 0.6 GB until the tests end."""
    from bot.app import App
    from bot.settings import read_settings

    app = App(read_settings({"AMTSFUNK_HOME": str(home)}, home), lambda _line: None)
    app.encoder = encoder
    return app


def ingest_into(home: Path, encoder, path: Path) -> None:
    """Read a file into the database of ``home`` without loading the model again."""
    from index.ingest import Ingester
    from index.reading.inputs import read_inputs
    from index.storage.store import Store

    store = Store(home / "amtsfunk.sqlite")
    report = Ingester(store, encoder).run(read_inputs([str(path)]))
    store.close()
    assert report.added and not report.failed


def link_model(model_cache: Path, home: Path) -> None:
    """Let ``home`` use the kept model instead of building its own."""
    (home / "cache").mkdir(parents=True, exist_ok=True)
    for folder in model_cache.iterdir():
        if folder.is_dir() and ".partial-" not in folder.name:
            (home / "cache" / folder.name).symlink_to(folder)
