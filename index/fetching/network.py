"""The network as the fetcher sees it: the address that was checked is the address that is connected to, and no read outlasts the visit.

``httpcore`` asks ``CheckedBackend`` for a connection and hands it the name of the host. Resolving, checking and connecting happen here, one
after the other on the same answer of the DNS, so a second answer can change nothing; TLS and the Host header keep the name.
"""

import ipaddress
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Protocol

import httpcore

from index.errors import ServerError
from index.fetching import texts_de as texts
from index.fetching.targets import is_public, refuse_address, refuse_host

# When the visit that this thread is on must be over, in ``time.monotonic()`` seconds. A context variable, as httpcore calls from deep
# inside, always in the visiting thread, and knows no such limit itself.
ends_at: ContextVar[float] = ContextVar("ends_at", default=float("inf"))

IS_PUBLIC = "is_public"  # extra information of a connection: whether it left the own network


class Network(Protocol):
    """What is below HTTP; tests put other addresses in here."""

    def resolve(self, host: str, port: int) -> list[str]:
        """IP addresses of a host in order of preference; raises OSError."""

    def connect(self, address: str, port: int, timeout_s: float) -> httpcore.NetworkStream:
        """A connection to an IP address; raises httpcore's ConnectError or ConnectTimeout."""


class SystemNetwork:
    """The network of this machine."""

    def resolve(self, host: str, port: int) -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(address[4][0]) for address in found))

    def connect(self, address: str, port: int, timeout_s: float) -> httpcore.NetworkStream:
        return httpcore.SyncBackend().connect_tcp(address, port, timeout_s)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to addresses that may be visited; raises ``FetchError`` for others."""

    def __init__(self, network: Network, allow_private: bool) -> None:
        self._network = network
        self._allow_private = allow_private

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        addresses = self._allowed_addresses(host, port)
        for address in addresses[:-1]:
            try:
                return TimedStream(self._network.connect(address, port, time_left(timeout) / 2), address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # such as IPv6 where there is none
        return TimedStream(self._network.connect(addresses[-1], port, time_left(timeout)), addresses[-1])

    def _allowed_addresses(self, host: str, port: int) -> list[str]:
        if not self._allow_private:
            refuse_host(host)
        try:
            addresses = self._network.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ServerError(texts.UNKNOWN_NAME.format(host=host)) from error
        for address in addresses:
            refuse_address(host, address, self._allow_private)
        if not addresses:
            raise ServerError(texts.UNKNOWN_NAME.format(host=host))
        return addresses


class TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the visit at the latest."""

    def __init__(self, stream: httpcore.NetworkStream, address: str) -> None:
        self._stream = stream
        self._address = address

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, time_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, time_left(timeout))

    def close(self) -> None:
        """Also ends a read that another thread is in, which closing alone does not."""
        with suppress(OSError):
            self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, time_left(timeout)), self._address)

    def get_extra_info(self, info: str) -> Any:
        return is_public(ipaddress.ip_address(self._address)) if info == IS_PUBLIC else self._stream.get_extra_info(info)


def time_left(timeout_s: float | None) -> float | None:
    """The shorter of a timeout and what is left of the visit; raises httpcore's ReadTimeout when nothing is left."""
    left = ends_at.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the visit has taken all its time")
    return left if timeout_s is None else min(timeout_s, left)
