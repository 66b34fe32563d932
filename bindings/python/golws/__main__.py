"""A demo: python3 -m golws

Serves a page on http://localhost:7681 that talks to an echo and a chat over WebSockets.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import time
from typing import Optional

from . import TLS, Application, LibraryError, Request, Response, Server, WebSocket, lowlevel

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>golws</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em; }
pre { background: #f3f3f3; padding: .7em; min-height: 6em; white-space: pre-wrap; }
input { font: inherit; width: 24em; }
</style>
<h1>golws from Python</h1>
<p>This page comes from a handler in Python. Every text that you send comes back from <code>/echo</code>, and goes to everybody
who has this page open through <code>/chat</code>.
<form id="form"><input id="text" autofocus autocomplete="off" placeholder="say something"> <button>Send</button></form>
<h2>Echo</h2><pre id="echo"></pre>
<h2>Chat</h2><pre id="chat"></pre>
<p>The server: <span id="status">?</span>
<script>
const show = (id, text) => { document.getElementById(id).textContent += text + "\\n"; };
const sockets = {};
for (const name of ["echo", "chat"]) {
	const socket = sockets[name] = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/${name}`);
	socket.onmessage = event => show(name, event.data);
	socket.onclose = event => show(name, `closed: ${event.code}`);
}
form.onsubmit = event => {
	event.preventDefault();
	for (const name in sockets) sockets[name].send(text.value);
	text.value = "";
};
setInterval(async () => {
	const values = await (await fetch("/status")).json();
	document.getElementById("status").textContent = `${values.websockets} WebSockets, up ${values.seconds} s, ${values.library}`;
}, 1000);
</script>
"""


def application() -> Application:
    """The demo's routes."""
    demo = Application()
    chatting: set[WebSocket] = set()
    started = time.monotonic()

    @demo.get("/")
    async def page(request: Request) -> Response:
        return Response.html(PAGE)

    @demo.get("/status")
    async def status(request: Request) -> dict[str, object]:
        return {"websockets": len(request.server.websockets), "seconds": int(time.monotonic() - started),
                "library": (lowlevel.lws_get_library_version() or b"").decode()}

    @demo.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        async for message in websocket:
            await websocket.send(message)

    @demo.websocket("/chat")
    async def chat(websocket: WebSocket) -> None:
        chatting.add(websocket)
        try:
            async for message in websocket:
                for other in list(chatting):
                    if other.open:
                        await other.send(f"{websocket.remote_address}: {message!s}")
        finally:
            chatting.discard(websocket)

    return demo


async def serve(host: str, port: int, tls: Optional[TLS] = None) -> None:
    """Serves the demo until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Server(application(), host, port, compression=True, close_timeout=2, tls=tls) as server:
        print(f"{'https' if tls else 'http'}://{host if ':' not in host else f'[{host}]'}:{server.port}/", flush=True)
        await stop.wait()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python3 -m golws", description="A page, an echo and a chat over WebSockets.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=7681, help="0: any free one")
    parser.add_argument("--certificate", metavar="FILE", help="for https, PEM")
    parser.add_argument("--key", metavar="FILE", help="its private key, PEM")
    arguments = parser.parse_args()
    if bool(arguments.certificate) != bool(arguments.key):
        parser.error("--certificate and --key go together")
    tls = TLS(arguments.certificate, arguments.key) if arguments.certificate else None
    try:
        asyncio.run(serve(arguments.host, arguments.port, tls))
    except (LibraryError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
