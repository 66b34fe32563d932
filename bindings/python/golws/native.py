"""The calls between Python and C that this package makes itself, prepared for speed.

The GIL is released in every call that enters the library (measured: keeping it makes no difference), so that a thread that
holds a lock of the library's and logs to Python cannot wait for one that holds the GIL and waits for that lock. It is kept
in those that only look at a handle or queue a request, which never wait.

All callbacks of all contexts arrive in one C callback that lives as long as the process. It finds the Python object by the
address of the connection, so nothing of Python's is ever kept by C, and nothing has to be kept alive for C.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from ctypes import CDLL, PyDLL, c_char_p, c_int, c_longlong, c_size_t, c_ssize_t, c_uint, c_void_p
from typing import Any, Callable, Iterator, Optional, Protocol

from . import lowlevel as lws
from .errors import ForkError, LibraryError


class Peer(Protocol):
    """What a connection's address leads to."""

    def event(self, reason: int, pointer: Optional[int], length: int) -> int: ...

    def abandon(self, error: Exception) -> None: ...


# Values as plain ints: comparing an int with an IntEnum takes several times as long.
RECEIVE = int(lws.LWS_CALLBACK_RECEIVE)
CLIENT_RECEIVE = int(lws.LWS_CALLBACK_CLIENT_RECEIVE)
WSI_DESTROY = int(lws.LWS_CALLBACK_WSI_DESTROY)

#: By the address of the connection.
connections: dict[int, Any] = {}
#: By the address of the vhost: what makes something of connections that are not in connections yet.
vhosts: dict[int, Any] = {}
#: By the address of the context, until it is destroyed.
contexts: dict[int, Any] = {}

#: A KeyboardInterrupt or SystemExit that was raised inside a callback, to be raised where the service call returns.
interrupted: Optional[BaseException] = None

#: The library has been used in this process, in which it therefore has threads.
started = False
#: This process was forked from one that had used the library.
is_forked = False


def _bind(library: Any, name: str, result: Any, *arguments: Any) -> Any:
    found = library[name]
    found.restype, found.argtypes = result, list(arguments)
    return found


class _Functions:
    """Functions of the library, bound when the first one is asked for."""

    service: Callable[[int, int, int], int]
    write: Callable[[int, Optional[bytes], int, int], int]
    callback_on_writable: Callable[[int], int]
    choked: Callable[[int], int]
    is_final: Callable[[int], int]
    is_binary: Callable[[int], int]
    rx_flow_control: Callable[[int, int], int]
    close_reason: Callable[[int, int, Optional[bytes], int], None]
    set_timeout: Callable[[int, int, int], None]
    header_length: Callable[[int, int], int]
    header_copy: Callable[[int, Any, int, int], int]
    fragment_copy: Callable[[int, Any, int, int, int], int]
    custom_length: Callable[[int, bytes, int], int]
    custom_copy: Callable[[int, Any, int, bytes, int], int]
    uri_and_method: Callable[[int, Any, Any], int]
    transaction_completed: Callable[[int], int]
    add_common_headers: Callable[..., int]
    add_status: Callable[..., int]
    add_header: Callable[..., int]
    finalize_header: Callable[..., int]
    return_status: Callable[[int, int, Optional[bytes]], int]
    get_vhost: Callable[[int], Optional[int]]
    get_context: Callable[[int], Optional[int]]
    get_protocol: Callable[[int], Optional[int]]
    peer_simple: Callable[[int, Any, int], Optional[bytes]]
    is_ssl: Callable[[int], int]
    network: Callable[[int], Optional[int]]
    peer_certificate: Callable[[int, int, Any, int], int]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._load()
        return self.__dict__[name]

    def _load(self) -> None:
        # Objects of its own: the prototypes of lowlevel's are others.
        path = lws.path()
        library, quick = CDLL(path), PyDLL(path)
        if not hasattr(library, "lws_service_pollable_fd"):
            raise LibraryError(f"{path} has no lws_service_pollable_fd(): it is another libwebsockets than the one that "
                               "servers and clients of this package need.")
        d = self.__dict__
        d["service"] = _bind(library, "lws_service_tsi", c_int, c_void_p, c_int, c_int)
        d["write"] = _bind(library, "lws_write", c_int, c_void_p, c_char_p, c_size_t, c_int)
        d["callback_on_writable"] = _bind(quick, "lws_callback_on_writable", c_int, c_void_p)
        d["choked"] = _bind(library, "lws_send_pipe_choked", c_int, c_void_p)
        d["is_final"] = _bind(quick, "lws_is_final_fragment", c_int, c_void_p)
        d["is_binary"] = _bind(quick, "lws_frame_is_binary", c_int, c_void_p)
        d["rx_flow_control"] = _bind(library, "lws_rx_flow_control", c_int, c_void_p, c_int)
        d["close_reason"] = _bind(library, "lws_close_reason", None, c_void_p, c_int, c_char_p, c_size_t)
        d["set_timeout"] = _bind(library, "lws_set_timeout", None, c_void_p, c_int, c_int)
        d["header_length"] = _bind(library, "lws_hdr_total_length", c_int, c_void_p, c_int)
        d["header_copy"] = _bind(library, "lws_hdr_copy", c_int, c_void_p, c_void_p, c_int, c_int)
        d["fragment_copy"] = _bind(library, "lws_hdr_copy_fragment", c_int, c_void_p, c_void_p, c_int, c_int, c_int)
        d["custom_length"] = _bind(library, "lws_hdr_custom_length", c_int, c_void_p, c_char_p, c_int)
        d["custom_copy"] = _bind(library, "lws_hdr_custom_copy", c_int, c_void_p, c_void_p, c_int, c_char_p, c_int)
        d["uri_and_method"] = _bind(library, "lws_http_get_uri_and_method", c_int, c_void_p, c_void_p, c_void_p)
        d["transaction_completed"] = _bind(library, "lws_http_transaction_completed", c_int, c_void_p)
        d["add_common_headers"] = _bind(library, "lws_add_http_common_headers", c_int, c_void_p, c_uint, c_char_p, c_longlong,
                                        c_void_p, c_void_p)
        d["add_status"] = _bind(library, "lws_add_http_header_status", c_int, c_void_p, c_uint, c_void_p, c_void_p)
        d["add_header"] = _bind(library, "lws_add_http_header_by_name", c_int, c_void_p, c_char_p, c_char_p, c_int, c_void_p,
                                c_void_p)
        d["finalize_header"] = _bind(library, "lws_finalize_http_header", c_int, c_void_p, c_void_p, c_void_p)
        d["return_status"] = _bind(library, "lws_return_http_status", c_int, c_void_p, c_uint, c_char_p)
        d["get_vhost"] = _bind(quick, "lws_get_vhost", c_void_p, c_void_p)
        d["get_context"] = _bind(quick, "lws_get_context", c_void_p, c_void_p)
        d["get_protocol"] = _bind(quick, "lws_get_protocol", c_void_p, c_void_p)
        d["network"] = _bind(quick, "lws_get_network_wsi", c_void_p, c_void_p)
        d["is_ssl"] = _bind(quick, "lws_is_ssl", c_int, c_void_p)
        d["peer_certificate"] = _bind(library, "lws_tls_peer_cert_info", c_int, c_void_p, c_int, c_void_p, c_size_t)
        d["peer_simple"] = _bind(library, "lws_get_peer_simple", c_char_p, c_void_p, c_void_p, c_size_t)


lib = _Functions()

#: Bytes at an address, and text there; the exceptions are those of Python.
bytes_at: Callable[[Any, int], bytes] = ctypes.string_at
decode_at = ctypes.pythonapi.PyUnicode_DecodeUTF8
decode_at.restype, decode_at.argtypes = ctypes.py_object, [c_void_p, c_ssize_t, c_char_p]


def report(message: str, error: BaseException, **context: Any) -> None:
    """Tells the loop's exception handler, or stderr where there is no loop."""
    import asyncio

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        sys.excepthook(type(error), error, error.__traceback__)
        return
    loop.call_exception_handler({"message": message, "exception": error, **context})


def _on_event(wsi: int, reason: int, user: Optional[int], pointer: Optional[int], length: int) -> int:
    global interrupted
    peer = owner = None
    try:
        peer = connections.get(wsi)
        if peer is not None:
            if reason == RECEIVE or reason == CLIENT_RECEIVE:
                return peer.receive(pointer, length)  # type: ignore[no-any-return]
            return peer.event(reason, pointer, length)  # type: ignore[no-any-return]
        if wsi and reason != WSI_DESTROY:
            owner = vhosts.get(lib.get_vhost(wsi) or 0)
            if owner is not None:
                return int(owner.event(wsi, reason, pointer, length))
    except Exception as error:
        return _failed(wsi, peer, owner, reason, error)
    except BaseException as error:
        interrupted = error
        return -1
    return 0


def _failed(wsi: int, peer: Any, owner: Any, reason: int, error: Exception) -> int:
    """An exception in a callback is reported and ends the connection: 1011 or 500."""
    try:
        report(f"golws: {type(error).__name__} in the callback {lws.lws_callback_reasons(reason).name}", error)
        if peer is not None:
            return int(peer.failed())
        if owner is not None:
            return int(owner.failed(wsi, reason))
    except Exception as second:  # whatever it is, C must not see it
        sys.excepthook(type(second), second, second.__traceback__)
    return -1


# The one callback of all contexts. Never freed.
on_event = lws.lws_callback_function(_on_event)


def service(context: int) -> int:
    """One turn of a context, without waiting."""
    global interrupted
    result = lib.service(context, -1, 0)
    if interrupted is not None:
        error, interrupted = interrupted, None
        raise error
    return result


_log_type = ctypes.CFUNCTYPE(None, c_int, c_char_p)
_log_levels = int(lws.LLL_ERR | lws.LLL_WARN)
_log_emit: Any = None
#: Never freed: another thread may be about to call one that was replaced.
_log_emits: list[Any] = []
_log_lock = threading.Lock()


def set_log(levels: int, function: Optional[Callable[[int, str], None]] = None) -> None:
    """Chooses what the library logs and where that goes. Instead of lowlevel.lws_set_log_level(), which this package overrides.

    levels is made of lowlevel.LLL_ERR, LLL_WARN, LLL_NOTICE, ...; LLL_ERR | LLL_WARN at first. function gets each line with its
    level, on the thread it comes from; None: stderr.
    """
    global _log_levels, _log_emit
    with _log_lock:
        _log_levels = int(levels)
        if function is None:
            _log_emit = None
        else:
            wanted = function  # for the closure's type

            def emit(level: int, line: bytes) -> None:
                wanted(level, line.decode("utf-8", "replace").rstrip("\n"))

            _log_emit = _log_type(emit)
            _log_emits.append(_log_emit)
        _apply_log()


def _apply_log() -> None:
    to_stderr: Any = lws.lwsl_emit_stderr
    lws.lws_set_log_level(_log_levels, _log_emit or ctypes.cast(to_stderr, _log_type))


_collected: list[str] = []


def _collect_line(level: int, line: bytes) -> None:
    _collected.append(line.decode("utf-8", "replace").strip())


# Never freed.
_collect = _log_type(_collect_line)


@contextlib.contextmanager
def complaints() -> Iterator[list[str]]:
    """What the library logs meanwhile is collected, to become the text of an exception."""
    global _collected
    with _log_lock:
        lines = _collected = []
        lws.lws_set_log_level(int(lws.LLL_ERR | lws.LLL_WARN), _collect)
        try:
            yield lines
        finally:
            _apply_log()


def create_context(info: Any) -> int:
    """lws_create_context(), with the library's complaints as the text of the exception."""
    global started
    check_process()
    lib.service  # loads the library, or says why not
    with complaints() as lines:
        started = True
        context = lws.lws_create_context(info)
    if context:
        return int(context)
    raise OSError("\n".join(lines) or "lws_create_context() failed")


def sweep() -> None:
    """Ends the contexts of loops that were closed without them. Nothing of theirs is told anything."""
    for context in [context for context in list(contexts.values()) if context.loop.is_closed()]:
        for wsi, peer in list(connections.items()):
            if peer.loop is context.loop:
                del connections[wsi]
                peer.abandon(RuntimeError("its event loop was closed"))
        vhosts.pop(context.vhost, None)
        context.destroy()


def check_process() -> None:
    """Raises ForkError in a child that was forked after the library was used."""
    if is_forked:
        raise ForkError


def _after_fork_in_child() -> None:
    global is_forked
    if not started:
        return
    is_forked = True
    # The parent's. Nothing of them may be touched here: loop, descriptors and addresses belong to the parent.
    for owner in [*connections.values(), *contexts.values()]:
        owner.abandon(ForkError())
    connections.clear()
    vhosts.clear()
    contexts.clear()


os.register_at_fork(after_in_child=_after_fork_in_child)
