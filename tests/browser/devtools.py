"""Drives a headless Chromium over the DevTools protocol: JSON messages, each ended by a NUL, on two pipes."""

import base64
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

from demo import DEADLINE

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--remote-debugging-pipe",
)


class Browser:
    """A Chromium with an empty profile; a context manager."""

    def __init__(self, *more_flags):
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if not program:
            raise RuntimeError("no Chromium is installed")
        self.profile = tempfile.mkdtemp(prefix="golws-browser-")
        their_in, self.out = os.pipe()
        self.input, their_out = os.pipe()
        self.process = subprocess.Popen(
            # The browser reads descriptor 3 and writes descriptor 4.
            ["sh", "-c", f'exec "$@" 3<&{their_in} 4>&{their_out}', "sh", program, *FLAGS, *more_flags,
             f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=(their_in, their_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(their_in)
        os.close(their_out)
        self.buffer = b""
        self.numbers = itertools.count(1)
        self.pages = {}  # by session

    def receive(self, end):
        """The next message."""
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.input], [], [], left)[0]:
                raise AssertionError("the browser does not answer")
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise AssertionError("the browser is gone")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        end = time.monotonic() + DEADLINE
        while True:
            answer = self.receive(end)
            if answer.get("id") == number:
                break
            page = self.pages.get(answer.get("sessionId"))
            if page:
                page.on_event(answer)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def open(self, url, width=1280, height=1000):
        return Page(self, url, width, height)

    def close_pages(self):
        for page in list(self.pages.values()):
            page.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self.process.wait(DEADLINE)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.input)
        os.close(self.out)
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    """A tab. Errors in it and messages on its console are collected in errors."""

    def __init__(self, browser, url, width, height):
        self.browser = browser
        self.errors = []
        self.frames = []
        self.responses = []   # (URL, protocol, status)
        self.handshakes = {}  # of WebSockets, by request: [URL, status, header fields] of the response
        self.target = browser.call("Target.createTarget", url="about:blank", newWindow=True)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=url)

    def on_event(self, event):
        parameters = event.get("params", {})
        match event["method"]:
            case "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description", details["text"]))
            case "Runtime.consoleAPICalled" if parameters["type"] in ("error", "warning", "assert"):
                self.errors.append(" ".join(str(arg.get("value", arg.get("description"))) for arg in parameters["args"]))
            case "Log.entryAdded" if parameters["entry"]["level"] in ("error", "warning"):
                self.errors.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))
            case "Network.responseReceived":
                response = parameters["response"]
                self.responses.append((response["url"], response.get("protocol"), response["status"]))
            case "Network.webSocketCreated":
                self.handshakes[parameters["requestId"]] = [parameters["url"], None, None]
            case "Network.webSocketHandshakeResponseReceived":
                response = parameters["response"]
                self.handshakes[parameters["requestId"]][1:] = response["status"], response["headers"]
            case "Network.webSocketFrameReceived":
                self.frames.append(parameters["response"]["payloadData"])

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression):
        """The value of a JavaScript expression; waits where it is a promise."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.browser.pages.pop(self.session, None)
        self.browser.call("Target.closeTarget", targetId=self.target)
