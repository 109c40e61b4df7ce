"""Pages as they should not be. Each handler is one kind of trouble; its name is its path below ``/hostile/``."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

import brotli
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BOMB_BYTES = 60_000_000
LARGE_BYTES = 50_000_000
BLOCK = b"<p>Viel zu viel Text.</p>\n" * 2_500
DRIP_S = 0.1
HANDLERS: dict[str, Handler] = {}


def hostile(handler: Handler) -> Handler:
    """Serve under the name of the function."""
    HANDLERS[handler.__name__.replace("_", "-")] = handler
    return handler


def answer(status: int, **headers: str) -> web.Response:
    """An answer with a status and little else."""
    return web.Response(status=status, text=f"{status}", headers={name.replace("_", "-"): value for name, value in headers.items()})


async def raw(request: web.Request, *parts: bytes, abort: bool = False) -> web.StreamResponse:
    """Write bytes past the HTTP server, then end the connection."""
    assert request.transport
    for part in parts:
        request.transport.write(part)
        await asyncio.sleep(0)
    if abort:
        request.transport.abort()
    else:
        request.transport.close()
    return web.Response()


async def stream(request: web.Request, block: bytes, pause_s: float, blocks: int = 10**9, **headers: str) -> web.StreamResponse:
    """Send a block again and again."""
    response = web.StreamResponse(headers={name.replace("_", "-"): value for name, value in headers.items()})
    await response.prepare(request)
    for _ in range(blocks):
        await response.write(block)
        await asyncio.sleep(pause_s)
    return response


@hostile
async def loop_a(request: web.Request) -> web.StreamResponse:
    return answer(302, Location="/hostile/loop-b")


@hostile
async def loop_b(request: web.Request) -> web.StreamResponse:
    return answer(301, Location="/hostile/loop-a")


@hostile
async def chain(request: web.Request) -> web.StreamResponse:
    """As many redirects as the query says."""
    left = int(request.query_string or "20")
    return answer(302, Location=f"/hostile/chain?{left - 1}" if left else "/")


@hostile
async def to_private(request: web.Request) -> web.StreamResponse:
    return answer(302, Location="http://10.0.0.1/geheim?token=abc")


@hostile
async def to_metadata(request: web.Request) -> web.StreamResponse:
    return answer(307, Location="http://[::ffff:169.254.169.254]/latest/")


@hostile
async def to_file(request: web.Request) -> web.StreamResponse:
    return answer(302, Location="file:///etc/passwd")


@hostile
async def to_credentials(request: web.Request) -> web.StreamResponse:
    return answer(302, Location="http://nutzer:geheim@127.0.0.1/")


@hostile
async def to_nonsense(request: web.Request) -> web.StreamResponse:
    return answer(302, Location="http://[::::]:x/")


@hostile
async def to_nowhere(request: web.Request) -> web.StreamResponse:
    return answer(302)


@hostile
async def to_forbidden(request: web.Request) -> web.StreamResponse:
    return answer(302, Location="/intern/plan")


@hostile
async def gone(request: web.Request) -> web.StreamResponse:
    return answer(410)


@hostile
async def missing(request: web.Request) -> web.StreamResponse:
    return answer(404)


@hostile
async def too_many(request: web.Request) -> web.StreamResponse:
    return answer(429, Retry_After="7")


@hostile
async def unavailable(request: web.Request) -> web.StreamResponse:
    return answer(503, Retry_After=format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True))


@hostile
async def error(request: web.Request) -> web.StreamResponse:
    return answer(500)


@hostile
async def forbidden(request: web.Request) -> web.StreamResponse:
    return answer(403)


@hostile
async def not_modified(request: web.Request) -> web.StreamResponse:
    """Unchanged since never."""
    return web.Response(status=304)


@hostile
async def odd_status(request: web.Request) -> web.StreamResponse:
    return answer(499)


@hostile
async def slow(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return answer(200)


@hostile
async def drip(request: web.Request) -> web.StreamResponse:
    return await stream(request, b".", DRIP_S)


@hostile
async def drip_headers(request: web.Request) -> web.StreamResponse:
    """Headers that never end, a byte at a time."""
    assert request.transport
    request.transport.write(b"HTTP/1.1 200 OK\r\nX-Lang: ")
    while not request.transport.is_closing():
        request.transport.write(b"x")
        await asyncio.sleep(DRIP_S)
    return web.Response()


@hostile
async def endless(request: web.Request) -> web.StreamResponse:
    return await stream(request, BLOCK, 0)


@hostile
async def large(request: web.Request) -> web.StreamResponse:
    """50 MB without saying so before."""
    return await stream(request, BLOCK, 0, LARGE_BYTES // len(BLOCK))


@hostile
async def large_declared(request: web.Request) -> web.StreamResponse:
    return await stream(request, BLOCK, 0, LARGE_BYTES // len(BLOCK), Content_Length=str(LARGE_BYTES // len(BLOCK) * len(BLOCK)))


@hostile
async def bomb(request: web.Request) -> web.StreamResponse:
    """60 kB that unpack to 60 MB."""
    return web.Response(body=gzip_bomb(), headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})


@hostile
async def bomb_twice(request: web.Request) -> web.StreamResponse:
    """Less than 1 kB that unpacks to 60 MB in two steps."""
    return web.Response(body=gzip.compress(gzip_bomb()), headers={"Content-Encoding": "gzip, gzip", "Content-Type": "text/html"})


@hostile
async def bomb_file(request: web.Request) -> web.StreamResponse:
    """The same as a file that is packed itself."""
    return web.Response(body=gzip_bomb(), content_type="application/gzip")


@hostile
async def bomb_brotli(request: web.Request) -> web.StreamResponse:
    """A few hundred bytes that unpack to 60 MB."""
    return web.Response(body=brotli_bomb(), headers={"Content-Encoding": "br", "Content-Type": "text/html"})


@hostile
async def entities(request: web.Request) -> web.StreamResponse:
    """A feed whose entities grow to gigabytes when they are resolved."""
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "Amtsfunk">{levels}<!ENTITY datei SYSTEM "file:///etc/passwd">]>'
    item = "<item><title>Bombe &e9;</title><link>/</link><description>&e9;&datei;</description></item>"
    return web.Response(text=f'{head}<rss version="2.0"><channel><title>Bombe</title>{item}</channel></rss>', content_type="application/rss+xml")


@hostile
async def short_body(request: web.Request) -> web.StreamResponse:
    """Promises more than comes."""
    return await raw(request, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>Nur ein Anfang</p>")


@hostile
async def long_body(request: web.Request) -> web.StreamResponse:
    """More comes than was promised."""
    return await raw(request, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nGanz und noch viel mehr")


@hostile
async def bad_length(request: web.Request) -> web.StreamResponse:
    return await raw(request, b"HTTP/1.1 200 OK\r\nContent-Length: viel\r\n\r\nText")


@hostile
async def dropped(request: web.Request) -> web.StreamResponse:
    """The connection is reset in the middle of a chunked body."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    return await raw(request, head + b"400\r\n<p>Mitten im", abort=True)


@hostile
async def no_answer(request: web.Request) -> web.StreamResponse:
    return await raw(request)


@hostile
async def garbage(request: web.Request) -> web.StreamResponse:
    return await raw(request, b"220 mail.example.org ESMTP\r\n")


@hostile
async def bad_header(request: web.Request) -> web.StreamResponse:
    return await raw(request, b"HTTP/1.1 200 OK\r\n Kein: Name\r\nOhne Doppelpunkt\r\n\r\nText")


@hostile
async def long_header(request: web.Request) -> web.StreamResponse:
    return await raw(request, b"HTTP/1.1 200 OK\r\nX-Lang: " + b"x" * 1_000_000 + b"\r\n\r\nText")


@hostile
async def wrong_charset(request: web.Request) -> web.StreamResponse:
    """Says UTF-8 and is Windows-1252."""
    text = "<title>Größe „amtlich“ geprüft</title><article><h1>Größe „amtlich“ geprüft</h1><p>" + "Überall müssen Behörden Maße prüfen – für 5 €. " * 5
    return web.Response(body=text.encode("cp1252"), headers={"Content-Type": "text/html; charset=utf-8"})


@hostile
async def lying_gzip(request: web.Request) -> web.StreamResponse:
    """Says gzip and is not."""
    return web.Response(body=b"<p>Ungepackt</p>", headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})


@hostile
async def cut_gzip(request: web.Request) -> web.StreamResponse:
    return web.Response(body=gzip.compress(BLOCK)[:-20], headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})


@hostile
async def raw_deflate(request: web.Request) -> web.StreamResponse:
    """Deflate without the header of zlib, which browsers read all the same."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = packer.compress(BLOCK) + packer.flush()
    return web.Response(body=body, headers={"Content-Encoding": "deflate", "Content-Type": "text/html"})


@hostile
async def brotli_page(request: web.Request) -> web.StreamResponse:
    return web.Response(body=brotli.compress(BLOCK), headers={"Content-Encoding": "br", "Content-Type": "text/html"})


@hostile
async def unknown_packing(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b"x", headers={"Content-Encoding": "zstd", "Content-Type": "text/html"})


@hostile
async def cookie(request: web.Request) -> web.StreamResponse:
    return answer(302, Set_Cookie="kennung=123; Path=/", Location="/")


@hostile
async def empty(request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


@cache
def gzip_bomb() -> bytes:
    """Zeros, packed."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(BOMB_BYTES // 1_000_000)) + packer.flush()


@cache
def brotli_bomb() -> bytes:
    """Zeros, packed smaller still."""
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(bytes(1_000_000)) for _ in range(BOMB_BYTES // 1_000_000)) + packer.finish()
