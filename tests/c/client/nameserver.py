"""A name server for clients under test.

usage: nameserver.py

Prints the port at which it answers over UDP and TCP on 127.0.0.1. What it knows below .example:

here      127.0.0.1 and ::1        alias    another name of here
many      20 addresses of IPv4, which an answer over UDP has no room for
second    127.0.0.2 and 127.0.0.1  refused  is refused an answer
counted   127.0.0.N, where N is how often it was asked for; lasts for a minute
fleeting  the same, but does not last
silent    no answer

All else does not exist. Ends when its standard input does.
"""

import socket
import struct
import threading

from foreign_servers import announce, wait_for_end

A, CNAME, SOA, AAAA = 1, 5, 6, 28
asked = {}


def encode(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def record(name, kind, ttl, data):
    return encode(name) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def addresses(name, kind, times):
    """What a name has of a kind, None where the name does not exist."""
    zone = {
        "here.example": [b"\x7f\0\0\1"],
        "many.example": [bytes([192, 0, 2, i]) for i in range(1, 21)],
        "second.example": [b"\x7f\0\0\2", b"\x7f\0\0\1"],
        "counted.example": [bytes([127, 0, 0, times])],
        "fleeting.example": [bytes([127, 0, 0, times])],
    }
    if kind == AAAA and name in zone:
        return [socket.inet_pton(socket.AF_INET6, "::1")] if name == "here.example" else []
    return zone.get(name)


def answer(message, over_tcp):
    number = message[:2]
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode())
        at += 1 + message[at]
    name, question = ".".join(labels).lower(), message[12 : at + 5]
    (kind,) = struct.unpack("!H", message[at + 1 : at + 3])
    key = (name, kind)
    asked[key] = asked.get(key, 0) + 1
    code, flags, answers, target = 0, 0x8180, b"", name
    count = 0
    if name == "silent.example":
        return None
    if name == "refused.example":
        code = 5
    elif name == "many.example" and kind == A and not over_tcp:
        flags |= 0x0200
    else:
        if name == "alias.example":
            target = "here.example"
            answers, count = record(name, CNAME, 60, encode(target)), 1
        found = addresses(target, kind, asked[key])
        if found is None:
            code = 3
        for data in found or []:
            answers += record(target, kind, 0 if name == "fleeting.example" else 60, data)
            count += 1
    authority = b""
    if not count and not code & 4 and not flags & 0x0200:
        authority = record("example", SOA, 60, encode("ns.example") + encode("root.example") + struct.pack("!5I", 1, 1, 1, 1, 60))
    head = number + struct.pack("!HHHHH", flags | code, 1, count, 1 if authority else 0, 0)
    return head + question + answers + authority


def serve_tcp(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            (size,) = struct.unpack("!H", connection.recv(2, socket.MSG_WAITALL))
            reply = answer(connection.recv(size, socket.MSG_WAITALL), True)
            if reply:
                connection.sendall(struct.pack("!H", len(reply)) + reply)


def serve_udp(s):
    while True:
        message, peer = s.recvfrom(4096)
        reply = answer(message, False)
        if reply:
            s.sendto(reply, peer)


def main():
    while True:
        listener = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(listener.getsockname())
            break
        except OSError:
            listener.close()
            udp.close()
    threading.Thread(target=serve_tcp, args=(listener,), daemon=True).start()
    threading.Thread(target=serve_udp, args=(udp,), daemon=True).start()
    announce(listener.getsockname()[1])
    wait_for_end()


main()
