#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What is counted beside the times: by a strace, a perf and a valgrind that tell what the
# test wants, and by the real ones where they are installed. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    need_hyperfine # for whoever counts the real runners, and where PATH has nothing else
    steady_times
    export FAKE_DELAY=0.02
    unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
    BASE=$BATS_TEST_TMPDIR/base
    mkdir -p bin
    export PATH=$PWD/bin:$PATH
}

# A valgrind that has counted 26400 instructions, those of a worker first, and no perf.
fake_valgrind() {
    cat >bin/valgrind <<'EOF'
#!/bin/sh
for word in "$@"; do
    case $word in --log-file=*) printf '==%d== Collected : %d\n' 11 24000 10 2400 >"${word#*=}" ;; esac
done
while [ "${1#--}" != "$1" ]; do shift; done
exec "$@"
EOF
    printf '#!/bin/sh\nexit 1\n' >bin/perf
    chmod +x bin/valgrind bin/perf
}

# Everything but these is on the PATH.
without() {
    mkdir -p all
    ln -sf /usr/bin/* all/ # apart: ln refuses a name that both folders have
    ln -sf /usr/local/bin/* all/
    local name
    for name in "$@"; do rm -f "all/$name" "bin/$name"; done
    export PATH=$PWD/bin:$PWD/all
}

follows_schema() {
    local code=0
    "$ROOT/tests/schema/validate.py" "$OUT/report.json" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
}

# A number or text of the counters of the first cell.
counter() {
    json "$OUT/report.json" "tables.0.cells.0.counters.$1"
}

# check CODE [OPTION...]: a small gate against $BASE that counts, whatever time says.
check() {
    local code=$1
    shift
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" check --base "$BASE" -o "$OUT" --rounds 8 \
        --seed 3 --workloads counting/one-cpu --models coroutine --accept-noise \
        --threshold 100% "$@"
}

@test "counters are in the report and in all tables" {
    fake_strace
    fake_valgrind
    run_quartet 0 --counters --models coroutine
    follows_schema
    expect calls "$(counter syscalls.by_name.sendto)" 1000
    expect total "$(($(counter syscalls.total) - $(counter syscalls.waits)))" 1000
    expect instructions "$(counter instructions.per_operation)" 264.0
    expect method "$(counter instructions.method)" "valgrind --tool=callgrind"
    expect memory "$(counter memory.bytes)" 1048576.0
    expect "per task" "$(counter memory_per_task)" null
    [[ $(counter missing.memory_per_task) == "fewer than 200 tasks"* ]]
    run counter syscalls.by_name.accept4
    [ "$status" -ne 0 ]
    run_for 0 "$BIN/quartet" report "$OUT" --format md
    expect_output "calls" "instr." "| 264 |"
    run_for 0 "$BIN/quartet" report "$OUT" --format csv
    expect_output "syscalls_per_operation,instructions_per_operation,memory_bytes_per_task" ",264,"
    nothing_left
}

@test "nothing is counted unless asked for" {
    fake_strace
    run_quartet 0 --models coroutine
    run counter syscalls
    [ "$status" -ne 0 ]
    run_for 0 "$BIN/quartet" report "$OUT" --format md
    [[ $output != *"| calls "* && $output != *"| instr."* ]]
}

@test "perf is asked first" {
    fake_strace
    cat >bin/perf <<'EOF'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
echo "52800,,instructions:u,1000,100.00,," >"$2"
shift 2
[ "$1" != -- ] || shift
exec "$@"
EOF
    chmod +x bin/perf
    run_quartet 0 --counters --models coroutine
    expect instructions "$(counter instructions.per_operation)" 528.0
    expect method "$(counter instructions.method)" "perf stat -e instructions:u"
}

@test "tools that are missing: null, and what to install" {
    without strace valgrind perf
    run_quartet 0 --counters --models coroutine
    follows_schema
    expect syscalls "$(counter syscalls)" null
    expect instructions "$(counter instructions)" null
    [[ $(counter missing.syscalls) == *"apt-get install strace"* ]]
    [[ $(counter missing.instructions) == *"apt-get install valgrind"* ]]
    run_for 0 "$BIN/quartet" counters --workloads counting/one-cpu --models coroutine
    expect_output "no syscalls: strace is not installed"
}

@test "a strace that may not look: null, and its own words" {
    fake_strace
    touch refused
    run_quartet 0 --counters --models coroutine
    expect syscalls "$(counter syscalls)" null
    [[ $(counter missing.syscalls) == *"exit code 1"*"Operation not permitted"* ]]
}

@test "a runner that gives up under a tool: null, and its own words" {
    fake_strace
    sed -i 's/^exec/export FAKE_coroutine=dnf\nexec/' bin/strace
    run_quartet 0 --counters --models coroutine
    expect syscalls "$(counter syscalls)" null
    [[ $(counter missing.syscalls) == *"exit code 77: pid_max is 100; raise it" ]]
    nothing_left
}

@test "the weight of a task is the slope of four runs" {
    fake_strace
    rm -rf "$OUT"
    FAKE_WEIGHT=4321 run_for 0 "$BIN/quartet" run -o "$OUT" --counters --workloads waiting \
        --rounds 1 --models coroutine --tasks 400 --concurrency 400 --accept-noise
    follows_schema
    expect tasks "$(counter memory_per_task.tasks)" "[100, 200, 300, 400]"
    expect weight "$(counter memory_per_task.bytes)" 4321.0
    expect peak "$(counter memory.bytes)" $((1048576 + 400 * 4321)).0
}

@test "check: more system calls are a regression by two counts" {
    fake_strace
    fake_valgrind
    cp -r "$FAKE" "$BASE"
    check 0
    [[ $output != *"  calls "* ]]
    expect_output "counters: calls of 1 rows"
    follows_schema
    echo 1500 >"$FAKE/calls"
    GITHUB_ACTIONS=true check 3
    expect_output "coroutine" "calls" "1.500" "REGRESSION: needs more than the base, by two counts" \
        "::error title=quartet::counting/one-cpu coroutine: calls needs 1.500 times as much"
    follows_schema
    run_for 0 "$BIN/quartet" export --format junit "$OUT"
    expect_output '<failure message="syscalls: 1.500 times that of the base"'
    echo 500 >"$FAKE/calls"
    check 0
    expect_output "calls" "IMPROVED"
}

@test "check: valgrind counts only if asked, and nothing does if told so" {
    fake_strace
    fake_valgrind
    cp -r "$FAKE" "$BASE"
    echo 1500 >"$FAKE/calls"
    check 3
    expect quick "$(json "$OUT/report.json" gate.counters.compared)" '{"syscalls": 1}'
    check 3 --counters
    expect all "$(json "$OUT/report.json" gate.counters.compared)" \
        '{"syscalls": 1, "instructions": 1}'
    check 0 --no-counters
    [[ $output != *"counters: "* ]]
    follows_schema
    check 2 --counters --no-counters
    expect_output "leave one of the two out"
}

@test "check: what cannot be counted is said in a line, and times decide" {
    fake_strace
    cp -r "$FAKE" "$BASE"
    without strace valgrind perf
    check 0
    expect "lines" "$(grep -c "^not counted: strace is not installed" <<<"$output")" 1
    follows_schema
}

@test "check: counters alone are no PASS when there was no time for a round" {
    fake_strace
    cp -r "$FAKE" "$BASE"
    sed -i 's/^exec/sleep 2\nexec/' bin/strace
    check 4 --need-conclusion --time-budget 3s
    expect verdict "$(json "$OUT/report.json" gate.verdict)" UNDECIDED
    follows_schema
}

@test "check: what is more in one count only is not called a regression" {
    fake_strace
    fake_valgrind
    cp -r "$FAKE" "$BASE"
    # The first count of head says 1500, and leaves 1000 for the next one.
    echo 1500 >"$FAKE/calls"
    sed -i "s|^exec .*|case \$1 in \"$FAKE\"/*) rm -f \"$FAKE/calls\" ;; esac\n&|" bin/strace
    check 0
    [[ $(json "$OUT/report.json" gate.comparisons) == *"not confirmed"* ]]
}

@test "calibrate: how far counts lie apart makes a tolerance larger, never smaller" {
    fake_strace
    fake_valgrind
    cp -r "$FAKE" "$BASE"
    # Every other count says 1500.
    sed -i 's|^calls=.*|rm more 2>/dev/null \&\& calls=1500 \|\| { calls=1000; touch more; }|' bin/strace
    cp "$BIN/quartet" quartet
    export XDG_STATE_HOME=$PWD/state
    run_for 0 ./quartet calibrate --rounds 8 --counters 2 --workloads counting/one-cpu \
        --models coroutine --accept-noise
    expect_output "counts apart by at most: calls 50 %, instr. 0 %"
    "$ROOT/tests/schema/validate.py" state/quartet/*/calibration.json || [ $? -eq 77 ]
    sed -i 's|^rm more.*|calls=$(cat "$(dirname "$1")/calls" 2>/dev/null \|\| echo 1000)|' bin/strace
    echo 1500 >"$FAKE/calls"
    check 0 # 50 % more is within 1.5 times the 50 % that nothing makes
    echo 1800 >"$FAKE/calls"
    check 3
}

@test "check: a stored report is compared by what was counted then" {
    fake_strace
    fake_valgrind
    run_for 0 "$BIN/quartet" run -o stored --counters --workloads counting/one-cpu \
        --models coroutine,multithread --rounds 8 --accept-noise
    BASE=$PWD/stored check 0 --models coroutine,multithread
    expect_output "counters: calls of 2 rows, instr. of 2 rows" # all that it has
    echo 1500 >"$FAKE/calls"
    BASE=$PWD/stored check 3 --models coroutine,multithread
    expect_output "calls" "REGRESSION"
    run_for 0 "$BIN/quartet" export --format junit "$OUT"
    expect_output 'failures="2"' "syscalls: 1.500 times that of the base"
    # One row has nothing to be compared with in its table: counters alone decide.
    BASE=$PWD/stored check 3
    rm "$FAKE/calls"
    BASE=$PWD/stored check 0
    expect_output "PASS"
}

@test "check: a stored report without counters is told so, and proves nothing by one row" {
    fake_strace
    run_for 0 "$BIN/quartet" run -o stored --workloads counting/one-cpu --models coroutine \
        --rounds 8 --accept-noise
    BASE=$PWD/stored check 0
    expect_output "not counted: the base has no counters; 'quartet run --counters' makes" \
        "UNDECIDED: "
    run counter syscalls # nothing to compare with, so nothing was counted
    [ "$status" -ne 0 ]
    BASE=$PWD/stored check 4 --need-conclusion
}

@test "baseline: a report without counters is weak, and one with them is not" {
    fake_strace
    export XDG_STATE_HOME=$PWD/state
    run_quartet 0 --models coroutine --rounds 6
    run_for 0 "$BIN/quartet" baseline save bare "$OUT"
    expect_output "no counters, by which a check decides best"
    run_quartet 0 --models coroutine --rounds 8 --counters
    run_for 0 "$BIN/quartet" baseline save full "$OUT"
    [[ $output != *"no counters"* ]]
    run_for 0 "$BIN/quartet" baseline show full
    expect_output "counters yes"
    echo 1500 >"$FAKE/calls"
    BASE=full check 3
}

@test "count: several counts and their spread; nonsense is refused" {
    fake_strace
    fake_valgrind
    run_for 0 "$BIN/quartet" counters --workloads counting/one-cpu --models coroutine
    expect_output "10.00" "264" "1.00 MiB" "sendto 10.00"
    run_for 0 "$BIN/quartet" counters --workloads counting/one-cpu --models coroutine --repeat 3
    expect_output "spread of 3 counts" "0.00 %" "largest spread of what decides"
    run_for 2 "$BIN/quartet" counters --repeat 0
    expect_output "--repeat" "1 to 100"
    run_for 2 "$BIN/quartet" counters --workloads nothing
    nothing_left
}

# ---- the real ones ------------------------------------------------------------------

need() {
    rm -rf bin
    real_times
    unset FAKE_DELAY
    command -v "$1" >/dev/null || skip "$1 is not installed"
    export QUARTET_RUNNERS=$BIN
}

# An exchange is one send and one receive, whoever does it; only who waits differs.
@test "real: send and receive once per exchange, without the back end's" {
    need strace
    strace -f -o /dev/null true || skip "strace may not trace here"
    rm -rf "$OUT"
    run_for 0 "$BIN/quartet" run -o "$OUT" --counters --workloads fetch/unix --rounds 1 \
        --models multithread,eventloop --tasks 100 --concurrency 100 --profile quick \
        --accept-noise --allow-unoptimised
    follows_schema
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
threads, loop = json.load(open(sys.argv[1]))["tables"][0]["cells"]
for cell in threads, loop:
    calls = cell["counters"]["syscalls"]
    names = calls["by_name"]
    assert calls["operations"] == 400
    assert names["sendto"] == 400, names
    assert names["connect"] == 100 and "accept4" not in names, names
    assert ("epoll_wait" in names) == (cell is loop), names
assert threads["counters"]["syscalls"]["by_name"]["recvfrom"] == 400
assert 400 <= loop["counters"]["syscalls"]["by_name"]["recvfrom"] <= 404
EOF
}

@test "real: callgrind counts the instructions of a static program, and the same again" {
    need valgrind
    run_for 0 "$BIN/quartet" counters --workloads primes/one-cpu --models sequential
    local per_operation
    per_operation=$(awk '$1 == "sequential" { print $4 }' <<<"$output")
    [ "$per_operation" -gt 100 ] && [ "$per_operation" -lt 1000 ]
    run_for 0 "$BIN/quartet" counters --workloads primes/one-cpu --models sequential --repeat 2
    [[ $output =~ instructions\ +0\.00[0-9]+\ % ]]
}
