"""HTTP servers against aiohttp's client and raw bytes."""

from __future__ import annotations

import asyncio
import os
import tempfile
import unittest
from typing import Any

from support import AsyncTest, until

import aiohttp
import golws


class HTTP(AsyncTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.application = golws.Application()
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    async def serve(self, **options: Any) -> golws.Server:
        server = await golws.Server(self.application, "127.0.0.1", **options).start()
        self.addAsyncCleanup(server.close)
        session = aiohttp.ClientSession(f"http://127.0.0.1:{server.port}")
        self.addAsyncCleanup(session.close)
        self.session = session
        return server

    async def raw(self, server: golws.Server, request: str) -> bytes:
        """Everything that comes until the server closes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(request.encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    async def test_what_handlers_return(self) -> None:
        results: dict[str, Any] = {
            "text": "täxt", "bytes": b"\0\1", "none": None, "dict": {"a": [1]}, "list": [1, 2],
            "response": golws.Response("made", 201, {"X-One": "1", "Content-Type": "text/made"}),
            "html": golws.Response.html("<p>"), "redirect": golws.Response.redirect("/text"), "empty": "",
            "large": "x" * 3000000,
        }

        @self.application.get("/{name}")
        async def any_of_them(request: golws.Request) -> Any:
            return results[request.parameters["name"]]

        await self.serve()
        for name, status, kind, body in (
                ("text", 200, "text/plain; charset=utf-8", "täxt".encode()), ("bytes", 200, None, b"\0\1"),
                ("none", 204, None, b""), ("dict", 200, "application/json", b'{"a": [1]}'),
                ("list", 200, "application/json", b"[1, 2]"), ("response", 201, "text/made", b"made"),
                ("html", 200, "text/html; charset=utf-8", b"<p>"), ("empty", 200, "text/plain; charset=utf-8", b""),
                ("large", 200, "text/plain; charset=utf-8", b"x" * 3000000)):
            async with self.session.get("/" + name) as response:
                self.assertEqual((response.status, response.headers.get("content-type"), await response.read()),
                                 (status, kind, body), name)
        async with self.session.get("/none") as response:
            self.assertNotIn("content-length", response.headers)
        async with self.session.get("/response") as response:
            self.assertEqual(response.headers["x-one"], "1")
        async with self.session.get("/redirect", allow_redirects=False) as response:
            self.assertEqual((response.status, response.headers["location"]), (302, "/text"))
        async with self.session.head("/text") as response:
            self.assertEqual((response.status, response.headers["content-length"], await response.read()), (200, "5", b""))

    async def test_requests(self) -> None:
        """What a handler learns of a request."""
        seen: dict[str, Any] = {}

        @self.application.route("/items/{item}/{rest:path}", "GET", "DELETE")
        async def items(request: golws.Request) -> None:
            seen.update(method=request.method, path=request.path, parameters=request.parameters, query=request.query,
                        first=request.parameter("a"), missing=request.parameter("z", "none"), agent=request.headers["User-Agent"],
                        own=request.headers.get("x-own"), absent=request.headers.get("x-absent"), address=request.remote_address,
                        names=set(request.headers), known="host" in request.headers, unknown="x-absent" in request.headers)

        await self.serve()
        async with self.session.delete("/items/a%20b/c/d?a=1&a=2&b=x%26y&c", headers={"X-Own": "mine", "User-Agent": "test"}) as r:
            self.assertEqual(r.status, 204)
        self.assertLessEqual({"host", "user-agent", "accept"}, seen.pop("names"))
        self.assertEqual(seen, {
            "method": "DELETE", "path": "/items/a b/c/d", "parameters": {"item": "a b", "rest": "c/d"},
            "query": [("a", "1"), ("a", "2"), ("b", "x&y"), ("c", "")], "first": "1", "missing": "none", "agent": "test",
            "own": "mine", "absent": None, "address": "127.0.0.1", "known": True, "unknown": False})

    async def test_bodies(self) -> None:
        @self.application.route("/body", "POST", "PUT", "PATCH", "DELETE")
        async def body(request: golws.Request) -> Any:
            return await request.body()

        @self.application.post("/json")
        async def as_json(request: golws.Request) -> Any:
            return await request.json()

        @self.application.post("/form")
        async def form(request: golws.Request) -> Any:
            return dict(await request.form())

        @self.application.post("/count")
        async def count(request: golws.Request) -> Any:
            size = 0
            async for piece in request.stream():
                size += len(piece)
                await asyncio.sleep(0)
            return str(size)

        @self.application.post("/ignore")
        async def ignore(request: golws.Request) -> Any:
            return "ignored"

        async def chunks() -> Any:
            for i in range(50):
                yield b"c" * 1000
                await asyncio.sleep(0)

        await self.serve(max_body=100000)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for data in (b"", b"x", os.urandom(99999)):
                async with self.session.request(method, "/body", data=data) as response:
                    self.assertEqual((response.status, await response.read()), (200, data), (method, len(data)))
        async with self.session.post("/body", data=chunks()) as response:
            self.assertEqual(await response.read(), b"c" * 50000)
        async with self.session.post("/json", json={"ä": [1, None]}) as response:
            self.assertEqual(await response.json(), {"ä": [1, None]})
        async with self.session.post("/json", data=b"{") as response:
            self.assertEqual(response.status, 400)
        async with self.session.post("/form", data={"a": "1 2", "b": "ü&="}) as response:
            self.assertEqual(await response.json(), {"a": "1 2", "b": "ü&="})
        async with self.session.post("/count", data=b"z" * 5000000) as response:
            self.assertEqual(await response.text(), "5000000")
        async with self.session.post("/body", data=b"z" * 100001) as response:
            self.assertEqual(response.status, 413)
        for _ in range(3):
            async with self.session.post("/ignore", data=b"z" * 300000) as response:
                self.assertEqual(await response.text(), "ignored")

    async def test_streams(self) -> None:
        closed = []

        async def numbers(count: int) -> Any:
            try:
                for i in range(count):
                    yield f"{i},"
                    await asyncio.sleep(0)
            finally:
                closed.append(count)

        async def heavy() -> Any:
            for _ in range(100):
                yield b"h" * 100000

        @self.application.get("/numbers")
        async def get_numbers(request: golws.Request) -> golws.Response:
            return golws.Response(numbers(100), content_type="text/plain")

        @self.application.get("/heavy")
        async def get_heavy(request: golws.Request) -> golws.Response:
            return golws.Response(heavy(), headers={"Content-Length": str(10000000)})

        @self.application.get("/none")
        async def get_none(request: golws.Request) -> golws.Response:
            return golws.Response(numbers(0))

        server = await self.serve()
        expected = "".join(f"{i}," for i in range(100))
        for _ in range(2):
            async with self.session.get("/numbers") as response:
                self.assertEqual(response.headers["transfer-encoding"], "chunked")
                self.assertEqual(await response.text(), expected)
        async with self.session.get("/heavy") as response:
            self.assertEqual(response.headers["content-length"], "10000000")
            self.assertEqual(len(await response.read()), 10000000)
        async with self.session.get("/none") as response:
            self.assertEqual(await response.read(), b"")
        old = await self.raw(server, "GET /numbers HTTP/1.0\r\n\r\n")
        self.assertNotIn(b"chunked", old)
        self.assertTrue(old.endswith(b"\r\n\r\n" + expected.encode()), old[-200:])
        await until(lambda: len(closed) == 4)

    async def test_stream_to_a_client_that_leaves(self) -> None:
        """The generator of a body is closed when the client is gone."""
        ended = asyncio.Event()

        async def endless() -> Any:
            try:
                while True:
                    yield b"e" * 100000
            finally:
                ended.set()

        @self.application.get("/")
        async def get(request: golws.Request) -> golws.Response:
            return golws.Response(endless())

        server = await self.serve()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        await reader.readexactly(1000)
        writer.transport.abort()
        await ended.wait()

    async def test_client_that_leaves_during_its_body(self) -> None:
        errors = []

        @self.application.post("/")
        async def post(request: golws.Request) -> str:
            try:
                await request.body()
            except golws.ConnectionClosed as error:
                errors.append((error, request.headers["host"]))
                raise
            return "?"

        server = await self.serve()
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
        await asyncio.sleep(0.05)
        writer.transport.abort()
        await until(lambda: bool(errors))
        self.assertEqual(errors[0][1], "h")

    async def test_errors(self) -> None:
        @self.application.get("/raise")
        async def raises(request: golws.Request) -> None:
            raise KeyError("of the handler")

        @self.application.get("/status")
        async def status(request: golws.Request) -> None:
            raise golws.HTTPError(418, "short & stout")

        @self.application.get("/type")
        async def wrong_type(request: golws.Request) -> Any:
            return 5

        async def breaks() -> Any:
            yield b"some"
            raise ValueError("of the body")

        @self.application.get("/breaks")
        async def broken(request: golws.Request) -> golws.Response:
            return golws.Response(breaks())

        await self.serve()
        for path, status_code in (("/raise", 500), ("/status", 418), ("/type", 500), ("/none", 404)):
            async with self.session.get(path) as response:
                self.assertEqual(response.status, status_code, path)
        async with self.session.get("/status") as response:
            self.assertEqual(await response.text(), "short & stout\n")
        async with self.session.post("/raise") as response:
            self.assertEqual((response.status, response.headers["allow"]), (405, "GET, HEAD"))
        with self.assertRaises(aiohttp.ClientError):
            async with self.session.get("/breaks") as response:
                await response.read()
        self.assertEqual([type(e) for e in self.take_reports()], [KeyError, TypeError, ValueError])

    async def test_bad_responses(self) -> None:
        for make in (lambda: golws.Response("x", 99), lambda: golws.Response("x", headers={"a b": "c"}),
                     lambda: golws.Response("x", headers={"a": "b\r\nc: d"}), lambda: golws.Response("x", headers={"": "b"})):
            with self.assertRaises(ValueError):
                make()
        with self.assertRaises(TypeError):
            golws.Response(5)  # type: ignore[arg-type]

    async def test_keep_alive_and_pipelines(self) -> None:
        @self.application.get("/{n}")
        async def number(request: golws.Request) -> str:
            await asyncio.sleep(0.01 if request.parameters["n"] == "0" else 0)
            return request.parameters["n"] * 3

        server = await self.serve()
        requests = "".join(f"GET /{n} HTTP/1.1\r\nHost: h\r\n{'Connection: close' if n == 9 else 'A: b'}\r\n\r\n" for n in range(10))
        answers = (await self.raw(server, requests)).split(b"\r\n\r\n")
        self.assertEqual([a[:3] for a in answers[1:]], [f"{n}{n}{n}".encode() for n in range(10)])

    async def test_parallel(self) -> None:
        @self.application.get("/{n}")
        async def number(request: golws.Request) -> str:
            await asyncio.sleep(0)
            return request.parameters["n"]

        await self.serve()

        async def get(n: int) -> str:
            async with self.session.get(f"/{n}") as response:
                return await response.text()

        self.assertEqual(await asyncio.gather(*(get(n) for n in range(500))), [str(n) for n in range(500)])

    async def test_mounts(self) -> None:
        """Files, their index, and routes beside them."""
        os.mkdir(os.path.join(self.directory.name, "sub"))
        for name, content in (("index.html", "the index"), ("one.txt", "one" * 10000), ("sub/two.css", "a {}"), ("three.own", "own"), ("four", "4")):
            with open(os.path.join(self.directory.name, name), "w") as file:
                file.write(content)
        self.application.mount("/files", self.directory.name, max_age=60, types={".own": "text/own"})
        self.application.mount("/other", self.directory.name, index="one.txt")

        @self.application.get("/files/dynamic")
        async def dynamic(request: golws.Request) -> str:
            return "dynamic"

        with self.assertRaises(NotADirectoryError):
            self.application.mount("/", "/nonexistent")
        await self.serve()
        for path, status, body in (("/files/", 200, "the index"), ("/files/one.txt", 200, "one" * 10000),
                                   ("/files/sub/two.css", 200, "a {}"), ("/other/", 200, "one" * 10000),
                                   ("/files/none.txt", 404, None), ("/files/dynamic", 200, "dynamic"),
                                   ("/files/../../etc/passwd", 404, None)):
            async with self.session.get(path) as response:
                self.assertEqual(response.status, status, path)
                if body is not None:
                    self.assertEqual(await response.text(), body)
        for path, kind in (("one.txt", "text/plain"), ("sub/two.css", "text/css"), ("three.own", "text/own"),
                           ("four", "application/octet-stream")):
            async with self.session.get("/files/" + path) as response:
                self.assertEqual((response.status, response.headers["content-type"]), (200, kind))
        async with self.session.get("/files/one.txt", headers={"Range": "bytes=3-5"}) as response:
            self.assertEqual((response.status, await response.text()), (206, "one"))
            tag = response.headers["etag"]
        async with self.session.get("/files/one.txt", headers={"If-None-Match": tag}) as response:
            self.assertEqual(response.status, 304)

    async def test_headers_after_the_response(self) -> None:
        kept: list[golws.Request] = []

        @self.application.get("/")
        async def get(request: golws.Request) -> str:
            kept.append(request)
            return request.headers["host"]

        await self.serve()
        async with self.session.get("/") as response:
            host = await response.text()
        self.assertEqual(kept[0].headers["host"], host)
        with self.assertRaises(RuntimeError):
            kept[0].headers["user-agent"]

    async def test_server_closes(self) -> None:
        """Requests under way are answered before the server is gone."""
        begun = asyncio.Event()

        @self.application.get("/")
        async def get(request: golws.Request) -> str:
            begun.set()
            await asyncio.sleep(0.1)
            return "done"

        server = await self.serve()

        async def ask() -> str:
            async with self.session.get("/") as response:
                return await response.text()

        asking = asyncio.ensure_future(ask())
        await begun.wait()
        await server.close()
        self.assertEqual(await asking, "done")


if __name__ == "__main__":
    unittest.main()
