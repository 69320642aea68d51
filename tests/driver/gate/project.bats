#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The gate in a repository of anybody: a small C project with a Makefile and a history. Counts
# and answers need no quiet machine; the slow-down is one that no noise hides.
# timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    unset QUARTET_RUNNERS
    need_hyperfine
    make_project
}

# prog.c prints a number; commits: start, readme, slower, call, broken, other.
make_project() {
    git init -q project && cd project || return 1
    git config user.email nobody@example.org
    git config user.name nobody
    cat >prog.c <<'EOF'
#include <stdio.h>
#include <unistd.h>
#define TURNS 10
#define CALLS 0
int main(void)
{
    volatile unsigned long sum = 0;
    for (unsigned long i = 0; i < TURNS * 1000000UL; i++)
        sum += i;
    for (int i = 0; i < CALLS; i++)
        getppid();
    puts("42");
    return 0;
}
EOF
    # shellcheck disable=SC2016 # for make
    printf 'prog: prog.c\n\t$(CC) -O2 -o $@ $<\n' >Makefile
    git add . && git commit -qm start && git tag start
    echo words >README && git add README && git commit -qm readme && git tag readme
    plant slower 's/TURNS 10/TURNS 40/'
    plant call 's/CALLS 0/CALLS 1/'
    plant other 's/42/43/'
    plant broken 's/return 0/retrun 0/'
    git checkout -q readme
}

# plant TAG SED: a commit upon `readme` that changes prog.c.
plant() {
    git checkout -q readme
    sed -i "$2" prog.c
    git commit -qam "$1" && git tag "$1"
}

# gate CODE HEAD ARGUMENTS...
gate() {
    local code=$1 head=$2
    shift 2
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" check --base start --head "$head" --build 'make -s' \
        --command 'parse=./prog' --accept-noise --seed 3 -o "$OUT" "$@"
}

# All that a clone consists of, but for times.
state_of_clone() {
    git --no-optional-locks status --porcelain --ignored
    git for-each-ref
    git worktree list
    git rev-list --all --count
    find . -type f | sort | xargs sha256sum
}

@test "a slow-down is a REGRESSION that names its command" {
    gate 3 slower --no-counters --threshold 50% --rounds 12
    expect_output "parse" "REGRESSION"
    follows_schema "$OUT/report.json"
}

@test "a commit that changes only README passes, and the clone is as it was" {
    state_of_clone >../before
    gate 0 readme --threshold 50% --rounds 12
    run ! grep -q REGRESSION <<<"$output"
    state_of_clone >../after
    diff ../before ../after
    nothing_left
}

@test "one system call more in a run is found by count" {
    command -v strace >/dev/null || skip "strace is not installed"
    gate 3 call --threshold 50% --rounds 12
    expect_output " calls " "REGRESSION"
}

@test "other output is no work of the base; a tree that does not build says so" {
    gate 1 other --no-counters --rounds 12
    expect_output "not the work that the base does"
    gate 1 broken --no-counters --rounds 12
    expect_output "--head broken does not build"
    gate 1 nowhere --rounds 12
    expect_output "--head nowhere: there is no such"
}

@test "quartet.json says it all; mistakes in it are named" {
    cat >quartet.json <<'EOF'
{"schema": "quartet.project/1", "base": "start", "build": "make -s", "threshold": "50%",
 "commands": [{"name": "parse", "command": "./prog"},
              {"name": "again", "command": "./prog | cat", "shell": true}]}
EOF
    "$ROOT/tests/schema/validate.py" quartet.json || [ "$?" -eq 77 ]
    run_for 0 "$BIN/quartet" check --no-counters --rounds 12 --accept-noise -o "$OUT"
    expect_output "parse" "again"
    expect report "$(git status --porcelain)" "?? quartet.json"
    sed -i 's/"name": "again"/"name": "parse"/' quartet.json
    run_for 2 "$BIN/quartet" check
    expect_output "quartet.json: commands[1].name: two commands are called 'parse'"
    echo '{"schema": "quartet.project/1", "commands": [{}]}' >quartet.json
    run_for 2 "$BIN/quartet" check --base start
    expect_output "quartet.json: commands[0]" "command"
}

@test "killed while it measures, it leaves nothing in the clone" {
    state_of_clone >../before
    "$BIN/quartet" check --base start --build 'make -s' --command 'slow=sleep 20' \
        --rounds 12 --accept-noise --no-counters -o "$OUT" 3>&- &
    driver=$!
    eventually runner_hangs || eventually runner_hangs || eventually runner_hangs
    kill -KILL "$driver"
    wait "$driver" || true
    eventually nothing_left
    state_of_clone >../after
    diff ../before ../after
}

@test "what cannot be asked is a usage error" {
    run_for 2 "$BIN/quartet" check --base start --build 'make -s'
    expect_output "--build: say with --command"
    run_for 2 "$BIN/quartet" check --command ./prog
    expect_output "--base"
    run_for 2 "$BIN/quartet" check --base start --command ./prog --models coroutine
    expect_output "not together with --command"
}
