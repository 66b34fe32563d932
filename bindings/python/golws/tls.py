"""What servers need for TLS."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Iterable, Optional, Union

from . import lowlevel as lws
from .native import lib

PathLike = Union[str, "os.PathLike[str]"]

_VERSIONS = {"1.2": 0, "1.3": 1 << 27}  # SSL_OP_NO_TLSv1_2 of OpenSSL, the bits of which the interface has
_ASKING = {"none": 0, "required": int(lws.LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT),
           "optional": int(lws.LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT |
                           lws.LWS_SERVER_OPTION_PEER_CERT_NOT_REQUIRED)}
_PLAIN = {"refuse": 0,
          "redirect": int(lws.LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT | lws.LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS),
          "allow": int(lws.LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT |
                       lws.LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER)}
_DER = int(lws.LWS_TLS_CERT_INFO_DER_RAW)


class TLS:
    """A server's certificate, and how it speaks TLS:

        golws.serve(echo, port=8443, tls=golws.TLS("certificate.pem", "key.pem"))

    certificate, key: paths of PEM files, the certificate with its chain; or bytes, PEM or DER. password: of an encrypted key.
    client_certificates: "required" refuses clients that have none, "optional" asks for one. client_ca: who has to have signed
    them, a path or bytes. minimum_version: "1.2" or "1.3". ciphers: for TLS 1.2, OpenSSL's names. alpn: the protocols that
    clients can choose, the best first; empty: those that the library has. plain: what clients get that speak no TLS to
    the port: "refuse", "redirect" (to https), "allow". strict: responses have Strict-Transport-Security (RFC 6797), which makes
    browsers insist on https for this host and those below for half a year. watch: how often to look whether the files have
    changed, seconds; new ones are used as by Server.reload_certificate(), and the log says if they cannot be.
    """

    def __init__(self, certificate: Union[PathLike, bytes], key: Union[PathLike, bytes], *, password: Optional[str] = None,
                 client_certificates: str = "none", client_ca: Union[PathLike, bytes, None] = None,
                 minimum_version: str = "1.2", ciphers: Optional[str] = None, alpn: Iterable[str] = (),
                 plain: str = "refuse", strict: bool = False, watch: Optional[int] = None) -> None:
        for name, value, known in (("client_certificates", client_certificates, _ASKING),
                                   ("minimum_version", minimum_version, _VERSIONS), ("plain", plain, _PLAIN)):
            if value not in known:
                raise ValueError(f"{name} {value!r} is none of {', '.join(map(repr, known))}")
        if isinstance(certificate, bytes) != isinstance(key, bytes):
            raise TypeError("certificate and key are both paths or both bytes")
        if watch is not None and (watch < 1 or isinstance(certificate, bytes)):
            raise ValueError("watch is a number of seconds, for certificates in files")
        if client_certificates != "none" and client_ca is None:
            raise ValueError("client_certificates without client_ca: nobody could be trusted")
        self.certificate = certificate
        self.key = key
        self.password = password
        self.client_certificates = client_certificates
        self.client_ca = client_ca
        self.minimum_version = minimum_version
        self.ciphers = ciphers
        self.alpn = tuple(alpn)
        self.plain = plain
        self.strict = strict
        self.watch = watch

    def _apply(self, info: Any, keep: list[Any]) -> int:
        """Fills in a struct lws_context_creation_info; returns the option bits."""
        for value, path, memory in ((self.certificate, "ssl_cert_filepath", "server_ssl_cert_mem"),
                                    (self.key, "ssl_private_key_filepath", "server_ssl_private_key_mem"),
                                    (self.client_ca, "ssl_ca_filepath", "server_ssl_ca_mem")):
            if isinstance(value, bytes):
                space = ctypes.create_string_buffer(value, len(value))
                keep.append(space)
                setattr(info, memory, ctypes.cast(space, ctypes.c_void_p))
                setattr(info, memory + "_len", len(value))
            elif value is not None:
                setattr(info, path, os.fsencode(value))
        if self.password is not None:
            info.ssl_private_key_password = self.password.encode()
        if self.ciphers is not None:
            info.ssl_cipher_list = self.ciphers.encode()
        if self.alpn:
            info.alpn = ",".join(self.alpn).encode()
        info.ssl_options_set = _VERSIONS[self.minimum_version]
        options = int(lws.LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
        if self.strict:
            options |= int(lws.LWS_SERVER_OPTION_STS)
        return options | _ASKING[self.client_certificates] | _PLAIN[self.plain]

    def _started(self, vhost: int) -> None:
        """The server listens."""
        if self.watch is not None:
            lws.lws_tls_vhost_watch_cert(vhost, self.watch)


def peer_certificate(wsi: int) -> Optional[bytes]:
    """The certificate of the peer, DER."""
    size = 4096
    while True:
        space = ctypes.create_string_buffer(size + 64)
        answer = lws.lws_tls_cert_info_results.from_buffer(space)
        found = lib.peer_certificate(wsi, _DER, space, size)
        length = int(answer.ns.len)
        if found == 0:
            start = lws.lws_tls_cert_info_results.ns.offset + lws.lws_tls_cert_info_results_ns.name.offset
            return space.raw[start:start + length]
        if length <= size:
            return None
        size = length
