"""Sends lines of standard input to a server and prints what comes. usage: client.py [ws://HOST:PORT/PATH]"""

import asyncio
import sys

import golws


async def main(uri: str) -> None:
    async with golws.connect(uri) as websocket:
        async def show() -> None:
            async for message in websocket:
                print("<", message)

        showing = asyncio.create_task(show())
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            await websocket.send(line.rstrip("\n"))
        # What is under way still comes.
        await (await websocket.ping())
        showing.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8765/"))
