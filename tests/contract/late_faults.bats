#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# No model pays for first touches while the clock runs: page faults of all workers after
# the gate, which the record counts with --memory. At most one for each worker, and a few
# for what a loop's own tables grow by. timeout: 240 s

load ../common

@test "after the gate hardly a page is touched for the first time" {
    local model record=$BATS_TEST_TMPDIR/record.json
    for model in multiprocess multithread coroutine eventloop; do
        run_for 0 "$BIN/$model" fetch --tasks 64 --concurrency 64 --delay 5ms --memory \
            --record "$record"
        local faults workers
        faults=$(json "$record" late_faults)
        workers=$(json "$record" workers)
        echo "$model: $faults page faults of $workers workers"
        [ "$faults" -le $((workers + 8)) ]
    done
}
