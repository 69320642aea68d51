#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# cache by every runner, with a real redis-server: the same answers everywhere, as Redis's
# own client reads them, and every way in which the server can fail. timeout: 600 s

load ../common

setup_file() {
    "$BIN/sequential" --list 2>/dev/null | grep -q '^ *cache ' ||
        skip "cache is left out of this build: $("$BIN/sequential" --list 2>&1 | grep 'cache:')"
    command -v redis-server >/dev/null || skip "redis-server is not installed (package redis-server)"
}

setup() {
    PLACE=$BATS_TEST_TMPDIR/place
    mkdir "$PLACE"
}

# cache MODEL OPTION... -> its record in $RECORD
cache() {
    local model=$1
    shift
    RECORD=$BATS_TEST_TMPDIR/$model.json
    rm -f "$RECORD"
    run_for 0 "$BIN/$model" cache --dir "$PLACE" --record "$RECORD" "$@"
}

# What all must agree on.
work_done() {
    grep -E '"(checksum|bytes_in|bytes_out|operations)":' "$RECORD" | sort | uniq | tr -d ' \n'
}

is_empty() {
    [ -z "$(ls -A "$1")" ]
}

@test "the same answer from every model, one by one and in batches" {
    local pipeline wanted='' found variant
    for pipeline in 7 1; do
        wanted=
        for variant in sequential multiprocess multithread coroutine eventloop; do
            cache $variant --tasks 12 --concurrency 4 --commands 30 --pipeline $pipeline --writes 50
            found=$(work_done)
            expect "$variant" "$found" "${wanted:=$found}"
            # The server's CPU time is beside the row's own, though it is the keeper's child.
            [ "$(json "$RECORD" peer_cpu_ns)" -gt 200000 ]
        done
    done
    for variant in "coroutine --loops 2" "eventloop --loops 2" "multithread --per-task" "eventloop --backend poll"; do
        # shellcheck disable=SC2086 # several words
        cache $variant --tasks 12 --concurrency 4 --commands 30 --pipeline 1 --writes 50
        expect "$variant" "$(work_done)" "$wanted"
    done
    is_empty "$PLACE"
}

@test "the largest values, batches larger than any buffer, one key" {
    for model in multithread coroutine eventloop; do
        cache $model --tasks 4 --commands 1200 --pipeline 1000 --value 1k --keys 1 --writes 60
    done
}

# answers COMMAND... -> what redis-cli prints
ask() {
    redis-cli -s "$PLACE/again.sock" "$@"
}

@test "redis-cli reads what the sessions say they wrote" {
    command -v redis-cli >/dev/null || skip "redis-cli is not installed (package redis-tools)"
    cache eventloop --keep --tasks 10 --commands 40 --keys 77 --writes 60
    cp "$PLACE"/quartet-cache-*/dump.rdb "$PLACE"
    redis-server --port 0 --unixsocket "$PLACE/again.sock" --dir "$PLACE" --save '' >/dev/null 3>&- &
    SERVER=$!
    eventually ask PING
    local sum=0 slot value
    for slot in {0..15}; do
        value=$(ask GET "c:$slot")
        sum=$((sum + ${value:-0}))
    done
    expect "values that were there" "$(ask --raw EVAL "return #redis.call('keys', 'k:*')" 0)" 77
    expect "values of the sessions" "$(ask --raw EVAL "return #redis.call('keys', 's:*')" 0)" 10
    kill $SERVER
    wait $SERVER || true
    # 60 of 100 are writes, half of them INCR: 120 of 400, give or take five times their spread.
    [ "$sum" -gt 75 ] && [ "$sum" -lt 165 ]
}

# begin MODEL OPTION...: a long run; its process is $RUNNER, its server $SERVER.
begin() {
    local model=$1
    shift
    "$BIN/$model" cache --dir "$PLACE" --tasks 4 --commands "${COMMANDS:-1m}" "$@" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
    RUNNER=$!
    eventually is_busy
}

is_busy() {
    SERVER=$(descendants "$RUNNER" | while read -r pid; do
        if grep -qx redis-server "/proc/$pid/comm" 2>/dev/null; then echo "$pid"; fi
    done | head -n 1)
    [ -n "$SERVER" ] && [[ $(redis-cli -s "$(echo "$PLACE"/quartet-cache-*/redis.sock)" INFO clients) == *"connected_clients:5"* ]]
}

# ended CODE WORDS...: the run must end so, in one line, and leave nothing.
ended() {
    local code=0
    timeout 30 tail --pid $RUNNER -f /dev/null
    wait $RUNNER || code=$?
    expect "exit code" $code "$1"
    run cat "$BATS_TEST_TMPDIR/said"
    expect_output "${@:2}"
    expect lines "$(wc -l <<<"$output")" 1
    eventually all_gone "$SERVER"
    eventually is_empty "$PLACE"
}

@test "a server that is killed" {
    for model in multiprocess multithread coroutine eventloop; do
        begin $model
        kill -KILL "$SERVER"
        ended 1 "the server of cache (process $SERVER) was killed by signal 9"
    done
}

@test "a server in which somebody else writes: the run is wrong, though each answer was right" {
    local COMMANDS=20k
    begin eventloop --writes 0
    redis-cli -s "$(echo "$PLACE"/quartet-cache-*/redis.sock)" APPEND c:3 7
    ended 1 "counter 3 is 7 in redis-server, its INCRs come to 0"
}

@test "a server that closes the connections in the middle" {
    for model in multithread multiprocess coroutine eventloop; do
        begin $model
        redis-cli -s "$(echo "$PLACE"/quartet-cache-*/redis.sock)" CLIENT KILL TYPE normal SKIPME yes
        ended 1 "redis-server: has closed the connection" "tasks failed; the first"
    done
}

@test "a server that refuses connections" {
    for model in multiprocess multithread coroutine eventloop; do
        "$BIN/$model" cache --dir "$PLACE" --tasks 4000 --concurrency 4 --commands 2000 \
            >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
        RUNNER=$!
        eventually is_busy
        redis-cli -s "$(echo "$PLACE"/quartet-cache-*/redis.sock)" CONFIG SET maxclients 1 >/dev/null
        ended 1 "redis-server: " "tasks failed; the first"
        # Who was about to write may not come to read why.
        [[ $output == *"ERR max number of clients reached"* || $output == *"has closed the connection"* ]]
    done
}

@test "a server that cannot be reached any more" {
    for model in multiprocess multithread coroutine eventloop; do
        "$BIN/$model" cache --dir "$PLACE" --tasks 4000 --concurrency 4 --commands 2000 \
            >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
        RUNNER=$!
        eventually is_busy
        rm "$PLACE"/quartet-cache-*/redis.sock
        ended 1 "redis-server: " "No such file or directory"
    done
}

@test "a server that stands still: the time limit ends the run" {
    for model in multithread coroutine; do
        begin $model --timeout 4s
        kill -STOP "$SERVER"
        ended 1 "did not end within --timeout 4 s"
    done
}

# Slow is no fault: the answers come late, and are right.
@test "a server that answers late" {
    for model in multiprocess multithread coroutine eventloop; do
        begin $model --commands 15k
        kill -STOP "$SERVER"
        sleep 0.3
        kill -CONT "$SERVER"
        wait $RUNNER
        eventually is_empty "$PLACE"
    done
}

@test "nothing is left behind by a runner that is killed" {
    for model in multiprocess multithread coroutine eventloop; do
        begin $model
        kill -KILL $RUNNER
        wait $RUNNER || true
        eventually all_gone "$SERVER"
        eventually is_empty "$PLACE"
    done
}

@test "a server that cannot start, or is not there" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    run_for 77 env PATH="$BATS_TEST_TMPDIR/bin" "$BIN/coroutine" cache --dir "$PLACE"
    expect_output "redis-server is not installed (package redis-server)"
    printf '#!/bin/sh\necho "no memory today" >&2\nexit 3\n' >"$BATS_TEST_TMPDIR/bin/redis-server"
    chmod +x "$BATS_TEST_TMPDIR/bin/redis-server"
    run_for 77 env PATH="$BATS_TEST_TMPDIR/bin:$PATH" "$BIN/coroutine" cache --dir "$PLACE"
    expect_output "exited with code 3; its last words: no memory today"
    is_empty "$PLACE"
}

@test "usage" {
    run_for 2 "$BIN/coroutine" cache --dir "$PLACE/absent"
    expect_output "--dir $PLACE/absent: No such file or directory; give a folder"
    run_for 2 "$BIN/coroutine" cache --pipeline 0
    expect_output "--pipeline '0'"
    local long
    long=$PLACE/$(printf 'x%.0s' {1..90})
    mkdir "$long"
    run_for 77 "$BIN/coroutine" cache --dir "$long"
    expect_output "too long for the name of a socket"
    is_empty "$long"
}
