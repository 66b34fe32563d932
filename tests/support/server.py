"""Starts and stops the test server, tests/support/server.c."""

import json
import os
import re
import select
import shlex
import signal
import subprocess
import tempfile
import time

from demo import DEADLINE

PERIOD = 65521


def _pattern():
    state, block = 1, bytearray()
    for _ in range(PERIOD):
        state = (state * 1664525 + 1013904223) & 0xffffffff
        block.append(state >> 24)
    return bytes(block)


# Twice and more, so that pieces can be taken from any place.
PATTERN = _pattern() * 34


def pattern(offset, length):
    """Bytes of the pattern that the server sends and compares with; up to 2 MiB."""
    offset %= PERIOD
    return memoryview(PATTERN)[offset:offset + length]


class Checker:
    """Compares what comes with the pattern."""

    def __init__(self, seed=0):
        self.seed = seed
        self.length = 0

    def add(self, data):
        data = memoryview(data)
        for at in range(0, len(data), 1 << 20):
            piece = data[at:at + (1 << 20)]
            if piece != pattern(self.seed + self.length, len(piece)):
                expected = pattern(self.seed + self.length, len(piece))
                first = next(i for i in range(len(piece)) if piece[i] != expected[i])
                raise AssertionError(f"byte {self.length + first} of {self.seed}'s is different")
            self.length += len(piece)


class Server:
    """The server on a free port of the loopback interface; a context manager.

    TEST_SERVER names another program, to try the tests with, SERVER_LAUNCHER is put before it.
    """

    def __init__(self, build, *options, vhosts=(), tls=None, expect_start=True):
        self.program = os.environ.get("TEST_SERVER") or os.path.join(build, "tests", "test-server")
        if not os.access(self.program, os.X_OK):
            raise RuntimeError(f"{self.program} is not there, build it first")
        if tls:
            vhosts = [f"localhost,{tls.certificate},{tls.key}", *vhosts]
        arguments = [argument for vhost in vhosts or ["localhost"] for argument in ("--vhost", vhost)]
        self.log = tempfile.TemporaryFile()
        self.tls = any("," in vhost for vhost in vhosts)
        self.process = subprocess.Popen(
            [*shlex.split(os.environ.get("SERVER_LAUNCHER", "")), self.program, *arguments, *map(str, options)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log)
        self.port = self._wait_for_port()
        self.started = self.port is not None
        if self.started != expect_start:
            self.stop()
            raise AssertionError(f"{shlex.join(self.process.args)}: started: {self.started}\n{self.logged()}")
        self.host = f"localhost:{self.port}"
        self.url = f"{'https' if self.tls else 'http'}://{self.host}"

    def _wait_for_port(self):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                found = re.match(rb"port (\d+)\n", os.read(self.process.stdout.fileno(), 4096))
                return int(found[1]) if found else None
        return None

    def logged(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def stop(self):
        """Ends it and returns the exit status: 0 where all connections had their last callback."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None
        finally:
            self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        status = self.stop()
        logged = self.logged()
        self.log.close()
        if kind:
            print(logged[-4000:])
            return
        if status and self.started:
            raise AssertionError(f"the server ended with {status}\n{logged[-4000:]}")


def curl(server, path, *options, check=True, write_out=""):
    """The body that curl gets, and behind it what --write-out is asked for, as a second value."""
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", str(DEADLINE), *options,
         "--write-out", "%{stderr}\n" + write_out, server.url + path if path.startswith("/") else path],
        capture_output=True)
    if check and done.returncode:
        raise AssertionError(f"curl {path} {' '.join(options)}: {done.returncode} {done.stderr.decode()}")
    return done.stdout if not write_out else (done.stdout, done.stderr.decode().rpartition("\n")[2])


def counts(server, *options):
    return json.loads(curl(server, "/counts", *options))
