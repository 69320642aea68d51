#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The contract workload, by every runner. timeout: 600 s

load ../common

# Tasks that meet, each hit by a signal every 20 ms. More of them would leave no time to make
# the tasks that they wait for: a signal costs a task up to 0.1 ms.
case $BUILD in
*/release) MEETING=60 SIZE=() ;;
*) MEETING=30 SIZE=(--tasks 18 --concurrency 18) ;; # each code path, and fewer times
esac

# Runs the contract and looks into the record.
contract() {
    local model=$1
    shift
    local record=$BATS_TEST_TMPDIR/record.json
    rm -f "$record"
    run_for 0 "$TEST_BIN/$model" contract --timeout 60s --record "$record" "$@"
    expect status "$(json "$record" status)" ok
    expect errors "$(json "$record" ledger.errors)" 0
}

@test "sequential over TCP" { contract sequential "${SIZE[@]}"; }
@test "sequential over AF_UNIX" { contract sequential --transport unix "${SIZE[@]}"; }
@test "multiprocess over TCP" { contract multiprocess "${SIZE[@]}"; }
@test "multiprocess over AF_UNIX" { contract multiprocess --transport unix "${SIZE[@]}"; }
@test "multithread over TCP" { contract multithread "${SIZE[@]}"; }
@test "multithread over AF_UNIX" { contract multithread --transport unix "${SIZE[@]}"; }
@test "coroutine over TCP" { contract coroutine "${SIZE[@]}"; }
@test "coroutine over AF_UNIX" { contract coroutine --transport unix "${SIZE[@]}"; }
@test "coroutine by ucontext" { contract coroutine --switch ucontext "${SIZE[@]}"; }
@test "coroutine with two loops" { contract coroutine --loops 2 "${SIZE[@]}"; }
@test "multiprocess, one per task" { contract multiprocess --per-task "${SIZE[@]}"; }
@test "multithread, one per task" { contract multithread --per-task "${SIZE[@]}"; }
@test "eventloop over TCP" { contract eventloop "${SIZE[@]}"; }
@test "eventloop over AF_UNIX" { contract eventloop --transport unix "${SIZE[@]}"; }
@test "eventloop by poll" { contract eventloop --backend poll "${SIZE[@]}"; }
@test "eventloop by select" { contract eventloop --backend select "${SIZE[@]}"; }
@test "eventloop by io_uring, where there is one" {
    run timeout 20 "$TEST_BIN/eventloop" contract --backend iouring
    [ "$status" -ne 77 ] || skip "$output"
    contract eventloop --backend iouring
}

@test "eventloop with two loops" { contract eventloop --loops 2 "${SIZE[@]}"; }

@test "more tasks than places, in all models" {
    local model
    for model in $MODELS; do
        contract "$model" --tasks 40 --concurrency 3
    done
}

@test "one worker per task: more tasks than places, and one place" {
    local model concurrency record=$BATS_TEST_TMPDIR/record.json
    for model in multiprocess multithread; do
        for concurrency in 1 3; do
            contract "$model" --per-task --tasks 40 --concurrency "$concurrency"
            expect "$model: workers" "$(json "$record" workers)" "$concurrency"
            expect "$model: variant" "$(json "$record" variant.per_task)" true
            [ "$(json "$record" ledger.peak_in_flight)" -le "$concurrency" ]
        done
        contract "$model" --per-task --meet --tasks $MEETING --concurrency $MEETING --signals 20ms
        expect "$model: peak" "$(json "$record" ledger.peak_in_flight)" $MEETING
    done
}

@test "one worker per task: each task has a worker of its own" {
    local model workers
    declare -A calls=([multiprocess]='fork|vfork|clone' [multithread]='clone3?')
    command -v strace >/dev/null || skip "strace is not installed"
    strace -f -o /dev/null true 2>/dev/null || skip "strace may not trace here"
    case $BUILD in */asan | */tsan) skip "a sanitizer has threads of its own, and looks for leaks like a debugger" ;; esac
    for model in multiprocess multithread; do
        run_for 0 strace -f -qq -e trace=fork,vfork,clone,clone3 -o "$BATS_TEST_TMPDIR/trace" \
            "$TEST_BIN/$model" sleep --tasks 50 --concurrency 3 --delay 0 --per-task
        # A call that a signal has interrupted is made once more: count successes.
        workers=$(grep -cE "(${calls[$model]})(\(| resumed).*= [0-9]+\$" "$BATS_TEST_TMPDIR/trace")
        expect "$model: created" "$workers" 50
    done
}

@test "one task at a time, in all models" {
    local model
    for model in $MODELS; do
        contract "$model" --tasks 18 --concurrency 1
    done
}

@test "all tasks of a meeting are truly in flight at once" {
    local model
    for model in multiprocess multithread coroutine eventloop; do
        contract "$model" --meet --tasks $MEETING --concurrency $MEETING --signals 20ms
        expect "$model: peak" "$(json "$BATS_TEST_TMPDIR/record.json" ledger.peak_in_flight)" $MEETING
    done
}

@test "a task's failure is a result, and the others go on" {
    local model record=$BATS_TEST_TMPDIR/record.json
    for model in $MODELS; do
        rm -f "$record"
        run_for 1 "$TEST_BIN/$model" contract --fail 3 --tasks 36 --concurrency 36 \
            --timeout 60s --record "$record"
        expect_output "3 of 36 tasks failed" "task 0" "No data available"
        expect "$model: status" "$(json "$record" status)" failed
        expect "$model: errors" "$(json "$record" ledger.errors)" 3
        expect "$model: tasks" "$(json "$record" ledger.tasks)" 36
        expect "$model: operations" "$(json "$record" ledger.operations)" 33
    done
}

@test "a full stack of a coroutine ends the run with a record" {
    # It ends the process at once: the thread of another loop, done by then, is never
    # joined, which is right here and a leak to ThreadSanitizer.
    export TSAN_OPTIONS=${TSAN_OPTIONS:+$TSAN_OPTIONS:}report_thread_leaks=0
    local record=$BATS_TEST_TMPDIR/record.json loops
    for loops in 1 2; do
        rm -f "$record"
        run_for 1 "$TEST_BIN/coroutine" contract --sink --loops "$loops" --record "$record"
        expect_output "coroutine: stack overflow in coroutine" "task 0" "try --stack 256k"
        expect status "$(json "$record" status)" failed
        expect workload "$(json "$record" workload)" contract
        output=$(json "$record" reason)
        expect_output "stack overflow in coroutine" "task 0" "try --stack 256k"
        python3 "$ROOT/tests/schema/validate.py" "$record"
        expect "other files" "$(find "$BATS_TEST_TMPDIR" -name '*.tmp' | wc -l)" 0
    done
}
