#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# liars.bats - `quartet validate` refuses runners that lie, each for its own reason, and
# finds nothing wrong with the honest one that they were made of. timeout: 600 s

load ../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

program() { # NAME
    printf '#!/bin/sh\nexec /usr/bin/python3 -B "%s" %s "$@"\n' "$ROOT/tests/liars/liar.py" "$1" >"$1"
    chmod +x "$1"
}

refused() { # NAME WORKLOAD REASON
    program "$1"
    run_for 1 "$BIN/quartet" validate "./$1" ${2:+"$2"}
    expect_output "FAIL" "$3"
}

@test "the honest one passes" {
    program honest
    for workload in sleep fetch primes; do
        run_for 0 "$BIN/quartet" validate ./honest "$workload"
        expect_output "ok    $workload, seeds 1 to 5" "0 failed"
    done
}

@test "work that is another: a sieve, no sleep, half the sleep, a task dropped" {
    refused sieve primes "another algorithm"
    refused no_sleep sleep "too early"
    refused half_sleep sleep "too early"
    refused dropped_task sleep "too early"
    refused counts_more sleep "operations is 99, not 7"
}

@test "fetch: an exchange fewer, more at once, a back end of its own" {
    refused fewer_exchanges fetch "the back end has seen 6 requests"
    refused more_in_flight fetch "sessions at once"
    refused own_back_end fetch "the back end has seen 0 sessions"
}

@test "answers of an earlier seed, and a record of another row" {
    refused cached_answers sleep "checksum is"
    refused copied_record sleep "model is 'threading', not 'copied-record'"
}

@test "figures: CPU time, memory, the clock" {
    refused cpu_misreported primes "of CPU time, and it used"
    refused memory_claimed sleep "memory"
    refused early_clock fetch "its clock is early"
}

@test "processes: other CPUs, one that is not waited for, one that stays" {
    refused other_cpus sleep "other CPUs than those that it was given"
    refused unwaited_process sleep "it had not waited for"
    refused leaves_child_at_end "" "of its processes are left"
}

@test "manners: output, no record, half a record, exit codes, options, names" {
    refused talker sleep "on standard output"
    refused no_record sleep "left no run record"
    refused half_record sleep "left no run record"
    refused crash_afterwards sleep "exit code 3"
    refused takes_any_option "" "an unknown option is a usage error"
    refused many_workloads "" "more than 100"
    refused ten_thousand_workloads "" "longer than 1 MiB; a hundred"
    refused path_name "" "its name is not of the form"
}
