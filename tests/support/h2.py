"""An HTTP/2 client that sends whatever it is told to, frame by frame; flow control is the test's business, unless it
uses Transfers."""

import select
import socket
import ssl
import struct

import hpack

from demo import DEADLINE
from server import Checker, pattern

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS = 1, 1, 4
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE = range(1, 6)
ENABLE_CONNECT_PROTOCOL = 8
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED, FRAME_SIZE_ERROR, \
    REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, ENHANCE_YOUR_CALM = range(12)
WINDOW_MAX = (1 << 31) - 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Ended(Exception):
    """The server ended the connection."""


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">IBI", len(payload) << 8 | kind, flags, stream) + bytes(payload)


def settings(values):
    return frame(SETTINGS, payload=b"".join(struct.pack(">HI", *pair) for pair in values.items()))


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))


def literal(name, value):
    """A header field without indexing and Huffman's code."""
    name, value = name.encode(), value.encode()
    return b"\0" + hpack.hpack.encode_integer(len(name), 7) + name + hpack.hpack.encode_integer(len(value), 7) + value


class Connection:
    """One connection; a context manager. Settings are the client's, acknowledged or not."""

    def __init__(self, server, values=None, start=True, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(("127.0.0.1", server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.host = server.host
        self.scheme = "https" if server.tls else "http"
        if server.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols(["h2"])
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
            if self.socket.selected_alpn_protocol() != "h2":
                raise AssertionError(f"ALPN chose {self.socket.selected_alpn_protocol()}")
        self.buffer = bytearray()
        self.decoder = hpack.Decoder()
        self.peer = {INITIAL_WINDOW_SIZE: 65535, MAX_FRAME_SIZE: 16384}
        self.answers = True  # settings and pings
        self.goaway = None   # its error code
        if start:
            self.send(PREFACE + settings(values or {}))

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError) as error:
            raise Ended(str(error)) from None

    def read(self):
        """The next frame as (kind, flags, stream, payload); settings, pings and the end are taken note of."""
        while not (found := self.take()):
            self.fill()
        return found

    def take(self):
        """The next frame of those that were received; None without one."""
        length = int.from_bytes(self.buffer[:3], "big")
        if len(self.buffer) < 9 + length:
            return None
        kind, flags = self.buffer[3], self.buffer[4]
        stream = int.from_bytes(self.buffer[5:9], "big") & WINDOW_MAX
        payload = bytes(self.buffer[9:9 + length])
        del self.buffer[:9 + length]
        self._note(kind, flags, payload)
        return kind, flags, stream, payload

    def fill(self):
        """Receives once."""
        try:
            piece = self.socket.recv(1 << 18)
        except (ConnectionResetError, ssl.SSLEOFError) as error:
            raise Ended(str(error)) from None
        if not piece:
            raise Ended("end")
        self.buffer += piece

    def _note(self, kind, flags, payload):
        if kind == SETTINGS and not flags & ACK:
            self.peer.update(struct.iter_unpack(">HI", payload))
            if self.answers:
                self.send(frame(SETTINGS, ACK))
        elif kind == PING and not flags & ACK and self.answers:
            self.send(frame(PING, ACK, 0, payload))
        elif kind == GOAWAY:
            self.goaway = struct.unpack_from(">I", payload, 4)[0]

    def readable(self, seconds=0):
        return bool(len(self.buffer) >= 9 or self.scheme == "https" and self.socket.pending() or
                    select.select([self.socket], [], [], seconds)[0])

    def until(self, kind, stream=None):
        """Reads up to a frame of that kind, and returns it."""
        while True:
            found = self.read()
            if found[0] == kind and stream in (None, found[2]):
                return found

    def fields(self, payload):
        return dict(self.decoder.decode(payload))

    def head(self, method, path, more=()):
        return b"".join(literal(name, value) for name, value in (
            (":method", method), (":scheme", self.scheme), (":authority", self.host), (":path", path), *more))

    def request(self, stream, path, method="GET", more=(), end=True):
        self.send(frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, self.head(method, path, more)))

    def get(self, stream, path):
        """A request and its response: (header fields, body); bodies up to the windows only."""
        self.request(stream, path)
        fields, body = {}, b""
        while True:
            kind, flags, of, payload = self.read()
            if of != stream:
                continue
            if kind == RST_STREAM:
                raise AssertionError(f"stream reset, error {int.from_bytes(payload, 'big')}")
            if kind == HEADERS:
                fields = self.fields(payload)
            elif kind == DATA:
                body += payload
            if flags & END_STREAM and kind in (HEADERS, DATA):
                return fields, body

    def flood(self, pieces):
        """Sends pieces until a GOAWAY frame comes, or they end; reads meanwhile. Returns the error code of that frame,
        None without one."""
        self.answers = False
        self.socket.settimeout(0)
        try:
            for piece in pieces:
                view = memoryview(piece)
                while view:
                    try:
                        view = view[self.socket.send(view):]
                    except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                        if not any(select.select([self.socket], [self.socket], [], DEADLINE)[:2]):
                            raise AssertionError("the server neither reads nor ends the connection") from None
                    self._fill_what_is_there()
                if self.goaway is not None:
                    break
        except (Ended, BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass
        self.socket.settimeout(DEADLINE)
        return self.wait_for_end()

    def _fill_what_is_there(self):
        try:
            while True:
                self.fill()
                while self.take():
                    pass
        except (BlockingIOError, ssl.SSLWantReadError):
            pass

    def wait_for_end(self):
        """Reads to the end; returns the error code of the GOAWAY frame, None without one."""
        try:
            while True:
                self.read()
        except Ended:
            return self.goaway

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Transfers:
    """Many downloads and uploads at once over one connection, with flow control and every byte compared."""

    def __init__(self, connection, window=65535):
        self.connection = connection
        self.window = window     # of each stream that sends, as the connection's settings have said
        self.downloads = {}      # Checker, by stream
        self.uploads = {}        # Upload, by stream
        self.held = set()        # downloads that get no more credit
        self.owed = {0: 0}       # received bytes that the sender was not given back, by stream
        self.connection_window = 65535
        self.complete = set()
        self.next = 1
        connection.until(SETTINGS)

    def download(self, path, seed=0, held=False):
        stream, self.next = self.next, self.next + 2
        self.downloads[stream] = Checker(seed)
        self.owed[stream] = 0
        if held:
            self.held.add(stream)
        self.connection.request(stream, path)
        return stream

    def upload(self, path, length, seed=0):
        stream, self.next = self.next, self.next + 2
        self.uploads[stream] = Upload(seed, length, self.connection.peer[INITIAL_WINDOW_SIZE])
        self.connection.request(stream, path, "POST", [("content-length", str(length))], end=False)
        return stream

    def let_go(self, stream):
        """Credit for a download that was held."""
        self.held.discard(stream)
        self._give_back(stream)

    def run(self, *streams):
        """Goes on until the responses of these streams are complete, those of all without any."""
        wanted = set(streams) or {*self.downloads, *self.uploads}
        while not wanted <= self.complete:
            sent = self._send()
            if not sent or self.connection.readable():
                self._receive()

    def run_until_held(self, stream, length):
        """Goes on until a download has received so much."""
        while self.downloads[stream].length < length:
            self._receive()

    def _send(self):
        progress = False
        for stream, upload in self.uploads.items():
            size = min(upload.window, self.connection_window, upload.length - upload.sent,
                       self.connection.peer[MAX_FRAME_SIZE])
            if size <= 0:
                continue
            last = upload.sent + size == upload.length
            self.connection.send(frame(DATA, END_STREAM if last else 0, stream,
                                       pattern(upload.seed + upload.sent, size)))
            upload.sent += size
            upload.window -= size
            self.connection_window -= size
            progress = True
        return progress

    def _receive(self):
        kind, flags, stream, payload = self.connection.read()
        if kind == RST_STREAM:
            raise AssertionError(f"stream {stream} was reset, error {int.from_bytes(payload, 'big')}")
        if kind == GOAWAY:
            raise AssertionError(f"the connection ends, error {self.connection.goaway}")
        if kind == WINDOW_UPDATE:
            increment = int.from_bytes(payload, "big")
            if stream == 0:
                self.connection_window += increment
            elif stream in self.uploads:
                self.uploads[stream].window += increment
        elif kind == HEADERS:
            status = self.connection.fields(payload).get(":status", "200")
            if status != "200":
                raise AssertionError(f"status {status} on stream {stream}")
        elif kind == DATA:
            self._data(stream, payload)
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            self.complete.add(stream)

    def _data(self, stream, payload):
        if stream in self.downloads:
            self.downloads[stream].add(payload)
            self.owed[stream] += len(payload)
            if stream not in self.held and self.owed[stream] >= self.window // 2:
                self._give_back(stream)
        else:
            self.uploads[stream].answer += payload
        self.owed[0] += len(payload)
        if self.owed[0] >= 32768:
            self._give_back(0)

    def _give_back(self, stream):
        if self.owed[stream]:
            self.connection.send(window_update(stream, self.owed[stream]))
            self.owed[stream] = 0


class Upload:
    def __init__(self, seed, length, window):
        self.seed = seed
        self.length = length
        self.window = window
        self.sent = 0
        self.answer = b""
