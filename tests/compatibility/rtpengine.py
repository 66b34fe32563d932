"""rtpengine, a proxy for media streams: its control protocol, command line and metrics over HTTP and WebSocket."""

import json
import signal
import urllib.request

import websockets

from report import equal
from support import Directory, free_port, run_async

PACKAGE = "rtpengine-daemon"


async def talk(port):
    url = f"ws://127.0.0.1:{port}/"
    async with websockets.connect(url, subprotocols=["echo.rtpengine.com"]) as connection:
        for size in (1, 1000, 100_000):
            await connection.send(b"x" * size)
            equal(await connection.recv(), b"x" * size, "echo")
    async with websockets.connect(url, subprotocols=["ng.rtpengine.com"]) as connection:
        await connection.send(b"2_2 d7:command4:pinge")
        equal(await connection.recv(), b"2_2 d6:result4:ponge")
    async with websockets.connect(url, subprotocols=["cli.rtpengine.com"]) as connection:
        await connection.send("list numsessions")
        if b"Current sessions own: 0" not in (answer := await connection.recv()):
            raise AssertionError(f"list numsessions: {answer!r}")


def request(port, path, data=None, content_type=None):
    headers = {"content-type": content_type} if content_type else {}
    wanted = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    with urllib.request.urlopen(wanted) as response:
        return response.read().decode()


def rtpengine_answers_control_requests(library):
    port, control = free_port(), free_port()
    with Directory() as directory:
        program = directory.start(
            library,
            "rtpengine",
            "--config-file=none",
            "--table=-1",
            "--interface=127.0.0.1",
            f"--listen-http=127.0.0.1:{port}",
            f"--listen-ng=127.0.0.1:{control}",
            "--http-threads=3",
            "--foreground",
            "--log-stderr",
        )
        program.wait_for_port(port)
        program.uses_the_library()
        equal(request(port, "/ping"), "pong\n")
        if "rtpengine_sessions" not in request(port, "/metrics"):
            raise AssertionError("no metrics")
        if "Current sessions own: 0" not in request(port, "/cli/list%20numsessions"):
            raise AssertionError("no answer of the command line")
        equal(request(port, "/ng", b"1_1 d7:command4:pinge", "application/x-rtpengine-ng"), "1_1 d6:result4:ponge")
        information = json.loads(request(port, "/admin", b'{"janus": "info", "transaction": "t"}', "application/json"))
        equal((information["janus"], information["transaction"]), ("server_info", "t"))
        run_async(talk(port))
        equal(program.stop(signal.SIGTERM), 0)


tests = [rtpengine_answers_control_requests]
