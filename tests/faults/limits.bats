#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What this machine does not allow, whoever meets it: system calls that a container forbids, and
# limits of addresses and files, are 77 in every model alike, with the name of the limit, its
# value and what to do. timeout: 300 s

load ../common

setup_file() {
    gcc -std=c17 -O1 "$ROOT/tests/faults/forbid.c" -o "$BATS_FILE_TMPDIR/forbid"
}

# forbids CALLS CODE WORDS MODEL...: a small fetch in each of these models.
forbids() {
    local calls=$1 code=$2 words=$3 model
    "$BATS_FILE_TMPDIR/forbid" "$calls" true || skip "this kernel filters no such calls"
    for model in "${@:4}"; do
        run_for "$code" "$BATS_FILE_TMPDIR/forbid" "$calls" "$BIN/$model" fetch --tasks 6 --concurrency 3 \
            --delay 1ms --record "$BATS_TEST_TMPDIR/record.json"
        expect_output "$words"
        [ "$code" -eq 0 ] || expect "lines of $model" "${#lines[@]}" 1
    done
}

@test "no thread may be created" {
    forbids clone3 77 "cannot create thread 1 of 3: Operation not permitted; a filter of system calls (seccomp)" multithread
    expect status "$(json "$BATS_TEST_TMPDIR/record.json" status)" dnf
}
@test "no process may be created" {
    forbids clone,clone3 77 "Operation not permitted; a filter of system calls (seccomp)" multiprocess multithread coroutine eventloop
}
@test "no epoll" {
    local calls=epoll_create1
    [ "$(uname -m)" != x86_64 ] || calls=epoll_create1,epoll_create
    forbids "$calls" 77 "Operation not permitted; a filter of system calls (seccomp)" multiprocess multithread coroutine eventloop
}
@test "no socket" {
    forbids socket 77 "the back end cannot listen" multiprocess multithread coroutine eventloop
}
@test "limits that may not be asked for are no obstacle" {
    forbids prlimit64 0 "6 tasks" multiprocess multithread coroutine eventloop
}
@test "no pinning" {
    forbids sched_setaffinity 77 "cannot pin to CPUs" multiprocess multithread coroutine eventloop
}

# limited OPTION VALUE CODE ARGUMENTS...
limited() {
    # shellcheck disable=SC2016 # for the inner shell
    run_for "$3" bash -c 'ulimit "$1" "$2" && exec "${@:3}"' bash "$1" "$2" "${@:4}"
}

@test "RLIMIT_AS: named with value and remedy" {
    limited -v 20000 77 "$BIN/multithread" sleep --tasks 1000 --concurrency 1000 --delay 1ms
    expect_output "RLIMIT_AS is 19 MiB: raise it with 'ulimit -v'"
    limited -v 20000 77 "$BIN/coroutine" sleep --tasks 1000 --concurrency 1000 --delay 1ms
    expect_output "RLIMIT_AS (ulimit -v)"
}

@test "RLIMIT_FSIZE: named with value and remedy, before any file is written" {
    local model
    for model in $MODELS; do
        limited -f 1 77 "$BIN/$model" sleep --tasks 2 --delay 1ms --record "$BATS_TEST_TMPDIR/record.json"
        expect_output "RLIMIT_FSIZE is 1024 bytes: raise it with 'ulimit -f'"
        [ ! -e "$BATS_TEST_TMPDIR/record.json" ]
        limited -f 1 77 "$BIN/$model" files --tasks 2 --dir "$BATS_TEST_TMPDIR"
        expect_output "needs files of" "RLIMIT_FSIZE is 1024"
        expect "files of $model" "$(ls "$BATS_TEST_TMPDIR")" ""
    done
}
