#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# left_open.bats - who opens a descriptor closes it: the driver and the runners end with no
# other descriptors than those that they were started with. The runners are linked dynamically,
# since nothing can be preloaded into static ones. timeout: 300 s

load ../common
load ../driver/driver

setup_file() {
    local library
    for library in left_open refuse; do
        gcc -std=c17 -O1 -fPIC -shared "$ROOT/tests/faults/$library.c" -o "$BATS_FILE_TMPDIR/$library.so"
    done
    mkdir "$BATS_FILE_TMPDIR/runners"
    cp "$BUILD"/tests/dynamic/* "$BATS_FILE_TMPDIR/runners"
    ln -s "$BIN/shared" "$BATS_FILE_TMPDIR/runners/shared"
}

setup() {
    driver_setup
    steady_times
    export LEFT_OPEN=$BATS_TEST_TMPDIR/left
}

# closes PROGRAM ARGUMENTS...: whatever its exit code is, it is no signal, and nothing of ours
# stays open. What others that it starts leave, such as redis-server, is theirs.
closes() {
    run timeout 60 env LD_PRELOAD="$BATS_FILE_TMPDIR/left_open.so${REFUSE:+ $BATS_FILE_TMPDIR/refuse.so}" "$@"
    if [ "$status" -ge 124 ] || grep -E '^(quartet|sequential|multi|coroutine|eventloop)' "$LEFT_OPEN" 2>/dev/null; then
        echo "exit code $status from $*: $output"
        return 1
    fi
}

@test "what stays open is found" {
    run env LD_PRELOAD="$BATS_FILE_TMPDIR/left_open.so" python3 -c '
import os
os.open("/dev/null", os.O_RDONLY)'
    grep -E '^python3\S* [0-9]+ /dev/null$' "$LEFT_OPEN"
}

@test "the driver's commands" {
    local quartet=$BIN/quartet
    closes "$quartet" run -o a --workloads counting/one-cpu --rounds 2 --seed 5 --accept-noise \
        --models coroutine,eventloop --counters
    FAKE_eventloop=signal closes "$quartet" run -o b --workloads counting/one-cpu --rounds 2 \
        --accept-noise --models coroutine,eventloop
    closes "$quartet" report a
    closes "$quartet" compare a b
    closes "$quartet" merge a b
    closes "$quartet" history .
    "$quartet" history --format github-action-benchmark . >data.js || true
    closes "$quartet" history data.js
    head -c 300 data.js >half.js
    closes "$quartet" history half.js
    closes "$quartet" baseline save kept a
    closes "$quartet" check --no-counters --base baseline:kept -o c --rounds 6 --accept-noise \
        --workloads counting/one-cpu --models coroutine
    closes "$quartet" report nowhere
    closes "$quartet" list
    closes "$quartet" doctor
}

@test "the runners, whatever they work with" {
    local model work
    for model in $MODELS; do
        for work in "fetch --tasks 4 --delay 1ms" "files --tasks 2" "lite --tasks 2" \
            "sleep --tasks 3 --delay 1ms" "serve --tasks 2 --requests 20" "spawn --tasks 2"; do
            # shellcheck disable=SC2086 # words of a command line
            closes "$BATS_FILE_TMPDIR/runners/$model" $work --record record.json
        done
    done
    # A server that does not start: its log is read for the reason.
    mkdir servers
    printf '#!/bin/sh\necho "it is broken"\nexit 1\n' >servers/redis-server
    chmod +x servers/redis-server
    PATH=$PWD/servers:$PATH closes "$BATS_FILE_TMPDIR/runners/coroutine" cache --tasks 2
    expect_output "it is broken"
    for work in "cache --tasks 2" "query --tasks 2"; do
        # shellcheck disable=SC2086
        closes "$BATS_FILE_TMPDIR/runners/coroutine" $work
    done
}

@test "a run that cannot begin closes what it had opened" {
    local model call
    for model in $MODELS; do
        for call in socket:1 bind:1 listen:1 epoll_create1:1 pthread_create:1 fork:1; do
            REFUSE=$call closes "$BATS_FILE_TMPDIR/runners/$model" fetch --tasks 4 --delay 1ms
        done
    done
    # The pool of a loop, which is opened last.
    for model in coroutine eventloop; do
        for call in pthread_create:1 pthread_create:2; do
            REFUSE=$call closes "$BATS_FILE_TMPDIR/runners/$model" mixed --tasks 1 --offload threads --pool 2
            expect "exit code of $model" "$status" 77
            expect_output "of a pool of 2"
        done
    done
}
