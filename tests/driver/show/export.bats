#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet export` with invented reports, read by what reads such formats.

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    "$ROOT/tests/driver/make_report.py" --rounds 12 >report.json
}

export_as() {
    run_for 0 "$BIN/quartet" export --format "$1" "${2:-report.json}"
    printf '%s\n' "$output" >"out.$1"
}

@test "JUnit: a case per row, with failures and skipped ones" {
    export_as junit
    python3 -IS - <<'EOF'
import json, xml.etree.ElementTree as tree
root = tree.parse("out.junit").getroot()
report = json.load(open("report.json"))
cells = [cell for table in report["tables"] for cell in table["cells"]]
cases = root.findall("./testsuite/testcase")
assert len(cases) == len(cells)
bad = [cell for cell in cells if cell["status"] in ("failed", "wrong")]
gone = [cell for cell in cells if cell["status"] in ("dnf", "skipped")]
assert len(root.findall(".//failure")) == len(bad), len(bad)
assert len(root.findall(".//skipped")) == len(gone), len(gone)
for suite in root:
    assert int(suite.get("tests")) == len(suite)
EOF
}

@test "JUnit: what a gate found" {
    python3 -IS - <<'EOF'
import json
report = json.load(open("report.json"))
table = report["tables"][0]
def entry(row, verdict, reason=""):
    return {"table": table["id"], "row": row, "metric": "wall_ns", "ratio": 1.2, "low": 1.1,
            "high": 1.3, "p": 0.001, "p_holm": 0.001, "verdict": verdict, "reason": reason}
report["tables"] = [table]
report["gate"] = {"base": {"kind": "build", "name": "<&\"\u0001>", "commit": None, "differences": []},
                  "threshold": 0.05, "answers": [], "missing": [],
                  "comparisons": [entry("coroutine", "REGRESSION"),
                                  entry("eventloop", "INCONCLUSIVE", "noisy: <&>"),
                                  entry("multithread", "SAME")],
                  "verdict": "REGRESSION", "exit_code": 3}
json.dump(report, open("gate.json", "w"))
EOF
    export_as junit gate.json
    python3 -IS - <<'EOF'
import xml.etree.ElementTree as tree
cases = {case.get("name"): case for case in tree.parse("out.junit").iter("testcase")}
assert "1.200 times" in cases["coroutine"].find("failure").get("message")
assert cases["eventloop"].find("skipped").get("message") == "wall_ns: noisy: <&>"
assert len(cases["multithread"]) == 0
EOF
    export_as md gate.json
    expect_output "### quartet check: REGRESSION" "| coroutine | wall |"
}

@test "hyperfine, Go, Google Benchmark and CSV have every run that counts" {
    python3 -IS - <<'EOF'
import json
report = json.load(open("report.json"))
report["environment"]["caches"] = ["L1 Data 32K", "nonsense"]
report["environment"]["cpus_online"] = 2
for cell in report["tables"][0]["cells"]:
    for number, sample in enumerate(cell["samples"]):
        if sample.get("record"):
            sample["record"]["latency_ns"] = {"p50": 1000, "p99": 2000 + number}
json.dump(report, open("report.json", "w"))
EOF
    export_as hyperfine
    export_as gobench
    export_as gbench
    export_as csv
    run_for 0 "$BIN/quartet" report --format json report.json
    printf '%s\n' "$output" >analysed.json
    python3 -IS - <<'EOF'
import csv, json, re
cells = [cell for table in json.load(open("analysed.json"))["tables"] for cell in table["cells"]
         if cell["ranked"]]
runs = sum(cell["statistics"]["wall_ns"]["n"] for cell in cells)
results = json.load(open("out.hyperfine"))["results"]
assert [r["command"] for r in results] == [cell["id"] for cell in cells]
for result, cell in zip(results, cells, strict=True):
    assert abs(result["median"] * 1e9 / cell["statistics"]["wall_ns"]["median"] - 1) < 1e-9
    assert min(result["times"]) == result["min"]
lines = [line for line in open("out.gobench") if line.startswith("Benchmark")]
assert len(lines) == runs
assert all(re.fullmatch(r"Benchmark[A-Z]\S* \d+( \d[\d.e+]* \S+)+\n", line) for line in lines)
# Per operation, which are as many iterations; a run has all its units in one line.
words = lines[0].split()
sample = cells[0]["samples"][0]
operations = sample["record"]["ledger"]["operations"]
assert int(words[1]) == operations
units = dict(zip(words[3::2], map(float, words[2::2]), strict=True))
assert abs(units["ns/op"] * operations / sample["wall_ns"] - 1) < 1e-4, units
assert units["cpu-ns/op"] > 0
p99 = [s["record"]["latency_ns"]["p99"] for c in cells for s in c["samples"] if (s["record"].get("latency_ns") or {}).get("p99")]
shown = [float(line.split(" p99-ns")[0].split()[-1]) for line in lines if " p99-ns" in line]
assert len(shown) == len(p99) > 0, (len(shown), len(p99))
assert all(abs(one / other - 1) < 1e-4 for one, other in zip(sorted(shown), sorted(p99), strict=True))
google = json.load(open("out.gbench"))
for member in "date host_name executable num_cpus caches load_avg library_build_type json_schema_version".split():
    assert member in google["context"], member
assert google["context"]["caches"] == [{"type": "Data", "level": 1, "size": 32768, "num_sharing": 1}]
benchmarks = [b for b in google["benchmarks"] if "error_occurred" not in b]
assert len(benchmarks) == runs and all(b["real_time"] > 0 for b in benchmarks)
failed = [b for b in google["benchmarks"] if b.get("error_occurred")]
everything = [cell for table in json.load(open("analysed.json"))["tables"] for cell in table["cells"]]
assert len(failed) == len(everything) - len(cells) > 0 and all(b["error_message"] for b in failed)
assert len(list(csv.DictReader(open("out.csv")))) > 0
EOF
}

@test "hyperfine: rows of a sweep have their parameter, as those of its own scans" {
    python3 -IS - <<'EOF'
import json
report = json.load(open("report.json"))
report["tables"] = report["tables"][:1]
report["tables"][0]["sweep"] = "a-sweep"
json.dump(report, open("sweep.json", "w"))
EOF
    export_as hyperfine sweep.json
    python3 -IS - <<'EOF'
import json
table = json.load(open("sweep.json"))["tables"][0]
results = json.load(open("out.hyperfine"))["results"]
assert results and all(r["parameters"] == {"concurrency": str(table["concurrency"])} for r in results), results[0]
EOF
    export_as hyperfine
    [[ $output != *parameters* ]]
}

@test "usage errors are exit 2, bad files exit 1" {
    run_for 2 "$BIN/quartet" export
    run_for 2 "$BIN/quartet" export --format pdf report.json
    head -c 100 report.json >cut.json
    run_for 1 "$BIN/quartet" export cut.json
}

@test "charts: gnuplot draws them, Vega-Lite and github-action-benchmark are JSON with the figures" {
    "$ROOT/tests/driver/make_report.py" --rounds 12 >charts.json
    "$BIN/quartet" export --format gnuplot charts.json >charts.gp
    "$BIN/quartet" export --format vega-lite charts.json >vega.json
    "$BIN/quartet" export --format github-action-benchmark charts.json >action.json
    "$BIN/quartet" export --format svg --plot latency --table fetch charts.json >plot.svg
    "$BIN/quartet" report --format json charts.json >analysed.json
    run_for 0 python3 - <<'PYTHON'
import json, xml.dom.minidom
report = json.load(open("analysed.json"))
cells = {c["id"]: c for t in report["tables"] for c in t["cells"] if c["statistics"]}
entries = {e["name"]: e for e in json.load(open("action.json"))}
assert entries.keys() == cells.keys()
for name, cell in cells.items():
    wall = cell["statistics"]["wall_ns"]
    assert entries[name]["value"] == wall["median"] and entries[name]["unit"] == "ns"
    assert entries[name]["range"] == f"{wall['low']:.0f}-{wall['high']:.0f}", entries[name]
vega = json.load(open("vega.json"))
assert vega["$schema"].endswith("vega-lite/v5.json") and len(vega["data"]["values"]) == len(cells)
pairs = {(t["title"], p["ratio"]) for t in report["tables"] for p in t["comparisons"] if p["b"] == t["ranking"][0]}
assert {(v["table"], v["ratio"]) for v in vega["data"]["values"]} >= pairs
svg = xml.dom.minidom.parse("plot.svg")
assert svg.getElementsByTagName("title")[0].firstChild.data.endswith(": fetch")
PYTHON
    command -v gnuplot >/dev/null || skip "the script is not run: gnuplot is not installed (package gnuplot-nox)"
    run_for 0 bash -c 'gnuplot charts.gp >charts.svg && python3 -c "import xml.dom.minidom as m; m.parse(\"charts.svg\")"'
    expect "what gnuplot says" "$output" ""
}

@test "only some tables: figures stay, an unknown name is an error that says what there is" {
    "$ROOT/tests/driver/make_report.py" --rounds 12 >charts.json
    run_for 0 "$BIN/quartet" report --workloads primes --format csv charts.json
    expect rows "$(grep -c '^primes/' <<<"$output")" "$(($(wc -l <<<"$output") - 1))"
    diff <(grep '^fetch' <("$BIN/quartet" report --format csv charts.json)) \
        <(grep '^fetch' <("$BIN/quartet" report --table fetch --format csv charts.json))
    run_for 1 "$BIN/quartet" export --table nowhere charts.json
    expect_output "no such table; it has primes/one-cpu, primes/all-cpus, fetch"
    run_for 1 "$BIN/quartet" export --format svg --plot sweep charts.json
    expect_output "no table of the report has a plot 'sweep'"
}

@test "provenance and badge follow from the report, and from nothing else" {
    "$ROOT/tests/driver/make_report.py" --rounds 12 >charts.json
    run_for 0 "$BIN/quartet" export --format provenance charts.json
    expect tables "${#lines[@]}" 3
    expect_output "quartet 0.1.0 (0000000), testbed unknown, seed 1, table primes/one-cpu, 12 blocks, noise floor " \
        "2026-01-31T12:00:00Z, report.json sha256 $(sha256sum charts.json | cut -d' ' -f1)"
    "$BIN/quartet" export --format badge --table fetch charts.json >badge.svg
    "$BIN/quartet" export --format provenance --table fetch charts.json >provenance.txt
    "$BIN/quartet" report --format json charts.json >analysed.json
    python3 -IS - <<'PYTHON'
import json, xml.dom.minidom
svg = xml.dom.minidom.parse("badge.svg")
title, desc = (svg.getElementsByTagName(name)[0].firstChild.data for name in ("title", "desc"))
assert desc == open("provenance.txt").read().strip()
table = json.load(open("analysed.json"))["tables"][2]
best, second = (next(c["label"] for c in table["cells"] if c["id"] == one) for one in table["ranking"][:2])
assert title.startswith(f"quartet fetch: {best} ") and second in title, title
assert [node.firstChild.data for node in svg.getElementsByTagName("text")] == title.split(": ", 1)
PYTHON
    "$ROOT/tests/driver/make_report.py" --rounds 4 >few.json
    run_for 0 "$BIN/quartet" export --format badge few.json
    expect_output "not for decisions"
}
