#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# quartet trace --lanes python: the events of the Python programs hold what their models claim,
# and a timed run does not know that it can be traced. timeout: 240 s

load ../common

LANE=$ROOT/lanes/python

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

trace() { # NAME ARGUMENT...: writes NAME.json, trace events
    local name=$1
    shift
    run_for 0 "$BIN/quartet" trace "$@" --lanes python --format perfetto -o "$name.json"
}

claims() { # NAME CLAIM...: see claims.py
    local name=$1
    shift
    run_for 0 python3 "$ROOT/tests/trace/claims.py" "$name.json" "$@"
}

@test "fetch: all waits lie side by side, and a loop runs one task at a time" {
    trace fetch fetch --tasks 6 --delay 400ms --exchanges 1 --models coroutine,asyncio,threading
    claims fetch one_loop loops_alone waits_side_by_side
    expect_output "models: coroutine asyncio threading"
}

@test "primes: asyncio never two at a time, threads one at a time by the interpreter's lock" {
    trace loop primes --tasks 4 --concurrency 4 --limit 50k --models asyncio
    claims loop one_loop loops_alone
    trace threads primes --tasks 4 --concurrency 4 --limit 200k --models threading
    claims threads one_at_a_time
}

# A busy machine may give both CPUs to others for the whole of a short run.
@test "primes: processes run as many at a time as there are CPUs" {
    local two
    [ "$(nproc)" -ge 2 ] || skip "needs two CPUs"
    two=$(cpus 2)
    for _ in 1 2 3; do
        trace both primes --models multiprocessing --tasks 4 --concurrency 4 --cpus "$two" \
            --limit 300k
        claims both cpu_time
        run python3 "$ROOT/tests/trace/claims.py" both.json at_once
        [ "$status" -ne 0 ] || break
    done
    expect "two processes at once" "$status $output" "0 models: multiprocessing"
}

@test "what tasks wait for has its name" {
    trace lock counter --models threading,asyncio,multiprocessing --tasks 3 --guard mutex --await \
        --additions 20
    grep -q 'waits for lock' lock.json
    trace queue pipeline --models asyncio,multiprocessing --tasks 3 --items 30
    grep -q 'waits for queue' queue.json
    trace pool stall --models asyncio --tasks 3 --offload threads
    grep -q '"pool 1"' pool.json
    grep -q 'waits for pool' pool.json
    trace child spawn --models asyncio,threading --tasks 2 --children 3
    grep -q 'waits for child' child.json
    trace permit semaphore --models asyncio,threading --tasks 3 --permits 1 --rounds 2
    grep -q 'waits for semaphore' permit.json
}

@test "a traced run leaves the ledger of a timed one, and nothing else beside its file" {
    local model
    for model in asyncio threading multiprocessing; do
        run_for 0 "$LANE/$model" primes --tasks 3 --limit 5k --record timed.json
        QUARTET_TRACE=$PWD/events.json run_for 0 "$LANE/$model" primes --tasks 3 --limit 5k \
            --record traced.json
        run_for 0 python3 -IS -c '
import json
timed, traced = (json.load(open(name))["ledger"] for name in ("timed.json", "traced.json"))
assert timed["operations"] == 5000, timed
timed["peak_in_flight"] = traced["peak_in_flight"] # how many met is up to the scheduler
assert traced == timed, (timed, traced)
events = json.load(open("events.json"))
assert sum(e[2] == "end" for lane in events["lanes"] for e in lane["events"]) == 3, events'
        expect "files" "$(echo *)" "events.json timed.json traced.json"
    done
}

@test "a timed run does not load the tracing" {
    run_for 0 env PYTHONVERBOSE=1 "$LANE/threading" sleep --tasks 2 --delay 1ms
    expect_output "import 'kernels'"
    run ! grep -q "import 'tracing'" <<<"$output"
}

@test "events that do not fit are counted, and a lane without events is refused" {
    run_for 0 "$BIN/quartet" trace sleep --tasks 9 --delay 1ms --models asyncio --events 20 \
        --lanes python
    expect_output "events did not fit"
    run_for 2 "$BIN/quartet" trace sleep --lanes cobol
    expect_output "there is no lane 'cobol'"
}
