"""One request, one reply: all that touches the HTTP library."""

import logging
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx

from index.errors import FetchError
from index.fetching import texts_de as texts
from index.fetching.failures import CAUSED_OUTSIDE, explain
from index.fetching.judging import WITH_BODY, Reply
from index.fetching.network import IS_PUBLIC, CheckedBackend, Network, SystemNetwork, ends_at
from index.fetching.outcomes import Validators
from index.fetching.rules import FetchRules
from index.fetching.targets import Target
from index.fetching.unpacking import collect, unpack

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html, application/xml;q=0.9, */*;q=0.5"
KEEP_OPEN_S = 3.0  # shorter than servers keep idle connections (Apache: 5 s), so that none is closed just as we ask
IDLE_CONNECTIONS = 20


class Visitor:
    """Sends requests and reads replies, for several threads. Two pools of connections: the own network is reached only by one of them."""

    def __init__(self, rules: FetchRules, network: Network | None = None) -> None:
        for library in ("httpx", "httpcore"):  # they log addresses, which may hold secrets
            logging.getLogger(library).setLevel(logging.WARNING)
        self._rules = rules
        context = httpx.create_ssl_context()
        self._clients = {
            private: _new_client(rules, httpcore.ConnectionPool(
                ssl_context=context,
                max_connections=None,
                max_keepalive_connections=IDLE_CONNECTIONS,
                keepalive_expiry=KEEP_OPEN_S,
                network_backend=CheckedBackend(network or SystemNetwork(), private),
            ))
            for private in (False, True)
        }

    def visit(self, target: Target, validators: Validators, private: bool) -> Reply:
        """Ask for ``target``; raises ``FetchError`` with a sentence for whatever goes wrong."""
        end = time.monotonic() + self._rules.total_s
        token = ends_at.set(end)
        try:
            with self._clients[private].stream("GET", target.url, headers=_conditions(validators)) as response:
                return self._read(response)
        except CAUSED_OUTSIDE as error:
            raise FetchError(explain(error, target.host, self._rules, time.monotonic() >= end)) from error
        finally:
            ends_at.reset(token)

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()

    def _read(self, response: httpx.Response) -> Reply:
        headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
        stream = response.extensions.get("network_stream")
        if response.status_code == 304:
            collect(response.iter_raw(), 0)  # to the end of the message, so that the connection can be used again
        data = self._read_body(response) if response.status_code in WITH_BODY else b""
        return Reply(response.status_code, headers, data, stream is None or bool(stream.get_extra_info(IS_PUBLIC)))

    def _read_body(self, response: httpx.Response) -> bytes:
        limit = self._rules.max_bytes
        if int(response.headers.get("content-length", "0")[:18]) > limit:  # h11 lets only digits through; no body has 18 of them
            raise FetchError(texts.TOO_LARGE.format(limit=texts.size_in_words(limit)))
        chunks = _counted(response.iter_raw(), limit)
        return collect(unpack(chunks, response.headers.get("content-encoding", "")), limit)


class PoolTransport(httpx.BaseTransport):
    """httpx on a connection pool with a network of our own, which httpx itself has no setting for. Errors stay httpcore's."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path)
        sent = httpcore.Request(request.method, url, headers=request.headers.raw, content=b"", extensions=request.extensions)
        reply = self._pool.handle_request(sent)
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply), extensions=reply.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        yield from self._reply.iter_stream()

    def close(self) -> None:
        self._reply.close()


def _new_client(rules: FetchRules, pool: httpcore.ConnectionPool) -> httpx.Client:
    return httpx.Client(
        transport=PoolTransport(pool),
        headers={"User-Agent": rules.user_agent, "Accept": ACCEPT, "Accept-Language": "de, en;q=0.5", "Accept-Encoding": "gzip, deflate, br"},
        cookies=httpx.Cookies(CookieJar(DefaultCookiePolicy(allowed_domains=[]))),  # none is ever kept
        timeout=httpx.Timeout(rules.read_s, connect=rules.connect_s),
        trust_env=False,
        follow_redirects=False,
    )


def _conditions(validators: Validators) -> dict[str, bytes]:
    """Headers of a conditional request (RFC 9110, 13.1); bytes, as servers put anything into an ETag."""
    found = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value.encode("utf-8") for name, value in found.items() if value}


def _counted(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The packed bytes, as long as even they are not more than a page may have."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise FetchError(texts.TOO_LARGE.format(limit=texts.size_in_words(limit)))
        yield chunk
