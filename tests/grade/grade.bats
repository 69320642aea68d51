#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# grade.bats - `quartet grade` and programs that misbehave: one clear line, and nothing is left
# behind. Right and wrong answers to the exercises are graded by submissions.py.

load ../common
load ../driver/driver

setup() {
    driver_setup
    export PYTHONPATH=$ROOT/docs/grade PYTHONDONTWRITEBYTECODE=1
}

# program NAME: a shell script from standard input.
program() {
    { echo '#!/bin/sh'; cat; } >"$1"
    chmod +x "$1"
}

grade() {
    local code=$1
    shift
    run_for "$code" "$BIN/quartet" grade --exercise fetch-all "$@"
}

@test "the list, and what is not in it" {
    run_for 0 "$BIN/quartet" grade --list
    expect "exercises" "$(wc -l <<<"$output")" 6
    expect_output fetch-all bounded-resource time-limit shared-account pipeline stay-awake
    run_for 2 "$BIN/quartet" grade --exercise pipelin true
    expect_output "there is no exercise 'pipelin'; did you mean pipeline?"
    run_for 2 "$BIN/quartet" grade true
    expect_output "name one of 'quartet grade --list' with --exercise"
    grade 2
    expect_output "name a program"
    grade 2 ./nosuch
    expect_output "there is no program './nosuch'"
    echo hello >text
    grade 2 text
    expect_output "'text' cannot be executed: say 'chmod +x'"
    grade 2 .
    expect_output "'.' is no program"
}

@test "a program that says nothing, garbage, or fails" {
    grade 1 true
    expect_output "live        FAILS     it printed no result" "REFUSED: live"
    grade 1 -- echo hello
    expect_output "it printed no {\"result\": ...}: 'hello'"
    grade 1 -- sh -c 'echo why >&2; exit 3'
    expect_output "it exited with code 3 without a result: why"
    grade 1 -- sh -c 'kill -SEGV $$'
    expect_output "it was killed by signal 11"
    grade 1 -- sh -c 'echo "{\"result\": [1]}"'
    expect_output "it ended when 0 of 12 pages had been answered"
    nothing_left
}

@test "a program that hangs, ignores signals, leaves others behind" {
    program stubborn <<<"trap '' TERM INT HUP; sleep 1000"
    grade 1 ./stubborn
    expect_output "it hangs: all of it sleeps" "REFUSED: live"
    program leaver <<<'setsid sleep 1000 >/dev/null 2>&1 & echo $! >pid; echo "{\"result\": []}"'
    grade 1 ./leaver
    expect_output "clean       FAILS     it left 1 process behind"
    eventually all_gone "$(cat pid)"
    program lingerer <<<'echo "{\"result\": []}"; sleep 1000'
    grade 1 ./lingerer
    expect_output "it printed its result and did not end"
    nothing_left
}

@test "a program without measure is ended" {
    grade 1 yes
    expect_output "it printed more than 64 KiB" "REFUSED: bounded"
    program eater <<<'exec python3 -S -c "x = bytes(4 * 10**8).replace(b\"\\0\", b\"1\")"'
    grade 1 ./eater
    expect_output "it used more than 256 MiB of memory"
    program babbler <<'END'
exec python3 -S -c 'from witness import Wire
for i in range(20): Wire().__enter__().say("x" * 300)'
END
    grade 1 ./babbler
    expect_output "said far more than was asked for"
    program spinner <<'END'
exec python3 -S -c 'from witness import Wire
Wire().__enter__()
while True: pass'
END
    grade 1 ./spinner
    expect_output "it keeps a CPU busy, and nothing comes of it"
    run_for 1 "$BIN/quartet" grade --exercise fetch-all --timeout 1s -- python3 -S -c 'while True: pass'
    expect_output "it has not ended after 1 s"
    nothing_left
}

@test "what is no line of the exercise" {
    program stranger <<'END'
exec python3 -S -c 'from witness import Wire, answer
with Wire() as wire:
    wire.ask("HELLO")
    wire.ask("GET 77")
answer([])'
END
    grade 1 ./stranger
    expect_output "safe        FAILS     it said 'HELLO', which is no line of this exercise"
}

@test "an interrupted run leaves nothing" {
    program sleeper <<<'echo $$ >pid; exec sleep 1000'
    "$BIN/quartet" grade --exercise fetch-all ./sleeper >/dev/null 2>said 3>&- &
    local driver=$!
    eventually test -s pid
    kill -TERM "$driver"
    local code=0
    wait "$driver" || code=$?
    expect "exit code" "$code" 130
    grep -q "grade: interrupted" said
    eventually all_gone "$(cat pid)"
    nothing_left
}

@test "the report follows its schema, and the strip shows who asked when" {
    local answer=$ROOT/tests/grade/fetch-all/right.py
    "$BIN/quartet" grade --exercise fetch-all --seed 7 --format json -- python3 -S "$answer" >report.json
    follows_schema report.json
    expect "accepted" "$(json report.json accepted)" true
    expect "seed" "$(json report.json runs.1.seed)" 7
    grade 0 --seed 7 -- python3 -S "$answer"
    expect_output " page 11 " "ACCEPTED: all five hold in 2 runs"
}
