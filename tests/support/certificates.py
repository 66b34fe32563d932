"""Authorities and certificates for tests, made by the openssl command."""

import os
import shutil
import subprocess
import tempfile


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr}")
    return done.stdout


class Pair:
    """A certificate and its private key, two files."""

    def __init__(self, certificate, key):
        self.certificate = certificate
        self.key = key

    def der(self):
        return subprocess.run(["openssl", "x509", "-in", self.certificate, "-outform", "DER"], capture_output=True,
                              check=True).stdout

    def pem(self):
        with open(self.certificate, encoding="ascii") as certificate, open(self.key, encoding="ascii") as key:
            return certificate.read() + "\n" + key.read()

    def copy_to(self, other):
        """Replaces the files of another pair, each as a whole, the key first."""
        for source, target in ((self.key, other.key), (self.certificate, other.certificate)):
            shutil.copy(source, target + ".new")
            os.rename(target + ".new", target)


class Certificates:
    """A directory for them; a context manager."""

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="golws-certificates-")
        self.authority = self._make("authority", "Test authority", "basicConstraints=critical,CA:TRUE",
                                    "keyUsage=critical,keyCertSign,cRLSign")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def _make(self, file, common_name, *extensions, authority=None, key="ec", days=30):
        pair = Pair(self.path(file + ".crt"), self.path(file + ".key"))
        algorithm = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"],
                     "ed25519": ["ed25519"]}[key]
        openssl("req", "-x509", "-newkey", *algorithm, "-nodes", "-days", str(days), "-subj", "/CN=" + common_name,
                "-keyout", pair.key, "-out", pair.certificate,
                *(argument for extension in extensions for argument in ("-addext", extension)),
                *(["-CA", authority.certificate, "-CAkey", authority.key] if authority else []))
        return pair

    def other_authority(self):
        return self._make("other-authority", "Other authority", "basicConstraints=critical,CA:TRUE")

    def server(self, file="server", names=("localhost",), **options):
        alternatives = ",".join(["IP:127.0.0.1", *("DNS:" + name for name in names)])
        return self._make(file, names[0], "basicConstraints=critical,CA:FALSE", f"subjectAltName={alternatives}",
                          authority=options.pop("authority", self.authority), **options)

    def client(self, name, **options):
        return self._make("client-" + name, name, "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth",
                          authority=options.pop("authority", self.authority), **options)
