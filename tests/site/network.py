"""Stand-ins for what is below HTTP and for time: names and public addresses of a made-up internet, and a clock that is moved by hand."""

import ipaddress
import threading
from datetime import UTC, datetime, timedelta

import httpcore

from index.fetching.clock import Clock
from index.fetching.network import SystemNetwork


class MadeUpNetwork:
    """``names`` maps a host to its addresses (a list of lists: one answer after the other, the last one for ever); ``servers`` maps an address to a port here.

    Anything else fails loudly: a test that gets out of its network is wrong.
    """

    def __init__(self, names: dict[str, list[list[str]]], servers: dict[str, int]) -> None:
        self._names = names
        self._servers = servers
        self.connected: list[tuple[str, int]] = []

    def resolve(self, host: str, port: int) -> list[str]:
        if host not in self._names:
            raise OSError(f"{host} is not known here")
        answers = self._names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, timeout_s: float) -> httpcore.NetworkStream:
        assert address in self._servers, f"nobody may connect to {address}"
        self.connected.append((address, port))
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._servers[address], timeout_s)


class LoopbackNetwork(SystemNetwork):
    """The network of this machine, without what lies beyond it."""

    def connect(self, address: str, port: int, timeout_s: float) -> httpcore.NetworkStream:
        if not ipaddress.ip_address(address).is_loopback:
            raise httpcore.ConnectError(f"{address} is out of reach for tests")
        return super().connect(address, port, timeout_s)


class HandClock(Clock):
    """Waiting takes no time, but moves the clock."""

    def __init__(self) -> None:
        super().__init__()
        self._passed = 1_000.0
        self._mutex = threading.Lock()
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self._passed

    def now(self) -> datetime:
        return datetime(2025, 3, 3, 12, tzinfo=UTC) + timedelta(seconds=self._passed)

    def wait(self, seconds: float) -> bool:
        with self._mutex:
            self.waits.append(seconds)
            self._passed += max(seconds, 0.0)
        return super().wait(0)

    def move(self, seconds: float) -> None:
        self._passed += seconds
