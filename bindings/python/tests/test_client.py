"""WebSocket clients against python3-websockets, aiohttp and our own server."""

from __future__ import annotations

import asyncio
import http
import os
import ssl
import unittest
from typing import Any

from support import AsyncTest, echo, until
from test_tls import Certificates

import golws
import golws.native
import websockets
from aiohttp import WSMsgType, web


class Client(AsyncTest):
    async def foreign(self, handler: Any, **options: Any) -> str:
        """The address of a server of python3-websockets."""
        options.setdefault("max_size", None)
        server = await websockets.serve(handler, "127.0.0.1", 0, **options)  # type: ignore[attr-defined]

        async def stop() -> None:
            server.close()
            await server.wait_closed()

        self.addAsyncCleanup(stop)
        return f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def asyncTearDown(self) -> None:
        await super().asyncTearDown()
        # The last client's end takes the context with it.
        await until(lambda: not golws.native.contexts)
        self.assertEqual((golws.native.connections, golws.native.vhosts), ({}, {}))

    async def test_echo(self) -> None:
        uri = await self.foreign(lambda websocket, path: echo(websocket), compression=None)
        async with golws.connect(uri, max_size=None) as client:
            for size in (0, 1, 125, 126, 65535, 65536, 3000000):
                data = os.urandom(size)
                await client.send(data)
                self.assertEqual(await client.recv(), data)
                text = ("ä€😀x" * size)[:size]
                await client.send(text)
                self.assertEqual(await client.recv(), text)
            await client.send(["frag", "", "ments"])
            self.assertEqual(await client.recv(), "fragments")
            await (await client.ping("data"))
        self.assertEqual((client.close_code, client.open), (1000, False))

    async def test_compression(self) -> None:
        names = []

        async def handler(websocket: Any, path: str) -> None:
            names.append([extension.name for extension in websocket.extensions])
            await echo(websocket)

        uri = await self.foreign(handler)
        for compression in (True, False):
            async with golws.connect(uri, compression=compression) as client:
                for message in ("text " * 10000, os.urandom(50000), ""):
                    await client.send(message)
                    self.assertEqual(await client.recv(), message)
        self.assertEqual(names, [["permessage-deflate"], []])

    async def test_handshake(self) -> None:
        """What the server sees of the request, and what it chooses."""
        seen: list[Any] = []

        async def handler(websocket: Any, path: str) -> None:
            headers = websocket.request_headers
            seen.append((path, headers["X-Own"], headers["Origin"], headers["Authorization"], headers["Host"]))

        uri = await self.foreign(handler, subprotocols=["two", "one"])
        host = uri[len("ws://"):]
        async with golws.connect(f"ws://user:p%40ss@{host}/a/b?c=d%20e", subprotocols=["zero", "two"],
                                 headers={"X-Own": "mine"}, origin="http://origin.example") as client:
            self.assertEqual(client.subprotocol, "two")
        async with golws.connect(uri, headers={"X-Own": ""}, origin="x") as client:
            self.assertIsNone(client.subprotocol)
            await client.wait_closed()
        self.assertEqual(seen, [("/a/b?c=d%20e", "mine", "http://origin.example", "Basic dXNlcjpwQHNz", host)])

    async def test_refusals(self) -> None:
        async def refuse(path: str, headers: Any) -> Any:
            return http.HTTPStatus(418), [], b"no"

        uri = await self.foreign(echo, process_request=refuse)
        with self.assertRaises(golws.HandshakeError) as caught:
            await golws.connect(uri)
        self.assertEqual(caught.exception.status, 418, caught.exception)
        with self.assertRaises(golws.HandshakeError) as caught:
            await golws.connect("ws://127.0.0.1:1/")
        self.assertIsNone(caught.exception.status)
        with self.assertRaises(golws.HandshakeError):
            await golws.connect("ws://name.invalid/")
        for bad in ("http://localhost/", "ws:///", "ws://localhost/a b"):
            with self.assertRaises(ValueError):
                golws.connect(bad)
        with self.assertRaises(ValueError):
            golws.connect("ws://localhost/", headers={"a": "b\r\nc: d"})

    async def test_open_timeout_and_cancellation(self) -> None:
        """A server that accepts and says nothing does not hold up a client for ever."""
        silent = await asyncio.start_server(lambda reader, writer: asyncio.sleep(0), "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        with self.assertRaises(asyncio.TimeoutError):
            await golws.connect(f"ws://127.0.0.1:{port}/", open_timeout=0.1)
        task = asyncio.ensure_future(golws.connect(f"ws://127.0.0.1:{port}/")._connect())
        await asyncio.sleep(0.05)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        silent.close()

    async def test_closing(self) -> None:
        codes = []

        async def handler(websocket: Any, path: str) -> None:
            if path == "/server":
                await websocket.close(4321, "server ä")
            elif path == "/abort":
                websocket.transport.abort()
            else:
                await websocket.wait_closed()
                codes.append((websocket.close_code, websocket.close_reason))

        uri = await self.foreign(handler)
        client = await golws.connect(uri + "/server")
        with self.assertRaises(golws.ConnectionClosedError) as caught:
            await client.recv()
        self.assertEqual((caught.exception.code, caught.exception.reason), (4321, "server ä"))
        client = await golws.connect(uri + "/abort")
        with self.assertRaises(golws.ConnectionClosedError) as caught:
            await client.recv()
        self.assertEqual(caught.exception.code, 1006)
        client = await golws.connect(uri + "/client")
        await client.close(3456, "client ü")
        await until(lambda: bool(codes))
        self.assertEqual(codes, [(3456, "client ü")])

    async def test_bad_text(self) -> None:
        """Text of the server's that is not UTF-8 closes with 1007."""
        codes = []

        async def handler(websocket: Any, path: str) -> None:
            await websocket.write_frame(True, 1, b"\xff\xfe")
            await websocket.wait_closed()
            codes.append(websocket.close_code)

        client = await golws.connect(await self.foreign(handler))
        with self.assertRaises(golws.ConnectionClosedError):
            await client.recv()
        await until(lambda: codes == [1007])

    async def test_aiohttp(self) -> None:
        async def handler(request: web.Request) -> web.WebSocketResponse:
            websocket = web.WebSocketResponse(protocols=["chat"])
            await websocket.prepare(request)
            async for message in websocket:
                if message.type == WSMsgType.TEXT:
                    await websocket.send_str(message.data)
                else:
                    await websocket.send_bytes(message.data)
            return websocket

        application = web.Application()
        application.add_routes([web.get("/ws", handler)])
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        for compression in (False, True):
            async with golws.connect(f"ws://localhost:{port}/ws", subprotocols=["chat"], compression=compression) as client:
                self.assertEqual(client.subprotocol, "chat")
                for message in ("text", b"\0\1" * 50000):
                    await client.send(message)
                    self.assertEqual(await client.recv(), message)
        await runner.cleanup()

    async def test_own_server(self) -> None:
        """Both ends on one loop, many at once, with backpressure in both directions."""
        async with golws.serve(echo, "127.0.0.1", compression=True) as server:
            uri = f"ws://127.0.0.1:{server.port}/"

            async def visit(number: int) -> None:
                async with golws.connect(uri, compression=number % 2 == 0, open_timeout=50) as client:
                    for i in range(5):
                        await client.send(f"{number} {i}")
                        self.assertEqual(await client.recv(), f"{number} {i}")

            await asyncio.gather(*(visit(number) for number in range(100)))
            async with golws.connect(uri) as client:
                async def pour() -> None:
                    for i in range(500):
                        await client.send(bytes([i % 256]) * 50000)

                pouring = asyncio.ensure_future(pour())
                for i in range(500):
                    self.assertEqual(await client.recv(), bytes([i % 256]) * 50000)
                await pouring

    async def test_keepalive(self) -> None:
        """A server that does not answer pings is given up."""
        async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            key = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
            import base64
            import hashlib

            accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
            writer.write(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
            await reader.read()
            writer.close()

        server = await asyncio.start_server(stall, "127.0.0.1", 0)
        client = await golws.connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", ping_interval=1, ping_timeout=1)
        with self.assertRaises(golws.ConnectionClosedError):
            await client.recv()
        server.close()

    async def test_tls(self) -> None:
        certificates = Certificates()
        self.addCleanup(certificates.remove)
        shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        shown.load_cert_chain(certificates.path("server.pem"), certificates.path("server.key"))
        shown.load_verify_locations(certificates.authority)
        shown.verify_mode = ssl.CERT_OPTIONAL
        presented: list[Any] = []

        async def handler(websocket: Any, path: str) -> None:
            presented.append(websocket.transport.get_extra_info("peercert"))
            await echo(websocket)

        uri = await self.foreign(handler, ssl=shown)
        uri = uri.replace("ws://127.0.0.1", "wss://localhost")
        async with golws.connect(uri, authorities=certificates.authority) as client:
            await client.send("over TLS")
            self.assertEqual(await client.recv(), "over TLS")
        async with golws.connect(uri, authorities=certificates.authority, certificate=certificates.path("client.pem"),
                                 key=certificates.path("client.key")) as client:
            await client.send(b"x" * 100_000)
            self.assertEqual(await client.recv(), b"x" * 100_000)
        self.assertEqual([bool(one) for one in presented], [False, True])
        # Nobody whom the system trusts has signed it, of which the server hears too.
        with self.assertRaises(golws.HandshakeError):
            await golws.connect(uri)
        await until(lambda: bool(self.reported))
        self.reported.clear()
        with self.assertRaises(ValueError):
            golws.connect("ws://localhost/", authorities=certificates.authority)


if __name__ == "__main__":
    unittest.main()
