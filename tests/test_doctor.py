"""``amtsfunk doctor``: names what is wrong and what to do, and is content where nothing is."""

import socket
from pathlib import Path

import pytest

from bot.doctor import NEEDED_BYTES, NEEDED_WITH_MODEL_BYTES, check_folder, check_space
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
