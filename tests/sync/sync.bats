#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What sync.h promises, by every runner, with many rounds of several seeds each. A sanitizer
# looks at the order of accesses, not at what comes out, and needs fewer of them.
# timeout: 600 s

load ../common

case $BUILD in
*/release) SEEDS=10 ROUNDS=40 MANY=1000 ;;
*) SEEDS=2 ROUNDS=25 MANY=100 ;;
esac

# stress CASE MODEL [options]: with one seed after another.
stress() {
    local test=$1 model=$2 seed
    shift 2
    for ((seed = 1; seed <= SEEDS; seed++)); do
        run_for 0 "$TEST_BIN/$model" sync --case "$test" --seed "$seed" --permits $((seed % 5 + 1)) \
            --rounds "$ROUNDS" --timeout 30s "$@"
    done
}

# all CASE: in every model that can wait.
all() {
    stress "$1" multiprocess
    stress "$1" multithread
    stress "$1" coroutine
    stress "$1" coroutine --loops 3
    stress "$1" eventloop
    stress "$1" eventloop --loops 3
}

@test "a semaphore never lets more than its permits in" { all semaphore; }
@test "a mutex loses nothing" { all mutex; }
@test "a queue neither loses nor doubles an item" { all queue; }
@test "an event wakes every waiter exactly once" { all broadcast; }
@test "whoever gives up takes no permit along" { all limit; }

# Between several loops, and among threads, sync_objects.h promises less.
@test "in one loop: first come, first served" {
    local seed model
    for ((seed = 1; seed <= SEEDS; seed++)); do
        for model in coroutine eventloop; do
            run_for 0 "$TEST_BIN/$model" sync --case order --permits 1 --rounds "$ROUNDS" \
                --seed "$seed" --timeout 30s
        done
    done
}

@test "time passes for a loop whose tasks wake one another without end" {
    local model
    for model in multiprocess multithread "coroutine --loops 1" "coroutine --loops 3" \
        "eventloop --loops 1" "eventloop --loops 3"; do
        # shellcheck disable=SC2086 # a model with its options
        set -- $model
        run_for 0 "$TEST_BIN/$1" sync --case fair --rounds 5 --permits 2 --timeout 15s "${@:2}"
    done
}

@test "off-loaded work comes back right" {
    local model place
    for model in $MODELS; do
        stress offload "$model"
    done
    for place in threads processes; do
        stress offload coroutine --offload $place
        stress offload coroutine --offload $place --pool 3 --loops 2
        stress offload eventloop --offload $place
        stress offload eventloop --offload $place --pool 3 --loops 2
    done
}

@test "threads under a global lock keep the promises, too" {
    local test
    for test in semaphore mutex queue broadcast limit; do
        stress $test multithread --global-lock 1ms
    done
}

# primes_ns LIMIT: CPU time and run time of four threads under the lock.
primes_ns() {
    local record=$BATS_TEST_TMPDIR/primes.json
    run_for 0 "$BIN/multithread" primes --tasks 40 --concurrency 4 --limit "$1" \
        --global-lock 5ms --record "$record"
    expect "lock" "$(json "$record" variant.global_lock_ns)" 5000000
    CPU_NS=$(json "$record" cpu_ns.user) RUN_NS=$(json "$record" phases_ns.run)
}

# A program's start is CPU time outside of its run, and under a sanitizer much of it: so two
# runs are compared, of which one computes more. What it takes more is one CPU's and no more.
@test "under a global lock only one computes, and waiting overlaps" {
    local record=$BATS_TEST_TMPDIR/record.json cpu run
    primes_ns 300k
    cpu=$CPU_NS run=$RUN_NS
    primes_ns 4500k
    echo "CPU $cpu and $CPU_NS ns, run $run and $RUN_NS ns"
    [ $((CPU_NS - cpu)) -gt 60000000 ] # there is something to see
    [ $((10 * (CPU_NS - cpu))) -lt $((14 * (RUN_NS - run) + 100000000)) ]
    run_for 0 "$BIN/multithread" sleep --tasks 50 --concurrency 50 --delay 100ms \
        --global-lock 5ms --record "$record"
    python3 -IS -c "import json; assert json.load(open('$record'))['phases_ns']['run'] < 50 * 100e6 / 4"
}

# Each of 99 waiting threads that watched the clock by itself would wake up 2000 times.
@test "under a global lock one waiter watches the clock for all" {
    local record=$BATS_TEST_TMPDIR/record.json
    run_for 0 "$BIN/multithread" stall --tasks 100 --global-lock 100us --record "$record"
    python3 -IS - "$record" <<'EOS'
import json, sys
switches = json.load(open(sys.argv[1]))["context_switches"]["voluntary"]
assert switches < 30000, switches
EOS
}

# As in CPython: between the halves of an addition only if there is a call between them.
cut_in_two() {
    local try
    run_for 0 "$BIN/multithread" counter --guard none --global-lock 100us
    expect_output "lost_updates 0"
    for ((try = 0; try < 10; try++)); do
        run_for 0 "$BIN/multithread" counter --guard none --await --additions 200k --global-lock 100us
        if [[ $output != *"lost_updates 0"* ]]; then return; fi
    done
    echo "never in $try tries: $output"
    return 1
}
@test "under a global lock an addition is cut in two where the lock is looked at" { cut_in_two; }

@test "sequential does what needs nobody else, and says what does" {
    local test
    for test in semaphore mutex limit; do
        stress "$test" sequential
    done
    for test in queue broadcast; do
        run_for 77 "$TEST_BIN/sequential" sync --case "$test"
        expect_output "waits for another task"
    done
}

@test "large: up to 1000 tasks, 4 permits" {
    local model
    for model in multithread coroutine "coroutine --loops 2" eventloop "eventloop --loops 2"; do
        # shellcheck disable=SC2086 # a model with its options
        set -- $model
        run_for 0 "$TEST_BIN/$1" sync --tasks "$MANY" --concurrency "$MANY" --rounds 3 --permits 4 \
            --case limit --timeout 60s "${@:2}"
        run_for 0 "$TEST_BIN/$1" sync --tasks "$MANY" --concurrency "$MANY" --rounds 3 --permits 4 \
            --case queue --timeout 60s "${@:2}"
    done
}
