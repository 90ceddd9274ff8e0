"""A real browser under test: Chromium spoken to over a pair of pipes, with no package between.

The DevTools protocol runs over two file descriptors (``--remote-debugging-pipe``): messages are JSON,
each ended by a NUL byte; the browser reads ours on descriptor 3 and writes its own to descriptor 4.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
#: Moves our ends of the pipes to the descriptors that Chromium expects, then becomes Chromium.
_LAUNCH = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)

Message = dict[str, Any]


def find_chromium() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Browser:
    """A running Chromium with one tab; everything the tab complained about or asked the network for is kept."""

    process: subprocess.Popen[bytes]
    write_to: int
    read_from: int
    session: str = ""
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    _seen: list[Message] = field(default_factory=list)
    _buffer: bytes = b""
    _last_id: int = 0

    def call(self, method: str, **params: Any) -> Message:
        """Send one command and return its result, noting the events that come in meanwhile."""
        self._last_id += 1
        message: Message = {"id": self._last_id, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_to, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda found: found.get("id") == message["id"])
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error'].get('message')}")
        result: Message = answer["result"]
        return result

    def open(self, page: Path) -> None:
        """Open a file and wait until it says that every figure is drawn."""
        self.call("Page.navigate", url=page.as_uri())
        self._until(lambda found: found.get("method") == "Page.loadEventFired")
        self.evaluate("window.reportReady")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page, awaited if it is a promise."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press and release one key in the focused element."""
        text = {"text": "\r"} if key == "Enter" else {}  # buttons are pressed by the character, not by the key
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def click(self, x: float, y: float) -> None:
        """Move the pointer to a point of the window, wait until the page has seen it there, and click."""
        where = {"x": x, "y": y}
        self.call("Input.dispatchMouseEvent", type="mouseMoved", **where)
        self.settle()
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **where)
        self.settle()

    def resize(self, width: int, height: int = 900, scale: float = 1.0) -> None:
        """Give the page another width, and let it draw twice so that it has settled."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )
        self.settle()

    def settle(self) -> None:
        """Wait until the page has laid out and drawn what it was asked to."""
        self.evaluate("window.reportSettled ? window.reportSettled() : null")

    def screenshot(self, target: Path, clip: tuple[float, float, float, float] | None = None) -> None:
        """Write a PNG of the whole page, or of a rectangle (x, y, width, height) of it."""
        if clip is None:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = (0, 0, size["width"], size["height"])
        area = {**dict(zip(("x", "y", "width", "height"), clip, strict=True)), "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", clip=area, captureBeyondViewport=True)
        target.write_bytes(base64.b64decode(shot["data"]))

    def _until(self, wanted: Callable[[Message], bool], patience_s: float = 180.0) -> Message:
        """Return the first message that is wanted; events are noted as they pass."""
        deadline = time.monotonic() + patience_s
        for index, message in enumerate(self._seen):
            if wanted(message):
                return self._seen.pop(index)
        while True:
            message = self._next(deadline)
            self._note(message)
            if wanted(message):
                return message
            if message.get("method") == "Page.loadEventFired":
                self._seen.append(message)

    def _next(self, deadline: float) -> Message:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self.read_from], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("Chromium did not answer in time")
            chunk = os.read(self.read_from, 1 << 20)
            if not chunk:
                raise RuntimeError("Chromium went away")
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\0", 1)
        message: Message = json.loads(line)
        return message

    def _note(self, message: Message) -> None:
        params = message.get("params", {})
        match message.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params["exceptionDetails"])[:2000])
            case "Runtime.consoleAPICalled" if params["type"] in {"error", "warning", "assert"}:
                self.complaints.append(f"console.{params['type']}: {json.dumps(params['args'])[:2000]}")
            case "Log.entryAdded" if params["entry"]["level"] in {"error", "warning"}:
                self.complaints.append(f"{params['entry']['source']}: {params['entry']['text']}")
            case "Network.requestWillBeSent" | "Network.webSocketCreated":
                address = params.get("url") or params["request"]["url"]
                if not address.startswith("data:"):
                    self.requests.append(address)


def wait_until(browser: Browser, so: str) -> None:
    """Wait until something is so in the page, for some seconds at most."""
    browser.evaluate(
        f"new Promise(resolve => {{ const until = Date.now() + 9000; const look = () => "
        f"(Date.now() > until || ({so}) ? resolve() : setTimeout(look, 50)); look(); }})"
    )
    browser.settle()


@contextmanager
def started_or_skipped() -> Iterator[Browser]:
    """Run an installed Chromium; without one the tests that want it are skipped, with the reason, or fail under CI."""
    program = find_chromium()
    if program is None:
        reason = "no Chromium is installed (Debian: apt-get install chromium), so no page can be opened"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with started(program) as running:
        yield running


@contextmanager
def started(program: str) -> Iterator[Browser]:
    """Run Chromium with a fresh profile and one empty tab; end it and its profile afterwards."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        browser_reads, we_write = _high(os.pipe())
        we_read, browser_writes = _high(os.pipe())
        arguments = [
            str(browser_reads),
            str(browser_writes),
            program,
            *FLAGS,
            f"--user-data-dir={profile}",
            "about:blank",
        ]
        process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, *arguments],
            pass_fds=(browser_reads, browser_writes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(browser_reads)
        os.close(browser_writes)
        try:
            yield _with_tab(Browser(process, we_write, we_read))
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(we_write)
            os.close(we_read)


def _high(ends: tuple[int, int]) -> tuple[int, int]:
    """Move both ends of a pipe above the descriptors that the launcher overwrites."""
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


def _with_tab(browser: Browser) -> Browser:
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.call(f"{domain}.enable")
    # Chromium draws nothing, and answers no call for a picture, while a tab lies behind another one.
    browser.call("Page.bringToFront")
    return browser
