#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# commands.bats - `quartet list`, `quartet doctor` and `quartet help`.

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "list names every workload folder and every model" {
    run_for 0 "$BIN/quartet" list
    for folder in "$ROOT"/workloads/*/workload.c; do
        expect_output "  $(basename "$(dirname "$folder")") "
    done
    for model in $MODELS; do
        expect_output "  $model "
    done
    expect_output "--concurrency N" "--record TEXT"
}

@test "list of a workload or a model says its options, as the runner's own help does" {
    run_for 0 "$BIN/quartet" list primes
    expect_output "numbers tested" "$("$BIN/sequential" primes --help | grep -e --limit)"
    run_for 0 "$BIN/quartet" list coroutine
    expect_output "$("$BIN/coroutine" primes --help | grep -e --switch)"
    run_for 0 "$BIN/quartet" list --json
    expect "descriptions" "$(python3 -IS -c 'import json, sys; print(len(json.load(sys.stdin)))' \
        <<<"$output")" 5
}

@test "a program that is no runner is named with the reason, by list and by doctor" {
    mkdir runners
    for model in $MODELS; do ln -s "$BIN/$model" runners; done
    printf '#!/bin/sh\necho hello\n' >runners/talker
    cp runners/talker runners/Upper
    chmod +x runners/talker runners/Upper
    export QUARTET_RUNNERS=$PWD/runners
    run_for 0 "$BIN/quartet" list
    expect_output "Ignored" "talker" "did not print an answer" "Upper" "is of the form [a-z]"
    run "$BIN/quartet" doctor
    expect_output "ignored" "talker"
}

@test "list of what is not there, or without runners, says so" {
    run_for 2 "$BIN/quartet" list nothing
    expect_output "no workload and no model 'nothing'"
    QUARTET_RUNNERS=$PWD run_for 77 "$BIN/quartet" list
    expect_output "no runners in"
}

@test "doctor looks at parts, limits, CPUs and noise" {
    run_for 0 "$BIN/quartet" doctor
    expect_output "Parts" "hyperfine" "runners" "Limits" "RLIMIT_NOFILE" "pid_max" \
        "max_map_count" "ephemeral ports" "CPUs" "cgroup quota" "clock source" "Noise" \
        "steal" "load" "quartet "
}

@test "doctor says what to do about a low limit" {
    ulimit -n 512
    run_for 0 "$BIN/quartet" doctor
    expect_output "problem  RLIMIT_NOFILE    512" "-> raise the hard 'nofile'"
}

@test "doctor exits with 77 when a part is missing" {
    QUARTET_RUNNERS=$PWD run_for 77 "$BIN/quartet" doctor
    expect_output "MISSING  runners" "-> build them: make" "cannot work here"
    mkdir empty
    run_for 77 env PATH="$PWD/empty" "$BIN/quartet" doctor
    expect_output "MISSING  hyperfine" "-> apt-get install hyperfine"
}

@test "help explains everything, and each command its own options" {
    run_for 0 "$BIN/quartet" help
    expect_output "usage: quartet COMMAND" "doctor"
    [ "${#lines[@]}" -le 30 ]
    for command in run report list doctor; do
        run_for 0 "$BIN/quartet" help "$command"
        expect_output "usage: quartet $command" "--help"
        helped=$output
        run_for 0 "$BIN/quartet" "$command" --help
        expect "$command --help" "$output" "$helped"
    done
    run_for 2 "$BIN/quartet" help nothing
    expect_output "there is no command 'nothing'"
}
