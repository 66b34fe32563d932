"""Finding and loading the C library."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Optional

NAME = "libwebsockets.so.18"


class LibraryError(ImportError):
    """The C library was not found, or is another one."""


class NotImplementedByLibrary(AttributeError, NotImplementedError):
    """The header declares the function, but the library that is loaded does not have it."""


_library: Optional[ctypes.CDLL] = None
_path: Optional[str] = None


def candidates() -> list[str]:
    """Where the library is looked for, the first that exists wins.

    1. The environment variable GOLWS_LIBRARY: a file, or a directory that has it.
    2. Beside this package, where wheels that bundle the library have it.
    3. The dynamic linker's way: LD_LIBRARY_PATH, then what ldconfig knows.
    """
    named = os.environ.get("GOLWS_LIBRARY")
    if named:
        return [os.path.join(named, NAME) if os.path.isdir(named) else named]
    bundled = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), NAME)
    return [bundled, NAME] if os.path.exists(bundled) else [NAME]


def load() -> ctypes.CDLL:
    """Loads the library, once, and returns it. Its functions release the GIL while they run."""
    global _library, _path
    if _library is not None:
        return _library
    tried = []
    for path in candidates():
        try:
            library = ctypes.CDLL(path)
        except OSError as error:
            tried.append(f"  {path}: {error}")
            continue
        if not hasattr(library, "lws_create_context"):
            tried.append(f"  {path}: is not libwebsockets")
            continue
        _library, _path = library, path
        return library
    raise LibraryError(
        f"{NAME} was not found:\n" + "\n".join(tried) + "\nInstall it where ldconfig finds it, or set GOLWS_LIBRARY to the "
        "file or its directory (in the source tree: GOLWS_LIBRARY=build/lib).")


def path() -> str:
    """The path or name that the library was loaded by."""
    load()
    assert _path is not None
    return _path


def function(name: str, entry: tuple[Any, tuple[Any, ...], str]) -> Any:
    """The function with its prototype."""
    library = load()
    try:
        found = library[name]
    except AttributeError:
        raise NotImplementedByLibrary(
            f"{name}() is declared in libwebsockets.h, but {path()} does not have it: it is not implemented there") from None
    found.restype, found.argtypes = entry[0], list(entry[1])
    found.__name__ = name
    found.__doc__ = entry[2]
    return found


def variable(name: str, entry: tuple[Any, str]) -> Any:
    """The variable, as the ctypes object at its address."""
    try:
        return entry[0].in_dll(load(), name)
    except ValueError:
        raise NotImplementedByLibrary(
            f"{name} is declared in libwebsockets.h, but {path()} does not have it: it is not implemented there") from None
