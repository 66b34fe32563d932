"""WebSocket and HTTP for asyncio, on the C library libwebsockets of golws.

    import asyncio, golws

    async def echo(websocket):
        async for message in websocket:
            await websocket.send(message)

    async def main():
        async with golws.serve(echo, "127.0.0.1", 8765) as server:
            await server.serve_forever()

    asyncio.run(main())

The protocols run in the library; Python sees whole messages and requests. Everything happens on the thread of the asyncio
loop, which watches one descriptor of the library. golws.lowlevel is the C interface itself.
"""

from __future__ import annotations

from .client import connect
from .errors import (ConnectionClosed, ConnectionClosedError, ConnectionClosedOK, Error, ForkError, HandshakeError,
                     HTTPError, LibraryError)
from .http import Headers, Request, Response
from .native import set_log
from .server import Application, Server, serve
from .tls import TLS
from .websocket import WebSocket

__version__ = "4.2.1"

__all__ = ["Application", "ConnectionClosed", "ConnectionClosedError", "ConnectionClosedOK", "Error", "ForkError", "HTTPError",
           "HandshakeError", "Headers", "LibraryError", "Request", "Response", "Server", "TLS", "WebSocket", "connect", "serve", "set_log"]
