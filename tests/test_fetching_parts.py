"""The deciding parts of fetching, without a network."""

import gzip
import ipaddress
import threading
import time
import zlib
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FetchError
from index.fetching.clock import Clock
from index.fetching.gates import Gates
from index.fetching.retrying import FIRST_DELAY_S, LONGEST_DELAY_S, LONGEST_RETRY_AFTER_S, backoff_s, read_retry_after
from index.fetching.rules import FetchRules
from index.fetching.targets import is_public, read_target, shown
from index.fetching.texts_de import size_in_words
from index.fetching.unpacking import PIECE, collect, unpack
from tests.site.network import HandClock

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
PACKERS = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 03 Mar 2025 12:01:30 GMT", 90.0),
        ("Mon, 03 Mar 2025 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 2099 23:59:59 GMT", LONGEST_RETRY_AFTER_S),
        ("99999999999", LONGEST_RETRY_AFTER_S),
        ("999999999999999", None),
        ("-5", None),
        ("1e3", None),
        ("bald", None),
        ("", None),
        ("²", None),
    ],
)
def test_retry_after(value, seconds):
    assert read_retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_read_or_ignored(value):
    seconds = read_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER_S


@given(st.integers(1, 500), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e6))
def test_backoff_grows_to_a_day_and_never_undercuts_the_server(failures, chance, retry_after_s):
    delay = backoff_s(failures, chance, retry_after_s)
    assert delay >= (retry_after_s or 0)
    assert FIRST_DELAY_S / 2 <= delay <= max(1.5 * LONGEST_DELAY_S, retry_after_s or 0)
    assert backoff_s(failures + 1, chance) >= backoff_s(failures, chance)


def test_backoff_doubles():
    assert [backoff_s(failures, 0.5) for failures in (1, 2, 3, 4)] == [60.0, 120.0, 240.0, 480.0]
    assert backoff_s(3, 0.0) != backoff_s(3, 0.9)


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=2_000), st.integers(1, 300), st.integers(1, 100))
def test_packed_and_unpacked_is_the_same(encoding, data, repeat, size):
    data = b"<" + data * repeat
    packed = PACKERS[encoding](data)
    chunks = [packed[start : start + size * 50] for start in range(0, len(packed), size * 50)]
    assert collect(unpack(chunks, encoding), len(data)) == data
    with pytest.raises(FetchError, match="größer als"):
        collect(unpack(chunks, encoding), len(data) - 1)


@given(st.sampled_from(["gzip", "deflate", "br"]), st.binary(min_size=30, max_size=300), st.integers(1, 20))
def test_what_is_cut_off_is_noticed(encoding, data, missing):
    packed = PACKERS[encoding](data)
    with pytest.raises(FetchError, match="unvollständig"):
        collect(unpack([packed[: max(len(packed) - missing, 1)]], encoding), 10_000)


@given(st.sampled_from(["", "gzip", "deflate", "br", "gzip, gzip", "x-gzip"]), st.lists(st.binary(max_size=50), max_size=5))
def test_any_bytes_are_unpacked_or_refused(encoding, chunks):
    try:
        collect(unpack(chunks, encoding), 1_000_000)
    except FetchError as error:
        assert str(error).endswith(".")


def test_members_one_after_the_other_and_what_follows():
    packed = gzip.compress(b"eins ") + gzip.compress(b"zwei")
    assert collect(unpack([packed], "gzip"), 100) == b"eins zwei"
    assert collect(unpack([packed, b"\0\0\0"], "gzip"), 100) == b"eins zwei"
    assert collect(unpack([packed + b"Rest"], "gzip"), 100) == b"eins zwei"


def test_no_piece_of_a_bomb_is_large():
    for encoding in ("gzip", "deflate", "br"):
        sizes = [len(piece) for piece in unpack([PACKERS[encoding](bytes(3_000_000))], encoding)]
        assert sum(sizes) == 3_000_000 and max(sizes) <= 4 * PIECE


def test_more_layers_than_anybody_needs():
    with pytest.raises(FetchError, match="gepackt"):
        unpack([b""], "gzip, gzip, gzip, gzip")


@pytest.mark.parametrize(
    ("url", "door", "visited"),
    [
        ("HTTP://Blick.Example", "blick.example:80", "http://blick.example"),
        ("https://blick.example/a#b", "blick.example:443", "https://blick.example/a"),
        ("https://straße.example/ä?ö=ü", "xn--strae-oqa.example:443", "https://xn--strae-oqa.example/%C3%A4?%C3%B6=%C3%BC"),
        ("http://[2001:DB8::1]:8080/", "[2001:db8::1]:8080", "http://[2001:DB8::1]:8080/"),
    ],
)
def test_addresses_are_read(url, door, visited):
    target = read_target(url)
    assert target.door == door and target.url.rstrip("/") == visited.rstrip("/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("64:ff9b::5db8:d822", True),  # how a network without IPv4 reaches 93.184.216.34
        ("64:ff9b::7f00:1", False),
        ("2002:5db8:d822::1", True),
        ("2002:c0a8:1::1", False),
        ("::ffff:93.184.216.34", False),
        ("192.88.99.1", False),
        ("2001:db8::1", False),
    ],
)
def test_public_addresses(address, public):
    assert is_public(ipaddress.ip_address(address)) is public


def test_shown_addresses_keep_secrets():
    assert shown("https://nutzer:geheim@blick.example/a?token=geheim#geheim") == "https://blick.example/a"


def test_the_user_agent_is_a_valid_header():
    assert FetchRules(contact="Bürgeramt\r\nX: y <post@example.org>").user_agent == "Amtsfunk/0.1 (+Brgeramt X: y <post@example.org>)"
    assert FetchRules().user_agent == "Amtsfunk/0.1 (no contact given)"


def test_sizes_in_words():
    assert [size_in_words(size) for size in (12, 4_000, 16_000_000)] == ["12 Bytes", "4 kB", "16 MB"]


def test_pace_is_kept_for_each_server():
    clock = HandClock()
    gates = Gates(2, clock)
    for door in ("a", "a", "b", "a"):
        with gates.enter(door, 5.0) as held_s:
            assert not held_s
    assert clock.waits == [0.0, 5.0, 0.0, 5.0]


def test_no_more_than_so_many_at_a_time():
    gates, inside, most = Gates(2, Clock()), [], []

    def visit() -> None:
        with gates.enter("a", 0.0):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 2 and len(most) == 8


def test_a_pause_lets_nobody_in():
    clock = HandClock()
    gates = Gates(2, clock)
    with gates.enter("a", 10.0):
        gates.hold("a", 60.0)
    with gates.enter("a", 10.0) as held_s:
        assert held_s == 60.0 and clock.waits == [0.0]
    with gates.enter("b", 10.0) as held_s:
        assert not held_s


def test_who_waits_while_a_pause_begins_is_told_too():
    class Interrupted(HandClock):
        def wait(self, seconds: float) -> bool:
            gates.hold("a", 60.0)
            return super().wait(seconds)

    gates = Gates(2, Interrupted())
    with gates.enter("a", 10.0) as held_s:
        assert held_s == 60.0


def test_a_stopped_clock_lets_nobody_in():
    clock = Clock()
    clock.stop()
    with pytest.raises(FetchError, match="beendet"), Gates(1, clock).enter("a", 0.0):
        pass
