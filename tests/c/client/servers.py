"""Servers of others for connections under test: nginx and openssl s_server.

usage: servers.py

Prints the ports of nginx: plain, TLS with HTTP/2, TLS with HTTP/1.1, plain with few requests for each connection; and of
openssl, which sends each line back reversed. They are 0 where the program is not installed. Ends when its standard input does.
"""

import tempfile

from foreign_servers import (
    NGINX_PATHS, announce, find_program, free_port, make_certificate, nginx_user, start_nginx, start_openssl_server, stop,
    wait_for_end)

NGINX = """
daemon off;
user {user};
worker_processes 1;
worker_rlimit_nofile 10000;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 8000; }}
http {{
""" + NGINX_PATHS + """	default_type text/plain;
	ssl_certificate {directory}/crt;
	ssl_certificate_key {directory}/key;
	# Which connection it is, the how manieth request on it, and where it comes from
	map "" $answer {{ default "$connection $connection_requests $remote_addr"; }}
	server {{ listen 127.0.0.1:{0} backlog=4096; location / {{ return 200 $answer; }} }}
	server {{ listen 127.0.0.1:{1} ssl http2; location / {{ return 200 $answer; }} }}
	server {{ listen 127.0.0.1:{2} ssl; location / {{ return 200 $answer; }} }}
	server {{ listen 127.0.0.1:{3}; keepalive_requests 3; location / {{ return 200 $answer; }} }}
}}
"""


def nginx(directory):
    if not find_program("nginx"):
        return None, [0] * 4
    ports = [free_port() for _ in range(4)]
    return start_nginx(directory, NGINX.format(*ports, directory=directory, user=nginx_user()), ports[3]), ports


def main():
    processes = []
    with tempfile.TemporaryDirectory() as directory:
        make_certificate(directory)
        try:
            process, ports = nginx(directory)
            processes.append(process)
            process, port = start_openssl_server(directory, "-cert", "crt", "-key", "key", "-rev")
            processes.append(process)
            announce(*ports, port)
            wait_for_end()
        finally:
            stop(*processes)


main()
