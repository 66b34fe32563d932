"""seaf-daemon, which keeps folders in step with a Seafile server: being told of changes over WebSocket."""

import asyncio
import contextlib
import hashlib
import http
import json
import os
import signal

import websockets

from report import equal
from support import Directory, run_async

PACKAGE = "seafile-daemon"
LIBRARY = "0b1c2d3e-0000-4000-8000-000000000001"


class Server:
    """As much of a Seafile server as an empty library needs."""

    def __init__(self):
        self.heads = [hashlib.sha1(b"first").hexdigest(), hashlib.sha1(b"second").hexdigest()]
        self.head = self.heads[0]
        self.subscribed = asyncio.Event()
        self.fetched = {commit: asyncio.Event() for commit in self.heads}
        self.connections = []

    def commit(self, identity):
        self.fetched[identity].set()
        first, second = self.heads
        return {
            "commit_id": identity, "root_id": "0" * 40, "repo_id": LIBRARY, "creator_name": "a@b.c",
            "creator": "0" * 40, "description": "", "ctime": 1700000000 + self.heads.index(identity),
            "parent_id": first if identity == second else None, "second_parent_id": None, "repo_name": "library",
            "repo_desc": "", "repo_category": None, "no_local_history": 1, "version": 1,
        }  # fmt: skip

    async def answer(self, path, headers):
        if headers.get("upgrade"):
            return None
        path = path.partition("?")[0].rstrip("/")
        answers = {
            "protocol-version": {"version": 2},
            "ping": {"ret": "pong"},
            "permission-check": {},
            "quota-check": {},
            "HEAD": {"is_corrupted": 0, "head_commit_id": self.head},
            "fs-id-list": [],
            "jwt-token": {"jwt_token": "the.token"},
        }
        last = os.path.basename(path)
        if last in self.heads:
            answers[last] = self.commit(last)
        if last not in answers:
            return http.HTTPStatus.NOT_FOUND, {}, b""
        return http.HTTPStatus.OK, {"content-type": "application/json"}, json.dumps(answers[last]).encode()

    async def notify(self, connection):
        equal(connection.path, "/notification")
        equal(connection.subprotocol, "notification.seafile.com")
        with contextlib.suppress(websockets.ConnectionClosed):
            async for message in connection:
                wanted = {"type": "subscribe", "content": {"repos": [{"id": LIBRARY, "jwt_token": "the.token"}]}}
                equal(json.loads(message), wanted)
                self.connections.append(connection)
                self.subscribed.set()

    async def change(self):
        self.head = self.heads[1]
        update = {"type": "repo-update", "content": {"repo_id": LIBRARY, "commit_id": self.head}}
        await self.connections[-1].send(json.dumps(update))


async def call(socket, function, *arguments):
    """Seafile's remote procedure calls: JSON behind its length in 4 bytes of this machine."""
    reader, writer = await asyncio.open_unix_connection(socket)
    request = json.dumps({"service": "seafile-rpcserver", "request": json.dumps([function, *arguments])}).encode()
    writer.write(len(request).to_bytes(4, "little") + request)
    answer = json.loads(await reader.readexactly(int.from_bytes(await reader.readexactly(4), "little")))
    writer.close()
    if answer.get("err_code"):
        raise AssertionError(f"{function}: {answer}")
    return answer["ret"]


async def follow(library):
    server = Server()
    options = {"subprotocols": ["notification.seafile.com"], "process_request": server.answer}
    async with websockets.serve(server.notify, "127.0.0.1", 0, **options) as listening:
        port = listening.sockets[0].getsockname()[1]
        with Directory() as directory:
            for name in ("configuration/logs", "data", "folders"):
                directory.directory(name)
            base, socket = directory.path, directory.path + "/data/seafile.sock"
            directory.file("configuration/seafile.ini", base + "/data\n")
            program = directory.start(
                library, "seaf-daemon", "-c", base + "/configuration", "-d", base + "/data", "-w", base + "/folders",
                "-l", base + "/log", environment={"SEAFILE_DEBUG": "all"},
            )  # fmt: skip
            program.log = base + "/log"
            while not os.path.exists(socket):
                program.alive()
                await asyncio.sleep(0.05)
            more = json.dumps({"server_url": f"http://127.0.0.1:{port}", "is_readonly": 0})
            download = [LIBRARY, 1, "library", base + "/folders", "token", None, None, "a@b.c", None, 0, more]
            while (answer := await call(socket, "seafile_download", *download)) is None:
                await asyncio.sleep(0.1)  # it has not quite started yet
            equal(answer, LIBRARY)

            await server.subscribed.wait()
            program.uses_the_library()
            await server.change()
            await asyncio.to_thread(program.wait_for, "Receive repo notification: .*" + server.heads[1])
            await server.fetched[server.heads[1]].wait()
            program.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(program.wait)


def seafile_hears_of_changes(library):
    run_async(follow(library))


tests = [seafile_hears_of_changes]
