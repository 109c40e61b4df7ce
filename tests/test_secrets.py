"""The bot's token never reaches the log, wherever it stands."""

import logging
import subprocess
import sys

import pytest

from bot.secrets_log import HIDDEN, RedactingFormatter
from tests.conftest import ROOT

TOKEN = "123456789:AAF-x_0123456789abcdefghijklmnopqrs"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/getUpdates"


def record(message: str, *arguments: object, trace: BaseException | None = None) -> logging.LogRecord:
    info = (type(trace), trace, trace.__traceback__) if trace else None
    return logging.LogRecord("bot", logging.ERROR, "bot.py", 1, message, arguments, info)


def caught(error: BaseException) -> BaseException:
    """The error with a trace, and another one before it."""
    try:
        try:
            raise ConnectionError(f"GET {ADDRESS} failed")
        except ConnectionError as cause:
            raise error from cause
    except type(error) as raised:
        return raised


@pytest.mark.parametrize(
    "logged",
    [
        pytest.param(record(f"started with {TOKEN}"), id="message"),
        pytest.param(record("GET %s → %d", ADDRESS, 200), id="argument"),
        pytest.param(record("%r", {"url": ADDRESS, "again": TOKEN}), id="argument inside an object"),
        pytest.param(record("failed", trace=caught(ValueError(f"bad url {ADDRESS}"))), id="trace"),
    ],
)
@pytest.mark.parametrize("configured", [TOKEN, "", "987654321:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"])
def test_a_token_is_hidden_even_if_it_is_not_the_configured_one(logged, configured):
    text = RedactingFormatter(configured).format(logged)
    assert TOKEN not in text and TOKEN.split(":")[1] not in text
    assert HIDDEN in text


def test_the_trace_itself_stays_readable():
    text = RedactingFormatter(TOKEN).format(record("failed", trace=caught(ValueError(f"bad url {ADDRESS}"))))
    assert "ConnectionError" in text and "ValueError: bad url https://api.telegram.org/bot***/getUpdates" in text


def test_a_configured_token_of_another_form_is_hidden_too():
    assert RedactingFormatter("42:TEST").format(record("token %s", "42:TEST")).endswith("token ***")


def test_other_messages_are_left_as_they_are():
    text = RedactingFormatter(TOKEN).format(record("Um 12:30 kamen %d Fragen, Seite 12345:kurz.", 3))
    assert text.endswith("ERROR bot: Um 12:30 kamen 3 Fragen, Seite 12345:kurz.")


LOGGING_PROCESS = """
import logging, sys
from bot.secrets_log import configure_logging
token = sys.argv[1]
configure_logging(token)
logging.getLogger("bot").info("polling with %s", token)
logging.getLogger("httpx").info('HTTP Request: GET https://api.telegram.org/bot%s/getMe "HTTP/1.1 200 OK"', token)
logging.getLogger("httpcore.connection").info("connect %s", token)
logging.getLogger("httpx").warning("retrying %s", token)
raise_in_log = logging.getLogger("telegram")
try:
    raise OSError(f"cannot reach bot{token}")
except OSError:
    raise_in_log.exception("network")
"""


def test_a_process_logs_to_stderr_without_token_and_without_request_lines():
    result = subprocess.run([sys.executable, "-c", LOGGING_PROCESS, TOKEN], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout == ""
    assert TOKEN.split(":")[1] not in result.stderr
    assert "polling with ***" in result.stderr and "retrying ***" in result.stderr and "OSError: cannot reach bot***" in result.stderr
    assert "HTTP Request" not in result.stderr and "connect" not in result.stderr
