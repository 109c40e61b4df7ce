"""Where the fetcher may go: addresses of the own network, the address that was checked, certificates."""

import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import replace

import httpcore
import pytest

from index.fetching.fetcher import Fetcher
from index.fetching.outcomes import Failed, Fetched
from tests.fetching import OTHER_PUBLIC, PUBLIC, RULES, port_of, public_network
from tests.site.network import MadeUpNetwork

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
