#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# serve by every runner: the same answers to its own load, to requests right and wrong, and
# to the clients that others have written. timeout: 600 s

load ../common
load serve


setup() {
    "$BIN/sequential" --list | grep -q '^ *serve ' ||
        skip "serve was left out of this build (package node-llhttp or libllhttp-dev)"
}

# serve MODEL OPTION... -> leaves the record in $RECORD
serve() {
    local model=$1
    shift
    RECORD=$BATS_TEST_TMPDIR/$model.json
    run_for 0 "$BIN/$model" serve --record "$RECORD" "$@"
}

# The ledger that all models must agree on.
expect_same() {
    local model wanted=
    for model in $MODELS; do
        serve "$model" "$@"
        expect status "$(json "$RECORD" status)" ok
        local found
        found="$(json "$RECORD" ledger.checksum) $(json "$RECORD" ledger.bytes_out)"
        [ -n "$wanted" ] || wanted=$found
        expect "ledger of $model" "$found" "$wanted"
    done
}

@test "the same answers from every model" {
    expect_same --tasks 8 --requests 25
    expect "requests" "$(json "$RECORD" ledger.operations)" 200
    expect "latencies" "$(json "$RECORD" latency_ns.count)" 200
    expect "kind" "$(json "$RECORD" latency_ns.kind)" service
}

@test "requests in a pipeline, and more of them than fit into a buffer" {
    expect_same --tasks 3 --requests 130 --pipeline 64
}

@test "requests that compute" {
    expect_same --tasks 4 --requests 5 --work 50us
    local wanted model
    wanted=$(json "$RECORD" ledger.checksum)
    for model in coroutine eventloop; do
        serve "$model" --tasks 4 --requests 5 --work 50us --offload threads
        expect "checksum of $model" "$(json "$RECORD" ledger.checksum)" "$wanted"
    done
}

@test "more connections than places, one request, one connection" {
    expect_same --tasks 20 --concurrency 3 --requests 1
    expect_same --tasks 12 --concurrency 3 --clients 12 --requests 4
    expect_same --tasks 1 --requests 1
}

@test "two loops, and the other ways to switch and to wait" {
    serve eventloop --tasks 8 --requests 25
    local wanted
    wanted=$(json "$RECORD" ledger.checksum)
    serve eventloop --tasks 8 --requests 25 --loops 2
    expect "two loops" "$(json "$RECORD" ledger.checksum)" "$wanted"
    serve coroutine --tasks 8 --requests 25 --loops 2
    expect "two schedulers" "$(json "$RECORD" ledger.checksum)" "$wanted"
    serve eventloop --tasks 8 --requests 25 --backend poll
    expect "poll" "$(json "$RECORD" ledger.checksum)" "$wanted"
    serve multithread --tasks 8 --requests 25 --per-task
    expect "a thread per connection" "$(json "$RECORD" ledger.checksum)" "$wanted"
}

@test "listeners with the same address: the same work, shared out among loops and processes" {
    serve eventloop --tasks 24 --concurrency 12 --clients 6 --requests 10
    local wanted how
    wanted=$(json "$RECORD" ledger.checksum)
    for how in "multiprocess --listeners 2" "multithread --listeners 3" "coroutine --listeners 2" \
        "coroutine --loops 2" "coroutine --loops 2 --listeners 2" "eventloop --loops 2" \
        "eventloop --loops 2 --listeners 2" "eventloop --loops 2 --listeners 5 --backend poll"; do
        # shellcheck disable=SC2086 # several words
        serve $how --tasks 24 --concurrency 12 --clients 6 --requests 10
        expect "$how" "$(json "$RECORD" ledger.checksum)" "$wanted"
        # What each worker served comes to all connections, however they were shared out.
        python3 -IS - "$RECORD" <<'EOT'
import json, sys
record = json.load(open(sys.argv[1]))
least, most = (record["results"]["connections_of_one_" + which] for which in ("least", "most"))
workers = record["results"]["workers_that_served"]
assert workers == record["workers"] or workers <= 24, record["results"]
assert least * workers <= 24 <= most * workers, record["results"]
if workers == 2:
    assert least + most == 24, record["results"]
EOT
    done
    # More connections for one listener than its loop has places: the other loop takes them.
    serve eventloop --loops 2 --listeners 2 --tasks 30 --requests 3
    expect "workers" "$(json "$RECORD" results.workers_that_served)" 2
    expect "as many as there are places" "$(json "$RECORD" results.connections_of_one_most)" 15
}

@test "requests right and wrong, slow ones, and connections that break, by every model" {
    local model clients=() failed=0 servers=()
    for model in $MODELS; do
        start_server "$model" --idle-limit 600ms --request-limit 800ms
        servers+=("$SERVER")
        "$ROOT/tests/serve/requests.py" "$ADDRESS" 600 800 \
            >"$BATS_TEST_TMPDIR/$model.client" 2>&1 &
        clients+=($!)
    done
    for model in $MODELS; do
        if ! wait "${clients[0]}"; then
            echo "$model:" && tail -n 3 "$BATS_TEST_TMPDIR/$model.client"
            failed=1
        fi
        clients=("${clients[@]:1}")
        stop_server "${servers[0]}"
        servers=("${servers[@]:1}")
    done
    [ "$failed" -eq 0 ]
}

# A thousandth of what `make serve-faults` does.
@test "many requests with random faults between them: right answers, and no memory kept" {
    REQUESTS=1000 RUNNERS=$BIN run_for 0 "$ROOT/tests/serve/campaign"
    expect lines "$(grep -c "1000 requests answered, .* faults; idle before" <<<"$output")" 4
}

@test "curl is content" {
    local model
    command -v curl >/dev/null || skip "no curl (package curl)"
    for model in $MODELS; do
        start_server "$model" --tasks 20
        run_for 0 curl -sS --http1.1 -w '%{http_code} %{num_connects}\n' \
            "http://$ADDRESS/page" "http://$ADDRESS/page.css" -o /dev/null -o /dev/null
        expect "two answers over one connection" "$output" $'200 1\n200 0'
        run_for 0 curl -sS --http2 "http://$ADDRESS/"
        expect_output "One request, one parser"
        stop_server
    done
}

@test "wrk is content" {
    local model
    command -v wrk >/dev/null || skip "no wrk (package wrk)"
    for model in $MODELS; do
        [ "$model" != sequential ] || continue # it would serve one connection, and never the next
        start_server "$model" --tasks 20
        run_for 0 wrk -t1 -c10 -d1s "http://$ADDRESS/"
        expect_output "requests in"
        [[ $output != *"Non-2xx"* && $output != *"Socket errors"* ]] || { echo "$output"; return 1; }
        stop_server
    done
}

@test "h2load is content" {
    local model peer load
    command -v h2load >/dev/null || skip "no h2load (package nghttp2-client)"
    for model in $MODELS; do
        [ "$model" != sequential ] || continue # h2load ends no connection before the last
        serve "$model" --load h2load --tasks 10 --requests 50
        expect "operations" "$(json "$RECORD" ledger.operations)" 500
        # h2load is a child of the peer; what has ended is known to a clock tick.
        peer=$(json "$RECORD" peer_cpu_ns) load=$(json "$RECORD" results.load_cpu_ns)
        [ "$((peer - load))" -lt 22000000 ] && [ "$((load - peer))" -lt 22000000 ]
    done
}

@test "SIGTERM: what was asked is answered, idle connections end, and so does the server" {
    local model
    for model in $MODELS "eventloop --loops 2 --listeners 2" "multiprocess --listeners 2"; do
        # shellcheck disable=SC2086 # several words
        start_server $model
        run_for 0 python3 -IS - "$ADDRESS" "$SERVER" <<'EOT'
import os, signal, socket, sys, time
host, port = sys.argv[1].split(":")
busy = socket.create_connection((host, int(port)), timeout=20)
busy.sendall(b"GET /work?us=300000 HTTP/1.1\r\nHost: h\r\n\r\n")
idle = socket.create_connection((host, int(port)), timeout=20)
time.sleep(0.15)
os.kill(int(sys.argv[2]), signal.SIGTERM)
found = b""
while part := busy.recv(65536):
    found += part
assert found.startswith(b"HTTP/1.1 200 ") and b"Connection: close" in found, found
try:
    assert idle.recv(1) == b""
except ConnectionResetError:
    pass  # sequential had not come to it
try:
    socket.create_connection((host, int(port)), timeout=5)
    sys.exit("somebody still listens")
except ConnectionRefusedError:
    pass
EOT
        stop_server_has_ended
    done
}

stop_server_has_ended() {
    local status=0
    eventually all_gone "$SERVER"
    wait "$SERVER" || status=$?
    expect "exit code of the server" $status 0
}

@test "--for: the server ends by itself" {
    local model
    for model in $MODELS; do
        run_for 0 "$BIN/$model" serve --listen 127.0.0.1:0 --for 200ms
        expect_output "serving http://127.0.0.1:" "connections 0"
    done
}

load_of() {
    local pid
    for pid in $(descendants "$1"); do
        if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = serve-load ]; then
            echo "$pid"
        fi
    done
}

has_load() {
    LOAD=$(load_of "$1")
    [ -n "$LOAD" ]
}

@test "a killed load ends the run at once, and is named" {
    local model pid status
    for model in $MODELS; do
        "$BIN/$model" serve --tasks 10 --requests 1m 2>"$BATS_TEST_TMPDIR/err" &
        pid=$!
        eventually has_load $pid
        sleep 0.3
        kill -KILL "$LOAD"
        eventually all_gone $pid
        status=0
        wait $pid || status=$?
        expect "exit code of $model" $status 1
        run cat "$BATS_TEST_TMPDIR/err"
        expect_output "the load (process $LOAD) was killed by signal 9"
    done
}

@test "neither load nor workers outlive a killed runner" {
    local model pid family
    for model in $MODELS; do
        "$BIN/$model" serve --tasks 10 --requests 1m &
        pid=$!
        eventually has_load $pid
        sleep 0.2
        family=$(descendants $pid)
        kill -KILL $pid
        wait $pid || true
        # shellcheck disable=SC2086 # several processes
        eventually all_gone $family
    done
}

# CPU time of a process and its children, in clock ticks.
ticks() {
    local pid sum=0
    for pid in "$1" $(descendants "$1"); do
        # shellcheck disable=SC2046 # fields 14 and 15
        sum=$((sum + $(awk '{print $14 + $15}' "/proc/$pid/stat" 2>/dev/null || echo 0)))
    done
    echo "$sum"
}

@test "without descriptors nobody spins, and with them again everybody is served" {
    command -v prlimit >/dev/null || skip "no prlimit (package util-linux)"
    local model before after
    for model in multithread coroutine eventloop; do
        start_server "$model" --tasks 20
        prlimit --pid "$SERVER" --nofile=16:
        # A thread that waits in accept() has its descriptor already, and has none for the next
        # client. All at once, or one thread might serve them all.
        python3 -IS - "$ADDRESS" <<'EOT'
import socket, sys, time
host, port = sys.argv[1].split(":")
links = [socket.create_connection((host, int(port)), timeout=20) for _ in range(20)]
for link in links:
    link.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
time.sleep(1.5)
EOT
        python3 -IS - "$ADDRESS" <<'EOT' 3>&- &
import socket, sys
host, port = sys.argv[1].split(":")
links = [socket.create_connection((host, int(port)), timeout=20) for _ in range(20)]
for link in links:
    link.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
for link in links:
    assert link.recv(65536).startswith(b"HTTP/1.1 200 ")
EOT
        local client=$!
        sleep 0.5
        before=$(ticks "$SERVER")
        sleep 1
        after=$(ticks "$SERVER")
        [ $((after - before)) -le 10 ] || { echo "$model: $((after - before)) ticks in 1 s"; return 1; }
        kill -0 "$client" # it waits
        prlimit --pid "$SERVER" --nofile=1024:
        wait "$client"
        stop_server
    done
}

@test "wrong options are refused with their range" {
    run_for 2 "$BIN/eventloop" serve --pipeline 65
    expect_output pipeline 64
    run_for 2 "$BIN/eventloop" serve --work 100ns
    expect_output "--work" microseconds
    run_for 2 "$BIN/eventloop" serve --for 1s
    expect_output "--for" "--listen"
    run_for 2 "$BIN/eventloop" serve --rate 100 --tasks 10 --concurrency 5
    expect_output "--rate" "--concurrency 10"
    run_for 2 "$BIN/eventloop" serve --clients 60
    expect_output "--clients 60" 50
    local wrong
    for wrong in nowhere 1.2.3.4.5:80 127.0.0.1:65536 127.0.0.1: 127.0.0.1:8o; do
        run_for 2 "$BIN/eventloop" serve --listen "$wrong"
        expect_output "--listen '$wrong'"
    done
    start_server eventloop
    run_for 77 "$BIN/coroutine" serve --listen "$ADDRESS"
    expect_output "cannot listen on $ADDRESS" "in use"
    stop_server
    start_server multithread --listeners 2 # nor do two such servers share an address unasked
    run_for 77 "$BIN/coroutine" serve --listen "$ADDRESS" --listeners 2
    expect_output "cannot listen on $ADDRESS" "in use"
    stop_server
    run_for 2 "$BIN/eventloop" serve --listeners 65
    expect_output "--listeners" 64
}
