#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/show: what the lessons compare. (The pages' own test runs each; here is what
# happens when it is called wrongly, or when a runner is missing or fails.)

load ../common

@test "an unknown lesson: the known ones, exit code 2" {
    run_for 2 "$ROOT/scripts/show" nonsense
    expect_output "no lesson 'nonsense'" "global-lock-counter"
}

@test "no lesson: the usage, exit code 2" {
    run_for 2 "$ROOT/scripts/show"
    expect_output "usage: scripts/show LESSON"
}

@test "a missing runner is named, and how to build it" {
    RUNNERS=$BATS_TEST_TMPDIR run_for 2 "$ROOT/scripts/show" coroutine
    expect_output "no runner '$BATS_TEST_TMPDIR/sequential'" "make"
}

@test "a runner that fails is not hidden by the table" {
    printf '#!/bin/sh\nexit 77\n' >"$BATS_TEST_TMPDIR/sequential"
    chmod +x "$BATS_TEST_TMPDIR/sequential"
    RUNNERS=$BATS_TEST_TMPDIR run_for 77 "$ROOT/scripts/show" coroutine
}
