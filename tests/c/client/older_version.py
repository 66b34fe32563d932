"""Servers whose HTTP/2 carries no WebSockets, for clients under test.

usage: older_version.py

Prints ports: nginx with TLS, which passes /ws on to python3-websockets, redirects /moved there, and tells at / which
version of HTTP is spoken; one without TLS, which redirects to it; a server of ours that never answers a request by
HTTP/1.1, or closes where that is for /end; and microsocks. They are 0 where the program is not installed. Ends when its
standard input does.
"""

import asyncio
import socket
import ssl
import subprocess
import tempfile
import threading

import websockets

from foreign_servers import (
    NGINX_PATHS, announce, ended, find_program, free_port, listens, make_certificate, nginx_user, start_nginx, stop)

NGINX = """
daemon off;
user {user};
worker_processes 1;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 1000; }}
http {{
""" + NGINX_PATHS + """	ssl_certificate {directory}/crt;
	ssl_certificate_key {directory}/key;
	server {{
		listen 127.0.0.1:{0} ssl http2;
		location / {{ return 200 "$server_protocol $connection"; }}
		location = /moved {{ return 302 /ws; }}
		location = /ws {{
			proxy_pass http://127.0.0.1:{2};
			proxy_http_version 1.1;
			proxy_set_header Upgrade $http_upgrade;
			proxy_set_header Connection upgrade;
			proxy_set_header X-Connection $connection;
		}}
	}}
	server {{ listen 127.0.0.1:{1}; location / {{ return 302 https://127.0.0.1:{0}/ws; }} }}
}}
"""


def serve(connection, context):
    """One connection of ours: HTTP/2 has empty settings."""
    try:
        with context.wrap_socket(connection, server_side=True) as c:
            if c.selected_alpn_protocol() == "h2":
                c.sendall(b"\0\0\0\4\0\0\0\0\0")
                while c.recv(1000):
                    pass
            elif not c.recv(1000).startswith(b"GET /end "):
                while c.recv(1000):
                    pass
    except OSError:
        pass


def accept(listener, context):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, context), daemon=True).start()


def start_ours(directory):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{directory}/crt", f"{directory}/key")
    context.set_alpn_protocols(["h2", "http/1.1"])
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(listener, context), daemon=True).start()
    return listener.getsockname()[1]


async def echo(connection):
    await connection.send(connection.request_headers["X-Connection"])
    async for message in connection:
        await connection.send(message)


async def main():
    processes, ports, socks = [], [0, 0], 0
    with tempfile.TemporaryDirectory() as directory:
        make_certificate(directory)
        try:
            async with websockets.serve(echo, "127.0.0.1", 0, subprotocols=["echo"]) as server:
                if find_program("nginx"):
                    ports = [free_port(), free_port()]
                    behind = server.sockets[0].getsockname()[1]
                    text = NGINX.format(*ports, behind, directory=directory, user=nginx_user())
                    processes.append(start_nginx(directory, text, ports[1]))
                if program := find_program("microsocks"):
                    socks = free_port()
                    processes.append(subprocess.Popen([program, "-i", "127.0.0.1", "-p", str(socks)], stderr=subprocess.DEVNULL))
                    if not listens(processes[-1], socks):
                        raise SystemExit("microsocks does not start")
                announce(*ports, start_ours(directory), socks)
                await ended()
        finally:
            stop(*processes)


asyncio.run(main())
