"""``amtsfunk doctor``: names what is wrong and what to do, and is content where nothing is."""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.doctor import (
    MAX_CLOCK_SKEW_S,
    NEEDED_BYTES,
    NEEDED_WITH_MODEL_BYTES,
    GroupTrouble,
    TelegramState,
    check_folder,
    check_space,
    check_telegram,
)
from bot.settings import read_settings
from bot.telegram_examining import ask_telegram_state, skew_of
from index.errors import ConfigurationError
from tests.botapi.client import BotApiServer
from tests.command import run_command
from tests.telegram_bot import SECRET, TOKEN


def doctor(home: Path, **variables: str):
    finished = run_command(["doctor"], home, variables)
    assert SECRET not in finished.out + finished.err and "Traceback" not in finished.err
    return finished


def problems(out: str) -> list[str]:
    return [line.split()[1].rstrip(":") for line in out.splitlines() if line.startswith("FEHLER")]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_all_is_well(demo_home):
    with BotApiServer(TOKEN) as server:
        finished = doctor(demo_home, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url)
    assert finished.code == 0 and finished.out.rstrip().endswith("Alles in Ordnung.")
    assert "Privatsphäre-Modus an" in finished.out and "kein Webhook, kein zweites Programm" in finished.out and "geht richtig" in finished.out
    assert "angemeldet als @test_bot" in finished.out and "Artikel in" in finished.out and "384 Dimensionen" in finished.out


def test_without_a_token_the_terminal_is_enough(demo_home):
    finished = doctor(demo_home)
    assert finished.code == 0 and "kein TELEGRAM_BOT_TOKEN" in finished.out


def test_a_refused_token_and_a_model_that_is_none(demo_home, tmp_path):
    (tmp_path / "model").mkdir()
    with BotApiServer(TOKEN) as server:
        other = TOKEN.replace("123456789", "987654321")
        finished = doctor(demo_home, TELEGRAM_BOT_TOKEN=other, TELEGRAM_API_URL=server.url, AMTSFUNK_MODEL=str(tmp_path / "model"))
    assert finished.code == 1 and problems(finished.out) == ["Sprachmodell", "Telegram"]
    assert "@BotFather" in finished.out and "AMTSFUNK_MODEL" in finished.out


def test_an_unreachable_server_and_a_database_that_is_none(own_home):
    for path in own_home.glob("amtsfunk.sqlite*"):
        path.unlink()
    (own_home / "amtsfunk.sqlite").write_bytes(b"kein SQLite " * 1000)
    finished = doctor(own_home, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=f"http://127.0.0.1:{closed_port()}")
    assert finished.code == 1 and problems(finished.out) == ["Datenbank", "Telegram"]
    assert "Sicherung zurückspielen" in finished.out and "TELEGRAM_API_URL prüfen" in finished.out


def test_a_home_that_cannot_be_written(tmp_path):
    (tmp_path / "home").write_text("a file")
    finished = doctor(tmp_path / "home")
    assert finished.code == 1 and "Fehler" in finished.out + finished.err


def test_a_wrong_setting_is_named(tmp_path):
    finished = doctor(tmp_path, TELEGRAM_API_URL="localhost")
    assert finished.code == 1 and "TELEGRAM_API_URL muss eine Adresse" in finished.err


def test_the_folder_is_made_and_left_empty(tmp_path):
    assert not check_folder(tmp_path / "new").is_problem
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(("free", "has_model", "is_problem"), [
    (NEEDED_BYTES, False, False),
    (NEEDED_BYTES - 1, False, True),
    (NEEDED_BYTES - 1, True, False),
    (NEEDED_WITH_MODEL_BYTES - 1, True, True),
])  # fmt: skip
def test_space(free, has_model, is_problem):
    assert check_space(free, has_model).is_problem == is_problem


# Telegram's side

WELL = TelegramState("test_bot", True, False, True, "", False, 1.0, (), 0)


@pytest.mark.parametrize(
    ("changes", "subject", "says"),
    [
        ({}, "", ""),
        ({"reads_all_messages": True}, "Gruppen", "/setprivacy"),
        ({"troubles": (GroupTrouble(-5, "hat den Bot entfernt"),), "groups": 2}, "Gruppen", "wieder aufnehmen"),
        ({"webhook": "example.org"}, "Abfrage", "eigenes Token"),
        ({"has_second_poller": True}, "Abfrage", "/revoke"),
        ({"has_second_poller": None}, "", ""),
        ({"clock_skew_s": MAX_CLOCK_SKEW_S + 1}, "Uhr", "Zeitabgleich"),
        ({"clock_skew_s": -3600.0}, "Uhr", "Zeitabgleich"),
        ({"clock_skew_s": None, "has_inline": False, "may_join_groups": False}, "", ""),
    ],
)
def test_what_is_wrong_at_telegram_is_named_with_what_to_do(changes, subject, says):
    found = list(check_telegram(replace(WELL, **changes), has_admins=False))
    assert [finding.subject for finding in found if finding.is_problem] == ([subject] if subject else [])
    assert all(says in finding.advice for finding in found if finding.is_problem)


@pytest.mark.parametrize(("header", "skew"), [("Thu, 01 Jan 1970 00:01:00 GMT", 40.0), (None, None), ("gestern", None)])
def test_the_clock_is_compared_with_the_servers(header, skew):
    assert skew_of(header, 100.0) == skew


def test_a_webhook_another_program_and_a_lost_group_are_found(tmp_path):
    with BotApiServer(TOKEN) as server, httpx.Client(base_url=f"{server.url}/bot{TOKEN}/", trust_env=False, timeout=30) as http:
        settings = read_settings({"AMTSFUNK_HOME": str(tmp_path), "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url}, tmp_path)
        server.chat(-5, type="supergroup", title="Runde", blocked=True)
        server.chat(-6, type="channel", title="Kanal", admins=[1, int(TOKEN.split(":")[0])])
        with other_poller(http):
            state = ask_telegram_state(settings, [-5, -6, -7], True)
        assert state.has_second_poller and [trouble.chat_id for trouble in state.troubles] == [-5, -7]
        http.get("setWebhook", params={"url": "https://example.org/secret"})
        state = ask_telegram_state(settings, [], True)
        assert state.webhook == "example.org" and state.has_second_poller is False and abs(state.clock_skew_s) < 5


@contextmanager
def other_poller(http: httpx.Client):
    """Another program that polls, again and again."""
    done = threading.Event()

    def poll() -> None:
        while not done.is_set():
            http.get("getUpdates", params={"timeout": 1})
            time.sleep(0.2)

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_settings_that_cannot_be_read_are_explained(tmp_path):
    (tmp_path / "amtsfunk.toml").write_text("admins = [1, 2")
    finished = doctor(tmp_path)
    assert finished.code == 1 and "amtsfunk.toml ist nicht lesbar" in finished.err


@pytest.mark.parametrize(("text", "admins"), [("", set()), ("5, 6,", {5, 6}), ("[5, 6]", {5, 6}), ("anna", None), ("-5", None), ("5;6", None), ("²", None)])
def test_the_operators_are_numbers(tmp_path, text, admins):
    if admins is None:
        with pytest.raises(ConfigurationError, match="AMTSFUNK_ADMINS"):
            read_settings({"AMTSFUNK_ADMINS": text}, tmp_path)
    else:
        assert read_settings({"AMTSFUNK_ADMINS": text}, tmp_path).admins == admins
