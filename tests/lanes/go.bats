#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# go.bats - the Go lane does the work of the C runners: same parameters, same ledger, same
# checksum; and it keeps to the contract of a runner. timeout: 300 s

load ../common

LANE=$BATS_FILE_TMPDIR/lanes/go/goroutine

# Nothing is left in the user's own caches.
setup_file() {
    if command -v go >/dev/null; then
        export GOCACHE=$BATS_FILE_TMPDIR/cache
        (cd "$ROOT/lanes/go" && go build -o "$LANE" .)
    fi
}

setup() {
    command -v go >/dev/null || skip "go is not installed: apt-get install golang-go"
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "goroutines leave what C leaves" {
    run_for 0 "$ROOT/tests/lanes/compare.py" "$LANE" "$BIN/coroutine" "$BATS_FILE_TMPDIR" \
        sleep primes mandelbrot spawn switch
}

@test "it keeps to the contract, and its back end has seen what it says" {
    run_for 0 "$BIN/quartet" validate "$LANE"
    expect_output "ok    fetch, seeds 1 to 5" "ok    its record, changed in ten ways, is refused" \
        ", 0 failed"
}

@test "description and record follow the schemas, and options are those of C" {
    "$BIN/coroutine" --describe >ours.json
    "$LANE" --describe >goroutine.json
    "$LANE" sleep --tasks 2 --delay 1ms --record run.json
    run_for 77 "$LANE" switch --by yield --record dnf.json
    expect_output "not the next one"
    run_for 0 python3 - goroutine.json ours.json <<'PYTHON'
import json, sys
lane, ours = (json.load(open(path)) for path in sys.argv[1:])
assert lane["name"] == "goroutine" and lane["gil"] is None and len(lane["workloads"]) == 6
workloads = {one["name"]: one for one in ours["workloads"]}
for one in lane["workloads"]:
    theirs = workloads[one["name"]]
    for key in ("kind", "operation", "together", "default_tasks", "default_concurrency", "summary"):
        assert one[key] == theirs[key], (one["name"], key, one[key], theirs[key])
    assert one["options"] == theirs["options"], (one["options"], theirs["options"])
PYTHON
    run "$ROOT/tests/schema/validate.py" goroutine.json run.json dnf.json
    [ "$status" -eq 0 ] || [ "$status" -eq 77 ]
}

@test "what was not asked in the right way is a usage error; --cpus and --timeout are kept" {
    run_for 2 "$LANE"
    expect_output "mandelbrot"
    run_for 2 "$LANE" sleep --delay 5
    expect_output "--delay" "'5'"
    run_for 2 "$LANE" sleep --cpus nowhere
    run_for 2 "$LANE" switch --tasks 1
    expect_output "2 or more"
    run_for 1 "$LANE" sleep --tasks 1 --delay 60s --timeout 300ms
    expect_output "longer than 300ms"
    cpu=$(cpus 1)
    run_for 0 "$LANE" primes --tasks 2 --limit 100 --cpus "$cpu" --record run.json
    expect cpus "$(json run.json cpus)" "$cpu"
}
