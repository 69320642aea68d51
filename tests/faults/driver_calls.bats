#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Calls of the driver that are refused, once each: a dozen of those that driver_calls.py knows
# (`make driver-calls`: all of them). timeout: 300 s

load ../common

setup() {
    case $BUILD in */asan) ;; *) skip "the asan build runs this" ;; esac
    gcc -std=c17 -O1 -fPIC -shared "$ROOT/tests/faults/refuse_driver.c" -o "$BATS_TEST_TMPDIR/refuse.so"
}

run_calls() {
    run_for 0 "$ROOT/tests/faults/driver_calls.py" "$BATS_TEST_TMPDIR/refuse.so" "$BIN/quartet" "$@"
}

@test "a refused call ends a command clearly, without a leak, and leaves nothing behind" {
    run_calls --only run --draw 10
    expect_output "10 calls refused, 0 ended badly"
}

@test "a report that cannot be looked at is not passed over in silence" {
    run_calls --only history:lstat:1 --only history:lstat:3
    expect_output "2 calls refused, 0 ended badly"
}
