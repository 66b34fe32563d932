"""Peers that no honest client is, one at a time beside one that is: the server has to go on answering that one, stay
within its memory, and end the connection with the right error code."""

import itertools
import struct
import threading

from h2 import (Connection, Ended, frame, literal, settings, window_update, DATA, HEADERS, RST_STREAM, PING, CONTINUATION,
                END_HEADERS, INITIAL_WINDOW_SIZE, CANCEL, ENHANCE_YOUR_CALM, PROTOCOL_ERROR, FLOW_CONTROL_ERROR,
                FRAME_SIZE_ERROR, COMPRESSION_ERROR, WINDOW_MAX)
from report import equal
from server import counts

BATCH = 200
MEMORY = 64 << 20


def batches(frames):
    """Frames in pieces that are worth a system call."""
    frames = iter(frames)
    while piece := b"".join(itertools.islice(frames, BATCH)):
        yield piece


def streams(count=2_000_000):
    return range(1, 2 * count, 2)


def rapid_reset(connection):
    head = connection.head("GET", "/bytes/1000000")
    cancel = struct.pack(">I", CANCEL)
    return connection.flood(batches(frame(HEADERS, END_HEADERS | 1, stream, head) + frame(RST_STREAM, 0, stream, cancel)
                                    for stream in streams()))


def resets_by_the_server(connection):
    """Each stream is made wrong, so that the server resets it."""
    head = connection.head("POST", "/sink")
    return connection.flood(batches(frame(HEADERS, END_HEADERS, stream, head) + window_update(stream, 0)
                                    for stream in streams()))


def continuations(connection):
    def frames():
        yield frame(HEADERS, 0, 1, connection.head("GET", "/"))
        for number in range(2_000_000):
            yield frame(CONTINUATION, 0, 1, literal(f"x-{number}", "v" * 500))
    return connection.flood(batches(frames()))


def empty_continuations(connection):
    def frames():
        yield frame(HEADERS, 0, 1, connection.head("GET", "/"))
        while True:
            yield frame(CONTINUATION, 0, 1)
    return connection.flood(batches(itertools.islice(frames(), 5_000_000)))


def settings_frames(connection):
    return connection.flood(batches(itertools.repeat(settings({INITIAL_WINDOW_SIZE: 65535}), 5_000_000)))


def pings(connection):
    return connection.flood(batches(itertools.repeat(frame(PING, 0, 0, b"whatever"), 5_000_000)))


def empty_data(connection):
    connection.request(1, "/sink", "POST", end=False)
    return connection.flood(batches(itertools.repeat(frame(DATA, 0, 1), 5_000_000)))


def header_bomb(connection):
    """A long field that takes one byte to repeat: 20 KB become 60 MB. Returns the status of the answer, or the error code
    of the stream or of the connection."""
    # put into the table, and then 15,000 times its first entry
    bomb = b"\x40" + literal("x-bomb", "v" * 4000)[1:]
    block = connection.head("GET", "/") + bomb + b"\xbe" * 15000
    connection.send(frame(HEADERS, 1, 1, block[:16000]))
    connection.send(frame(CONTINUATION, END_HEADERS, 1, block[16000:]))
    try:
        while True:
            kind, _, _, payload = connection.read()
            if kind == HEADERS:
                return int(connection.fields(payload)[":status"])
            if kind == RST_STREAM:
                return int.from_bytes(payload, "big")
    except Ended:
        return connection.goaway


def bad_huffman_code(connection):
    connection.send(frame(HEADERS, END_HEADERS | 1, 1, connection.head("GET", "/") + b"\0\x84\xff\xff\xff\xff\x01a"))
    return connection.wait_for_end()


def frame_too_large(connection):
    connection.send(frame(DATA, 0, 1, bytes(16385)))
    return connection.wait_for_end()


def window_overflow(connection):
    connection.send(window_update(0, WINDOW_MAX))
    return connection.wait_for_end()


def stream_zero(connection):
    connection.send(frame(HEADERS, END_HEADERS | 1, 0, connection.head("GET", "/")))
    return connection.wait_for_end()


def attack(server, how, codes):
    """Lets a client attack, again and again, until another has had 50 answers over one connection."""
    answered = threading.Event()
    ends, problems = [], []

    def attacker():
        try:
            while not ends or not answered.is_set():
                with Connection(server) as connection:
                    ends.append(how(connection))
        except Exception as problem:
            problems.append(problem)

    before = counts(server, "--insecure", "--http1.1")["resident"]
    thread = threading.Thread(target=attacker)
    thread.start()
    try:
        with Connection(server) as witness:
            for number in range(50):
                fields, _ = witness.get(2 * number + 1, "/info")
                equal(fields[":status"], "200")
    finally:
        answered.set()
        thread.join()
    if problems:
        raise problems[0]
    equal(set(ends) - codes, set(), f"error codes of {len(ends)} attacks, expected are {codes}")
    after = counts(server, "--insecure", "--http1.1")["resident"]
    print(f"        {how.__name__}: {len(ends)} times, memory {before >> 20} MiB, then {after >> 20} MiB")
    if after - before > MEMORY:
        raise AssertionError(f"{how.__name__}: memory grew from {before} to {after}")


# Error codes that are right.
FLOODS = ((rapid_reset, {ENHANCE_YOUR_CALM}), (resets_by_the_server, {ENHANCE_YOUR_CALM}),
          (continuations, {ENHANCE_YOUR_CALM}), (empty_continuations, {ENHANCE_YOUR_CALM}),
          (settings_frames, {ENHANCE_YOUR_CALM}), (pings, {ENHANCE_YOUR_CALM}), (empty_data, {ENHANCE_YOUR_CALM}),
          (bad_huffman_code, {COMPRESSION_ERROR}), (frame_too_large, {FRAME_SIZE_ERROR}),
          (window_overflow, {FLOW_CONTROL_ERROR}), (stream_zero, {PROTOCOL_ERROR}))
