"""The wheel, made and installed without a network, and the programs that come with the package."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import zipfile
from typing import Any

from support import BINDINGS, LIBRARY

EXAMPLES = os.path.join(BINDINGS, "examples")


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=150, cwd="/")
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class Install(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def wheel(self, **environment: str) -> str:
        """Made in a copy: setuptools writes beside the sources."""
        import shutil

        source = os.path.join(self.directory, "source")
        shutil.copytree(BINDINGS, source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
        run(sys.executable, "-m", "pip", "wheel", "-q", "--no-index", "--no-build-isolation", "--no-deps", "-w", self.directory,
            source, **environment)
        [wheel] = [name for name in os.listdir(self.directory) if name.endswith(".whl")]
        return os.path.join(self.directory, wheel)

    def install(self, wheel: str) -> str:
        python = os.path.join(self.directory, "venv", "bin", "python")
        run(sys.executable, "-m", "venv", "--system-site-packages", os.path.join(self.directory, "venv"))
        run(python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", wheel)
        return python

    def demo(self, python: str, environment: "dict[str, str]") -> None:
        """The demo serves its page and echoes."""
        process = subprocess.Popen([python, "-m", "golws", "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment,
                                   cwd=self.directory)
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            with urllib.request.urlopen(address, timeout=30) as page:
                self.assertIn(b"golws from Python", page.read())
            out = run(python, "-c", f"""
import asyncio, golws
async def main():
    for name in ("echo", "chat"):
        async with golws.connect({address.replace("http", "ws")!r} + name) as w:
            await w.send("hello")
            print(await w.recv())
asyncio.run(main())""", **environment)
            self.assertEqual(out, "hello\n127.0.0.1: hello\n")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), 0)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def environment(self, **more: str) -> "dict[str, str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GOLWS", "LD_LIBRARY"))}
        return {**kept, **more}

    def test_pure_wheel(self) -> None:
        wheel = self.wheel()
        self.assertTrue(wheel.endswith("-py3-none-any.whl"), wheel)
        names = zipfile.ZipFile(wheel).namelist()
        for name in ("golws/py.typed", "golws/lowlevel/__init__.pyi", "golws/lowlevel/structures.py", "golws/__main__.py"):
            self.assertIn(name, names)
        self.assertEqual([name for name in names if name.startswith(("tests", "generator", "golws/libwebsockets"))], [])
        python = self.install(wheel)
        self.demo(python, self.environment(GOLWS_LIBRARY=LIBRARY))
        # As the dynamic linker finds it.
        out = run(python, "-c", "import golws.lowlevel as l; print(l.path())", **self.environment(LD_LIBRARY_PATH=LIBRARY),
                  GOLWS_LIBRARY="")
        self.assertEqual(out, "libwebsockets.so.18\n")

    def test_wheel_with_the_library(self) -> None:
        wheel = self.wheel(GOLWS_BUNDLE=os.path.join(LIBRARY, "libwebsockets.so.18"))
        self.assertRegex(os.path.basename(wheel), r"^golws-[\d.]+-py3-none-linux_\w+\.whl$")
        python = self.install(wheel)
        self.demo(python, self.environment(GOLWS_LIBRARY=""))


class Programs(unittest.TestCase):
    def start(self, *command: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
                                   env={**os.environ, "PYTHONPATH": BINDINGS, "PYTHONUNBUFFERED": "1"})

        def end() -> None:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

        self.addCleanup(end)
        return process

    def test_application(self) -> None:
        server = self.start(os.path.join(EXAMPLES, "application.py"), "0")
        assert server.stdout is not None
        address = server.stdout.readline().strip()

        def request(path: str, method: str = "GET", data: Any = None) -> "tuple[int, bytes]":
            with urllib.request.urlopen(urllib.request.Request(address + path, data, method=method), timeout=30) as answer:
                return answer.status, answer.read()

        self.assertEqual(request("items/1"), (200, b'{"name": "first"}'))
        self.assertEqual(request("items/2", "PUT", b'"second"'), (201, b""))
        self.assertEqual(request("items/2"), (200, b"second"))
        self.assertEqual(len(request("digest", "POST", b"x" * 3000000)[1]), 64)
        self.assertEqual(request("ticks?count=2"), (200, b"data: 0\n\ndata: 1\n\n"))
        self.assertIn(b"Server-sent", request("files/application.py")[1])
        client = self.start(os.path.join(EXAMPLES, "client.py"), address.replace("http", "ws") + "time")
        assert client.stdout is not None and client.stdin is not None
        self.assertEqual(client.stdout.readline(), "< 0\n")
        client.stdin.close()
        self.assertEqual(client.wait(30), 0)

    def test_readme(self) -> None:
        """The programs in the README compile, and what they call exists."""
        import golws

        with open(os.path.join(BINDINGS, "README.md")) as file:
            text = file.read()
        programs = re.findall(r"```python\n(.*?)```", text, re.S)
        self.assertGreater(len(programs), 2)
        for program in programs:
            compile(program, "README.md", "exec")
            for name in re.findall(r"\bgolws\.(\w+)", program):
                self.assertTrue(hasattr(golws, name) or name == "lowlevel", name)


if __name__ == "__main__":
    unittest.main()
