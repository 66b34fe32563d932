"""ardour, an audio workstation: its control surface for web browsers, which has the library run in a glib loop.

Its interpreter opens the session, which needs neither a display nor sound hardware. Main thread and loop are two
threads: the context is created and destroyed by the one while the other runs the loop.
"""

import asyncio
import json
import os
import re
import socket
import urllib.error
import urllib.request

import websockets

from report import equal
from support import Directory, run_async

PACKAGE = "ardour"
PORT = 3818  # cannot be configured: the run enters a network of its own for it
PAGES = "/usr/share/ardour7/web_surfaces"
SURFACE = "WebSockets Server (Experimental)"

CREATE = """
AudioEngine:set_backend("None (Dummy)", "ardour", "")
session = create_session("session", "session", 48000)
session:new_audio_track(1, 2, nil, 2, "", ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
session:save_state("")
close_session()
quit()
"""

# Does what it reads, so that the test can change things from within.
PLAY = """
AudioEngine:set_backend("None (Dummy)", "ardour", "")
session = load_session("session", "session")
for line in io.lines("commands") do
	assert(load(line))()
end
close_session()
print("closed the session")
quit()
"""


def interpreter(directory, library, script, text):
    environment = {"XDG_CONFIG_HOME": os.path.join(directory.path, ".config")}
    return directory.start(library, "ardour7-lua", directory.file(script, text), environment=environment)


def get(path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as response:
            return response.status, response.headers.get_content_type(), response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


def pages():
    for path, kind in (("index.html", "text/html"), ("index/main.css", "text/css"), ("index/logo.png", "image/png"),
                       ("shared/base/protocol.js", "text/javascript")):
        with open(os.path.join(PAGES, path), "rb") as f:
            equal(get("/" + path), (200, kind, f.read()), path)
    equal(get("/"), get("/index.html"), "/")
    equal(get("/nothing")[0], 404, "/nothing")
    status, kind, body = get("/surfaces.json")
    equal((status, kind), (200, "application/json"), "the list of surfaces")
    listed = {surface["path"] for collection in json.loads(body) for surface in collection["surfaces"]}
    equal(listed, {"mixer", "protocol", "transport"}, "surfaces")


class Client:
    """A connection that never pings: what arrives without a message having been sent was ardour's idea."""

    async def __aenter__(self):
        self.connection = await websockets.connect(f"ws://127.0.0.1:{PORT}/", ping_interval=None)
        return self

    async def __aexit__(self, *_):
        await self.connection.close()

    async def send(self, node, strip=None, value=None):
        address = [] if strip is None else [strip]
        await self.connection.send(json.dumps({"node": node, "addr": address, "val": [] if value is None else [value]}))

    async def next(self, node, strip=None):
        """The value of the next message about that."""
        while True:
            message = json.loads(await self.connection.recv())
            if message["node"] == node and (strip is None or message["addr"] == [strip]):
                return message["val"][0]

    async def until(self, value, node, strip=None):
        while await self.next(node, strip) != value:
            pass

    async def time_passes(self):
        """Ten times in a row that it is later than before."""
        times = []
        while len(times) < 10:
            time = await self.next("transport_time")
            times = times + [time] if times and time > times[-1] else [time]


async def exchange(pipe):
    async with Client() as one, Client() as other:
        for client in (one, other):
            for strip, name in enumerate(("Master", "Audio 1", "Audio 2")):
                equal(await client.next("strip_description", strip), name, "strip")
            equal(await client.next("transport_tempo"), 120, "tempo")

        # What one client changes, the other one hears.
        for node, strip, value in (("strip_gain", 1, -6), ("strip_mute", 1, True), ("strip_pan", 2, 0.25),
                                   ("transport_tempo", None, 97)):
            await one.send(node, strip, value)
            await other.until(value, node, strip)
        await one.send("strip_pan", 2)
        equal(await one.next("strip_pan", 2), 0.25, "the answer")

        # What ardour changes, both hear; nobody sends.
        pipe.write(b'mute = session:route_by_name("Audio 2"):mute_control()\n')
        pipe.write(b"mute:set_value(1, PBD.GroupControlDisposition.NoGroup)\n")
        for client in (one, other):
            await client.until(True, "strip_mute", 2)
        pipe.write(b"session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)\n")
        for client in (one, other):
            await client.time_passes()

        # A message that is none costs the client its connection, not the others theirs.
        async with Client() as third:
            await third.connection.send("{")
            await third.connection.wait_closed()
        await one.send("transport_roll", None, False)
        await other.until(False, "transport_roll")


async def end(pipe):
    """While clients are connected, of which one is being told of the time."""
    async with Client() as one, Client() as other:
        await asyncio.gather(one.next("transport_record"), other.next("transport_record"))
        pipe.write(b"session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)\n")
        await one.time_passes()
        pipe.close()
        await asyncio.gather(one.connection.wait_closed(), other.connection.wait_closed())


def ardour_is_controlled(library):
    with socket.socket() as s:
        if not s.connect_ex(("127.0.0.1", PORT)):
            raise AssertionError(f"somebody else listens on port {PORT}, and there can be no network namespace")
    with Directory() as directory:
        equal(interpreter(directory, library, "create.lua", CREATE).wait(), 0, "status of the one that creates")
        session = os.path.join(directory.path, "session", "session.ardour")
        with open(session) as f:
            text, count = re.subn(rf'(<Protocol name="{re.escape(SURFACE)}" active=)"0"', r'\1"1"', f.read())
        equal(count, 1, "places where the surface is off")
        with open(session, "w") as f:
            f.write(text)

        commands = os.path.join(directory.path, "commands")
        os.mkfifo(commands)
        # More than once for the beginning and the end, where two threads are at work.
        for number in range(3):
            program = interpreter(directory, library, "play.lua", PLAY)
            with open(commands, "r+b", buffering=0) as pipe:
                program.wait_for_port(PORT)
                program.uses_the_library()
                if not number:
                    pages()
                    run_async(exchange(pipe))
                run_async(end(pipe))
            equal(program.wait(), 0, "ardour's status")
            program.wait_for("^closed the session")


tests = [ardour_is_controlled]
