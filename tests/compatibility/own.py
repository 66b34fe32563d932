"""Programs of ours that are compiled with Debian's headers: the same binaries, on Debian's library and on ours."""

import asyncio
import contextlib
import http
import logging
import os
import re
import signal
import subprocess

import websockets

from report import equal
from support import DEBIAN_LIBRARY, Directory, free_port, here, run_async

SOURCES = os.path.join(here, "c")


def compile(directory, name, *options):
    program = os.path.join(directory.path, name)
    command = ["gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", *options, f"{SOURCES}/{name}.c", "-o", program]
    done = subprocess.run([*command, "-lwebsockets"], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{name}.c: {done.stderr}")
    return program


def on_both(library, transcript):
    """Calls transcript(directory, library) for both libraries; the results have to be equal."""
    with Directory() as theirs, Directory() as ours:
        expected, found = transcript(theirs, DEBIAN_LIBRARY), transcript(ours, library)
    if found != expected:
        lines = [line for pair in zip(expected + ["(end)"], found + ["(end)"]) if pair[0] != pair[1] for line in pair]
        print("--- Debian's", *expected, "--- ours", *found, sep="\n")
        raise AssertionError(f"first differences, Debian's and ours in turn: {lines[:6]}")
    return found


def layouts_are_those_of_debians_headers(library):
    with Directory() as directory:
        compile(directory, "layout", "-I", os.path.join(here, "..", "..", "capi", "soname17"))


def exported(library):
    listed = subprocess.run(
        ["nm", "-D", "--defined-only", os.path.join(library, "libwebsockets.so.17")],
        check=True,
        capture_output=True,
        text=True,
    )
    symbols = [line.split()[1:] for line in listed.stdout.splitlines()]
    return {name.partition("@")[0] for kind, name in symbols if kind != "A"}  # A is the version itself


def names_that_programs_import_are_there(library):
    ours = exported(library)
    with open(os.path.join(here, "imports.txt")) as f:
        for line in f:
            if line.startswith("#"):
                continue
            program, *names = line.split()
            if missing := set(names) - ours:
                raise AssertionError(f"{program} needs {missing}")
    if private := {name for name in ours if not re.match("lws|lejp|_lws|__lws|humanize_schema_|wsi_from_fd$", name)}:
        raise AssertionError(f"private names are exported: {private}")


def prototypes(directory, *options):
    """What the headers declare, by name, as the compiler understood it."""
    source, listing = directory.file("headers.c", "#include <libwebsockets.h>\n"), f"{directory.path}/prototypes"
    command = ["gcc", "-std=gnu11", *options, "-aux-info", listing, "-fsyntax-only", source]
    subprocess.run(command, check=True, capture_output=True)
    found = {}
    with open(listing) as f:
        for line in f:
            if declared := re.match(r"/\* .*? \*/ extern (.*?\b(_*(?:lws|lejp)\w*) \(.*);", line):
                found[declared[2]] = re.sub(r"\s", "", declared[1].replace("unsigned int", "uint"))
    return found


# They differ in signedness or in the name of a type of the same size.
SAME_IN_THE_ABI = {"lws_get_effective_uid_gid", "lws_h2_update_peer_txcredit"}


def prototypes_that_differ_are_converted(library):
    root = os.path.join(here, "..", "..")
    build = os.path.dirname(library)
    with Directory() as directory:
        theirs = prototypes(directory)
        ours = prototypes(directory, "-I", f"{root}/include", "-I", f"{build}/include")
    differing = {name for name in theirs.keys() & ours.keys() if theirs[name] != ours[name]}
    if not differing >= {"lws_humanize", "lwsac_extend"}:
        raise AssertionError(f"the comparison does not work: {differing}")
    converted = {name for kind, name in rules() if kind == "replace"}
    if wrong := differing & exported(library) & exported(DEBIAN_LIBRARY) - converted - SAME_IN_THE_ABI:
        raise AssertionError(f"another prototype than in 4.1.6, see capi/soname17/names.txt: {wrong}")


def rules():
    """What capi/soname17/names.txt says: replace or hide, and a name or pattern."""
    with open(os.path.join(here, "..", "..", "capi", "soname17", "names.txt")) as f:
        return [line.split() for line in f if line.strip() and not line.startswith("#")]


def names_that_would_differ_are_hidden(library):
    """What has another struct in 4.1.6 and is not converted must fail at link time, not at run time."""
    ours = exported(library)
    for kind, pattern in rules():
        matching = {name for name in ours if re.fullmatch(pattern.replace("*", ".*"), name)}
        if bool(matching) != (kind == "replace"):
            raise AssertionError(f"{kind} {pattern}: {matching}")


def installed_where_it_shadows_nothing(library):
    with Directory() as directory:
        build = os.path.dirname(library)
        command = ["cmake", "--install", build, "--component", "soname17", "--prefix", directory.path]
        subprocess.run(command, check=True, capture_output=True)
        libraries = [(place, f) for place, _, files in os.walk(directory.path) for f in files if ".so" in f]
        equal([f for _, f in libraries], ["libwebsockets.so.17"])
        place = libraries[0][0]
        equal(os.path.basename(place), "golws-soname17")
        equal(directory.start(place, compile(directory, "functions"), directory.path).wait(), 0)


def loops_need_no_plugins(library):
    with Directory() as directory:
        program = directory.start(library, compile(directory, "loops"))
        equal(program.wait(), 0)
        equal(program.output().splitlines(), [f"{name}: context" for name in ("libuv", "libevent", "libev", "glib", "none")])


async def talk_to_the_glib_program(port):
    async with websockets.connect(f"ws://127.0.0.1:{port}", subprotocols=["echo"], compression=None) as ws:
        for message in ("one", "two", "three"):
            await ws.send(message)
            equal(await ws.recv(), message)
        await asyncio.sleep(0.1)  # the timers


def a_server_in_a_glib_loop_does_the_same(library):
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "glib-2.0"], check=True, capture_output=True, text=True)

    def transcript(directory, library):
        port = free_port()
        program = directory.start(library, compile(directory, "glib_loop", "-Wl,--no-as-needed", *flags.stdout.split()), str(port))
        program.wait_for("^ready$")
        if library != DEBIAN_LIBRARY:  # that has a plugin mapped as well
            program.uses_the_library()
        run_async(talk_to_the_glib_program(port))
        equal(program.wait(), 0)
        # the two timers run side by side, and the protocols of one of the libraries begin before the loop does
        return sorted(program.output().splitlines())

    found = on_both(library, transcript)
    for line in ("message three", "timer of the library", "closed", "protocol ends", "the loop ends 10"):
        if line not in found:
            raise AssertionError(f"{line!r} is not in the transcript")


def differing_functions_do_the_same(library):
    def transcript(directory, library):
        program = directory.start(library, compile(directory, "functions"), directory.path)
        equal(program.wait(), 0)
        return program.output().splitlines()

    found = on_both(library, transcript)
    equal(found[0], "version 4.1.6- 1")
    equal("called 4" in found, True)
    equal(found[-1], "answer hello")


# What a library may say in its own way: see docs/migrating.md.
COMPARED_HEADERS = {"content-type", "content-length", "x-auth-token", "cache-control", "x-named", "x-of-the-vhost", "location"}


async def request(port, method, path, body=b"", **headers):
    """On a connection of its own; status, headers and body in lines."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", "connection: close", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    answer = await reader.read()
    writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    status, *fields = head.decode().split("\r\n")
    kept = sorted(f for f in fields if f.partition(":")[0].lower() in COMPARED_HEADERS)
    return [f"{method} {path}: {status.split()[1]}", *kept, repr(content) if method != "HEAD" else ""]


class Pings(logging.Handler):
    """Notices in the log of a connection that the peer has sent a ping."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.seen = asyncio.Event()
        self.logger = logging.Logger("connection", logging.DEBUG)
        self.logger.addHandler(self)

    def emit(self, record):
        if record.getMessage().startswith("< PING"):
            self.seen.set()


async def visit(port):
    transcript = []

    transcript += await request(port, "GET", "/dynamic/x?name=v&z=1", x_of_my_own="mine", x_auth_token="token", accept="a/b")
    transcript += await request(port, "POST", "/dynamic/y", b"x" * 100_000)
    transcript += await request(port, "GET", "/files/")
    transcript += await request(port, "GET", "/files/a.odd")
    transcript += await request(port, "GET", "/files/large.txt")
    transcript += await request(port, "GET", "/moved/there")
    transcript += await request(port, "GET", "/elsewhere")

    url = f"ws://127.0.0.1:{port}"
    for compression in (None, "deflate"):
        pings = Pings()
        options = {"subprotocols": ["chat"], "compression": compression, "logger": pings.logger}
        async with websockets.connect(f"{url}/chat", **options) as ws:
            transcript.append(f"chat {ws.subprotocol} {[e.name for e in ws.extensions]}")
            # 4.1.6 ends the process for an empty message that it is to compress.
            empty = [""] if not compression else []
            for message in ("text", b"bytes", "ü" * 10, *empty, "x" * 20_000, b"y" * 200_000):
                await ws.send(message)
                answer = await ws.recv()
                transcript.append(f"{len(message)} equal {message == answer}")
            await ws.send(["in ", "three ", "frames"])
            transcript.append(await ws.recv())
            await (await ws.ping(b"p"))
            await pings.seen.wait()  # the server's own, when the connection has been silent
            await ws.send("still there")
            transcript.append(await ws.recv())
            await ws.close(4321, "done")
        transcript.append(f"closed {ws.close_code}")
    try:
        await websockets.connect(f"{url}/refused", subprotocols=["chat"])
        transcript.append("not refused")
    except (websockets.InvalidHandshake, EOFError):
        transcript.append("refused")
    return transcript


def a_server_does_the_same(library):
    def transcript(directory, library):
        directory.directory("files")
        directory.file("files/index.html", "the index\n")
        directory.file("files/a.odd", "odd\n")
        directory.file("files/large.txt", "0123456789abcdef" * 20_000)
        web, second = free_port(), free_port()
        program = compile(directory, "server", "-D_GNU_SOURCE")
        server = directory.start(library, program, str(web), str(second), os.path.join(directory.path, "files"))
        server.wait_for("^timer 1$")  # the last one
        server.uses_the_library()
        lines = run_async(visit(web))
        lines += run_async(request(second, "GET", "/direct?name=2"))
        equal(server.stop(signal.SIGTERM), 0)
        return lines + server.output().splitlines()

    found = on_both(library, transcript)
    wanted = {"200000 equal True", "closed 4321", "refused", "message 200000 binary 1", "still there", "vhost web finalised"}
    for line in wanted:
        if line not in found:
            raise AssertionError(f"{line!r} is not in the transcript")


PAGE = b"<p>A page of many lines.</p>\n" * 1000


async def answer_http(path, headers):
    if path.startswith("/page"):
        return http.HTTPStatus.OK, {"content-type": "text/html", "x-answer": "of the page"}, PAGE
    if path == "/moved":
        return http.HTTPStatus.FOUND, {"location": "/page?moved", "content-type": "text/none"}, b""
    if path == "/nothing":
        return http.HTTPStatus.NOT_FOUND, {"content-type": "text/plain", "x-answer": "none"}, b"nothing here"
    if path == "/refused":
        return http.HTTPStatus.FORBIDDEN, {"content-type": "text/plain"}, b"no"


async def serve_proxy(reader, writer):
    """Leads to servers that are there, who knows the password."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        method, target, _ = head[0].split(" ")
        if method != "connect" or "proxy-authorization: basic dxnlcjpzzwnyzxq=" not in head:
            writer.write(b"HTTP/1.1 407 Who are you\r\n\r\n")
            return
        try:
            theirs, ours = await asyncio.open_connection(*target.split(":"))
        except OSError:
            writer.write(b"HTTP/1.1 502 Nobody there\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(pass_on(reader, ours), pass_on(theirs, writer))
    finally:
        writer.close()


async def pass_on(reader, writer):
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


async def run_client(directory, library, through_proxy=False):
    seen = []

    async def handle(connection):
        asked = connection.request_headers
        seen.append(
            f"asked for {connection.path} {asked['host'].partition(':')[0]} {asked['origin']}"
            f" {asked['x-auth-token']} {[e.name for e in connection.extensions]}"
        )
        with contextlib.suppress(websockets.ConnectionClosed):
            async for message in connection:
                await connection.send(message)
        seen.append(f"closed by the client {connection.close_code} {connection.close_reason}")

    options = {"subprotocols": ["chat"], "process_request": answer_http}
    async with websockets.serve(handle, "127.0.0.1", 0, **options) as server:
        port = server.sockets[0].getsockname()[1]
        proxy = await asyncio.start_server(serve_proxy, "127.0.0.1", 0)
        way = [str(proxy.sockets[0].getsockname()[1])] if through_proxy else []
        client = directory.start(library, compile(directory, "client"), str(port), str(free_port()), *way)
        equal(await asyncio.to_thread(client.wait), 0)
        proxy.close()
        return client.output().splitlines() + sorted(seen)


def a_client_does_the_same(library):
    found = on_both(library, lambda directory, library: run_async(run_client(directory, library)))
    for line in ("ws message 40000 binary 1", "ws closed", f"http completed {len(PAGE)}", "closed by the client 1000 enough"):
        if line not in found:
            raise AssertionError(f"{line!r} is not in the transcript")


def a_client_behind_a_proxy_does_the_same(library):
    found = on_both(library, lambda directory, library: run_async(run_client(directory, library, True)))
    for line in ("ws message 40000 binary 1", "closed by the client 1000 enough"):
        if line not in found:
            raise AssertionError(f"{line!r} is not in the transcript")
    equal(found.count("ws connection error, reason given 1"), 2)


tests = [
    layouts_are_those_of_debians_headers,
    names_that_programs_import_are_there,
    prototypes_that_differ_are_converted,
    names_that_would_differ_are_hidden,
    installed_where_it_shadows_nothing,
    loops_need_no_plugins,
    differing_functions_do_the_same,
    a_server_does_the_same,
    a_server_in_a_glib_loop_does_the_same,
    a_client_does_the_same,
    a_client_behind_a_proxy_does_the_same,
]
