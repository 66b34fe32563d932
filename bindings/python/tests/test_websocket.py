"""WebSocket servers against python3-websockets, aiohttp and a client of raw bytes."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
import unittest
from typing import Any, Optional

from support import AsyncTest, echo, until

import aiohttp
import golws
import websockets
import websockets.exceptions


def url(server: golws.Server, path: str = "/") -> str:
    return f"ws://127.0.0.1:{server.port}{path}"


def connect(server: golws.Server, path: str = "/", **options: Any) -> Any:
    options.setdefault("max_size", None)
    return websockets.connect(url(server, path), **options)  # type: ignore[attr-defined]


class Raw:
    """A client that sends what no correct client would."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, server: golws.Server, path: str = "/", headers: str = "") -> "Raw":
        raw = cls()
        raw.reader, raw.writer = await asyncio.open_connection("127.0.0.1", server.port)
        key = base64.b64encode(os.urandom(16)).decode()
        raw.writer.write(f"GET {path} HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n".encode())
        raw.head = (await raw.reader.readuntil(b"\r\n\r\n")).decode()
        return raw

    head: str

    def frame(self, first: int, payload: bytes) -> None:
        mask = b"\1\2\3\4"
        size = len(payload)
        length = struct.pack("!B", 0x80 | size) if size < 126 else (
            struct.pack("!BH", 0xfe, size) if size < 65536 else struct.pack("!BQ", 0xff, size))
        self.writer.write(bytes([first]) + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    async def receive(self) -> "tuple[int, bytes]":
        first, size = await self.reader.readexactly(2)
        if size == 126:
            size, = struct.unpack("!H", await self.reader.readexactly(2))
        elif size == 127:
            size, = struct.unpack("!Q", await self.reader.readexactly(8))
        return first, await self.reader.readexactly(size)

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            pass


class Echo(AsyncTest):
    async def test_text_and_binary(self) -> None:
        """Messages of all sizes that have a border somewhere come back as what they were."""
        async with golws.serve(echo, "127.0.0.1", max_size=None) as server, connect(server) as client:
            for size in (0, 1, 125, 126, 127, 4095, 4096, 4097, 16384, 65535, 65536, 65537, 300000, 5000000):
                data = os.urandom(size)
                await client.send(data)
                self.assertEqual(await client.recv(), data)
                text = ("ä€😀x" * (size // 4 + 1))[:size]
                await client.send(text)
                self.assertEqual(await client.recv(), text)

    async def test_fragments(self) -> None:
        """A message in fragments arrives whole, and one is sent in fragments."""
        received = []

        async def handler(websocket: golws.WebSocket) -> None:
            async for message in websocket:
                received.append(message)
                await websocket.send(["frag", "men", "ts"])
                await websocket.send(part async for part in parts())

        async def parts() -> Any:
            for part in (b"1", b"22" * 40000, b""):
                await asyncio.sleep(0)
                yield part

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            await client.send(["one ", "tw", "o", ""])
            self.assertEqual(await client.recv(), "fragments")
            self.assertEqual(await client.recv(), b"1" + b"22" * 40000)
            await client.send([b"x" * 70000, b"y" * 70000])
            self.assertEqual(await client.recv(), "fragments")
            await client.recv()
        self.assertEqual(received, ["one two", b"x" * 70000 + b"y" * 70000])

    async def test_fragments_are_not_mixed(self) -> None:
        """While one task sends fragments, messages of another wait."""
        gate = asyncio.Event()

        async def slow() -> Any:
            yield "a"
            yield "b"
            await gate.wait()
            yield "c"

        async def handler(websocket: golws.WebSocket) -> None:
            first = asyncio.ensure_future(websocket.send(slow()))
            await asyncio.sleep(0.02)
            second = asyncio.ensure_future(websocket.send("between"))
            await asyncio.sleep(0.02)
            gate.set()
            await asyncio.gather(first, second)

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            self.assertEqual([await client.recv(), await client.recv()], ["abc", "between"])

    async def test_bad_fragments(self) -> None:
        errors = []

        async def handler(websocket: golws.WebSocket) -> None:
            for bad in (["a", b"b"], [1], {"a": 1}, 5):
                try:
                    await websocket.send(bad)  # type: ignore[arg-type]
                except TypeError as error:
                    errors.append(str(error))

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            await client.wait_closed()
            self.assertEqual(client.close_code, 1000)
        self.assertEqual(len(errors), 4)

    async def test_compression(self) -> None:
        """permessage-deflate is agreed on, and both sides understand each other."""
        async with golws.serve(echo, "127.0.0.1", compression=True) as server:
            async with connect(server, compression="deflate") as client:
                self.assertEqual([e.name for e in client.extensions], ["permessage-deflate"])
                for message in ("text " * 1000, os.urandom(100000), "", b"", "text " * 1000):
                    await client.send(message)
                    self.assertEqual(await client.recv(), message)
            async with connect(server, compression=None) as client:
                self.assertEqual(client.extensions, [])
                await client.send("plain")
                self.assertEqual(await client.recv(), "plain")

    async def test_many_messages_at_once(self) -> None:
        """What is sent in one go arrives complete and in order, although it is received slowly."""
        count = 5000

        async def handler(websocket: golws.WebSocket) -> None:
            await asyncio.sleep(0.1)
            for i in range(count):
                self.assertEqual(await websocket.recv(), f"message {i}")
                if i % 500 == 0:
                    await asyncio.sleep(0.01)
            await websocket.send("all")

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            for i in range(count):
                await client.send(f"message {i}")
            self.assertEqual(await client.recv(), "all")

    async def test_500_connections(self) -> None:
        async def visit(number: int) -> None:
            async with connect(server, compression=None, open_timeout=50) as client:
                for i in range(3):
                    await client.send(f"{number} {i}")
                    self.assertEqual(await client.recv(), f"{number} {i}")
                await gate.wait()

        async with golws.serve(echo, "127.0.0.1") as server:
            gate = asyncio.Event()
            visits = asyncio.gather(*(visit(i) for i in range(500)))
            while len(server.websockets) < 500 and not visits.done():
                await asyncio.sleep(0.01)
            gate.set()
            await visits
            await until(lambda: not server.websockets)

    async def test_aiohttp(self) -> None:
        async with golws.serve(echo, "127.0.0.1") as server, aiohttp.ClientSession() as session:
            async with session.ws_connect(f"http://127.0.0.1:{server.port}/") as client:
                await client.send_str("text")
                self.assertEqual(await client.receive_str(), "text")
                await client.send_bytes(b"\0\1" * 50000)
                self.assertEqual(await client.receive_bytes(), b"\0\1" * 50000)
                await client.send_json({"a": 1})
                self.assertEqual(await client.receive_json(), {"a": 1})
                await client.close(code=4001)
            self.assertEqual(client.close_code, 4001)

    async def test_several_servers(self) -> None:
        async with golws.serve(echo, "127.0.0.1") as one, golws.serve(echo, "127.0.0.1") as two:
            self.assertNotEqual(one.port, two.port)
            async with connect(one) as first, connect(two) as second:
                await first.send("1")
                await second.send("2")
                self.assertEqual([await first.recv(), await second.recv()], ["1", "2"])
            await one.close()
            async with connect(two) as second:
                await second.send("still")
                self.assertEqual(await second.recv(), "still")


class Handshake(AsyncTest):
    async def test_routes_subprotocols_and_headers(self) -> None:
        seen: list[Any] = []
        application = golws.Application()

        @application.websocket("/room/{name}", subprotocols=["chat", "superchat"], headers=["x-unusual"])
        async def room(websocket: golws.WebSocket) -> None:
            request = websocket.request
            assert request is not None
            seen.append((websocket.path, request.parameters, websocket.subprotocol, request.headers.get("x-unusual"),
                         request.headers["host"], request.headers.get("x-missing"), request.query, websocket.remote_address))

        @application.websocket("/plain")
        async def plain(websocket: golws.WebSocket) -> None:
            seen.append(websocket.subprotocol)

        async with golws.Server(application, "127.0.0.1") as server:
            async with connect(server, "/room/blue?a=b%20c", subprotocols=["other", "superchat", "chat"],
                               extra_headers={"X-Unusual": "value"}) as client:
                self.assertEqual(client.subprotocol, "superchat")
            async with connect(server, "/plain") as client:
                self.assertIsNone(client.subprotocol)
            for path, protocols, status in (("/none", None, 404), ("/plain", ["chat"], 400), ("/room/x", ["unknown"], 400)):
                with self.assertRaises(websockets.exceptions.InvalidStatusCode) as caught:
                    await connect(server, path, subprotocols=protocols)
                self.assertEqual(caught.exception.status_code, status, path)
            await until(lambda: len(seen) == 2)
        self.assertEqual(seen[0], ("/room/blue", {"name": "blue"}, "superchat", "value", f"127.0.0.1:{server.port}", None,
                                   [("a", "b c")], "127.0.0.1"))
        self.assertIsNone(seen[1])

    async def test_origins_and_check(self) -> None:
        application = golws.Application()

        def check(request: golws.Request) -> Optional[golws.Response]:
            if request.parameter("token") == "secret":
                return None
            return golws.Response("no", 401)

        application.websocket("/origin", origins=["http://good.example"])(echo)
        application.websocket("/check", check=check)(echo)
        async with golws.Server(application, "127.0.0.1") as server:
            async with connect(server, "/origin", origin="http://good.example"):
                pass
            async with connect(server, "/check?token=secret"):
                pass
            for path, options, status in (("/origin", {"origin": "http://bad.example"}, 403), ("/origin", {}, 403),
                                          ("/check?token=wrong", {}, 401)):
                with self.assertRaises(websockets.exceptions.InvalidStatusCode) as caught:
                    await connect(server, path, **options)
                self.assertEqual(caught.exception.status_code, status, path)

    async def test_exception_in_check(self) -> None:
        """An exception inside a callback of the library is reported, and the client gets no WebSocket."""
        application = golws.Application()

        def check(request: golws.Request) -> None:
            raise RuntimeError("in the check")

        application.websocket("/", check=check)(echo)
        async with golws.Server(application, "127.0.0.1") as server:
            with self.assertRaises(websockets.exceptions.InvalidStatusCode) as caught:
                await connect(server)
            self.assertEqual(caught.exception.status_code, 500)
        self.assertEqual([str(error) for error in self.take_reports()], ["in the check"])


class Closing(AsyncTest):
    async def test_codes(self) -> None:
        """Each side's code and reason reach the other."""
        ended: list[Any] = []

        async def handler(websocket: golws.WebSocket) -> None:
            try:
                async for message in websocket:
                    await websocket.close(4002, "I close ä")
                ended.append("iteration")
            except golws.ConnectionClosed as error:
                ended.append((type(error).__name__, error.code, error.reason))
                raise

        async with golws.serve(handler, "127.0.0.1") as server:
            client = await connect(server)
            await client.send("close")
            await client.wait_closed()
            self.assertEqual((client.close_code, client.close_reason), (4002, "I close ä"))
            for code, reason in ((1000, ""), (1001, "away"), (3000, "mine"), (4999, "ü" * 61)):
                client = await connect(server)
                await client.close(code, reason)
                self.assertEqual(client.close_code, code)
            await until(lambda: len(ended) == 5)
        self.assertEqual(ended, [("ConnectionClosedError", 4002, "I close ä"), "iteration", "iteration",
                                 ("ConnectionClosedError", 3000, "mine"), ("ConnectionClosedError", 4999, "ü" * 61)])

    async def test_handler_returns(self) -> None:
        async def handler(websocket: golws.WebSocket) -> None:
            await websocket.send("bye")

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            self.assertEqual(await client.recv(), "bye")
            await client.wait_closed()
            self.assertEqual(client.close_code, 1000)

    async def test_handler_raises(self) -> None:
        async def handler(websocket: golws.WebSocket) -> None:
            await websocket.recv()
            raise ValueError("of the handler")

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            await client.send("go")
            await client.wait_closed()
            self.assertEqual(client.close_code, 1011)
        self.assertEqual([str(error) for error in self.take_reports()], ["of the handler"])

    async def test_exception_in_a_callback(self) -> None:
        """Whatever goes wrong in Python while the library calls it is reported and closes that connection with 1011."""
        sockets: list[golws.WebSocket] = []

        async def handler(websocket: golws.WebSocket) -> None:
            sockets.append(websocket)
            async for message in websocket:
                await websocket.send(message)

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client, connect(server) as other:
            await client.send("one")
            await client.recv()
            await until(lambda: len(sockets) == 2)
            sockets[0].max_size = "no number"  # type: ignore[assignment]
            await client.send("two")
            await client.wait_closed()
            self.assertEqual(client.close_code, 1011)
            await other.send("fine")
            self.assertEqual(await other.recv(), "fine")
        self.assertEqual([type(error) for error in self.take_reports()], [TypeError])

    async def test_protocol_errors(self) -> None:
        """Text that is not UTF-8, what no frame may be, and what is too large end with the code for it."""
        async with golws.serve(echo, "127.0.0.1", max_size=1000) as server:
            for first, payload, code in ((0x81, b"\xff\xfe", 1007), (0x83, b"x", 1002), (0x80, b"x", 1002), (0x82, b"x" * 1001, 1009),
                                         (0x88, b"\0", 1002)):
                raw = await Raw.open(server)
                raw.frame(first, payload)
                frame, answer = await raw.receive()
                self.assertEqual((frame, int.from_bytes(answer[:2], "big")), (0x88, code), hex(first))
                await raw.close()
            raw = await Raw.open(server)
            for i in range(3):
                raw.frame(0x02 if i == 0 else 0x00, b"y" * 400)
            frame, answer = await raw.receive()
            self.assertEqual((frame, int.from_bytes(answer[:2], "big")), (0x88, 1009))
            await raw.close()
            await until(lambda: not server.websockets)

    async def test_close_without_code(self) -> None:
        codes: list[int] = []

        async def handler(websocket: golws.WebSocket) -> None:
            try:
                await websocket.recv()
            except golws.ConnectionClosedError as error:
                codes.append(error.code)

        async with golws.serve(handler, "127.0.0.1") as server:
            raw = await Raw.open(server)
            raw.frame(0x88, b"")
            self.assertEqual(await raw.receive(), (0x88, b""))
            await raw.close()
            raw = await Raw.open(server)
            raw.writer.transport.abort()
            await until(lambda: len(codes) == 2)
        self.assertEqual(codes, [1005, 1006])

    async def test_after_closing(self) -> None:
        """What was received can still be taken, then recv and send raise; closing again does nothing."""
        done = asyncio.Event()

        async def handler(websocket: golws.WebSocket) -> None:
            await websocket.wait_closed()
            self.assertFalse(websocket.open)
            self.assertEqual([await websocket.recv(), await websocket.recv()], ["1", "2"])
            for action in (websocket.recv(), websocket.send("x"), websocket.ping(), websocket.pong()):
                with self.assertRaises(golws.ConnectionClosedOK):
                    await action
            await websocket.close()
            websocket.abort()
            self.assertEqual((websocket.close_code, websocket.close_reason), (1000, "end"))
            done.set()

        async with golws.serve(handler, "127.0.0.1") as server:
            client = await connect(server)
            await client.send("1")
            await client.send("2")
            await client.close(1000, "end")
            await done.wait()

    async def test_bad_close(self) -> None:
        async def handler(websocket: golws.WebSocket) -> None:
            for code, reason in ((1005, ""), (1006, ""), (999, ""), (5000, ""), (1000, "ä" * 62)):
                with self.assertRaises(ValueError):
                    await websocket.close(code, reason)

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            await client.wait_closed()
            self.assertEqual(client.close_code, 1000)

    async def test_peer_does_not_answer(self) -> None:
        """A peer that neither closes nor answers is given up after close_timeout."""
        ended = asyncio.Event()

        async def handler(websocket: golws.WebSocket) -> None:
            await websocket.close(1000)
            ended.set()

        async with golws.serve(handler, "127.0.0.1", close_timeout=0.2) as server:
            raw = await Raw.open(server)
            await ended.wait()
            await raw.close()


class Flow(AsyncTest):
    async def test_send_waits(self) -> None:
        """A peer that does not read holds up send, not memory; everything arrives when it reads."""
        sent = 0
        chunk = b"z" * 100000

        async def handler(websocket: golws.WebSocket) -> None:
            nonlocal sent
            for _ in range(300):
                await websocket.send(chunk)
                sent += 1

        async with golws.serve(handler, "127.0.0.1") as server:
            raw = await Raw.open(server)
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
            last = -1
            while sent != last:
                last = sent
                await asyncio.sleep(0.2)
            self.assertLess(sent, 300)
            raw.writer.transport.resume_reading()  # type: ignore[attr-defined]
            for _ in range(300):
                self.assertEqual(await raw.receive(), (0x82, chunk))
            await raw.close()

    async def test_receive_waits(self) -> None:
        """A handler that does not receive holds up the peer."""
        gate = asyncio.Event()
        sockets: list[golws.WebSocket] = []

        async def handler(websocket: golws.WebSocket) -> None:
            sockets.append(websocket)
            await gate.wait()
            count = 0
            async for message in websocket:
                count += len(message)
                if message == b"end":
                    await websocket.send(str(count))

        async with golws.serve(handler, "127.0.0.1") as server, connect(server, compression=None, write_limit=1024) as client:
            sent = 0

            async def pour() -> None:
                nonlocal sent
                for _ in range(3000):
                    await client.send(b"w" * 10000)
                    sent += 1
                await client.send(b"end")

            pouring = asyncio.ensure_future(pour())
            last = -1
            while sent != last:
                last = sent
                await asyncio.sleep(0.2)
            self.assertLess(sent, 3000)
            self.assertLessEqual(sum(map(len, sockets[0]._messages)), 1000000)
            gate.set()
            await pouring
            self.assertEqual(await client.recv(), str(3000 * 10000 + 3))

    async def test_close_while_receiving_is_held_up(self) -> None:
        """A WebSocket that nobody receives from can be closed."""
        async def handler(websocket: golws.WebSocket) -> None:
            while not websocket._paused:
                await asyncio.sleep(0.005)
            await websocket.close(1001)

        async with golws.serve(handler, "127.0.0.1") as server, connect(server, compression=None) as client:
            with self.assertRaises(websockets.exceptions.ConnectionClosed):
                while True:
                    await client.send(b"v" * 10000)
            self.assertEqual(client.close_code, 1001)

    async def test_cancelled_receive_loses_nothing(self) -> None:
        async def handler(websocket: golws.WebSocket) -> None:
            got = []
            while len(got) < 20:
                task = asyncio.ensure_future(websocket.recv())
                done, _ = await asyncio.wait({task}, timeout=0.003)
                if done:
                    got.append(task.result())
                else:
                    task.cancel()
                    await asyncio.wait({task})
                    if not task.cancelled():
                        got.append(task.result())
            await websocket.send(",".join(got))  # type: ignore[arg-type]

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            for i in range(20):
                await client.send(str(i))
                await asyncio.sleep(0.002)
            self.assertEqual(await client.recv(), ",".join(str(i) for i in range(20)))

    async def test_two_receivers(self) -> None:
        async def handler(websocket: golws.WebSocket) -> None:
            first = asyncio.ensure_future(websocket.recv())
            await asyncio.sleep(0)
            with self.assertRaises(RuntimeError):
                await websocket.recv()
            first.cancel()

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            await client.wait_closed()
            self.assertEqual(client.close_code, 1000)

    async def test_pings(self) -> None:
        async def handler(websocket: golws.WebSocket) -> None:
            first, second, third = await websocket.ping(), await websocket.ping("data"), await websocket.ping(b"last")
            with self.assertRaises(ValueError):
                await websocket.ping("data")
            with self.assertRaises(ValueError):
                await websocket.ping(b"x" * 126)
            await asyncio.gather(first, second, third)
            await websocket.send("answered")
            await websocket.recv()

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            self.assertEqual(await client.recv(), "answered")
            await (await client.ping())

    async def test_ping_of_a_closed_connection(self) -> None:
        failed = asyncio.Event()

        async def handler(websocket: golws.WebSocket) -> None:
            answer = await websocket.ping()
            with self.assertRaises(golws.ConnectionClosed):
                await answer
            failed.set()

        async with golws.serve(handler, "127.0.0.1") as server:
            raw = await Raw.open(server)
            self.assertEqual((await raw.receive())[0], 0x89)
            raw.writer.transport.abort()
            await failed.wait()

    async def test_keepalive(self) -> None:
        """A silent peer is pinged; one that does not answer is given up."""
        ended: list[int] = []

        async def handler(websocket: golws.WebSocket) -> None:
            try:
                await websocket.recv()
            except golws.ConnectionClosedError as error:
                ended.append(error.code)

        async with golws.serve(handler, "127.0.0.1", ping_interval=1, ping_timeout=1) as server:
            raw = await Raw.open(server)
            self.assertEqual((await raw.receive())[0], 0x89)
            await until(lambda: ended == [1006])
            await raw.close()


class Shutdown(AsyncTest):
    async def test_open_connections(self) -> None:
        """Closing the server closes WebSockets with 1001 and lets their handlers end."""
        ended = []

        async def handler(websocket: golws.WebSocket) -> None:
            async for message in websocket:
                await websocket.send(message)
            ended.append("normally")

        server = await golws.serve(handler, "127.0.0.1")
        clients = [await connect(server) for _ in range(20)]
        await clients[0].send("x")
        await clients[0].recv()
        await until(lambda: len(server.websockets) == 20)
        await server.close()
        for client in clients:
            await client.wait_closed()
            self.assertEqual(client.close_code, 1001)
        self.assertEqual(ended, ["normally"] * 20)
        with self.assertRaises(OSError):
            await connect(server)
        await server.close()

    async def test_handlers_that_stay(self) -> None:
        """Handlers that do not end in close_timeout are cancelled."""
        cancelled = []

        async def handler(websocket: golws.WebSocket) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(websocket)
                raise

        server = await golws.serve(handler, "127.0.0.1", close_timeout=0.2)
        raw = await Raw.open(server)
        await until(lambda: len(server.websockets) == 1)
        await server.close()
        self.assertEqual(len(cancelled), 1)
        await raw.close()

    async def test_cancelled_handler(self) -> None:
        tasks: list[Any] = []

        async def handler(websocket: golws.WebSocket) -> None:
            tasks.append(asyncio.current_task())
            await websocket.recv()

        async with golws.serve(handler, "127.0.0.1") as server, connect(server) as client:
            await until(lambda: bool(tasks))
            tasks[0].cancel()
            await client.wait_closed()
            self.assertEqual(client.close_code, 1001)

    async def test_close_from_a_handler(self) -> None:
        async def handler(websocket: golws.WebSocket) -> None:
            await websocket.recv()
            await server.close()

        server = await golws.serve(handler, "127.0.0.1")
        client = await connect(server)
        await client.send("stop")
        await server.serve_forever()
        await client.wait_closed()
        self.assertEqual(client.close_code, 1001)

    async def test_port_in_use(self) -> None:
        async with golws.serve(echo, "127.0.0.1") as server:
            with self.assertRaises(OSError) as caught:
                await golws.serve(echo, "127.0.0.1", server.port)
            self.assertIn(str(server.port), str(caught.exception))

    async def test_unix_socket(self) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "socket")
            async with golws.serve(echo, unix=path):
                async with websockets.unix_connect(path, "ws://localhost/") as client:  # type: ignore[attr-defined]
                    await client.send("unix")
                    self.assertEqual(await client.recv(), "unix")


if __name__ == "__main__":
    unittest.main()
