#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# fetch by every runner, with its real back end: the same answer everywhere, and every
# way in which the back end can fail. timeout: 600 s

load ../common

FLIGHT="multiprocess multithread coroutine eventloop" # can have many in flight

# fetch MODEL OPTION... -> leaves the record in $RECORD
fetch() {
    local model=$1
    shift
    RECORD=$BATS_TEST_TMPDIR/$model.json
    run_for 0 "$BIN/$model" fetch --record "$RECORD" "$@"
}

back_end_of() {
    local pid
    for pid in $(descendants "$1"); do
        if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = fetch-backend ]; then
            echo "$pid"
        fi
    done
}

has_back_end() {
    PEER=$(back_end_of "$1")
    [ -n "$PEER" ]
}

# The checksum that all models must agree on.
expect_same() {
    local model wanted=
    for model in $MODELS; do
        fetch "$model" "$@"
        expect status "$(json "$RECORD" status)" ok
        [ -n "$wanted" ] || wanted=$(json "$RECORD" ledger.checksum)
        expect "checksum of $model" "$(json "$RECORD" ledger.checksum)" "$wanted"
    done
}

@test "the same answer from every model over TCP" {
    expect_same --tasks 20 --exchanges 3 --delay 2ms --transport tcp
}

@test "the same answer from every model over AF_UNIX" {
    expect_same --tasks 20 --exchanges 3 --delay 2ms --transport unix
}

@test "no delay, odd sizes, the largest messages" {
    expect_same --tasks 5 --exchanges 4 --delay 0 --payload 33
    expect_same --tasks 5 --exchanges 4 --delay 0 --payload 1k
}

@test "one session with one exchange" {
    expect_same --tasks 1 --exchanges 1 --delay 0
}

@test "short sends, short receives and EAGAIN at both ends" {
    case $BUILD in */asan | */tsan) skip "a sanitizer must be loaded first" ;; esac
    # Nothing can be preloaded into static programs, as released ones are.
    local dynamic=$BUILD/tests/dynamic
    local library=$BATS_TEST_TMPDIR/shorten.so witness=$BATS_TEST_TMPDIR/shortened
    "${CC:-cc}" -shared -fPIC -o "$library" "$ROOT/tests/fetch/shorten.c"
    local model transport plain
    for transport in tcp unix; do
        fetch sequential --tasks 8 --exchanges 3 --delay 1ms --transport $transport
        plain=$(json "$RECORD" ledger.checksum)
        for model in $MODELS; do
            RECORD=$BATS_TEST_TMPDIR/$model.json
            rm -f "$RECORD" "$witness"
            run_for 0 env LD_PRELOAD="$library" SHORTENED="$witness" "$dynamic/$model" fetch \
                --record "$RECORD" --tasks 8 --exchanges 3 --delay 1ms --transport $transport
            [ -e "$witness" ] || { echo "$model: nothing was shortened"; return 1; }
            expect "checksum of $model" "$(json "$RECORD" ledger.checksum)" "$plain"
        done
    done
}

@test "an exchange takes its delay, and the record says so" {
    local model
    for model in $MODELS; do
        fetch "$model" --tasks 4 --exchanges 2 --delay 30ms
        expect samples "$(json "$RECORD" latency_ns.count)" 8
        [ "$(json "$RECORD" latency_ns.min)" -ge 30000000 ]
        expect "bytes out" "$(json "$RECORD" ledger.bytes_out)" 512
        expect "bytes in" "$(json "$RECORD" ledger.bytes_in)" 512
    done
}

@test "the back end's CPU time stands beside that of the model, and is not in it" {
    local model
    for model in $MODELS; do
        fetch "$model" --tasks 50 --exchanges 10 --delay 1ms
        # 500 requests and replies are more than 0.5 ms, and less than the run's own time.
        [ "$(json "$RECORD" peer_cpu_ns)" -gt 500000 ]
        [ "$(json "$RECORD" peer_cpu_ns)" -lt "$(json "$RECORD" phases_ns.run)" ]
        run_for 0 "$BIN/$model" sleep --tasks 2 --delay 1ms --record "$RECORD"
        expect "no back end" "$(json "$RECORD" peer_cpu_ns)" null
    done
}

@test "all sessions are in flight at once" {
    local model
    for model in $FLIGHT; do
        fetch "$model" --tasks 500 --exchanges 1 --delay 500ms
        expect "peak of $model" "$(json "$RECORD" ledger.peak_in_flight)" 500
    done
}

@test "more sessions than places" {
    local model
    for model in $FLIGHT; do
        fetch "$model" --tasks 300 --concurrency 7 --exchanges 1 --delay 0
        expect "peak of $model" "$(json "$RECORD" ledger.peak_in_flight)" 7
    done
}

@test "a killed back end ends the run at once, and is named" {
    local model transport pid status
    for model in $MODELS; do
        for transport in tcp unix; do
            "$BIN/$model" fetch --tasks 50 --delay 40s --transport $transport \
                2>"$BATS_TEST_TMPDIR/err" &
            pid=$!
            eventually has_back_end $pid
            sleep 0.2
            kill -KILL "$PEER"
            eventually all_gone $pid
            status=0
            wait $pid || status=$?
            expect "exit code of $model" $status 1
            run cat "$BATS_TEST_TMPDIR/err"
            expect_output "the back end (process $PEER) was killed by signal 9"
        done
    done
}

@test "the back end does not outlive a killed runner" {
    local model pid
    for model in $MODELS; do
        "$BIN/$model" fetch --tasks 10 --delay 40s &
        pid=$!
        eventually has_back_end $pid
        sleep 0.1
        kill -KILL $pid
        wait $pid || true
        eventually all_gone "$PEER"
    done
}

@test "too few descriptors for the back end" {
    run_for 77 bash -c "ulimit -n 100; exec '$BIN/multiprocess' fetch --tasks 500 --delay 0"
    expect_output "RLIMIT_NOFILE"
}

@test "wrong options are refused with their range" {
    run_for 2 "$BIN/eventloop" fetch --payload 31
    expect_output payload 32
    run_for 2 "$BIN/eventloop" fetch --payload 2k
    expect_output payload "1 KiB"
    run_for 2 "$BIN/eventloop" fetch --delay 10
    expect_output delay
    run_for 2 "$BIN/eventloop" fetch --transport udp
    expect_output transport tcp unix
    run_for 2 "$BIN/eventloop" fetch --exchanges 0
    expect_output exchanges
}
