# SPDX-License-Identifier: MIT
"""The same command of quartet again and again: a series of sessions, which is continued.

A session is a folder STATE/quiet/001, or STATE/load-2/001 beside `stress-ng --cpu 2`. One that
is complete is kept; so a series that was interrupted goes on. conclusions and claims say what
they run, and hold the sessions against each other.
"""

import argparse
import dataclasses
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys

from gate import GateFailed, die_with_parent, end, execute, last_line
from load import is_there

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QUIET = "quiet"
CANNOT, INTERRUPTED = 77, 130


@dataclasses.dataclass
class Series:
    name: str  # of the script, and of the target of make
    command: list  # of quartet, without the options of a session
    file: str  # in the folder of a session; its member "complete" says so


def say(text):
    print(text, file=sys.stderr, flush=True)


def kind_of(load):
    return QUIET if load == 0 else f"load-{load}"


def is_complete(series, folder):
    try:
        with open(os.path.join(folder, series.file), encoding="utf-8") as file:
            return json.load(file)["complete"]
    except (OSError, ValueError, KeyError):
        return False


def stored(series, state):
    """{kind: [folder]} of the complete sessions, the quiet ones first."""
    kinds = {}
    names = os.listdir(state) if os.path.isdir(state) else []
    for kind in sorted(names, key=lambda name: (name != QUIET, name)):
        if kind == QUIET or re.fullmatch(r"load-\d+", kind):
            folders = sorted(os.listdir(os.path.join(state, kind)))
            folders = [os.path.join(state, kind, name) for name in folders]
            kinds[kind] = [folder for folder in folders if is_complete(series, folder)]
    return {kind: folders for kind, folders in kinds.items() if folders}


# ---- running ---------------------------------------------------------------------------


def keep_options(series, state, options):
    """Sessions of other sizes would not be repetitions."""
    path = os.path.join(state, "options.json")
    if not os.path.exists(path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(options, file)
    with open(path, encoding="utf-8") as file:
        known = json.load(file)
    if known != options:
        sys.exit(
            f"{series.name}: the sessions in '{state}' have other options: "
            f"{' '.join(known) or 'none'}"
        )


def start_load(load):
    if load == 0:
        return None
    return subprocess.Popen(
        ["stress-ng", "--quiet", "--cpu", str(load)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


def run_session(series, folder, arguments, seed):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    log = os.path.join(folder, "output.txt")
    quartet = os.path.join(arguments.build, "bin/quartet")
    argv = [quartet, *series.command, "--seed", str(seed), "--output", folder, *arguments.options]
    process = start_load(arguments.load)
    try:
        code = execute(argv, dict(os.environ, NO_COLOR="1"), log)
    finally:
        if process is not None:
            end(process, signal.SIGTERM, 5)
    if code != 0 or not is_complete(series, folder):
        raise GateFailed(f"exit code {code}: {last_line(log)} (all of it: {log})")


def run_all(series, arguments):
    kind = kind_of(arguments.load)
    for number in range(1, arguments.sessions + 1):
        folder = os.path.join(arguments.state, kind, f"{number:03}")
        if is_complete(series, folder):
            continue
        say(f"[{number}/{arguments.sessions}] {kind}")
        # Every session has an order of its own: what depends on it differs between them.
        run_session(series, folder, arguments, 1000 * arguments.load + number)


def measure(series, arguments):
    if arguments.load > 0 and not is_there():
        say(f"{series.name}: stress-ng is not installed (package stress-ng)")
        sys.exit(CANNOT)
    os.makedirs(arguments.state, exist_ok=True)
    lock = os.open(arguments.state, os.O_RDONLY)  # locked until we end
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{series.name}: somebody else measures in '{arguments.state}'")
    keep_options(series, arguments.state, arguments.options)
    try:
        run_all(series, arguments)
    except GateFailed as error:
        sys.exit(f"{series.name}: a session failed: {error}")


# ---- the command -----------------------------------------------------------------------


def parse_arguments(series, description, epilog):
    parser = argparse.ArgumentParser(
        prog=f"tests/campaign/{series.name}", description=description, epilog=epilog
    )
    parser.add_argument("--sessions", type=int, default=20, metavar="N", help="how many (20)")
    parser.add_argument(
        "--load", type=int, default=0, metavar="N", help="beside `stress-ng --cpu N` (0: quiet)"
    )
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"), metavar="DIR")
    parser.add_argument(
        "--state", default=os.path.join(ROOT, "build", series.name), metavar="DIR"
    )
    parser.add_argument("--table", action="store_true", help="run nothing, print what is known")
    command = " ".join(["quartet", *series.command[:1]])
    parser.add_argument("options", nargs="*", help=f"after --: options for {command}")
    arguments = parser.parse_args()
    if arguments.sessions < 1 or arguments.load < 0:
        parser.error("give one or more sessions, and a load of 0 or more")
    return arguments


def run_and_show(series, arguments, show):
    if not arguments.table:
        measure(series, arguments)
    folders = stored(series, arguments.state)
    if not folders:
        print(f"no session has been run yet: make {series.name}")
        return CANNOT
    return show(folders, arguments)


def interrupt(number, frame):
    raise KeyboardInterrupt


def command(series, arguments, show):
    """Measures what is not stored yet, and ends with what show({kind: [folder]}) returns."""
    signal.signal(signal.SIGTERM, interrupt)
    try:
        sys.exit(run_and_show(series, arguments, show))
    except KeyboardInterrupt:
        say(f"\n{series.name}: interrupted; the same command continues, --table shows what is known")
        sys.exit(INTERRUPTED)


def print_table(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
