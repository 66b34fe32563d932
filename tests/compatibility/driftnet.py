"""driftnet, which shows the images that go by on a network: HTTP for its page, WebSocket for what it has found."""

import asyncio
import http.server
import os
import signal
import threading
import urllib.request

import websockets

from report import equal
from support import Directory, free_port, run_async

PACKAGE = "driftnet"


def segment(marker, data):
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2, "big") + data


def jpeg(comment):
    """One grey block, and a comment that tells which."""
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xFE, comment * 200)
        + segment(0xDB, b"\0" + b"\1" * 64)
        + segment(0xC0, bytes([8, 0, 8, 0, 8, 1, 1, 0x11, 0]))
        + segment(0xC4, b"\x00" + bytes([1] + [0] * 15) + b"\0")
        + segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0")
        + segment(0xDA, bytes([1, 1, 0, 0, 63, 0]))
        + b"\x3f\xff\xd9"
    )


class Pictures(http.server.BaseHTTPRequestHandler):
    """The web server whose traffic is watched."""

    def do_GET(self):
        image = jpeg(self.path.encode())
        self.send_response(200)
        self.send_header("content-type", "image/jpeg")
        self.send_header("content-length", str(len(image)))
        self.end_headers()
        self.wfile.write(image)

    def log_message(self, *_):
        pass


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as response:
        return response.read()


async def watch(port, pictures):
    loop = asyncio.get_running_loop()
    found = {}
    async with websockets.connect(f"ws://127.0.0.1:{port}/", subprotocols=["images-pipe-protocol"]) as connection:
        while len(found) < 3:
            # Packets may be lost before driftnet sees them: what does not arrive is asked for again.
            wanted = f"picture-{len(found)}"
            await loop.run_in_executor(None, get, pictures, wanted)
            try:
                name = await asyncio.wait_for(connection.recv(), 2)
            except asyncio.TimeoutError:
                continue
            image = await loop.run_in_executor(None, get, port, name)
            found[image] = name
    for image, name in found.items():
        equal(os.path.splitext(name)[1], ".jpeg")
        if image not in [jpeg(f"/picture-{i}".encode()) for i in range(3)]:
            raise AssertionError(f"{name} is not what was sent")


def driftnet_shows_what_goes_by(library):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pictures, port = server.server_address[1], free_port()
    try:
        with Directory() as directory:
            command = ["driftnet", "-v", "-i", "lo", "-p", "-W", str(port), "-d", directory.directory("images")]
            program = directory.start(library, *command, f"src port {pictures}")
            program.wait_for_port(port)
            program.uses_the_library()
            if b"images-pipe-protocol" not in get(port, ""):
                raise AssertionError("this is not driftnet's page")
            run_async(watch(port, pictures))
            equal(program.stop(signal.SIGTERM), 0)
    finally:
        server.shutdown()
        server.server_close()


tests = [driftnet_shows_what_goes_by]
