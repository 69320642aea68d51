#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every figure of every export, computed anew from the samples of a report.

    export_figures.py FOLDER        compares FOLDER/out.FORMAT with FOLDER/report.json

Whether a row is "equal" to the best is a question of tests/driver/statistics.
"""

import csv
import itertools
import json
import pathlib
import re
import statistics
import sys
import xml.etree.ElementTree as tree

from figures import NAN, equal, median, median_interval, percentile, ratio, rows_of, same

PHASES = ["setup", "spawn", "run", "join", "teardown"]



def csv_row(line, row, ranked, first):
    cell, table, walls = row.cell, row.table, row.walls
    low, high, confidence = median_interval(walls)
    distances = [abs(wall - median(walls)) for wall in walls]
    merged = row.latencies()
    count = sum(merged.values())
    memory = (cell["warmup"] or {"record": {}})["record"].get("memory")
    seconds = {
        "wall_median_s": median(walls), "wall_low_s": low, "wall_high_s": high,
        "wall_mad_s": median(distances), "wall_min_s": min(walls), "wall_max_s": max(walls),
        "wall_mean_s": statistics.fmean(walls), "wall_stddev_s": statistics.stdev(walls),
        "run_per_operation_s": row.phase("run") / row.operations,
        "cpu_s": median(row.cpu("user", "system")), "cpu_user_s": median(row.cpu("user")),
        "cpu_system_s": median(row.cpu("system")),
        "latency_p50_s": percentile(merged, 0.5),
        "latency_p99_s": percentile(merged, 0.99) if count >= 1000 else NAN,
        "peer_cpu_s": median([r["peer_cpu_ns"] for r in row.records if r["peer_cpu_ns"] is not None]),
        "caused_cpu_s": median(list(row.caused().values())),
    }
    seconds.update({f"{phase}_s": row.phase(phase) for phase in PHASES})
    for name, value in seconds.items():
        same(f"{cell['id']} {name}", line[name], value / 1e9)
    numbers = {
        "runs": len(walls), "wall_confidence": confidence, "operations": row.operations,
        "voluntary_switches": row.switches("voluntary"),
        "involuntary_switches": row.switches("involuntary"),
        "memory_bytes": memory and memory["bytes"], "latency_count": count or NAN,
    }
    for name, value in numbers.items():
        same(f"{cell['id']} {name}", line[name], value)
    equal("memory_method", line["memory_method"], memory["method"] if memory else "")
    equal("latency_kind", line["latency_kind"], "service" if count else "")
    csv_ratios(line, row, ranked)
    csv_sweep(line, row, first)
    return table


def csv_ratios(line, row, ranked):
    what = row.cell["id"]
    names = ["ratio_to_best", "ratio_low", "ratio_high"]
    if row is ranked[0]:
        equal(what, [line[name] for name in names + ["ratio_confidence"]], [""] * 4)
    else:
        found = ratio(row.times(), ranked[0].times())
        found.expect(f"{what} to best", *(float(line[name]) for name in names))
        same(f"{what} confidence", line["ratio_confidence"], found.confidence, 1e-4)
    names = ["caused_ratio_to_least", "caused_ratio_low", "caused_ratio_high"]
    least = min(
        (other for other in ranked if other.caused()),
        key=lambda other: median(list(other.caused().values())), default=None,
    )
    if least is None or least is row:
        equal(what, [line[name] for name in names], [""] * 3)
    else:
        found = ratio(row.caused(), least.caused())
        found.expect(f"{what} caused", *(float(line[name]) for name in names))


def csv_sweep(line, row, first):
    names = ["ratio_to_first", "ratio_to_first_low", "ratio_to_first_high"]
    swept = row.table.get("sweep") is not None
    time = median(list(row.times().values())) / row.operations / 1e9
    same(f"{row.cell['id']} per operation", line["wall_per_operation_s"], time if swept else NAN)
    start = first.get(row.cell["label"])
    if not swept or start is None:
        equal(row.cell["id"], [line[name] for name in names], [""] * 3)
        return
    found = ratio(row.times(), start.times())
    found.expect(
        f"{row.cell['id']} to first", *(float(line[name]) for name in names),
        scale=row.operations / start.operations,
    )


def check_csv(report, text):
    lines = list(csv.DictReader(text.splitlines()))
    equal("lines", len(lines), sum(len(table["cells"]) for table in report["tables"]))
    first, given = {}, iter(lines)
    for table, rows, ranked in rows_of(report):
        if table.get("sweep") and not first:
            first = {row.cell["label"]: row for row in ranked}
        for row, line in zip(rows, itertools.islice(given, len(rows)), strict=True):
            cell = row.cell
            for name in ("workload", "kind", "setting", "operation", "cpus", "peer_cpus"):
                equal(name, line[name], table[name] or "")
            for name in ("model", "variant", "status"):
                equal(name, line[name], cell[name])
            equal("table", line["table"], table["id"])
            same("tasks", line["tasks"], table["tasks"])
            same("concurrency", line["concurrency"], table["concurrency"])
            equal("row and beside", (line["row"], line["beside"]), (cell.get("row", ""), cell.get("beside", "")))
            equal("ranked_by", line["ranked_by"], "run" if row.by_run else "wall")
            equal(cell["id"], line["ranked"], "true" if row.ranked else "false")
            equal("for_decisions", line["for_decisions"], str(report["plan"]["for_decisions"]).lower())
            equal("complete", line["complete"], "true")
            counters = cell.get("counters", {})
            for name, column in (("syscalls", "syscalls_per_operation"), ("instructions", "instructions_per_operation")):
                same(column, line[column], counters.get(name, {}).get("per_operation"))
            same("per task", line["memory_bytes_per_task"], counters.get("memory_per_task", {}).get("bytes"))
            if row.ranked:
                csv_row(line, row, ranked, first)
            else:
                assert line["reason"] and not line["runs"] and not line["wall_median_s"], line
                if cell["status"] != "ok":
                    equal("reason", line["reason"], cell["reason"] or cell["status"])


def check_hyperfine(report, text):
    results = iter(json.loads(text)["results"])
    for table, rows, _ in rows_of(report):
        for row in (row for row in rows if row.ranked):
            result, runs = next(results), list(row.runs.values())
            equal("command", result["command"], row.cell["id"])
            for name, value in (
                ("mean", statistics.fmean(row.walls)), ("stddev", statistics.stdev(row.walls)),
                ("median", median(row.walls)), ("min", min(row.walls)), ("max", max(row.walls)),
                ("user", statistics.fmean(run["user_ns"] for run in runs)),
                ("system", statistics.fmean(run["system_ns"] for run in runs)),
            ):
                same(f"{row.cell['id']} {name}", result[name], value / 1e9)
            for found, wall in zip(result["times"], row.walls, strict=True):
                same("times", found, wall / 1e9)
            equal("exit codes", result["exit_codes"], [0] * len(runs))
            swept = {"concurrency": str(table["concurrency"])} if table.get("sweep") else None
            equal("parameters", result.get("parameters"), swept)
    assert next(results, None) is None


def benchmark_name(row):
    return (row.cell["id"][0].upper() + row.cell["id"][1:]).replace(" ", "_")


def check_gobench(report, text):
    lines = text.splitlines()
    equal("head", lines[:2], ["goos: linux", "cpu: A CPU"])
    given = iter(lines[2:])
    for _, rows, _ in rows_of(report):
        for row, run in ((row, run) for row in rows if row.ranked for run in row.runs.values()):
            name, iterations, *rest = next(given).split()
            record = run["record"]
            operations, latency = record["ledger"]["operations"], record["latency_ns"] or {}
            wanted = {
                "ns/op": run["wall_ns"] / operations,
                "cpu-ns/op": sum(record["cpu_ns"].values()) / operations,
                "calls/op": row.cell.get("counters", {}).get("syscalls", {}).get("per_operation"),
                "p50-ns": latency.get("p50"), "p99-ns": latency.get("p99"),
            }
            wanted = {unit: value for unit, value in wanted.items() if value is not None}
            equal("name and iterations", (name, int(iterations)), ("Benchmark" + benchmark_name(row), operations))
            equal(f"units of {name}", rest[1::2], list(wanted))
            for unit, value in zip(rest[1::2], rest[::2], strict=True):
                same(f"{name} {unit}", value, wanted[unit], 1e-5)
    assert next(given, None) is None


def check_gbench(report, text):
    google = json.loads(text)
    context = google["context"]
    sizes = [(c["type"], c["level"], c["size"]) for c in context["caches"]]
    equal("caches", sizes, [("Data", 1, 32 << 10), ("Unified", 3, 8 << 20)])
    equal("host", (context["host_name"], context["num_cpus"]), ("0011223344556677", 2))
    equal("date", context["date"], report["started_utc"])
    members = "date host_name executable num_cpus caches load_avg library_build_type json_schema_version"
    equal("members of the context", set(context), set(members.split()))
    given = iter(google["benchmarks"])
    for _, rows, _ in rows_of(report):
        for row in rows:
            if not row.ranked:
                error = next(given)
                equal("name", error["name"], benchmark_name(row))
                assert error["error_occurred"] is True and error["error_message"], error
                if row.cell["status"] != "ok":
                    equal("why", error["error_message"], row.cell["reason"] or row.cell["status"])
                assert "real_time" not in error, error
                continue
            for index, run in enumerate(row.runs.values()):
                found = next(given)
                equal("name", found["name"], benchmark_name(row))
                equal("index", (found["repetition_index"], found["repetitions"]), (index, len(row.runs)))
                same("real_time", found["real_time"], run["wall_ns"])
                same("cpu_time", found["cpu_time"], sum(run["record"]["cpu_ns"].values()))
                counts = [found[count] for count in ("iterations", "threads")]
                equal("unit", (found["time_unit"], counts), ("ns", [1, 1]))
    assert next(given, None) is None


def shown_ratio(what, row, ranked, values, tolerance):
    """The best row is 1, and so are its bounds."""
    if row is ranked[0]:
        equal(what, values, [1, 1, 1])
    else:
        ratio(row.times(), ranked[0].times()).expect(what, *values, tolerance=tolerance)


def check_junit(report, text):
    suites = iter(tree.fromstring(text))
    for table, rows, _ in rows_of(report):
        suite = next(suites)
        wanted = {"failure": 0, "skipped": 0}
        for row, case in zip(rows, suite, strict=True):
            status = row.cell["status"]
            kind = "skipped" if status in ("dnf", "skipped") else None if row.ranked else "failure"
            equal("case", (case.get("classname"), case.get("name")), (table["id"], row.cell["label"]))
            equal(case.get("name"), [child.tag for child in case], [kind] if kind else [])
            same("time", case.get("time"), median(row.walls) / 1e9 if row.ranked else 0, 1e-6)
            if kind:
                wanted[kind] += 1
                assert (row.cell["reason"] or status) in case[0].get("message") or status == "ok"
        equal("tests", int(suite.get("tests")), len(rows))
        equal("failures", int(suite.get("failures")), wanted["failure"])
        equal("skipped", int(suite.get("skipped")), wanted["skipped"])
        equal("errors", suite.get("errors"), "0")
    assert next(suites, None) is None


def check_action(report, text):
    given = iter(json.loads(text))
    for _, _, ranked in rows_of(report):
        for row in ranked:
            entry = next(given)
            low, high, _ = median_interval(row.walls)
            equal("name", (entry["name"], entry["unit"]), (row.cell["id"], "ns"))
            same("value", entry["value"], median(row.walls))
            equal("range", entry["range"], f"{low:.0f}-{high:.0f}")
    assert next(given, None) is None


def check_vega(report, text):
    given = iter(json.loads(text)["data"]["values"])
    for table, _, ranked in rows_of(report):
        for row in ranked:
            value = next(given)
            what = row.cell["id"]
            memory = row.cell["warmup"]["record"]["memory"]
            equal("row", (value["table"], value["row"]), (table["title"], row.cell["label"]))
            shown_ratio(what, row, ranked, [value["ratio"], value["low"], value["high"]], 1e-9)
            same(f"{what} wall", value["wall_ns"], median(row.walls))
            same(f"{what} CPU", value["cpu_ns"], median(row.cpu("user", "system")))
            same(f"{what} memory", value["memory_bytes"], memory and memory["bytes"])
    assert next(given, None) is None


def check_gnuplot(report, text):
    blocks = re.findall(r"^\$table(\d+) << EOD\n(.*?)^EOD$", text, re.M | re.S)
    tables = [one for one in rows_of(report) if one[2]]
    equal("tables", [int(number) for number, _ in blocks], list(range(len(tables))))
    for (count, data), (table, _, ranked) in zip(blocks, tables, strict=True):
        for place, (line, row) in enumerate(zip(data.splitlines(), ranked, strict=True)):
            number, *values, label = line.split(" ", 4)
            equal("place and label", (int(number), label), (place, f'"{row.cell["label"]}"'))
            shown_ratio(row.cell["id"], row, ranked, [float(value) for value in values], 1e-8)
        drawn = rf"set title '{table['title']}'\nset yrange \[(\d+).5:-0.5\]\nplot \$table(\d+) "
        assert (str(len(ranked) - 1), count) in re.findall(drawn, text), ("drawn", table["id"])


CHECKS = {
    "csv": check_csv, "hyperfine": check_hyperfine,
    "gobench": check_gobench, "gbench": check_gbench, "junit": check_junit,
    "github-action-benchmark": check_action, "vega-lite": check_vega, "gnuplot": check_gnuplot,
}


def main():
    folder = pathlib.Path(sys.argv[1])
    report = json.loads((folder / "report.json").read_text())
    for name, check in CHECKS.items():
        try:
            check(report, (folder / f"out.{name}").read_text())
        except AssertionError as error:
            raise SystemExit(f"{name}: {error}") from error


main()
