"""One request, one reply: all that touches the HTTP library.

Requests go straight to httpcore, the engine of httpx, which takes a network of our own, keeps no cookies, follows no redirects and unpacks nothing.
"""

import logging
import ssl
import time
from collections.abc import Iterator

import httpcore
import httpx

from index.errors import FetchError, ServerError
from index.fetching import texts_de as texts
from index.fetching.failures import CAUSED_OUTSIDE, concerns_server, explain
from index.fetching.judging import WITH_BODY, Reply
from index.fetching.network import IS_PUBLIC, CheckedBackend, Network, SystemNetwork, ends_at
from index.fetching.outcomes import Validators
from index.fetching.rules import FetchRules
from index.fetching.targets import Target
from index.fetching.unpacking import collect, unpack

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html, application/xml;q=0.9, */*;q=0.5"
KEEP_OPEN_S = 3.0  # shorter than servers keep idle connections (Apache: 5 s), so that none is closed just as we ask
IDLE_CONNECTIONS = 20


class WebVisitor:
    """Sends requests and reads replies, for several threads. Two pools of connections: the own network is reached only by one of them."""

    def __init__(self, rules: FetchRules, network: Network | None = None) -> None:
        logging.getLogger("httpcore").setLevel(logging.WARNING)  # it logs addresses, which may hold secrets
        self._rules = rules
        self._timeouts = {"connect": rules.connect_s, "read": rules.read_s, "write": rules.read_s, "pool": rules.connect_s}
        context = httpx.create_ssl_context()
        self._pools = {private: _new_pool(CheckedBackend(network or SystemNetwork(), private), context) for private in (False, True)}

    def visit(self, target: Target, validators: Validators, private: bool) -> Reply:
        """Ask for ``target``; raises ``FetchError`` with a sentence for whatever goes wrong."""
        end = time.monotonic() + self._rules.total_s
        token = ends_at.set(end)
        url, extensions = httpx.URL(target.url), {"timeout": self._timeouts}
        headers = {"Host": url.netloc} | self._headers() | _conditions(validators)
        try:
            with self._pools[private].stream("GET", _whole(url), headers=headers, extensions=extensions) as response:
                return self._read(response)
        except FetchError:
            raise
        except CAUSED_OUTSIDE as error:
            kind = ServerError if concerns_server(error) else FetchError
            raise kind(explain(error, target.host, self._rules, time.monotonic() >= end)) from error
        finally:
            ends_at.reset(token)

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def _headers(self) -> dict[str, str | bytes]:
        return {"User-Agent": self._rules.user_agent, "Accept": ACCEPT, "Accept-Language": "de, en;q=0.5", "Accept-Encoding": "gzip, deflate, br"}

    def _read(self, response: httpcore.Response) -> Reply:
        headers = {name: value for name, value in httpx.Headers(response.headers).items() if name != "set-cookie"}
        if response.status == 304:
            collect(response.iter_stream(), 0)  # to the end of the message, so that the connection can be used again
        data = self._read_body(response, headers) if response.status in WITH_BODY else b""
        return Reply(response.status, headers, data, response.extensions["network_stream"].get_extra_info(IS_PUBLIC))

    def _read_body(self, response: httpcore.Response, headers: dict[str, str]) -> bytes:
        limit = self._rules.max_bytes
        if int(headers.get("content-length", "0")[:18]) > limit:  # h11 lets only digits through; no body's length has 18 of them
            raise FetchError(texts.TOO_LARGE.format(limit=texts.size_in_words(limit)))
        return collect(unpack(_counted(response.iter_stream(), limit), headers.get("content-encoding", "")), limit)


def _new_pool(backend: CheckedBackend, context: ssl.SSLContext) -> httpcore.ConnectionPool:
    return httpcore.ConnectionPool(
        ssl_context=context,
        max_connections=None,
        max_keepalive_connections=IDLE_CONNECTIONS,
        keepalive_expiry=KEEP_OPEN_S,
        network_backend=backend,
    )


def _whole(url: httpx.URL) -> httpcore.URL:
    """The same for httpcore, which would lose what follows a semicolon in the path (``;jsessionid=…``) if it had to split it itself."""
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _conditions(validators: Validators) -> dict[str, str | bytes]:
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
