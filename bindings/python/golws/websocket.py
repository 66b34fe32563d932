"""A WebSocket, of a server or a client."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from typing import TYPE_CHECKING, Any, AsyncIterable, AsyncIterator, Iterable, Optional, Union

from . import lowlevel as lws
from . import native
from .errors import ConnectionClosed, ConnectionClosedOK, connection_closed
from .native import bytes_at, decode_at, lib

if TYPE_CHECKING:
    from .http import Request

Data = Union[str, bytes, bytearray, memoryview]

_WRITEABLE = (int(lws.LWS_CALLBACK_SERVER_WRITEABLE), int(lws.LWS_CALLBACK_CLIENT_WRITEABLE))
_ESTABLISHED = (int(lws.LWS_CALLBACK_ESTABLISHED), int(lws.LWS_CALLBACK_CLIENT_ESTABLISHED))
_PONG = (int(lws.LWS_CALLBACK_RECEIVE_PONG), int(lws.LWS_CALLBACK_CLIENT_RECEIVE_PONG))
_CLOSED = (int(lws.LWS_CALLBACK_CLOSED), int(lws.LWS_CALLBACK_CLIENT_CLOSED))
_CONNECTION_ERROR = int(lws.LWS_CALLBACK_CLIENT_CONNECTION_ERROR)
_ANSWERED = int(lws.LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP)
_APPEND_HEADERS = int(lws.LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER)
_PEER_CLOSE = int(lws.LWS_CALLBACK_WS_PEER_INITIATED_CLOSE)
_WSI_DESTROY = int(lws.LWS_CALLBACK_WSI_DESTROY)

_TEXT = int(lws.LWS_WRITE_TEXT)
_BINARY = int(lws.LWS_WRITE_BINARY)
_CONTINUATION = int(lws.LWS_WRITE_CONTINUATION)
_NO_FIN = int(lws.LWS_WRITE_NO_FIN)
_PING = int(lws.LWS_WRITE_PING)
_PONG_WRITE = int(lws.LWS_WRITE_PONG)

#: How much is written before the library is asked whether its queue is full, bytes. The queue counts as full above 64 KiB.
ASK_EVERY = 16384
#: How much may wait to be received before the connection is not read from any more, bytes.
RECEIVE_BYTES = 262144


class WebSocket:
    """A WebSocket connection. Use it on its loop's thread only.

    Messages are str for text and bytes for binary:

        async for message in websocket:
            await websocket.send(message)

    The iteration ends when the WebSocket was closed with 1000 or 1001 and raises ConnectionClosedError when it ended otherwise.
    """

    __slots__ = (
        "request", "subprotocol", "close_code", "close_reason", "max_size", "max_queue", "close_timeout", "state",
        "loop", "_wsi", "_owner", "_messages", "_queued", "_paused", "_waiter", "_pieces", "_size", "_binary", "_unasked",
        "_choked", "_writers", "_fragmenting", "_ended", "_closing", "_close_waiters", "_pings", "_ping_serial", "_timer",
        "_handshake", "__weakref__")

    def __init__(self, owner: Any, loop: asyncio.AbstractEventLoop, request: "Optional[Request]", *, max_size: Optional[int],
                 max_queue: int, close_timeout: float) -> None:
        #: The request that opened it, of a server's WebSocket; None of a client's.
        self.request = request
        #: The subprotocol that both sides agreed on.
        self.subprotocol: Optional[str] = None
        #: The code and reason it was closed with; None while it is open.
        self.close_code: Optional[int] = None
        self.close_reason: Optional[str] = None
        #: The largest message that is received, bytes; a larger one closes with 1009. None: any.
        self.max_size = max_size
        #: How many messages may wait to be received.
        self.max_queue = max_queue
        #: How long close() waits for the peer, seconds.
        self.close_timeout = close_timeout
        #: Yours.
        self.state: Any = None
        self._wsi = 0
        #: The loop it belongs to.
        self.loop = loop
        self._owner = owner
        self._messages: deque[Union[str, bytes]] = deque()
        self._queued = 0
        self._paused = False
        self._waiter: Optional[asyncio.Future[None]] = None
        self._pieces: Optional[list[bytes]] = None
        self._size = 0
        self._binary = 0
        self._unasked = 0
        self._choked = False
        self._writers: deque[asyncio.Future[None]] = deque()
        self._fragmenting: Optional[asyncio.Lock] = None
        self._ended: Optional[Exception] = None
        self._closing: Optional[tuple[int, bytes]] = None
        self._close_waiters: list[asyncio.Future[None]] = []
        self._pings: dict[bytes, asyncio.Future[None]] = {}
        self._ping_serial = 0
        self._timer: Optional[asyncio.TimerHandle] = None
        self._handshake: Any = None

    def __repr__(self) -> str:
        state = "open" if self.open else f"closed {self.close_code}" if self.close_code is not None else "closing"
        return f"<golws.WebSocket {self.path or 'client'} {state}>"

    @property
    def open(self) -> bool:
        """Whether messages can be sent."""
        return self._ended is None and self._closing is None

    @property
    def path(self) -> str:
        """The path of the request that opened it, without the query."""
        return self.request.path if self.request is not None else ""

    @property
    def remote_address(self) -> str:
        """The peer's address as text."""
        return self.request.remote_address if self.request is not None else ""

    # Receiving

    async def recv(self) -> Union[str, bytes]:
        """The next message. Raises ConnectionClosed when there is none any more."""
        if not self._messages:
            await self._received()
        return self._take()

    async def _received(self) -> None:
        messages = self._messages
        while not messages:
            if self._ended is not None:
                raise self._ended
            if self._waiter is not None:
                raise RuntimeError("another task is receiving from this WebSocket already")
            waiter = self._waiter = self.loop.create_future()
            try:
                await waiter
            finally:
                self._waiter = None

    def _take(self) -> Union[str, bytes]:
        message = self._messages.popleft()
        if self._paused or self._queued:
            self._taken(len(message))
        return message

    def _taken(self, size: int) -> None:
        self._queued = max(self._queued - size, 0) if self._messages else 0
        if self._paused and len(self._messages) <= self.max_queue // 2 and self._queued <= RECEIVE_BYTES // 2:
            self._paused = False
            if self._wsi:
                lib.rx_flow_control(self._wsi, 1)

    def __aiter__(self) -> AsyncIterator[Union[str, bytes]]:
        return self

    async def __anext__(self) -> Union[str, bytes]:
        if not self._messages:
            try:
                await self._received()
            except ConnectionClosedOK:
                raise StopAsyncIteration from None
        return self._take()

    # Sending

    async def send(self, message: Union[Data, Iterable[Data], AsyncIterable[Data]]) -> None:
        """Sends a message: text for str, binary for bytes. Waits while what was sent before has not left yet.

        An iterable or asynchronous iterable of str or bytes is sent as the fragments of one message.
        """
        if self._choked or self._fragmenting is not None:
            await self._sendable()
        if self._ended is not None or self._closing is not None:
            raise self._closed_error()
        if isinstance(message, str):
            self._write(message.encode(), _TEXT)
        elif isinstance(message, (bytes, bytearray, memoryview)):
            self._write(message if type(message) is bytes else bytes(message), _BINARY)
        else:
            await self._send_fragments(message)

    def _write(self, data: bytes, kind: int) -> None:
        size = len(data)
        if lib.write(self._wsi, data, size, kind) < size:
            raise self._closed_error() if self._ended is not None else ConnectionError("the library did not take the message")
        self._unasked += size
        if self._unasked >= ASK_EVERY:
            self._unasked = 0
            if lib.choked(self._wsi):
                self._choked = True
                lib.callback_on_writable(self._wsi)

    async def _sendable(self) -> None:
        while self._choked or self._fragmenting is not None:
            if self._ended is not None or self._closing is not None:
                raise self._closed_error()
            if self._fragmenting is not None:
                async with self._fragmenting:
                    continue
            waiter = self.loop.create_future()
            self._writers.append(waiter)
            try:
                await waiter
            finally:
                try:
                    self._writers.remove(waiter)
                except ValueError:
                    pass

    async def _send_fragments(self, fragments: Union[Iterable[Data], AsyncIterable[Data]]) -> None:
        """The last fragment is known only when there is none after it, so each is sent when the next is there."""
        lock = self._fragmenting = asyncio.Lock()
        first: Optional[int] = None
        held: Optional[bytes] = None
        kind = _TEXT
        try:
            async with lock:
                try:
                    async for fragment in _iterate(fragments):
                        if not isinstance(fragment, (str, bytes, bytearray, memoryview)):
                            raise TypeError(f"a fragment is str or bytes, not {type(fragment).__name__}")
                        this = _TEXT if isinstance(fragment, str) else _BINARY
                        if first is None:
                            first = kind = this
                        elif this != first:
                            raise TypeError("fragments of one message have to be of one type")
                        if held is not None:
                            await self._send_fragment(held, kind | _NO_FIN)
                            kind = _CONTINUATION
                        held = fragment.encode() if isinstance(fragment, str) else bytes(fragment)
                    if held is not None:
                        await self._send_fragment(held, kind)
                except BaseException:
                    # What was begun cannot be finished, and nothing else can be sent in between.
                    if kind == _CONTINUATION:
                        self._start_close(1011, "a message broke off")
                    raise
        finally:
            self._fragmenting = None

    async def _send_fragment(self, data: bytes, kind: int) -> None:
        while self._choked and self._ended is None and self._closing is None:
            waiter = self.loop.create_future()
            self._writers.append(waiter)
            await waiter
        if self._ended is not None or self._closing is not None:
            raise self._closed_error()
        self._write(data, kind)

    async def ping(self, data: Optional[Data] = None) -> "asyncio.Future[None]":
        """Sends a ping, and returns a future that is done when the peer has answered it.

            await (await websocket.ping())

        data is up to 125 bytes; None: something that no other ping has.
        """
        if self._ended is not None or self._closing is not None:
            raise self._closed_error()
        if data is None:
            self._ping_serial += 1
            payload = struct.pack("!I", self._ping_serial)
        else:
            payload = data.encode() if isinstance(data, str) else bytes(data)
        if len(payload) > 125:
            raise ValueError("a ping has at most 125 bytes")
        if payload in self._pings:
            raise ValueError("a ping with the same data is waiting for its answer")
        if lib.write(self._wsi, payload, len(payload), _PING) < 0:
            raise ConnectionError("the library did not take the ping")
        future = self._pings[payload] = self.loop.create_future()
        # Who does not wait for it need not hear that the connection was closed.
        future.add_done_callback(lambda f: f.cancelled() or f.exception())
        return future

    async def pong(self, data: Data = b"") -> None:
        """Sends a pong that nobody asked for. Pings are answered by the library."""
        if self._ended is not None or self._closing is not None:
            raise self._closed_error()
        payload = data.encode() if isinstance(data, str) else bytes(data)
        if len(payload) > 125:
            raise ValueError("a pong has at most 125 bytes")
        lib.write(self._wsi, payload, len(payload), _PONG_WRITE)

    # Closing

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Closes the WebSocket and waits until it is closed, at most close_timeout seconds for the peer.

        Closing a closed one does nothing.
        """
        if not (code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014) or 3000 <= code <= 4999):
            raise ValueError(f"{code} is no code that a WebSocket can be closed with")
        if len(reason.encode()) > 123:
            raise ValueError("the reason has at most 123 bytes")
        self._start_close(code, reason)
        await self.wait_closed()

    async def wait_closed(self) -> None:
        """Waits until it is closed, by whomever."""
        if self._ended is not None:
            return
        waiter = self.loop.create_future()
        self._close_waiters.append(waiter)
        await waiter

    def abort(self) -> None:
        """Ends the connection at once, without a closing handshake."""
        if self._wsi:
            lib.set_timeout(self._wsi, 1, int(lws.LWS_TO_KILL_ASYNC))

    def _start_close(self, code: int, reason: str) -> None:
        if self._ended is not None or self._closing is not None:
            return
        self._closing = (code, reason.encode())
        self._wake_writers()
        if self._paused:
            # The peer's close frame comes after what was not read yet.
            self._paused = False
            lib.rx_flow_control(self._wsi, 1)
        lib.callback_on_writable(self._wsi)
        self._timer = self.loop.call_later(self.close_timeout, self.abort)

    def _closed_error(self) -> Exception:
        if self._ended is not None:
            return self._ended
        code, reason = self._closing or (1006, b"")
        return connection_closed(code, reason.decode("utf-8", "replace"))

    # Callbacks

    def receive(self, pointer: Optional[int], length: int) -> int:
        """LWS_CALLBACK_RECEIVE: a piece of a message, mostly all of it."""
        try:
            return self._receive(pointer, length)
        except UnicodeDecodeError:
            return self._close_now(1007, b"")

    def _receive(self, pointer: Optional[int], length: int) -> int:
        wsi = self._wsi
        final = lib.is_final(wsi)
        if self._pieces is None and final:
            if self.max_size is not None and length > self.max_size:
                return self._too_big(wsi)
            message = bytes_at(pointer, length) if lib.is_binary(wsi) else decode_at(pointer, length, None)
        else:
            if self._pieces is None:
                self._pieces = []
                self._size = 0
                self._binary = lib.is_binary(wsi)
            self._size += length
            if self.max_size is not None and self._size > self.max_size:
                return self._too_big(wsi)
            self._pieces.append(bytes_at(pointer, length))
            if not final:
                return 0
            whole = b"".join(self._pieces)
            self._pieces = None
            length = self._size
            message = whole if self._binary else whole.decode()
        if self._closing is not None:
            return 0
        messages = self._messages
        messages.append(message)
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
        if waiter is None or len(messages) > 1:
            self._queued += length
            if not self._paused and (len(messages) >= self.max_queue or self._queued >= RECEIVE_BYTES):
                self._paused = True
                lib.rx_flow_control(wsi, 0)
        return 0

    def _too_big(self, wsi: int) -> int:
        self._pieces = None
        return self._close_now(1009, f"more than {self.max_size} bytes".encode())

    def _close_now(self, code: int, reason: bytes) -> int:
        """In a callback: what it returns starts the closing handshake."""
        if self._closing is None:
            self._closing = (code, reason)
            self._wake_writers()
            self._timer = self.loop.call_later(self.close_timeout, self.abort)
        lib.close_reason(self._wsi, code, reason, len(reason))
        return -1

    def failed(self) -> int:
        """A callback of this connection raised an exception."""
        return self._close_now(1011, b"")

    def event(self, reason: int, pointer: Optional[int], length: int) -> int:
        if reason in _WRITEABLE:
            if self._closing is not None:
                return self._close_now(*self._closing)
            self._choked = False
            self._wake_writers()
        elif reason in _PONG:
            self._on_pong(bytes_at(pointer, length) if length else b"")
        elif reason in _ESTABLISHED:
            self._owner.established(self)
        elif reason == _PEER_CLOSE:
            payload = bytes_at(pointer, length) if length else b""
            self.close_code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self.close_reason = payload[2:].decode("utf-8", "replace")
        elif reason in _CLOSED:
            self._on_closed()
        elif reason == _WSI_DESTROY:
            native.connections.pop(self._wsi, None)
            if self._ended is None:
                self._on_closed()
            self._wsi = 0
        elif reason == _ANSWERED:
            self._owner.answered(self)
        elif reason == _APPEND_HEADERS:
            return int(self._owner.append_headers(self, pointer, length))
        elif reason == _CONNECTION_ERROR:
            self._owner.connection_error(self, bytes_at(pointer, length) if pointer and length else b"")
            self._on_closed()
        return 0

    def _on_pong(self, payload: bytes) -> None:
        if payload not in self._pings:
            return
        # An answer to a later ping answers the earlier ones too (RFC 6455 section 5.5.3).
        for sent in list(self._pings):
            future = self._pings.pop(sent)
            if not future.done():
                future.set_result(None)
            if sent == payload:
                break

    def _on_closed(self) -> None:
        if self._ended is not None:
            return
        if self.close_code is None:
            if self._closing is not None:
                self.close_code, self.close_reason = self._closing[0], self._closing[1].decode("utf-8", "replace")
            else:
                self.close_code, self.close_reason = 1006, ""
        self._end(connection_closed(self.close_code, self.close_reason or ""))
        self._owner.closed(self)

    def _end(self, error: Exception) -> None:
        self._ended = error
        self._pieces = None
        self._paused = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
        self._wake_writers()
        for future in self._pings.values():
            if not future.done():
                future.set_exception(error)
        self._pings.clear()
        for waiter in self._close_waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._close_waiters.clear()

    def _wake_writers(self) -> None:
        writers = self._writers
        while writers:
            waiter = writers.popleft()
            if not waiter.done():
                waiter.set_result(None)

    def abandon(self, error: Exception) -> None:
        """There is no loop, or no process, any more in which it could go on. Nobody is woken."""
        self._wsi = 0
        self._timer = None
        self._ended = error
        self._close_waiters.clear()


async def _iterate(fragments: Union[Iterable[Data], AsyncIterable[Data]]) -> AsyncIterator[Data]:
    if isinstance(fragments, AsyncIterable):
        async for fragment in fragments:
            yield fragment
    elif isinstance(fragments, Iterable) and not isinstance(fragments, dict):
        for fragment in fragments:
            yield fragment
    else:
        raise TypeError(f"a message is str, bytes or an iterable of these, not {type(fragments).__name__}")


__all__ = ["WebSocket", "ConnectionClosed"]
