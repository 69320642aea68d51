#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stops sessions of `quartet run` at random moments and goes on with them.

    stop_anywhere.py QUARTET FOLDER [--moments N] [--seed S]

A session is started, stopped at a random moment (SIGINT, SIGTERM or SIGKILL), resumed,
stopped again, until it is complete; then the next one begins, until N stops have been made.
After each stop: the exit code; no process and no temporary file is left; the report, with its
journal where there is one, follows its schema; each round that had ended is in it, and all
that was in it before is there unchanged. At the end: the order of all rounds is that of a
session that nobody stopped, and the journal is gone. A few such chains run side by side in
FOLDER, with the runners of $QUARTET_RUNNERS.

A moment is so many lines of progress, and a short time after that: so that all parts of a
session are hit, however fast or busy the machine is.
"""

import argparse
import concurrent.futures
import json
import math
import os
import pathlib
import random
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
import typing

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "schema"))
try:
    import validate
except SystemExit:
    validate = None

SCHEMAS = validate.load_schemas() if validate else {}
CHAINS = 3  # stopping takes a while, in which they do nothing
MARK = "QUARTET_STOPPED"  # in the environment of all that a chain starts
PATIENCE_S = 60
PLAN = ["--workloads", "counting", "--rounds", "2", "--seed", "5", "--accept-noise"]
FILES = {"report.json", "report.md", "report.csv", "report.html"}
SIGNALS = [signal.SIGINT] * 5 + [signal.SIGTERM] * 2 + [signal.SIGKILL] * 3
BEGUN = re.compile(r"^\[\d+/\d+\] round ", re.MULTILINE)
PROGRESS = re.compile(r"^\[\d+/\d+\] ", re.MULTILINE)


def marked_processes(mark):
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if wanted in pathlib.Path("/proc", entry, "environ").read_bytes().split(b"\0"):
                found.append(int(entry))
        except OSError:
            pass  # ended meanwhile, or not ours
    return found


def eventually(condition, what):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.03)


def runs_of(report):
    """All that was measured, as lists that may only grow."""
    grown = {}
    for table in report["tables"]:
        grown[table["id"]] = table["blocks"]
        for cell in table["cells"]:
            grown[cell["id"], "warmup"] = [cell["warmup"]] if cell["warmup"] else []
            for kind in ("samples", "twins"):
                grown[cell["id"], kind] = cell[kind]
    return grown


def count_blocks(report):
    return sum(len(table["blocks"]) for table in report["tables"])


def orders_of(report):
    return {table["id"]: [block["order"] for block in table["blocks"]] for table in report["tables"]}


class Moment(typing.NamedTuple):
    """When to stop: after so many lines of progress, and so many seconds more."""

    lines: int
    seconds: float


class Moments:
    """Draws moments from a session that took so long, and said this."""

    def __init__(self, seconds, said):
        self.lines = len(PROGRESS.findall(said))
        assert self.lines > 0, said
        self.step_s = seconds / self.lines

    def draw(self, rng):
        return Moment(rng.randint(0, self.lines), rng.uniform(0.001, self.step_s))


def read_lines(file, wanted, lines, reached):
    """Collects the lines of a file; sets `reached` at its end, or once enough of them tell of
    progress."""
    seen = 0
    for line in file:
        lines.append(line)
        seen += PROGRESS.match(line) is not None
        if seen >= wanted:
            reached.set()
    reached.set()


def run_and_stop(command, moment, number, environment, folder=None):
    """Runs it in a folder, and sends it a signal at a moment (None: never). (exit code,
    stderr)"""
    lines, reached = [], threading.Event()
    with subprocess.Popen(
        ["env", "--default-signal=INT,TERM", *command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:
        wanted = moment.lines if moment else math.inf
        if wanted == 0:
            reached.set()
        reader = threading.Thread(target=read_lines, args=(process.stderr, wanted, lines, reached))
        reader.start()
        try:
            assert reached.wait(PATIENCE_S), f"{wanted} lines did not come: {lines}"
            process.wait(moment.seconds if moment else PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
            process.wait(PATIENCE_S)
        finally:
            process.kill()
            reader.join(PATIENCE_S)
    return process.returncode, "".join(lines)


class Chain:
    """One session after the other in a folder of its own."""

    def __init__(self, quartet, folder):
        self.quartet = quartet
        self.mark = folder.name
        self.out = folder / "out"
        self.whole = folder / "whole.json"
        self.journals = 0
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True)
        self.environment = dict(
            os.environ,
            TMPDIR=str(self.temporary),
            QUARTET_LOCK=str(folder / "lock"),
            **{MARK: self.mark},
        )
        self.begin()

    def begin(self):
        """A session that is still to be started."""
        for file in self.out.glob("*"):
            file.unlink()
        self.blocks = 0
        self.runs = {}
        self.stops = 0

    def run(self, moment, number):
        """Starts or resumes, and stops at a moment (None: never). (exit code, stderr)"""
        saved = (self.out / "report.json").exists()
        words = ["--resume", str(self.out)] if saved else ["-o", str(self.out), *PLAN]
        return run_and_stop([self.quartet, "run", *words], moment, number, self.environment)

    def check_leftovers(self, number):
        eventually(lambda: not marked_processes(self.mark), "a process is left")
        eventually(lambda: not list(self.temporary.iterdir()), "a temporary file is left")
        if number != signal.SIGKILL and self.out.exists():
            names = {file.name for file in self.out.iterdir()}
            assert self.killed or names <= FILES, names

    def load(self):
        path = self.out / "report.json"
        if not path.exists():
            assert not self.runs, "the report has vanished"
            return None
        self.journals += (self.out / "report.json.journal").exists()
        words = [self.quartet, "report", str(self.out), "--format", "json"]
        text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        self.whole.write_text(text, encoding="utf-8")
        for file in (path, self.whole) if validate else ():
            found = list(validate.mistakes(file, SCHEMAS))
            assert not found, found
        return json.loads(text)

    def check_report(self, report, said):
        """Nothing that had ended is lost, and nothing has changed."""
        before = self.blocks
        self.blocks = count_blocks(report)
        # The last round that has begun may not have ended.
        ended = max(0, len(BEGUN.findall(said)) - 1)
        assert self.blocks >= before + ended, (before, ended, self.blocks, said)
        grown = runs_of(report)
        for key, runs in self.runs.items():
            assert grown[key][: len(runs)] == runs, key
        self.runs = grown
        for table in report["tables"]:
            times = [block["started_ns"] for block in table["blocks"]]
            assert times == sorted(times), times

    def step(self, moment, number):
        """One stop. True if there was one, False if the session was complete before it."""
        self.killed = bool(self.out.exists() and {f.name for f in self.out.iterdir()} - FILES)
        code, said = self.run(moment, number)
        self.check_leftovers(number)
        report = self.load()
        if report is not None:
            self.check_report(report, said)
        if report is not None and report["complete"]:
            assert code == 0 or code == -signal.SIGKILL == -number, (code, said)
            return False
        # Before the driver holds signals back, they end it as they end any program.
        early = said == "" and code == -number
        assert code == (-number if number == signal.SIGKILL else 130) or early, (code, said)
        assert said.count("quartet: ") <= 1, said
        self.stops += 1
        return True

    def finish(self, orders):
        """Completes what was stopped, and compares it with what was not."""
        self.killed = False
        code, said = self.run(None, None)
        assert code == 0, (code, said)
        self.check_leftovers(None)
        report = self.load()
        self.check_report(report, said)
        assert report["complete"]
        assert orders_of(report) == orders
        assert len(report.get("resumed", [])) <= self.stops
        assert {file.name for file in self.out.iterdir()} == FILES

    def stop_often(self, rng, stops, moments, orders):
        sessions = 0
        made = 0
        while made < stops:
            if self.step(moments.draw(rng), rng.choice(SIGNALS)):
                made += 1
            else:
                self.finish(orders)
                self.begin()
                sessions += 1
        self.finish(orders)
        return sessions + 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quartet")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--moments", type=int, default=24)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}; schema {'checked' if validate else 'not checked'}", flush=True)

    chains = [Chain(arguments.quartet, arguments.folder / f"chain{i}") for i in range(CHAINS)]
    began = time.monotonic()
    code, said = chains[0].run(None, None)
    assert code == 0, said
    moments = Moments(time.monotonic() - began, said)
    orders = orders_of(chains[0].load())
    chains[0].begin()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        futures = [
            pool.submit(
                chain.stop_often,
                random.Random(arguments.seed + i),
                (arguments.moments + i) // CHAINS,
                moments,
                orders,
            )
            for i, chain in enumerate(chains)
        ]
        sessions = sum(future.result() for future in futures)
    journals = sum(chain.journals for chain in chains)
    print(f"{arguments.moments} stops, {sessions} sessions, each complete in the end")
    print(f"{journals} times blocks were in a journal")
    return 0


if __name__ == "__main__":
    sys.exit(main())
