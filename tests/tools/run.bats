#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# tests/run itself: a tree of its own with a test or two, and what is said about them.

load ../common

setup() {
    mkdir "$BATS_TEST_TMPDIR/tree" && cd "$BATS_TEST_TMPDIR/tree" || return 1
    mkdir tests
    cp "$ROOT/tests/run" tests/run
    git init -q .
    test_that good 'true'
}

# test_that NAME COMMANDS: a test of the tree.
test_that() {
    printf '#!/bin/sh\n%s\n' "$2" >"tests/$1"
    chmod +x "tests/$1"
}

@test "a file that a test leaves in the tree is a failure, by name" {
    test_that careless 'mkdir -p sub && echo x >"sub/a table"'
    run_for 0 tests/run tests/good
    run_for 1 tests/run tests/good tests/careless
    expect_output "FAILED: left a file in the tree: sub/a table (of the time of " "tests/careless" \
        "2 passed, 1 failed"
    # So is a report in results/, although git ignores that folder.
    echo '/results/*' >.gitignore
    test_that measuring 'mkdir -p results/2026 && touch results/2026/report.json'
    run_for 1 tests/run tests/measuring
    expect_output "FAILED: left a file in the tree: results/2026/ (of the time of tests/measuring)"
    # It is there already: who comes later is not blamed for it.
    run_for 0 tests/run tests/good
    expect "last line" "${lines[-1]}" "1 passed, 0 failed"
}

@test "what git ignores, and what is gone again, is no such file; nor is there one without git" {
    echo /build/ >.gitignore
    test_that tidy 'mkdir build && touch build/object here && rm here'
    run_for 0 tests/run tests/tidy
    rm -rf .git build
    test_that careless 'touch left'
    run_for 0 tests/run tests/careless
    expect_output "1 passed, 0 failed"
}

@test "cases of TAP, skipped ones in the words of bats and of cmocka" {
    test_that cases 'printf "1..4\nok 1 a\nok 2 b # skip no such machine\nnot ok 3 # SKIP c\nnot ok 4 - d\n"; exit 1'
    run_for 1 tests/run tests/cases
    expect_output "skipped: b # skip no such machine" "skipped: # SKIP c" "failed: d" \
        "1 passed, 1 failed, 2 skipped"
}

@test "codes, processes left behind, and nothing at all" {
    test_that bad 'exit 3'
    test_that cannot 'echo "no such machine"; exit 77'
    test_that leaving 'sleep 60 >/dev/null 2>&1 &'
    run_for 1 tests/run tests/good tests/bad tests/cannot tests/leaving
    expect_output "failed: exit code 3" "skipped: no such machine" "left a process behind: sleep 60" \
        "2 passed, 2 failed, 1 skipped"
    run_for 1 tests/run
    expect_output "nothing ran"
}

@test "--fail-fast ends a test at its first case that fails, with all that it has started" {
    # shellcheck disable=SC2016 # for the test
    test_that slow 'sleep 6173 & printf "1..3\nok 1 one\nnot ok 2 two\n"; sleep 6174; touch "$HOME/third"; echo "ok 3 three"'
    HOME=$BATS_TEST_TMPDIR run_for 1 tests/run --fail-fast tests/slow
    expect_output "failed: two" "1 passed"
    [ ! -e "$BATS_TEST_TMPDIR/third" ]
    run ! pgrep -f '^sleep 617[34]$'
    run_for 0 tests/run --fail-fast tests/good
}
