"""Sources end to end: a real news site process and the real command line. The reading itself is tested in ``test_news_site``."""

import json
import time
from dataclasses import replace

import pytest

from bot.alerts import texts_de as alert_texts
from index.storage.store import Store
from tests.command import Command, run_command
from tests.site.grammar import write_news
from tests.telegram_bot import blockquotes, links, new_chat, running_bot
from tests.tiny_model import build_tiny_model

WAIT_S = 300.0  # only against hanging for ever


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory):
    return str(build_tiny_model(tmp_path_factory.mktemp("tiny")))


@pytest.fixture
def home(tmp_path, tiny_model):
    """An empty home and the variables of a command that may visit the loopback, with a model that loads in no time."""
    return tmp_path / "home", {
        "AMTSFUNK_MODEL": tiny_model,
        "AMTSFUNK_ALLOW_PRIVATE": "1",
        "AMTSFUNK_PACE": "0",
        "AMTSFUNK_CONTACT": "redaktion@example.org",
    }


def run(home, *arguments):
    folder, variables = home
    return run_command(list(arguments), folder, variables)


def wait_for(condition, what: str):
    ends = time.monotonic() + WAIT_S
    while not (found := condition()):
        assert time.monotonic() < ends, what
        time.sleep(0.2)
    return found


# the command line


def test_ingest_of_addresses_by_the_contract(home, site):
    first = run(home, "ingest", f"{site.url}/feed.xml", f"{site.url}{site.articles()[3].path}", f"{site.url}/hostile/gone", "--json")
    report = json.loads(first.out)
    (failure,) = report.pop("failed")
    assert (first.code, report) == (0, {"added": 21, "changed": 0, "unchanged": 0, "duplicates": 0})
    assert failure["input"] == f"{site.url}/hostile/gone" and "410" in failure["error"]
    assert site.asked("/feed.xml")[0].headers["user-agent"] == "Amtsfunk/0.1 (+redaktion@example.org)"
    site.forget()
    second = run(home, "ingest", f"{site.url}/feed.xml", f"{site.url}{site.articles()[3].path}", "--json")
    assert (second.code, json.loads(second.out)) == (0, {"added": 0, "changed": 0, "unchanged": 21, "duplicates": 0, "failed": []})
    assert site.counts() == {200: 1, 304: 2}  # 200: robots.txt
    nothing = run(home, "ingest", f"{site.url}/hostile/missing", "--json")
    assert (nothing.code, json.loads(nothing.out)["added"]) == (1, 0)


def test_killed_in_the_middle_the_next_run_leaves_the_same_store(home, site, tmp_path):
    address, (folder, variables) = f"{site.url}/meldungen/", home
    run_command(["sources", "add", address, "--kind", "overview"], folder, variables)
    for pages in (2, 15, 29):
        site.forget()
        command = Command(["ingest"], folder, variables)
        wait_for(lambda: site.counts("/meldungen/").total() >= pages or not command.process.is_alive(), "nothing is read")  # noqa: B023
        command.kill()
    assert run(home, "ingest").code == 0
    whole = (tmp_path / "whole", variables)
    run(whole, "sources", "add", address, "--kind", "overview")
    assert run(whole, "ingest").code == 0
    contents = []
    for place in (folder, tmp_path / "whole"):
        store = Store(place / "amtsfunk.sqlite")
        found = store.articles(store.newest_rows(1000)).values()
        contents.append(sorted((one.article.key, one.article.text, one.article.origin, one.version) for one in found))
        store.close()
    assert len(contents[0]) == 30 and contents[0] == contents[1]


def test_without_permission_no_private_address_is_visited(home, site):
    folder, variables = home
    refused = run_command(["ingest", f"{site.url}/feed.xml"], folder, variables | {"AMTSFUNK_ALLOW_PRIVATE": "0"})
    assert refused.code == 1 and "AMTSFUNK_ALLOW_PRIVATE" in refused.err and not site.asked("/feed.xml")


def test_sources_are_added_checked_listed_switched_and_removed(home, site):
    nothing_on = run(home, "ingest")
    assert nothing_on.code == 1 and "sources on" in nothing_on.err
    added = run(home, "sources", "add", site.url, "--name", "Rathausblick")
    assert added.code == 0 and "rathausblick" in added.out and f"{site.url}/feed.xml" in added.out
    again = run(home, "sources", "add", f"{site.url}/feed.xml")
    assert again.code == 1 and "rathausblick" in again.err
    checked = json.loads(run(home, "sources", "check", "--json").out)["sources"][0]
    assert (checked["kind"], checked["entries"], checked["newest"], checked["good"]) == ("feed", 20, "2025-11-06", True)
    assert json.loads(run(home, "stats", "--json").out)["articles"] == 0
    ingested = run(home, "ingest")
    assert ingested.code == 0 and ingested.out.startswith("20 neu")
    listed = json.loads(run(home, "sources", "--json").out)["sources"][0]
    assert {"key": "rathausblick", "on": True, "articles": 20, "last_error": None, "kind": "feed"}.items() <= listed.items()
    assert listed["last_success"] and listed["next_visit"] > listed["last_success"]
    shown = run(home, "sources").out
    assert "20 Artikel" in shown and "nächster Besuch" in shown and "kommune21" in shown
    assert "ausgeschaltet" in run(home, "sources", "off", "rathausblick").out
    assert run(home, "ingest").code == 1
    assert "eingeschaltet" in run(home, "sources", "on", "Rathausblick").out
    removed = run(home, "sources", "remove", "rathausblick")
    assert removed.code == 0 and "20 Artikel" in removed.out and "bleiben" in removed.out
    assert json.loads(run(home, "stats", "--json").out)["articles"] == 20


def test_a_source_in_the_settings_and_one_of_the_list(home, site):
    folder, _variables = home
    folder.mkdir()
    (folder / "amtsfunk.toml").write_text(f'[[sources]]\nname = "Blatt"\naddress = "{site.url}/meldungen/"\nkind = "overview"\n')
    found = {line["key"]: line for line in json.loads(run(home, "sources", "--json").out)["sources"]}
    assert found["blatt"]["on"] and found["blatt"]["place"] == "settings" and not found["bsi"]["on"]
    assert run(home, "sources", "remove", "blatt").code == 1
    assert run(home, "sources", "remove", "bsi").code == 1
    assert "Nutzungsbedingungen" in run(home, "sources", "on", "bsi").out
    assert run(home, "ingest").out.startswith("30 neu")


def test_what_can_and_cannot_be_added(home, site):
    none = run(home, "sources", "add", f"{site.url}/hostile/empty")
    assert none.code == 1 and none.err.startswith("Fehler: ")
    assert run(home, "sources", "add", "kein ordner").code == 1
    page = run(home, "sources", "add", f"{site.url}{site.articles()[0].path}")
    assert page.code == 0 and "einzelne Seite" in page.out


def test_an_ended_source_says_so_and_a_check_revives_it(home, site):
    run(home, "sources", "add", f"{site.url}/feed.xml", "--name", "Blatt")
    folder, _variables = home
    from index.sources.store import SourceStore

    states = SourceStore(folder / "amtsfunk.sqlite")
    states.save_state(replace(states.state("blatt"), has_ended=True, last_error="410"))
    states.close()
    assert "eingestellt" in run(home, "sources").out
    assert run(home, "sources", "check", "blatt").code == 0
    assert "eingestellt" not in run(home, "sources").out


# running


def test_the_reading_role_needs_no_token_reads_what_is_published_and_stops_cleanly(home, site):
    folder, variables = home
    run(home, "sources", "add", f"{site.url}/feed.xml", "--name", "Blatt", "--interval", "0.01")
    running = Command(["run", "--role", "ingest"], folder, variables)
    try:
        count = lambda: json.loads(run(home, "stats", "--json").out)["articles"]  # noqa: E731
        wait_for(lambda: count() == 20, "the feed was not read")
        site.publish(500)
        wait_for(lambda: count() > 20, "the new article was not read")
    finally:
        running.process.terminate()
    finished = running.finish()
    assert finished.code == 0 and "Blatt: 20 neu" in finished.err and "Traceback" not in finished.err


def test_an_alert_goes_out_for_what_a_source_publishes(own_home, site, tmp_path, monkeypatch):
    variables = {"AMTSFUNK_ALLOW_PRIVATE": "1", "AMTSFUNK_PACE": "0"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)  # the bot's process takes them over
    run_command(["sources", "add", f"{site.url}/feed.xml", "--name", "Rathausblick", "--interval", "0.01"], own_home, variables)
    news = write_news(500)
    with running_bot(own_home, tmp_path) as bot:
        wait_for(lambda: "Rathausblick: " in bot.read_log(), "the feed was not read")
        chat = new_chat()
        _said, preview = bot.ask(f"/alarm quelle:Rathausblick titel:{news.title.split()[0]}", chat)
        bot.press(preview, chat, alert_texts.SAVE)
        last = bot.server.messages(chat)[-1].message_id
        site.publish(500)
        alert = bot.server.wait_reply(chat, after=last, timeout_s=WAIT_S)
        assert blockquotes(alert) and (f"{site.url}{news.path}") in dict(map(reversed, links(alert)))
        _said, answer = bot.ask(f"Was hat {news.title}?", chat)
        assert news.title in answer.text
        assert bot.stop() == 0
