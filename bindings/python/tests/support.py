"""What the tests share: where things are, a C compiler, servers on free ports, and waiting without timing."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile

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
