"""Starts and stops the demo server under test."""

import os
import re
import select
import shlex
import signal
import ssl
import subprocess
import tempfile
import time

DEADLINE = 30 * float(os.environ.get("TEST_SLOWNESS", "1"))


class OverTLS:
    """The demo as those see it who come by https, with one version of HTTP. Its certificate is trusted."""

    def __init__(self, demo, version):
        self.demo = demo
        self.version = version
        self.host = demo.secure_host
        self.url = demo.secure_url
        self.websocket_url = f"wss://{demo.secure_host}/"
        certificate = ssl.get_server_certificate(("127.0.0.1", demo.port))
        self.context = ssl.create_default_context(cadata=certificate)
        self.file = tempfile.NamedTemporaryFile("w", suffix=".crt")
        self.file.write(certificate)
        self.file.flush()
        self.curl_options = ["--cacert", self.file.name, "--http1.1" if version == "HTTP/1.1" else "--http2"]

    def __getattr__(self, name):
        return getattr(self.demo, name)


class Demo:
    """The server on a free port of the loopback interface; a context manager.

    DEMO_LAUNCHER is put before the program, for example tests/c/valgrind.sh.
    """

    def __init__(self, build):
        self.program = os.path.join(build, "bin", "golws-demo")
        if not os.access(self.program, os.X_OK):
            raise RuntimeError(f"{self.program} is not there, build it first")
        self.temporary = tempfile.mkdtemp(prefix="golws-demo-test-")
        self.output = ""
        self.process = subprocess.Popen(
            [*shlex.split(os.environ.get("DEMO_LAUNCHER", "")), self.program, "-p", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": self.temporary},
        )
        self.port = self._wait_for_port()
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self.websocket_url = f"ws://{self.host}/"
        self.version = "HTTP/1.1"
        self.context = None  # for TLS
        self.curl_options = []
        self.secure_host = f"localhost:{self.port}"
        self.secure_url = f"https://{self.secure_host}"

    def _wait_for_port(self):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            readable, _, _ = select.select([self.process.stdout], [], [], 0.1)
            if readable:
                text = os.read(self.process.stdout.fileno(), 4096).decode()
                if not text:
                    break
                self.output += text
            found = re.search(r"^http://localhost:(\d+)$", self.output, re.MULTILINE)
            if found:
                return int(found[1])
        self.kill()
        raise RuntimeError(f"{self.program} did not say where it listens: {self.output}")

    def stop(self, number=signal.SIGTERM):
        """Sends a signal and returns the exit status; None where it does not stop."""
        self.process.send_signal(number)
        try:
            self.output += self.process.communicate(timeout=DEADLINE)[0].decode()
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        return self.process.returncode

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def leftovers(self):
        """What it left in its directory for temporary files."""
        return os.listdir(self.temporary)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.process.stdout.close()
        for directory, names, files in os.walk(self.temporary, topdown=False):
            for name in files:
                os.unlink(os.path.join(directory, name))
            for name in names:
                os.rmdir(os.path.join(directory, name))
        os.rmdir(self.temporary)
