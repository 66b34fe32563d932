"""Routes, a JSON interface, an upload, a stream, files and a WebSocket on one port. usage: application.py [PORT]"""

import asyncio
import hashlib
import os
import sys
from typing import Any, AsyncIterator

import golws

application = golws.Application()
items: dict[str, Any] = {"1": {"name": "first"}}


@application.get("/items/{number}")
async def get_item(request: golws.Request) -> Any:
    try:
        return items[request.parameters["number"]]
    except KeyError:
        raise golws.HTTPError(404, "no such item") from None


@application.put("/items/{number}")
async def put_item(request: golws.Request) -> golws.Response:
    items[request.parameters["number"]] = await request.json()
    return golws.Response(status=201)


@application.post("/digest")
async def digest(request: golws.Request) -> str:
    """The upload is never in memory as a whole."""
    sum_of_it = hashlib.sha256()
    async for piece in request.stream():
        sum_of_it.update(piece)
    return sum_of_it.hexdigest()


@application.get("/ticks")
async def ticks(request: golws.Request) -> golws.Response:
    """Server-sent events."""
    async def events() -> AsyncIterator[str]:
        for number in range(int(request.parameter("count", "5") or 5)):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.2)

    return golws.Response(events(), headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})


@application.websocket("/time", subprotocols=["seconds"])
async def seconds(websocket: golws.WebSocket) -> None:
    number = 0
    while websocket.open:
        await websocket.send(str(number))
        number += 1
        await asyncio.sleep(1)


application.mount("/files", os.path.dirname(os.path.abspath(__file__)))


async def main(port: int) -> None:
    async with golws.Server(application, "127.0.0.1", port) as server:
        print(f"http://127.0.0.1:{server.port}/", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8765))
    except KeyboardInterrupt:
        pass
