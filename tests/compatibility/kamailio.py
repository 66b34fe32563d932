"""kamailio, a SIP server: asking a WebSocket server about a SIP request, with its module lwsc."""

import asyncio
import contextlib
import signal
import socket
import ssl

import websockets

from report import equal
from support import DEBIAN_LIBRARY, Directory, free_port, run_async

PACKAGE = "kamailio-lwsc-modules"

CONFIGURATION = """#!KAMAILIO
debug=2
log_stderror=yes
fork=yes
children=2
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:{sip}
mpath="{modules}"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "lwsc.so"
modparam("lwsc", "protocol", "questions")
modparam("lwsc", "timeout_init", 10000000)
modparam("lwsc", "timeout_read", 10000000)
request_route {{
	if ($rU == "notify") {{
		lwsc_notify("{scheme}://localhost:{web}/notes", "$ci");
		sl_send_reply("202", "Noted");
		exit;
	}}
	lwsc_request("{scheme}://localhost:{web}/questions?from=kamailio", "who is $rU");
	sl_send_reply("200", "$lwsc(rdata)");
}}
"""


def sip_request(to, user, number, from_port):
    return "\r\n".join(
        [
            f"OPTIONS sip:{user}@127.0.0.1:{to} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{from_port};branch=z9hG4bK{number}",
            "From: <sip:test@127.0.0.1>;tag=1",
            f"To: <sip:{user}@127.0.0.1>",
            f"Call-ID: call-{number}",
            f"CSeq: {number} OPTIONS",
            "Max-Forwards: 5",
            "Content-Length: 0",
            "",
            "",
        ]
    ).encode()


def ask(port, user, number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        s.settimeout(2)
        while True:
            s.sendto(sip_request(port, user, number, s.getsockname()[1]), ("127.0.0.1", port))
            try:
                return s.recv(65535).decode().split("\r\n")[0]
            except (TimeoutError, ConnectionRefusedError):
                continue


async def questions(library, scheme="ws"):
    paths, notes = set(), asyncio.Queue()

    async def handle(connection):
        equal(connection.subprotocol, "questions")
        paths.add(connection.path)
        with contextlib.suppress(websockets.ConnectionClosed):  # kamailio leaves without a close frame
            async for message in connection:
                if connection.path == "/notes":
                    await notes.put(message)
                else:
                    await connection.send("Answer to " + message + " " + "!" * 300)

    with Directory() as directory:
        certificate, key, _ = directory.certificate()
        shown = None
        if scheme == "wss":
            shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            shown.load_cert_chain(certificate, key)
        async with websockets.serve(handle, "127.0.0.1", 0, subprotocols=["questions"], ssl=shown) as server:
            web, sip = server.sockets[0].getsockname()[1], free_port()
            configuration = directory.file("kamailio.cfg", CONFIGURATION.format(sip=sip, scheme=scheme, web=web, modules=DEBIAN_LIBRARY + "/kamailio/modules/"))
            program = directory.start(
                library, "kamailio", "-f", configuration, "-DD", "-E", "-m", "32", "-w", directory.path,
                "-Y", directory.path, "-P", directory.path + "/pid", environment={"SSL_CERT_FILE": certificate},
            )
            for number, user in enumerate(["alice", "bob", "carol", "alice"], 1):
                equal(
                    await asyncio.to_thread(ask, sip, user, number),
                    f"SIP/2.0 200 Answer to who is {user} " + "!" * 300,
                )
            equal(await asyncio.to_thread(ask, sip, "notify", 9), "SIP/2.0 202 Noted")
            equal(await notes.get(), "call-9")
            program.uses_the_library()
            equal(paths, {"/questions?from=kamailio", "/notes"})
            equal(await asyncio.to_thread(program.stop, signal.SIGTERM), 0)


def kamailio_asks_a_websocket_server(library):
    run_async(questions(library))


def kamailio_asks_a_websocket_server_over_tls(library):
    run_async(questions(library, "wss"))


tests = [kamailio_asks_a_websocket_server, kamailio_asks_a_websocket_server_over_tls]
