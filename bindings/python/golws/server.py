"""Servers: routes, static files and WebSockets on one port."""

from __future__ import annotations

import asyncio
import ctypes
import html
import http
import ipaddress
import os
import re
from typing import Any, Awaitable, Callable, Generator, Iterable, Mapping, Optional, Union

from . import lowlevel as lws
from . import native
from .context import Context, deflate_extensions, retry_policy
from .errors import ConnectionClosed, HTTPError
from .http import METHODS, Exchange, Request, Response
from .native import bytes_at, lib
from .tls import TLS
from .websocket import WebSocket

_HTTP = int(lws.LWS_CALLBACK_HTTP)
_HTTP_FILE_COMPLETION = int(lws.LWS_CALLBACK_HTTP_FILE_COMPLETION)
_FILTER_NETWORK = int(lws.LWS_CALLBACK_FILTER_NETWORK_CONNECTION)
_FILTER_PROTOCOL = int(lws.LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION)

RequestHandler = Callable[[Request], Awaitable[Any]]
WebSocketHandler = Callable[[WebSocket], Awaitable[Any]]
Check = Callable[[Request], Union[None, Response]]

#: The name of the protocol that serves HTTP, and WebSockets without a subprotocol.
_DEFAULT = b"golws"


class _WebSocketRoute:
    def __init__(self, handler: WebSocketHandler, subprotocols: tuple[str, ...], headers: tuple[str, ...],
                 origins: Optional[frozenset[str]], check: Optional[Check]) -> None:
        self.handler = handler
        self.subprotocols = subprotocols
        self.headers = headers
        self.origins = origins
        self.check = check


class _Routes:
    """Values by path. {name} in a path is one step of it, {name:path} all the rest."""

    def __init__(self) -> None:
        self.fixed: dict[str, Any] = {}
        self.patterns: list[tuple[re.Pattern[str], str, Any]] = []

    def at(self, path: str, make: Callable[[], Any]) -> Any:
        if not path.startswith("/"):
            raise ValueError(f"the path {path!r} does not begin with /")
        if "{" not in path:
            return self.fixed.setdefault(path, make())
        for _, text, value in self.patterns:
            if text == path:
                return value
        expression = "".join(
            (f"(?P<{m[1]}>{'.*' if m[2] else '[^/]+'})" if (m := re.fullmatch(r"\{(\w+)(:path)?\}", part)) else re.escape(part))
            for part in re.split(r"(\{\w+(?::path)?\})", path))
        value = make()
        self.patterns.append((re.compile(expression), path, value))
        return value

    def find(self, path: str) -> tuple[Any, dict[str, str]]:
        if path in self.fixed:
            return self.fixed[path], {}
        for pattern, _, value in self.patterns:
            if match := pattern.fullmatch(path):
                return value, match.groupdict()
        return None, {}


class Application:
    """What a server serves.

        application = golws.Application()

        @application.get("/hello/{name}")
        async def hello(request):
            return f"hello {request.parameters['name']}"

        @application.websocket("/echo")
        async def echo(websocket):
            async for message in websocket:
                await websocket.send(message)

        application.mount("/static", "directory")
    """

    def __init__(self) -> None:
        self._routes = _Routes()
        self._websockets = _Routes()
        self._mounts: list[tuple[str, str, str, int, dict[str, str]]] = []

    def route(self, path: str, *methods: str) -> Callable[[RequestHandler], RequestHandler]:
        """Decorates an async function that gets a Request and returns what is to be sent.

        That is a Response, a str, bytes, or None for an empty 204. A dict or list is sent as JSON. A route for GET serves HEAD too.
        """
        def decorate(handler: RequestHandler) -> RequestHandler:
            handlers = self._routes.at(path, dict)
            for method in methods or ("GET",):
                handlers[method.upper()] = handler
            return handler
        return decorate

    def get(self, path: str) -> Callable[[RequestHandler], RequestHandler]:
        """route() for GET and HEAD."""
        return self.route(path, "GET")

    def post(self, path: str) -> Callable[[RequestHandler], RequestHandler]:
        """route() for POST."""
        return self.route(path, "POST")

    def put(self, path: str) -> Callable[[RequestHandler], RequestHandler]:
        """route() for PUT."""
        return self.route(path, "PUT")

    def delete(self, path: str) -> Callable[[RequestHandler], RequestHandler]:
        """route() for DELETE."""
        return self.route(path, "DELETE")

    def websocket(self, path: str = "/{path:path}", *, subprotocols: Iterable[str] = (), headers: Iterable[str] = (),
                  origins: Optional[Iterable[str]] = None,
                  check: Optional[Check] = None) -> Callable[[WebSocketHandler], WebSocketHandler]:
        """Decorates an async function that gets a WebSocket, which is closed with 1000 when it returns.

        subprotocols: those that it speaks; of the client's list, the first that any route of the server has is chosen. A client
        that asks for none is welcome. headers: names of unusual request headers that are kept, see Headers. origins: who
        may connect by their Origin header, browsers above all; None: everybody. check: called with the request before the
        WebSocket is accepted, must not wait; the Response it returns is sent instead.
        """
        def decorate(handler: WebSocketHandler) -> WebSocketHandler:
            route = _WebSocketRoute(handler, tuple(subprotocols), tuple(headers),
                                    None if origins is None else frozenset(origins), check)
            self._websockets.at(path, lambda: [None])[0] = route
            return handler
        return decorate

    def mount(self, path: str, directory: "Union[str, os.PathLike[str]]", *, index: str = "index.html", max_age: int = 0,
              types: Optional[Mapping[str, str]] = None) -> None:
        """Serves the files below a directory, without Python: types, ranges, ETags, conditional requests.

        A file that is not there is looked for among the routes. max_age: how long clients may keep files, seconds. types: more
        types by suffix, such as {".md": "text/markdown"}; a file of a type that nobody knows is application/octet-stream.
        """
        if not os.path.isdir(directory):
            raise NotADirectoryError(os.fspath(directory))
        if not path.startswith("/") or len(path.encode()) > 255:
            raise ValueError(f"{path!r} is no place for a mount")
        self._mounts.append((path.rstrip("/") or "/", os.fspath(directory), index, max_age, dict(types or {})))

    def subprotocols(self) -> list[str]:
        """All subprotocols of all routes."""
        routes = [*self._websockets.fixed.values(), *(value for _, _, value in self._websockets.patterns)]
        return list(dict.fromkeys(name for [route] in routes for name in route.subprotocols))


class Server:
    """A server of an Application, or of a function for each WebSocket.

        async with golws.Server(application, "127.0.0.1", 8080) as server:
            await server.serve_forever()

    host: an address or the name of an interface; None: everywhere. port: 0: any free one, see port. unix: path of a unix socket,
    in place of both. ping_interval and ping_timeout: after how many seconds of silence a WebSocket is pinged, and given up
    when nothing comes; None: never; whole seconds. compression: permessage-deflate. max_size, max_queue: see WebSocket. max_body: largest
    body that Request.body() reads, bytes. close_timeout: how long closing waits for peers, seconds. reuse_port: several
    processes share the port. server: value of the Server header. tls: a TLS, for https and wss; None: http and ws.
    """

    def __init__(self, application: Union[Application, WebSocketHandler], host: Optional[str] = None, port: int = 0, *,
                 unix: Optional[str] = None, subprotocols: Iterable[str] = (), origins: Optional[Iterable[str]] = None,
                 ping_interval: Optional[float] = 20, ping_timeout: Optional[float] = 20, compression: bool = False,
                 max_size: Optional[int] = 2**20, max_queue: int = 64, max_body: Optional[int] = 2**20,
                 close_timeout: float = 10, reuse_port: bool = False, server: Optional[str] = None,
                 tls: Optional[TLS] = None) -> None:
        if not isinstance(application, Application):
            handler, application = application, Application()
            application.websocket(subprotocols=subprotocols, origins=origins)(handler)
        self.application = application
        self.host = host
        #: The port, the real one when the server has started.
        self.port = port
        self.unix = unix
        self.ping_interval = ping_interval
        self.ping_timeout = ping_timeout
        self.compression = compression
        self.max_size = max_size
        self.max_queue = max_queue
        self.max_body = max_body
        self.close_timeout = close_timeout
        self.reuse_port = reuse_port
        self.server = server
        self.tls = tls
        #: The open WebSockets.
        self.websockets: set[WebSocket] = set()
        self.loop: asyncio.AbstractEventLoop
        self._context: Optional[Context] = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._closed: Optional[asyncio.Future[None]] = None

    # Life

    async def start(self) -> "Server":
        """Starts to listen. Raises OSError where that cannot be, with the library's words."""
        native.check_process()
        if self._context is not None:
            raise RuntimeError("the server has been started")
        self.loop = asyncio.get_running_loop()
        self._closed = self.loop.create_future()
        keep: list[Any] = []
        self._context = Context(self.loop, self._info(keep), keep)
        native.vhosts[self._context.vhost] = self
        if self.tls is not None:
            self.tls._started(self._context.vhost)
        if not self.unix:
            self.port = lws.lws_get_vhost_listen_port(self._context.vhost)
        return self

    def _info(self, keep: list[Any]) -> Any:
        names = [_DEFAULT, *(name.encode() for name in self.application.subprotocols())]
        protocols = (lws.lws_protocols * (len(names) + 1))()
        for protocol, name in zip(protocols, names):
            protocol.name, protocol.callback, protocol.rx_buffer_size = name, native.on_event, 65536
        retry = retry_policy(self.ping_interval, self.ping_timeout)
        info = lws.lws_context_creation_info(port=self.port, protocols=protocols, pt_serv_buf_size=65536)
        info.retry_and_idle_policy = ctypes.pointer(retry)
        keep += [protocols, retry]
        options = 0
        if self.unix:
            options |= lws.LWS_SERVER_OPTION_UNIX_SOCK
            info.iface = os.fsencode(self.unix)
        elif self.host:
            info.iface = ("127.0.0.1" if self.host == "localhost" else self.host).encode()
            try:
                if ipaddress.ip_address(info.iface.decode()).version == 4:
                    options |= lws.LWS_SERVER_OPTION_DISABLE_IPV6
            except ValueError:
                pass
        if self.reuse_port:
            options |= lws.LWS_SERVER_OPTION_ALLOW_LISTEN_SHARE
        if self.tls is not None:
            options |= self.tls._apply(info, keep)
        info.options = int(options)
        if self.server:
            info.server_string = self.server.encode()
        if self.compression:
            info.extensions = deflate_extensions()
            keep.append(info.extensions)
        previous = None
        for path, directory, index, max_age, types in reversed(self.application._mounts):
            mount = lws.lws_http_mount(mountpoint=path.encode(), origin=os.fsencode(os.path.abspath(directory)),
                                       def_=index.encode(), origin_protocol=int(lws.LWSMPRO_FILE),
                                       mountpoint_len=len(path.encode()), cache_max_age=max_age, cache_reusable=int(max_age > 0))
            option = None
            for suffix, kind in [("*", "application/octet-stream"), *types.items()]:
                more = lws.lws_protocol_vhost_options(name=suffix.encode(), value=kind.encode())
                if option is not None:
                    more.next = ctypes.pointer(option)
                keep.append(more)
                option = more
            mount.extra_mimetypes = ctypes.pointer(option)
            if previous is not None:
                mount.mount_next = ctypes.pointer(previous)
            keep.append(mount)
            previous = mount
        if previous is not None:
            info.mounts = ctypes.pointer(previous)
        return info

    def reload_certificate(self) -> None:
        """Reads the files of the certificate and the key again. New connections get the new certificate, those that are
        there go on. Raises OSError, and the server keeps the certificate that it has, where something is wrong."""
        if self.tls is None or self._context is None or not self._context.handle:
            raise RuntimeError("the server has not been started, or has no TLS")
        with native.complaints() as lines:
            failed = lws.lws_tls_vhost_reload_cert(self._context.vhost, None, 0, None, 0)
        if failed:
            raise OSError("\n".join(lines) or "lws_tls_vhost_reload_cert() failed")

    async def close(self) -> None:
        """Stops: takes no new connections, closes the WebSockets with 1001, waits for handlers for close_timeout seconds, cancels
        those that are left, and returns when all is gone."""
        native.check_process()
        if self._context is None:
            return
        if not self._closing:
            self._closing = True
            for websocket in list(self.websockets):
                websocket._start_close(1001, "")
            current = asyncio.current_task()
            try:
                pending: set[Any] = {task for task in self._tasks if task is not current}
                pending |= {asyncio.ensure_future(w.wait_closed()) for w in self.websockets}
                if pending:
                    await asyncio.wait(pending, timeout=self.close_timeout)
            finally:
                self._context.destroy()
                left = [task for task in self._tasks if task is not current]
                for task in left:
                    task.cancel()
                if left:
                    await asyncio.gather(*left, return_exceptions=True)
                if self._closed is not None and not self._closed.done():
                    self._closed.set_result(None)
        elif self._closed is not None:
            await asyncio.shield(self._closed)

    async def serve_forever(self) -> None:
        """Waits until the server is closed."""
        if self._closed is None:
            await self.start()
        assert self._closed is not None
        await asyncio.shield(self._closed)

    async def __aenter__(self) -> "Server":
        return await self.start() if self._context is None else self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    def __await__(self) -> Generator[Any, None, "Server"]:
        return self.start().__await__()

    # What the library asks of the server

    def event(self, wsi: int, reason: int, pointer: Optional[int], length: int) -> int:
        """A callback of a connection that has no object yet."""
        if reason == _HTTP:
            self._on_request(wsi, bytes_at(pointer, length).decode("utf-8", "replace"))
        elif reason == _FILTER_PROTOCOL:
            return self._on_handshake(wsi)
        elif reason == _HTTP_FILE_COMPLETION:
            return -1 if lib.transaction_completed(wsi) else 0
        elif reason == _FILTER_NETWORK:
            return int(self._closing)
        return 0

    def failed(self, wsi: int, reason: int) -> int:
        """event() raised an exception."""
        if reason in (_HTTP, _FILTER_PROTOCOL):
            lib.return_status(wsi, 500, None)
        return -1

    def _task(self, coroutine: Any) -> "asyncio.Task[Any]":
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # HTTP

    def _on_request(self, wsi: int, path: str) -> None:
        method = METHODS.get(lib.uri_and_method(wsi, _ignored, _ignored_length), "GET")
        exchange = Exchange(self, wsi, method, path)
        native.connections[wsi] = exchange
        exchange.task = self._task(self._answer(exchange))

    async def _answer(self, exchange: Exchange) -> None:
        request = exchange.request
        try:
            try:
                handlers, request.parameters = self.application._routes.find(request.path)
                if handlers is None:
                    raise HTTPError(404)
                handler = handlers.get(request.method) or (handlers.get("GET") if request.method == "HEAD" else None)
                if handler is None:
                    allowed = ", ".join(sorted({*handlers, *(("HEAD",) if "GET" in handlers else ())}))
                    response = _error_response(405, "")
                    response.add_header("allow", allowed)
                else:
                    response = _response(await handler(request))
            except HTTPError as error:
                response = _error_response(error.status, error.text)
            except ConnectionClosed:
                return
            except Exception as error:
                native.report(f"golws: the handler of {request.method} {request.path} failed", error, request=request)
                response = _error_response(500, "")
            await exchange.respond(response)
        except ConnectionClosed:
            pass
        except asyncio.CancelledError:
            if not exchange.responding:
                exchange._head = (_error_response(503, ""), 0)
                exchange._finished = True
                exchange._want()
            raise
        except Exception as error:
            native.report(f"golws: the body of the response to {request.method} {request.path} failed", error, request=request)

    # WebSocket

    def _on_handshake(self, wsi: int) -> int:
        exchange_path = _uri(wsi)
        request = Request(self, wsi, "GET", exchange_path, None)
        found, request.parameters = self.application._websockets.find(request.path)
        if self._closing:
            return _refuse(wsi, 503, "")
        if found is None:
            return _refuse(wsi, 404, "")
        route: _WebSocketRoute = found[0]
        request.headers.freeze(route.headers)
        if route.origins is not None and request.headers.get("origin", "") not in route.origins:
            return _refuse(wsi, 403, "this origin may not connect")
        protocol = lib.get_protocol(wsi)
        name: bytes = (lws.lws_protocols.from_address(protocol).name if protocol else None) or _DEFAULT
        offered = request.headers.get("sec-websocket-protocol")
        if offered is not None and name.decode() not in route.subprotocols:
            return _refuse(wsi, 400, "no such subprotocol here")
        if route.check is not None:
            try:
                refusal = route.check(request)
            except HTTPError as error:
                refusal = _error_response(error.status, error.text)
            if refusal is not None:
                body = refusal.body if isinstance(refusal.body, bytes) else b""
                return _refuse(wsi, refusal.status, body.decode("utf-8", "replace"))
        websocket = WebSocket(self, self.loop, request, max_size=self.max_size, max_queue=self.max_queue,
                              close_timeout=self.close_timeout)
        websocket.subprotocol = name.decode() if offered is not None else None
        websocket._wsi = wsi
        websocket._handshake = route
        native.connections[wsi] = websocket
        return 0

    def established(self, websocket: WebSocket) -> None:
        """The handshake is done."""
        self.websockets.add(websocket)
        route, websocket._handshake = websocket._handshake, None
        self._task(self._serve(websocket, route.handler))
        if self._closing:
            websocket._start_close(1001, "")

    def closed(self, websocket: WebSocket) -> None:
        """The WebSocket has ended."""
        self.websockets.discard(websocket)

    async def _serve(self, websocket: WebSocket, handler: WebSocketHandler) -> None:
        try:
            await handler(websocket)
        except ConnectionClosed:
            pass
        except asyncio.CancelledError:
            websocket._start_close(1001, "")
            raise
        except Exception as error:
            native.report(f"golws: the handler of the WebSocket {websocket.path} failed", error, websocket=websocket)
            websocket._start_close(1011, "")
        else:
            websocket._start_close(1000, "")
        await websocket.wait_closed()


def serve(application: Union[Application, WebSocketHandler], host: Optional[str] = None, port: int = 0,
          **options: Any) -> Server:
    """A server, to be started with await or async with. The arguments are those of Server."""
    return Server(application, host, port, **options)


def _response(value: Any) -> Response:
    if isinstance(value, Response):
        return value
    if value is None:
        return Response(b"", 204)
    if isinstance(value, (dict, list)):
        return Response.json(value)
    return Response(value)


def _error_response(status: int, text: str) -> Response:
    if not text:
        text = f"{status} {http.HTTPStatus(status).phrase}" if status in http.HTTPStatus._value2member_map_ else str(status)
    return Response(text + "\n", status)


def _refuse(wsi: int, status: int, text: str) -> int:
    lib.return_status(wsi, status, html.escape(text).encode() if text else None)
    return -1


def _uri(wsi: int) -> str:
    address, length = ctypes.c_void_p(), ctypes.c_int()
    if lib.uri_and_method(wsi, ctypes.byref(address), ctypes.byref(length)) < 0 or not address.value:
        return "/"
    return bytes_at(address.value, length.value).decode("utf-8", "replace")


_ignored, _ignored_length = ctypes.byref(ctypes.c_void_p()), ctypes.byref(ctypes.c_int())
