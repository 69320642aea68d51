#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# lite by every runner: the same rows everywhere, as SQLite's own program reads them; the
# lock that a loop waits for and only it could give back; and nothing left behind.
# timeout: 600 s

load ../common

setup_file() {
    "$BIN/sequential" --list 2>/dev/null | grep -q '^ *lite ' ||
        skip "lite is left out of this build: $("$BIN/sequential" --list 2>&1 | grep 'lite:')"
}

setup() {
    PLACE=$BATS_TEST_TMPDIR/place
    mkdir "$PLACE"
}

# lite MODEL OPTION... -> its record in $RECORD
lite() {
    local model=$1
    shift
    RECORD=$BATS_TEST_TMPDIR/$model.json
    rm -f "$RECORD"
    run_for 0 "$BIN/$model" lite --dir "$PLACE" --synchronous off --record "$RECORD" "$@" # tests need no disk
}

checksum() {
    grep -m 1 -o '"checksum": "[^"]*"' "$RECORD"
}

is_empty() {
    [ -z "$(ls -A "$1")" ]
}

@test "the same answer from every model and variant" {
    local size="--tasks 12 --concurrency 6 --transactions 6 --think 1ms --writes 50" wanted variant
    # shellcheck disable=SC2086 # several words
    lite sequential --tasks 12 --transactions 6 --think 0 --writes 50
    wanted=$(checksum)
    for variant in multiprocess multithread coroutine eventloop "coroutine --offload threads --pool 3" \
        "eventloop --offload threads --pool 3" "coroutine --loops 2" "multithread --journal delete"; do
        # shellcheck disable=SC2086 # several words
        lite $variant $size
        expect "checksum of $variant" "$(checksum)" "$wanted"
        is_empty "$PLACE"
    done
}

@test "SQLite's own program reads what the sessions say they wrote" {
    command -v sqlite3 >/dev/null || skip "sqlite3 is not installed (package sqlite3)"
    local file transfers
    for variant in multiprocess "eventloop --offload threads"; do
        rm -rf "${PLACE:?}"/*
        # shellcheck disable=SC2086 # several words
        lite $variant --keep --tasks 20 --concurrency 5 --think 0 --accounts 50 --writes 40
        file=$(echo "$PLACE"/quartet-lite-*/lite.db)
        expect rows "$(sqlite3 "$file" 'SELECT count(*), sum(balance) FROM account')" "50|50000"
        transfers=$(sqlite3 "$file" 'SELECT count(*) FROM transfer')
        expect transfers "$transfers" "$(json "$RECORD" results.transfers)"
        [ "$transfers" -gt 50 ] && [ "$transfers" -lt 110 ]
        expect check "$(sqlite3 "$file" 'PRAGMA integrity_check')" ok
        expect journal "$(sqlite3 "$file" 'PRAGMA journal_mode')" wal
    done
}

# The lesson: the session that holds the lock cannot go on, because the loop waits for it.
@test "a loop that waits for a lock which only its own session could give back" {
    local options="--tasks 8 --writes 100 --hold 20ms --think 0 --transactions 2 --busy-timeout 100ms"
    for variant in "coroutine" "eventloop" "coroutine --offload threads --pool 1"; do
        # shellcheck disable=SC2086 # several words
        set -- $variant
        # shellcheck disable=SC2086 # several words
        run_for 1 "$BIN/$1" lite "${@:2}" --dir "$PLACE" $options
        expect_output "database is locked" "--busy-timeout 100 ms" "see --hold and --offload"
        expect lines "$(wc -l <<<"$output")" 1
        is_empty "$PLACE"
    done
}

@test "threads, processes and a pool with room for all do not wait for themselves" {
    local options="--tasks 6 --writes 100 --hold 5ms --think 0 --transactions 2"
    for variant in multithread multiprocess "coroutine --offload threads --pool 6" \
        "eventloop --offload threads --pool 6"; do
        # shellcheck disable=SC2086 # several words
        lite $variant $options
    done
}

@test "a pool of processes cannot use a handle" {
    for model in coroutine eventloop; do
        run_for 77 "$BIN/$model" lite --dir "$PLACE" --offload processes --tasks 4
        expect_output "has no way to do what task"
        is_empty "$PLACE"
    done
}

@test "usage" {
    run_for 2 "$BIN/multithread" lite --dir "$PLACE/absent"
    expect_output "--dir $PLACE/absent: No such file or directory; give a folder"
    run_for 2 "$BIN/multithread" lite --accounts 1
    expect_output "--accounts '1': give a whole number such as 100 or 10k, from 2 to 100k"
    run_for 2 "$BIN/multithread" lite --writes 101
    expect_output "--writes '101'"
}

# begin MODEL: a run that would last for minutes; waits until its data base is there.
begin() {
    "$BIN/$1" lite --dir "$PLACE" --tasks 8 --transactions 1k --think 100ms >"$BATS_TEST_TMPDIR/said" 2>&1 &
    VICTIM=$!
    eventually has_children
}

has_children() {
    KEEPER=$(descendants "$VICTIM" | while read -r pid; do
        if grep -qx quartet-keeper "/proc/$pid/comm" 2>/dev/null; then echo "$pid"; fi
    done | head -n 1)
    [ -n "$KEEPER" ] && [ -e "$(echo "$PLACE"/quartet-lite-*/lite.db-wal)" ]
}

@test "nothing is left behind by a runner that is killed" {
    for model in multiprocess coroutine; do
        begin $model
        kill -KILL $VICTIM
        wait $VICTIM || true
        eventually is_empty "$PLACE"
        eventually all_gone "$KEEPER"
    done
}

@test "nothing is left behind by a timeout or SIGTERM" {
    run_for 1 "$BIN/multithread" lite --dir "$PLACE" --tasks 8 --think 20s --timeout 300ms
    expect_output "did not end within --timeout"
    eventually is_empty "$PLACE"
    begin eventloop
    kill -TERM $VICTIM
    wait $VICTIM || true
    eventually is_empty "$PLACE"
}

@test "a keeper that is killed is missed, and its folder removed all the same" {
    "$BIN/coroutine" lite --dir "$PLACE" --tasks 8 --transactions 20 --think 100ms \
        >"$BATS_TEST_TMPDIR/said" 2>&1 &
    VICTIM=$!
    eventually has_children
    kill -KILL "$KEEPER"
    local code=0
    wait $VICTIM || code=$?
    expect code $code 1
    run cat "$BATS_TEST_TMPDIR/said"
    expect_output "the keeper, process $KEEPER, has died during the run"
    is_empty "$PLACE"
}

@test "a data base that somebody has written to" {
    command -v sqlite3 >/dev/null || skip "sqlite3 is not installed (package sqlite3)"
    "$BIN/multithread" lite --dir "$PLACE" --tasks 8 --transactions 20 --think 100ms \
        >"$BATS_TEST_TMPDIR/said" 2>&1 &
    VICTIM=$!
    eventually has_children
    sqlite3 -cmd '.timeout 5000' "$(echo "$PLACE"/quartet-lite-*/lite.db)" \
        'UPDATE account SET balance = balance + 1 WHERE id = 7'
    local code=0
    wait $VICTIM || code=$?
    expect code $code 1
    run cat "$BATS_TEST_TMPDIR/said"
    expect_output "account 7 holds" "and should hold"
}

@test "a full disk" {
    unshare -m mount -t tmpfs none "$PLACE" 2>/dev/null || skip "cannot mount a small disk here (needs root)"
    # shellcheck disable=SC2016 # expanded by the inner shell
    run_for 77 unshare -m sh -c 'mount -t tmpfs -o size=100k none "$1" && "$2" lite --dir "$1" --accounts 5k --tasks 4' \
        - "$PLACE" "$BIN/multithread"
    expect_output "SQLite says: database or disk is full"
}
