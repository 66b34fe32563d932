"""Servers of others for HTTP clients under test: two of Python's http.server, and nginx with and without TLS.

usage: requests.py

Prints the ports: Python, another Python, nginx, nginx with TLS and HTTP/2; the last two are 0 where there is no nginx. Ends
when its standard input does.
"""

import base64
import email
import email.policy
import gzip
import hashlib
import http.server
import os
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import zlib

from foreign_servers import (
    announce, find_program, free_port, make_certificate, nginx_user, start_nginx, stop, wait_for_end)

TEXT = b"the quick brown fox; " * 100
USER, PASSWORD = "Muf\u00e4sa", 'Circle "of" Life'
ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}


def raw_deflate(data):
    c = zlib.compressobj(wbits=-15)
    return c.compress(data) + c.flush()


BODIES = {
    "/gzip": ("gzip", gzip.compress(TEXT)),
    "/deflate": ("deflate", zlib.compress(TEXT)),
    "/bare": ("deflate", raw_deflate(TEXT)),
    "/br": ("br", base64.b64decode("GzMI+I2UqeNbg5jR4ckdtLccZBLXkoRtOqoWSNfZ+wA=")),
    "/truncated": ("gzip", gzip.compress(TEXT)[:-9]),
    "/damaged": ("gzip", gzip.compress(TEXT)[:-8] + b"12345678"),
    "/bomb": ("gzip", gzip.compress(bytes(64 << 20))),
    "/unknown": ("x-secret", b"whatever"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    nonces = {}
    staled = False

    def log_message(self, *_):
        pass

    def body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            whole = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                whole += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return whole
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        self.target = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(self.target.query))
        self.sent = self.body()
        path = self.target.path
        if path in BODIES:
            coding, body = BODIES[path]
            accepted = self.headers.get("Accept-Encoding")
            self.answer(200, body, Content_Encoding=coding, X_Accepted=accepted or "none")
        elif method := getattr(self, "serve_" + path[1:].replace("-", "_"), None):
            method()
        else:
            self.answer(404, b"nothing here")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_PROPFIND = handle_any

    def serve_echo(self):
        names = ("Authorization", "Cookie", "Content-Type", "Host", "Content-Length", "Transfer-Encoding")
        fields = [f"{name}={self.headers[name]}" for name in names if self.headers[name] and name.lower() in self.query]
        self.answer(200, b" ".join([self.command.encode(), self.sent, *(f.encode() for f in fields)]))

    def serve_redirect(self):
        self.answer(int(self.query["status"]), b"elsewhere", Location=self.query["to"])

    def serve_cookies(self):
        self.send_response(int(self.query.get("status", 200)))
        for value in urllib.parse.parse_qs(self.target.query)["set"]:
            self.send_header("Set-Cookie", value)
        self.send_header("Location", self.query.get("to", "/"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve_loop(self):
        self.answer(302, Location="/loop")

    def serve_chunks(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Trailer", "X-Sum")
        self.end_headers()
        for piece in (b"one ", b"two ", b"three"):
            self.wfile.write(b"%x;name=value\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
            time.sleep(0.01)
        self.wfile.write(b"0\r\nX-Sum: 1\r\nX-Other: a b c\r\n\r\n")

    def serve_chunked_gzip(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        body = gzip.compress(TEXT)
        for i in range(0, len(body), 7):
            piece = body[i : i + 7]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def serve_until_close(self):
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(gzip.compress(TEXT))
        self.close_connection = True

    def serve_interim(self):
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
        self.answer(200, b"at last")

    def serve_no_content(self):
        self.answer(204)

    def serve_not_modified(self):
        self.answer(304, ETag='"x"')

    def serve_multipart(self):
        head = b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n"
        message = email.message_from_bytes(head + self.sent, policy=email.policy.HTTP)
        parts = []
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            parts.append(f"{name}/{part.get_filename()}/{part.get_content_type()}={part.get_payload(decode=True).decode()}")
        self.answer(200, ";".join(parts).encode())

    def serve_basic(self):
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") == wanted:
            self.answer(200, b"welcome " + self.sent)
        else:
            self.answer(401, b"who are you?", WWW_Authenticate='Basic realm="r", charset="UTF-8"')

    def ask_for_digest(self, stale=False):
        nonce = os.urandom(8).hex()
        self.nonces[nonce] = 0
        algorithm = self.query.get("algorithm")
        challenge = f'Digest realm="a \\"realm\\"", nonce="{nonce}", opaque="o"'
        if algorithm:
            challenge += f", algorithm={algorithm}"
        if "qop" in self.query:
            challenge += f', qop="{self.query["qop"]}"'
        if "userhash" in self.query:
            challenge += ", userhash=true"
        if stale:
            challenge += ", stale=true"
        self.answer(401, b"who are you?", WWW_Authenticate='Basic realm="never", ' + challenge)

    def serve_digest(self):
        scheme, _, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Digest":
            return self.ask_for_digest()
        given = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
        given = {name: value.replace('\\"', '"') for name, value in given.items()}
        if given["nonce"] not in self.nonces:
            return self.ask_for_digest(stale=True)
        if "stale" in self.query and not Handler.staled:
            Handler.staled = True
            return self.ask_for_digest(stale=True)
        algorithm, _, session = given.get("algorithm", "MD5").partition("-sess") if "-sess" in given.get(
            "algorithm", "") else (given.get("algorithm", "MD5"), "", None)
        digest = lambda text: hashlib.new(ALGORITHMS[algorithm], text.encode()).hexdigest()
        realm = 'a "realm"'
        user = given.get("username") or urllib.parse.unquote(given["username*"].split("''")[1])
        if user != (digest(f"{USER}:{realm}") if "userhash" in self.query else USER) or given["realm"] != realm:
            return self.answer(403, b"wrong name " + user.encode())
        a1 = digest(f"{USER}:{realm}:{PASSWORD}")
        if session is not None:
            a1 = digest(f"{a1}:{given['nonce']}:{given['cnonce']}")
        a2 = digest(f"{self.command}:{self.path}")
        if "qop" in self.query:
            self.nonces[given["nonce"]] += 1
            if int(given["nc"], 16) != self.nonces[given["nonce"]] or given["qop"] != "auth":
                return self.answer(403, b"wrong count")
            wanted = digest(":".join((a1, given["nonce"], given["nc"], given["cnonce"], "auth", a2)))
        else:
            wanted = digest(f"{a1}:{given['nonce']}:{a2}")
        if given["response"] != wanted or given["uri"] != self.path or given.get("opaque") != "o":
            return self.ask_for_digest()
        self.answer(200, b"welcome " + self.sent)


NGINX = """
daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log; user {4};
events {{ worker_connections 64; }}
http {{
	access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/1; fastcgi_temp_path {0}/2; uwsgi_temp_path {0}/3;
	scgi_temp_path {0}/4; root {0}/files; default_type text/plain; gzip_types text/plain; gzip_min_length 1;
	server {{
		listen 127.0.0.1:{1};
		location /gzip/ {{ alias {0}/files/; gzip on; }}
		location /private/ {{ alias {0}/files/; auth_basic "nginx"; auth_basic_user_file {0}/passwords; }}
		location /secure {{ return 308 https://127.0.0.1:{2}/text; }}
		location /moved {{ return 301 /text; }}
		location /dav/ {{ dav_methods PUT DELETE; alias {0}/files/dav/; create_full_put_path on; }}
		location /python/ {{ proxy_pass http://127.0.0.1:{3}/; proxy_http_version 1.1; }}
	}}
	server {{
		listen 127.0.0.1:{2} ssl http2;
		ssl_certificate {0}/crt; ssl_certificate_key {0}/key;
		location /gzip/ {{ alias {0}/files/; gzip on; }}
		location /private/ {{ alias {0}/files/; auth_basic "nginx"; auth_basic_user_file {0}/passwords; }}
		location /down {{ return 302 http://127.0.0.1:{1}/text; }}
		location /moved {{ return 307 /python/echo; }}
		location /python/ {{ proxy_pass http://127.0.0.1:{3}/; proxy_http_version 1.1; }}
	}}
}}
"""


def nginx(directory, python):
    """The process and the ports, or nothing and zeros."""
    if not find_program("nginx"):
        return None, 0, 0
    ports = free_port(), free_port()
    os.makedirs(directory + "/files/dav", exist_ok=True)
    for name in ("files/text", "passwords"):
        with open(f"{directory}/{name}", "wb") as f:
            f.write(TEXT if name == "files/text" else f"{USER}:{{PLAIN}}{PASSWORD}\n".encode())
    make_certificate(directory)
    return start_nginx(directory, NGINX.format(directory, *ports, python, nginx_user()), ports[1]), *ports


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # clients under test may leave


def main():
    servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = [server.server_address[1] for server in servers]
    with tempfile.TemporaryDirectory(prefix="golws-requests-") as directory:
        process, *more = nginx(directory, ports[0])
        try:
            announce(*ports, *more)
            wait_for_end()
        finally:
            stop(process)


main()
