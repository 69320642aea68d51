#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/idle-connections at small sizes: what it says of each model, and of what it cannot do.
# timeout: 240 s

load ../common

setup() {
    [ -e /proc/self/task/$$/children ] || skip "this kernel does not list children"
    "$BIN/sequential" --list | grep -q '^ *serve ' ||
        skip "serve was left out of this build (package node-llhttp or libllhttp-dev)"
}

# measured OPTION...: leaves the table in $BATS_TEST_TMPDIR/table.
measured() {
    TMPDIR=$BATS_TEST_TMPDIR run_for 0 "$ROOT/scripts/idle-connections" --build "$BUILD" --seconds 0.1 \
        --requests 20 --rounds 1 "$@"
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/table"
}

@test "idle connections: a row for each model and size, and servers that end" {
    measured --connections 4,24
    python3 -IS - "$BATS_TEST_TMPDIR/table" <<'END'
import sys
rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in open(sys.argv[1]) if line[0] == "|"][2:]
models = ["multiprocess", "multithread", "coroutine", "eventloop"]
assert [(row[0], int(row[1])) for row in rows] == [(model, size) for model in models for size in (4, 24)], rows
more = {row[0]: float(row[6]) for row in rows if row[1] == "24"}
# A thread has a kernel stack and a page of its own, a coroutine a page of stack, a callback less.
assert more["multithread"] > 16 and 4 < more["coroutine"] < 16 and 0 < more["eventloop"] < 8, more
assert more["multiprocess"] > 16, more
for row in rows:
    assert row[0] == "multiprocess" or float(row[4]) > 0, row  # 20 requests take a server some time
    assert float(row[2].replace(",", "")) < 500_000, row  # nobody spins
END
    expect "servers left" "$(pgrep -f -c "^$BUILD/bin/[a-z]* serve --listen" || true)" 0
}

@test "idle connections: what this machine does not allow is said, and the rest measured" {
    ulimit -n 130
    measured --models eventloop --connections 5,200
    grep -q '^| eventloop *| 5 ' "$BATS_TEST_TMPDIR/table"
    expect_output "eventloop, 200 connections: cannot be done here: 300 descriptors, the limit is 130"
}

@test "idle connections: a server that is none, a wrong answer, and wrong options" {
    mkdir -p "$BATS_TEST_TMPDIR/none/bin"
    run_for 2 "$ROOT/scripts/idle-connections" --connections 20,10
    expect_output "does not ascend"
    run_for 2 "$ROOT/scripts/idle-connections" --models fibre
    expect_output "fibre"
    run_for 1 "$ROOT/scripts/idle-connections" --build "$BATS_TEST_TMPDIR/none"
    expect_output "make runners"
    printf '#!/bin/sh\ncase $1 in --list) echo " serve x" ;; *) echo "no port is free" >&2 && exit 1 ;; esac\n' \
        >"$BATS_TEST_TMPDIR/none/bin/eventloop"
    chmod +x "$BATS_TEST_TMPDIR/none/bin/eventloop"
    run_for 1 "$ROOT/scripts/idle-connections" --build "$BATS_TEST_TMPDIR/none" --models eventloop
    expect_output "exit code 1: no port is free"
}
