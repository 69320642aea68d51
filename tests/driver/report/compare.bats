#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet compare` with invented reports: what it finds, what it refuses to conclude,
# and what it does with files that are not what they seem.

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    "$ROOT/tests/driver/make_report.py" --rounds 20 --seed 1 >base.json
    "$ROOT/tests/driver/make_report.py" --rounds 20 --seed 2 >same.json
}

# change NEW CODE: a report that is made from same.json by a line of Python.
change() {
    python3 -IS -c 'import json, sys
report = json.load(open("same.json"))
table = report["tables"][0]
exec(sys.argv[1])
json.dump(report, open(sys.argv[2], "w"))' "$2" "$1"
}

compare() {
    local code=$1
    shift
    run_for "$code" "$BIN/quartet" compare "$@"
}

# verdict ROW METRIC: of the first table.
verdict() {
    python3 -IS -c 'import json, sys
result = json.loads(sys.argv[1])
table = result["comparisons"][0]["table"]
print(*[c["verdict"] for c in result["comparisons"]
        if (c["table"], c["row"], c["metric"]) == (table, *sys.argv[2:])])' "$output" "$@"
}

@test "equal reports are not called different" {
    compare 0 base.json base.json
    expect_output "environment: no difference is known" "SAME" "not known"
    [[ $output != *REGRESSION* && $output != *IMPROVED* ]]
}

@test "a faster machine changes all times and no relation" {
    change new.json '
for t in report["tables"]:
    for c in t["cells"]:
        for s in c["samples"]:
            s["wall_ns"] *= 0.5
            phases, latency = s["record"]["phases_ns"], s["record"]["latency_ns"]
            phases.update({phase: ns // 2 for phase, ns in phases.items()})
            if latency: latency["mean"] *= 0.5
report["environment"].update(testbed="other", kernel="9.9.9")'
    compare 0 --format json base.json new.json
    expect wall "$(verdict coroutine wall_ns)" IMPROVED
    expect relative "$(verdict coroutine relative)" SAME
    compare 0 base.json new.json
    expect_output "THE MACHINES DIFFER" "-> 9.9.9"
}

@test "a row that alone became slower is found by both" {
    change new.json '
for s in table["cells"][3]["samples"]: s["wall_ns"] *= 1.3'
    compare 0 --format json base.json new.json
    expect relative "$(verdict coroutine relative)" REGRESSION
}

@test "what only one report has is named, other work is not compared" {
    change new.json '
table["cells"][3].update(status="failed", reason="it broke", samples=[])
report["tables"][1]["tasks"] += 1
report["tables"].pop()'
    compare 0 base.json new.json
    expect_output "only in base:" "coroutine, not ranked there: it broke" ": other tasks"
    [[ $output != *nan* ]]
}

@test "few rounds conclude nothing" {
    "$ROOT/tests/driver/make_report.py" --rounds 4 >few.json
    compare 0 base.json few.json
    expect_output INCONCLUSIVE
    [[ $output != *REGRESSION* && $output != *SAME* ]]
}

@test "files that are no reports are refused in one line" {
    head -c 1000 base.json >cut.json
    compare 1 base.json cut.json
    expect "lines" "${#lines[@]}" 1
    compare 1 base.json /nowhere.json
    expect_output "cannot read"
    change future.json 'report["schema"] = "quartet.report/2"'
    compare 1 future.json base.json
    expect_output "quartet.report/2"
    change odd.json 'table["cells"][0]["samples"][0]["wall_ns"] = -5
table["cells"][1]["samples"][0]["wall_ns"] = 1e300'
    compare 0 base.json odd.json
    [[ $output != *nan* ]]
}

@test "usage errors are exit 2" {
    compare 2 base.json
    expect_output "name two reports"
    compare 2 base.json same.json more.json
    compare 2 --threshold 5 base.json same.json
    expect_output "0.1% to 100%"
}

# asked_for N: is there an N-th request for memory? It is refused then. Sets $status and the
# files out and err.
asked_for() {
    rm -f refused
    status=0
    LD_PRELOAD=$PWD/refuse.so REFUSE=malloc:$1 REFUSED=$PWD/refused \
        "$BIN/quartet" compare base other >out 2>err || status=$?
    [ -e refused ]
}

@test "when memory runs out while rows are compared, nothing wrong is said" {
    gcc -std=c17 -O1 -fPIC -shared "$ROOT/tests/faults/refuse.c" -o refuse.so
    "$ROOT/tests/driver/make_report.py" --rounds 3 >base
    "$ROOT/tests/driver/make_report.py" --rounds 3 --seed 2 >other
    "$BIN/quartet" compare base other >right
    local last=1 none=100000 middle number
    while ((none - last > 1)); do
        middle=$(((none + last) / 2))
        if asked_for $middle; then last=$middle; else none=$middle; fi
    done
    # Reading comes first, where memory comes from lib/allocate.h.
    for ((number = last - 24; number <= last; number++)); do
        asked_for $number
        if [ "$status" -eq 0 ]; then
            cmp out right
        else
            expect "exit code without request $number" "$status" 1
            expect lines "$(wc -l <err)" 1
        fi
    done
}
