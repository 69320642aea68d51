#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# conclusions.bats - the script behind `make conclusions`, with stored reports and with
# sessions of runners that do no work: a pair in two orders is found, load may only say less,
# and an interrupted series continues.

load ../common
load ../driver/driver

setup() {
    driver_setup
    STATE=$BATS_TEST_TMPDIR/state
}

conclusions() {
    local code=$1
    shift
    run_for "$code" "$ROOT/tests/campaign/conclusions" --build "$BUILD" --state "$STATE" "$@"
}

# store KIND NUMBER [PYTHON]: an invented session, whose cells of fetch PYTHON changes.
store() {
    mkdir -p "$STATE/$1/$2"
    "$ROOT/tests/driver/make_report.py" --rounds 12 --seed "$2" | python3 -IS -c '
import json, sys
report = json.load(sys.stdin)
table = next(table for table in report["tables"] if table["id"] == "fetch")
cells = {cell["label"]: cell for cell in table["cells"]}
def slower(label, factor):
    for sample in cells[label]["samples"]:
        sample["wall_ns"] = int(sample["wall_ns"] * factor)
        sample["record"]["phases_ns"]["run"] = int(sample["record"]["phases_ns"]["run"] * factor)
def disturb():
    for table in report["tables"]:
        for block in table["blocks"]:
            block["disturbed"], block["accepted"] = "load of others", False
exec(sys.argv[1])
json.dump(report, sys.stdout)' "${3:-}" >"$STATE/$1/$2/report.json"
}

@test "pairs are counted, and one in two orders is found" {
    store quiet 1
    conclusions 0 --table
    expect_output "quiet: 1 session, 16.0 pairs named in one, 0 in two orders"
    grep -qE '^fetch +eventloop +multithread +1/1$' <<<"$output"
    grep -qE '^primes, one CPU +sequential +multiprocess +1/1$' <<<"$output"
    grep -qE '^primes, one CPU +multithread +multiprocess +1/1$' <<<"$output"
    run ! grep -E '^fetch +(coroutine +eventloop|eventloop +coroutine)' <<<"$output"
    store quiet 2 'slower("eventloop", 1.1)'
    conclusions 1 --table
    expect_output "fetch: eventloop before multithread in 1 of 2" \
        "fetch: multithread before eventloop in 1 of 2" "1 in two orders"
}

@test "load may say less, and nothing else" {
    store quiet 1
    store load-2 1 'disturb()'
    conclusions 0 --table
    expect_output "load-2, beside quiet: says less, nothing else"
    grep -qE '^fetch +eventloop +multithread +1/1 +0/1$' <<<"$output"
    store load-2 2 'slower("coroutine", 1.1)'
    store load-2 3 'slower("eventloop", 1.1)'
    conclusions 1 --table
    expect_output "fetch: eventloop before coroutine: no quiet session says it" \
        "fetch: multithread before eventloop: quiet sessions say the reverse"
}

@test "sessions are run once, those that are left later, with the same options" {
    local small=(-- --workloads counting/one-cpu --models "coroutine,eventloop" --rounds 6 --accept-noise)
    steady_times
    conclusions 0 --sessions 1 "${small[@]}"
    expect_output "[1/1] quiet" "quiet: 1 session"
    mkdir -p "$STATE/quiet/002" # a session that was killed
    conclusions 0 --sessions 2 "${small[@]}"
    run ! grep -F '[1/2]' <<<"$output"
    [ -s "$STATE/quiet/002/report.json" ]
    conclusions 1 --sessions 2
    expect_output "have other options: --workloads counting/one-cpu"
    run_for 1 flock "$STATE" "$ROOT/tests/campaign/conclusions" --state "$STATE"
    expect_output "somebody else measures"
    nothing_left
}

@test "what cannot be is said in one line" {
    conclusions 77 --table
    expect_output "no session has been run yet"
    conclusions 2 --sessions 0
    expect_output "give one or more sessions"
    mkdir -p "$STATE/quiet/001"
    echo '{"complete": true}' >"$STATE/quiet/001/report.json"
    conclusions 1 --table
    expect_output "conclusions: " "quiet/001"
    FAKE_eventloop=failed conclusions 1 -- --workloads nosuch
    expect_output "a session failed: exit code 2"
}
