#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet time`: commands of anybody against each other. Verdicts follow from the stop-watch
# of a world without noise; that commands are run, watched and refused as they should be
# from real ones. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    need_hyperfine
}

# quartet_time CODE ARGUMENTS...
quartet_time() {
    local code=$1
    shift
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" time -o "$OUT" --accept-noise --seed 3 "$@"
}

# What a command writes there is the time that the stop-watch reports.
takes() {
    # shellcheck disable=SC2016 # for the command's shell
    printf 'echo %s >"$FAKE_CLOCK"' "$1"
}

@test "slower, faster, the same: from the figures" {
    steady_times
    quartet_time 0 --shell --names old,slow,fast,same --rounds 13 \
        "$(takes 1.00)" "$(takes 1.10)" "$(takes 0.80)" "$(takes 1.01)"
    expect_output "slow: SLOWER, 1.1" "fast: FASTER, 0.8" "same: SAME within 5 %" \
        "times as long as old"
    quartet_time 0 --shell --names old,new --threshold 20% --rounds 13 \
        "$(takes 1.00)" "$(takes 1.10)"
    expect_output "new: SAME within 20 %"
    follows_schema "$OUT/report.json"
    expect model "$(json "$OUT/report.json" tables.0.cells.1.model)" new
}

@test "few rounds decide nothing: 4" {
    steady_times
    quartet_time 4 --shell --names old,new --rounds 4 "$(takes 1.00)" "$(takes 1.50)"
    expect_output "new: INCONCLUSIVE" "more --rounds"
}

@test "the real stop-watch: a command beside one that takes much longer" {
    quartet_time 0 --rounds 13 'sleep 0.02' 'sleep 0.3'
    expect_output "sleep 0.3: SLOWER" "equal work"
}

@test "other output is refused, unless it may differ" {
    quartet_time 1 --rounds 2 'echo one' 'echo two'
    expect_output "echo two" "checksum"
    run ! grep -q "FASTER\|SLOWER\|SAME" <<<"$output"
    quartet_time 4 --rounds 2 --any-output 'echo one' 'echo two'
}

@test "a command that fails, hangs, leaves children or prints too much: one line each" {
    quartet_time 1 --rounds 2 'true' 'ls /nowhere'
    expect_output "exit code 2, not 0" "/nowhere"
    quartet_time 1 --rounds 2 'true' 'no-such-program'
    expect_output "cannot start 'no-such-program'" "No such file"
    quartet_time 1 --rounds 2 --limit 300ms 'true' 'sleep 60'
    expect_output "had not ended after 300 ms"
    quartet_time 1 --rounds 2 --shell 'true' 'sleep 61 & sleep 61 &'
    expect_output "left 2 processes running"
    quartet_time 1 --rounds 2 'true' 'head -c 300M /dev/zero'
    expect_output "prints more than"
    # shellcheck disable=SC2016 # for the command's shell
    quartet_time 1 --rounds 2 --shell 'true' 'kill -9 $$'
    expect_output "ended by signal 9"
    [ -z "$(pgrep -f 'sleep 6[01]$')" ]
    nothing_left
}

@test "standard input is empty or a file; an exit code may be the right one" {
    echo words >input
    quartet_time 4 --rounds 2 cat 'cat /dev/null'
    quartet_time 4 --rounds 2 --input "$PWD/input" cat 'echo words'
    quartet_time 4 --rounds 2 --exit-code 1 false 'test a = b'
    quartet_time 1 --rounds 2 --exit-code 1 false true
    expect_output "exit code 0, not 1"
}

@test "what is to be prepared runs before each run" {
    quartet_time 4 --rounds 2 --directory "$PWD" --prepare "touch $PWD/fresh" \
        'rm fresh' "rm $PWD/fresh"
    quartet_time 1 --rounds 2 --prepare false 'true' 'echo'
}

@test "what cannot be understood is a usage error" {
    quartet_time 2 'true'
    expect_output "two commands"
    quartet_time 2 --names a 'true' 'false'
    expect_output "no name for command 2"
    quartet_time 2 --threshold 0 'true' 'true'
    expect_output "--threshold"
    # shellcheck disable=SC2016 # that is the point
    quartet_time 1 --rounds 2 'echo $HOME' 'true'
    expect_output "asks for a shell; give --shell"
    quartet_time 1 --rounds 2 "echo 'a" 'true'
    expect_output "has no end"
    quartet_time 2 true ' '
    expect_output "command 2 is empty"
}
