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
    python3 - <<'EOF'
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
    python3 - <<'EOF'
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
    python3 - <<'EOF'
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
    export_as hyperfine
    export_as gobench
    export_as gbench
    export_as csv
    run_for 0 "$BIN/quartet" report --format json report.json
    printf '%s\n' "$output" >analysed.json
    python3 - <<'EOF'
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
assert all(re.fullmatch(r"Benchmark[A-Z]\S* 1 \d+ ns/op\n", line) for line in lines)
benchmarks = json.load(open("out.gbench"))["benchmarks"]
assert len(benchmarks) == runs and all(b["real_time"] > 0 for b in benchmarks)
assert len(list(csv.DictReader(open("out.csv")))) > 0
EOF
}

@test "usage errors are exit 2, bad files exit 1" {
    run_for 2 "$BIN/quartet" export
    run_for 2 "$BIN/quartet" export --format pdf report.json
    head -c 100 report.json >cut.json
    run_for 1 "$BIN/quartet" export cut.json
}
