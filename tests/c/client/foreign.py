"""A server of others for clients under test: python3-websockets, which echoes.

usage: foreign.py

Prints its port. Paths choose what it does: /close ends with 4001 "enough" after the first message, /unauthorized and
/absent are answered with 401 and 404, /http with a small text. Ends when its standard input does.
"""

import asyncio
import http

import websockets

from foreign_servers import announce, ended


async def echo(socket):
    async for message in socket:
        await socket.send(message)
        if socket.path == "/close":
            await socket.close(4001, "enough")
            return


async def refuse(path, headers):
    if path == "/unauthorized":
        return http.HTTPStatus.UNAUTHORIZED, [("WWW-Authenticate", 'Basic realm="x"')], b"who are you?\n"
    if path == "/absent":
        return http.HTTPStatus.NOT_FOUND, [], b"nothing\n"
    if path == "/http":
        return http.HTTPStatus.OK, [("X-Path", path)], b"plain text\n"
    return None


async def main():
    async with websockets.serve(
        echo, "127.0.0.1", 0, subprotocols=["echo"], max_size=None, process_request=refuse
    ) as server:
        announce(server.sockets[0].getsockname()[1])
        await ended()


asyncio.run(main())
