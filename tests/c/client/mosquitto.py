"""A broker of others for clients under test: mosquitto, with MQTT over WebSocket and over plain TCP.

usage: mosquitto.py

Prints the two ports, 0 where mosquitto is not installed, and ends when its standard input does.
"""

import subprocess
import sys
import tempfile

from foreign_servers import announce, find_program, free_port, listens, stop, wait_for_end


def start(program, directory):
    over_websocket, plain = free_port(), free_port()
    with open(f"{directory}/conf", "w", encoding="ascii") as f:
        f.write(
            f"listener {over_websocket} 127.0.0.1\nprotocol websockets\n"
            f"listener {plain} 127.0.0.1\nprotocol mqtt\n"
            "allow_anonymous true\npersistence false\n"
        )
    broker = subprocess.Popen([program, "-c", f"{directory}/conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if listens(broker, plain) and listens(broker, over_websocket):
        return broker, over_websocket, plain
    return None, 0, 0


def main():
    program = find_program("mosquitto")
    if not program:
        announce(0, 0)
        return
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(5):  # somebody else may take a port that was free
            broker, *ports = start(program, directory)
            if broker:
                break
        else:
            sys.exit("mosquitto does not start")
        announce(*ports)
        wait_for_end()
        stop(broker)


main()
