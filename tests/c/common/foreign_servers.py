"""What the scripts that start servers of others for clients under test have in common (see script.h).

Such a script prints one line of ports when its servers are ready, 0 for what is not installed, and ends when its standard
input does.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import threading
import time


# Where nginx writes, for a configuration's http { }; to be formatted with the directory.
NGINX_PATHS = """
	access_log off;
	client_body_temp_path {directory}/body;
	proxy_temp_path {directory}/proxy;
	fastcgi_temp_path {directory}/fastcgi;
	uwsgi_temp_path {directory}/uwsgi;
	scgi_temp_path {directory}/scgi;
"""


def announce(*ports):
    print(*ports, flush=True)


def wait_for_end():
    sys.stdin.read()


def ended():
    """A future of the running loop, done when the script has to end."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.add_reader(sys.stdin, lambda: sys.stdin.read(1) or future.done() or future.set_result(None))
    return future


def find_program(name):
    """Where a server is, which ordinary users do not always have in their path; None where it is not installed."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listens(process, port):
    """Waits for a process to listen at a port; False if it ends before, for example because the port is taken."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


def start_nginx(directory, configuration, port):
    """nginx, which finds all it needs in the directory, and listens at the port."""
    os.chmod(directory, 0o755)  # the workers may be somebody else
    with open(f"{directory}/conf", "w", encoding="ascii") as f:
        f.write(configuration)
    process = subprocess.Popen(
        [find_program("nginx"), "-p", directory, "-e", "stderr", "-c", f"{directory}/conf"], stderr=subprocess.DEVNULL)
    if listens(process, port):
        return process
    with open(f"{directory}/error.log", encoding="utf-8") as f:
        sys.exit(f.read())


def nginx_user():
    """Whom the configuration names: the workers read files of this user's."""
    return "root" if os.geteuid() == 0 else "nobody"


def start_openssl_server(directory, *options):
    """openssl s_server and its port."""
    process = subprocess.Popen(
        ["openssl", "s_server", "-accept", "127.0.0.1:0", *options],
        cwd=directory,
        stdin=subprocess.PIPE,  # which stays open: s_server ends with it
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    for line in process.stdout:
        if line.startswith(b"ACCEPT"):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, int(line.rsplit(b":", 1)[1])
    sys.exit("openssl s_server does not start")


def make_certificate(directory):
    """A self-signed certificate of 127.0.0.1: crt and key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-keyout", f"{directory}/key", "-out", f"{directory}/crt"], check=True, capture_output=True)


def stop(*processes):
    """Ends those that there are, and waits for it."""
    for process in filter(None, processes):
        process.terminate()
        process.wait()
