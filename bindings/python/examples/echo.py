"""The smallest server: every message comes back."""

import asyncio

import golws


async def echo(websocket: golws.WebSocket) -> None:
    async for message in websocket:
        await websocket.send(message)


async def main() -> None:
    async with golws.serve(echo, "127.0.0.1", 8765) as server:
        print(f"ws://127.0.0.1:{server.port}/")
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
