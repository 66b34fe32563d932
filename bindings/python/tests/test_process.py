"""Forks, threads, signals, and what is left behind."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
import unittest
from typing import Any

from support import BINDINGS, AsyncTest, descriptors, echo, until

import golws
import golws.native


def run_python(code: str, timeout: float = 60) -> "subprocess.CompletedProcess[str]":
    """A program in a process of its own, because most of this cannot be undone in one."""
    head = f"import sys; sys.path[:0] = [{os.path.dirname(os.path.abspath(__file__))!r}, {BINDINGS!r}]\n" \
           "import asyncio, os, signal, multiprocessing, threading, golws, golws.native\n" \
           "from support import echo\n"
    return subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, timeout=timeout)


VISIT = """
async def visit():
    async with golws.serve(echo, "127.0.0.1") as server:
        async with golws.connect(f"ws://127.0.0.1:{server.port}/") as client:
            await client.send("hello")
            assert await client.recv() == "hello"
"""


def work(number: int) -> str:
    """What a process of multiprocessing does."""
    async def visit() -> str:
        async with golws.serve(echo, "127.0.0.1") as server:
            async with golws.connect(f"ws://127.0.0.1:{server.port}/") as client:
                await client.send(str(number))
                return str(await client.recv())

    return asyncio.run(visit())


class Fork(unittest.TestCase):
    def test_before_use(self) -> None:
        """Processes that are forked before the library is used can all use it."""
        done = run_python(VISIT + """
children = []
for _ in range(3):
    pid = os.fork()
    if not pid:
        asyncio.run(visit())
        os._exit(7)
    children.append(pid)
asyncio.run(visit())
for pid in children:
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
print("good")
""")
        self.assertEqual((done.stdout, done.returncode), ("good\n", 0), done.stderr)

    def test_after_use(self) -> None:
        """In a child that is forked later everything says so, nothing hangs, and the parent goes on."""
        done = run_python(VISIT + """
async def child(server, client):
    for action in (lambda: golws.serve(echo, "127.0.0.1").start(), lambda: golws.connect("ws://localhost/")._connect(),
                   lambda: client.send("x"), lambda: client.recv(), lambda: client.ping(), lambda: server.close()):
        try:
            await action()
        except golws.ForkError as error:
            assert "spawn" in str(error)
        else:
            os._exit(1)
    client.abort()

async def main():
    async with golws.serve(echo, "127.0.0.1") as server:
        client = await golws.connect(f"ws://127.0.0.1:{server.port}/")
        pid = os.fork()
        if not pid:
            try:
                asyncio.events._set_running_loop(None)
                asyncio.run(child(server, client))
                sys.stdout.flush()
                os._exit(7)
            except BaseException:
                import traceback
                traceback.print_exc()
                os._exit(2)
        await client.send("after")
        assert await client.recv() == "after"
        while True:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                break
            await asyncio.sleep(0.01)
        assert os.waitstatus_to_exitcode(status) == 7, status
        await client.send("still")
        assert await client.recv() == "still"
        await client.close()
    # exec is always possible
    import subprocess
    assert subprocess.run(["true"]).returncode == 0
    print("good")

asyncio.run(main())
""")
        self.assertEqual((done.stdout, done.returncode), ("good\n", 0), done.stderr)

    def test_fork_without_exec_ends(self) -> None:
        """A child that has nothing to do with the library ends as usual, with its exit handlers and garbage."""
        done = run_python(VISIT + """
asyncio.run(visit())
def nothing():
    import gc
    gc.collect()
process = multiprocessing.get_context("fork").Process(target=nothing)
process.start()
process.join(30)
assert process.exitcode == 0, process.exitcode
print("good")
""")
        self.assertEqual((done.stdout, done.returncode), ("good\n", 0), done.stderr)

    def test_spawn(self) -> None:
        """multiprocessing's spawn, from a process that uses the library."""
        self.assertEqual(work(0), "0")
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            self.assertEqual(pool.map(work, range(4)), ["0", "1", "2", "3"])


class Abandoned(unittest.TestCase):
    def test_loop_closed_with_all_open(self) -> None:
        """A loop that ends with a server and connections open: the next loop finds the port free, and the process ends."""
        done = run_python("""
kept = []

async def leave():
    server = await golws.serve(echo, "127.0.0.1", int(sys.argv[-1]) if kept else 0)
    client = await golws.connect(f"ws://127.0.0.1:{server.port}/")
    await client.send("x")
    assert await client.recv() == "x"
    kept.append((server, client))
    return server.port

def run_and_leave():
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(leave())
    finally:
        loop.close()

port = run_and_leave()
sys.argv.append(str(port))
assert run_and_leave() == port
assert len(golws.native.contexts) == 2, golws.native.contexts
server, client = kept[0]
for action in (client.send("y"), client.recv()):
    try:
        asyncio.run(action)
    except RuntimeError as error:
        assert "closed" in str(error)
    else:
        raise AssertionError
client.abort()
print("good")
""")
        self.assertEqual((done.stdout, done.returncode), ("good\n", 0), done.stderr)
        self.assertNotIn("Traceback", done.stderr)


class Signals(unittest.TestCase):
    SERVER = """
async def main():
    async with golws.serve(echo, "127.0.0.1") as server:
        print(server.port, flush=True)
        await server.serve_forever()
"""

    def start(self, code: str) -> "subprocess.Popen[str]":
        head = f"import sys; sys.path[:0] = [{os.path.dirname(os.path.abspath(__file__))!r}, {BINDINGS!r}]\n" \
               "import asyncio, os, signal, golws\nfrom support import echo\n"
        process = subprocess.Popen([sys.executable, "-c", head + code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        return process

    def end(self, process: "subprocess.Popen[str]") -> None:
        if process.poll() is None:
            process.kill()
        process.communicate()

    def test_interrupt(self) -> None:
        """Ctrl-C ends a program with KeyboardInterrupt, after its server was closed."""
        process = self.start(self.SERVER + """
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted", len(golws.native.contexts))
""")
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual((out, process.returncode), ("interrupted 0\n", 0), err)

    def test_termination(self) -> None:
        """A signal handler of the loop's, and one of the signal module's."""
        process = self.start("""
async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    signal.signal(signal.SIGUSR1, lambda *a: os.write(1, b"usr1\\n"))
    async with golws.serve(echo, "127.0.0.1") as server:
        print(server.port, flush=True)
        await stop.wait()
asyncio.run(main())
print("ended")
""")
        assert process.stdout is not None
        port = process.stdout.readline()
        process.send_signal(signal.SIGUSR1)
        answer = process.stdout.readline()
        if answer != "usr1\n":
            self.fail(f"{port!r}, {answer!r}, {process.communicate(timeout=30)}, status {process.returncode}")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        self.assertEqual((out, process.returncode), ("ended\n", 0), err)

    def test_interrupt_in_a_callback(self) -> None:
        """A KeyboardInterrupt that is raised while the library calls Python gets out of the loop."""
        done = run_python("""
def check(request):
    raise KeyboardInterrupt

async def main():
    application = golws.Application()
    application.websocket("/", check=check)(echo)
    async with golws.Server(application, "127.0.0.1") as server:
        await golws.connect(f"ws://127.0.0.1:{server.port}/")
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
""")
        self.assertEqual(done.stdout, "interrupted\n", done.stderr)


class Threads(unittest.TestCase):
    def test_loops_in_threads(self) -> None:
        """Each thread has its loop, server and clients."""
        results: list[str] = []
        threads = [threading.Thread(target=lambda n=n: results.append(work(n))) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(sorted(results), [str(n) for n in range(8)])

    def test_beside_a_busy_thread(self) -> None:
        """A thread that computes does not stop the loop."""
        stop = threading.Event()
        turns = 0

        def compute() -> None:
            nonlocal turns
            while not stop.is_set():
                sum(range(1000))
                turns += 1

        thread = threading.Thread(target=compute)
        thread.start()
        try:
            self.assertEqual(work(5), "5")
        finally:
            stop.set()
            thread.join()
        self.assertGreater(turns, 0)

    def test_log(self) -> None:
        """The library's log goes where Python says, also from a turn of the service."""
        done = run_python("""
lines = []
golws.set_log(golws.lowlevel.LLL_ERR | golws.lowlevel.LLL_WARN | golws.lowlevel.LLL_NOTICE | golws.lowlevel.LLL_USER,
              lambda level, line: lines.append((level, line)))
golws.lowlevel._lws_log(int(golws.lowlevel.LLL_USER), b"hello %s", b"log")
assert lines == [(int(golws.lowlevel.LLL_USER), "hello log")], lines
""" + VISIT + """
asyncio.run(visit())
golws.set_log(golws.lowlevel.LLL_ERR)
asyncio.run(visit())
print("good")
""")
        self.assertEqual((done.stdout, done.returncode), ("good\n", 0), done.stderr)


class Leaks(AsyncTest):
    DEADLINE = 120.0

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        # Its bookkeeping is memory too.
        asyncio.get_running_loop().set_debug(False)

    async def visit(self, uri: str) -> None:
        async with golws.connect(uri, open_timeout=60) as client:
            await client.send("x")
            await client.recv()

    async def test_connections(self) -> None:
        """Thousands of connections leave no object, no descriptor and no memory behind."""
        async with golws.serve(echo, "127.0.0.1") as server:
            uri = f"ws://127.0.0.1:{server.port}/"

            async def visits(count: int) -> None:
                for _ in range(count // 50):
                    await asyncio.gather(*(self.visit(uri) for _ in range(50)))
                await until(lambda: not server.websockets and len(golws.native.contexts) == 1)
                await asyncio.sleep(0)
                gc.collect()

            await visits(200)
            before, connections = descriptors(), len(golws.native.connections)
            tracemalloc.start()
            await visits(200)
            first = tracemalloc.get_traced_memory()[0]
            await visits(1500)
            second = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            self.assertEqual((len(golws.native.connections), server._tasks), (connections, set()))
            self.assertEqual(descriptors(), before)
            # One object that is left for each connection would be some hundred kilobytes.
            self.assertLess(second - first, 75000)
            objects = [o for o in gc.get_objects() if isinstance(o, golws.WebSocket)]
            self.assertEqual(objects, [])

    async def test_servers(self) -> None:
        """Servers that come and go take everything with them, with and without connections."""
        async def serve(end: Any) -> None:
            async with golws.serve(echo, "127.0.0.1", close_timeout=0.5) as server:
                client = await golws.connect(f"ws://127.0.0.1:{server.port}/")
                await end(client)

        async def leave_open(client: Any) -> None:
            pass

        async def close(client: Any) -> None:
            await client.close()

        async def abort(client: Any) -> None:
            client.abort()

        for end in (leave_open, close, abort):
            await serve(end)
        await until(lambda: not golws.native.contexts)
        before = descriptors()
        for _ in range(30):
            for end in (leave_open, close, abort):
                await serve(end)
        await until(lambda: not golws.native.contexts)
        gc.collect()
        self.assertEqual(descriptors(), before)
        self.assertEqual((golws.native.connections, golws.native.vhosts), ({}, {}))
        self.assertEqual([o for o in gc.get_objects() if isinstance(o, (golws.Server, golws.WebSocket))], [])

    async def test_requests(self) -> None:
        application = golws.Application()

        @application.post("/")
        async def post(request: golws.Request) -> Any:
            return await request.body()

        async with golws.Server(application, "127.0.0.1") as server:
            async def ask(count: int) -> None:
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                for _ in range(count):
                    writer.write(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
                    await reader.readuntil(b"\r\n\r\nhello")
                writer.close()
                await writer.wait_closed()

            await ask(200)
            gc.collect()
            tracemalloc.start()
            await ask(100)
            gc.collect()
            first = tracemalloc.get_traced_memory()[0]
            await ask(2000)
            gc.collect()
            second = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            self.assertLess(second - first, 50000)
            await until(lambda: not golws.native.connections)

    async def test_idle_loop_rests(self) -> None:
        """An idle server costs no processor time."""
        async with golws.serve(echo, "127.0.0.1") as server:
            client = await golws.connect(f"ws://127.0.0.1:{server.port}/")
            await asyncio.sleep(0.1)
            turns = 0
            real = golws.native.service

            def counted(context: int) -> int:
                nonlocal turns
                turns += 1
                return real(context)

            golws.native.service = counted
            try:
                await asyncio.sleep(0.5)
            finally:
                golws.native.service = real
            self.assertLess(turns, 20)
            await client.close()


if __name__ == "__main__":
    unittest.main()
