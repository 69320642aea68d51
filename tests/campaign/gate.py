# SPDX-License-Identifier: MIT
"""Runs one `quartet check` and says what it found.

A gate must end by itself within GATE_LIMIT_S; when the campaign is interrupted, or dies,
so is the gate, which then ends as it does on Ctrl-C.
"""

import ctypes
import gzip
import json
import os
import shutil
import signal
import statistics
import subprocess
import time

GATE_LIMIT_S = 1800
END_LIMIT_S = 60
PR_SET_PDEATHSIG = 1  # prctl(2)


class GateFailed(Exception):
    """The gate did not come to a verdict."""


def die_with_parent(number):
    """For the time between fork and exec: the child gets this signal when we die."""
    libc = ctypes.CDLL(None)

    def prepare():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        libc.prctl(PR_SET_PDEATHSIG, number)

    return prepare


def end(process, number, seconds):
    """Asks a process group to end, and kills what does not."""
    for one, patience in ((number, seconds), (signal.SIGKILL, seconds)):
        try:
            os.killpg(process.pid, one)
        except ProcessLookupError:
            pass
        try:
            process.wait(timeout=patience)
            return
        except subprocess.TimeoutExpired:
            continue


def execute(argv, environment, log_path):
    """The exit code of the gate; its output goes to a file."""
    with open(log_path, "wb") as log:
        process = subprocess.Popen(
            argv,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches it through us, once
            preexec_fn=die_with_parent(signal.SIGINT),
        )
        try:
            return process.wait(timeout=GATE_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise GateFailed(f"not finished after {GATE_LIMIT_S} s") from None
        finally:
            if process.poll() is None:
                end(process, signal.SIGINT, END_LIMIT_S)


def last_line(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.strip() for line in file if line.strip()]
    return lines[-1] if lines else "it said nothing"


# ---- what a report says ------------------------------------------------------------


def cpu_by_block(cell):
    return {s["block"]: s["user_ns"] + s["system_ns"] for s in cell["samples"] if s["exit_code"] == 0}


def base_of(report, row):
    """The cells of base and head that a row compares."""
    table = next(table for table in report["tables"] if table["id"] == row["table"])
    head = next(cell for cell in table["cells"] if cell["label"] == row["row"])
    base = next(cell for cell in table["cells"] if cell.get("base_of") == head["id"])
    return base, head


def injected_work(report, one):
    """By how much more CPU time head took than base, in the row for which the work is made:
    was the plant as large as it should be?"""
    for row in report["gate"]["comparisons"]:
        if row["model"] == one["model"] and row["table"] == one.get("table"):
            base, head = (cpu_by_block(cell) for cell in base_of(report, row))
            more = [head[block] / base[block] - 1 for block in base if block in head]
            return statistics.median(more) if more else None
    return None


ROW_KEYS = (
    "table row model metric n ratio low high p_holm floor threshold detectable decides warning "
    "verdict reason"
).split()


def rows_of(report):
    """The comparisons that decide, without what can be computed from the report."""
    return [
        {key: row.get(key) for key in ROW_KEYS}
        for row in report["gate"]["comparisons"]
        if row["metric"] in ("wall_ns", "cpu_ns", "p99_ns") or row["verdict"] != "SAME"
    ]


def describe_try(report, code, seconds, one):
    blocks = [block for table in report["tables"] for block in table["blocks"]]
    return {
        "exit_code": code,
        "verdict": report["gate"]["verdict"],
        "seconds": round(seconds, 1),
        "rounds": len([block for block in blocks if block["valid"]]),
        "disturbed": len([block for block in blocks if not block["valid"]]),
        "rows": rows_of(report),
        "injected": injected_work(report, one),
    }


def load_report(folder):
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        return json.load(file)


def pack_report(folder):
    """A report has megabytes, most of which are repetitions."""
    path = os.path.join(folder, "report.json")
    with open(path, "rb") as file, gzip.open(path + ".gz.new", "wb") as packed:
        shutil.copyfileobj(file, packed)
    os.replace(path + ".gz.new", path + ".gz")
    os.remove(path)


def run_gate(quartet, base, head, options, folder, one):
    """Runs a gate whose report goes into `folder`. Returns (result, report)."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    log_path = os.path.join(folder, "output.txt")
    turns = str(one.get("turns", 0))
    environment = dict(os.environ, QUARTET_RUNNERS=head, NO_COLOR="1", INJECT_TURNS=turns)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        environment.pop(name, None)
    argv = [quartet, "check", "--base", base, "--output", folder, "--wait", *options]
    began = time.monotonic()
    code = execute(argv, environment, log_path)
    seconds = time.monotonic() - began
    if code not in (0, 3, 4):
        raise GateFailed(f"exit code {code}: {last_line(log_path)} (all of it: {log_path})")
    report = load_report(folder)
    result = describe_try(report, code, seconds, one)
    if (code == 3) != (result["verdict"] == "REGRESSION"):
        raise GateFailed(f"exit code {code} and verdict {result['verdict']} (see {folder})")
    pack_report(folder)
    return result, report
