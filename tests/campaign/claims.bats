#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# claims.bats - the script behind `make claims`: a claim that turns is found, load may decide
# less but not more, and a series continues.

load ../common
load ../driver/driver

setup() {
    driver_setup
    STATE=$BATS_TEST_TMPDIR/state
}

claims() {
    local code=$1
    shift
    run_for "$code" "$ROOT/tests/campaign/claims" --build "$BUILD" --state "$STATE" "$@"
}

# store KIND NUMBER NAME=VERDICT...: an invented session.
store() {
    local folder=$STATE/$1/$2
    mkdir -p "$folder"
    python3 -IS - "${@:3}" >"$folder/claims.json" <<'END'
import json, sys
words = [word.split("=") for word in sys.argv[1:]]
json.dump({"complete": True, "claims": [{"id": id, "verdict": it} for id, it in words]}, sys.stdout)
END
}

@test "a claim that turns is found, also where load turned it" {
    store quiet 1 light=CONFIRMED fast=UNDECIDED
    store quiet 2 light=CONFIRMED fast=REFUTED
    claims 0 --table
    expect_output "sessions: 2; claims: 2, of which turned: 0" "quiet: 25 % UNDECIDED"
    grep -qE '^light +2/0/0/0$' <<<"$output"
    grep -qE '^fast +0/1/1/0$' <<<"$output"
    store load-2 1 light=UNDECIDED fast=CONFIRMED
    claims 1 --table
    expect_output "fast: CONFIRMED in 1, REFUTED in 1" "sessions: 3; claims: 2, of which turned: 1"
}

@test "load that decides more than a quiet machine is no load" {
    store quiet 1 light=CONFIRMED fast=UNDECIDED python=SKIPPED
    store load-2 1 light=CONFIRMED fast=CONFIRMED python=SKIPPED
    claims 1 --table
    expect_output "of which turned: 0" "load-2: 0 % UNDECIDED, LESS than when it is quiet"
    store load-2 1 light=UNDECIDED fast=UNDECIDED python=SKIPPED
    claims 0 --table
    expect_output "load-2: 100 % UNDECIDED"
}

@test "sessions are run once, those that are left later" {
    local small=(-- --claims "$BATS_TEST_TMPDIR/mine" --accept-noise)
    steady_times
    mkdir "$BATS_TEST_TMPDIR/mine"
    cat >"$BATS_TEST_TMPDIR/mine/counts.json" <<'JSON'
{"schema": "quartet.claim/1", "number": 7, "statement": {"en": "It counts.", "ru": "Считает."},
 "experiment": {"plan": {"schema": "quartet.plan/1", "rounds": 1, "tables":
  [{"id": "count", "workload": "counting", "models": ["coroutine", "multithread"]}]}},
 "confirmed": {"all": [{"name": {"en": "operations", "ru": "операций"}, "equals": 100,
  "of": {"table": "count", "row": "coroutine", "metric": "record.ledger.operations"}}]},
 "meaning": {"en": "It does.", "ru": "Считает."}}
JSON
    claims 0 --sessions 1 "${small[@]}"
    expect_output "[1/1] quiet" "sessions: 1; claims: 1, of which turned: 0"
    claims 0 --sessions 2 "${small[@]}"
    expect_output "sessions: 2; claims: 1, of which turned: 0"
    run ! grep -F '[1/2]' <<<"$output"
    nothing_left
}

@test "what cannot be is said in one line" {
    claims 77 --table
    expect_output "no session has been run yet: make claims"
    claims 2 --load -1
    expect_output "a load of 0 or more"
    claims 1 -- nosuch
    expect_output "claims: a session failed: exit code 2"
}
