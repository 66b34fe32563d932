"""swupdate, which updates the software of devices: forwarding an image to another device and following its progress."""

import hashlib
import os
import signal
import subprocess

from report import equal
from support import Directory, free_port

PACKAGE = "swupdate"
CONTENT = b"what the other device is to get\n" * 1000


def archive(*files):
    """cpio, new ASCII format with checksums"""
    result = b""
    for number, (name, data) in enumerate([*files, ("TRAILER!!!", b"")], 1):
        inode = (number, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, sum(data))
        for piece in (b"070702" + b"".join(b"%08x" % field for field in inode) + name.encode() + b"\0", data):
            result += piece
            result += bytes(-len(result) % 4)
    return result


class Key:
    def __init__(self, directory):
        self.key, self.certificate = directory.path + "/key.pem", directory.path + "/certificate.pem"
        usage = ["-addext", "extendedKeyUsage=emailProtection", "-addext", "keyUsage=digitalSignature"]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", *usage]
            + ["-keyout", self.key, "-out", self.certificate],
            check=True,
            capture_output=True,
        )

    def image(self, section, name, data):
        description = f'software = {{ version = "1.0"; hardware-compatibility: ["1.0"]; {section} }}\n'.encode()
        signature = subprocess.run(
            ["openssl", "cms", "-sign", "-signer", self.certificate, "-inkey", self.key]
            + ["-outform", "DER", "-nosmimecap", "-binary"],
            input=description,
            check=True,
            capture_output=True,
        ).stdout
        return archive(("sw-description", description), ("sw-description.sig", signature), (name, data))


def sum_of(data):
    return hashlib.sha256(data).hexdigest()


def swupdate_forwards_an_image(library):
    with Directory() as directory:
        key, port = Key(directory), free_port()
        installed = directory.path + "/installed"
        inner = key.image(
            f'files: ( {{ filename = "content"; path = "{installed}"; sha256 = "{sum_of(CONTENT)}"; }} );',
            "content",
            CONTENT,
        )
        outer = key.image(
            f'images: ( {{ filename = "inner.swu"; type = "swuforward"; sha256 = "{sum_of(inner)}";'
            f' properties: {{ url: ("http://127.0.0.1:{port}"); }}; }} );',
            "inner.swu",
            inner,
        )
        with open(directory.path + "/outer.swu", "wb") as f:
            f.write(outer)

        common = ["swupdate", "-l", "5", "-H", "board:1.0", "-k", key.certificate]
        device = directory.start(
            library,
            *common,
            "-w",
            f"-r {directory.directory('www')} -p 127.0.0.1:{port}",
            environment={"TMPDIR": directory.directory("device")},
        )
        device.wait_for_port(port)
        device.uses_the_library()
        forwarder = directory.start(
            library,
            *common,
            "-i",
            directory.path + "/outer.swu",
            environment={"TMPDIR": directory.directory("forwarder")},
        )
        # Its exit status is 1 now and then although all went well, with Debian's library too.
        forwarder.wait_for("SWUpdate was successful")
        forwarder.wait()
        # what it says it has heard from the other one over its connection
        for status in ("RUN", "SUCCESS"):
            forwarder.wait_for(rf"Change status on http://127.0.0.1:{port} : {status}")
        with open(installed, "rb") as f:
            equal(f.read(), CONTENT)
        os.killpg(device.process.pid, signal.SIGTERM)
        device.wait()


tests = [swupdate_forwards_an_image]
