"""Proxies of others for clients under test, and a server behind them.

usage: proxies.py KIND

KIND is tinyproxy, tinyproxy-basic (user:secret), microsocks, microsocks-password (user:secret), dante, or what no proxy
should be: silent, half-http, half-socks, garbage, hangup. Prints the ports of the server and of the proxy, "0 0" where
that is not installed. The server is python3-websockets, which echoes, and answers /http with a small text; dante keeps
clients from 127.0.0.9. Ends when its standard input does.
"""

import asyncio
import contextlib
import getpass
import http
import os
import subprocess
import sys
import tempfile

import websockets

from foreign_servers import announce, ended, find_program, free_port, listens, stop

ANSWERS = {
    "silent": b"",
    "half-http": b"HTTP/1.1 200 O",
    "half-socks": b"\5",
    "garbage": b"220 mail.example ESMTP\r\n",
    "hangup": None,
}


def command(kind, port, directory):
    """What starts a proxy at a port, or None where there is no such program."""
    name = {"dante": "danted"}.get(kind, kind.split("-")[0])
    program = find_program(name)
    if not program:
        return None
    if name == "microsocks":
        return [program, "-i", "127.0.0.1", "-p", str(port)] + (
            ["-u", "user", "-P", "secret"] if kind.endswith("password") else []
        )
    path = os.path.join(directory, "conf")
    user = getpass.getuser()
    with open(path, "w") as f:
        if name == "tinyproxy":
            f.write(f"Port {port}\nListen 127.0.0.1\nMaxClients 10\nTimeout 60\nLogLevel Critical\n")
            if kind.endswith("basic"):
                f.write("BasicAuth user secret\n")
        else:
            f.write(
                f"""
logoutput: {directory}/log
internal: 127.0.0.1 port = {port}
external.protocol: ipv4
external: lo
socksmethod: none
clientmethod: none
user.privileged: {user}
user.unprivileged: {user}
client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}
socks block {{ from: 127.0.0.0/8 to: 127.0.0.9/32 }}
socks pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}
"""
            )
    if name == "tinyproxy":
        return [program, "-d", "-c", path]
    return [program, "-f", path, "-p", os.path.join(directory, "pid")]


def started(kind, directory):
    """The process and port of a proxy that listens."""
    for _ in range(5):
        port = free_port()
        arguments = command(kind, port, directory)
        if not arguments:
            return None, 0
        process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if listens(process, port):
            return process, port
    sys.exit(f"{kind} does not start")


async def pretend(kind, reader, writer):
    await reader.read(4096)
    if ANSWERS[kind] is not None:
        writer.write(ANSWERS[kind])
        await reader.read(-1)
    writer.close()


async def echo(connection):
    with contextlib.suppress(websockets.ConnectionClosed):
        async for message in connection:
            await connection.send(message)


async def answer(path, headers):
    return (http.HTTPStatus.OK, [], b"plain text\n") if path == "/http" else None


async def main():
    kind = sys.argv[1]
    process = None
    with tempfile.TemporaryDirectory() as directory:
        async with websockets.serve(echo, "127.0.0.1", 0, subprotocols=["echo"], process_request=answer) as server:
            port = server.sockets[0].getsockname()[1]
            if kind in ANSWERS:
                fake = await asyncio.start_server(lambda r, w: pretend(kind, r, w), "127.0.0.1", 0)
                proxy = fake.sockets[0].getsockname()[1]
            else:
                process, proxy = started(kind, directory)
            announce(port if proxy else 0, proxy)
            try:
                await ended()
            finally:
                stop(process)


asyncio.run(main())
