#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# quartet trace: the events hold what the models claim, traced and timed runners do the same
# work, and a timed runner does not know that it can be traced. timeout: 240 s

load ../common

# trace NAME ARGUMENT...: writes NAME.json, trace events of each model.
trace() {
    local name=$1
    shift
    run_for 0 "$BIN/quartet" trace "$@" --format perfetto -o "$BATS_TEST_TMPDIR/$name.json"
}

# claims NAME CLAIM...: see claims.py.
claims() {
    local name=$1
    shift
    run_for 0 python3 "$ROOT/tests/trace/claims.py" "$BATS_TEST_TMPDIR/$name.json" "$@"
}

two_cpus() {
    [ "$(nproc)" -ge 2 ] || skip "needs two CPUs"
    cpus 2
}

@test "fetch: waits lie side by side, and a loop runs one task at a time" {
    trace fetch fetch --tasks 20 --delay 50ms --exchanges 1
    claims fetch one_loop waits_side_by_side
    expect_output "models: multiprocess multithread coroutine eventloop"
}

@test "stall: while one task computes, a loop is silent, and its tasks are ready" {
    trace stall stall --tasks 5
    claims stall one_loop silence
}

# A busy machine may give both CPUs to others for the whole of a short run.
@test "primes on two CPUs: two at once as threads, one in a loop" {
    local two
    two=$(two_cpus)
    trace primes primes --tasks 8 --concurrency 4 --cpus "$two" --limit 100k
    claims primes one_loop cpu_time loops_alone
    for _ in 1 2 3; do
        trace both primes --models multithread --tasks 8 --concurrency 4 --cpus "$two"
        run python3 "$ROOT/tests/trace/claims.py" "$BATS_TEST_TMPDIR/both.json" at_once
        [ "$status" -ne 0 ] || break
    done
    expect "two threads at once" "$status $output" "0 models: multithread"
}

@test "counter under the global lock: one thread at a time" {
    trace counter counter --models multithread --tasks 4 --global-lock 1ms --guard mutex \
        --additions 2k
    claims counter one_at_a_time
    trace primes primes --models multithread --tasks 3 --global-lock 1ms --limit 3m
    claims primes one_at_a_time
}

@test "mixed with a pool: the pool computes in a lane of its own" {
    trace mixed mixed --tasks 6 --exchanges 2 --delay 5ms --offload threads
    expect_output "multithread has no --offload: left out there"
    claims mixed one_loop pool
    trace mixed mixed --tasks 6 --exchanges 2 --delay 5ms --offload processes \
        --models eventloop
    claims mixed one_loop pool
}

@test "traced and timed runners leave the same ledger" {
    local model
    for model in $MODELS; do
        run_for 0 "$BIN/$model" fetch --tasks 4 --concurrency 1 --delay 1ms \
            --record "$BATS_TEST_TMPDIR/timed-$model.json"
        QUARTET_TRACE=$BATS_TEST_TMPDIR/events-$model.json run_for 0 "$BIN/traced/$model" fetch \
            --tasks 4 --concurrency 1 --delay 1ms \
            --record "$BATS_TEST_TMPDIR/traced-$model.json"
    done
    run_for 0 python3 - "$BATS_TEST_TMPDIR" <<'EOF'
import glob, json, sys
timed = sorted(glob.glob(sys.argv[1] + "/timed-*.json"))
assert len(timed) == 5, timed
for path in timed:
    ledger = json.load(open(path))["ledger"]
    assert ledger["operations"] > 0 and ledger["errors"] == 0, ledger
    assert json.load(open(path.replace("timed-", "traced-")))["ledger"] == ledger, path
    events = json.load(open(path.replace("timed-", "events-")))
    assert sum(e[2] == "end" for lane in events["lanes"] for e in lane["events"]) == 4
EOF
}

# The command that links a runner, as make prints it.
link_of() {
    grep -- " -o [^ ]*/bin/$1\$" "$BATS_TEST_TMPDIR/make"
}

objects_of() {
    link_of "$1" | tr ' ' '\n' | grep '\.o$' | grep -v /runners/trace/ | sort
}

# Whoever connects is heard, and sent away.
@test "under the global lock a task that fails has failed in a traced run, too" {
    python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print(f"127.0.0.1:{server.getsockname()[1]}", flush=True)
server.settimeout(60)
while True:
    server.accept()[0].close()' >"$BATS_TEST_TMPDIR/address" 3>&- &
    local server=$! runner
    eventually [ -s "$BATS_TEST_TMPDIR/address" ]
    for runner in "$BIN/multithread" "$BIN/traced/multithread"; do
        QUARTET_TRACE=$BATS_TEST_TMPDIR/events.json run_for 1 "$runner" fetch --tasks 3 --concurrency 1 \
            --global-lock 1ms --connect "$(cat "$BATS_TEST_TMPDIR/address")" \
            --token 0123456789abcdef0123456789abcdef
        expect_output "3 of 3 tasks failed; the first"
    done
    kill "$server"
    wait "$server" || true
}

@test "a timed runner is linked, to the last byte, as if there were no tracing" {
    local model
    cd "$ROOT"
    make --no-print-directory -n -B BUILD="$(dirname "$BUILD")" MODE="$(basename "$BUILD")" \
        runners >"$BATS_TEST_TMPDIR/make" 2>/dev/null
    for model in $MODELS; do
        [ "$(objects_of "$model" | wc -l)" -gt 50 ]
        expect "objects of the traced $model" "$(objects_of "traced/$model")" \
            "$(objects_of "$model")"
        expect "$model and the tracing" "$(link_of "$model" | grep -o -e --wrap -e runners/trace/)" ""
        [[ $(link_of "traced/$model") = *--wrap=run_take*runners/trace/lanes.o* ]]
    done
    for model in multithread eventloop; do
        eval "$(link_of $model | sed "s# -o [^ ]*# -o $BATS_TEST_TMPDIR/$model#;
            s#-Map=[^ ]*#-Map=$BATS_TEST_TMPDIR/map#")" 2>/dev/null
        cmp "$BATS_TEST_TMPDIR/$model" "$BIN/$model"
    done
}

@test "events that do not fit are counted and said" {
    run_for 0 "$BIN/quartet" trace sleep --tasks 9 --delay 1ms --models coroutine --events 20
    expect_output "task A" "16 events did not fit"
}

@test "the picture of text is 80 columns wide, and dense above two dozen tasks" {
    local long
    run_for 0 "$BIN/quartet" trace sleep --tasks 40 --delay 5ms --models eventloop,multithread
    expect_output "running" "timer" " 9: " "loop 1"
    long=$(awk '/\|$/ ? length != 80 : length > 84' <<<"$output")
    expect "rows of another width" "$long" ""
    # So long that each of the workers has come for its task before another one has ended.
    run_for 0 "$BIN/quartet" trace sleep --tasks 3 --delay 200ms --models eventloop,multithread
    expect_output "worker 3" "task C" "CPU" "waits for: . timer"
}

@test "the page is well-formed, asks for nothing, and holds the numbers of its picture" {
    run_for 0 "$BIN/quartet" trace sleep --tasks 5 --delay 5ms --models multithread,eventloop \
        --format html -o "$BATS_TEST_TMPDIR/page.html"
    run_for 0 python3 - "$BATS_TEST_TMPDIR/page.html" <<'EOF'
import re, sys, xml.etree.ElementTree as tree
page = open(sys.argv[1]).read()
assert not re.search(r"<script|src=|href=|url\(|@import", page)
svg = tree.fromstring(page[page.index("<svg"):page.index("</svg>") + 6])
table = tree.fromstring(page[page.index("<table"):page.index("</table>") + 8])
rows = [["".join(cell.itertext()) for cell in row] for row in table.findall("tr")]
assert [row[:2] for row in rows[1:]] == [["multithread", "5"], ["eventloop", "1"]], rows
texts = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
for row in rows[1:]:
    assert any(f"ran {row[3]} in {row[2]}" in text for text in texts), (row, texts)
titles = [title.text for title in svg.iter("{http://www.w3.org/2000/svg}title")]
assert sum("waits" in title and title.endswith("for timer") for title in titles) == 10, titles
_, _, width, height = map(float, svg.get("viewBox").split())
for rect in svg.iter("{http://www.w3.org/2000/svg}rect"):
    assert float(rect.get("x")) + float(rect.get("width")) <= width
    assert float(rect.get("y")) + float(rect.get("height")) <= height
EOF
}

@test "bad words of a trace are refused with what to try" {
    run_for 2 "$BIN/quartet" trace
    expect_output "name a workload"
    run_for 2 "$BIN/quartet" trace fetsch
    expect_output "no workload 'fetsch'" "fetch"
    run_for 2 "$BIN/quartet" trace fetch --models corutine
    expect_output "no model 'corutine'" "coroutine"
    run_for 2 "$BIN/quartet" trace fetch --no-such 1
    expect_output "has --no-such for fetch"
    run_for 2 "$BIN/quartet" trace fetch --record x
    expect_output "--record is for a runner by itself"
    run_for 77 "$BIN/quartet" trace stall --tasks 3 --models sequential
    expect_output "only run afterwards"
    run_for 1 "$BIN/quartet" trace sleep -o /nonexistent/x.txt
    expect_output "/nonexistent"
}
