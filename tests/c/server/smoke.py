"""A client from outside: python3-websockets, with and without permessage-deflate.

usage: smoke.py PORT PROTOCOL [no-empty]

With no-empty, empty messages are not sent compressed: upstream's library cannot.
"""

import asyncio
import sys

import websockets


async def talk(port, protocol, compression):
    uri = f"ws://127.0.0.1:{port}/"
    async with websockets.connect(
        uri, subprotocols=[protocol], compression=compression, max_size=None, open_timeout=60
    ) as socket:
        assert socket.subprotocol == protocol, socket.subprotocol
        negotiated = [type(extension).__name__ for extension in socket.extensions]
        if compression is None:
            assert not negotiated, negotiated
        for message in (
            "hello",
            "",
            "x" * 100_000,
            "grüße, 世界 🌍" * 1000,
            b"",
            b"\x00\xff" * 70_000,
            bytes(range(256)) * 500,
            "the same again and again " * 20_000,
        ):
            if not message and compression and "no-empty" in sys.argv:
                continue
            await socket.send(message)
            answer = await asyncio.wait_for(socket.recv(), 60)
            assert answer == message, (type(answer), len(answer), len(message))
        # in fragments, one message
        await socket.send(iter(["in ", "three ", "pieces"]))
        assert await asyncio.wait_for(socket.recv(), 60) == "in three pieces"
        await asyncio.wait_for(await socket.ping(b"are you there"), 60)
        for number in range(200):
            await socket.send(f"message {number}")
        for number in range(200):
            assert await asyncio.wait_for(socket.recv(), 60) == f"message {number}"
        await socket.close(1000, "goodbye")
        assert socket.close_code == 1000, socket.close_code
    return negotiated


async def many(port, protocol):
    async def one(number):
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/", subprotocols=[protocol], open_timeout=60
        ) as socket:
            for turn in range(10):
                text = f"{number} {turn} " * 20
                await socket.send(text)
                assert await asyncio.wait_for(socket.recv(), 60) == text

    await asyncio.gather(*(one(number) for number in range(50)))


async def main():
    port, protocol = int(sys.argv[1]), sys.argv[2]
    print("plain:", await talk(port, protocol, None))
    negotiated = await talk(port, protocol, "deflate")
    assert negotiated == ["PerMessageDeflate"], negotiated
    print("deflate:", negotiated)
    await many(port, protocol)
    print("many: ok")


asyncio.run(main())
