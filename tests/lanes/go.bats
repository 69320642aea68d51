#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# go.bats - the Go lane does the work of the C runners: same parameters, same ledger, same
# checksum; and it keeps to the contract of a runner. timeout: 300 s

load ../common
load lanes

LANE=$BATS_FILE_TMPDIR/lanes/go

# Nothing is left in the user's own caches.
setup_file() {
    if command -v go >/dev/null; then
        export GOCACHE=$BATS_FILE_TMPDIR/cache
        (cd "$ROOT/lanes/go" && go build -o "$LANE/goroutine" .)
    fi
}

setup() {
    command -v go >/dev/null || skip "go is not installed: apt-get install golang-go"
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "goroutines leave what C leaves" {
    same_work goroutine sleep primes mandelbrot spawn switch
}

@test "it keeps to the contract, and its back end has seen what it says" {
    run_for 0 "$BIN/quartet" validate "$LANE/goroutine"
    expect_output "ok    fetch, seeds 1 to 5" "ok    its record, changed in ten ways, is refused" \
        ", 0 failed"
}

@test "description and record follow the schemas, and options are those of C" {
    described_as_ours goroutine null 6
    "$LANE/goroutine" sleep --tasks 2 --delay 1ms --record run.json
    run_for 77 "$LANE/goroutine" switch --by yield --record dnf.json
    expect_output "not the next one"
    follow_schemas goroutine.json run.json dnf.json
}

@test "what was not asked in the right way is a usage error; --cpus and --timeout are kept" {
    refuses_usage goroutine
    ends_in_time goroutine 300ms
    keeps_cpus goroutine
}
