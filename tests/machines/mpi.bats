#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Load from four ranks of Open MPI at one instant: their ledgers add up to that of the server, from
# four network namespaces too; a rank that is killed is named, and the others are kept. Skipped where
# Open MPI or namespaces are missing. timeout: 300 s

load ../common
load ../driver/driver

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    servers=()
    command -v mpirun >/dev/null || skip "Open MPI is not installed"
    [ -x "$BIN/quartet-mpi" ] || skip "quartet-mpi is not built: make mpi, which wants Open MPI's mpicc"
    [ "$(id -u)" -ne 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
}

teardown() {
    [ "${#servers[@]}" -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true
}

# held_against_server NAME WHOLE: the ledgers of the ranks in NAME.ranks add up, their histograms too, and
# the server's, in NAME.server, is their sum; WHOLE of the four ranks have come to their end.
held_against_server() {
    follows_schema "$1.ranks" "$1.server"
    python3 -IS - "$@" <<'END'
import json, sys
name, whole = sys.argv[1], int(sys.argv[2])
ranks, server = (json.load(open(f"{name}.{side}")) for side in ("ranks", "server"))
ledger, latency = ranks["ledger"], ranks["latency_ns"]
fine = [rank for rank in ranks["ranks"] if rank["ok"]]
assert len(fine) == whole and len(ranks["ranks"]) == 4, ranks["ranks"]
for what in ("tasks", "operations", "bytes_in", "bytes_out"):
    assert ledger[what] == sum(rank["ledger"][what] for rank in fine) > 0, what
assert latency["count"] == ledger["operations"] == sum(count for _, count in latency["buckets"])
if name == "fetch":
    sums = lambda what: sum(run[what] for run in server["runs"])
    seen = (sums("sessions"), sums("replies"), sums("bytes_out"), sums("bytes_in"))
else:
    of = server["ledger"]
    assert server["status"] == "ok" and of["errors"] == 0, server
    seen = (server["results"]["connections"], of["operations"], of["bytes_out"], of["bytes_in"])
asked = tuple(ledger[what] for what in ("tasks", "operations", "bytes_in", "bytes_out"))
# The requests of a killed rank stand in the server's ledger alone.
assert seen == asked if whole == 4 else all(a >= b for a, b in zip(seen, asked)), (seen, asked)
END
}

@test "four ranks in four network namespaces: the servers' ledgers are the sums of theirs" {
    local apart=(unshare -rn)
    [ "$(id -u)" -ne 0 ] || apart=(unshare -n)
    "${apart[@]}" true 2>/dev/null || skip "this system allows no network namespaces of one's own"
    "${apart[@]}" ip link add bridge type bridge 2>/dev/null || skip "this kernel makes no bridge"
    run_for 0 "${apart[@]}" "$ROOT/tests/machines/four_namespaces" "$BIN" "$PWD"
    held_against_server fetch 4
    [ -x "$BIN/quartet-load" ] || skip "serve is not part of this build"
    held_against_server serve 4
}

# start NAME PROGRAM WORD...: the server of NAME.
start() {
    local name=$1
    shift
    "$@" >"$name.said" 2>&1 3>&- &
    eventually grep -q 'tokens\|serving' "$name.said"
}

# Starts a client, and has rank 2 killed in the middle of it: clients take four seconds.
client() {
    # shellcheck disable=SC2016 # for the ranks
    printf '%s\n' '#!/bin/sh' '[ "$OMPI_COMM_WORLD_RANK" != 2 ] || { echo "/tmp/quartet-mpi-$PPID.json" >>records' \
        '(sleep 1; kill -KILL $PPID) & }' 'exec "$@"' >client
    chmod +x client
}

# ranks NAME WORD...: four ranks, in the background. The deadline begins when rank 0 is done.
ranks() {
    local name=$1
    shift
    timeout -k 5 60 mpirun --oversubscribe --enable-recovery -n 4 "$BIN/quartet-mpi" --deadline 8 \
        --output "$name.ranks" "$@" >"$name.out" 2>"$name.err" 3>&- &
}

# ended NAME JOB SERVER WHAT: the job has failed and named the rank; the server ends in order, and nobody is left.
ended() {
    local code=0
    wait "$2" || code=$?
    [ "$code" -ne 0 ] && [ "$code" -ne 124 ]
    grep -q 'quartet-mpi: rank 2: it has sent nothing until the deadline' "$1.err"
    kill -TERM "$3"
    wait "$3" || true
    run ! pgrep -f "$4"
}

# Both at a time: most of it is waiting.
@test "a rank that is killed is named, the ledgers of the others are kept, nothing is left" {
    local tokens address jobs=()
    client
    start fetch "$BIN/quartet-backend" --listen 127.0.0.1:0 --tasks 8 --delay 2s --runs 4
    servers+=($!)
    address=$(sed -n 's/.*"connect": "\([^"]*\)".*/\1/p' fetch.said)
    tokens=$(sed -n 's/.*"tokens": \[\([^]]*\)\].*/\1/p' fetch.said | tr -d '" ')
    ranks fetch --each "$tokens" -- ./client "$BIN/eventloop" fetch --tasks 8 --delay 2s --connect "$address" --token '{each}'
    jobs+=($!)
    if [ -x "$BIN/quartet-load" ]; then
        start serve "$BIN/eventloop" serve --listen 127.0.0.1:0 --tasks 16 --concurrency 16 --record serve.server
        servers+=($!)
        address=$(sed -n 's,.*http://\([^/]*\)/.*,\1,p' serve.said)
        ranks serve -- ./client "$BIN/quartet-load" --connect "$address" --tasks 4 --requests 20 --rate 20
        jobs+=($!)
    fi
    ended fetch "${jobs[0]}" "${servers[0]}" "$tokens"
    sed -n 2p fetch.said >fetch.server
    held_against_server fetch 3
    if [ -x "$BIN/quartet-load" ]; then
        ended serve "${jobs[1]}" "${servers[1]}" "quartet-load --connect $address"
        held_against_server serve 3
    fi
    xargs rm -f <records # of the killed, which could not
}

@test "quartet-load refuses what it cannot do, and gives up a server that does not answer" {
    [ -x "$BIN/quartet-load" ] || skip "serve is not part of this build"
    run_for 0 "$BIN/quartet-load" --help
    run_for 2 "$BIN/quartet-load"
    expect_output "name the server: --connect"
    run_for 2 "$BIN/quartet-load" --connect 127.0.0.1:99999
    expect_output "--connect '127.0.0.1:99999' is no address"
    run_for 2 "$BIN/quartet-load" --connect 127.0.0.1:1 --burst 2
    run_for 1 "$BIN/quartet-load" --connect 127.0.0.1:1
    expect_output "127.0.0.1:1: cannot connect" "Connection refused"
    # It takes connections, and says nothing.
    python3 -IS -c 'import socket, time
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True); time.sleep(60)' >port 3>&- &
    servers+=($!)
    eventually test -s port
    run_for 1 "$BIN/quartet-load" --connect "127.0.0.1:$(cat port)" --tasks 2 --requests 3 --limit 300ms --record given-up
    expect_output "has not answered all in 0.3 s: 0 of 6 requests are answered"
    follows_schema given-up
    expect status "$(json given-up status)" failed
}

@test "usage" {
    run_for 2 "$BIN/quartet-mpi"
    expect_output "usage: mpirun"
    run_for 2 "$BIN/quartet-mpi" --deadline 0 -- true
    run_for 0 "$BIN/quartet-mpi" --help
}
