#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each call of the driver is refused once: memory apart, whatever the system can say no to.

    driver_calls.py LIBRARY QUARTET [--draw N] [--seed S] [--only COMMAND[:FUNCTION[:N]]]...

A command is run once to count its calls (refuse_driver.c), and then once for each of them, or
for N that are drawn, with that one call refused. It must end by itself, with an exit code of
the driver's; say in a line what failed, unless it could do without; and leave no process, no
temporary file, and no half report. Under AddressSanitizer and LeakSanitizer, not one byte.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FAKE = pathlib.Path(__file__).parent.parent / "driver"
MODELS = ["sequential", "multiprocess", "multithread", "coroutine", "eventloop"]
TABLE = ["--workloads", "counting/one-cpu", "--models", "coroutine,eventloop"]
COMMANDS = {
    "run": ["run", "-o", "out", *TABLE, "--rounds", "1", "--seed", "5", "--accept-noise"],
    "check": ["check", "--no-counters", "--base", "old", "-o", "out", *TABLE, "--rounds", "6",
              "--seed", "5", "--accept-noise", "--threshold", "100%"],
    "revision": ["check", "--no-counters", "--base", "HEAD", "-o", "out", *TABLE, "--rounds", "9",
                 "--seed", "5", "--accept-noise", "--threshold", "100%"],
    "resume": ["run", "--resume", "part"],
    "report": ["report", "old"],
    "export": ["export", "--format", "csv", "old"],
    "compare": ["compare", "old", "old"],
    "merge": ["merge", "old", "older"],
    "baseline": ["baseline", "save", "kept", "old"],
    "history": ["history", "reports"],
    "list": ["list"],
    "doctor": ["doctor"],
}
MAKEFILE = """all:
\t@mkdir -p build/$(MODE)/bin; cp runners/* build/$(MODE)/bin/
"""
CODES = {0, 1, 2, 3, 4, 5, 77}
# What these say is known: if they end well, they have said all of it.
READERS = {"report", "export", "compare", "history", "list"}
MARK = "QUARTET_REFUSED"
OFTEN = 50  # what is called more often than that is a loop: then each fiftieth call does


class World:
    """A folder with fake runners, a stop-watch that reports what they say, and an old report."""

    def __init__(self, folder, library, quartet):
        self.folder, self.quartet = pathlib.Path(folder), quartet
        runners = self.folder / "runners"
        runners.mkdir()
        for model in MODELS:
            (runners / model).symlink_to((FAKE / "fake_runner").resolve())
        for name in ("steady", "reports"):
            (self.folder / name).mkdir()
        shutil.copy(FAKE / "steady_hyperfine", self.folder / "steady" / "hyperfine")
        self.environment = dict(
            os.environ, QUARTET_RUNNERS=str(runners), LD_PRELOAD=library, LC_ALL="C", NO_COLOR="1",
            PATH=f"{self.folder}/steady:{os.environ['PATH']}",
            ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=1:exitcode=99",
            UBSAN_OPTIONS="exitcode=99",
        )
        for name in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
            self.environment.pop(name, None)
        self.make_tree()
        self.said, self.calls = {}, {}  # by command, where nothing is refused
        self.old = self.folder / "reports" / "old"
        for name, seed in (("old", "5"), ("older", "6")):
            words = ["run", "-o", str(self.folder / "reports" / name), *TABLE, "--rounds", "1", "--accept-noise"]
            made = self.run(f"make-{name}", [*words, "--seed", seed], {})
            assert made.returncode == 0, made.stdout

    def make_tree(self):
        """A git tree in whose one revision `make` builds runners."""
        tree = self.folder / "tree"
        shutil.copytree(self.folder / "runners", tree / "runners")
        (tree / "Makefile").write_text(MAKEFILE)
        git = ["git", "-C", tree, "-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
            subprocess.run([*git, *words], check=True)

    def run(self, name, arguments, more):
        """In a folder of its own, which is returned in `.place`; all output is in `.stdout`."""
        place = self.folder / name
        (place / "tmp").mkdir(parents=True)
        if "HEAD" in arguments:
            shutil.copytree(self.folder / "tree", place / "work")
        else:
            (place / "work").mkdir()
        for old in ("reports", "reports/old", "reports/older"):
            if (self.folder / old).exists():
                (place / "work" / os.path.basename(old)).symlink_to(self.folder / old)
        if "part" in arguments:
            shutil.copytree(self.old, place / "work" / "part")
            report = place / "work" / "part" / "report.json"
            text = json.loads(report.read_text())
            text.update(complete=False, incomplete_reason="interrupted by the user")
            report.write_text(json.dumps(text))
        environment = dict(
            self.environment, TMPDIR=str(place / "tmp"), QUARTET_LOCK=str(place / "lock"),
            XDG_STATE_HOME=str(place / "state"), XDG_CACHE_HOME=str(place / "cache"), **more,
        )
        environment[MARK] = str(place)
        process = subprocess.Popen(
            [self.quartet, *arguments], cwd=place / "work", env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, errors="replace",
        )
        try:
            output, _ = process.communicate(timeout=40)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, code = process.communicate()[0], None
        done = subprocess.CompletedProcess(arguments, code, output)
        done.place = place
        return done

    def count(self, command):
        """[(function, call)] of a run in which nothing is refused."""
        if command in self.calls:
            return self.calls[command]
        counts = self.folder / f"counts-{command}"
        done = self.run(f"count-{command}", COMMANDS[command], {"COUNTS": str(counts)})
        assert done.returncode in CODES and counts.exists(), (command, done.returncode, done.stdout)
        self.said[command] = done.stdout
        calls = [line.split() for line in counts.read_text().splitlines()]
        self.calls[command] = [
            (name, n) for name, count in calls for n in range(1, int(count) + 1)
            if n <= OFTEN or n % OFTEN == 0
        ]
        return self.calls[command]


def left_processes(place):
    wanted, found = f"{MARK}={place}".encode(), []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                if wanted in file.read().split(b"\0"):
                    found.append(int(entry))
        except OSError:
            pass
    return found


def left_files(place):
    """Temporary files, and results that are neither whole nor named as what they are."""
    found = [str(path.relative_to(place)) for path in (place / "tmp").rglob("*")]
    found += [str(path.relative_to(place)) for path in place.rglob("*.tmp")]
    found += [str(path.relative_to(place)) for path in (place / "work").glob(".git/worktrees/*")]
    for path in (place / "work").rglob("report.json"):
        try:
            json.loads(path.read_text())
        except ValueError:
            found.append(f"{path.relative_to(place)}, of which a part is missing")
    return sorted(set(found))


def in_the_end(look, place):
    """What is still left a little later: the driver's janitor outlives it for a moment."""
    deadline = time.monotonic() + 5
    while (left := look(place)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def judge(done):
    """What is wrong with the end of a command, or None."""
    said = [line for line in done.stdout.splitlines() if re.match(r"quartet: |[a-z]+: |  problem ", line)]
    if done.returncode is None:
        return "does not end"
    if re.search(r"Sanitizer|runtime error:|CHECK", done.stdout):
        return "a sanitizer, or a check, speaks"
    if done.returncode not in CODES:
        return f"exit code {done.returncode}"
    if done.returncode in (1, 2, 77) and not said:
        return f"exit code {done.returncode} without a line that says why"
    if left := in_the_end(left_processes, done.place):
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return f"leaves processes behind: {left}"
    if left := in_the_end(left_files, done.place):
        return f"leaves files behind: {', '.join(left)}"
    return None


def refuse(world, command, function, n):
    """One run, with one refusal. A line about it, or None."""
    done = world.run(f"{command}-{function}-{n}", COMMANDS[command], {"REFUSE": f"{function}:{n}"})
    wrong = judge(done)
    if wrong is None and command in READERS and done.returncode == 0:
        same = done.stdout == world.said[command] or "cannot " in done.stdout
        wrong = None if same else "ends well, and says something else"
    shutil.rmtree(done.place)
    if wrong is None:
        return None
    last = "\n    | ".join(done.stdout.splitlines()[-12:])
    return f"{command}, {function}:{n}: {wrong}\n    | {last}"


def choose(world, only):
    """(command, function, call), of those that are asked for."""
    for asked in only or COMMANDS:
        command, function, n = (asked.split(":") + ["", ""])[:3]
        for call in world.count(command):
            if function in ("", call[0]) and n in ("", str(call[1])):
                yield (command, *call)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("quartet")
    parser.add_argument("--draw", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append")
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, arguments.library, arguments.quartet)
        calls = list(choose(world, arguments.only))
        if arguments.draw:
            calls = random.Random(arguments.seed).sample(calls, min(arguments.draw, len(calls)))
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            wrong = [line for line in pool.map(lambda call: refuse(world, *call), calls) if line]
    print("\n".join(wrong + [f"{len(calls)} calls refused, {len(wrong)} ended badly"]))
    sys.exit(1 if wrong or not calls else 0)


main()
