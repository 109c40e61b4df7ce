"""The fetcher against the news site: a real server process, its good pages and its hostile ones."""

import http.server
import logging
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
from dataclasses import replace
from urllib.parse import urlsplit

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fetching.fetcher import Fetcher, FetchRules
from index.fetching.outcomes import Failed, Fetched, Gone, NotModified, Validators
from tests.conftest import ROOT
from tests.site.grammar import write_news
from tests.site.network import HandClock, MadeUpNetwork

RULES = FetchRules(contact="post@example.org", max_bytes=1_000_000, read_s=8.0, total_s=15.0, pace_s=0.0, allow_private=True)
# What never ends is cut off soon; but not so soon that a busy machine looks like a slow server.
IMPATIENT = {
    "slow": replace(RULES, read_s=1.5),
    "drip": replace(RULES, total_s=2.5),
    "drip-headers": replace(RULES, total_s=2.5),
}
SOON_S = 12.0
PUBLIC, OTHER_PUBLIC = "93.184.216.34", "2606:2800:220:1::1"


@pytest.fixture
def fetcher():
    fetcher = Fetcher(RULES)
    yield fetcher
    fetcher.close()


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port
    return port


def public_network(site, **names: list[list[str]]) -> MadeUpNetwork:
    """``blick.example`` is the site on a public address, ``nachbar.example`` on another one."""
    known = {"blick.example": [[PUBLIC]], "nachbar.example": [[OTHER_PUBLIC]]}
    known |= {f"{name}.example": answers for name, answers in names.items()}
    return MadeUpNetwork(known, {PUBLIC: port_of(site.url), OTHER_PUBLIC: port_of(site.other_url)})


# good pages


def test_a_page_and_its_next_visit(site, fetcher):
    url = site.url + write_news(7).path
    first = fetcher.fetch(url)
    assert isinstance(first, Fetched) and first.url == url and not first.moved_to
    assert write_news(7).paragraphs[2] in first.data.decode() and first.content_type.startswith("text/html")
    assert fetcher.fetch(url, first.validators) == NotModified(url, first.validators)
    assert site.counts("/meldungen/") == {200: 1, 304: 1}


def test_one_connection_serves_many_visits(site):
    network = public_network(site)
    fetcher = Fetcher(RULES, network)
    first = fetcher.fetch("http://blick.example/feed.xml")
    assert isinstance(first, Fetched)
    for _ in range(3):
        assert isinstance(fetcher.fetch("http://blick.example/feed.xml", first.validators), NotModified)
    assert network.connected == [(PUBLIC, 80)]


def test_a_corrected_page_is_fetched_again(site, fetcher):
    url = site.url + write_news(7).path
    first = fetcher.fetch(url)
    site.change(7, "Das ist berichtigt.")
    second = fetcher.fetch(url, first.validators)
    assert isinstance(second, Fetched) and b"Das ist berichtigt." in second.data and second.validators.etag != first.validators.etag


def test_last_modified_alone_is_enough(site, fetcher):
    url = site.url + write_news(8).path
    first = fetcher.fetch(url)
    assert isinstance(first, Fetched)
    again = fetcher.fetch(url, Validators(last_modified=first.validators.last_modified))
    assert again == NotModified(url, first.validators)


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/a;jsessionid=1;v=2?nn=3&x=;y", "/a;jsessionid=1;v=2?nn=3&x=;y"), ("/ä b?q=ü", "/%C3%A4%20b?q=%C3%BC"), ("?p=7", "/?p=7"), ("/a%2Fb", "/a%2Fb")],
)
def test_addresses_are_asked_for_as_they_are(site, fetcher, path, sent):
    fetcher.fetch(site.url + path)
    assert site.asked()[-1].path == sent


@pytest.mark.parametrize("host", ["blick.example:8080", "[2606:2800:220:1::1]", "[2606:2800:220:1::1]:8080"])
def test_the_host_is_named_as_in_the_address(site, host):
    network = MadeUpNetwork({"blick.example": [[PUBLIC]], OTHER_PUBLIC: [[OTHER_PUBLIC]]}, dict.fromkeys([PUBLIC, OTHER_PUBLIC], port_of(site.url)))
    assert isinstance(Fetcher(replace(RULES, allow_private=False), network).fetch(f"http://{host}/"), Fetched)
    assert {request.headers["host"] for request in site.asked()} == {host}


def test_we_say_who_we_are(site, fetcher):
    fetcher.fetch(site.url + "/")
    for request in site.asked():
        assert request.headers["user-agent"] == "Amtsfunk/0.1 (+post@example.org)"
        assert request.headers["accept-encoding"] == "gzip, deflate, br"


@pytest.mark.parametrize("name", ["brotli-page", "raw-deflate"])
def test_all_packings_that_we_accept(site, fetcher, name):
    outcome = fetcher.fetch(f"{site.url}/hostile/{name}")
    assert isinstance(outcome, Fetched) and len(outcome.data) == 65_000 and outcome.data.startswith(b"<p>Viel zu viel")


def test_a_packed_file_is_unpacked(site, fetcher):
    outcome = fetcher.fetch(site.url + "/sitemap-1.xml.gz")
    assert isinstance(outcome, Fetched) and outcome.data.startswith(b"<?xml") and outcome.data.count(b"<loc>") == 250


# redirects


@pytest.mark.parametrize(
    ("path", "moved"),
    [("/moved/5", "there"), ("/moved-308/5", "there"), ("/for-now/5", ""), ("/moved-for-now/5", "/for-now/5"), ("/for-now-moved/5", "")],
)
def test_permanent_redirects_are_told(site, fetcher, path, moved):
    there = site.url + write_news(5).path
    outcome = fetcher.fetch(site.url + path)
    assert isinstance(outcome, Fetched) and outcome.url == there
    assert outcome.moved_to == (there if moved == "there" else moved and site.url + moved)


def test_a_redirected_page_may_be_unchanged(site, fetcher):
    first = fetcher.fetch(site.url + "/moved/5")
    assert isinstance(first, Fetched)
    again = fetcher.fetch(site.url + "/moved/5", first.validators)
    assert again == NotModified(first.url, first.validators, first.moved_to)


def test_a_deleted_page(site, fetcher):
    site.delete(3, 404)
    url = site.url + write_news(3).path
    assert fetcher.fetch(url) == Gone(url, 404)
    assert fetcher.fetch(site.url + "/hostile/gone") == Gone(site.url + "/hostile/gone", 410)


# trouble

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


@settings(max_examples=40, deadline=None)
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


# robots.txt


def test_what_robots_forbid_is_not_asked_for(site, fetcher):
    outcome = fetcher.fetch(site.url + "/intern/plan?token=geheim")
    assert outcome == Failed(site.url + "/intern/plan?token=geheim", "Die robots.txt von 127.0.0.1 verbietet /intern/plan.")
    assert [request.path for request in site.asked()] == ["/robots.txt"]


def test_rules_for_us_win_over_rules_for_all(site, fetcher):
    site.set_robots("User-agent: *\nAllow: /\n\nUser-agent: amtsfunk\nDisallow: /meldungen/\n")
    assert isinstance(fetcher.fetch(site.url + write_news(1).path), Failed) and isinstance(fetcher.fetch(site.url + "/"), Fetched)


def test_robots_are_asked_for_once_a_day(site):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    for _ in range(3):
        fetcher.fetch(site.url + "/")
    assert len(site.asked("/robots.txt")) == 1
    clock.move(86_401)
    fetcher.fetch(site.url + "/")
    assert len(site.asked("/robots.txt")) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_robots_everything_is_allowed(site, fetcher, status):
    site.set_robots(status=status)
    assert isinstance(fetcher.fetch(site.url + "/intern/plan"), Fetched)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_robots_in_trouble_close_the_site_for_a_while(site, status):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    site.set_robots(status=status)
    first, second = fetcher.fetch(site.url + "/"), fetcher.fetch(site.url + "/")
    assert isinstance(first, Failed) and "robots.txt von 127.0.0.1 ist zurzeit nicht zu lesen" in first.reason
    assert isinstance(second, Failed) and 500 < (second.retry_after_s or 0) <= 600 and second.concerns_server
    assert [request.path for request in site.asked()] == ["/robots.txt"]
    site.set_robots()
    clock.move(601)
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched)


def test_known_rules_hold_while_robots_are_in_trouble(site):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    fetcher.fetch(site.url + "/")
    site.set_robots(status=500)
    clock.move(86_401)
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched)
    assert isinstance(fetcher.fetch(site.url + "/intern/plan"), Failed)


@pytest.mark.parametrize(("asked", "kept"), [("3", 3.0), ("3600", 30.0), ("unsinn", 1.0), ("0.1", 1.0)])
def test_crawl_delay_up_to_a_bound(site, asked, kept):
    site.set_robots(f"User-agent: *\nCrawl-delay: {asked}\n")
    clock = HandClock()
    fetcher = Fetcher(replace(RULES, pace_s=1.0), clock=clock)
    for number in range(3):
        fetcher.fetch(site.url + write_news(number).path)
    assert clock.waits == [0.0, 1.0, kept, kept]  # robots.txt, then the pages


# pauses


def test_a_pause_that_the_server_asks_for_is_kept(site):
    clock = HandClock()
    fetcher = Fetcher(RULES, clock=clock)
    outcome = fetcher.fetch(site.url + "/hostile/too-many")
    assert outcome == Failed(site.url + "/hostile/too-many", "127.0.0.1 meldet zu viele Anfragen (429).", 7.0, 429, concerns_server=True)
    site.forget()
    held = fetcher.fetch(site.url + "/")
    assert isinstance(held, Failed) and held.retry_after_s == 7.0 and "noch 7 Sekunden" in held.reason and not site.asked()
    assert isinstance(fetcher.fetch(site.other_url + "/"), Fetched), "other servers are not meant"
    clock.move(7)
    assert isinstance(fetcher.fetch(site.url + "/"), Fetched)


def test_a_pause_with_a_date(site, fetcher):
    outcome = fetcher.fetch(site.url + "/hostile/unavailable")
    assert isinstance(outcome, Failed) and outcome.status == 503 and 100 < (outcome.retry_after_s or 0) <= 120


def test_closing_ends_waiting(site):
    fetcher = Fetcher(replace(RULES, pace_s=60.0))
    outcomes = []
    waiting = threading.Thread(target=lambda: outcomes.append(fetcher.fetch(site.url + "/")))
    waiting.start()
    time.sleep(0.3)  # robots.txt is fetched, the page has to wait a minute
    fetcher.close()
    waiting.join(5)
    assert [type(outcome) for outcome in outcomes] == [Failed]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_closing_calls_off_whoever_waits_for_a_server(site, scheme, request):
    if scheme == "https":
        network, url = request.getfixturevalue("tls_network"), "https://blick.example/langsam"
        request.getfixturevalue("monkeypatch").setenv("SSL_CERT_FILE", str(request.getfixturevalue("certificate") / "cert.pem"))
    else:
        network, url = public_network(site), "http://blick.example/hostile/slow"
    fetcher, outcomes = Fetcher(RULES, network), []
    waiting = threading.Thread(target=lambda: outcomes.append(fetcher.fetch(url)))
    waiting.start()
    time.sleep(0.5)
    started = time.monotonic()
    fetcher.close()
    waiting.join(6)
    assert [type(outcome) for outcome in outcomes] == [Failed] and time.monotonic() - started < 6


def test_many_threads_share_a_fetcher(site, fetcher):
    outcomes = {}

    def read(part: int) -> None:
        for number in range(part, 60, 6):
            outcomes[number] = fetcher.fetch(site.url + write_news(number).path)

    threads = [threading.Thread(target=read, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(write_news(number).paragraphs[1] in outcomes[number].data.decode() for number in range(60))
    assert len(site.asked("/robots.txt")) == 1


# where we may go

FORBIDDEN = [
    *("http://127.0.0.1/", "http://127.9.9.9:8080/", "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/"),
    *("http://100.64.0.1/", "http://0.0.0.0/", "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/", "http://192.0.2.1/"),
    *("http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[2001:db8::1]/"),
    *("http://[::ffff:127.0.0.1]/", "http://[::ffff:93.184.216.34]/", "http://[::127.0.0.1]/"),
    *("http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::7f00:1]/", "http://[2002:7f00:1::]/"),
    *("http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://017700000001/", "http://127.1/", "http://127.0.0.1./"),
    *("http://localhost/", "http://innen.example/", "http://gemischt.example/"),
]


class LiteralNetwork(MadeUpNetwork):
    """Resolves addresses to themselves, as the system does, and the numbers in disguise, too."""

    def resolve(self, host: str, port: int) -> list[str]:
        if host in self._names:
            return super().resolve(host, port)
        return [str(found[4][0]) for found in socket.getaddrinfo(host.rstrip("."), port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_addresses_of_the_own_network_are_refused(url):
    names = {"localhost": [["127.0.0.1"]], "innen.example": [["192.168.0.7"]], "gemischt.example": [[PUBLIC, "10.0.0.1"]]}
    network = LiteralNetwork(names, {})
    outcome = Fetcher(replace(RULES, allow_private=False), network).fetch(url)
    assert isinstance(outcome, Failed) and not network.connected
    assert any(words in outcome.reason for words in ("nicht öffentlichen Netz", "verkleidete IP-Adresse", "kein Webserver"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://blick.example/", "nicht „ftp:“"),
        ("file:///etc/passwd", "nicht „file:“"),
        ("javascript:alert(1)", "nicht „javascript:“"),
        ("http://nutzer:geheim@blick.example/", "Zugangsdaten"),
        ("//blick.example/", "keine brauchbare"),
        ("blick.example", "keine brauchbare"),
        ("", "keine brauchbare"),
        ("http://", "keine brauchbare"),
        ("http://blick.example:99999/", "keine brauchbare"),
        ("http://blick.example%00/", "keine brauchbare"),
        ("http://[fe80::1%25eth0]/", "keine brauchbare"),
        ("http://a b.example/", "keine brauchbare"),
        ("http://" + "x" * 70_000, "keine brauchbare"),
        ("http://0177.0.0.1/", "keine brauchbare"),
        ("http://①②⑦.⓪.⓪.①/", "keine brauchbare"),
    ],
)
def test_addresses_that_are_none(url, words):
    outcome = Fetcher(RULES, MadeUpNetwork({}, {})).fetch(url)
    assert isinstance(outcome, Failed) and words in outcome.reason and "geheim" not in str(outcome)


def test_the_checked_address_is_the_one_connected_to(site):
    network = public_network(site, wechsel=[[PUBLIC], ["127.0.0.1"]])
    fetcher = Fetcher(replace(RULES, allow_private=False), network)
    assert isinstance(fetcher.fetch("http://blick.example/"), Fetched)
    assert network.connected == [(PUBLIC, 80)] and site.asked("/")[0].headers["host"] == "blick.example"
    assert isinstance(fetcher.fetch("http://wechsel.example/feed.xml"), Fetched), "one answer of the DNS, one connection"
    fetcher.close()
    later = Fetcher(replace(RULES, allow_private=False), public_network(site, wechsel=[["127.0.0.1"]])).fetch("http://wechsel.example/feed.xml")
    assert isinstance(later, Failed) and "nicht öffentlichen Netz" in later.reason


def test_the_next_address_is_tried(site):
    class Partly(MadeUpNetwork):
        def connect(self, address, port, timeout_s):
            if address == OTHER_PUBLIC:
                raise httpcore.ConnectError("no IPv6 here")
            return super().connect(address, port, timeout_s)

    network = Partly({"blick.example": [[OTHER_PUBLIC, PUBLIC]]}, {PUBLIC: port_of(site.url)})
    assert isinstance(Fetcher(RULES, network).fetch("http://blick.example/"), Fetched)


@pytest.mark.parametrize("allow_private", [False, True])
@pytest.mark.parametrize("name", ["to-private", "to-metadata"])
def test_a_public_page_never_leads_into_the_own_network(site, allow_private, name):
    network = public_network(site)
    network._names |= {"10.0.0.1": [["10.0.0.1"]], "::ffff:169.254.169.254": [["::ffff:169.254.169.254"]]}
    outcome = Fetcher(replace(RULES, allow_private=allow_private), network).fetch(f"http://blick.example/hostile/{name}")
    assert isinstance(outcome, Failed) and outcome.reason.startswith("Die Weiterleitung führt zu http://") and "nicht öffentlichen Netz" in outcome.reason
    assert "token" not in outcome.reason and {address for address, _ in network.connected} == {PUBLIC}


def test_redirects_between_public_sites_ask_the_other_robots_too(site):
    network = public_network(site)
    fetcher = Fetcher(replace(RULES, allow_private=False), network)
    assert isinstance(fetcher.fetch("http://blick.example/moved/2"), Fetched)
    assert isinstance(fetcher.fetch("http://nachbar.example/moved/2"), Fetched)
    assert [request.headers["host"] for request in site.asked("/robots.txt")] == ["blick.example", "nachbar.example"]


# TLS


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for ``blick.example`` that signs itself."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=blick.example", "-addext", "subjectAltName=DNS:blick.example"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files], check=True, capture_output=True)
    return folder


@pytest.fixture
def tls_network(certificate):
    """``blick.example`` and ``falsch.example`` lead to a server with that certificate."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(8 if self.path == "/langsam" else 0)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.headers["Host"].encode())

        def log_message(self, *_arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.handle_error = lambda *_arguments: None  # refused handshakes are what is tested
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield MadeUpNetwork({"blick.example": [[PUBLIC]], "falsch.example": [[PUBLIC]]}, {PUBLIC: server.server_port})
    server.shutdown()
    server.server_close()


def test_certificates_are_checked_by_name(certificate, tls_network, monkeypatch):
    unknown = Fetcher(RULES, tls_network).fetch("https://blick.example/")
    assert isinstance(unknown, Failed) and unknown.reason.startswith("Das Zertifikat von blick.example ist nicht in Ordnung")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    fetcher = Fetcher(replace(RULES, allow_private=False), tls_network)
    good, wrong = fetcher.fetch("https://blick.example/"), fetcher.fetch("https://falsch.example/")
    assert isinstance(good, Failed | Fetched) and getattr(good, "data", b"") == b"blick.example"
    assert isinstance(wrong, Failed) and "Das Zertifikat von falsch.example" in wrong.reason


def test_plain_http_where_tls_is_expected(site):
    outcome = Fetcher(RULES, public_network(site)).fetch("https://blick.example/")
    assert isinstance(outcome, Failed) and "verschlüsselte Verbindung mit blick.example" in outcome.reason


# what stays inside


def test_nothing_secret_is_logged(site, fetcher, caplog):
    with caplog.at_level(logging.DEBUG):
        fetcher.fetch(site.url + "/feed.xml?token=geheim")
        fetcher.fetch("http://nutzer:geheim@blick.example/")
        failed = fetcher.fetch(site.url + "/hostile/error?token=geheim")
    assert "geheim" not in caplog.text and isinstance(failed, Failed) and "geheim" not in failed.reason


def test_the_http_library_is_loaded_with_the_first_visit():
    code = "import sys; from index.fetching.fetcher import Fetcher; Fetcher()\nprint([name for name in ('httpx', 'httpcore', 'protego', 'brotli', 'ssl') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"
