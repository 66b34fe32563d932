"""HTTP requests and responses of a server."""

from __future__ import annotations

import asyncio
import ctypes
import json
import threading
from collections import deque
from typing import (TYPE_CHECKING, Any, AsyncIterable, AsyncIterator, Iterator, Mapping, Optional, Union)
from urllib.parse import parse_qsl

from . import lowlevel as lws
from . import native
from .errors import ConnectionClosed, ConnectionClosedError, HTTPError
from .native import bytes_at, lib
from .tls import peer_certificate

if TYPE_CHECKING:
    from .server import Server

_HTTP_BODY = int(lws.LWS_CALLBACK_HTTP_BODY)
_HTTP_BODY_COMPLETION = int(lws.LWS_CALLBACK_HTTP_BODY_COMPLETION)
_HTTP_WRITEABLE = int(lws.LWS_CALLBACK_HTTP_WRITEABLE)
_CLOSED_HTTP = int(lws.LWS_CALLBACK_CLOSED_HTTP)
_WSI_DESTROY = int(lws.LWS_CALLBACK_WSI_DESTROY)
_HEADERS = int(lws.LWS_WRITE_HTTP_HEADERS)
_BODY = int(lws.LWS_WRITE_HTTP)
_FINAL = int(lws.LWS_WRITE_HTTP_FINAL)
_URI_ARGS = int(lws.WSI_TOKEN_HTTP_URI_ARGS)
_VERSION = int(lws.WSI_TOKEN_HTTP)
_CONTENT_LENGTH = int(lws.WSI_TOKEN_HTTP_CONTENT_LENGTH)
_TRANSFER_ENCODING = int(lws.WSI_TOKEN_HTTP_TRANSFER_ENCODING)

METHODS = {int(getattr(lws, "LWSHUMETH_" + name)): name
           for name in ("GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "HEAD")}
#: The library reads the body of these even where they have none.
WITH_BODY = ("POST", "PUT", "PATCH")

#: How much of a request's body may wait to be read before the connection is not read from any more, bytes.
RECEIVE_BYTES = 262144



class _Scratch(threading.local):
    """Memory that C writes to during one call after another; each thread may have a loop."""

    def __init__(self) -> None:
        self.space = ctypes.create_string_buffer(65536)
        self.space_start = ctypes.addressof(self.space)
        self.head = ctypes.create_string_buffer(65536)
        self.head_start = ctypes.addressof(self.head)
        self.head_end = self.head_start + len(self.head)
        self.at = ctypes.c_void_p()
        self.at_reference = ctypes.byref(self.at)


_scratch = _Scratch()
_tokens: dict[str, int] = {}
_TOKEN_CHARACTERS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def known_headers() -> dict[str, int]:
    """The headers that have a number in the library: name and number."""
    if not _tokens:
        for token in range(int(lws.WSI_TOKEN_COUNT)):
            text = ctypes.cast(lws.lws_token_to_string(token) or 0, ctypes.c_char_p).value or b""
            if text.endswith(b":") and not text.startswith(b":"):
                _tokens[text[:-1].decode()] = token
    return _tokens


def header_value(wsi: int, token: int) -> Optional[str]:
    """The value of a header with a number, or None."""
    size = lib.header_length(wsi, token)
    if size <= 0:
        return None
    space = _scratch.space if size < 65536 else ctypes.create_string_buffer(size + 1)
    copied = lib.header_copy(wsi, space, len(space), token)
    return None if copied < 0 else bytes_at(ctypes.addressof(space), copied).decode("utf-8", "surrogateescape")


class Headers(Mapping[str, str]):
    """The headers of a request. Names are compared without regard to case.

    Headers that the library has a number for can be listed; others can only be asked for by name. For HTTP requests that is
    possible until the response is complete, for WebSocket requests only what Application.websocket(headers=...) names is kept.
    """

    __slots__ = ("_wsi", "_values", "_complete")

    def __init__(self, wsi: int) -> None:
        self._wsi = wsi
        self._values: dict[str, Optional[str]] = {}
        self._complete = False

    def __getitem__(self, name: str) -> str:
        name = name.lower()
        if name not in self._values:
            self._values[name] = self._find(name)
        value = self._values[name]
        if value is None:
            raise KeyError(name)
        return value

    def _find(self, name: str) -> Optional[str]:
        token = known_headers().get(name)
        if self._complete and token is not None:
            return None
        if not self._wsi:
            if self._complete:
                return None
            raise RuntimeError("headers cannot be read any more when the response is complete")
        if token is not None:
            return header_value(self._wsi, token)
        text = name.encode() + b":"
        size = lib.custom_length(self._wsi, text, len(text))
        if size < 0:
            return None
        space = ctypes.create_string_buffer(size + 1)
        lib.custom_copy(self._wsi, space, size + 1, text, len(text))
        return space.raw[:size].decode("utf-8", "surrogateescape")

    def _read(self) -> None:
        if not self._complete:
            for name, token in known_headers().items():
                if name not in self._values:
                    if not self._wsi:
                        raise RuntimeError("headers cannot be read any more when the response is complete")
                    self._values[name] = header_value(self._wsi, token)
            self._complete = True

    def freeze(self, also: tuple[str, ...] = ()) -> None:
        """Reads all that there is, for when the connection's headers are gone."""
        self._read()
        for name in also:
            self.get(name)
        self._wsi = 0

    def forget(self) -> None:
        """The connection's headers are gone."""
        self._wsi = 0

    def __iter__(self) -> Iterator[str]:
        self._read()
        return (name for name, value in self._values.items() if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __repr__(self) -> str:
        return f"<golws.Headers {dict(self)}>" if self._complete else "<golws.Headers>"


class Request:
    """An HTTP request, also one that asks for a WebSocket."""

    __slots__ = ("method", "path", "query", "headers", "parameters", "remote_address", "scheme", "client_certificate", "server",
                 "state", "_exchange")

    def __init__(self, server: "Server", wsi: int, method: str, path: str, exchange: "Optional[Exchange]") -> None:
        self.server = server
        #: GET, POST, ...
        self.method = method
        #: The path, decoded, without the query.
        self.path = path
        #: The parameters of the query, decoded: name and value, in their order.
        self.query: list[tuple[str, str]] = list(_query(wsi))
        self.headers = Headers(wsi)
        #: What stands in the path for the {names} of the route.
        self.parameters: dict[str, str] = {}
        #: The client's address as text.
        self.remote_address = (lib.peer_simple(wsi, _scratch.space, 128) or b"").decode()
        #: "https" where the bytes are encrypted, else "http"; for WebSockets too.
        self.scheme = "https" if lib.is_ssl(wsi) else "http"
        #: The client's certificate, DER, where the server asks for one and it has one.
        self.client_certificate: Optional[bytes] = None
        if server.tls is not None and server.tls.client_certificates != "none":
            self.client_certificate = peer_certificate(wsi)
        #: Yours.
        self.state: Any = None
        self._exchange = exchange

    def __repr__(self) -> str:
        return f"<golws.Request {self.method} {self.path}>"

    def parameter(self, name: str, default: Optional[str] = None) -> Optional[str]:
        """The first parameter of the query that has the name."""
        for found, value in self.query:
            if found == name:
                return value
        return default

    async def stream(self) -> AsyncIterator[bytes]:
        """The body, in the pieces it comes in."""
        exchange = self._exchange
        if exchange is None:
            return
        while True:
            piece = await exchange.read()
            if piece is None:
                return
            yield piece

    async def body(self, limit: Optional[int] = None) -> bytes:
        """The whole body. One above limit, or the server's max_body, is answered with 413."""
        if limit is None:
            limit = self.server.max_body
        pieces, size = [], 0
        async for piece in self.stream():
            size += len(piece)
            if limit is not None and size > limit:
                raise HTTPError(413, f"the body has more than {limit} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    async def text(self) -> str:
        """The whole body as text, UTF-8. Other bytes are answered with 400."""
        try:
            return (await self.body()).decode()
        except UnicodeDecodeError:
            raise HTTPError(400, "the body is not UTF-8") from None

    async def json(self) -> Any:
        """The body as JSON. What is none is answered with 400."""
        try:
            return json.loads(await self.body())
        except ValueError:
            raise HTTPError(400, "the body is not JSON") from None

    async def form(self) -> list[tuple[str, str]]:
        """The fields of a form, application/x-www-form-urlencoded."""
        return parse_qsl(await self.text(), keep_blank_values=True)


def _query(wsi: int) -> Iterator[tuple[str, str]]:
    if lib.header_length(wsi, _URI_ARGS) <= 0:
        return
    index = 0
    space = _scratch.space
    while True:
        size = lib.fragment_copy(wsi, space, len(space), _URI_ARGS, index)
        if size < 0:
            return
        name, _, value = bytes_at(_scratch.space_start, size).decode("utf-8", "replace").partition("=")
        yield name, value
        index += 1


Body = Union[str, bytes, bytearray, memoryview, AsyncIterable[Union[str, bytes]]]


class Response:
    """What a handler returns.

    An asynchronous iterable as the body is sent piece by piece, each when the ones before have left; without a content-length
    of yours with chunked encoding (RFC 9112 section 7.1).
    """

    __slots__ = ("body", "status", "headers", "content_type")

    def __init__(self, body: Body = b"", status: int = 200, headers: Optional[Mapping[str, str]] = None,
                 content_type: Optional[str] = None) -> None:
        if isinstance(body, str):
            content_type = content_type or "text/plain; charset=utf-8"
            body = body.encode()
        elif isinstance(body, (bytearray, memoryview)):
            body = bytes(body)
        elif not isinstance(body, (bytes, AsyncIterable)):
            raise TypeError(f"a body is str, bytes or an asynchronous iterable, not {type(body).__name__}")
        if not 200 <= status <= 599:
            raise ValueError(f"{status} is no status of a response")
        self.body: Union[bytes, AsyncIterable[Union[str, bytes]]] = body
        self.status = status
        self.content_type = content_type
        self.headers: list[tuple[bytes, bytes]] = []
        for name, value in (headers or {}).items():
            self.add_header(name, value)

    def add_header(self, name: str, value: str) -> None:
        """Adds a header, also where there is one of that name (Set-Cookie)."""
        if not name or not _TOKEN_CHARACTERS.issuperset(name):
            raise ValueError(f"{name!r} is no name of a header")
        text = value.encode("latin-1" if value.isascii() else "utf-8")
        if any(c in text for c in b"\r\n\0"):
            raise ValueError(f"the value of {name} has a line break or a NUL in it")
        if name.lower() == "content-type":
            self.content_type = value
        else:
            self.headers.append((name.lower().encode() + b":", text))

    @classmethod
    def html(cls, text: str, status: int = 200) -> "Response":
        """A page."""
        return cls(text, status, content_type="text/html; charset=utf-8")

    @classmethod
    def json(cls, value: Any, status: int = 200) -> "Response":
        """A value as JSON."""
        return cls(json.dumps(value).encode(), status, content_type="application/json")

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> "Response":
        """Sends the client to another place."""
        return cls(b"", status, {"location": location})


#: Statuses whose responses have neither a body nor a length (RFC 9110 sections 8.6 and 15).
_BODILESS = (204, 304)


class Exchange:
    """One request and its response."""

    __slots__ = ("wsi", "server", "loop", "request", "task", "_body", "_waiting", "_body_done", "_paused", "_reader", "_head",
                 "_out", "_writer", "_finished", "_chunked", "_ended", "_broken")

    def __init__(self, server: "Server", wsi: int, method: str, path: str) -> None:
        self.wsi = wsi
        self.server = server
        self.loop = server.loop
        self.request = Request(server, wsi, method, path, self)
        self.task: Optional[asyncio.Task[None]] = None
        self._body: deque[bytes] = deque()
        self._waiting = 0
        self._body_done = not (method in WITH_BODY or lib.header_length(wsi, _TRANSFER_ENCODING) > 0 or
                               (header_value(wsi, _CONTENT_LENGTH) or "0") != "0")
        self._paused = False
        self._reader: Optional[asyncio.Future[None]] = None
        self._head: Optional[tuple[Response, Optional[int]]] = None
        self._out: deque[bytes] = deque()
        self._writer: Optional[asyncio.Future[None]] = None
        self._finished = False
        self._chunked = False
        self._ended: Optional[Exception] = None
        self._broken = False

    # The handler's side

    async def read(self) -> Optional[bytes]:
        """The next piece of the body, None at its end."""
        while not self._body:
            if self._body_done:
                return None
            if self._ended is not None:
                raise self._ended
            self._reader = self.loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        piece = self._body.popleft()
        self._waiting -= len(piece)
        if self._paused and self._waiting <= RECEIVE_BYTES // 2:
            self._paused = False
            if self.wsi:
                lib.rx_flow_control(self.wsi, 1)
        return piece

    async def respond(self, response: Response) -> None:
        """Sends a response; returns when all of it is with the library, or the client is gone."""
        body = response.body
        if isinstance(body, bytes):
            self._head = (response, len(body))
            if body and response.status not in _BODILESS:
                self._out.append(body)
            self._finished = True
            self._want()
            return
        length = next((int(value) for name, value in response.headers if name == b"content-length:"), None)
        self._head = (response, length if length is not None else -1)
        if length is not None:
            response.headers = [(name, value) for name, value in response.headers if name != b"content-length:"]
        self._want()
        try:
            async for piece in body:
                data = piece.encode() if isinstance(piece, str) else bytes(piece)
                if data:
                    self._out.append(data)
                    self._want()
                while self._out and self._ended is None:
                    self._writer = self.loop.create_future()
                    await self._writer
                if self._ended is not None:
                    break
        except BaseException:
            # A body that is cut off must not look complete.
            self._broken = True
            self._want()
            raise
        finally:
            close = getattr(body, "aclose", None)
            if close is not None:
                await close()
        self._finished = True
        self._want()

    @property
    def responding(self) -> bool:
        """Whether the head is sent or about to be."""
        return self._head is not None or self._chunked or self._finished

    def _want(self) -> None:
        if self.wsi:
            lib.callback_on_writable(self.wsi)

    # Callbacks

    def event(self, reason: int, pointer: Optional[int], length: int) -> int:
        if reason == _HTTP_WRITEABLE:
            return self._writable()
        if reason == _HTTP_BODY:
            if length:
                self._body.append(bytes_at(pointer, length))
                self._waiting += length
                if not self._paused and self._waiting >= RECEIVE_BYTES:
                    self._paused = True
                    lib.rx_flow_control(self.wsi, 0)
                self._wake_reader()
        elif reason == _HTTP_BODY_COMPLETION:
            self._body_done = True
            self._wake_reader()
        elif reason == _CLOSED_HTTP:
            self._closed()
        elif reason == _WSI_DESTROY:
            self._closed()
            native.connections.pop(self.wsi, None)
            self.wsi = 0
        elif reason not in _QUIET:
            return self.server.event(self.wsi, reason, pointer, length)
        return 0

    def _writable(self) -> int:
        wsi = self.wsi
        if self._broken:
            return -1
        if self._head is not None:
            (response, length), self._head = self._head, None
            if not self._send_head(wsi, response, length or 0):
                return -1
        out = self._out
        while out:
            data = out.popleft()
            size = len(data)
            last = self._finished and not out and not self._chunked
            if self._chunked:
                data = b"%x\r\n%b\r\n" % (size, data)
                size = len(data)
            if lib.write(wsi, data, size, _FINAL if last else _BODY) < 0:
                return -1
            if out and lib.choked(wsi):
                lib.callback_on_writable(wsi)
                return 0
        writer = self._writer
        if writer is not None:
            if not self._finished and lib.choked(wsi):
                lib.callback_on_writable(wsi)
                return 0
            self._writer = None
            if not writer.done():
                writer.set_result(None)
        if self._finished:
            if self._chunked and lib.write(wsi, b"0\r\n\r\n", 5, _FINAL) < 0:
                return -1
            # The next request may come inside the call.
            native.connections.pop(wsi, None)
            self.request.headers.forget()
            self.wsi = 0
            if self._paused:
                lib.rx_flow_control(wsi, 1)
            if lib.transaction_completed(wsi):
                return -1
        return 0

    def _send_head(self, wsi: int, response: Response, length: int) -> bool:
        scratch = _scratch
        at, end = scratch.at_reference, scratch.head_end
        scratch.at.value = scratch.head_start
        kind = response.content_type.encode("latin-1", "replace") if response.content_type else None
        bodiless = response.status in _BODILESS
        if length >= 0 and not bodiless:
            if lib.add_common_headers(wsi, response.status, kind, length, at, end):
                return False
        else:
            if lib.add_status(wsi, response.status, at, end):
                return False
            if kind and lib.add_header(wsi, b"content-type:", kind, len(kind), at, end):
                return False
            # HTTP/2 has frames of its own; its requests are streams on a connection.
            if not bodiless and header_value(wsi, _VERSION) != "HTTP/1.0" and lib.network(wsi) == wsi:
                self._chunked = True
                if lib.add_header(wsi, b"transfer-encoding:", b"chunked", 7, at, end):
                    return False
        for name, value in response.headers:
            if lib.add_header(wsi, name, value, len(value), at, end):
                return False
        if lib.finalize_header(wsi, at, end):
            return False
        return lib.write(wsi, scratch.head, (scratch.at.value or 0) - scratch.head_start, _HEADERS) >= 0  # type: ignore[arg-type]

    def failed(self) -> int:
        """A callback of this request raised an exception."""
        wsi = self.wsi
        if wsi and not self.responding:
            lib.return_status(wsi, 500, None)
        return -1

    def _wake_reader(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _closed(self) -> None:
        if self._ended is not None:
            return
        self._ended = ConnectionClosedError(1006, "the client is gone")
        self.request.headers.freeze()
        self._wake_reader()
        if self._writer is not None and not self._writer.done():
            self._writer.set_result(None)

    def abandon(self, error: Exception) -> None:
        """There is no loop, or no process, any more in which it could go on. Nobody is woken."""
        self.wsi = 0
        self._ended = error
        self.request.headers.forget()


_QUIET = frozenset(int(reason) for reason in (lws.LWS_CALLBACK_HTTP_DROP_PROTOCOL, lws.LWS_CALLBACK_HTTP_BIND_PROTOCOL,
                                              lws.LWS_CALLBACK_CHECK_ACCESS_RIGHTS, lws.LWS_CALLBACK_ADD_HEADERS))

__all__ = ["ConnectionClosed", "Exchange", "Headers", "Request", "Response"]
