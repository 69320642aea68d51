#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet run` when the world is against it: tools that are missing or broken, disks
# that are full, users who stop it, and SIGKILL. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    driver='' # the session that start_quartet starts
}

# The report must be valid and say why it is incomplete.
incomplete() {
    expect complete "$(json "$OUT/report.json" complete)" false
    local why
    why=$(json "$OUT/report.json" incomplete_reason)
    if [[ $why != *"$1"* ]]; then
        echo "no '$1' in '$why'"
        return 1
    fi
    nothing_left
}

# ---- a run that takes too long ----------------------------------------------------------

@test "--timeout: a run that takes longer fails by name, and the report knows the limit" {
    need_hyperfine
    cat >plan.json <<'EOF'
{"schema": "quartet.plan/1", "tables": [{"workload": "sleep", "arguments": {"delay": "3s"},
 "tasks": 1, "concurrency": 1, "models": ["eventloop"]}]}
EOF
    QUARTET_RUNNERS=$BIN run_for 1 "$BIN/quartet" run -o "$OUT" --plan plan.json --rounds 1 \
        --accept-noise --timeout 1s
    expect_output "eventloop: failed: the run did not end within --timeout 1 s"
    expect timeout "$(json "$OUT/report.json" plan.run_timeout_ns)" 1000000000
    follows_schema "$OUT/report.json"
    run_for 2 "$BIN/quartet" run --timeout 100ms
    expect_output "from 1 s to 24 h"
}

# ---- tools -------------------------------------------------------------------------

@test "no hyperfine: exit 77, and what to install" {
    mkdir bin
    for tool in sh bash cat mv basename; do
        ln -s "$(command -v "$tool")" bin/
    done
    run env PATH="$PWD/bin" "$BIN/quartet" run -o "$OUT"
    expect status "$status" 77
    expect_output "hyperfine is not installed" "install"
    [ ! -e "$OUT" ]
}

@test "hyperfine fails: exit 1, and what it said" {
    fake_hyperfine <<<'echo "error: out of ink" >&2; exit 1'
    run_quartet 1
    expect_output "hyperfine failed with exit code 1: error: out of ink"
    incomplete "out of ink"
}

@test "hyperfine's result is cut short: exit 1" {
    # shellcheck disable=SC2016 # the script expands it
    fake_hyperfine <<<'printf "%s" "{ \"results\": [ { \"command\": \"a\", " >"$out"'
    run_quartet 1
    expect_output "hyperfine's result is broken"
    incomplete "broken"
}

@test "hyperfine leaves no result: exit 1" {
    fake_hyperfine <<<'exit 0'
    run_quartet 1
    incomplete "wrote no result"
}

@test "hyperfine's result lacks commands: exit 1" {
    # shellcheck disable=SC2016 # the script expands it
    fake_hyperfine <<<'echo "{ \"results\": [] }" >"$out"'
    run_quartet 1
    incomplete "hyperfine reported 0 of 5 commands"
}

@test "hyperfine fails later: what was measured is kept, the block marked invalid" {
    need_hyperfine
    real=$(command -v hyperfine)
    fake_hyperfine <<EOF
echo >>"$BATS_TEST_TMPDIR/calls"
[ "\$(wc -l <"$BATS_TEST_TMPDIR/calls")" -lt 3 ] || { echo "it broke" >&2; exit 1; }
exec "$real" "\$@"
EOF
    run_quartet 1 --rounds 5
    incomplete "round 2 of 5, counting/one-cpu: hyperfine failed with exit code 1: it broke"
    expect valid "$(json "$OUT/report.json" tables.0.blocks.0.valid)" true
    expect invalid "$(json "$OUT/report.json" tables.0.blocks.1.valid)" false
    expect reason "$(json "$OUT/report.json" tables.0.blocks.1.invalid_reason)" \
        "hyperfine failed with exit code 1: it broke"
    expect samples "$(json "$OUT/report.json" tables.0.cells.0.samples | grep -o '"block"' | wc -l)" 1
}

@test "no runners: exit 1, and how to get them" {
    QUARTET_RUNNERS=$BATS_TEST_TMPDIR/nowhere run_quartet 1
    expect_output "no runners in" "QUARTET_RUNNERS"
}

@test "a runner that cannot describe itself: exit 1" {
    rm "$FAKE/coroutine"
    printf '#!/bin/sh\necho "{}"\n' >"$FAKE/coroutine"
    chmod +x "$FAKE/coroutine"
    run_quartet 1
    expect_output "coroutine --describe" "quartet.describe/1"
}

# ---- places ------------------------------------------------------------------------

@test "a folder that cannot be made: exit 1 before anything is measured" {
    need_hyperfine
    echo >file
    run_quartet 1 -o "$PWD/file/out"
    expect_output "cannot make the folder" "--output"
    run_quartet 1 -o "$PWD/file"
    expect_output "cannot make the folder"
    nothing_left
}

@test "a folder that cannot be written: exit 1 before anything is measured" {
    need_hyperfine
    [ "$(id -u)" -ne 0 ] || run_for 1 "$BIN/quartet" run -o /proc/sys/quartet
    mkdir -m 555 closed
    if [ "$(id -u)" -ne 0 ]; then
        run_quartet 1 -o "$PWD/closed"
        expect_output "cannot write"
    fi
    nothing_left
}

@test "a full disk: exit 1, and no half of a report" {
    need_hyperfine
    mkdir disk
    unshare -m mount -t tmpfs none "$TMPDIR" 2>/dev/null || skip "cannot mount a small disk here (needs root)"
    # All happens in a mount namespace that ends with the shell.
    # shellcheck disable=SC2016 # the inner shell expands these
    run_for 1 unshare -m sh -c '
        mount -t tmpfs -o size=64k none disk || exit 77
        head -c 40k /dev/zero >disk/ballast
        "$@"
        code=$?
        ls disk >listing
        exit $code' sh "$BIN/quartet" run -o disk --workloads counting/one-cpu --rounds 9
    expect_output "cannot write" "No space left on device"
    run ! grep quartet- listing # the journal may stay: the session can go on from it
    nothing_left
}

@test "stdout that takes nothing: exit 1" {
    need_hyperfine
    run_for 1 sh -c '"$@" >/dev/full' sh "$BIN/quartet" run -o "$OUT" \
        --workloads counting/one-cpu --rounds 1
    expect_output "cannot print the table"
    expect complete "$(json "$OUT/report.json" complete)" true
}

# ---- users -------------------------------------------------------------------------

# stop SIGNAL: stops a session while a runner hangs; nothing of it may be left.
stop() {
    need_hyperfine
    FAKE_multithread=hang start_quartet
    eventually runner_hangs
    local victims code=0
    victims=$(descendants "$driver")
    kill -"$1" "$driver"
    wait "$driver" || code=$?
    # shellcheck disable=SC2086 # a list of numbers
    eventually all_gone $victims
    expect "exit code" "$code" "$2"
    nothing_left
}

@test "Ctrl-C: exit 130, a valid report, nothing left" {
    stop INT 130
    incomplete "warm-up of counting/one-cpu: interrupted"
}

@test "SIGTERM ends it as Ctrl-C does" {
    stop TERM 130
    incomplete "interrupted"
}

@test "SIGKILL of the driver leaves no process and no file, and a report that was saved" {
    need_hyperfine
    FAKE_multithread=hang start_quartet
    eventually runner_hangs
    victims=$(descendants "$driver")
    kill -KILL "$driver"
    # shellcheck disable=SC2086 # a list of numbers
    eventually all_gone $victims
    eventually nothing_left
    incomplete "nothing has been measured yet"
    # The lock died with it, too.
    run_quartet 0
}

@test "Ctrl-C after some blocks keeps them" {
    need_hyperfine
    real=$(command -v hyperfine)
    fake_hyperfine <<EOF
echo >>"$BATS_TEST_TMPDIR/calls"
[ "\$(wc -l <"$BATS_TEST_TMPDIR/calls")" -lt 4 ] || exec sleep 600
exec "$real" "\$@"
EOF
    start_quartet --rounds 9
    eventually runner_hangs
    kill -INT "$driver"
    code=0
    wait "$driver" || code=$?
    expect "exit code" "$code" 130
    incomplete "round 3 of 9, counting/one-cpu: interrupted"
    expect blocks "$(json "$OUT/report.json" tables.0.blocks | grep -o '"number"' | wc -l)" 2
    [ -s "$OUT/report.md" ]
}

@test "a second session on the machine is refused, with the number of the first" {
    need_hyperfine
    FAKE_multithread=hang start_quartet
    eventually runner_hangs
    run_for 1 "$BIN/quartet" run -o "$BATS_TEST_TMPDIR/second"
    expect_output "process $driver" "--wait"
    [ ! -e "$BATS_TEST_TMPDIR/second" ]
    kill -INT "$driver"
    wait "$driver" || true
}

@test "a second session waits with --wait" {
    need_hyperfine
    FAKE_multithread=hang start_quartet
    eventually runner_hangs
    first=$driver
    OUT=$BATS_TEST_TMPDIR/second start_quartet --wait
    eventually grep -q waiting "$BATS_TEST_TMPDIR/stderr"
    kill -INT "$first"
    wait "$first" || true
    wait "$driver"
    expect complete "$(json "$BATS_TEST_TMPDIR/second/report.json" complete)" true
}
