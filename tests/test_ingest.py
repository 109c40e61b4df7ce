"""What becomes of incoming articles; and that a killed ingest leaves nothing that a plain restart does not put right."""

import json
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.articles import Article
from index.ingest import Decision, Ingester, IngestReport, decide
from index.reading.inputs import ReadFailure, read_inputs
from index.storage.records import KnownArticle
from index.storage.rows import digests
from index.storage.store import Store
from tests.command import Command, run_command
from tests.conftest import ROOT, link_model
from tests.fakes import HashEncoder
from tests.stored_rows import assert_whole, count_rows, snapshot

FULL = Article("elfe", "ELFE kommt", "Bremen startet ELFE.", date(2019, 1, 28), "https://example.org/elfe", "Testblatt", (), "/elfe.md")
TEASER = replace(FULL, text="Bremen startet.", origin="", is_teaser=True)
PAGE = replace(FULL, origin="web:example.org/elfe")


def known(article: Article, row: int = 1, *, shares_origin: bool = False) -> KnownArticle:
    return KnownArticle(row, article.key, *digests(article), article.is_teaser, shares_origin, article.origin)


# deciding


@pytest.mark.parametrize(
    ("incoming", "stored", "decision", "row"),
    [
        pytest.param(FULL, [], Decision.ADD, None, id="new"),
        pytest.param(FULL, [known(FULL, 7, shares_origin=True)], Decision.KEEP, 7, id="the same again"),
        pytest.param(replace(FULL, origin="/neu.md"), [known(FULL, 7)], Decision.KEEP, 7, id="the same from another file"),
        pytest.param(replace(FULL, text="Anders."), [known(FULL, 7)], Decision.CHANGE, 7, id="edited text"),
        pytest.param(replace(FULL, tags=("neu",)), [known(FULL, 7)], Decision.CHANGE, 7, id="edited tags"),
        pytest.param(replace(FULL, published=None), [known(FULL, 7)], Decision.CHANGE, 7, id="edited date"),
        pytest.param(replace(FULL, key="neu"), [known(FULL, 7, shares_origin=True)], Decision.CHANGE, 7, id="another id in the same file"),
        pytest.param(
            replace(FULL, key="neu", title="ELFE startet"), [known(FULL, 7, shares_origin=True)], Decision.CHANGE, 7, id="edited headline"
        ),
        pytest.param(TEASER, [known(FULL, 7)], Decision.KEEP, 7, id="teaser of a full article"),
        pytest.param(FULL, [known(TEASER, 7)], Decision.CHANGE, 7, id="full article of a teaser"),
        pytest.param(TEASER, [known(TEASER, 7)], Decision.KEEP, 7, id="the same teaser"),
        pytest.param(replace(TEASER, text="Neu."), [known(TEASER, 7)], Decision.CHANGE, 7, id="edited teaser"),
        pytest.param(replace(TEASER, key="neu"), [known(FULL, 7, shares_origin=True)], Decision.ADD, None, id="teaser beside its page"),
        pytest.param(PAGE, [known(PAGE, 7, shares_origin=True)], Decision.KEEP, 7, id="the same page again"),
        pytest.param(
            replace(PAGE, key="neu", title="ELFE startet"), [known(PAGE, 7, shares_origin=True)], Decision.CHANGE, 7, id="page, new headline"
        ),
        pytest.param(replace(PAGE, key="neu"), [known(PAGE, 7, shares_origin=True)], Decision.KEEP, 7, id="page, another derived key"),
        pytest.param(replace(PAGE, url="http://www.example.org/elfe?utm_source=rss"), [known(PAGE, 7)], Decision.KEEP, 7, id="page, tracked"),
        pytest.param(replace(PAGE, origin="web:b.org/elfe", url="https://b.org/elfe"), [known(PAGE, 7)], Decision.ADD, None, id="other page"),
        pytest.param(replace(PAGE, key="neu", is_teaser=True), [known(PAGE, 7, shares_origin=True)], Decision.KEEP, 7, id="teaser of a page"),
        pytest.param(
            FULL, [known(replace(FULL, key="alt"), 3, shares_origin=True), known(FULL, 7)], Decision.KEEP, 7, id="key before origin"
        ),
    ],
)
def test_decide(incoming, stored, decision, row):
    verdict = decide(incoming, stored, lambda _origin: True)
    assert (verdict.decision, verdict.row) == (decision, row)


# ingesting


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "amtsfunk.sqlite")
    yield store
    store.close()


def ingest(store: Store, *inputs: Article | ReadFailure | Path) -> IngestReport:
    paths = [str(item) for item in inputs if isinstance(item, Path)]
    others = [item for item in inputs if not isinstance(item, Path)]
    return Ingester(store, HashEncoder()).run([*read_inputs(paths), *others])


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.duplicates, len(report.failed)


def test_the_same_again_changes_nothing(store, tmp_path):
    write_articles(tmp_path / "in", 6)
    assert counts(ingest(store, tmp_path / "in")) == (6, 0, 0, 2, 0)
    before = (store.generation(), snapshot(store.path))
    assert counts(ingest(store, tmp_path / "in")) == (0, 0, 8, 0, 0)
    assert (store.generation(), snapshot(store.path)) == before


def test_an_edited_article_replaces_its_former_version(store, tmp_path):
    file = tmp_path / "elfe.md"
    file.write_text("# ELFE kommt\n\nBremen startet ELFE.\n")
    ingest(store, file)
    file.write_text("# ELFE kommt später\n\nHamburg wartet auf ELFE. Und Bremen auch.\n")
    assert counts(ingest(store, file)) == (0, 1, 0, 0, 0)
    stored = store.find_article("elfe")
    assert (stored.version, stored.article.title) == (2, "ELFE kommt später")
    assert store.count_articles() == 1
    ends = [passage.passage.span.end for passage in store.passages(store.passage_ids().tolist()).values()]
    assert ends == [len(stored.article.text)]


def test_two_files_of_the_same_name_are_two_articles(store, tmp_path):
    for folder, text in (("a", "Bremen startet ELFE."), ("b", "Hamburg startet ELFE.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "elfe.md").write_text(f"# ELFE\n\n{text}\n")
    assert counts(ingest(store, tmp_path)) == (2, 0, 0, 0, 0)
    assert counts(ingest(store, tmp_path)) == (0, 0, 2, 0, 0)
    (tmp_path / "b" / "elfe.md").write_text("# ELFE\n\nHamburg startet ELFE später.\n")
    assert counts(ingest(store, tmp_path)) == (0, 1, 1, 0, 0)


def test_a_moved_and_edited_file_replaces_its_former_version(store, tmp_path):
    (tmp_path / "elfe.md").write_text("# ELFE\n\nBremen startet ELFE.\n")
    ingest(store, tmp_path)
    (tmp_path / "elfe.md").unlink()
    (tmp_path / "neu").mkdir()
    (tmp_path / "neu" / "elfe.md").write_text("# ELFE\n\nBremen startet ELFE später.\n")
    assert counts(ingest(store, tmp_path)) == (0, 1, 0, 0, 0)


def test_text_that_no_longer_stands_elsewhere_has_no_further_place(store, tmp_path):
    for name in ("eins", "zwei"):
        (tmp_path / f"{name}.md").write_text("# ELFE\n\nBremen startet ELFE.\n")
    assert counts(ingest(store, tmp_path)) == (1, 0, 0, 1, 0)
    (tmp_path / "eins.md").write_text("# ELFE\n\nBremen startet ELFE später.\n")
    assert counts(ingest(store, tmp_path)) == (1, 1, 1, 0, 0)  # it has become an article of its own before it is read again
    assert store.find_article("zwei").article.text == "Bremen startet ELFE."


def test_an_edited_headline_in_the_same_page_replaces(store, tmp_path):
    page = tmp_path / "seite.txt"
    page.write_text("ELFE:\nBremen startet\n[28.1.2019] Bremen startet ELFE. Das Vorhaben läuft.\nEltern haben weniger Arbeit. (ve)\n")
    ingest(store, page)
    (first,) = store.articles(store.newest_rows(9)).values()
    page.write_text(page.read_text().replace("Bremen startet\n", "Bremen beginnt\n"))
    assert counts(ingest(store, page)) == (0, 1, 0, 0, 0)
    (second,) = store.articles(store.newest_rows(9)).values()
    assert (second.row, second.version) == (first.row, 2)
    assert "Bremen beginnt" in second.article.title
    assert store.find_article(first.article.key) is None


def test_a_teaser_never_replaces_a_full_article(store):
    assert counts(ingest(store, FULL, TEASER)) == (1, 0, 1, 0, 0)
    assert store.find_article("elfe").article == FULL


def test_a_full_article_replaces_its_teaser(store):
    assert counts(ingest(store, TEASER, FULL)) == (1, 1, 0, 0, 0)
    assert store.find_article("elfe").article == FULL


def test_the_same_text_under_another_key_is_a_place(store):
    twin = replace(FULL, key="zweit", url="https://example.org/2", origin="")
    assert counts(ingest(store, FULL, twin)) == (1, 0, 0, 1, 0)
    assert store.count_articles() == 1
    assert store.find_article("zweit").also_at == (("zweit", "https://example.org/2"),)
    assert counts(ingest(store, twin)) == (0, 0, 1, 0, 0)


def test_failures_are_counted_and_the_rest_goes_on(store, tmp_path):
    (tmp_path / "leer.md").write_text("")
    (tmp_path / "gut.md").write_text("# Titel\n\nText.\n")
    report = ingest(store, tmp_path / "leer.md", tmp_path / "fehlt.md", tmp_path / "gut.md")
    assert counts(report) == (1, 0, 0, 0, 2)
    assert [Path(failure.input).name for failure in report.failed] == ["leer.md", "fehlt.md"]
    assert report.read == 1


# killed at any moment

KILLS = 12
FAST_KILLS = 30  # with a fake encoder, each followed by a plain restart; ``make kills`` does a hundred


def test_killed_anywhere_in_reading_correcting_and_removing_the_store_is_that_of_an_undisturbed_run():
    done = subprocess.run([sys.executable, "-m", "tests.kills", "--kills", str(FAST_KILLS)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["killed"] >= FAST_KILLS and outcome["different"] == 0
    assert all(outcome["rows"][kind] for kind in ("articles", "places", "versions", "removals", "sketches", "passages", "terms"))


def test_killed_at_random_moments_a_plain_restart_completes_the_store(model_cache, tmp_path):
    articles = tmp_path / "in"
    write_articles(articles, 30)
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    for home in (undisturbed, killed):
        link_model(model_cache, home)
    chance = random.Random(2019)
    interrupted = sum(kill_while_ingesting(articles, killed, chance) for _ in range(KILLS))
    assert interrupted >= KILLS // 4  # else the moments were not inside the work; each batch that gets through leaves less to interrupt
    expected = run_command(["ingest", str(articles)], undisturbed)
    finished = run_command(["ingest", str(articles)], killed)
    assert (expected.code, finished.code) == (0, 0), expected.err + finished.err
    assert snapshot(killed / "amtsfunk.sqlite") == snapshot(undisturbed / "amtsfunk.sqlite")
    again = run_command(["ingest", str(articles), "--json"], killed)
    assert '"unchanged": 40' in again.out


def kill_while_ingesting(articles: Path, home: Path, chance: random.Random) -> bool:
    """Start an ingest and kill -9 it: now and then at any moment, mostly just after it has begun to write. Whether it was running."""
    database = home / "amtsfunk.sqlite"
    before = count_rows(database)
    command = Command(["ingest", str(articles)], home)
    if chance.random() < 0.75:
        while command.process.is_alive() and count_rows(database) == before:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.1))
    else:
        time.sleep(chance.uniform(0, 3))
    was_running = command.process.is_alive()
    command.kill()
    assert_whole(database)
    return was_running


def write_articles(folder: Path, number: int) -> None:
    """Short articles, every fifth of several passages; every third has a twin under another name, so that there are places
    too, and a transaction at least every three articles."""
    folder.mkdir()
    for i in range(number):
        sentences = [f"Die Stadt Nummer {i} stellt Dienst {k} für Bürgerinnen und Bürger online bereit." for k in range(1 if i % 5 else 12)]
        content = f"---\ntitle: Meldung {i} aus dem Rathaus\ndate: 2019-01-{i % 28 + 1:02}\n---\n" + " ".join(sentences) + "\n"
        (folder / f"{i:02}.md").write_text(content)
        if i % 3 == 2:
            (folder / f"{i:02}-zweit.md").write_text(content)
