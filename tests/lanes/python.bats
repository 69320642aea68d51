#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# python.bats - the Python lane does the work of the C runners: same parameters, same
# ledger, same checksum; and it keeps to the contract of a runner. (timeout: 300 s)

load ../common
load lanes

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
    for program in asyncio threading multiprocessing; do
        described_as_ours "$program" "true|false" 11
        "$LANE/$program" sleep --tasks 2 --delay 1ms --record "$program-run.json"
        run_for 0 "$LANE/$program" counter --guard none --additions 5 --record "$program-count.json"
        run_for 77 "$LANE/$program" counter --guard atomic --record "$program-dnf.json"
        follow_schemas "$program"*.json
    done
}

@test "what was not asked in the right way is a usage error" {
    refuses_usage asyncio
    run_for 2 "$LANE/asyncio" stall --tasks 4 --concurrency 3
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

@test "primes by the C kernel leave the same, in threads and processes; without it, 77" {
    export QUARTET_KERNELS=$BIN/quartet-kernels.so
    for program in threading multiprocessing; do
        for kernel in python c; do
            run_for 0 "$LANE/$program" primes --tasks 4 --concurrency 2 --limit 7100 \
                --kernel $kernel --record "$program-$kernel.json"
            expect "variant" "$(json "$program-$kernel.json" variant.kernel)" $kernel
            expect "checksum" "$(json "$program-$kernel.json" ledger.checksum)" \
                "$(json threading-python.json ledger.checksum)"
        done
    done
    cp -r "$LANE" elsewhere
    run_for 77 env -u QUARTET_KERNELS elsewhere/threading primes --kernel c
    expect_output "there is no quartet-kernels.so: build it with 'make'"
}

@test "gather starts its members at once where asyncio can" {
    if /usr/bin/python3 -c 'import asyncio; asyncio.eager_task_factory' 2>/dev/null; then
        run_for 0 "$LANE/asyncio" gather --tasks 5 --delay 10ms --failing 1 --start eager
    else
        run_for 77 "$LANE/asyncio" gather --tasks 5 --start eager
        expect_output "from Python 3.12, and this is 3."
    fi
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
    ends_in_time asyncio "0.3 s"
    ends_in_time threading "0.3 s"
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
    keeps_cpus multiprocessing
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
