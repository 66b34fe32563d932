"""Servers with TLS that others wrote, for clients under test, and some that only pretend.

usage: servers.py CERTIFICATES openssl [OPTION...]
       servers.py CERTIFICATES nginx
       servers.py CERTIFICATES websockets
       servers.py CERTIFICATES ends|cut|resets|plain|garbage|alert|silent

Prints its port, 0 where the server is not installed. Ends when its standard input does.
"""

import asyncio
import socket
import ssl
import struct
import sys
import tempfile
import threading

from foreign_servers import (
    NGINX_PATHS, announce, ended, find_program, free_port, start_nginx, start_openssl_server, stop, wait_for_end)


def openssl(certificates, options):
    process, port = start_openssl_server(certificates, *options)
    announce(port)
    wait_for_end()
    stop(process)


NGINX = """
daemon off;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ }}
http {{
""" + NGINX_PATHS + """	server {{
		listen 127.0.0.1:{port} ssl http2;
		ssl_certificate {certificates}/chain-full.pem;
		ssl_certificate_key {certificates}/chain.key;
		ssl_client_certificate {certificates}/ca.pem;
		ssl_verify_client optional;
		location / {{
			return 200 "$server_protocol $ssl_server_name $ssl_client_verify";
		}}
		location /large {{
			root {directory};
		}}
	}}
}}
"""


def nginx(certificates, _):
    if not find_program("nginx"):
        announce(0)
        return
    with tempfile.TemporaryDirectory() as directory:
        with open(f"{directory}/large", "wb") as large:
            large.write(b"0123456789abcdef" * 65536)
        port = free_port()
        process = start_nginx(
            directory, NGINX.format(directory=directory, certificates=certificates, port=port), port)
        announce(port)
        wait_for_end()
        stop(process)


def websockets(certificates, _):
    try:
        import websockets as package
    except ImportError:
        announce(0)
        return

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async def main():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{certificates}/chain-full.pem", f"{certificates}/chain.key")
        async with package.serve(echo, "127.0.0.1", 0, ssl=context, subprotocols=["echo"], max_size=None) as server:
            announce(server.sockets[0].getsockname()[1])
            await ended()

    asyncio.run(main())


def end(connection):
    connection.recv(4096)


def cut(connection):
    connection.recv(4096)
    connection.sendall(b"\x16\x03\x03\x01\x00abc")


def resets(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.recv(1)


def plain(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def garbage(connection):
    connection.recv(4096)
    connection.sendall(b"\x16\x03\x03\x00\x04\x63\x00\x00\x00")


def alert(connection):
    connection.recv(4096)
    connection.sendall(b"\x15\x03\x03\x00\x02\x02\x50")  # fatal, internal_error


def silent(connection):
    while connection.recv(4096):
        pass


def pretend(behave):
    listener = socket.create_server(("127.0.0.1", 0))
    announce(listener.getsockname()[1])

    def serve():
        while True:
            connection, _ = listener.accept()
            with connection:
                behave(connection)

    threading.Thread(target=serve, daemon=True).start()
    wait_for_end()


KINDS = {"openssl": openssl, "nginx": nginx, "websockets": websockets}
BEHAVIOURS = {
    "ends": end,
    "cut": cut,
    "resets": resets,
    "plain": plain,
    "garbage": garbage,
    "alert": alert,
    "silent": silent,
}

if sys.argv[2] in KINDS:
    KINDS[sys.argv[2]](sys.argv[1], sys.argv[3:])
else:
    pretend(BEHAVIOURS[sys.argv[2]])
