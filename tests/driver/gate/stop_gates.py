#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stops `quartet check` and `quartet calibrate` at random moments.

    stop_gates.py QUARTET FOLDER [--moments N] [--seed S]

Each of three chains begins one kind of session again and again in its own part of FOLDER:
a check against a folder with runners, a check against a revision of a git tree, and a
calibration. It is stopped by SIGINT, SIGTERM or SIGKILL at a random moment. After each stop:
the exit code; one line about it at most; no process and no temporary file is left, and nothing
in the git tree that was not there before; the report follows its schema and has each round
that had ended; what was calibrated before is there unchanged. At the end a session that nobody
stops ends well, and has put away what those that were killed have left. With the runners of
$QUARTET_RUNNERS.

Read next: stop_anywhere.py, which does the same with `quartet run` and goes on with it.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import secrets
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "measure"))

import stop_anywhere
from stop_anywhere import MARK, SIGNALS, eventually, marked_processes

PLAN = ["--workloads", "counting/one-cpu", "--models", "coroutine", "--rounds", "8"]
PLAN += ["--seed", "5", "--accept-noise"]
RESULTS = {"report.json", "report.md", "report.csv", "report.html"}
MAKEFILE = """all:
\t@mkdir -p build/$(MODE)/bin; cp runners/* build/$(MODE)/bin/
"""


def files_below(folder):
    """Names and content of all files; links by where they point to."""
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


class Chain:
    """Sessions of one kind. They run where a copy of the program lies in no source tree, and
    so write to results/ beside it."""

    def __init__(self, quartet, folder, words):
        self.folder = folder
        self.words = words
        self.temporary = folder / "tmp"
        self.work = folder / "work"
        for place in (self.temporary, self.work):
            place.mkdir(parents=True)
        self.quartet = folder / "quartet"
        shutil.copy(quartet, self.quartet)
        self.results = self.work / "results"
        self.state = folder / "state"
        self.environment = dict(
            os.environ,
            TMPDIR=str(self.temporary),
            QUARTET_LOCK=str(folder / "lock"),
            XDG_STATE_HOME=str(self.state),
            **{MARK: folder.name},
        )

    def git(self, *words):
        subprocess.run(["git", "-C", self.work, *words], check=True, env=self.environment)

    def make_tree(self, runners):
        """A git tree in whose first revision `make` builds runners."""
        (self.work / "runners").mkdir()
        for runner in pathlib.Path(runners).iterdir():
            shutil.copy(runner, self.work / "runners" / runner.name)
        (self.work / "Makefile").write_text(MAKEFILE, encoding="utf-8")
        (self.work / ".gitignore").write_text("results\n", encoding="utf-8")
        self.git("init", "-q")
        self.git("config", "user.email", "nobody@example.org")
        self.git("config", "user.name", "nobody")
        self.git("add", ".")
        self.git("commit", "-qm", "one")

    def run(self, moment, number):
        """Starts a session, and stops it at a moment (None: never). (code, stderr)"""
        command = [self.quartet, *self.words, *PLAN]
        return stop_anywhere.run_and_stop(command, moment, number, self.environment, self.work)

    def check_reports(self, said, number):
        """Those of all sessions are whole. That of one which was asked to stop has all that
        had ended; what a killed one has kept is for `quartet run` to know (stop_anywhere.py)."""
        reports = sorted(self.results.glob("2*/report.json"), key=lambda path: path.stat().st_mtime)
        if stop_anywhere.validate is not None:
            for path in reports:
                found = list(stop_anywhere.validate.mistakes(path, stop_anywhere.SCHEMAS))
                assert not found, found
        ended = len(stop_anywhere.BEGUN.findall(said)) - 1
        if ended > 0 and number != signal.SIGKILL:
            report = json.loads(reports[-1].read_text(encoding="utf-8"))
            assert stop_anywhere.count_blocks(report) >= ended, said

    def step(self, moment, number):
        """One stop. False if the session had ended before it."""
        tree = files_below(self.work / ".git")
        state = files_below(self.state)
        code, said = self.run(moment, number)
        eventually(lambda: not marked_processes(self.folder.name), "a process is left")
        eventually(lambda: not list(self.temporary.iterdir()), "a temporary file is left")
        assert files_below(self.work / ".git") == tree, "something is left in the git tree"
        self.check_reports(said, number)
        if code in (0, 3):  # 3: what the machine did looked like a slow-down, twice
            return False
        # A stop that comes when all has been stored is not seen by a driver that is killed.
        if number != signal.SIGKILL:
            assert files_below(self.state) == state, "a calibration has changed"
        early = "] " not in said and code == -number
        assert code == (-number if number == signal.SIGKILL else 130) or early, (code, said)
        assert said.count("quartet: ") <= 1, said
        return True

    def finish(self):
        """A session that nobody stops: all is well, and nothing half written is left. (stderr)"""
        code, said = self.run(None, None)
        assert code == 0, (code, said)
        beside = {path.name for path in self.results.iterdir() if not path.name.startswith("2")}
        assert beside == {"latest"}, beside
        assert {path.name for path in (self.results / "latest").iterdir()} == RESULTS
        left = [name for name in files_below(self.state) if not name.endswith("/calibration.json")]
        assert not left, left
        return said

    def stop_often(self, rng, stops):
        self.finish()
        began = time.monotonic()
        said = self.finish()
        moments = stop_anywhere.Moments(time.monotonic() - began, said)
        made = 0
        while made < stops:
            made += self.step(moments.draw(rng), rng.choice(SIGNALS))
        # What a killed one leaves in its last moments, which chance hardly ever finds.
        for name in ("results/latest.quartet-1.tmp", "results/latest.quartet-Ab12Cd.tmp"):
            (self.work / name).symlink_to("nowhere")
        for stored in self.state.rglob("calibration.json"):
            (stored.parent / "calibration.json.quartet-Ab12Cd.tmp").write_text("{", encoding="utf-8")
        self.finish()
        return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quartet")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--moments", type=int, default=15)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    arguments = parser.parse_args()
    runners = os.environ["QUARTET_RUNNERS"]
    print(f"seed {arguments.seed}", flush=True)

    kinds = {
        "folder": ["check", "--base", runners, "--threshold", "100%"],
        "revision": ["check", "--base", "HEAD", "--threshold", "100%"],
        "calibrate": ["calibrate"],
    }
    if shutil.which("git") is None:
        print("git is not installed: no revisions")
        del kinds["revision"]
    chains = [Chain(arguments.quartet, arguments.folder / kind, kinds[kind]) for kind in kinds]
    for chain in chains:
        if chain.folder.name == "revision":
            chain.make_tree(runners)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        futures = [
            pool.submit(chain.stop_often, random.Random(arguments.seed + i),
                        (arguments.moments + i) // len(chains))
            for i, chain in enumerate(chains)
        ]
        made = sum(future.result() for future in futures)
    print(f"{made} stops")
    return 0


if __name__ == "__main__":
    sys.exit(main())
