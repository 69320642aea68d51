#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet selftest` with the real runners and the faulty ones: the gate can fail.
# timeout: 600 s

load ../../common
load ../driver

setup() {
    driver_setup
    need_hyperfine
}

@test "the gate passes what is equal, and finds a slow-down and a crash" {
    [[ $BUILD == */release ]] || skip "times of unoptimised runners mean nothing"
    run env -u QUARTET_RUNNERS timeout -k 5 500 "$BIN/quartet" selftest
    echo "$output"
    [ "$status" -eq 0 ]
    expect_output "beside itself: exit 0" "three times as long: exit 3" "crash: exit 1"
    nothing_left
}

@test "a self-test that finds something else says so, and shows what the gate said" {
    mkdir injected
    cp -r "$FAKE" injected/slow
    cp -r "$FAKE" injected/crash
    run_for 1 "$BIN/quartet" selftest
    # Fake runners know no primes, so the gate cannot even begin.
    expect_output "exit 2, WRONG" "expected exit 0" "nothing to run"
    nothing_left
}

@test "without faulty runners there is no self-test" {
    run_for 77 "$BIN/quartet" selftest
    expect_output "make injected"
    run_for 2 "$BIN/quartet" selftest --nosuch
}
