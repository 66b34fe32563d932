"""What can go wrong."""

from __future__ import annotations

from typing import Optional

from .lowlevel.library import LibraryError as LibraryError


class Error(Exception):
    """The base of this package's exceptions."""


class ForkError(Error, RuntimeError):
    """The library was in use when this process was forked: it works in the parent only.

    Fork before the first server or client is made, or use multiprocessing's "spawn" method.
    """

    def __init__(self) -> None:
        super().__init__("the library was in use when this process was forked, and works in the parent only; fork before the "
                         "first server or connection is made, or use multiprocessing's spawn method")


class HandshakeError(Error, ConnectionError):
    """A client's connection could not be made, or the server did not agree to a WebSocket.

    status is that of the server's answer, None where there was none.
    """

    def __init__(self, text: str, status: Optional[int] = None) -> None:
        super().__init__(text)
        self.status = status


class HTTPError(Error):
    """Raise it in a handler to answer with a status.

        raise golws.HTTPError(404, "no such item")
    """

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


class ConnectionClosed(Error, ConnectionError):
    """The WebSocket is closed. code and reason are those of RFC 6455 section 7: 1005 where the peer gave no code, 1006 where
    the connection broke without a close frame."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"the WebSocket was closed with code {code}" + (f": {reason}" if reason else ""))
        self.code = code
        self.reason = reason


class ConnectionClosedOK(ConnectionClosed):
    """Closed on purpose: 1000 or 1001."""


class ConnectionClosedError(ConnectionClosed):
    """Closed for any other cause."""


def connection_closed(code: int, reason: str) -> ConnectionClosed:
    """The exception for a close code."""
    return (ConnectionClosedOK if code in (1000, 1001) else ConnectionClosedError)(code, reason)
