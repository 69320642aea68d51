#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every workload by every runner, small: all must do the same work with the same
# answers. Workloads are asked for, not listed here: a new one is tested as well.
# timeout: 600 s

load ../common

# Small enough for a sanitizer or valgrind.
small_options() {
    case $1 in
    primes) echo "--tasks 20 --limit 20000" ;;
    mixed) echo "--tasks 20 --exchanges 3 --compute 200us --delay 2ms" ;;
    matmul) echo "--tasks 10 --size 40" ;;
    compress) echo "--tasks 10 --blocks 2 --block 20k" ;;
    wordcount) echo "--tasks 10 --words 20k --vocabulary 500" ;;
    mandelbrot) echo "--tasks 24 --width 64" ;;
    sleep) echo "--tasks 40 --delay 2ms" ;;
    fetch) echo "--tasks 40 --delay 3ms --exchanges 3" ;;
    serve) echo "--tasks 20 --requests 5" ;;
    spawn) echo "--tasks 10" ;;
    schedule) echo "--tasks 40 --span 20ms --lead 5ms" ;;
    switch) echo "--tasks 7 --switches 500" ;;
    park) echo "--tasks 7 --hold 2ms" ;;
    broadcast) echo "--tasks 7 --rounds 5" ;;
    pipeline) echo "--tasks 7 --items 200" ;;
    semaphore) echo "--tasks 20 --permits 3" ;;
    counter) echo "--tasks 20 --additions 200" ;;
    gather) echo "--tasks 7 --delay 20ms" ;;
    stall) echo "--tasks 7 --beats 6 --compute 10ms" ;;
    lite) echo "--tasks 16 --transactions 5 --think 1ms --synchronous off" ;;
    files) echo "--tasks 8 --files 3 --size 10001 --sync none" ;;
    cache) echo "--tasks 16 --commands 20 --pipeline 3" ;;
    crash) echo "--tasks 20" ;;
    *) echo "--tasks 20" ;;
    esac
}

# Runs a workload and prints what must be equal in all models.
ledger() {
    local model=$1 workload=$2 record=$BATS_TEST_TMPDIR/record.json
    shift 2
    rm -f "$record" # of the model before: a record is never compared with itself
    # shellcheck disable=SC2046 # several words
    run_for 0 "$BIN/$model" "$workload" $(small_options "$workload") --concurrency 7 \
        --timeout 80s --record "$record" "$@" || return 1
    python3 - "$record" <<'EOF'
import json, sys
record = json.load(open(sys.argv[1]))
ledger, expected = record["ledger"], record["expected"]
assert record["status"] == "ok" and ledger["errors"] == 0, record
assert all(ledger[key] == value for key, value in expected.items()), record
assert ledger["peak_in_flight"] <= 7, record
ledger.pop("peak_in_flight")
print(json.dumps(ledger, sort_keys=True))
EOF
}

# Prints the ledger that the others are compared with: sequential's, unless it says that tasks
# which wait for one another are not for it. The first test that asks makes it for all.
control() {
    local known=$BATS_FILE_TMPDIR/$1
    if [ ! -e "$known" ]; then
        # shellcheck disable=SC2046 # several words
        run timeout 80 "$BIN/sequential" "$1" $(small_options "$1")
        case $status in
        77) expect_output "waits for another task" && ledger multithread "$1" >"$known.new" ;;
        *) ledger sequential "$1" >"$known.new" ;;
        esac || { cat "$known.new"; return 1; }
        mv "$known.new" "$known"
    fi
    cat "$known"
}

# One model, with the options of a variant, against sequential, in every workload.
same_work() {
    local workloads workload wanted found model=$1
    shift
    # With those that this build lacks, which tests/workloads/needs.bats shows as skipped.
    expect "workloads" "$("$BIN/sequential" --describe | python3 -c 'import json, sys
known = json.load(sys.stdin)
print(len(known["workloads"]) + len(known["left_out"]))')" \
        "$(echo "$ROOT"/workloads/*/workload.c | wc -w)"
    workloads=$("$BIN/sequential" --list 2>/dev/null | awk '{print $1}')
    for workload in $workloads; do
        # Each run makes a cluster, which takes seconds: tests/workloads/query.bats.
        [ "$workload" != query ] || continue
        wanted=$(control "$workload") || { echo "$wanted"; return 1; }
        found=$(ledger "$model" "$workload" "$@") || { echo "$found"; return 1; }
        expect "$model $workload $*" "$found" "$wanted"
    done
}

@test "multiprocess does the work of sequential" { same_work multiprocess; }
@test "multithread does the work of sequential" { same_work multithread; }
@test "one process per task does the work of sequential" { same_work multiprocess --per-task; }
@test "one thread per task does the work of sequential" { same_work multithread --per-task; }
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
