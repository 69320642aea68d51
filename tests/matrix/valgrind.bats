#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Small runs of each runner under valgrind: no invalid access, no use of what was never
# written, nothing lost. Uses the release build, linked dynamically so that valgrind can
# put its own malloc in place. timeout: 300 s

load ../common

setup_file() {
    command -v valgrind >/dev/null || skip "valgrind is not installed (package valgrind)"
}

clean_under_valgrind() {
    local program=$BUILD/tests/dynamic/$1
    shift
    valgrind_finds_nothing "$program" "$@" --timeout 90s
}

valgrind_finds_nothing() {
    run timeout 100 valgrind --quiet --error-exitcode=99 --leak-check=full \
        --errors-for-leak-kinds=definite --trace-children=yes --child-silent-after-fork=no \
        "$@"
    if [ "$status" -ne 0 ] || [[ $output == *"=="*"=="* ]]; then
        echo "$output"
        return 1
    fi
}

@test "sequential" { clean_under_valgrind sequential fetch --tasks 5 --delay 1ms; }
@test "multiprocess" { clean_under_valgrind multiprocess fetch --tasks 8 --concurrency 4 --delay 1ms; }
@test "multithread" { clean_under_valgrind multithread fetch --tasks 8 --concurrency 4 --delay 1ms; }
@test "coroutine" { clean_under_valgrind coroutine fetch --tasks 50 --concurrency 20 --delay 1ms; }
@test "coroutine by ucontext" {
    clean_under_valgrind coroutine fetch --tasks 20 --concurrency 10 --delay 1ms --switch ucontext
}
@test "coroutine, children" { clean_under_valgrind coroutine spawn --tasks 20 --concurrency 5; }
@test "coroutine, two loops" { clean_under_valgrind coroutine sleep --tasks 20 --delay 1ms --loops 2; }
@test "eventloop" { clean_under_valgrind eventloop fetch --tasks 50 --concurrency 20 --delay 1ms; }
@test "eventloop, two loops" { clean_under_valgrind eventloop sleep --tasks 20 --delay 1ms --loops 2; }

# Waiting for one another, cancelling, and a pool: whoever is woken, given up or called off
# must leave nothing behind. (Valgrind does not know the system call by which a pool of
# processes is watched; AddressSanitizer looks at that one, tests/coroutine/test_executor.c.)
waits() {
    clean_under_valgrind "$1" semaphore --tasks 12 --permits 3
    clean_under_valgrind "$1" pipeline --items 50 --capacity 2
    clean_under_valgrind "$1" broadcast --tasks 8 --rounds 3
    clean_under_valgrind "$1" gather --tasks 200 --delay 10min --within 20ms
    clean_under_valgrind "$1" stall --tasks 5 --beats 3 --compute 1ms --offload threads
}
@test "coroutine, waiting for one another" { waits coroutine; }
@test "eventloop, waiting for one another" { waits eventloop; }

@test "the vocabulary of asyncio: tasks, futures, cancelling, generators" {
    local lesson
    for lesson in await cancellation future gather generator priority until; do
        valgrind_finds_nothing "$BUILD/lessons/$lesson"
    done
}

# A member of a command's options that has no option of its own is nobody's to set.
@test "commands of the driver, whose options are not all on the command line" {
    export QUARTET_RUNNERS=$BIN
    export QUARTET_LOCK=$BATS_TEST_TMPDIR/lock
    local words
    for words in "time --rounds 4 --accept-noise -o $BATS_TEST_TMPDIR/out true true" \
        "run --dry-run --workloads sleep"; do
        # shellcheck disable=SC2086 # a command line
        run timeout 60 valgrind --quiet --error-exitcode=99 --child-silent-after-fork=yes \
            "$BIN/quartet" $words
        [[ $status =~ ^[04]$ && $output != *"=="*"=="* ]] || { echo "$status: $output"; return 1; }
    done
}
