#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every workload by every runner, small: all must do the same work with the same
# answers. Workloads are asked for, not listed here: a new one is tested as well.
# timeout: 600 s

load ../common
load sizes

# small MODEL WORKLOAD RECORD OPTION...: a run that must end well.
small() {
    rm -f "$3" # of the model before: a record is never compared with itself
    # shellcheck disable=SC2046 # several words
    run_for 0 "$BIN/$1" "$2" $(small_options "$2") --concurrency 7 --timeout 80s --record "$3" \
        "${@:4}"
}

# Prints what must be equal in all models, a line for each record, which says as what it was
# kept. One interpreter for all: it takes as long to start as many a run does.
ledgers() {
    python3 -IS - "$@" <<'EOF'
import json, os, sys
for path in sys.argv[1:]:
    record = json.load(open(path))
    ledger, expected = record["ledger"], record["expected"]
    assert record["status"] == "ok" and ledger["errors"] == 0, record
    assert record["phases_ns"]["run"] >= expected.pop("least_run_ns"), record
    assert all(ledger[key] == value for key, value in expected.items()), record
    assert ledger["peak_in_flight"] <= 7, record
    ledger.pop("peak_in_flight")
    print(os.path.basename(path), json.dumps(ledger, sort_keys=True))
EOF
}

# The ledger of one run.
ledger() {
    small "$1" "$2" "$BATS_TEST_TMPDIR/$2" "${@:3}" && ledgers "$BATS_TEST_TMPDIR/$2"
}

workloads() {
    local list
    list=$("$BIN/sequential" --list 2>/dev/null | awk '{print $1}')
    # Each run of query makes a cluster, which takes seconds: tests/workloads/query.bats.
    echo "${list/query/}"
}

# The ledgers that the others are compared with: sequential's, unless it says that tasks which
# wait for one another are not for it. The first test that asks makes them for all.
control() {
    local known=$BATS_FILE_TMPDIR/control workload
    if [ ! -e "$known" ]; then
        mkdir -p "$known.records"
        for workload in $(workloads); do
            # shellcheck disable=SC2046 # several words
            run timeout 80 "$BIN/sequential" "$workload" $(small_options "$workload")
            case $status in
            77) expect_output "waits for another task" &&
                small multithread "$workload" "$known.records/$workload" ;;
            *) small sequential "$workload" "$known.records/$workload" ;;
            esac || { echo "$output"; return 1; }
        done
        ledgers "$known.records"/* >"$known.new"
        mv "$known.new" "$known"
    fi
}

# One model, with the options of a variant, against sequential, in every workload.
same_work() {
    local workload model=$1 records=$BATS_TEST_TMPDIR/records
    shift
    control
    mkdir "$records"
    for workload in $(workloads); do
        small "$model" "$workload" "$records/$workload" "$@"
    done
    ledgers "$records"/* >"$BATS_TEST_TMPDIR/found"
    diff "$BATS_FILE_TMPDIR/control" "$BATS_TEST_TMPDIR/found"
}

# With those that this build lacks, which tests/workloads/needs.bats shows as skipped.
@test "every workload is asked for" {
    local known
    known=$("$BIN/sequential" --describe | python3 -IS -c 'import json, sys
known = json.load(sys.stdin)
print(len(known["workloads"]) + len(known["left_out"]))')
    expect "workloads" "$known" "$(echo "$ROOT"/workloads/*/workload.c | wc -w)"
    [ "$(workloads | wc -w)" -gt 15 ]
}

@test "multiprocess does the work of sequential" { same_work multiprocess; }
@test "multithread does the work of sequential" { same_work multithread; }
# Who starts them is the same code as in a pool: one sanitizer looks at it.
@test "one process per task does the work of sequential" {
    case $BUILD in */tsan) skip "AddressSanitizer looks at this one" ;; esac
    same_work multiprocess --per-task
}
@test "one thread per task does the work of sequential" {
    case $BUILD in */asan) skip "ThreadSanitizer looks at this one" ;; esac
    same_work multithread --per-task
}
@test "coroutine does the work of sequential" { same_work coroutine; }
@test "eventloop does the work of sequential" { same_work eventloop; }

@test "fetch over AF_UNIX is the same work" {
    local wanted model
    wanted=$(ledger sequential fetch --transport unix)
    for model in multiprocess multithread coroutine eventloop; do
        expect "$model" "$(ledger "$model" fetch --transport unix)" "$wanted"
    done
}

@test "the variants do the same work" {
    local wanted
    wanted=$(ledger sequential fetch)
    expect "ucontext" "$(ledger coroutine fetch --switch ucontext)" "$wanted"
    expect "coroutine, two loops" "$(ledger coroutine fetch --loops 2)" "$wanted"
    expect "eventloop, two loops" "$(ledger eventloop fetch --loops 2)" "$wanted"
    expect "poll" "$(ledger eventloop fetch --backend poll)" "$wanted"
    expect "select" "$(ledger eventloop fetch --backend select)" "$wanted"
    expect "large stacks" "$(ledger multithread fetch --stack 1m)" "$wanted"
}

@test "mixed off-loaded is the same work" {
    local wanted kind
    wanted=$(ledger sequential mixed)
    for kind in threads processes; do
        expect "coroutine" "$(ledger coroutine mixed --offload $kind)" "$wanted"
        expect "eventloop" "$(ledger eventloop mixed --offload $kind)" "$wanted"
    done
    expect "two loops" "$(ledger eventloop mixed --offload threads --loops 2)" "$wanted"
    expect "over TCP" "$(ledger coroutine mixed --transport tcp)" "$wanted"
}

@test "wordcount by pipes is the same work" {
    local wanted model
    wanted=$(ledger sequential wordcount --return pipe)
    for model in multiprocess multithread coroutine eventloop; do
        expect "$model" "$(ledger "$model" wordcount --return pipe)" "$wanted"
    done
    expect "two loops" "$(ledger coroutine wordcount --return pipe --loops 2)" "$wanted"
    expect "two loops" "$(ledger eventloop wordcount --return pipe --loops 2)" "$wanted"
}

@test "another seed is another run, the same seed the same" {
    local one again other
    one=$(ledger eventloop fetch --seed 7)
    again=$(ledger coroutine fetch --seed 7)
    other=$(ledger coroutine fetch --seed 8)
    expect "the same seed" "$again" "$one"
    [ "$other" != "$one" ]
}

# The traced runners are those of the release: what they are linked from is no matter of a sanitizer.
@test "what a model is: processes, threads, loops, CPUs, and no task before the gate is open" {
    [ -x "$BIN/traced/eventloop" ] || skip "no traced runners in this build"
    run_for 0 "$ROOT/tests/matrix/what_runs.py" "$BIN/traced"
    [ "${output%% *}" -gt 100 ]
}
