#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grades the submissions of tests/grade. timeout: 300 s

    submissions.py [--repeat N] [--load N] [--jobs N] [FILE...]

A right one, in Python or C, must be accepted. A wrong one says in its head which properties
it fails, "# fails: live - why", and must fail these and no others. --repeat: grades the right
ones alone, each with N seeds; --load: beside so many programs that only compute.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KIT = ROOT / "docs" / "grade"
LIMIT_S = 280
FLAGS = ["-std=c17", "-D_DEFAULT_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"]
SPIN = [sys.executable, "-c", "while True: pass"]


def wanted(path):
    found = re.search(r"^# fails: ([a-z, ]+) - ", path.read_text(encoding="utf-8"), re.M)
    return sorted(found.group(1).split(", ")) if found else []


def command_of(path, folder):
    """Python is started without a look at its packages, which takes half of its time."""
    if path.suffix == ".py":
        return ["--", "python3", "-S", str(path)]
    program = pathlib.Path(folder) / path.parent.name
    subprocess.run([os.environ.get("CC", "cc"), *FLAGS, f"-I{ROOT}", str(path), "-o", str(program)],
                   check=True)
    return ["--", str(program)]


def grade(path, folder, runs):
    """An empty text, or what is wrong."""
    build = ROOT / os.environ.get("QUARTET_BUILD", "build/release")
    words = [build / "bin" / "quartet", "grade", "--exercise", path.parent.name, "--format", "json",
             "--runs", str(runs), "--timeout", f"{LIMIT_S}s", *command_of(path, folder)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(KIT), "PYTHONDONTWRITEBYTECODE": "1"})
    if done.returncode not in (0, 1) or done.stderr:
        return f"exit code {done.returncode}: {done.stderr}"
    report = json.loads(done.stdout)
    failed = {name: one["reason"] for name, one in report["properties"].items()
              if one["verdict"] == "FAILS"}
    if sorted(failed) != wanted(path) or report["accepted"] != (not failed):
        return f"fails {failed}, wanted {wanted(path)}"
    return ""


def choose(words):
    if words.files:
        return [pathlib.Path(name).resolve() for name in words.files]
    pattern = "right.*" if words.repeat > 1 else "[rw]*.*"
    return sorted(path for path in HERE.glob(f"*/{pattern}") if path.suffix in (".py", ".c"))


def run_all(files, words, folder):
    """TAP: a case for each."""
    print(f"1..{len(files)}")
    with concurrent.futures.ThreadPoolExecutor(words.jobs) as pool:
        results = pool.map(lambda path: grade(path, folder, words.repeat), files)
        for number, (path, fault) in enumerate(zip(files, results), 1):
            print(f"{'not ok' if fault else 'ok'} {number} - {path.relative_to(HERE)}", flush=True)
            for line in fault.splitlines():
                print(f"# {line}")
            yield not fault


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("files", nargs="*")
    words = parser.parse_args()
    load = [subprocess.Popen(SPIN) for _ in range(words.load)]
    try:
        with tempfile.TemporaryDirectory(prefix="quartet-grade-") as folder:
            return 0 if all(list(run_all(choose(words), words, folder))) else 1
    finally:
        for one in load:
            one.kill()
            one.wait()


if __name__ == "__main__":
    sys.exit(main())
