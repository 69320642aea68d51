#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# schema.bats - what the programs write follows results/schemas, and the schemas refuse
# what does not.

load ../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    validate=$ROOT/tests/schema/validate.py
    "$validate" /dev/null >/dev/null && code=0 || code=$?
    if [ "$code" -eq 77 ]; then
        skip "python3-jsonschema is not installed"
    fi
}

# Changes FILE by a line of Python in which `it` is the document.
change() {
    python3 - "$1" "$2" <<'PYTHON'
import json, sys
it = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(it, open(sys.argv[1], "w"))
PYTHON
}

refuses() {
    run_for 1 "$validate" "$1"
    expect_output "$2"
}

@test "the schemas are schemas" { run_for 0 "$validate" --schemas; }

@test "every runner's run record follows the schema" {
    for model in $MODELS; do
        run_for 0 "$BIN/$model" primes --limit 1000 --tasks 4 --concurrency 2 --memory \
            --record "$model.json"
        run_for 0 "$BIN/$model" sleep --tasks 3 --delay 1ms --record "$model-sleep.json"
        run_for 0 "$validate" "$model.json" "$model-sleep.json"
    done
}

@test "every runner's description follows the schema" {
    for model in $MODELS; do
        "$BIN/$model" --describe >"$model.json"
        run_for 0 "$validate" "$model.json"
    done
}

@test "an analysed report follows the schema" {
    for case in usual unequal-checksum one-bad-run wrong no-majority no-record incomplete; do
        "$ROOT/tests/driver/make_report.py" --case "$case" >raw.json
        run_for 0 "$validate" raw.json
        run_for 0 "$BIN/quartet" report --format json raw.json
        echo "$output" >analysed.json
        run_for 0 "$validate" analysed.json
    done
}

@test "a report of another kind or none is refused" {
    echo '{"schema": "quartet.report/9"}' >report.json
    refuses report.json "which is not known"
    echo '[]' >report.json
    refuses report.json "which is not known"
    echo '{"schema": "quartet.run/1", "seed": NaN}' >report.json
    refuses report.json "NaN is not JSON"
    echo '{"schema": "quartet.run/1", "schema": "quartet.run/1"}' >report.json
    refuses report.json "stands twice"
}

@test "a report with a mistake is refused, and the place is named" {
    "$ROOT/tests/driver/make_report.py" >good.json
    while IFS='|' read -r mistake words; do
        cp good.json bad.json
        change bad.json "$mistake"
        refuses bad.json "$words"
    done <<'CASES'
del it["plan"]|'plan' is a required property
it["complete"] = False|incomplete_reason
it["tables"][0]["kind"] = "gpu"|tables/0/kind
it["tables"][0]["cells"][1]["status"] = "fine"|tables/0/cells/1/status
it["tables"][0]["cells"][1]["status"] = "dnf"|tables/0/cells/1/reason
it["tables"][0]["cells"][0]["samples"][0]["wall_ns"] = "212 ms"|samples/0/wall_ns
it["tables"][0]["cells"][0]["samples"][0]["wall_ns"] = -1|samples/0/wall_ns
del it["tables"][0]["cells"][0]["samples"][0]["record"]["seed"]|'seed' is a required property
it["tables"][0]["cells"][0]["samples"][0]["record"]["ledger"]["errors"] = 2|ledger/errors
it["tables"][0]["cells"][0]["samples"][0]["record"]["ledger"]["checksum"] = "12"|ledger/checksum
it["tables"][0]["blocks"][0]["valid"] = False|invalid_reason
it["tables"][0]["blocks"][0]["order"][0] = "primes/nobody"|none of its cells
it["tables"][0]["cells"][0]["samples"][0]["block"] = 77|a block that is not there
it["tables"][1]["id"] = it["tables"][0]["id"]|an id stands twice
CASES
}

@test "a run record with a mistake is refused" {
    "$BIN/sequential" primes --limit 1000 --tasks 4 --record good.json
    while IFS='|' read -r mistake words; do
        cp good.json bad.json
        change bad.json "$mistake"
        refuses bad.json "$words"
    done <<'CASES'
it["status"] = "wrong"|reason
it["ledger"] = None|ledger
it["phases_ns"]["run"] = None|phases_ns/run
it["cpu_ns"]["user"] = "1 ms"|cpu_ns/user
it["memory"] = {"bytes": 0, "method": "guess"}|memory/bytes
it["tasks"] = 0|tasks
it["latency_ns"] = {"kind": "service"}|required property
CASES
}
