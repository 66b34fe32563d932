"""Servers of others for connections under test: nginx and openssl s_server.

usage: servers.py

Prints the ports of nginx: plain, TLS with HTTP/2, TLS with HTTP/1.1, plain with few requests for each connection; and of
openssl, which sends each line back reversed. They are 0 where the program is not installed. Ends when its standard input does.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

NGINX = """
daemon off;
user {user};
worker_processes 1;
worker_rlimit_nofile 10000;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 8000; }}
http {{
	access_log off;
	client_body_temp_path {directory}/body;
	proxy_temp_path {directory}/proxy;
	fastcgi_temp_path {directory}/fastcgi;
	uwsgi_temp_path {directory}/uwsgi;
	scgi_temp_path {directory}/scgi;
	default_type text/plain;
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


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def nginx(directory):
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not program:
        return None, [0] * 4
    ports = [free_port() for _ in range(4)]
    user = "root" if os.geteuid() == 0 else "nobody"
    with open(directory + "/conf", "w", encoding="ascii") as f:
        f.write(NGINX.format(*ports, directory=directory, user=user))
    process = subprocess.Popen([program, "-p", directory, "-c", directory + "/conf"], stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", ports[3])).close()
            return process, ports
        except OSError:
            time.sleep(0.02)
    sys.exit(open(directory + "/error.log", encoding="utf-8").read())


def openssl(directory):
    process = subprocess.Popen(
        ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "crt", "-key", "key", "-rev"], cwd=directory,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for line in process.stdout:
        if line.startswith(b"ACCEPT"):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, int(line.rsplit(b":", 1)[1])
    sys.exit("openssl s_server does not start")


def main():
    processes = []
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             "/CN=127.0.0.1", "-keyout", directory + "/key", "-out", directory + "/crt"], check=True, capture_output=True)
        try:
            process, ports = nginx(directory)
            processes.append(process)
            process, port = openssl(directory)
            processes.append(process)
            print(*ports, port, flush=True)
            sys.stdin.read()
        finally:
            for process in filter(None, processes):
                process.terminate()
                process.wait()


main()
