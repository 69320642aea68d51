#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens a page in Chromium, headless, and looks at what it does and how it is laid out.

    browser.py PAGE [--text] [--shots FOLDER] [--axe FILE]

The browser is driven through two pipes by the DevTools protocol (--remote-debugging-pipe),
so no package is needed. Fails when the page asks for anything but itself, writes to the
console, is wider than the screen, or has text too small to read; at 320, 800 and 1600
pixels, light and dark, with scripts on and off, and on paper. --text: there need be no plot. --axe: the path of
axe.min.js, whose rules must find no violation. --shots: pictures to look at. Exits with 77
when there is no browser.
"""

import argparse
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LIMIT_S = 40
WIDTHS = (320, 800, 1600)
LEAST_PIXELS = 9.0  # of any letter, at 320 pixels, which is also 400 % zoom of 1280

MEASURE = """JSON.stringify({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  smallest: Math.min(...[...document.querySelectorAll('figure svg')].flatMap(svg => {
    const factor = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize) * factor)})),
  outside: [...document.querySelectorAll('figure svg')].flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].filter(t => {
      const r = t.getBoundingClientRect();
      return r.left < frame.left - 2 || r.right > frame.right + 2 || r.bottom > frame.bottom + 2})
      .map(t => svg.parentElement.id + ': ' + t.textContent)}),
  paper: getComputedStyle(document.body).backgroundColor,
  plots: document.querySelectorAll('figure svg').length})"""


def fail(text):
    raise SystemExit(f"browser.py: {text}")


class Browser:
    """Messages of the DevTools protocol, each ended by a zero byte."""

    def __init__(self, program, folder):
        read_end, self.write_to = os.pipe()
        self.read_from, write_end = os.pipe()
        words = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                 "--remote-debugging-pipe", f"--user-data-dir={folder}", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update",
                 "--disable-dev-shm-usage"]

        def connect():
            os.dup2(read_end, 1003)
            os.dup2(write_end, 1004)
            os.dup2(1003, 3)
            os.dup2(1004, 4)

        # The browser reads commands from 3 and answers at 4.
        self.process = subprocess.Popen(words, preexec_fn=connect, close_fds=False, start_new_session=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(read_end)
        os.close(write_end)
        self.number, self.rest, self.events = 0, b"", []
        self.end = time.monotonic() + LIMIT_S
        self.session = None

    def read(self):
        while b"\0" not in self.rest:
            if not select.select([self.read_from], [], [], max(0, self.end - time.monotonic()))[0]:
                fail(f"the browser says nothing for {LIMIT_S} s")
            piece = os.read(self.read_from, 1 << 20)
            if not piece:
                fail("the browser has ended")
            self.rest += piece
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    fail(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.read())

    def evaluate(self, expression, **more):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, **more)
        if "exceptionDetails" in result:
            fail(f"the page cannot be asked: {result['exceptionDetails']}")
        return result["result"].get("value")

    def close(self):
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()


def begin(browser):
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Log", "Runtime"):
        browser.call(f"{domain}.enable")


def load(browser, url):
    browser.events.clear()
    browser.call("Page.navigate", url=url)
    browser.wait("Page.loadEventFired")


def check_quiet(browser, url, where):
    """No request but that of the page itself, no message, no error."""
    for event in browser.events:
        method, parameters = event.get("method", ""), event.get("params", {})
        if method == "Network.requestWillBeSent":
            asked = parameters["request"]["url"]
            if asked != url and not asked.startswith("data:"):
                fail(f"{where}: the page asks for {asked}")
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            fail(f"{where}: a console message: {json.dumps(parameters)[:400]}")


def check_layout(browser, where, text):
    found = json.loads(browser.evaluate(MEASURE))
    if found["plots"] == 0 and not text:
        fail(f"{where}: there is no plot")
    if found["wide"] > 0:
        fail(f"{where}: the page is {found['wide']} pixels wider than the screen")
    if found["plots"] > 0 and found["smallest"] < LEAST_PIXELS:
        fail(f"{where}: letters of {found['smallest']:.1f} pixels")
    if found["outside"]:
        fail(f"{where}: text outside of its plot: {found['outside'][:5]}")
    return found["paper"]


def look(browser, url, width, scheme, arguments):
    where = f"{width} {scheme}"
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1,
                 mobile=False)
    browser.call("Emulation.setEmulatedMedia", media="screen",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
    load(browser, url)
    paper = check_layout(browser, where, arguments.text)
    check_quiet(browser, url, where)
    if arguments.shots:
        picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": width, "height": 4200 if width < 700 else 2600, "scale": 1})
        (arguments.shots / f"{width}-{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
    return paper


def check_axe(browser, url, path):
    load(browser, url)
    browser.evaluate(path.read_text())
    found = json.loads(browser.evaluate("axe.run().then(r => JSON.stringify(r.violations.map("
                                        "v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html)])))",
                                        awaitPromise=True))
    if found:
        fail("axe: " + json.dumps(found, indent=1)[:3000])
    print("axe: no violation")


def looks(arguments):
    """All of them for pictures; else those that differ most."""
    if arguments.shots:
        return {"light": WIDTHS, "dark": WIDTHS}
    return {"light": (320, 800), "dark": (320, 1600)}


def look_all(browser, url, arguments):
    begin(browser)
    papers = {scheme: {look(browser, url, width, scheme, arguments) for width in widths}
              for scheme, widths in looks(arguments).items()}
    if papers["light"] & papers["dark"]:
        fail(f"light and dark look alike: {papers}")
    if arguments.axe:
        check_axe(browser, url, arguments.axe)
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    load(browser, url)
    check_quiet(browser, url, "without scripts")
    sheets = browser.call("Page.printToPDF", printBackground=False)["data"]
    if arguments.shots:
        (arguments.shots / "paper.pdf").write_bytes(base64.b64decode(sheets))


def main():
    parser = argparse.ArgumentParser(description="Opens a page in Chromium and looks at it.")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--shots", type=pathlib.Path)
    parser.add_argument("--axe", type=pathlib.Path)
    arguments = parser.parse_args()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("browser.py: no Chromium is installed (package chromium)", file=sys.stderr)
        return 77
    if arguments.shots:
        arguments.shots.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(program, folder)
        try:
            look_all(browser, arguments.page.resolve().as_uri(), arguments)
        finally:
            browser.close()
    print("no request, no message, nothing too wide or too small")
    return 0


sys.exit(main())
