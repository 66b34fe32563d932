"""What pyproject.toml cannot say: a wheel may carry the C library.

    GOLWS_BUNDLE=build/lib/libwebsockets.so.18 pip wheel bindings/python
"""

import os
import shutil

from setuptools import setup
from setuptools.command.build_py import build_py

NAME = "libwebsockets.so.18"
library = os.environ.get("GOLWS_BUNDLE")


class BuildWithLibrary(build_py):
    """Copies the library beside the package."""

    def run(self) -> None:
        super().run()
        if library:
            shutil.copyfile(library, os.path.join(self.build_lib, "golws", NAME))


commands = {"build_py": BuildWithLibrary}
if library:
    library = os.path.abspath(library)
    from wheel.bdist_wheel import bdist_wheel

    class WheelOfThisMachine(bdist_wheel):
        """Pure Python, but not for every machine."""

        def finalize_options(self) -> None:
            super().finalize_options()
            self.root_is_pure = False

        def get_tag(self) -> "tuple[str, str, str]":
            return ("py3", "none", super().get_tag()[2])

    commands["bdist_wheel"] = WheelOfThisMachine

setup(cmdclass=commands)
