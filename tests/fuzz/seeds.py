#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the fuzzer starts from: small real documents, and the words of the schemas.

    seeds.py FOLDER     FOLDER/READER/* and FOLDER/dictionary

Reports are those of tests/driver/make_report.py with few cells, runs and buckets: a
fuzzer gets through small inputs faster.
"""

import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASES = ["usual", "unequal-checksum", "no-record", "incomplete", "one-bad-run", "wrong"]


def invented(case, rounds):
    command = [f"{ROOT}/tests/driver/make_report.py", "--case", case, "--rounds", str(rounds)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def small(report, tables, cells):
    """Fewer tables, cells and buckets; a twin for each block, as a real report has."""
    report["tables"] = report["tables"][-tables:]
    for table in report["tables"]:
        table["cells"] = table["cells"][-cells:]
        for cell in table["cells"]:
            cell["twins"] = json.loads(json.dumps(cell["samples"][:1]))
            for entry in cell["samples"] + cell["twins"] + [cell["warmup"] or {}]:
                latency = (entry.get("record") or {}).get("latency_ns")
                if latency:
                    latency["buckets"] = latency["buckets"][:3]
    return report


def gate():
    """What `quartet check` adds to a report."""
    ratio = {"table": "primes/one-cpu", "row": "coroutine", "metric": "wall_ns", "n": 4, "base": 1e8,
             "head": 1.1e8, "ratio": 1.1, "low": 1.05, "high": 1.15, "p": 0.01, "p_holm": 0.02,
             "floor": 0.01, "threshold": 0.05, "detectable": 0.04, "verdict": "REGRESSION",
             "reason": None, "confirmation": None}
    base = {"kind": "revision", "name": "origin/main", "commit": "0123456", "differences": ["flags"]}
    return {"base": base, "threshold": 0.05, "answers": [], "missing": [], "verdict": "REGRESSION",
            "exit_code": 3, "comparisons": [ratio, dict(ratio, metric="minor_faults", verdict="SAME")]}


def documents():
    """Pairs of a reader and a document."""
    for case in CASES:
        yield "report", small(invented(case, 2), 1, 2)
    yield "report", small(invented("usual", 3), 3, 1)
    yield "report", small(invented("usual", 7), 1, 2)
    yield "report", dict(small(invented("usual", 2), 1, 2), gate=gate())
    for cell in small(invented("usual", 1), 3, 5)["tables"][0]["cells"][2:]:
        yield "record", cell["warmup"]["record"]
    failed = dict(cell["warmup"]["record"], status="failed", reason="worker 3 died", latency_ns=None)
    yield "record", failed
    result = {"mean": 0.1, "stddev": None, "median": 0.1, "user": 0.1, "system": 0.01, "min": 0.1,
              "max": 0.1, "times": [0.1], "exit_codes": [0]}
    yield "hyperfine", {"results": [dict(result, command=name) for name in ("coroutine", "eventloop")]}
    figure = {"value": 1.5, "unit": "millisecond"}
    run = {"time_wall_clock": figure, "time_user": figure, "time_system": figure, "exit_code": 0}
    yield "hyperfine", {"schema_version": 2, "results": [
        {"name": name, "measurements": [run]} for name in ("coroutine", "eventloop")]}
    sample = dict(small(invented("usual", 1), 1, 1)["tables"][0]["cells"][0]["samples"][0], block=1)
    block = {"number": 1, "round": 1, "order": ["cell", "cell"], "twin": "cell", "valid": True, "noise": None}
    change = {"id": "cell", "status": "ok", "reason": None, "samples": [sample], "twins": [sample]}
    yield "journal", {"schema": "quartet.journal/1", "session": "now", "duration_ns": 1e9, "table": "table",
                      "block": block, "cells": [change]}


def requests():
    """What clients send; the first byte says in how large pieces."""
    host = "Host: h\r\n"
    plain = f"GET / HTTP/1.1\r\n{host}\r\n"
    yield "3" + plain + plain
    yield "0GET /work?us=5&seed=7 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + plain
    yield f"1POST / HTTP/1.1\r\n{host}Content-Length: 3\r\nExpect: 100-continue\r\n\r\nabc" + plain
    yield f"2PUT /page HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: u\r\n\r\n"
    yield f"4HEAD http://h/page HTTP/1.1\r\n{host}Upgrade: h2c\r\nConnection: close, upgrade\r\n\r\n"
    yield "5PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def words():
    """All keys and fixed values of the schemas, and the words of HTTP."""
    found = {"Content-Length:", "Transfer-Encoding:", "chunked", "Connection:", "close", "keep-alive",
             "Upgrade:", "Expect:", "100-continue", "Host:", "GET", "HEAD", "CONNECT", "HTTP/1.1",
             "HTTP/1.0", "HTTP/2.0", "/work?us=", "http://"}
    found |= {"null", "true", "false", "1e308", "-1", "18446744073709551615", "NaN"}
    folder = f"{ROOT}/results/schemas"
    for name in sorted(os.listdir(folder)):
        with open(f"{folder}/{name}", encoding="utf-8") as file:
            found |= set(re.findall(r'"([A-Za-z_0-9./-]{2,40})"', file.read()))
    return sorted(found)


def main():
    folder = sys.argv[1]
    for number, (reader, document) in enumerate(documents()):
        os.makedirs(f"{folder}/{reader}", exist_ok=True)
        with open(f"{folder}/{reader}/seed-{number}.json", "w", encoding="utf-8") as file:
            file.write(json.dumps(document, separators=(",", ":")) + "\n")
    for reader, before in (("request", ""), ("session", "\x00")):
        os.makedirs(f"{folder}/{reader}", exist_ok=True)
        for number, request in enumerate(requests()):
            with open(f"{folder}/{reader}/seed-{number}", "w", encoding="latin-1", newline="") as file:
                file.write(before + request)
    with open(f"{folder}/dictionary", "w", encoding="utf-8") as file:
        file.writelines(f'"\\"{word}\\""\n' for word in words())


main()
