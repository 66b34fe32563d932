"""The functions that the header defines inline, which no library has, in Python."""

from __future__ import annotations

import sys
from typing import Any

from . import enums, structures


def lws_is_be() -> int:
    """Whether the machine is big-endian."""
    return int(sys.byteorder == "big")


def lws_write_ws_flags(initial: int, is_start: int, is_end: int) -> int:
    """The flags for lws_write() of one piece of a WebSocket message."""
    kind = int(initial) if is_start else int(enums.LWS_WRITE_CONTINUATION)
    return kind if is_end else kind | int(enums.LWS_WRITE_NO_FIN)


def lws_dll2_owner(d: Any) -> Any:
    """The list that an entry is in."""
    return d.contents.owner


def lws_dll2_get_head(owner: Any) -> Any:
    """The first entry of a list."""
    return owner.contents.head


def lws_dll2_get_tail(owner: Any) -> Any:
    """The last entry of a list."""
    return owner.contents.tail


def _operations(fop_fd: Any) -> Any:
    return fop_fd.contents.fops.contents


def lws_vfs_file_close(fop_fd: Any) -> int:
    """Closes a file; fop_fd is a POINTER(lws_fop_fd_t) and is NULL afterwards."""
    return int(_operations(fop_fd.contents).LWS_FOP_CLOSE(fop_fd))


def lws_vfs_file_seek_cur(fop_fd: Any, offset: int) -> int:
    """Moves the position of a file; returns the new one."""
    return int(_operations(fop_fd).LWS_FOP_SEEK_CUR(fop_fd, offset))


def lws_vfs_file_read(fop_fd: Any, amount: Any, buf: Any, len: int) -> int:
    """Reads from a file; amount receives how many bytes."""
    return int(_operations(fop_fd).LWS_FOP_READ(fop_fd, amount, buf, len))


def lws_vfs_file_write(fop_fd: Any, amount: Any, buf: Any, len: int) -> int:
    """Writes to a file; amount receives how many bytes."""
    return int(_operations(fop_fd).LWS_FOP_WRITE(fop_fd, amount, buf, len))


assert structures is not None
