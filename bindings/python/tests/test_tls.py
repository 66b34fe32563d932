"""Servers with TLS, against websockets and aiohttp, and certificates that change."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import ssl
import subprocess
import tempfile
from typing import Any, AsyncIterator, Optional

import aiohttp
import websockets
from support import AsyncTest, echo

import golws

CLOSED = (ssl.SSLError, ConnectionError, asyncio.IncompleteReadError, websockets.WebSocketException, OSError)


class Certificates:
    """An authority, and what it has signed, made by openssl(1)."""

    def __init__(self) -> None:
        self.directory = tempfile.mkdtemp(prefix="golws-tls-")
        self.authority = self.path("authority.pem")
        self._openssl("req", "-x509", *self._key("authority"), "-days", "30", "-subj", "/CN=Test authority",
                      "-out", self.authority)
        self.make("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        self.make("next", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        self.make("client", "extendedKeyUsage=clientAuth")
        self._openssl("req", "-x509", *self._key("stranger"), "-days", "30", "-subj", "/CN=Stranger",
                      "-out", self.path("stranger.pem"))

    def path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    def read(self, name: str) -> bytes:
        with open(self.path(name), "rb") as f:
            return f.read()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def _key(self, name: str) -> list[str]:
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.path(f"{name}.key")]

    def make(self, name: str, extension: str) -> None:
        self._openssl("req", *self._key(name), "-subj", f"/CN={name}", "-out", self.path("request"))
        with open(self.path("extensions"), "w") as f:
            f.write(extension)
        self._openssl("x509", "-req", "-in", self.path("request"), "-CA", self.authority, "-CAkey", self.path("authority.key"),
                      "-CAcreateserial", "-days", "30", "-extfile", self.path("extensions"), "-out", self.path(f"{name}.pem"))

    def client(self, name: Optional[str] = None) -> ssl.SSLContext:
        """What a client trusts, and presents."""
        context = ssl.create_default_context(cafile=self.authority)
        if name:
            context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        return context

    def remove(self) -> None:
        shutil.rmtree(self.directory)


def tls(certificates: Certificates, **options: Any) -> golws.TLS:
    return golws.TLS(certificates.path("server.pem"), certificates.path("server.key"), **options)


def application() -> golws.Application:
    found = golws.Application()

    @found.get("/")
    async def page(request: golws.Request) -> str:
        return f"{request.scheme} {request.client_certificate is not None}"

    @found.post("/size")
    async def size(request: golws.Request) -> str:
        return str(len(await request.body()))

    @found.get("/pieces")
    async def pieces(request: golws.Request) -> golws.Response:
        async def body() -> AsyncIterator[bytes]:
            for number in range(20):
                yield b"%02d" % number * 5000
                await asyncio.sleep(0)

        return golws.Response(body())

    @found.get("/empty")
    async def empty(request: golws.Request) -> None:
        return None

    found.websocket("/echo")(echo)

    return found


class TLSTest(AsyncTest):
    certificates: Certificates

    @classmethod
    def setUpClass(cls) -> None:
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        cls.certificates = Certificates()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.certificates.remove()

    async def get(self, port: int, context: Optional[ssl.SSLContext] = None, path: str = "/") -> "tuple[int, str]":
        async with aiohttp.ClientSession() as session:
            async with session.get(f"https://localhost:{port}{path}", ssl=context or self.certificates.client()) as response:
                return response.status, await response.text()

    async def presented(self, port: int) -> str:
        """The common name of the server's certificate."""
        reader, writer = await asyncio.open_connection("localhost", port, ssl=self.certificates.client())
        subject = writer.get_extra_info("ssl_object").getpeercert()["subject"]
        writer.close()
        return str(dict(field for fields in subject for field in fields)["commonName"])

    async def test_websockets_and_http(self) -> None:
        async with golws.Server(application(), "127.0.0.1", tls=tls(self.certificates), compression=True) as server:
            self.assertEqual(await self.get(server.port), (200, "https False"))
            async with websockets.connect(f"wss://localhost:{server.port}/echo", ssl=self.certificates.client(),
                                          max_size=2**20) as websocket:
                for message in ("hello", b"\0\1", "x" * 70000, b"y" * 300000):
                    await websocket.send(message)
                    self.assertEqual(await websocket.recv(), message)
            async with aiohttp.ClientSession() as session:
                async with session.ws_connect(f"wss://localhost:{server.port}/echo",
                                              ssl=self.certificates.client()) as socket:
                    await socket.send_str("from aiohttp")
                    self.assertEqual(await socket.receive_str(), "from aiohttp")
                async with session.post(f"https://localhost:{server.port}/size", data=b"z" * 500000,
                                        ssl=self.certificates.client()) as response:
                    self.assertEqual(await response.text(), "500000")

    async def test_many_at_once(self) -> None:
        async def one(number: int, port: int) -> None:
            async with websockets.connect(f"wss://localhost:{port}/echo", ssl=self.certificates.client()) as websocket:
                await websocket.send(str(number))
                self.assertEqual(await websocket.recv(), str(number))

        async with golws.Server(application(), "127.0.0.1", tls=tls(self.certificates)) as server:
            await asyncio.gather(*(one(number, server.port) for number in range(30)))

    async def test_memory_and_password(self) -> None:
        encrypted = self.certificates.path("encrypted.key")
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", self.certificates.path("server.key"), "-out", encrypted,
                        "-passout", "pass:open sesame"], check=True, capture_output=True)
        for options in (golws.TLS(self.certificates.read("server.pem"), self.certificates.read("server.key")),
                        golws.TLS(self.certificates.path("server.pem"), encrypted, password="open sesame")):
            async with golws.Server(application(), "127.0.0.1", tls=options) as server:
                self.assertEqual(await self.get(server.port), (200, "https False"))

    async def test_client_certificates(self) -> None:
        required = tls(self.certificates, client_certificates="required", client_ca=self.certificates.authority)
        async with golws.Server(application(), "127.0.0.1", tls=required) as server:
            self.assertEqual(await self.get(server.port, self.certificates.client("client")), (200, "https True"))
            for name in (None, "stranger"):
                with self.assertRaises(CLOSED):
                    await self.get(server.port, self.certificates.client(name))
        optional = tls(self.certificates, client_certificates="optional", client_ca=self.certificates.read("authority.pem"))
        async with golws.Server(application(), "127.0.0.1", tls=optional) as server:
            self.assertEqual(await self.get(server.port, self.certificates.client("client")), (200, "https True"))
            self.assertEqual(await self.get(server.port), (200, "https False"))
            with self.assertRaises(CLOSED):
                await self.get(server.port, self.certificates.client("stranger"))

    async def test_client_certificate_is_the_clients(self) -> None:
        seen: "list[Optional[bytes]]" = []

        async def handler(websocket: golws.WebSocket) -> None:
            assert websocket.request is not None
            seen.append(websocket.request.client_certificate)

        options = tls(self.certificates, client_certificates="required", client_ca=self.certificates.authority)
        async with golws.serve(handler, "127.0.0.1", tls=options) as server:
            async with websockets.connect(f"wss://localhost:{server.port}/", ssl=self.certificates.client("client")):
                pass
        self.assertEqual(seen, [ssl.PEM_cert_to_DER_cert(self.certificates.read("client.pem").decode())])

    async def test_versions(self) -> None:
        async with golws.Server(application(), "127.0.0.1", tls=tls(self.certificates, minimum_version="1.3")) as server:
            old = self.certificates.client()
            old.maximum_version = ssl.TLSVersion.TLSv1_2
            with self.assertRaises(CLOSED):
                await self.get(server.port, old)
            self.assertEqual(await self.get(server.port), (200, "https False"))

    async def test_plain_requests(self) -> None:
        for plain, expected in (("redirect", (301, "")), ("allow", (200, "http False"))):
            async with golws.Server(application(), "127.0.0.1", tls=tls(self.certificates, plain=plain)) as server:
                async with aiohttp.ClientSession() as session:
                    async with session.get(f"http://localhost:{server.port}/", allow_redirects=False) as response:
                        self.assertEqual((response.status, await response.text()), expected)
                        if plain == "redirect":
                            self.assertEqual(response.headers["Location"], f"https://localhost:{server.port}/")
                self.assertEqual(await self.get(server.port), (200, "https False"))
        async with golws.Server(application(), "127.0.0.1", tls=tls(self.certificates)) as server:
            async with aiohttp.ClientSession() as session:
                with self.assertRaises(aiohttp.ClientError):
                    await session.get(f"http://localhost:{server.port}/")

    async def test_strict_transport_security(self) -> None:
        options = tls(self.certificates, strict=True, plain="allow")
        async with golws.Server(application(), "127.0.0.1", tls=options) as server:
            async with aiohttp.ClientSession() as session:
                async with session.get(f"https://localhost:{server.port}/", ssl=self.certificates.client()) as response:
                    self.assertIn("max-age", response.headers["Strict-Transport-Security"])
                async with session.get(f"http://localhost:{server.port}/") as response:
                    self.assertNotIn("Strict-Transport-Security", response.headers)

    async def test_reload(self) -> None:
        files = {suffix: self.certificates.path(f"live.{suffix}") for suffix in ("pem", "key")}

        def put(name: str) -> None:
            for suffix, path in files.items():
                shutil.copy(self.certificates.path(f"{name}.{suffix}"), path)

        put("server")
        async with golws.Server(application(), "127.0.0.1", tls=golws.TLS(files["pem"], files["key"])) as server:
            async with websockets.connect(f"wss://localhost:{server.port}/echo", ssl=self.certificates.client()) as websocket:
                self.assertEqual(await self.presented(server.port), "server")
                put("next")
                self.assertEqual(await self.presented(server.port), "server")
                server.reload_certificate()
                self.assertEqual(await self.presented(server.port), "next")
                shutil.copy(self.certificates.path("server.pem"), files["pem"])
                with self.assertRaisesRegex(OSError, "match"):
                    server.reload_certificate()
                self.assertEqual(await self.presented(server.port), "next")
                await websocket.send("still here")
                self.assertEqual(await websocket.recv(), "still here")

    async def test_watch(self) -> None:
        certificate, key = self.certificates.path("watched.pem"), self.certificates.path("watched.key")
        for name in ("server", "next"):
            for suffix, path in (("key", key), ("pem", certificate)):
                shutil.copy(self.certificates.path(f"{name}.{suffix}"), path + ".new")
                os.rename(path + ".new", path)
            if name == "server":
                server = await golws.Server(application(), "127.0.0.1", tls=golws.TLS(certificate, key, watch=1)).start()
                self.addAsyncCleanup(server.close)
                self.assertEqual(await self.presented(server.port), "server")
        while await self.presented(server.port) != "next":
            await asyncio.sleep(0.1)

    async def test_http2(self) -> None:
        async with golws.Server(application(), "127.0.0.1", tls=tls(self.certificates)) as server:
            for version in ("--http2", "--http1.1"):
                for path, options, expected in (
                        ("/", (), b"https False"), ("/size", ("--data-binary", "@-"), b"500000"), ("/empty", (), b""),
                        ("/pieces", (), b"".join(b"%02d" % number * 5000 for number in range(20)))):
                    curl = await asyncio.create_subprocess_exec(
                        "curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", self.certificates.authority, version,
                        "-w", "%{http_version}", f"https://localhost:{server.port}{path}", *options,
                        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
                    body, _ = await curl.communicate(b"z" * 500000 if options else None)
                    self.assertEqual(body, expected + (b"2" if version == "--http2" else b"1.1"))

    async def test_mistakes(self) -> None:
        certificate, key = self.certificates.path("server.pem"), self.certificates.path("server.key")
        for options, words in (((self.certificates.path("absent.pem"), key), "absent.pem"),
                               ((certificate, self.certificates.path("next.key")), "match"),
                               ((key, key), "certificate"), ((b"nonsense", b"nonsense"), "certificate")):
            with self.assertRaisesRegex(OSError, words):
                await golws.serve(echo, "127.0.0.1", tls=golws.TLS(*options))
        for wrong in ({"client_certificates": "maybe"}, {"plain": "yes"}, {"minimum_version": "1.4"},
                      {"client_certificates": "required"}, {"watch": 0}):
            with self.assertRaises(ValueError):
                golws.TLS(certificate, key, **wrong)
        with self.assertRaises(TypeError):
            golws.TLS(certificate, b"")
        async with golws.serve(echo, "127.0.0.1") as server:
            with self.assertRaises(RuntimeError):
                server.reload_certificate()
