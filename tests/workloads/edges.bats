#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# primes, mandelbrot and spawn at the edges of their sizes, by every runner: nothing to
# do for most tasks, one task, pieces that do not divide evenly, values out of range.
# timeout: 300 s

load ../common

# every_model WORKLOAD OPTIONS...: all runners must succeed, with equal checksums.
every_model() {
    local model record=$BATS_TEST_TMPDIR/record.json wanted=""
    for model in $MODELS; do
        run_for 0 "$BIN/$model" "$@" --record "$record" || return 1
        : "${wanted:=$(json "$record" ledger.checksum)}"
        expect "$model $*" "$(json "$record" ledger.checksum)" "$wanted" || return 1
    done
}

# refused OPTION RANGE WORKLOAD OPTIONS...: a usage error that names both.
refused() {
    local option=$1 range=$2 model
    shift 2
    for model in sequential eventloop; do
        run_for 2 "$BIN/$model" "$@" && expect_output "$option" "$range" || return 1
    done
}

@test "primes: any limit, any number of tasks" {
    every_model primes --limit 1 --tasks 1
    every_model primes --limit 7 --tasks 50
    every_model primes --limit 499 --tasks 3
    every_model primes --limit 500 --tasks 3
    every_model primes --limit 501 --tasks 3
    every_model primes --limit 10007 --tasks 7 --concurrency 7
    every_model primes --limit 100k --tasks 1
    every_model primes --limit 3k --tasks 2000
}

@test "mandelbrot: any width, any height" {
    every_model mandelbrot --width 1 --tasks 1 --iterations 100
    every_model mandelbrot --width 1 --tasks 50
    every_model mandelbrot --width 39 --tasks 2
    every_model mandelbrot --width 41 --tasks 5 --iterations 5k
    every_model mandelbrot --width 80 --tasks 17 --concurrency 17 --iterations 101
}

@test "spawn: one child, many parents, parents side by side" {
    every_model spawn --tasks 1 --children 1
    every_model spawn --tasks 50 --children 1
    every_model spawn --tasks 12 --children 3 --concurrency 4
}

@test "values out of range are refused by name" {
    refused --limit "1 to 4294967295" primes --limit 0
    refused --limit "1 to 4294967295" primes --limit 4294967296
    refused --width "1 to 1" mandelbrot --width 0
    refused --iterations "100 to 1" mandelbrot --iterations 99
    refused --children "1 to 1" spawn --children 0
}

@test "children are real: their processes and threads are waited for" {
    local model record=$BATS_TEST_TMPDIR/record.json
    for model in multiprocess multithread; do
        run_for 0 "$BIN/$model" spawn --tasks 2 --children 50 --cpus "$(cpus 1)" --record "$record"
        # A parent sleeps until its child has ended, unless that has ended already.
        [ "$(json "$record" context_switches.voluntary)" -ge 50 ]
    done
    # Pages of a hundred processes, each of which faults in some of its own.
    run_for 0 "$BIN/multiprocess" spawn --tasks 2 --children 50 --record "$record"
    [ "$(json "$record" page_faults.minor)" -ge 500 ]
}
