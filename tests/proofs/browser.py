"""Chromium by its DevTools protocol: keys are pressed, and what is focused is asked for."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from base64 import b64decode
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tornado.websocket import websocket_connect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
KEYS = {"Tab": 9, "Enter": 13, " ": 32}
PATIENCE = 120.0
"""Seconds that a page may take on a busy machine."""


class Tab:
    """A page in a browser."""

    def __init__(self, address: str):
        self.loop = asyncio.new_event_loop()
        self.socket = self.loop.run_until_complete(connected(address))
        self.numbers = count(1)
        self.tell("Page.enable")

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command; what it answers."""
        number = next(self.numbers)

        async def answered() -> dict[str, Any]:
            await self.socket.write_message(json.dumps({"id": number, "method": method, "params": parameters}))
            while True:
                told = json.loads(await self.socket.read_message())
                if told.get("id") == number:
                    return told

        told = self.loop.run_until_complete(asyncio.wait_for(answered(), PATIENCE))
        assert "error" not in told, told
        return told["result"]

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript."""
        return self.tell("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def open(self, page: str) -> None:
        self.tell("Page.navigate", url=page)
        self.wait(f"location.href.startsWith({json.dumps(page)})")

    def wait(self, expression: str) -> None:
        """Wait until a page is loaded of which something is true."""
        begun = time.monotonic()
        while not self.ask(f"document.readyState === 'complete' && Boolean({expression})"):
            assert time.monotonic() < begun + PATIENCE, (expression, self.ask("location.href"))
            time.sleep(0.02)

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        text = {"Enter": "\r", " ": " "}.get(key)
        named = {"key": key, "code": key.strip() or "Space", "windowsVirtualKeyCode": KEYS[key]}
        down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        self.tell("Input.dispatchKeyEvent", **down, **named)
        self.tell("Input.dispatchKeyEvent", type="keyUp", **named)

    def type(self, text: str) -> None:
        self.tell("Input.insertText", text=text)

    def picture(self, file: Path, whole: bool = False) -> None:
        """What is seen, or the whole page."""
        found = self.tell("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(b64decode(found["data"]))


async def connected(address: str) -> Any:
    return await websocket_connect(address, max_message_size=2**28)


@contextmanager
def browser(profile: Path):
    """`with browser(folder) as tab:` a browser with one page, and without a network."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command = [str(CHROMIUM), *options, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            port = port_of(profile, process)
            with urlopen(Request(f"http://127.0.0.1:{port}/json/new", method="PUT")) as answer:
                yield Tab(json.load(answer)["webSocketDebuggerUrl"])
        finally:
            process.terminate()


def port_of(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """The port that the browser says it listens at."""
    begun = time.monotonic()
    while not (file := profile / "DevToolsActivePort").is_file() or not file.read_text():
        assert process.poll() is None
        assert time.monotonic() < begun + PATIENCE
        time.sleep(0.05)
    return file.read_text().splitlines()[0]
