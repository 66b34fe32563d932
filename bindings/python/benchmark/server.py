"""The servers that are compared. usage: server.py {golws,websockets,aiohttp} PORT"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PLAIN = "Hello, World!\n"


async def stopped() -> None:
    event = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, event.set)
    await event.wait()


async def golws_server(port: int) -> None:
    import golws

    application = golws.Application()

    @application.websocket("/{path:path}", subprotocols=["echo"])
    async def echo(websocket: golws.WebSocket) -> None:
        async for message in websocket:
            await websocket.send(message)

    @application.get("/plain")
    async def plain(request: golws.Request) -> str:
        return PLAIN

    async with golws.Server(application, "127.0.0.1", port):
        await stopped()


async def websockets_server(port: int) -> None:
    import websockets

    async def echo(websocket, path):  # type: ignore[no-untyped-def]
        async for message in websocket:
            await websocket.send(message)

    async with websockets.serve(echo, "127.0.0.1", port, subprotocols=["echo"], compression=None):  # type: ignore[attr-defined]
        await stopped()


async def aiohttp_server(port: int) -> None:
    from aiohttp import WSMsgType, web

    async def echo(request):  # type: ignore[no-untyped-def]
        websocket = web.WebSocketResponse(protocols=["echo"], compress=False)
        await websocket.prepare(request)
        async for message in websocket:
            if message.type == WSMsgType.TEXT:
                await websocket.send_str(message.data)
            elif message.type == WSMsgType.BINARY:
                await websocket.send_bytes(message.data)
        return websocket

    async def plain(request):  # type: ignore[no-untyped-def]
        return web.Response(text=PLAIN)

    application = web.Application()
    application.add_routes([web.get("/plain", plain), web.get("/", echo)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await stopped()
    await runner.cleanup()


if __name__ == "__main__":
    # The load ends by closing its connections without ceremony, of which the others complain at length.
    logging.disable()
    asyncio.run({"golws": golws_server, "websockets": websockets_server, "aiohttp": aiohttp_server}[sys.argv[1]](int(sys.argv[2])))
