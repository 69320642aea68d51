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

# Few rounds, as many as are resampled, and more than that: three kinds of intervals.
@test "every figure of every format is that of the samples, computed anew" {
    local rounds format
    for rounds in 5 12 46; do
        "$ROOT/tests/driver/show/odd_report.py" $rounds >report.json
        for format in csv hyperfine gobench gbench junit github-action-benchmark vega-lite gnuplot; do
            export_as $format
        done
        run_for 0 "$ROOT/tests/driver/show/export_figures.py" .
    done
    # The oracle strikes: one run of one row was 10 ns longer.
    python3 -IS - <<'EOF'
import json
report = json.load(open("report.json"))
report["tables"][2]["cells"][3]["samples"][7]["wall_ns"] += 10
json.dump(report, open("report.json", "w"))
EOF
    run_for 1 "$ROOT/tests/driver/show/export_figures.py" .
    expect_output "csv: " "fetch/coroutine"
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
import json, re, xml.dom.minidom
report = json.load(open("analysed.json"))
cells = {c["id"]: c for t in report["tables"] for c in t["cells"] if c["statistics"]}
entries = {e["name"]: e for e in json.load(open("action.json"))}
assert entries.keys() == cells.keys()
vega = json.load(open("vega.json"))
assert vega["$schema"].endswith("vega-lite/v5.json") and len(vega["data"]["values"]) == len(cells)
svg = xml.dom.minidom.parse("plot.svg")
assert svg.getElementsByTagName("title")[0].firstChild.data.endswith(": fetch")
# A file of its own brings the colours that it names.
style = svg.getElementsByTagName("style")[0].firstChild.data
for name in set(re.findall(r"var\((--[a-z0-9-]+)\)", svg.documentElement.toxml())):
    assert f"{name}:" in style, name
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
import json, re, xml.dom.minidom
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
