"""The command line's contracts, settings, and the questions that have to be answered or declined."""

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.answer_json import answer_to_json
from bot.settings import TELEGRAM_API_URL, read_settings
from index.errors import ConfigurationError
from index.retrieval.quoting import MAX_QUOTE_CHARS
from index.retrieval.time_scope import TimeUse
from index.shipped import shipped_file
from tests.command import run_command
from tests.conftest import ROOT, SEED_PAGE, link_model
from tests.tiny_model import build_tiny_model

ELFE_QUESTION = "Was ist ELFE?"
ANSWER_KEYS = {"question", "answered", "reason", "quotes", "suggestions", "elapsed_ms"}
QUOTE_KEYS = {"text", "start", "end", "article_id", "title", "url", "source", "published", "score"}


@pytest.fixture
def empty_home(model_cache, tmp_path) -> Path:
    """A home without a database."""
    link_model(model_cache, tmp_path / "home")
    return tmp_path / "home"


# ask and article


def test_ask_and_article_by_the_contract(demo_home):
    asked = run_command(["ask", ELFE_QUESTION, "--json"], demo_home)
    assert (asked.code, asked.err) == (0, "")
    assert asked.out.count("\n") == 1
    answer = json.loads(asked.out)
    assert answer.keys() == ANSWER_KEYS
    assert (answer["question"], answer["answered"], answer["reason"], answer["suggestions"]) == (ELFE_QUESTION, True, None, [])
    assert 1 <= len(answer["quotes"]) <= 3
    assert answer["elapsed_ms"] > 0
    for quote in answer["quotes"]:
        assert quote.keys() == QUOTE_KEYS
        shown = run_command(["article", quote["article_id"], "--json"], demo_home)
        article = json.loads(shown.out)
        assert article["text"][quote["start"] : quote["end"]] == quote["text"]
        assert 0 < len(quote["text"]) <= MAX_QUOTE_CHARS
        assert {name: article[name] for name in ("article_id", "title", "url", "source", "published")}.items() <= quote.items()
        assert date.fromisoformat(quote["published"])


def test_an_abstention_by_the_contract(demo_home):
    asked = run_command(["ask", "Wie wird das Wetter morgen?", "--json"], demo_home)
    answer = json.loads(asked.out)
    assert (asked.code, answer.keys()) == (0, ANSWER_KEYS)
    assert (answer["answered"], answer["quotes"]) == (False, [])
    assert answer["reason"].endswith(".")
    assert all(suggestion.keys() == {"title", "url", "published"} for suggestion in answer["suggestions"])


def test_as_of_leaves_out_what_came_later(demo_home):
    question = ["ask", "Was hat der IT-Planungsrat beschlossen?", "--json", "--as-of", "2018-12-31"]
    answer = json.loads(run_command(question, demo_home).out)
    days = [item["published"] for item in answer["quotes"] + answer["suggestions"]]
    assert days and max(days) <= "2018-12-31"


def test_article_as_text_and_unknown_article(demo_home):
    key = "2019-01-28-bremen-vorsitz-it-planungsrat"
    shown = run_command(["article", key], demo_home)
    stored = json.loads(run_command(["article", key, "--json"], demo_home).out)
    assert shown.code == 0
    assert stored["text"] in shown.out and stored["title"] in shown.out and "28.01.2019" in shown.out
    assert {"article_id", "title", "text", "published", "url", "source", "tags", "places"} <= stored.keys()
    unknown = run_command(["article", "gibt-es-nicht", "--json"], demo_home)
    assert (unknown.code, unknown.out) == (1, "")
    assert "gibt-es-nicht" in unknown.err


# ingest, stats, demo


def test_ingest_by_the_contract(empty_home, tmp_path):
    (tmp_path / "gut.md").write_text("# Titel\n\nBremen startet ELFE.\n")
    (tmp_path / "gleich.md").write_text("# Titel\n\nBremen startet ELFE.\n")
    (tmp_path / "leer.md").write_text("")
    paths = [str(tmp_path / name) for name in ("gut.md", "gleich.md", "leer.md")]
    first = run_command(["ingest", *paths, "--json"], empty_home)
    assert first.code == 0
    report = json.loads(first.out)
    (failure,) = report.pop("failed")
    assert report == {"added": 1, "changed": 0, "unchanged": 0, "duplicates": 1}
    assert failure["input"] == paths[2] and "leer" in failure["error"]
    assert "leer.md" in first.err
    nothing = run_command(["ingest", paths[2], "--json"], empty_home)
    assert (nothing.code, json.loads(nothing.out)["added"]) == (1, 0)
    stats = json.loads(run_command(["stats", "--json"], empty_home).out)
    assert stats == {"articles": 1, "passages": 1, "sources": 1, "chats": 0, "subscriptions": 0, "deliveries": {}}


def test_the_first_question_loads_the_demo_and_only_the_first(tmp_path):
    model = {"AMTSFUNK_MODEL": str(build_tiny_model(tmp_path / "tiny"))}  # the real one would take half a minute
    shipped = len(list(shipped_file("articles").glob("*.md")))
    first, second = (run_command(["ask", ELFE_QUESTION, "--json"], tmp_path / "home", model) for _ in range(2))
    assert (first.code, second.code) == (0, 0)
    assert json.loads(first.out).keys() == ANSWER_KEYS
    assert "Demotexte" in first.err and "Demotexte" not in second.err
    assert json.loads(run_command(["stats", "--json"], tmp_path / "home").out)["articles"] == shipped


def test_demo_remove_and_add(own_home):
    shipped = len(list(shipped_file("articles").glob("*.md")))
    removed = run_command(["demo", "remove"], own_home)
    assert removed.code == 0 and f"{shipped} Demo-Artikel entfernt" in removed.out
    own = json.loads(run_command(["stats", "--json"], own_home).out)["articles"]
    if own:  # the seed page is there: no demo comes back by itself
        assert "Demotexte" not in run_command(["ask", ELFE_QUESTION, "--json"], own_home).err
        assert json.loads(run_command(["stats", "--json"], own_home).out)["articles"] == own


def test_demo_add_to_a_full_store_adds_nothing(own_home):
    before = json.loads(run_command(["stats", "--json"], own_home).out)
    assert " 0 Demo-Artikel" in " " + run_command(["demo", "add"], own_home).out
    assert json.loads(run_command(["stats", "--json"], own_home).out) == before


# wrong use and failures


@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["gibtesnicht"], ["ask", "Was?", "--as-of", "gestern"], ["ask", "Was?", "--json", "--nein"], ["eval"], ["run", "--role", "x"]],
)  # fmt: skip
def test_wrong_use_is_2(arguments, tmp_path):
    finished = run_command(arguments, tmp_path)
    assert (finished.code, finished.out) == (2, "")
    assert "Usage" in finished.err


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"AMTSFUNK_DATABASE_URL": "mysql://x"}, "AMTSFUNK_DATABASE_URL"),
        ({"AMTSFUNK_NOW": "morgen"}, "AMTSFUNK_NOW"),
        ({"AMTSFUNK_HOME": "/dev/null"}, "/dev/null"),
    ],
)
def test_a_failure_is_1_and_one_sentence(variables, named, tmp_path):
    finished = run_command(["stats", "--json"], tmp_path, variables)
    assert (finished.code, finished.out) == (1, "")
    assert finished.err.startswith("Fehler: ") and named in finished.err
    assert finished.err.count("\n") == 1


def test_the_module_is_the_command(tmp_path):
    command = [sys.executable, "-m", "bot", "--help"]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True)
    assert all(name in finished.stdout for name in ("chat", "run", "ask", "ingest", "eval", "article", "stats", "demo"))


# the conversation through a pipe


def test_a_piped_conversation_answers_each_line_and_ends(demo_home):
    finished = run_command(["chat"], demo_home, stdin=f"{ELFE_QUESTION}\n\n/hilfe\n1\nWie wird das Wetter morgen?")
    assert finished.code == 0
    blocks = finished.out.split("Frage> ")[1:]
    assert [block.split("\n")[0] for block in blocks] == [ELFE_QUESTION, "/hilfe", "1", "Wie wird das Wetter morgen?"]
    assert "│" in blocks[0] and "Befehle" in blocks[1] and len(blocks[3].strip().split("\n")) > 1


# settings


def settings(environment: dict[str, str], folder: Path, file: str = ""):
    (folder / "amtsfunk.toml").write_text(file, "utf-8")
    return read_settings({"AMTSFUNK_HOME": str(folder / "home"), **environment}, folder)


def test_defaults(tmp_path):
    read = settings({}, tmp_path)
    assert (read.home, read.database) == (tmp_path / "home", tmp_path / "home" / "amtsfunk.sqlite")
    assert (read.model, read.telegram_api_url, read.telegram_bot_token, read.now) == ("", TELEGRAM_API_URL, "", None)


def test_the_file_counts_and_the_environment_wins(tmp_path):
    file = 'model = "datei"\nnow = 2024-05-01T12:00:00\ndatabase_url = "sqlite:////tmp/datei.db"\ntelegram_bot_token = "1:datei"\n'
    read = settings({"AMTSFUNK_MODEL": "umgebung"}, tmp_path, file)
    assert (read.model, read.telegram_bot_token) == ("umgebung", "1:datei")
    assert (read.database, read.now) == (Path("/tmp/datei.db"), datetime(2024, 5, 1, 12))
    assert read.today() == date(2024, 5, 1)


def test_the_working_folder_wins_over_the_home_folder(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "amtsfunk.toml").write_text('model = "home"\ntelegram_bot_token = "1:home"\n')
    read = settings({}, tmp_path, 'model = "hier"\n')
    assert (read.model, read.telegram_bot_token) == ("hier", "1:home")


def test_an_empty_variable_counts_as_unset(tmp_path):
    assert settings({"AMTSFUNK_MODEL": ""}, tmp_path, 'model = "datei"\n').model == "datei"


def test_the_token_is_not_shown(tmp_path):
    assert "geheim" not in repr(settings({"TELEGRAM_BOT_TOKEN": "123:geheim"}, tmp_path))


@pytest.mark.parametrize(
    ("environment", "file", "sentence"),
    [
        ({"AMTSFUNK_NOW": "gestern"}, "", "AMTSFUNK_NOW ist keine ISO-Zeit"),
        ({"TELEGRAM_API_URL": "localhost"}, "", "TELEGRAM_API_URL muss eine Adresse"),
        ({"TELEGRAM_API_URL": "http://[::1"}, "", "TELEGRAM_API_URL muss eine Adresse"),
        ({"AMTSFUNK_DATABASE_URL": "sqlite:///"}, "", "AMTSFUNK_DATABASE_URL muss die Form sqlite:///PFAD haben"),
        ({"AMTSFUNK_DATABASE_URL": "postgresql://x/y"}, "", "PostgreSQL wird von dieser Version noch nicht unterstützt"),
        ({}, 'modell = "x"', "unbekannte Einstellung modell"),
        ({}, "model = ", "nicht lesbar"),
    ],
)
def test_a_wrong_value_is_explained(tmp_path, environment, file, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        settings(environment, tmp_path, file)


# the questions of the first step


def test_the_chair_of_2019_is_quoted_from_the_seed_page(demo_app, seed_page):
    answer = demo_app.engine.answer("Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?")
    quotes = answer_to_json(answer)["quotes"]
    assert [
        quote for quote in quotes if "Bremen" in quote["text"] and quote["source"] == "Kommune21" and quote["published"] == "2019-01-28"
    ]


@pytest.mark.skipif(not SEED_PAGE.exists(), reason="the seed page is not here: ../shared is absent")
@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Was ist ELFE?", "ELFE"),
        ("Was sagt Lühr über den IT-Planungsrat?", "Lühr"),
        ("welche themen will bremen 2019 im it planungsrat voranbringen", ""),
        ("Wer ist CDO in Essen?", "CDO"),
    ],
)
def test_questions_with_an_answer(demo_app, question, word):
    answer = demo_app.engine.answer(question)
    assert answer.is_answered, answer.reason
    shown = answer_to_json(answer)["quotes"]
    assert [quote for quote in shown if word in quote["text"]]


@pytest.mark.parametrize("question", ["Wie wird das Wetter morgen?", "Wie hoch war das OZG-Budget von Liechtenstein?"])
def test_questions_without_an_answer(demo_app, question):
    answer = demo_app.engine.answer(question)
    assert not answer.is_answered, [quote.text for quote in answer.quotes[:3]]
    assert answer.reason and not answer.quotes


def test_ask_shows_the_time_that_it_searched(demo_app):
    from bot.answer_json import answer_to_json
    from bot.answer_notes import noted
    from bot.answers import answer_replies

    answer = demo_app.engine.answer("Was gab es 2020 zur FITKO?")
    assert answer_to_json(answer)["period"] == {"first": "2020-01-01", "last": "2020-12-31", "use": "filtered"}
    (reply,) = [noted(reply, answer) for reply in answer_replies(answer)]
    assert reply.text.startswith("Zeitraum: 01.01.2020–31.12.2020\n") and not reply.buttons
    assert {quote.article.article.published.year for quote in answer.quotes} == {2020}


@pytest.mark.parametrize("year", range(2018, 2026))
def test_what_is_quoted_from_a_time_is_not_said_to_be_missing_there(demo_app, year):
    for subject in ("zum OZG", "zur BundID", "zur E-Akte", "zur Registermodernisierung"):
        answer = demo_app.engine.answer(f"Was gab es {year} {subject}?")
        years = [quote.article.article.published.year for quote in answer.quotes[: answer.shown]]
        use = answer.period and answer.period.use
        if use is TimeUse.FILTERED:
            assert set(years) <= {year}
        elif years:
            assert (use is TimeUse.NOTHING_FOUND) == (years[0] != year)


def test_follow_ups_over_the_shipped_articles(demo_app):
    talk = demo_app.conversation
    (first,) = talk.reply_to("Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?")
    (second,) = talk.reply_to("und 2020?")
    (third,) = talk.reply_to("und wer davor?")
    assert "verstanden" not in first.text
    assert second.text.startswith("verstanden als: Wer hat 2020 den Vorsitz im IT-Planungsrat übernommen?")
    assert third.text.startswith("verstanden als: Wer davor? – zu: 2020 Vorsitz im IT-Planungsrat\n")
    assert "IT-Planungsrat" in third.text.split("\n", 2)[2]
    talk.reply_to("Neue Frage")
