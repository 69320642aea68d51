#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# mixed at the edges of its parameters, and what its figures must say whatever the machine
# does beside. timeout: 300 s

load ../common

small="--exchanges 3 --delay 1ms"

@test "no computing, none but light, none but heavy, one session" {
    local model record=$BATS_TEST_TMPDIR/record.json
    for model in $MODELS; do
        for options in "--compute 0" "--light 100" "--light 0" "--tasks 1" "--tasks 7 --light 50"; do
            # shellcheck disable=SC2086 # several options
            run_for 0 "$BIN/$model" mixed --tasks 20 $small $options --record "$record"
        done
        expect computations "$(json "$record" results.computations)" 12
        expect "light latencies" "$(json "$record" latency_ns.count)" 9
        run_for 0 "$BIN/$model" mixed --tasks 20 --exchanges 3 --delay 1ms --light 0 --record "$record"
        expect "no light session" "$(json "$record" latency_ns)" null
    done
    run_for 2 "$BIN/coroutine" mixed --light 101
    expect_output --light "0 to 100"
}

@test "what was computed is what was asked, in every model and pool" {
    local model record=$BATS_TEST_TMPDIR/record.json
    for model in $MODELS "coroutine --offload threads" "eventloop --offload processes"; do
        # shellcheck disable=SC2086 # a model and its options
        set -- $model
        run_for 0 "$BIN/$1" mixed --tasks 10 --exchanges 2 --delay 1ms --compute 3ms "${@:2}" --record "$record"
        expect "computations of $model" "$(json "$record" results.computations)" 18
        [ "$(json "$record" results.computed_ns)" -ge 54000000 ]
        [ "$(($(json "$record" cpu_ns.user) + $(json "$record" cpu_ns.system)))" -ge 54000000 ]
        expect "bytes of $model" "$(json "$record" results.job_bytes)" 432
    done
}

@test "a light session waits for the computing of a loop, as long as it takes" {
    local record=$BATS_TEST_TMPDIR/record.json longest
    # Ten sessions compute 20 ms each at about the same time.
    run_for 0 "$BIN/eventloop" mixed --tasks 11 --light 10 --exchanges 5 --delay 5ms --compute 20ms --record "$record"
    longest=$(json "$record" latency_ns.max)
    [ "$longest" -ge 60000000 ]
}
