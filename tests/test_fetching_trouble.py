"""The fetcher on the hostile pages of the news site: every trouble ends soon, in little memory, with a sentence."""

import socket
import threading
import time
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fetching.fetcher import Fetcher
from index.fetching.outcomes import Failed, Fetched, Gone, NotModified
from tests.fetching import RULES
from tests.site.network import MadeUpNetwork

# What never ends is cut off soon; but not so soon that a busy machine looks like a slow server.
IMPATIENT = {
    "slow": replace(RULES, read_s=1.5),
    "drip": replace(RULES, total_s=2.5),
    "drip-headers": replace(RULES, total_s=2.5),
}
SOON_S = 12.0

TROUBLE = {
    "loop-a": "im Kreis",
    "chain": "Mehr als 5 Weiterleitungen",
    "to-file": "Nur http- und https-Adressen werden geholt, nicht „file:“",
    "to-credentials": "enthält Zugangsdaten",
    "to-nonsense": "keine brauchbare Webadresse",
    "to-nowhere": "nennt kein Ziel",
    "to-forbidden": "verbietet /intern/plan",
    "error": "Fehler des Servers (500)",
    "forbidden": "verweigert die Seite (403)",
    "not-modified": "„unverändert“ (304)",
    "odd-status": "Status 499",
    "empty": "Status 204",
    "slow": "schweigt länger als 1.5 Sekunden",
    "drip": "nicht in 2.5 Sekunden",
    "drip-headers": "nicht in 2.5 Sekunden",
    "endless": "größer als 1 MB",
    "large": "größer als 1 MB",
    "large-declared": "größer als 1 MB",
    "bomb": "größer als 1 MB",
    "bomb-twice": "größer als 1 MB",
    "bomb-file": "größer als 1 MB",
    "bomb-brotli": "größer als 1 MB",
    "short-body": "bricht die Verbindung mitten in der Antwort ab",
    "dropped": "bricht die Verbindung mitten in der Antwort ab",
    "no-answer": "bricht die Verbindung mitten in der Antwort ab",
    "garbage": "bricht die Verbindung mitten in der Antwort ab",
    "bad-length": "nicht so, wie es HTTP verlangt",
    "bad-header": "nicht so, wie es HTTP verlangt",
    "long-header": "nicht so, wie es HTTP verlangt",
    "lying-gzip": "beschädigt oder unvollständig",
    "cut-gzip": "beschädigt oder unvollständig",
    "unknown-packing": "mit „zstd“ gepackt",
}


OF_THE_SERVER = {"error", "slow", "drip", "drip-headers", "short-body", "dropped", "no-answer", "garbage"}


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_ends_soon_with_a_sentence(site, fetcher, name):
    url = f"{site.url}/hostile/{name}"
    started = time.monotonic()
    outcome = (Fetcher(IMPATIENT[name]) if name in IMPATIENT else fetcher).fetch(url)
    assert isinstance(outcome, Failed) and outcome.url == url
    assert TROUBLE[name] in outcome.reason and outcome.reason.endswith(".")
    assert outcome.concerns_server is (name in OF_THE_SERVER)
    assert time.monotonic() - started < SOON_S
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched), "everything else goes on"


def test_the_whole_visit_is_bounded_however_patient_we_are_with_silence(site):
    started = time.monotonic()
    outcome = Fetcher(replace(RULES, read_s=20.0, total_s=2.0)).fetch(site.url + "/hostile/slow")
    assert isinstance(outcome, Failed) and "nicht in 2 Sekunden" in outcome.reason and time.monotonic() - started < SOON_S


@pytest.mark.parametrize("name", ["large", "endless", "bomb", "bomb-twice", "bomb-file", "bomb-brotli"])
def test_what_is_too_large_never_lies_in_memory(site, fetcher, name):
    fetcher.fetch(site.url + "/")
    tracemalloc.start()
    try:
        fetcher.fetch(f"{site.url}/hostile/{name}")
        assert tracemalloc.get_traced_memory()[1] < 4 * RULES.max_bytes
    finally:
        tracemalloc.stop()


def test_more_than_promised_is_cut_where_it_was_promised(site, fetcher):
    outcome = fetcher.fetch(site.url + "/hostile/long-body")
    assert isinstance(outcome, Fetched) and outcome.data == b"Ganz"
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched), "the rest does not spoil the next answer"


def test_cookies_are_not_kept(site, fetcher):
    assert isinstance(fetcher.fetch(site.url + "/hostile/cookie"), Fetched)
    assert not [request for request in site.asked() if "cookie" in request.headers]


def test_other_connections_that_fail(fetcher):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    outcome = fetcher.fetch(f"http://127.0.0.1:{port}/")
    assert isinstance(outcome, Failed) and "keine Verbindung zustande (abgelehnt)" in outcome.reason and outcome.retry_after_s and outcome.concerns_server
    unknown = Fetcher(RULES, MadeUpNetwork({}, {})).fetch("http://gibt-es-nicht.example/")
    assert isinstance(unknown, Failed) and unknown.reason == "Der Name gibt-es-nicht.example ist im DNS nicht zu finden."


@settings(max_examples=40)
@given(st.binary(max_size=200) | st.tuples(st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 301 X\r\n", b"HTTP/1.1 429 \r\n"]), st.binary(max_size=120)).map(b"".join))
def test_any_bytes_end_in_an_outcome(answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_with, args=(listener, answer), daemon=True).start()
        fetcher = Fetcher(replace(RULES, read_s=0.2, total_s=0.3))
        outcome = fetcher.fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        fetcher.close()
    assert isinstance(outcome, Fetched | NotModified | Gone | Failed)


def answer_with(listener: socket.socket, answer: bytes) -> None:
    """Give everybody the same bytes; but no robots.txt, so that the page is asked for."""
    try:
        while True:
            connection, _ = listener.accept()
            with connection:
                is_robots = connection.recv(4096).startswith(b"GET /robots.txt")
                connection.sendall(b"HTTP/1.1 404 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n" if is_robots else answer)
    except OSError:
        pass  # the test is over
