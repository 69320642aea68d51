#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Which cells a plan has, which of them are skipped, and for which reason: a table of sizes,
# CPUs and models (cells.py), and what is refused as a whole.

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "planned or skipped, and why: over a table of sizes" {
    run_for 0 "$ROOT/tests/driver/plan/cells.py" "$BIN/quartet"
}

@test "what cannot be planned at all is one line" {
    local first
    first=$(cpus 1)
    while IFS='|' read -r options words; do
        # shellcheck disable=SC2086 # several words
        run_for 2 taskset -c "$first" "$BIN/quartet" run --dry-run $options
        expect lines "${#lines[@]}" 1
        expect_output "$words"
    done <<'CASES'
--workloads primes/all-cpus|nothing to run: no table of this choice exists on this machine (all-cpus needs two CPUs at the least)
--workloads sleep --tasks 5 --concurrency 6|--concurrency 6: more than --tasks 5 cannot be in flight
--workloads sleep --models coroutine,fibre|there is no model 'fibre'
--workloads sleep,snooze|there is no workload 'snooze'
--profile quick --workloads serve --models sequential|nothing to run
CASES
}
