#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# No model pays for first touches while the clock runs: page faults of all workers after
# the gate, which the record counts with --memory. At most one for each worker, and a few
# for what a loop's own tables grow by. timeout: 240 s

load ../common

# few_late_faults MODEL WORKLOAD OPTIONS...: with 64 tasks at once.
few_late_faults() {
    local record=$BATS_TEST_TMPDIR/record.json faults workers
    run_for 0 "$BIN/$1" "${@:2}" --tasks 64 --concurrency 64 --memory --record "$record"
    faults=$(json "$record" late_faults)
    workers=$(json "$record" workers)
    echo "$1 $2: $faults page faults of $workers workers"
    [ "$faults" -le $((workers > 1 ? workers : 8)) ]
}

@test "after the gate hardly a page is touched for the first time" {
    local model
    for model in multiprocess multithread coroutine eventloop; do
        few_late_faults "$model" fetch --delay 5ms
        few_late_faults "$model" broadcast
    done
}

@test "who serves a connection touches its buffers then, and nothing of the others'" {
    local record=$BATS_TEST_TMPDIR/record.json model
    for model in multiprocess multithread coroutine eventloop; do
        run_for 0 "$BIN/$model" serve --tasks 32 --concurrency 32 --requests 20 --memory --record "$record"
        echo "$model: $(json "$record" late_faults) page faults"
        [ "$(json "$record" late_faults)" -le $((2 * 32 + 8)) ]
    done
}
