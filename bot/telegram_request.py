"""Calls to Telegram over aiohttp, in place of python-telegram-bot's own request over httpx.

A message costs a quarter of the processor time, which is the interpreter's and so every other thread's (docs/measurements.md). What cannot have been sent is told apart from what may have been.
"""

import contextlib
from collections.abc import Iterator
from functools import cache
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

# Words of errors about a call that never left this machine.
NOT_CONNECTED, NO_CONNECTION_FREE = "ConnectError", "Pool timeout"
CONNECT_S = READ_S = WRITE_S = 5.0  # as python-telegram-bot has them
WRITE_FILES_S = 20.0


class TelegramRequest(BaseRequest):
    """At most ``connections`` at a time; who has waited ``wait_s`` for one is told so. Proxies as the environment names them
    (``HTTPS_PROXY``) at the first call to a host, certificates as httpx trusts them."""

    def __init__(self, connections: int, wait_s: float) -> None:
        self._connections, self._wait_s = connections, wait_s
        self._proxy = cache(_proxy)  # aiohttp's trust_env asks two threads and reads a file at each call
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds of silence after which a call has failed."""
        return READ_S

    async def initialize(self) -> None:
        """Open it, if it is closed."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=httpx.create_ssl_context())
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=jar, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Raises TimedOut and NetworkError, which say nothing of the address: it holds the token."""
        if self._session is None or self._session.closed:
            raise RuntimeError("closed")
        files = bool(request_data and request_data.contains_files)
        wait_s, connect_s = _chosen(pool_timeout, self._wait_s), _chosen(connect_timeout, CONNECT_S)
        write_s, read_s = _chosen(write_timeout, WRITE_FILES_S if files else WRITE_S), _chosen(read_timeout, READ_S)
        each = (wait_s, connect_s, write_s, read_s)
        timeout = aiohttp.ClientTimeout(
            total=None if None in each else sum(each),  # writing has no limit of its own
            connect=None if None in (wait_s, connect_s) else wait_s + connect_s,
            sock_connect=connect_s,
            sock_read=read_s,
        )
        with _told():
            address, body = URL(url, encoded=True), _body(request_data)
            proxy = self._proxy(address.scheme, address.host)
            async with self._session.request(method, address, proxy=proxy, timeout=timeout, allow_redirects=False, **body) as reply:
                return reply.status, await reply.read()


def _proxy(scheme: str, host: str) -> str | None:
    """The one that the environment names for a host, None where it names none or excepts the host (``NO_PROXY``)."""
    named = None if proxy_bypass(host) else getproxies().get(scheme)
    return named if not named or "://" in named else f"http://{named}"


def _chosen(seconds: object, default: float) -> float | None:
    """What a call asks for; ``default`` where it does not ask. None: however long it takes."""
    return default if seconds is BaseRequest.DEFAULT_NONE else seconds  # type: ignore[return-value]


def _body(request_data: RequestData | None) -> dict[str, object]:
    """What aiohttp is to send. Only with files as its form, which asks the system for random bytes each time, and so gives the interpreter away."""
    if request_data is None:
        return {}
    if not request_data.contains_files:
        body = request_data.url_encoded_parameters().encode("ascii")
        return {"data": body, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return {"data": form}


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except aiohttp.ConnectionTimeoutError:  # whose own words hold the address
        raise TimedOut(f"{NO_CONNECTION_FREE}: no connection in time; nothing was sent") from None
    except aiohttp.ClientConnectorError as error:
        raise NetworkError(f"{NOT_CONNECTED}: {type(error).__name__}") from error
    except TimeoutError as error:
        raise TimedOut from error
    except aiohttp.ClientError as error:
        raise NetworkError(f"aiohttp.{type(error).__name__}") from error
