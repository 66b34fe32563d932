"""csound, a sound synthesiser: its opcode that exchanges signals with WebSocket clients."""

import signal
import struct

import websockets

from report import equal
from support import Directory, free_port, run_async

PACKAGE = "csound csound-plugins"

ORCHESTRA = """<CsoundSynthesizer>
<CsOptions>
-odac -+rtaudio=null -d -m0
</CsOptions>
<CsInstruments>
sr = 44100
ksmps = 64
nchnls = 1
0dbfs = 1
schedule 1, 0, -1
instr 1
  kvalue init 0
  kdouble = kvalue * 2
  kvalue websocket {port}, kdouble
endin
</CsInstruments>
<CsScore>
</CsScore>
</CsoundSynthesizer>
"""


async def exchange(port):
    """Each variable is a subprotocol. The instrument doubles what it gets."""
    url = f"ws://127.0.0.1:{port}/"
    async with websockets.connect(url, subprotocols=["kvalue"]) as value:
        async with websockets.connect(url, subprotocols=["kdouble"]) as double:
            for number in (1.5, -3.25, 1e6, 0.0):
                await value.send(struct.pack("d", number))
                while struct.unpack("d", await double.recv()) != (number * 2,):
                    pass


def csound_exchanges_signals(library):
    # Its handler of SIGINT destroys the context, from the handler.
    for _ in range(5):
        port = free_port()
        with Directory() as directory:
            program = directory.start(library, "csound", directory.file("t.csd", ORCHESTRA.format(port=port)))
            program.wait_for_port(port)
            program.uses_the_library()
            run_async(exchange(port))
            equal(program.stop(signal.SIGINT), 1, "csound's status after an interrupt")
            program.wait_for("end of score")


tests = [csound_exchanges_signals]
