#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# python.bats - the Python lane does the work of the C runners: same parameters, same
# ledger, same checksum; and it keeps to the contract of a runner. (timeout: 300 s)

load ../common

LANE=$ROOT/lanes/python
ALL="sleep primes mandelbrot spawn switch gather schedule semaphore pipeline counter stall"

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# Skips where the package of this program is missing; the program itself says so.
needs() {
    local said
    said=$("$LANE/$1" --describe 2>&1 >/dev/null) && return
    [ "$?" -ne 77 ] || skip "$said"
    echo "$said"
    return 1
}

# All C runners leave the same ledger, which other tests show: one of them is enough.
same_work() { # LANE WORKLOAD...
    local lane=$1
    shift
    run_for 0 "$ROOT/tests/lanes/compare.py" "$LANE/$lane" "$BIN/coroutine" \
        "$BATS_FILE_TMPDIR" "$@"
}

@test "asyncio leaves what C leaves" {
    # shellcheck disable=SC2086
    same_work asyncio $ALL
}

@test "threading leaves what C leaves" {
    # shellcheck disable=SC2086
    same_work threading $ALL
}

@test "multiprocessing leaves what C leaves" {
    # shellcheck disable=SC2086
    same_work multiprocessing $ALL
}

# Their tasks are those of asyncio and threading: what differs is who carries them.
@test "uvloop leaves what C leaves" {
    needs uvloop
    same_work uvloop sleep primes gather schedule
}

@test "gevent leaves what C leaves" {
    needs gevent
    same_work gevent sleep primes gather switch
}

@test "descriptions and records follow the schemas, and options are those of C" {
    "$ROOT/tests/schema/validate.py" /dev/null >/dev/null && code=0 || code=$?
    [ "$code" -ne 77 ] || skip "python3-jsonschema is not installed"
    "$BIN/coroutine" --describe >ours.json
    for program in asyncio threading multiprocessing; do
        "$LANE/$program" --describe >"$program.json"
        "$LANE/$program" sleep --tasks 2 --delay 1ms --record "$program-run.json"
        run_for 0 "$LANE/$program" counter --guard none --additions 5 --record "$program-count.json"
        run_for 77 "$LANE/$program" counter --guard atomic --record "$program-dnf.json"
        run_for 0 "$ROOT/tests/schema/validate.py" "$program"*.json
        run_for 0 python3 - "$program.json" ours.json <<'PYTHON'
import json, sys
lane, ours = (json.load(open(path)) for path in sys.argv[1:])
assert lane["name"] in sys.argv[1] and lane["gil"] in (True, False)
workloads = {one["name"]: one for one in ours["workloads"]}
assert len(lane["workloads"]) >= 11
for one in lane["workloads"]:
    theirs = workloads[one["name"]]
    for key in ("kind", "operation", "together", "default_tasks", "default_concurrency", "summary"):
        assert one[key] == theirs[key], (one["name"], key, one[key], theirs[key])
    assert one["options"] == theirs["options"], (one["options"], theirs["options"])
PYTHON
    done
}

@test "what was not asked in the right way is a usage error" {
    run_for 2 "$LANE/asyncio"
    run_for 2 "$LANE/asyncio" nothing
    expect_output "sleep" "primes"
    run_for 2 "$LANE/asyncio" sleep --no-such-option 3
    run_for 2 "$LANE/asyncio" sleep --delay 5
    expect_output "--delay" "'5'"
    run_for 2 "$LANE/asyncio" sleep --tasks 0
    run_for 2 "$LANE/asyncio" sleep --tasks 2 --concurrency 3
    expect_output "give 1 to 2"
    run_for 2 "$LANE/asyncio" stall --tasks 4 --concurrency 3
    run_for 2 "$LANE/asyncio" sleep --cpus nowhere
    run_for 2 "$LANE/asyncio" pipeline --tasks 1
    expect_output "2 or more"
}

@test "what a model cannot do is 77 with the reason, in the record too" {
    run_for 77 "$LANE/threading" switch --by yield --tasks 3 --switches 100 --record no.json
    expect_output "cannot yield"
    expect status "$(json no.json status)" dnf
    run_for 0 "$LANE/asyncio" switch --by yield --tasks 3 --switches 100
    run_for 77 "$LANE/asyncio" schedule --load 1
}

@test "without a guard, an await between reading and writing loses updates" {
    "$LANE/asyncio" counter --guard none --additions 100 --record plain.json
    expect "lost without an await" "$(json plain.json results.lost_updates)" 0
    "$LANE/asyncio" counter --guard none --await --additions 100 --record await.json
    expect "kept with an await" "$(json await.json results.counted)" 100
}

@test "gather stops, or is too late, and cancels the others" {
    for program in asyncio threading; do
        run_for 0 "$LANE/$program" gather --tasks 5 --delay 10s --failing 1 --within 100ms \
            --record late.json
        expect "cancelled by time" "$(json late.json results.cancelled)" 4
        run_for 0 "$LANE/$program" gather --tasks 5 --delay 1s --failing 4 --on-failure stop \
            --record stop.json
        expect "failed" "$(json stop.json results.failed)" 1
        expect "cancelled by the failure" "$(json stop.json results.cancelled)" 3
    done
}

@test "a run ends at its time limit, and at SIGTERM with all its processes" {
    run_for 1 "$LANE/asyncio" sleep --tasks 1 --delay 60s --timeout 300ms
    expect_output "longer than 0.3 s"
    run_for 1 "$LANE/threading" sleep --tasks 1 --delay 60s --timeout 300ms
    "$LANE/multiprocessing" sleep --tasks 100 --concurrency 2 --delay 5s &
    eventually has_children $!
    children=$(pgrep -P $!)
    kill -TERM $!
    for child in $children; do eventually gone "$child"; done
}

has_children() {
    [ "$(pgrep -cP "$1")" -ge 2 ]
}

gone() {
    ! kill -0 "$1" 2>/dev/null
}

@test "--cpus is kept" {
    cpu=$(cpus 1)
    run_for 0 "$LANE/multiprocessing" primes --tasks 2 --concurrency 2 --limit 100 --cpus "$cpu" \
        --record run.json
    expect cpus "$(json run.json cpus)" "$cpu"
}

# fetch LANE C-MODEL: both at one back end, which says the same of both.
@test "fetch leaves what C leaves, and its back end has seen the same" {
    names="asyncio threading multiprocessing"
    for name in uvloop gevent; do
        if "$LANE/$name" --describe >/dev/null 2>&1; then names="$names $name"; fi
    done
    options="--tasks 6 --concurrency 3 --exchanges 2 --delay 10ms --payload 49 --seed 11"
    # shellcheck disable=SC2086
    "$BIN/quartet-backend" $options --runs 6 >said &
    server=$!
    eventually test -s said
    mapfile -t tokens < <(json said tokens | tr -d '[]," ' | fold -w 32)
    run=0
    for name in $BIN/coroutine $names; do
        # shellcheck disable=SC2086
        run_for 0 "${name/#[a-z]*/$LANE/$name}" fetch $options --connect "$(json said connect)" \
            --token "${tokens[$run]}" --record "$run.json"
        run=$((run + 1))
    done
    kill -TERM "$server"
    wait "$server"
    tail -n 1 said >ledger
    for ((i = 0; i < run; i++)); do
        for key in tasks operations bytes_in bytes_out errors checksum; do
            expect "$key of run $i" "$(json "$i.json" "ledger.$key")" "$(json 0.json "ledger.$key")"
        done
        for key in sessions requests replies bytes_in bytes_out left_early refused; do
            expect "$key of run $i" "$(json ledger "runs.$i.$key")" "$(json ledger "runs.0.$key")"
        done
        [ "$(json ledger "runs.$i.most_open")" -le 3 ]
    done
    expect "runs" "$run" "$(($(wc -w <<<"$names") + 1))"
    run_for 2 "$LANE/asyncio" fetch
    expect_output "--connect" "--token"
}
