#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The conclusion of a report: a sentence for each table, and none that its samples do not
# carry.

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    "$ROOT/tests/driver/make_report.py" --rounds 20 --seed 1 >report.json
}

# conclusion [FILE]: its lines, one a table, whatever their width.
conclusion() {
    "$BIN/quartet" report "${1:-report.json}" | sed -n '/^Conclusion/,$p' |
        sed -E ':a; N; $!ba; s/\n    +/ /g'
}

# change PYTHON: edits `cells`, the cells of the table fetch, by their model.
change() {
    python3 - "$1" <<'PYTHON' >changed.json
import json, sys
report = json.load(open("report.json"))
table = next(t for t in report["tables"] if t["id"] == "fetch")
cells = {cell["label"]: cell for cell in table["cells"]}
exec(sys.argv[1])
json.dump(report, sys.stdout)
PYTHON
}

@test "slower rows are named with interval and cost, equal ones are not ordered" {
    output=$(conclusion)
    expect_output "fetch: coroutine" "cannot be told apart"
    grep -qE 'fetch: .*; multithread 1\.0[1-3] \(1\.0[0-9]–1\.0[0-9]\) times as long' <<<"$output"
    "$BIN/quartet" report --format md report.json >report.md
    grep -q '^## Conclusion' report.md
    [ "$(grep -n '^## Conclusion' report.md | cut -d: -f1)" -lt "$(grep -n '^| model' report.md | head -n 1 | cut -d: -f1)" ]
}

@test "samples that say nothing carry no sentence" {
    change '
for i, sample in enumerate(cells["multithread"]["samples"]):
    sample["wall_ns"] = int(sample["wall_ns"] * (0.93 if i % 2 else 1.03))'
    output=$(conclusion changed.json)
    expect_output "fetch: "
    run ! grep -E 'fetch: .*multithread [0-9.]+ \(' <<<"$output"
}

@test "a table that is too noisy says that alone" {
    change '
for block in table["blocks"]:
    block["disturbed"], block["accepted"] = "load of others", False'
    output=$(conclusion changed.json)
    expect_output "fetch: too noisy to say anything"
}

@test "few rounds: no order" {
    "$ROOT/tests/driver/make_report.py" --rounds 1 >report.json
    output=$(conclusion)
    expect_output "too few rounds for an order"
    run ! grep -q 'times as long' <<<"$output"
}

@test "costs are named from one and a half times on" {
    change '
for sample in cells["multithread"]["samples"]:
    for part in ("user", "system"):
        sample["record"]["cpu_ns"][part] *= 3
cells["multithread"]["warmup"]["record"]["memory"]["bytes"] *= 20'
    output=$(conclusion changed.json)
    grep -qE 'multithread 1\.0[0-9].*times as long, [2-4]\.[0-9] times the CPU time, 20 times the memory' <<<"$output"
}
