#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Does docs/when-to-use-which.md agree with what the suite measures? For each row that speaks
# of a difference: it must be there, and by far; where it says that there is none, there
# must not be a large one. Figures that others on the machine can spoil get several tries.
# (crash, stall and counter: ../workloads/together.bats.)
# timeout: 300 s

load ../common

# figure KEY MODEL WORKLOAD OPTIONS...: one number of the run record.
figure() {
    local key=$1 record=$BATS_TEST_TMPDIR/record.json
    shift
    rm -f "$record"
    run_for 0 "$BIN/$1" "${@:2}" --record "$record" || { echo "$output"; return 1; }
    json "$record" "$key"
}

cpu_ns() { echo $(($(figure cpu_ns.user "$@") + $(json "$BATS_TEST_TMPDIR/record.json" cpu_ns.system))); }

# within TRIES COMMAND...: true as soon as the command is.
within() {
    local try tries=$1
    shift
    for ((try = 0; try < tries; try++)); do
        if "$@"; then return 0; fi
    done
    echo "never in $tries tries: $*"
    return 1
}

setup() {
    case $BUILD in
    */release) ;;
    *) skip "a sanitizer changes every figure" ;;
    esac
}

styles_compute_alike() {
    local model base found
    base=$(cpu_ns sequential primes --limit 1m)
    for model in multiprocess multithread coroutine eventloop; do
        found=$(cpu_ns "$model" primes --limit 1m)
        [ "$found" -lt $((base * 3 / 2)) ] || return 1
    done
}
@test "only computes: the style hardly changes the CPU time" { within 5 styles_compute_alike; }

# A wait as long as this hides what a busy machine does; one after the other would be 4 s.
waiting_is_alike() {
    local model
    for model in multiprocess multithread coroutine eventloop; do
        [ "$(figure phases_ns.run "$model" fetch --tasks 10 --delay 200ms)" -lt 600000000 ] || return 1
    done
}
@test "waits for tens of things: all four take the same time" { within 5 waiting_is_alike; }

# ordered KEY FACTOR WORKLOAD OPTIONS...: each model takes at least FACTOR percent of the next.
ordered() {
    local key=$1 percent=$2 model found last=
    shift 2
    for model in eventloop coroutine multithread multiprocess; do
        found=$(figure "$key" "$model" "$@") || return 1
        if [ -n "$last" ] && [ "$found" -lt $((last * percent / 100)) ]; then
            echo "$model $*: $key is $found after $last"
            return 1
        fi
        last=$found
    done
}
@test "waits for thousands of things: memory in the order of the table" {
    within 3 ordered memory.bytes 100 fetch --tasks 500 --delay 100ms --memory
}

loops_need_less() {
    local loop threads
    for model in coroutine eventloop; do
        loop=$(cpu_ns "$model" fetch --tasks 500 --delay 100ms)
        threads=$(cpu_ns multithread fetch --tasks 500 --delay 100ms)
        [ "$loop" -lt "$threads" ] || return 1
    done
}
@test "waits for thousands of things: less CPU time in one thread" { within 5 loops_need_less; }

# times FACTOR WORKLOAD OPTIONS...: threads take this many times what coroutines and
# callbacks do, and processes no less than threads.
times() {
    local factor=$1 threads processes
    shift
    threads=$(figure phases_ns.run multithread "$@")
    processes=$(figure phases_ns.run multiprocess "$@")
    [ "$(figure phases_ns.run coroutine "$@")" -lt $((threads / factor)) ] &&
        [ "$(figure phases_ns.run eventloop "$@")" -lt $((threads / factor)) ] &&
        [ "$processes" -gt $((threads * 3 / 4)) ]
}
@test "very many short pieces: no new thread or process for each" { within 5 times 50 spawn --children 5 --cpus "$(cpus 1)"; }
@test "hands over often: coroutines or callbacks" { within 5 times 10 switch --switches 20k --cpus "$(cpus 1)"; }

threads_are_punctual() {
    local model
    for model in coroutine eventloop; do
        [ "$(figure latency_ns.p50 multithread schedule --tasks 200 --span 100ms)" -lt \
            "$(figure latency_ns.p50 "$model" schedule --tasks 200 --span 100ms)" ] || return 1
    done
}
@test "within a fraction of a millisecond: a timer of one's own" { within 10 threads_are_punctual; }

a_server_in_a_loop_needs_less() {
    local loop threads
    loop=$(cpu_ns eventloop serve --tasks 50 --requests 100) || return 1
    threads=$(cpu_ns multithread serve --tasks 50 --requests 100) || return 1
    [ "$loop" -lt "$threads" ]
}
@test "serves many connections: less CPU time in a loop" {
    "$BIN/sequential" --list 2>/dev/null | grep -q '^ *serve ' || skip "serve is left out of this build"
    within 5 a_server_in_a_loop_needs_less
}

a_batch_saves_more_than_a_model() {
    local asked="--tasks 40 --concurrency 10 --commands 48" loop threads batch
    # shellcheck disable=SC2086 # several words
    loop=$(cpu_ns eventloop cache $asked) && threads=$(cpu_ns multithread cache $asked) &&
        batch=$(cpu_ns multithread cache $asked --pipeline 16) || return 1
    [ "$batch" -lt "$loop" ] && [ "$batch" -lt "$threads" ]
}
@test "asks a cache: a batch in threads costs less than one at a time in a loop" {
    "$BIN/sequential" --list 2>/dev/null | grep -q '^ *cache ' || skip "cache is left out of this build"
    command -v redis-server >/dev/null || skip "redis-server is not installed (package redis-server)"
    within 5 a_batch_saves_more_than_a_model
}

# On a tmpfs a sync is nothing to wait for.
a_pool_waits_for_the_disk() {
    local asked="--tasks 16 --concurrency 16 --files 3 --dir $DISK" loop pool threads
    # shellcheck disable=SC2086 # several words
    loop=$(figure phases_ns.run coroutine files $asked) && threads=$(figure phases_ns.run multithread files $asked) &&
        pool=$(figure phases_ns.run coroutine files $asked --offload threads --pool 16) || return 1
    [ "$threads" -lt "$loop" ] && [ "$pool" -lt "$loop" ]
}
@test "writes files: threads, or a loop with a pool, wait for the disk together" {
    DISK=$(mktemp -d "${DISK:-/var/tmp}/advice-XXXXXX")
    [ "$(stat -f -c %T "$DISK")" != tmpfs ] || { rmdir "$DISK" && skip "$DISK is no disk"; }
    within 5 a_pool_waits_for_the_disk || { rm -rf "$DISK" && return 1; }
    rmdir "$DISK"
}
