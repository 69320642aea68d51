#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The workloads whose tasks wait for one another, share something, or die: at the edges
# of their sizes, their own figures, and many repetitions with other seeds, by every
# model.
# timeout: 600 s

load ../common

CONCURRENT="multiprocess multithread coroutine eventloop"

# same WORKLOAD OPTIONS...: all models but sequential succeed, with equal checksums.
same() {
    local model record=$BATS_TEST_TMPDIR/record.json wanted=""
    for model in $CONCURRENT; do
        run_for 0 "$BIN/$model" "$@" --record "$record" || return 1
        : "${wanted:=$(json "$record" ledger.checksum)}"
        expect "$model $*" "$(json "$record" ledger.checksum)" "$wanted" || return 1
    done
}

# figure NAME MODEL WORKLOAD OPTIONS...: a number among the results of a run.
figure() {
    local name=$1 record=$BATS_TEST_TMPDIR/figure.json
    shift
    run_for 0 "$BIN/$1" "${@:2}" --record "$record" || { echo "$output"; return 1; }
    json "$record" "results.$name"
}

# refused WORDS WORKLOAD OPTIONS...: a usage error that says so.
refused() {
    local words=$1 model
    shift
    for model in multithread eventloop; do
        run_for 2 "$BIN/$model" "$@" && expect_output "$words" || return 1
    done
}

@test "at the edges of their sizes" {
    same switch --tasks 2 --switches 2
    same switch --tasks 3 --switches 10
    same switch --tasks 200 --switches 201
    same park --tasks 1 --hold 0
    same park --tasks 300 --hold 0
    same broadcast --tasks 2 --rounds 1
    same broadcast --tasks 100 --rounds 1
    same broadcast --tasks 2 --rounds 500
    same pipeline --tasks 2 --items 1
    same pipeline --tasks 20 --items 5 --capacity 1
    same pipeline --tasks 3 --items 1000 --capacity 1
    same pipeline --tasks 3 --items 10 --capacity 1000
    same semaphore --tasks 1 --permits 1 --rounds 1 --hold 0
    same semaphore --tasks 50 --permits 1 --hold 0
    same semaphore --tasks 10 --permits 100 --hold 0
    same semaphore --tasks 40 --permits 3 --concurrency 2
    same counter --tasks 1 --additions 1
    same counter --tasks 1 --additions 5 --guard message
    same counter --tasks 30 --additions 100 --guard message --concurrency 2
    same gather --tasks 2 --delay 0
    same gather --tasks 20 --failing 19 --on-failure return --delay 5ms
    same schedule --tasks 1 --span 0 --lead 0
    same schedule --tasks 50 --span 5ms --lead 0 --concurrency 3
    same stall --tasks 2 --beats 1 --compute 0
    same crash --tasks 1 --concurrency 1
}

@test "two loops do the same work as one" {
    local workload model record=$BATS_TEST_TMPDIR/record.json one
    for workload in "switch --tasks 8 --switches 2k" "broadcast --tasks 20" \
        "pipeline --items 2k" "semaphore --tasks 30" "counter --additions 1k" \
        "counter --additions 300 --guard message" "gather --tasks 30 --delay 10ms" \
        "park --tasks 50" "stall --tasks 10 --beats 5 --compute 10ms"; do
        for model in coroutine eventloop; do
            # shellcheck disable=SC2086 # several words
            run_for 0 "$BIN/$model" $workload --record "$record"
            one=$(json "$record" ledger.checksum)
            # shellcheck disable=SC2086 # several words
            run_for 0 "$BIN/$model" $workload --loops 2 --record "$record"
            expect "$model $workload" "$(json "$record" ledger.checksum)" "$one"
        done
    done
}

@test "many repetitions with other seeds: no permit too many, no item lost, nobody left" {
    local seed model
    for ((seed = 1; seed <= 12; seed++)); do
        for model in $CONCURRENT; do
            run_for 0 "$BIN/$model" semaphore --tasks 12 --rounds 80 --permits 3 --hold 0 --seed "$seed"
            run_for 0 "$BIN/$model" pipeline --items 600 --capacity 2 --seed "$seed"
            run_for 0 "$BIN/$model" broadcast --tasks 9 --rounds 50 --seed "$seed"
        done
    done
}

@test "what a model cannot do, it says: exit code 77 and the reason" {
    local workload
    for workload in switch park broadcast pipeline stall "counter --guard message"; do
        # shellcheck disable=SC2086 # several words
        run_for 77 "$BIN/sequential" $workload
        expect_output "waits for another task" "sequential"
    done
    for model in multiprocess multithread "coroutine --loops 2" "eventloop --loops 2"; do
        # shellcheck disable=SC2086 # several words
        run_for 77 "$BIN/${model%% *}" switch --by yield ${model#"${model%% *}"}
        expect_output "has no way to do"
    done
    run_for 0 "$BIN/coroutine" switch --by yield
    run_for 0 "$BIN/eventloop" switch --by yield
}

@test "values that make no sense are refused" {
    refused "2 or more" switch --tasks 1
    refused "at least 10" switch --tasks 10 --switches 9
    refused "must be in flight" switch --tasks 5 --concurrency 3
    refused "must be in flight" pipeline --tasks 5 --concurrency 3
    refused "2 or more" broadcast --tasks 1
    refused "2 stages" pipeline --tasks 1
    refused "only 4 members" gather --tasks 5 --failing 5
    refused "2 or more" stall --tasks 1
    refused "--concurrency 2" counter --guard message --concurrency 1
    refused --how crash --how sleep
}

@test "counter: what is lost without a guard, and nothing with one" {
    local model guard
    expect "no await" "$(figure lost_updates coroutine counter --guard none)" 0
    expect "no await" "$(figure lost_updates eventloop counter --guard none)" 0
    # Of ten tasks that read before any of them writes, nine add nothing.
    for model in coroutine eventloop; do
        expect "$model" "$(figure lost_updates "$model" counter --guard none --await \
            --tasks 10 --additions 100)" 900
    done
    for model in $CONCURRENT; do
        for guard in mutex atomic; do
            expect "$model $guard" \
                "$(figure lost_updates "$model" counter --guard $guard --additions 20k)" 0
        done
        expect "$model message" \
            "$(figure lost_updates "$model" counter --guard message --additions 200)" 0
    done
}

@test "counter: threads and processes do lose updates" {
    [ "$(nproc)" -ge 2 ] || skip "needs two CPUs"
    local model try lost
    for model in multithread multiprocess; do
        for ((try = 0; try < 20; try++)); do
            lost=$(figure lost_updates "$model" counter --guard none --additions 500k)
            [ "$lost" -eq 0 ] || break
        done
        [ "$lost" -gt 0 ]
    done
}

@test "semaphore: all permits are used, and none too many" {
    local model
    for model in $CONCURRENT; do
        expect "$model" "$(figure most_inside "$model" semaphore --tasks 100 --permits 7)" 7
    done
    expect sequential "$(figure most_inside sequential semaphore --tasks 10 --permits 7)" 1
}

@test "gather: who finishes, fails, and is cancelled under each policy" {
    local model late="--tasks 41 --delay 60s --within 30ms"
    for model in $CONCURRENT; do
        expect "$model return" "$(figure failed "$model" gather --tasks 41 --delay 20ms \
            --failing 4 --on-failure return)" 4
        expect "$model wait" "$(figure cancelled "$model" gather --tasks 41 --delay 20ms \
            --failing 4 --on-failure wait)" 0
        [ "$(figure cancelled "$model" gather --tasks 41 --delay 5s --failing 4 \
            --on-failure stop)" -ge 20 ]
        # shellcheck disable=SC2086 # several words
        expect "$model within" "$(figure cancelled "$model" gather $late)" 40
    done
}

# Fewer processes: to make one takes some milliseconds on a busy machine.
@test "gather: ten thousand waiting members are cancelled, and nobody stays" {
    local model
    [ "$(figure cancelled multiprocess gather --tasks 2001 --delay 10min --within 50ms)" -ge 1800 ]
    for model in multithread coroutine eventloop; do
        [ "$(figure cancelled "$model" gather --tasks 10001 --delay 10min --within 50ms)" -ge 9000 ]
    done
}

@test "crash: a process takes nobody along, all others do" {
    local how model
    for how in segv abort exit overflow; do
        expect "multiprocess $how" "$(figure lost multiprocess crash --how $how)" 1
        expect "multiprocess $how" "$(figure finished multiprocess crash --how $how)" 99
        for model in multithread coroutine eventloop; do
            expect "$model $how" "$(figure lost "$model" crash --how $how)" 10
            [ "$(figure never_begun "$model" crash --how $how)" -gt 0 ]
        done
    done
}

@test "crash: threads survive one that hangs, a loop does not" {
    local model
    for model in multiprocess multithread; do
        expect "$model" "$(figure finished "$model" crash --how hang --patience 1s)" 99
    done
    for model in coroutine eventloop; do
        [ "$(figure finished "$model" crash --how hang --patience 1s)" -le 60 ]
    done
}

@test "stall: a loop is silent while somebody computes, unless it is off-loaded" {
    local model silent
    for model in coroutine eventloop; do
        [ "$(figure longest_silence_ns "$model" stall --tasks 20 --compute 150ms)" -ge 150000000 ]
        [ "$(nproc)" -ge 2 ] || continue
        for offload in threads processes; do
            silent=$(figure longest_silence_ns "$model" stall --tasks 20 --compute 1s \
                --beats 100 --offload $offload)
            [ "$silent" -lt 900000000 ]
        done
    done
}

@test "latencies: the summary says what the record says, and no p99 of a few samples" {
    local record=$BATS_TEST_TMPDIR/record.json
    run_for 0 "$BIN/coroutine" schedule --tasks 1000 --span 20ms --record "$record"
    expect_output "latency (lateness): p50 $(python3 -IS - "$record" <<'EOS'
import json, sys
latency = json.load(open(sys.argv[1]))["latency_ns"]
print(", ".join(f"{name}{latency[key] / 1e6:.3f} ms" for name, key in
                [("", "p50"), ("p99 ", "p99"), ("max ", "max")]))
EOS
)"
    run_for 0 "$BIN/multithread" schedule --tasks 999 --span 20ms
    expect_output "latency (lateness): p50"
    [[ $output != *p99* ]]
    run_for 0 "$BIN/coroutine" counter --additions 10
    [[ $output != *latency* && $output != *memory* ]]
    run_for 0 "$BIN/coroutine" park --tasks 500 --memory
    [[ $output =~ "  memory "[0-9]+\.[0-9]{2}" MiB at most" ]]
}

@test "schedule: the load computes beside it, and is gone afterwards" {
    run_for 0 "$BIN/coroutine" schedule --tasks 50 --span 100ms --load 2 --cpus "$(cpus 1)" \
        --record "$BATS_TEST_TMPDIR/record.json"
    expect "kind" "$(json "$BATS_TEST_TMPDIR/record.json" latency_ns.kind)" lateness
    expect "no peer" "$(json "$BATS_TEST_TMPDIR/record.json" peer_cpu_ns)" null
}
