"""janus, a WebRTC gateway: its API over WebSocket."""

import asyncio
import contextlib
import json
import signal
import ssl

import websockets

from report import equal
from support import Directory, free_port, run_async

PACKAGE = "janus"
OTHER_TRANSPORTS = "libjanus_http.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so"


class Janus:
    def __init__(self, directory, library, event_backend=None):
        self.port, self.admin_port, self.secure_port, self.secure_admin_port = (free_port() for _ in range(4))
        certificate, key, self.trust = directory.certificate()
        trusted = {"SSL_CERT_FILE": certificate}  # by connections that janus makes
        configuration = directory.directory("janus")
        directory.directory("none")
        directory.file(
            "janus/janus.jcfg",
            f"""general: {{ configs_folder = "{configuration}"; plugins_folder = "{directory.path}/none";
            server_name = "under test"; interface = "127.0.0.1"; admin_secret = "secret" }}
            nat: {{ ice_enforce_list = "lo" }}
            transports: {{ disable = "{OTHER_TRANSPORTS}" }}
            loggers: {{ disable = "libjanus_jsonlog.so" }}
            events: {{ broadcast = {"true" if event_backend else "false"} }}\n""",
        )
        directory.file(
            "janus/janus.transport.websockets.jcfg",
            f"""general: {{ json = "compact"; ws = true; ws_port = {self.port}; ws_ip = "127.0.0.1";
            wss = true; wss_port = {self.secure_port}; wss_ip = "127.0.0.1";
            pingpong_trigger = 1; pingpong_timeout = 2; ws_logging = "err,warn" }}
            admin: {{ admin_ws = true; admin_ws_port = {self.admin_port}; admin_ws_ip = "127.0.0.1";
            admin_wss = true; admin_wss_port = {self.secure_admin_port}; admin_wss_ip = "127.0.0.1" }}
            certificates: {{ cert_pem = "{certificate}"; cert_key = "{key}" }}\n""",
        )
        if event_backend:
            directory.file(
                "janus/janus.eventhandler.wsevh.jcfg",
                f"""general: {{ enabled = true; events = "all"; grouping = false; json = "compact";
                backend = "{event_backend}"; subprotocol = "events"; ws_logging = "err,warn" }}\n""",
            )
        self.program = directory.start(library, "janus", "-F", configuration, "-C", f"{configuration}/janus.jcfg", "-o",
                                       environment=trusted)
        self.program.wait_for("WebSockets thread started")
        self.program.uses_the_library()

    def connect(self, secure=False):
        port, protocols = self.secure_port if secure else self.port, ["janus-protocol"]
        return self._connect(port, protocols, secure)

    def connect_admin(self, secure=False):
        port, protocols = self.secure_admin_port if secure else self.admin_port, ["janus-admin-protocol"]
        return self._connect(port, protocols, secure)

    def _connect(self, port, protocols, secure):
        if secure:
            return websockets.connect(f"wss://localhost:{port}/", subprotocols=protocols, ssl=self.trust)
        return websockets.connect(f"ws://127.0.0.1:{port}/", subprotocols=protocols)


async def ask(connection, what, **fields):
    """One request, and the answer that belongs to it."""
    transaction = f"{what}-{id(fields)}"
    await connection.send(json.dumps({"janus": what, "transaction": transaction, **fields}))
    answer = json.loads(await connection.recv())
    equal(answer.get("transaction"), transaction)
    return answer


async def session(janus, secure=False):
    async with janus.connect(secure) as connection:
        equal(connection.subprotocol, "janus-protocol")
        information = await ask(connection, "info")
        equal(information["name"], "Janus WebRTC Server")
        equal(information["server-name"], "under test")
        number = (await ask(connection, "create"))["data"]["id"]
        equal((await ask(connection, "keepalive", session_id=number))["janus"], "ack")
        # a message of many frames' worth, which the program puts together from pieces
        equal((await ask(connection, "keepalive", session_id=number, padding="x" * 300_000))["janus"], "ack")
        equal((await ask(connection, "attach", session_id=number, plugin="janus.plugin.none"))["janus"], "error")

        # Longer than the silence after which the server pings, and after which it would hang up.
        await asyncio.sleep(3.5)
        equal((await ask(connection, "keepalive", session_id=number))["janus"], "ack")

        async with janus.connect_admin(secure) as admin:
            sessions = await ask(admin, "list_sessions", admin_secret="secret")
            if number not in sessions["sessions"]:
                raise AssertionError(f"{number} is not in {sessions}")
        equal((await ask(connection, "destroy", session_id=number))["janus"], "success")


async def several(janus, secure=False):
    """Sessions side by side, and one that vanishes."""
    connections = [await janus.connect(secure) for _ in range(20)]
    numbers = [answer["data"]["id"] for answer in await asyncio.gather(*(ask(c, "create") for c in connections))]
    equal(len(set(numbers)), 20)
    connections[0].transport.abort()
    answers = await asyncio.gather(
        *(ask(c, "keepalive", session_id=n) for c, n in zip(connections[1:], numbers[1:]))
    )
    equal({answer["janus"] for answer in answers}, {"ack"})
    await asyncio.gather(*(c.close() for c in connections[1:]))


def janus_serves_its_api(library):
    with Directory() as directory:
        janus = Janus(directory, library)
        run_async(session(janus))
        run_async(several(janus))
        equal(janus.program.stop(signal.SIGINT), 0)


def janus_serves_its_api_over_tls(library):
    with Directory() as directory:
        janus = Janus(directory, library)
        run_async(session(janus, secure=True))
        run_async(several(janus, secure=True))
        equal(janus.program.stop(signal.SIGINT), 0)


async def receive_events(library, scheme="ws"):
    """The server that the event handler connects to: counts sessions that began, and loses its connection once."""
    begun = asyncio.Queue()
    connections = asyncio.Queue()

    async def handle(connection):
        equal(connection.subprotocol, "events")
        await connections.put(connection)
        with contextlib.suppress(websockets.ConnectionClosedError):  # janus leaves without a close frame
            async for message in connection:
                event = json.loads(message)
                if event.get("type") == 1 and event["event"]["name"] == "created":
                    await begun.put(event["session_id"])

    with Directory() as directory:
        shown = None
        if scheme == "wss":
            certificate, key, _ = directory.certificate()
            shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            shown.load_cert_chain(certificate, key)
        async with websockets.serve(handle, "127.0.0.1", 0, subprotocols=["events"], ssl=shown) as server:
            port = server.sockets[0].getsockname()[1]
            janus = await asyncio.to_thread(Janus, directory, library, f"{scheme}://localhost:{port}/events?of=janus")
            first = await connections.get()
            equal(first.path, "/events?of=janus")
            async with janus.connect() as client:
                for _ in range(20):
                    number = (await ask(client, "create"))["data"]["id"]
                    equal(await begun.get(), number)

                await first.close()
                await connections.get()
                number = (await ask(client, "create"))["data"]["id"]
                equal(await begun.get(), number)
            equal(await asyncio.to_thread(janus.program.stop, signal.SIGINT), 0)


def janus_sends_its_events(library):
    run_async(receive_events(library))


def janus_sends_its_events_over_tls(library):
    run_async(receive_events(library, "wss"))


tests = [janus_serves_its_api, janus_serves_its_api_over_tls, janus_sends_its_events, janus_sends_its_events_over_tls]
