"""Starts programs of others on build/lib/libwebsockets.so.17 and looks at what they do."""

import asyncio
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import sysconfig
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "..", "support")]

from demo import DEADLINE
from report import wait_until

try:
    import websockets
except ImportError:
    # The distribution's package belongs to the distribution's Python, which may not be the first one.
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    sys.exit("python3-websockets is not installed")

DEBIAN_LIBRARY = f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Directory:
    """A temporary directory and the programs that were started in it; a context manager that ends them."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="golws-compatibility-")
        self.programs = []

    def file(self, name, text=""):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
        return path

    def directory(self, name):
        path = os.path.join(self.path, name)
        os.makedirs(path)
        return path

    def certificate(self):
        """For localhost, signed by itself: its file, that of its key, and what a client trusts."""
        certificate, key = os.path.join(self.path, "certificate.pem"), os.path.join(self.path, "key.pem")
        if not os.path.exists(certificate):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                 "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key,
                 "-out", certificate],
                check=True,
                capture_output=True,
            )
        return certificate, key, ssl.create_default_context(cafile=certificate)

    def start(self, library, *command, **options):
        program = Program(self, library, *command, **options)
        self.programs.append(program)
        return program

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for program in self.programs:
            if kind:
                print(f"--- the end of what {program.name} said:\n{program.output()[-3000:]}")
            program.kill()
        shutil.rmtree(self.path, ignore_errors=True)


class Program:
    """A process whose LD_LIBRARY_PATH begins with library, a directory that has a libwebsockets.so.17."""

    def __init__(self, directory, library, *command, environment=None, **options):
        self.name = os.path.basename(command[0])
        if not shutil.which(command[0]):
            raise AssertionError(f"{command[0]} is not installed")
        self.library = os.path.realpath(os.path.join(library, "libwebsockets.so.17"))
        self.log = os.path.join(directory.path, f"output-{len(directory.programs)}")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # driftnet passes a signal on to its whole process group
                cwd=directory.path,
                env={**os.environ, "HOME": directory.path, "LD_LIBRARY_PATH": library, **(environment or {})},
                **options,
            )

    def output(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def alive(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} has ended with {self.process.returncode}")

    def wait_for(self, pattern):
        """In what it has said, or will have said when it ends."""

        def look():
            ended = self.process.poll() is not None
            found = re.search(pattern, self.output(), re.MULTILINE)
            if ended and not found:
                self.alive()
            return found

        return wait_until(look, f"{pattern!r} from {self.name}")

    def wait_for_port(self, port):
        """Somebody accepts, and it is this program that runs."""

        def connects():
            self.alive()
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return True
            except OSError:
                return False

        wait_until(connects, f"{self.name} on port {port}")

    def uses_the_library(self):
        """The library under test is in the process, and no other libwebsockets."""
        with open(f"/proc/{self.process.pid}/maps") as maps:
            mapped = {line.split(maxsplit=5)[5].strip() for line in maps if "libwebsockets" in line}
        if mapped != {self.library}:
            raise AssertionError(f"{self.name} has mapped {mapped}, not {self.library}")

    def stop(self, number=signal.SIGTERM):
        """Sends a signal, waits for the end, returns the status."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self):
        try:
            return self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end") from None

    def kill(self):
        """With what it has started itself."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def run_async(coroutine):
    """Runs a coroutine to its end, which has to come before the deadline."""
    return asyncio.run(asyncio.wait_for(coroutine, DEADLINE))
