#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# sanitized.bats - the driver's commands under AddressSanitizer, UndefinedBehaviorSanitizer
# and LeakSanitizer, over small sessions of runners that do no work: nothing is read that
# was freed, nothing is left that was allocated, also on the ways that end with an error.
# Other files look at what the commands say. timeout: 600 s

load ../../common
load ../driver

setup() {
    case $BUILD in */asan) ;; *) skip "the asan build runs this" ;; esac
    driver_setup
    steady_times
    export ASAN_OPTIONS=detect_leaks=1:exitcode=99 UBSAN_OPTIONS=exitcode=99
}

# clean CODE ARGUMENTS...: quartet ends with this code, and no sanitizer says a word.
clean() {
    local code=$1
    shift
    run_for "$code" "$BIN/quartet" "$@"
    if grep -E 'Sanitizer|runtime error:' <<<"$output"; then
        echo "from quartet $*"
        return 1
    fi
}

# silent ARGUMENTS...: the same where the code depends on the machine.
silent() {
    run timeout 120 "$BIN/quartet" "$@"
    if [ "$status" -ge 98 ] || grep -E 'Sanitizer|runtime error:' <<<"$output"; then
        echo "exit code $status from quartet $*"
        echo "$output"
        return 1
    fi
}

# session FOLDER ARGUMENTS...: a session of two rounds.
session() {
    local folder=$1
    shift
    clean 0 run -o "$folder" --workloads counting/one-cpu --rounds 2 --seed 5 --accept-noise "$@"
}

@test "a sanitized driver is one that strikes" {
    clean 0 --version
    grep -q __asan_init "$BIN/quartet"
    grep -q __lsan "$BIN/quartet"
}

@test "sessions, and all that reads a report" {
    session a --models coroutine,eventloop
    session b --models coroutine,eventloop,multithread
    local format
    for format in text md csv json; do
        clean 0 report --format $format a
    done
    for format in junit hyperfine gobench gbench; do
        clean 0 export --format $format a
    done
    clean 0 compare a b
    clean 0 merge a b
    clean 0 history .
    clean 0 baseline save kept a
    clean 0 baseline list
    clean 0 baseline show kept
    clean 1 report nowhere
    echo '{"schema": "quartet.report/1"' >half.json
    clean 1 report half.json
    clean 2 report --format nothing a
    clean 2 export --format nothing a
}

@test "runs that fail, are wrong, or do not go on" {
    FAKE_eventloop=wrong clean 1 run -o c --workloads counting/one-cpu --rounds 2 --accept-noise \
        --models coroutine,eventloop
    FAKE_eventloop=signal clean 1 run -o d --workloads counting/one-cpu --rounds 2 --accept-noise \
        --models coroutine,eventloop
    clean 2 run --workloads nothing
    clean 2 run --models nothing
    clean 2 run --rounds 0
    clean 0 counters --workloads counting/one-cpu --models coroutine
}

@test "gates" {
    clean 0 check --no-counters --base "$FAKE" -o e --rounds 12 --workloads counting/one-cpu \
        --models coroutine --accept-noise
    session a --models coroutine,eventloop
    silent check --no-counters --base a -o f --rounds 6 --workloads counting/one-cpu \
        --models coroutine,eventloop --accept-noise --threshold 100%
    clean 1 check --base nowhere/at/all --workloads counting/one-cpu
}

@test "what is only said: plans, lists, expectations, doctors" {
    # Runners are others' matter: those of the release build are there already, and faster.
    export QUARTET_RUNNERS=${BUILD%/asan}/release/bin
    [ -x "$QUARTET_RUNNERS/coroutine" ] || export QUARTET_RUNNERS=$BIN
    local plan
    for plan in "$ROOT"/docs/plans/*.json; do
        silent run --dry-run --plan "$plan"
    done
    clean 0 run --dry-run --profile quick
    clean 0 list
    clean 0 list primes
    clean 0 list --json
    clean 0 help run
    clean 0 claims --list
    clean 0 lesson --list
    clean 0 grade --list
    clean 0 completion bash
    clean 0 expect primes --limit 1000
    silent doctor
}
