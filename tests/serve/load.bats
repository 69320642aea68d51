#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The load of serve: its schedule, what it says of one that was not kept, and the difference
# between what a client sees and what a user sees. timeout: 300 s

load ../common
load serve

setup() {
    "$BIN/sequential" --list | grep -q '^ *serve ' ||
        skip "serve was left out of this build (package node-llhttp or libllhttp-dev)"
}

# scheduled MODEL OPTION...: leaves the record in $RECORD.
scheduled() {
    local model=$1
    shift
    RECORD=$BATS_TEST_TMPDIR/$model.json
    run_for 0 "$BIN/$model" serve --record "$RECORD" "$@"
}

# Holds a condition on figures of the record: holds 'figure < 3 * other'.
holds() {
    python3 -IS - "$RECORD" "$1" <<'EOT'
import json, sys
record = json.load(open(sys.argv[1]))
figures = dict(record["results"], run=record["phases_ns"]["run"], **record["latency_ns"])
if not eval(sys.argv[2], {}, figures):
    sys.exit(f"not {sys.argv[2]}: {({k: v for k, v in figures.items() if k != 'buckets'})}")
EOT
}

@test "a schedule lasts as long as it says, and its latencies are response times" {
    local model
    for model in $MODELS; do
        [ "$model" != sequential ] || continue # it would serve one connection, and never the next
        scheduled "$model" --tasks 5 --requests 60 --rate 300
        expect kind "$(json "$RECORD" latency_ns.kind)" response
        expect count "$(json "$RECORD" latency_ns.count)" 300
        holds 'run >= 299 / 300 * 1e9'
        holds 'overloaded == 0'
        holds 'service_p50_ns <= p50 * 1.01'
    done
    scheduled sequential --tasks 1 --requests 60 --rate 300
    holds 'overloaded == 0'
}

@test "requests in bursts, and the schedule of h2load" {
    scheduled eventloop --tasks 20 --requests 15 --rate 1000 --burst 20
    expect count "$(json "$RECORD" latency_ns.count)" 300
    holds 'run >= 280 / 1000 * 1e9' # the last twenty are due then
    run_for 2 "$BIN/eventloop" serve --burst 20
    expect_output "--burst" "--rate"
    command -v h2load >/dev/null || skip "no h2load"
    scheduled eventloop --tasks 20 --requests 15 --rate 1000 --load h2load
    # What it says of each request, and how long it asked: a request a millisecond.
    expect kind "$(json "$RECORD" latency_ns.kind)" service
    expect count "$(json "$RECORD" latency_ns.count)" 300
    holds '500 < requests_per_second < 1200 and 0 < p50 < 250e6'
}

@test "a schedule that cannot be kept is called overloaded" {
    # 100 requests of about 20 ms, one at a time in a loop, are 2 s of work; their schedule is 0.5 s.
    scheduled eventloop --tasks 4 --requests 25 --rate 200 --work 20ms
    holds 'overloaded == 1'
    holds 'behind_ns > 0.05 * run'
}

@test "who stops for 200 ms is seen in the response time and not in the service time" {
    local model
    for model in coroutine eventloop; do
        RECORD=$BATS_TEST_TMPDIR/$model.json
        "$BIN/$model" serve --tasks 4 --requests 750 --rate 1000 --record "$RECORD" >/dev/null 3>&- &
        local pid=$!
        sleep 1.5
        kill -STOP $pid # the server; the load goes on
        sleep 0.2
        kill -CONT $pid
        wait $pid
        # 200 of 3,000 requests were due meanwhile, and 4 could be sent.
        holds 'p99 > 100e6'
        holds 'service_p99_ns < p99 / 2'
        holds 'overloaded == 0'
    done
}
