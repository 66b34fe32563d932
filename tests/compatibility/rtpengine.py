"""rtpengine, a proxy for media streams: its control protocol, command line and metrics over HTTP and WebSocket."""

import json
import signal
import urllib.request

import websockets

from report import equal
from support import Directory, free_port, run_async

PACKAGE = "rtpengine-daemon"


async def talk(url, trust=None):
    async with websockets.connect(url, subprotocols=["echo.rtpengine.com"], ssl=trust) as connection:
        for size in (1, 1000, 100_000):
            await connection.send(b"x" * size)
            equal(await connection.recv(), b"x" * size, "echo")
    async with websockets.connect(url, subprotocols=["ng.rtpengine.com"], ssl=trust) as connection:
        await connection.send(b"2_2 d7:command4:pinge")
        equal(await connection.recv(), b"2_2 d6:result4:ponge")
    async with websockets.connect(url, subprotocols=["cli.rtpengine.com"], ssl=trust) as connection:
        await connection.send("list numsessions")
        if b"Current sessions own: 0" not in (answer := await connection.recv()):
            raise AssertionError(f"list numsessions: {answer!r}")


def request(url, trust, data=None, content_type=None):
    headers = {"content-type": content_type} if content_type else {}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), context=trust) as response:
        return response.read().decode()


def exercise(url, trust=None):
    """Everything that is served at an http or https address."""
    equal(request(url + "/ping", trust), "pong\n")
    if "rtpengine_sessions" not in request(url + "/metrics", trust):
        raise AssertionError("no metrics")
    if "Current sessions own: 0" not in request(url + "/cli/list%20numsessions", trust):
        raise AssertionError("no answer of the command line")
    equal(request(url + "/ng", trust, b"1_1 d7:command4:pinge", "application/x-rtpengine-ng"), "1_1 d6:result4:ponge")
    information = json.loads(request(url + "/admin", trust, b'{"janus": "info", "transaction": "t"}', "application/json"))
    equal((information["janus"], information["transaction"]), ("server_info", "t"))
    run_async(talk(url.replace("http", "ws") + "/", trust))


def rtpengine_answers_control_requests(library):
    port, secure_port, control = free_port(), free_port(), free_port()
    with Directory() as directory:
        certificate, key, trust = directory.certificate()
        program = directory.start(
            library,
            "rtpengine",
            "--config-file=none",
            "--table=-1",
            "--interface=127.0.0.1",
            f"--listen-http=127.0.0.1:{port}",
            f"--listen-https=127.0.0.1:{secure_port}",
            f"--https-cert={certificate}",
            f"--https-key={key}",
            f"--listen-ng=127.0.0.1:{control}",
            "--http-threads=3",
            "--foreground",
            "--log-stderr",
        )
        program.wait_for_port(port)
        program.uses_the_library()
        exercise(f"http://127.0.0.1:{port}")
        exercise(f"https://localhost:{secure_port}", trust)
        equal(program.stop(signal.SIGTERM), 0)


tests = [rtpengine_answers_control_requests]
