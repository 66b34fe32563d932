"""WebSocket clients."""

from __future__ import annotations

import asyncio
import base64
import ctypes
import ipaddress
import os
from typing import Any, Generator, Iterable, Mapping, Optional, Tuple
from urllib.parse import unquote, urlsplit

from . import lowlevel as lws
from . import native
from .context import Context, deflate_extensions, retry_policy
from .errors import HandshakeError
from .http import Response, header_value
from .websocket import WebSocket

_PROTOCOL = int(lws.WSI_TOKEN_PROTOCOL)


# What connections over TLS are made with: files with the authorities, the certificate and its key, each may be None
_TLS = Tuple[Optional[str], Optional[str], Optional[str]]


class _Clients:
    """The context of a loop's clients that compress alike and use the same TLS. It lives as long as it has any."""

    by_loop: "dict[tuple[int, bool, Optional[_TLS]], _Clients]" = {}

    def __init__(self, loop: asyncio.AbstractEventLoop, compression: bool, tls: Optional[_TLS]) -> None:
        self.loop = loop
        self.key = (id(loop), compression, tls)
        self.websockets: set[WebSocket] = set()
        self.waiting: dict[WebSocket, _Handshake] = {}
        protocols = (lws.lws_protocols * 2)()
        protocols[0].name, protocols[0].callback, protocols[0].rx_buffer_size = b"golws", native.on_event, 65536
        info = lws.lws_context_creation_info(port=lws.CONTEXT_PORT_NO_LISTEN, protocols=protocols, pt_serv_buf_size=65536,
                                             options=int(lws.LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN))
        keep = [protocols]
        if compression:
            info.extensions = deflate_extensions()
            keep.append(info.extensions)
        if tls is not None:
            info.options |= int(lws.LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
            names = ("client_ssl_ca_filepath", "client_ssl_cert_filepath", "client_ssl_private_key_filepath")
            for name, path in zip(names, tls):
                if path is not None:
                    setattr(info, name, os.fsencode(path))
        self.context = Context(loop, info, keep)
        native.vhosts[self.context.vhost] = self

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop, compression: bool, tls: Optional[_TLS]) -> "_Clients":
        native.sweep()
        for key, clients in list(cls.by_loop.items()):
            # Closed with connections open. Another loop may have its id now.
            if clients.loop.is_closed():
                del cls.by_loop[key]
        key = (id(loop), compression, tls)
        if key not in cls.by_loop:
            cls.by_loop[key] = cls(loop, compression, tls)
        return cls.by_loop[key]

    def _leave(self, websocket: WebSocket) -> None:
        self.websockets.discard(websocket)
        if not self.websockets:
            self.loop.call_soon(self._end)

    def _end(self) -> None:
        if not self.websockets and self.by_loop.get(self.key) is self:
            del self.by_loop[self.key]
            self.context.destroy()

    # What the library asks

    def event(self, wsi: int, reason: int, pointer: Optional[int], length: int) -> int:
        """A callback of a connection that has no object yet: inside lws_client_connect_via_info()."""
        return 0

    def failed(self, wsi: int, reason: int) -> int:
        """event() raised an exception."""
        return -1

    def append_headers(self, websocket: WebSocket, pointer: Optional[int], length: int) -> int:
        """The headers of the program's are added to the request."""
        text = self.waiting[websocket].headers
        if not text or pointer is None:
            return 0
        if len(text) > length:
            self.waiting[websocket].error = "the headers are too long"
            return -1
        at = ctypes.cast(pointer, ctypes.POINTER(ctypes.c_void_p))
        place = at.contents.value
        assert place is not None
        ctypes.memmove(place, text, len(text))
        at.contents.value = place + len(text)
        return 0

    def answered(self, websocket: WebSocket) -> None:
        """The server's answer is there, whatever it says."""
        self.waiting[websocket].status = lws.lws_http_client_http_response(websocket._wsi) or None

    def established(self, websocket: WebSocket) -> None:
        """The handshake is done."""
        handshake = self.waiting.pop(websocket)
        websocket.subprotocol = header_value(websocket._wsi, _PROTOCOL)
        if not handshake.opened.done():
            handshake.opened.set_result(None)

    def connection_error(self, websocket: WebSocket, text: bytes) -> None:
        """There will be no WebSocket."""
        handshake = self.waiting.get(websocket)
        if handshake is not None:
            handshake.error = handshake.error or text.decode("utf-8", "replace")

    def closed(self, websocket: WebSocket) -> None:
        """The WebSocket has ended, or has not come to be."""
        handshake = self.waiting.pop(websocket, None)
        if handshake is not None and not handshake.opened.done():
            text = handshake.error or "the connection could not be made"
            if handshake.status is not None and handshake.status != 101:
                text = f"the server answered with status {handshake.status}"
            handshake.opened.set_exception(HandshakeError(text, handshake.status))
        self._leave(websocket)


class _Handshake:
    """A connection that is being made."""

    def __init__(self, loop: asyncio.AbstractEventLoop, headers: bytes) -> None:
        self.opened: asyncio.Future[None] = loop.create_future()
        self.headers = headers
        self.status: Optional[int] = None
        self.error = ""


class connect:
    """Connects to a WebSocket server. To be awaited, or used with async with, which closes the WebSocket at its end:

        async with golws.connect("ws://localhost:8765/") as websocket:
            await websocket.send("hello")
            print(await websocket.recv())

    subprotocols: those that are offered, the best first; websocket.subprotocol is what the server chose. headers: sent with the
    request. origin: the Origin header. compression: permessage-deflate is offered. open_timeout: seconds for all of it; None: the
    library's limits. For wss, authorities: file with the certificates of those who may have signed the server's; None: those that the
    system trusts. certificate, key: files with what this side presents. The others as for Server and WebSocket. Raises
    HandshakeError, or TimeoutError.
    """

    def __init__(self, uri: str, *, subprotocols: Iterable[str] = (), headers: Optional[Mapping[str, str]] = None,
                 origin: Optional[str] = None, compression: bool = False, open_timeout: Optional[float] = 10,
                 ping_interval: Optional[float] = 20, ping_timeout: Optional[float] = 20, max_size: Optional[int] = 2**20,
                 max_queue: int = 64, close_timeout: float = 10, authorities: Optional[str] = None,
                 certificate: Optional[str] = None, key: Optional[str] = None) -> None:
        parts = urlsplit(uri)
        if parts.scheme not in ("ws", "wss") or not parts.hostname:
            raise ValueError(f"{uri!r} is no ws:// or wss:// address")
        self._tls = (authorities, certificate, key) if parts.scheme == "wss" else None
        if self._tls is None and (authorities or certificate or key):
            raise ValueError("authorities, certificate and key are for wss://")
        self._host = parts.hostname
        self._port = parts.port or (443 if self._tls else 80)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not self._path.isascii() or any(c <= " " for c in self._path):
            raise ValueError(f"{uri!r} has characters in its path that have to be percent-encoded")
        checked = Response()  # its add_header() refuses line breaks
        for name, value in (headers or {}).items():
            if name.lower() == "content-type":
                raise ValueError("a handshake has no content-type")
            checked.add_header(name, value)
        if parts.username is not None:
            credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            checked.add_header("authorization", "Basic " + base64.b64encode(credentials).decode())
        self._headers = b"".join(b"%b %b\r\n" % header for header in checked.headers)
        self._subprotocols = ",".join(subprotocols)
        self._origin = origin
        self._compression = compression
        self._open_timeout = open_timeout
        self._retry = retry_policy(ping_interval, ping_timeout)
        self._options: dict[str, Any] = {"max_size": max_size, "max_queue": max_queue, "close_timeout": close_timeout}
        self._websocket: Optional[WebSocket] = None

    async def _connect(self) -> WebSocket:
        native.check_process()
        loop = asyncio.get_running_loop()
        clients = _Clients.of(loop, self._compression, self._tls)
        websocket = WebSocket(clients, loop, None, **self._options)
        handshake = _Handshake(loop, self._headers)
        clients.websockets.add(websocket)
        clients.waiting[websocket] = handshake
        with native.complaints() as lines:
            wsi = lws.lws_client_connect_via_info(self._info(clients))
        if not wsi:
            del clients.waiting[websocket]
            clients._leave(websocket)
            raise HandshakeError("; ".join(lines) or "the library refused the connection")
        websocket._wsi = wsi
        native.connections[wsi] = websocket
        try:
            await asyncio.wait_for(handshake.opened, self._open_timeout)
        except BaseException:
            if websocket._ended is None:
                websocket.abort()
            raise
        return websocket

    def _info(self, clients: _Clients) -> Any:
        address = self._host
        try:
            ipaddress.ip_address(address)
        except ValueError:
            address = address.encode("idna").decode()
        host = f"[{address}]" if ":" in address else address
        if self._port != (443 if self._tls else 80):
            host += f":{self._port}"
        info = lws.lws_client_connect_info(context=clients.context.handle, address=address.encode(), port=self._port,
                                           path=self._path.encode(), host=host.encode())
        info.ssl_connection = int(lws.LCCSCF_USE_SSL) if self._tls else 0
        info.origin = self._origin.encode() if self._origin else None
        info.protocol = self._subprotocols.encode() if self._subprotocols else None
        info.local_protocol_name = b"golws"
        info.retry_and_idle_policy = ctypes.pointer(self._retry)
        return info

    def __await__(self) -> Generator[Any, None, WebSocket]:
        return self._connect().__await__()

    async def __aenter__(self) -> WebSocket:
        self._websocket = await self._connect()
        return self._websocket

    async def __aexit__(self, *exception: object) -> None:
        assert self._websocket is not None
        await self._websocket.close()


