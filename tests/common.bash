# SPDX-License-Identifier: MIT
#
# common.bash - what the bats files share. A test is told where the build is by
# $QUARTET_BUILD; each one has a folder of its own, $BATS_TEST_TMPDIR, and leaves
# nothing outside of it.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${QUARTET_BUILD:-$ROOT/build/release}
case $BUILD in /*) ;; *) BUILD=$ROOT/$BUILD ;; esac
BIN=$BUILD/bin
TEST_BIN=$BUILD/tests/bin # the runners with the test workloads linked in
MODELS="sequential multiprocess multithread coroutine eventloop"
export QUARTET_RUNNERS=$BIN
# Set where a hook or `git rebase --exec` calls make: then the repositories that tests make
# would be the one that is being worked on.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX

# cpus N: the first N of the CPUs that this process may use, as a list. CPU 0 need not be
# among them: a container or taskset may have given it others.
cpus() {
    python3 -IS -c 'import os, sys
print(",".join(map(str, sorted(os.sched_getaffinity(0))[: int(sys.argv[1])])))' "$1"
}

# Prints a value of a JSON file: json FILE 'ledger.errors'. Its program is made with the test
# runners, or here, where somebody has made the others alone.
json() {
    if [ ! -x "$TEST_BIN/json" ]; then
        local folder=${BUILD#"$ROOT/"}
        flock "$ROOT/Makefile" make -s -C "$ROOT" BUILD="${folder%/*}" MODE="${folder##*/}" \
            "$folder/tests/bin/json" >&2
    fi
    "$TEST_BIN/json" "$@"
}

# Fails, showing what was found: expect WHAT FOUND WANTED.
expect() {
    if [ "$2" != "$3" ]; then
        echo "$1: found '$2', wanted '$3'"
        return 1
    fi
}

# Fails unless the text of the last `run` contains each of the words.
expect_output() {
    local words
    for words in "$@"; do
        # Nothing is in everything: whoever looks for it has found no words to look for.
        if [ -z "$words" ] || [[ $output != *"$words"* ]]; then
            echo "no '$words' in:"
            echo "$output"
            return 1
        fi
    done
}

# How long a command may take in this build: sanitizers and valgrind are slow.
patience() {
    case $BUILD in
    */release) echo 60 ;;
    *) echo 120 ;;
    esac
}

# Runs a command that must end by itself, with its exit code: run_for 0 COMMAND...
run_for() {
    local code=$1
    shift
    run timeout -k 5 "$(patience)" "$@"
    if [ "$status" -ne "$code" ]; then
        echo "exit code $status, wanted $code: $*"
        echo "$output"
        return 1
    fi
}

# Waits at most 5 s until a condition holds: eventually COMMAND...
eventually() {
    local i
    for ((i = 0; i < 100; i++)); do
        if "$@"; then
            return 0
        fi
        sleep 0.05
    done
    echo "not within 5 s: $*"
    return 1
}

# The processes that a process has started, and theirs.
descendants() {
    local child
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
        echo "$child"
        descendants "$child"
    done
}

all_gone() {
    local pid
    for pid in "$@"; do
        # A zombie that waits for its parent holds nothing any more.
        if [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; then
            return 1
        fi
    done
}

# Is there no process of this program any more?
none_runs() {
    [ -z "$(find /proc -maxdepth 2 -name exe -lname "$(realpath "$1")" 2>/dev/null)" ]
}
