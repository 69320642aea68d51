#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# backend.bats - quartet-backend as a witness: several runs at one address, strangers, what
# its ledger says of runs that are not what they claim; and across a real network.

load ../common

BACKEND=$BIN/quartet-backend

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# Starts one that ends with this test: serve OPTION... -> $ADDRESS, ${TOKENS[@]}
serve() {
    mkfifo input
    "$BACKEND" --until-eof "$@" <input >said &
    SERVER=$!
    exec 7>input
    eventually has_said
    ADDRESS=$(json ready connect)
    mapfile -t TOKENS < <(python3 -IS -c 'import json; print(*json.load(open("ready"))["tokens"], sep="\n")')
}

has_said() {
    head -n 1 said >ready && [ -s ready ]
}

# Ends it; its ledger is in the file `ledger`.
end_serving() {
    exec 7>&-
    wait "$SERVER"
    tail -n 1 said >ledger
    "$ROOT/tests/schema/validate.py" ledger || [ "$?" -eq 77 ]
}

# One that says something else than the protocol wants: stranger BYTES...
stranger() {
    python3 - "$ADDRESS" "$1" <<'PYTHON'
import socket, sys
host, port = sys.argv[1].split(",")[0].rsplit(":", 1)
with socket.create_connection((host, int(port)), timeout=5) as peer:
    peer.sendall(bytes.fromhex(sys.argv[2]))
    if len(sys.argv[2]) >= 64:
        try:
            assert peer.recv(1) == b"", "a stranger got an answer"
        except ConnectionResetError:
            pass
PYTHON
}

@test "every runner by one back end: a token each, and the same ledger at both ends" {
    serve --runs 5 --tasks 20 --concurrency 10 --exchanges 3 --delay 5ms --payload 48 --seed 7
    run=0
    for model in $MODELS; do
        run_for 0 "$BIN/$model" fetch --tasks 20 --concurrency 10 --exchanges 3 --delay 5ms \
            --payload 48 --seed 7 --connect "$ADDRESS" --token "${TOKENS[$run]}" --record "$model.json"
        expect "bytes sent" "$(json "$model.json" ledger.bytes_out)" $((20 * (3 * 48 + 32)))
        expect checksum "$(json "$model.json" ledger.checksum)" "$(json sequential.json ledger.checksum)"
        run=$((run + 1))
    done
    end_serving
    expect strangers "$(json ledger strangers)" 0
    for run in 0 1 2 3 4; do
        expect sessions "$(json ledger "runs.$run.sessions")" 20
        expect replies "$(json ledger "runs.$run.replies")" 60
        expect "bytes received" "$(json ledger "runs.$run.bytes_in")" $((20 * (3 * 48 + 32)))
        expect "bytes sent" "$(json ledger "runs.$run.bytes_out")" $((20 * 3 * 48))
        [ "$(json ledger "runs.$run.least_held_ns")" -ge 5000000 ]
        [ "$(json ledger "runs.$run.most_open")" -le 10 ]
    done
    expect "one at a time" "$(json ledger runs.0.most_open)" 1
}

@test "without a hello a back end of its own gives the same checksum" {
    serve --tasks 4 --delay 1ms
    run_for 0 "$BIN/eventloop" fetch --tasks 4 --delay 1ms --record own.json
    run_for 0 "$BIN/eventloop" fetch --tasks 4 --delay 1ms --connect "$ADDRESS" \
        --token "${TOKENS[0]}" --record other.json
    expect checksum "$(json other.json ledger.checksum)" "$(json own.json ledger.checksum)"
    end_serving
}

@test "strangers are closed and counted, and held against nobody" {
    serve --tasks 4 --delay 1ms
    stranger 00
    stranger "$(printf '%064d' 0)"
    stranger "4652483f01000000$(printf '%048d' 0)"
    run_for 1 "$BIN/multithread" fetch --tasks 4 --delay 1ms --connect "$ADDRESS" \
        --token 00112233445566778899aabbccddeeff
    run_for 0 "$BIN/coroutine" fetch --tasks 4 --delay 1ms --connect "$ADDRESS" --token "${TOKENS[0]}"
    end_serving
    expect strangers "$(json ledger strangers)" 7
    expect sessions "$(json ledger runs.0.sessions)" 4
    expect refused "$(json ledger runs.0.refused)" 0
}

@test "its ledger tells one exchange fewer, another seed, more at once" {
    serve --runs 3 --tasks 6 --concurrency 6 --exchanges 2 --delay 20ms
    "$BIN/coroutine" fetch --tasks 6 --exchanges 1 --delay 20ms --connect "$ADDRESS" --token "${TOKENS[0]}"
    run_for 1 "$BIN/coroutine" fetch --tasks 6 --exchanges 2 --delay 20ms --seed 2 \
        --connect "$ADDRESS" --token "${TOKENS[1]}"
    "$BIN/coroutine" fetch --tasks 6 --concurrency 6 --exchanges 2 --delay 20ms \
        --connect "$ADDRESS" --token "${TOKENS[2]}"
    end_serving
    expect "left early" "$(json ledger runs.0.left_early)" 6
    expect "first fault" "$(json ledger runs.1.first_fault)" "wrong payload"
    expect "most open" "$(json ledger runs.2.most_open)" 6
}

@test "what does not fit together is a usage error" {
    run_for 2 "$BIN/coroutine" fetch --connect 127.0.0.1:1
    expect_output "give the --token"
    run_for 2 "$BIN/coroutine" fetch --token 00112233445566778899aabbccddeeff
    expect_output "--connect"
    run_for 2 "$BIN/coroutine" fetch --connect nowhere --token 00112233445566778899aabbccddeeff
    expect_output "'nowhere' is no address"
    run_for 2 "$BIN/coroutine" fetch --connect 127.0.0.1:1 --token 0011
    run_for 2 "$BACKEND" --listen example.org:80
    run_for 2 "$BACKEND" --listen 127.0.0.1:99999
    run_for 2 "$BACKEND" --runs 0
    run_for 77 "$BACKEND" --listen 192.0.2.1:4000
    expect_output "cannot listen on 192.0.2.1:4000"
    run_for 1 "$BIN/coroutine" fetch --tasks 2 --connect 127.0.0.1:1 \
        --token 00112233445566778899aabbccddeeff
    expect_output "Connection refused"
}

@test "it listens on AF_UNIX, ends at SIGTERM, and names what it cannot write" {
    "$BACKEND" --listen "unix:@quartet-test-$$" --tasks 3 --delay 1ms >said &
    SERVER=$!
    eventually has_said
    run_for 0 "$BIN/eventloop" fetch --tasks 3 --delay 1ms --connect "$(json ready connect)" \
        --token "$(json ready tokens.0)"
    kill -TERM "$SERVER"
    wait "$SERVER"
    tail -n 1 said >ledger
    expect sessions "$(json ledger runs.0.sessions)" 3
    [ -e /dev/full ] || skip "there is no /dev/full"
    run_for 1 sh -c '"$0" --until-eof </dev/null >/dev/full' "$BACKEND"
    expect_output "cannot write to stdout"
}

@test "a session crosses a network between two namespaces" {
    command -v ip >/dev/null || skip "iproute2 is not installed"
    unshare -rn true 2>/dev/null || skip "this user may not make network namespaces"
    run_for 0 unshare -rn "$ROOT/tests/fetch/two_namespaces" "$BIN"
    expect_output "10.77.0.2:4000" '"sessions": 8' '"replies": 16' "ok"
}

@test "somebody else who connects to the back end of a run is counted, and no fault of the run" {
    local what model
    for what in waits talks goes; do
        for model in multithread eventloop; do
            "$ROOT/tests/fetch/visitors.py" "$BIN/$model" "$BATS_TEST_TMPDIR/record.json" "$what"
            expect "$what, $model: status" "$(json "$BATS_TEST_TMPDIR/record.json" status)" ok
            expect "$what, $model: strangers" "$(json "$BATS_TEST_TMPDIR/record.json" results.strangers)" 1
        done
    done
}

@test "a listener rests when there is no descriptor for another connection" {
    run_for 0 "$ROOT/tests/fetch/visitors.py" "$BIN/multithread" "$BATS_TEST_TMPDIR/record.json" crowd
}
