#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# expect.bats - what --expect says of a run before it runs is what the run then leaves.
# Whether that is so for each workload of the lanes is looked at by compare.py.

load ../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "every runner expects the same, and it follows the schema" {
    for model in $MODELS; do
        run_for 0 "$BIN/$model" primes --limit 1000 --tasks 4 --concurrency 2 --seed 9 --expect
        echo "$output" >"$model.json"
        diff sequential.json "$model.json"
    done
    expect operations "$(json sequential.json ledger.operations)" 1000
    "$ROOT/tests/schema/validate.py" sequential.json || [ "$?" -eq 77 ]
}

@test "the least run time is what no machine can undercut" {
    run_for 0 "$BIN/eventloop" sleep --tasks 10 --concurrency 4 --delay 100ms --expect
    echo "$output" >sleep.json
    expect "3 turns of 100 ms" "$(json sleep.json least_run_ns)" 300000000
    run_for 0 "$BIN/eventloop" fetch --tasks 10 --concurrency 5 --exchanges 3 --delay 10ms --expect
    echo "$output" >fetch.json
    expect "2 turns of 3 x 10 ms" "$(json fetch.json least_run_ns)" 60000000
    run_for 0 "$BIN/eventloop" primes --limit 1m --tasks 10 --expect
    echo "$output" >primes.json
    expect "run time of what computes" "$(json primes.json least_run_ns)" 0
    [ "$(json primes.json least_cpu_ns)" -ge 1000000 ]
}

@test "quartet expect is what a runner says, and refuses what a runner refuses" {
    "$BIN/sequential" sleep --tasks 5 --seed 3 --expect >runner.json
    run_for 0 "$BIN/quartet" expect sleep --tasks 5 --seed 3
    expect expectation "$output" "$(cat runner.json)"
    run_for 2 "$BIN/quartet" expect sleep --tasks 2 --concurrency 3
    expect_output "--concurrency"
    run_for 2 "$BIN/quartet" expect nothing
    expect_output "no workload 'nothing'"
    run_for 2 "$BIN/quartet" expect
    expect_output "name a workload"
}

@test "the seed decides the checksum, the number of tasks in flight does not" {
    "$BIN/coroutine" sleep --tasks 5 --seed 1 --expect >one.json
    "$BIN/coroutine" sleep --tasks 5 --seed 1 --concurrency 2 --expect >two.json
    "$BIN/coroutine" sleep --tasks 5 --seed 2 --expect >other.json
    expect checksum "$(json two.json checksum)" "$(json one.json checksum)"
    [ "$(json other.json checksum)" != "$(json one.json checksum)" ]
}

@test "nothing is run, and contradictions are refused as in a run" {
    run_for 0 "$BIN/coroutine" sleep --tasks 1000 --concurrency 1 --delay 1s --expect
    run_for 2 "$BIN/coroutine" sleep --tasks 2 --concurrency 3 --expect
    run_for 2 "$BIN/coroutine" sleep --delay x --expect
    run_for 1 sh -c '"$0" sleep --expect >/dev/full' "$BIN/coroutine"
}

@test "for C runs, too, what was expected is what is left" {
    run_for 0 "$ROOT/tests/lanes/compare.py" "$BIN/multithread" "$BIN/coroutine" . \
        sleep primes mandelbrot spawn switch gather schedule semaphore pipeline counter stall
}
