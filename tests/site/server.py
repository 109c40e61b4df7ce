"""The web application: pages that answer conditional requests, redirects, trouble, and a control side for the tests."""

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from . import rendering
from .grammar import FIRST_DAY, News
from .hostile import HANDLERS, answer
from .world import Asked, World

WORLD = web.AppKey("world", list)  # one element, so that a running application can be reset
ON_OVERVIEW = 30
IN_FEED = 20
KEPT_HEADERS = ("host", "user-agent", "accept-encoding", "if-none-match", "if-modified-since", "cookie", "authorization")
TROUBLES = sorted(HANDLERS.keys() - {"too-many", "unavailable"})  # those two ask for a pause of the whole site
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app() -> web.Application:
    """The site with all its articles."""
    app = web.Application(middlewares=[record])
    app[WORLD] = [World()]
    app.router.add_get("/meldungen/{slug}", article)
    for path in PAGES:
        app.router.add_get(path, page)
    app.router.add_get("/robots.txt", robots)
    app.router.add_get("/intern/{rest:.*}", intern)
    for path, status in {"/moved": 301, "/moved-308": 308, "/for-now": 302, "/moved-for-now": 301, "/for-now-moved": 302}.items():
        app.router.add_get(path + "/{number}", redirect(path, status))
    app.router.add_get("/old-feed.xml", old_feed)
    for name, handler in HANDLERS.items():
        app.router.add_get(f"/hostile/{name}", handler)
    app.router.add_get("/control/asked", asked)
    app.router.add_post("/control/{action}", control)
    return app


@web.middleware
async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note what was asked and what was answered."""
    world, status = world_of(request), 0
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        if not request.path.startswith("/control/"):
            kept = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
            world.asked.append(Asked(request.raw_path, status, kept))


async def article(request: web.Request) -> web.StreamResponse:
    """One article, or 404 or 410 where it was deleted."""
    world = world_of(request)
    news = world.find(request.path)
    if news is None or (request.host, request.path) in world.gone_at:
        return answer(world.gone_at.get((request.host, request.path)) or world.gone.get(request.path, 404))
    others = [world.news[number] for number in (news.number - 1, news.number + 1) if number in world.news]
    return conditional(request, rendering.article_page(news, others).encode(), rendering.HTML, rendering.changed_at(news))


async def page(request: web.Request) -> web.StreamResponse:
    """A list in one of its forms."""
    render, content_type = PAGES[request.path]
    world = world_of(request)
    body = render(world, str(request.url.origin()))
    newest = max((rendering.changed_at(news) for news in world.news.values()), default=datetime.combine(FIRST_DAY, time(), UTC))
    return conditional(request, body if isinstance(body, bytes) else body.encode(), content_type, newest)


async def robots(request: web.Request) -> web.StreamResponse:
    """What machines may visit."""
    world = world_of(request)
    return web.Response(status=world.robots_status, text=world.robots)


async def old_feed(request: web.Request) -> web.StreamResponse:
    """Where the feed was once."""
    return answer(301, Location="/feed.xml")


async def intern(request: web.Request) -> web.StreamResponse:
    """Forbidden to machines, so no test should ever see it."""
    return web.Response(text="<h1>Nicht für Maschinen</h1>", content_type="text/html")


def redirect(path: str, status: int) -> Handler:
    """Addresses that articles had before, by number; two of them lead on to another one."""
    leads_on = {"/moved-for-now": "/for-now", "/for-now-moved": "/moved"}

    async def handler(request: web.Request) -> web.StreamResponse:
        number = request.match_info["number"]
        there = f"{leads_on[path]}/{number}" if path in leads_on else world_of(request).news[int(number)].path
        return answer(status, Location=there)

    return handler


def conditional(request: web.Request, body: bytes, content_type: str, modified: datetime) -> web.StreamResponse:
    """200 with validators, or 304 where the client has the page already; packed where the client can unpack."""
    etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(modified, usegmt=True), "Vary": "Accept-Encoding"}
    known, since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
    if known == etag or (known is None and since == headers["Last-Modified"]):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = content_type
    if content_type != rendering.GZIP and "gzip" in request.headers.get("Accept-Encoding", ""):
        body, headers = gzip.compress(body, compresslevel=1), headers | {"Content-Encoding": "gzip"}
    return web.Response(body=body, headers=headers)


async def asked(request: web.Request) -> web.StreamResponse:
    """All requests so far, in order of their answers."""
    return web.json_response([asdict(one) for one in world_of(request).asked])


async def control(request: web.Request) -> web.StreamResponse:
    """Change what the site holds."""
    body: dict[str, Any] = await request.json()
    action, world = request.match_info["action"], world_of(request)
    if action == "reset":
        request.app[WORLD][0] = World()
    elif action == "forget":
        world.asked.clear()
    elif action == "robots":
        world.robots, world.robots_status = body["text"], body["status"]
    elif action in {"change", "delete", "publish"}:
        getattr(world, action)(**body)
    else:
        return answer(404)
    return web.json_response({})


def world_of(request: web.Request) -> World:
    """The state of the site."""
    return request.app[WORLD][0]


def half(world: World, part: int) -> list[News]:
    """One of the two parts of the sitemap."""
    listed = world.listed()
    middle = len(listed) // 2
    return listed[middle:] if part else listed[:middle]


PAGES: dict[str, tuple[Callable[[World, str], str | bytes], str]] = {
    "/": (lambda world, base: rendering.overview_page(world.newest(5), "Startseite"), rendering.HTML),
    "/meldungen/": (lambda world, base: rendering.overview_page(world.newest(ON_OVERVIEW), "Meldungen"), rendering.HTML),
    "/feed.xml": (lambda world, base: rendering.rss(world.newest(IN_FEED), base), rendering.RSS),
    "/mixed.xml": (lambda world, base: rendering.mixed_feed(world.newest(len(TROUBLES)), TROUBLES, base), rendering.RSS),
    "/atom.xml": (lambda world, base: rendering.atom(world.newest(IN_FEED), base), rendering.ATOM),
    "/feed.json": (lambda world, base: rendering.json_feed(world.newest(IN_FEED), base), rendering.JSON),
    "/sitemap.xml": (lambda world, base: rendering.sitemap(world.listed(), base), rendering.XML),
    "/sitemap-index.xml": (lambda world, base: rendering.sitemap_index(base), rendering.XML),
    "/sitemap-0.xml": (lambda world, base: rendering.sitemap(half(world, 0), base), rendering.XML),
    "/sitemap-1.xml.gz": (lambda world, base: rendering.packed_sitemap(half(world, 1), base), rendering.GZIP),
}
