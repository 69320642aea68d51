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
    silent_program "$BIN/quartet" "$@"
}

silent_program() {
    run timeout 120 "$@"
    if [ "$status" -ge 98 ] || grep -E 'Sanitizer|runtime error:' <<<"$output"; then
        echo "exit code $status from $*"
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
    # Twice as many calls: they are counted twice.
    fake_strace
    cp -r "$FAKE" base
    echo 2000 >"$FAKE/calls"
    PATH=$PWD/bin:$PATH clean 3 check --base base -o g --rounds 12 --workloads counting/one-cpu \
        --models coroutine --accept-noise
    # Times that decide nothing, look after look.
    # shellcheck disable=SC2016 # for the runner
    echo 'FAKE_DELAY=0.0$((10 + $$ % 10))' >"$FAKE/settings"
    silent check --no-counters --base base -o h --rounds 20 --workloads counting/one-cpu \
        --models coroutine --accept-noise
    rm "$FAKE/settings"
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

@test "commands of anybody, and odd ones" {
    # shellcheck disable=SC2016 # for the command's shell
    local slow='echo 1.50 >"$FAKE_CLOCK"' fast='echo 1.00 >"$FAKE_CLOCK"' command
    clean 4 time --shell -o t --accept-noise --rounds 4 --names old,new "$fast" "$slow"
    # shellcheck disable=SC2016,SC1003 # to be refused, not expanded
    for command in '' ' ' 'echo $HOME' 'a "b' 'a \' 'a | b'; do
        silent time -o u --accept-noise --rounds 2 "$command" true
    done
    for command in '' ' ' '"' 'a | b' 'no-such-program' 'ls /nowhere'; do
        silent_program "$BIN/quartet-command" command --command "$command"
    done
    clean 2 time -o u --rounds 0 true true
    clean 0 time --help
}

@test "histories, in every form, and the other tool's page" {
    "$ROOT/tests/driver/history/make_history.py" steps --steps 20,41
    local format
    for format in text json html; do
        clean 0 history --format $format steps
    done
    clean 0 history --format github-action-benchmark steps
    echo "$output" >data.js
    clean 0 history data.js
    clean 0 history --rows eventloop --last 9 steps
    head -c 5000 data.js >half.js
    clean 1 history half.js
    clean 1 history nowhere
    ln -s /proc/self/mem unreadable.js
    clean 1 history unreadable.js
    clean 1 history "$PWD/tmp"
}

@test "strips, sums and predictions of real runners" {
    export QUARTET_RUNNERS=${BUILD%/asan}/release/bin XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    [ -x "$QUARTET_RUNNERS/traced/coroutine" ] || skip "the release build has these runners"
    local format
    for format in text svg html perfetto; do
        clean 0 trace stall --tasks 2 --compute 1ms --period 1ms --beats 2 --models coroutine,multithread --format $format -o strip
    done
    clean 2 trace stall --tasks 0
    mkdir few
    ln -s "$QUARTET_RUNNERS/coroutine" "$QUARTET_RUNNERS/sequential" few/
    QUARTET_RUNNERS=few clean 0 predict switch --switches 100 --runs 1
    QUARTET_RUNNERS=few clean 0 predict switch --switches 200 --terms
    clean 2 predict switch --switches 0
}

@test "plans, claims and reports that are refused" {
    local text number=0
    for text in '{' '[]' '{"schema": "quartet.plan/1"}' \
        '{"schema": "quartet.plan/1", "tables": [{"id": "a", "workload": "counting", "options": {"delay": []}}]}' \
        '{"schema": "quartet.plan/1", "tables": "nothing"}' '{"schema": "quartet.plan/1", "tables": "quick"}' \
        '{"schema": "quartet.plan/1", "tables": [{"id": "a", "commands": [{"name": "b"}]}]}' \
        '{"schema": "quartet.plan/1", "tables": [{"workload": "waiting", "arguments": {"delay": "soon"}}]}' \
        '{"schema": "quartet.plan/1", "tables": [{"workload": "counting", "models": [{"model": "coroutine", "options": {"loops": 65}}]}]}'; do
        number=$((number + 1))
        echo "$text" >"plan$number.json"
        silent run --dry-run --plan "plan$number.json"
        silent run --dry-run --profile "./plan$number.json"
    done
    session a --models coroutine
    for text in s/sequential/x/ s/coroutine/eventloop/ 's/"wall_ns": [0-9]*/"wall_ns": 1/' s/tasks/task/; do
        mkdir "r$number"
        sed "$text" a/report.json >"r$number/report.json"
        silent report "r$number"
        silent compare a "r$number"
        silent run --resume "r$number"
        number=$((number + 1))
    done
    for text in 0 x "a b" --list; do
        silent claims "$text"
        silent lesson "$text"
    done
}
