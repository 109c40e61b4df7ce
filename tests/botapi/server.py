"""HTTP: routes, answers and faults of the API side."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from . import control
from .errors import ApiError, Json
from .methods import METHODS, Described, unknown_method
from .params import Params, decode
from .service import Call, Fault, Service
from .world import World

MAX_BODY = 60 * 2**20
HANG_S = 3600.0
HTML_500 = "<html><head><title>500 Internal Server Error</title></head><body><h1>500</h1><hr>nginx</body></html>"


def build_app(token: str) -> web.Application:
    """The application of one bot."""
    service = Service(token, World(int(token.partition(":")[0])))
    api = Api(service)
    app = web.Application(client_max_size=MAX_BODY)
    control.add_routes(app, service)
    app.router.add_get("/file/bot{token}/{path:.+}", api.download)
    app.router.add_route("*", "/bot{token}/{method}", api.call)
    app.cleanup_ctx.append(_delivery(service))
    return app


def _delivery(service: Service) -> Any:
    """Run the delivery to a webhook as long as the application runs."""

    async def context(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(service.world.updates.deliver())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return context


class Api:
    """The handlers that the bot talks to."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One API call."""
        at, name = time.monotonic(), request.match_info["method"]
        method = METHODS.get(name.lower())
        name = method.name if method else name
        if request.match_info["token"] != self._service.token:
            return self._record(name, {}, ApiError(401, "Unauthorized").answer(), at)
        try:
            params = await decode(request)
        except (ApiError, web.HTTPRequestEntityTooLarge) as error:
            return self._record(name, {}, _refusal(error), at)
        fault = self._service.take_fault(name)
        if fault and fault.mode == "lost":
            self._record(name, params.readable(), await self._answer(name, params), at)
            if request.transport:
                request.transport.abort()
            return web.Response()
        if fault:
            return await self._fail(request, fault, Call(name, params.readable(), None, at))
        return self._record(name, params.readable(), await self._answer(name, params), at)

    async def _answer(self, name: str, params: Params) -> Json:
        try:
            method = METHODS.get(name.lower())
            if not method:
                raise unknown_method()
            result = await method.call(self._service.context, params)
        except ApiError as error:
            return error.answer()
        except Exception as error:  # a defect of this server must be seen by the test, whatever it is
            return ApiError(500, f"Internal Server Error: {error!r}").answer()
        if isinstance(result, Described):
            return {"ok": True, "result": result.result, "description": result.description}
        return {"ok": True, "result": result}

    def _record(self, name: str, params: Json, answer: Json, at: float) -> web.Response:
        self._service.calls.append(Call(name, params, answer, at))
        return _json(answer)

    async def _fail(self, request: web.Request, fault: Fault, call: Call) -> web.StreamResponse:
        if fault.mode == "error":
            parameters = {"retry_after": fault.retry_after} if fault.retry_after is not None else {}
            answer = ApiError(fault.error_code, fault.description, parameters).answer()
            return self._record(call.method, call.params, answer, call.at)
        self._service.calls.append(call)
        if fault.mode == "http_500_html":
            return web.Response(status=500, text=HTML_500, content_type="text/html")
        if fault.mode == "timeout":
            await asyncio.sleep(HANG_S)
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def download(self, request: web.Request) -> web.Response:
        """A file that was stored."""
        if request.match_info["token"] != self._service.token:
            return _json(ApiError(401, "Unauthorized").answer())
        for stored in self._service.world.files.values():
            if stored.path == request.match_info["path"]:
                return web.Response(body=stored.upload.content, content_type="application/octet-stream")
        return _json(ApiError(404, "Not Found").answer())


def _refusal(error: ApiError | web.HTTPRequestEntityTooLarge) -> Json:
    return error.answer() if isinstance(error, ApiError) else ApiError(413, "Request Entity Too Large").answer()


def _json(answer: Json) -> web.Response:
    return web.json_response(answer, status=answer.get("error_code", 200))
