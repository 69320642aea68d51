#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Which worker runs on which CPU, as the kernel tells while they compute
# (runners/common/placement.h), and what the run record says of it. timeout: 120 s

load ../common

setup() {
    FIRST_TWO=$(python3 -IS -c 'import os; print(*sorted(os.sched_getaffinity(0))[:2])')
    [ "$(wc -w <<<"$FIRST_TWO")" -eq 2 ] || skip "there is only one CPU"
    CPUS=${FIRST_TWO/ /,}
}

teardown() {
    [ -z "${RUNNER:-}" ] || kill -KILL "$RUNNER" 2>/dev/null || true
}

# The single CPUs to which threads of the runner and its children are pinned, in order.
single_cpus() {
    local pid
    for pid in "$RUNNER" $(descendants "$RUNNER"); do
        cat "/proc/$pid/task/"*/status 2>/dev/null
    done | sed -n 's/^Cpus_allowed_list:\t\([0-9]*\)$/\1/p' | sort -n | uniq | xargs
}

pinned_to() { [ "$(single_cpus)" = "$1" ]; }
gate_is_open() { [ "$(cut -d' ' -f14 "/proc/$RUNNER/stat")" -gt 5 ]; } # it has computed

# Two workers of this model each get a CPU of their own.
one_each() {
    "$BIN/$1" primes --limit 4g --cpus "$CPUS" "${@:2}" 3>&- &
    RUNNER=$!
    eventually pinned_to "$FIRST_TWO"
}

@test "two threads on two CPUs" { one_each multithread --concurrency 2; }
@test "two processes on two CPUs" { one_each multiprocess --concurrency 2; }
@test "two schedulers on two CPUs" { one_each coroutine --loops 2; }
@test "two event loops on two CPUs" { one_each eventloop --loops 2; }
@test "a larger pool, when asked for" { one_each multithread --concurrency 5 --pin always; }

@test "nobody is pinned who should not be" {
    "$BIN/eventloop" primes --limit 4g --cpus "$CPUS" --loops 2 --pin never 3>&- &
    RUNNER=$!
    eventually gate_is_open
    expect "CPUs of single threads" "$(single_cpus)" ""
}

@test "the record says whether it was so" {
    local record=$BATS_TEST_TMPDIR/record.json line
    while read -r wanted line; do
        # shellcheck disable=SC2086
        run_for 0 "$BIN/"$line --cpus "$CPUS" --record "$record"
        expect "pinned in $line" "$(json "$record" pinned)" "$wanted"
        run_for 0 "$ROOT/tests/schema/validate.py" "$record"
    done <<'EOF'
true  eventloop primes --limit 10k --loops 2
true  multithread primes --limit 10k --concurrency 2
true  sequential primes --limit 10k --pin always
false multithread primes --limit 10k --concurrency 2 --per-task
false multithread primes --limit 10k --concurrency 3
false eventloop primes --limit 10k
false eventloop primes --limit 10k --loops 2 --pin never
false multithread sleep --tasks 2 --delay 1ms
EOF
    run_for 0 "$BIN/multithread" primes --limit 10k --concurrency 2 --cpus "${FIRST_TWO% *}" \
        --record "$record"
    expect "pinned, two on one CPU" "$(json "$record" pinned)" false
    # Such a record was made before there were workers.
    run_for 1 "$BIN/multithread" primes --limit 4g --concurrency 2 --cpus "$CPUS" \
        --timeout 300ms --record "$record"
    expect "pinned, after a timeout" "$(json "$record" pinned)" null
    run_for 0 "$ROOT/tests/schema/validate.py" "$record"
}

# "pid list" of each process whose threads may run on these CPUs alone.
placed() {
    local pid
    for pid in "$RUNNER" $(descendants "$RUNNER"); do
        [ "$(sed -n 's/^Cpus_allowed_list:\t//p' "/proc/$pid/task/"*/status 2>/dev/null | sort -u)" != "$1" ] || echo "$pid"
    done
}

both_placed() { [ -n "$(placed "${FIRST_TWO% *}")" ] && [ -n "$(placed "${FIRST_TWO#* }")" ]; }

@test "a back end is on its CPU, and whoever asks it on another" {
    local model
    for model in $MODELS; do
        "$BIN/$model" fetch --tasks 4 --concurrency 4 --delay 20s --cpus "${FIRST_TWO% *}" \
            --peer-cpus "${FIRST_TWO#* }" 3>&- &
        RUNNER=$!
        eventually both_placed || { echo "in $model"; return 1; }
        # The runner itself is with its workers; what is on the other CPU is a process of its own.
        [[ " $(placed "${FIRST_TWO% *}" | xargs) " == *" $RUNNER "* ]]
        kill -KILL "$RUNNER"
        wait "$RUNNER" || true
    done
}
