"""What the tests share: where things are, a C compiler, servers on free ports, and waiting without timing."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Callable

HERE = os.path.dirname(os.path.abspath(__file__))
BINDINGS = os.path.dirname(HERE)
ROOT = os.path.dirname(os.path.dirname(BINDINGS))
BUILD = os.environ.get("GOLWS_BUILD", os.path.join(ROOT, "build"))
LIBRARY = os.path.join(BUILD, "lib")

os.environ.setdefault("GOLWS_LIBRARY", LIBRARY)
sys.path.insert(0, BINDINGS)


def compile_and_run(source: str) -> str:
    """What a C program prints that includes the header."""
    with tempfile.TemporaryDirectory() as directory:
        program = os.path.join(directory, "program")
        subprocess.run([*shlex.split(os.environ.get("CC", "gcc")), "-std=gnu11", "-w", "-I", os.path.join(ROOT, "include"),
                        "-I", os.path.join(BUILD, "include"), "-x", "c", "-", "-o", program],
                       input=source, text=True, check=True)
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout


def descriptors() -> int:
    """How many descriptors this process has open."""
    return len(os.listdir("/proc/self/fd"))


async def until(condition: Callable[[], bool]) -> None:
    """Waits until it holds; who never sees it fails by the test's own deadline."""
    while not condition():
        await asyncio.sleep(0.005)


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    """A test on a loop of its own, with a deadline, that looks at what was told to the loop's exception handler."""

    DEADLINE = 60.0

    async def asyncSetUp(self) -> None:
        asyncio.get_running_loop().slow_callback_duration = 60
        self.reported: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: self.reported.append(context))

    async def asyncTearDown(self) -> None:
        self.assertEqual([str(c.get("message")) + ": " + repr(c.get("exception")) for c in self.reported], [],
                         "the loop's exception handler was told")

    def _callTestMethod(self, method: Any) -> None:
        async def limited() -> None:
            await asyncio.wait_for(method(), self.DEADLINE)

        super()._callTestMethod(limited)  # type: ignore[misc]

    def take_reports(self) -> list[BaseException]:
        """What was reported, which the test expected."""
        reports, self.reported = self.reported, []
        # asyncio tells it the new list too.
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: self.reported.append(context))
        return [context["exception"] for context in reports]


async def echo(websocket: Any) -> None:
    async for message in websocket:
        await websocket.send(message)
