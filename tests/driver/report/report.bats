#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# report.bats - `quartet report` on invented reports: what is ranked and what is not,
# what stands in the tables, and that no damaged file does harm. timeout: 300 s

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

invent() {
    "$ROOT/tests/driver/make_report.py" "$@" >report.json
}

# Prints a value of the analysed report.json, by a line of Python on `it`.
analysed() {
    "$BIN/quartet" report --format json report.json >analysed.json
    python3 -IS -c 'import json, sys
it = json.load(open("analysed.json"))
table = it["tables"][0]
cells = {cell["model"]: cell for cell in table["cells"]}
print(eval(sys.argv[1]))' "$1"
}

refuses() {
    run_for 1 "$BIN/quartet" report report.json
    expect_output "$1"
    expect "number of lines" "${#lines[@]}" 1
}

@test "text has a row for each cell, and says how to read it" {
    invent
    run_for 0 "$BIN/quartet" report --legend report.json
    expect_output "primes, one CPU" "primes, all 2 CPUs" "87.5 %" "best" "~1.00" \
        "skipped: one task after another" "DNF: needs 1064 processes" \
        "round 1 was disturbed and is left out: 4.1 % of the CPU time was stolen" \
        "equal work: all ranked rows" "Not for decisions" "How to read this"
    for model in $MODELS; do
        expect "rows of $model" "$(grep -c "^$model " <<<"$output")" 3
    done
}

@test "runs that are mostly the start of a program are named" {
    invent
    "$BIN/quartet" report report.json >long.txt
    expect "notes on long runs" "$(grep -c "start and the end" long.txt)" 0
    sed -i -E 's/"run": [0-9]+([0-9]{4})/"run": 1\1/' report.json # no two runs are the same
    run_for 0 "$BIN/quartet" report --width 1000 report.json
    expect_output "coroutine" "most of the wall time is the start and the end" "per op"
}

@test "a load that was busy itself is named: it bounds what can be seen" {
    invent
    sed -i -E 's/"notes": \[\]/"notes": [], "results": {"load_busy_percent": 60}/' report.json
    "$BIN/quartet" report report.json >idle.txt
    expect "notes on an idle load" "$(grep -c GENERATOR idle.txt)" 0
    sed -i -E 's/"load_busy_percent": 60/"load_busy_percent": 90/' report.json
    run_for 0 "$BIN/quartet" report report.json
    expect_output "GENERATOR-BOUND: the load used 90 % of its CPU in the row of" "compare CPU"
}

@test "text fits the width that was asked for, and says what is left out" {
    invent
    for width in 40 60 80 100; do
        run_for 0 "$BIN/quartet" report --wide --width $width report.json
        longest=$(LC_ALL=C.UTF-8 wc -L <<<"$output")
        [ "$longest" -le "$width" ] || { echo "$longest columns, wanted $width"; false; }
    done
    expect_output "left out, the line is too short: run"
}

@test "six columns as usual, all with --wide; the legend is asked for, the conclusion last" {
    invent --rounds 12
    run_for 0 "$BIN/quartet" report --width 80 report.json
    expect heading "$(grep -m 1 '^model' <<<"$output" | tr -s ' ')" "model wall ratio interval CPU memory"
    [[ $output != *"How to read this"* && $output != *"left out, the line"* ]]
    tail -n 22 <<<"$output" | grep -q '^Conclusion'
    run_for 0 "$BIN/quartet" report --wide --legend report.json
    expect_output "CPU sum" "switches" "p99" "How to read this"
}

@test "no escape sequences go to a pipe, and none come from a report" {
    invent
    sed -i 's/"label": "coroutine"/"label": "\\u001b[31mcoroutine"/' report.json
    for format in text md; do
        run_for 0 "$BIN/quartet" report --format $format report.json
        [[ $output != *$'\033'* ]]
    done
}

@test "twelve rounds give 95 % and are for decisions" {
    invent --rounds 12
    run_for 0 "$BIN/quartet" report report.json
    expect_output "95 %"
    [[ $output != *"ot for decisions"* ]]
    expect "n" "$(analysed 'cells["coroutine"]["statistics"]["wall_ns"]["n"]')" 12
}

@test "a block that is not valid does not count" {
    invent
    expect "n" "$(analysed 'it["tables"][1]["cells"][0]["statistics"]["wall_ns"]["n"]')" 3
}

@test "figures follow from the raw samples, paired by block" {
    invent --rounds 7
    "$BIN/quartet" report --format json report.json >analysed.json
    run_for 0 python3 - <<'PYTHON'
import json, math, statistics
table = json.load(open("analysed.json"))["tables"][1]
valid = {block["number"] for block in table["blocks"] if block["valid"]}
assert len(valid) == 6
cells = {cell["id"]: cell for cell in table["cells"]}
wall = {name: {run["block"]: run["wall_ns"] for run in cell["samples"] if run["block"] in valid}
        for name, cell in cells.items()}
close = lambda a, b: math.isclose(a, b, rel_tol=1e-9)
for name, cell in cells.items():
    assert close(cell["statistics"]["wall_ns"]["median"], statistics.median(wall[name].values()))
    assert cell["statistics"]["wall_ns"]["n"] == 6
medians = [cells[name]["statistics"]["wall_ns"]["median"] for name in table["ranking"]]
assert medians == sorted(medians) and len(medians) == 5
assert len(table["comparisons"]) == 10
for found in table["comparisons"]:
    d = [math.log(wall[found["a"]][block] / wall[found["b"]][block]) for block in sorted(valid)]
    walsh = [(d[i] + d[j]) / 2 for i in range(len(d)) for j in range(i, len(d))]
    assert close(found["ratio"], math.exp(statistics.median(walsh))), found
    assert found["low"] <= found["ratio"] <= found["high"], found
    noise = abs(math.log(found["ratio"])) <= math.log1p(table["noise"]["floor"] or 0)
    assert found["equal"] == (found["p_order"] >= 0.05 or noise), found
PYTHON
}

@test "CPU time that a row causes is its own and its peer's, compared by pairs" {
    invent --rounds 7
    run_for 0 "$BIN/quartet" report --wide report.json
    expect_output "peer CPU" "CPU sum" "CPU sum: " " causes least; " " times as much ("
    "$BIN/quartet" report --format json report.json >analysed.json
    "$BIN/quartet" report --format csv report.json >table.csv
    run_for 0 python3 - <<'PYTHON'
import csv, json, math, statistics
tables = json.load(open("analysed.json"))["tables"]
assert all(cell["statistics"]["caused_cpu_ns"] is None for cell in tables[0]["cells"] if cell["ranked"])
cells = {cell["id"]: cell for cell in tables[2]["cells"] if cell["ranked"]}
caused = {name: {run["block"]: sum(run["record"]["cpu_ns"].values()) + run["record"]["peer_cpu_ns"]
                 for run in cell["samples"]} for name, cell in cells.items()}
least = min(caused, key=lambda name: statistics.median(caused[name].values()))
close = lambda a, b: math.isclose(a, b, rel_tol=1e-9)
for name, cell in cells.items():
    found = cell["statistics"]["caused_cpu_ns"]
    assert close(found["median"], statistics.median(caused[name].values())), name
    if name == least:
        assert found["ratio_to_least"] is None
        continue
    d = [math.log(caused[name][block] / caused[least][block]) for block in caused[name]]
    walsh = [(d[i] + d[j]) / 2 for i in range(len(d)) for j in range(i, len(d))]
    assert close(found["ratio_to_least"], math.exp(statistics.median(walsh))), found
    assert found["low"] <= found["ratio_to_least"] <= found["high"]
for row in csv.DictReader(open("table.csv")):
    found = cells.get(row["table"] + "/" + row["model"])
    assert (row["caused_cpu_s"] == "") == (found is None), row
    if found is not None:
        own = found["statistics"]["caused_cpu_ns"]
        assert close(float(row["caused_cpu_s"]) * 1e9, own["median"])
        assert (row["caused_ratio_to_least"] == "") == (own["ratio_to_least"] is None)
PYTHON
    # Without it the column is not there, and the row is still ranked.
    sed -i -E 's/"peer_cpu_ns": [0-9]+/"peer_cpu_ns": null/' report.json
    run_for 0 "$BIN/quartet" report report.json
    [[ $output != *"causes least"* ]]
}

@test "latencies of all runs are put together" {
    invent
    expect "values" "$(analysed 'it["tables"][2]["cells"][4]["statistics"]["latency_ns"]["count"]')" 1200
    expect "p999" "$(analysed 'it["tables"][2]["cells"][4]["statistics"]["latency_ns"]["p999"]')" None
}

@test "the analysis can be repeated and does not believe what stands in the file" {
    invent
    "$BIN/quartet" report --format json report.json >once.json
    sed -i 's/"ratio": 1\.[0-9]*/"ratio": 9.9/; s/"ranked": false/"ranked": true/' once.json
    "$BIN/quartet" report --format json once.json >twice.json
    "$BIN/quartet" report --format json report.json >once.json
    cmp once.json twice.json
}

@test "a table that was never measured is not called disturbed" {
    invent
    python3 - <<'PYTHON'
import json
report = json.load(open("report.json"))
report["tables"][0]["blocks"] = []
for cell in report["tables"][0]["cells"]:
    cell["samples"] = []
json.dump(report, open("report.json", "w"))
PYTHON
    run_for 0 "$BIN/quartet" report report.json
    expect_output "not ranked: no round of this table was measured"
}

@test "a file or a pipe gets all columns, and JSON as quartet run writes it" {
    invent
    run_for 0 "$BIN/quartet" report report.json
    [[ $output != *"line is too short"* ]]
    "$BIN/quartet" report --format json report.json >once.json
    expect "first lines" "$(head -2 once.json)" $'{\n "schema": "quartet.report/1",'
}

@test "a cell that did other work is named and not ranked" {
    while IFS='|' read -r name model words; do
        invent --case "$name"
        run_for 0 "$BIN/quartet" report report.json
        expect_output "$words"
        expect "$name: ranked" "$(analysed "cells['$model']['ranked']")" False
        expect "$name: statistics" "$(analysed "cells['$model']['statistics']")" None
        expect "$name: compared" \
            "$(analysed "any('$model' in c['a'] + c['b'] for c in table['comparisons'])")" False
        expect "$name: equal work" "$(analysed 'table["verification"]["equal_work"]')" False
    done <<'CASES'
unequal-checksum|coroutine|not ranked: checksum: "fedcba9876543210" instead of
skipped-operation|eventloop|not ranked: operations: 99999999 instead of 100000000
counted-failure|eventloop|not ranked: tasks that failed: 1
other-parameters|multithread|not ranked: limit: 1000 instead of nothing
wrong|coroutine|wrong: 78497 primes instead of 78498
no-majority|sequential|disagrees with multiprocess, no majority decides
CASES
}

@test "a cell with a failed run or without records is not ranked" {
    invent --case one-bad-run
    run_for 0 "$BIN/quartet" report report.json
    expect_output "multithread   not ranked: block 2: failed, exit code 1: worker 3 died"
    invent --case no-record
    run_for 0 "$BIN/quartet" report report.json
    expect_output "coroutine     not ranked: block 1: without a run record"
}

@test "an incomplete report is marked, and one round gives no interval" {
    invent --case incomplete
    run_for 0 "$BIN/quartet" report report.json
    expect_output "INCOMPLETE: interrupted by the user" "?1.0"
    expect "equal" "$(analysed 'table["comparisons"][0]["equal"]')" None
    expect "low" "$(analysed 'table["comparisons"][0]["low"]')" None
}

@test "csv has one line per cell, as many fields in each, and SI units" {
    invent
    "$BIN/quartet" report --format csv report.json >report.csv
    run_for 0 python3 - <<'PYTHON'
import csv
rows = list(csv.DictReader(open("report.csv")))
assert len(rows) == 15, len(rows)
assert all(None not in row and None not in row.values() for row in rows)
assert 0.1 < float(rows[0]["wall_median_s"]) < 0.5, rows[0]
assert rows[11]["status"] == "dnf" and "pid_max" in rows[11]["reason"], rows[11]
assert rows[11]["wall_median_s"] == "" and rows[11]["ranked"] == "false"
best = [row for row in rows if row["ranked"] == "true" and row["ratio_to_best"] == ""]
assert len(best) == 3, best
PYTHON
}

@test "markdown has rows of equal length" {
    invent
    "$BIN/quartet" report --format md report.json >report.md
    run_for 0 python3 - <<'PYTHON'
import re
tables = re.split(r"\n## ", open("report.md").read())[2:5]
for table in tables:
    rows = [re.sub(r"\\\|", "", line) for line in table.splitlines() if line.startswith("|")]
    assert len(rows) == 7 and len({row.count("|") for row in rows}) == 1, rows
PYTHON
}

@test "a folder stands for the report in it" {
    invent
    mkdir folder
    mv report.json folder
    run_for 0 "$BIN/quartet" report folder
}

@test "files that are no report are refused in one clear line" {
    refuses "cannot read 'report.json': No such file"
    echo 'hello' >report.json
    refuses "not valid JSON"
    invent
    head -c 5000 report.json >cut.json && mv cut.json report.json
    refuses "is it cut short?"
    echo '{"schema": "quartet.run/1"}' >report.json
    refuses "not a report of quartet: its schema is 'quartet.run/1'"
    echo '{"schema": "quartet.report/2"}' >report.json
    refuses "its schema is quartet.report/2 and this version reads quartet.report/1"
    echo '{"schema": "quartet.report/1", "complete": true, "tables": [5]}' >report.json
    refuses "tables[0] must be an object"
    invent
    truncate -s 1025M report.json
    refuses "larger than 1 GiB"
    truncate -s 300M nothing && mv nothing report.json
    refuses "does not name the schema 'quartet.report/'"
}

@test "wrong usage is said so" {
    run_for 2 "$BIN/quartet" report
    expect_output "name a report"
    run_for 2 "$BIN/quartet" report --format pdf x
    expect_output "choose one of text|md|csv|json|html"
    run_for 2 "$BIN/quartet" report a b
    expect_output "unexpected argument 'b'"
}

@test "a full disk is noticed" {
    [ -c /dev/full ] || skip "there is no /dev/full"
    invent
    run_for 1 sh -c "'$BIN/quartet' report report.json >/dev/full"
    expect_output "cannot write the report"
}

@test "damaged reports never do harm" {
    invent
    run_for 0 "$ROOT/tests/driver/report/damage_report.py" "$BIN/quartet" report.json 300
}

@test "files that lie are refused in one line by all that read reports" {
    invent --rounds 2
    run_for 0 "$ROOT/tests/driver/report/hostile_reports.py" "$BIN/quartet" report.json "report @" \
        "export --format junit @" "compare @ report.json" "compare report.json @"
}

@test "text of others is harmless wherever it comes out" {
    invent --rounds 8
    run_for 0 "$ROOT/tests/driver/report/foreign_text.py" "$BIN/quartet" report.json "report @" \
        "report --format md @" "report --format csv @" "report --format html @" "compare @ @" \
        "export --format junit @" "export --format gobench @" "report --format text --wide @"
}

@test "a base that lies is refused before anything is measured" {
    export QUARTET_LOCK=$BATS_TEST_TMPDIR/lock QUARTET_RUNNERS=$BATS_TEST_TMPDIR/runners
    command -v hyperfine >/dev/null || skip "hyperfine is not installed"
    mkdir runners
    for model in $MODELS; do
        ln -s "$ROOT/tests/driver/fake_runner" "runners/$model"
    done
    echo '{"schema": "quartet.report/2"}' >future.json
    invent
    head -c 5000 report.json >cut.json
    sed 's/"wall_ns": /"wall_ns": -NaN/' report.json >nan.json
    while IFS='|' read -r file words; do
        run_for 1 "$BIN/quartet" check --base "$file" -o out --workloads counting/one-cpu
        expect_output "$words"
        expect "number of lines" "${#lines[@]}" 1
        [ ! -e out ]
    done <<'CASES'
future.json|its schema is quartet.report/2
cut.json|not valid JSON
nan.json|not valid JSON
CASES
}

# The whole release stays in the report; a table that is shown around needs only its series.
@test "the machine is told in a line: of the kernel the version, without who built it" {
    invent
    sed -i 's/"environment": {}/"environment": {"cpu_model": "Some CPU", "cpus_online": 2, "kernel": "6.1.0-18-built-here", "virtualisation": "kvm"}/' report.json
    run_for 0 "$BIN/quartet" report report.json
    expect_output "Some CPU, 2 CPUs, Linux 6.1, kvm"
    [[ $output != *built-here* ]]
    sed -i 's/"6.1.0-18-built-here"/null/' report.json
    run_for 0 "$BIN/quartet" report report.json
    expect_output "Some CPU, 2 CPUs, kvm"
}

@test "a report may come through a pipe, and is not waited for without end" {
    invent
    cp report.json whole.json
    mkfifo pipe
    (sleep 0.2 && cat whole.json >pipe) 3>&- &
    run_for 0 "$BIN/quartet" report pipe
    expect_output "primes, one CPU"
    (sleep 0.2 && head -c 3000 whole.json >pipe) 3>&- &
    run_for 1 "$BIN/quartet" report pipe
    expect_output "cut short"
    run_for 1 "$BIN/quartet" report pipe
    expect "one line" "$output" "quartet: cannot read 'pipe': nothing came for 10 s"
}
