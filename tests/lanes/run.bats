#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# run.bats - lanes as rows: beside their C model, with the same ledger, each with how much of it
# is proved; and rows that lie are named and leave the others alone. timeout: 300 s

load ../common
load ../driver/driver

setup() {
    driver_setup
    need_hyperfine
    unset QUARTET_RUNNERS
}

# session CODE WORKLOAD ARGUMENT...: one round, small enough for a busy machine
session() {
    local code=$1 workload=$2
    shift 2
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" run -o "$OUT" --workloads "$workload" --rounds 1 --seed 5 \
        --accept-noise "$@"
}

# of TABLE-PATH ROW MEMBER: a member of the cell of this row
of() {
    python3 -c 'import json, sys
cells = json.load(open(sys.argv[1]))["tables"][0]["cells"]
print(next(c for c in cells if c["label"] == sys.argv[2]).get(sys.argv[3]))' "$OUT/report.json" "$@"
}

liar() { # NAME
    printf '#!/bin/sh\nexec /usr/bin/python3 -B "%s" %s "$@"\n' "$ROOT/tests/liars/liar.py" "$1" >"$1"
    chmod +x "$1"
}

# A lane of one program: each that is asked what it can do costs the start of an interpreter.
one_lane() {
    mkdir -p lanes/python
    ln -s "$ROOT/lanes/python/asyncio" lanes/python/asyncio
    export QUARTET_LANES=$PWD/lanes
}

@test "a lane stands beside its C model: one ledger, one back end that has counted both" {
    one_lane
    session 0 fetch --lanes python --models coroutine,asyncio --tasks 4 --concurrency 2 --counters
    expect_output "witnessed: proved is" "linked: proved is" "equal work" "start" \
        "beside coroutine, by run: asyncio" "ranked by run"
    expect "equal work" "$(json "$OUT/report.json" tables.0.verification.equal_work)" true
    expect "linked row" "$(of coroutine row)" linked
    follows_schema "$OUT/report.json"
    run_for 0 python3 - "$OUT/report.json" <<'PYTHON'
import json, sys
cells = json.load(open(sys.argv[1]))["tables"][0]["cells"]
cell = next(one for one in cells if one["label"] == "asyncio")
assert (cell["row"], cell["beside"]) == ("witnessed", "coroutine"), cell["row"]
assert cell["warmup"]["record"]["memory"]["bytes"] > 1 << 20, "no memory was seen"
assert cell["samples"][0]["record"]["seed"] == 6, "the seed is not one of this session"
assert "--seed" in cell["command"] and cell["runtime"].startswith("Python ")
# What was counted was seen from outside, and is not its own word.
for one in cells:
    calls, switches = one["counters"]["syscalls"], one["counters"]["switches"]
    missing = one["counters"]["missing"]
    assert "strace" in missing.get("syscalls", "") or calls["total"] > calls["operations"] == 16, calls
    assert switches["voluntary"] > 0 and one["counters"]["memory"]["bytes"] > 1 << 19, one["counters"]
assert cell["warmup"]["record"]["context_switches"]["voluntary"] > 0, "nobody has seen switches"
assert cell["samples"][0]["record"]["context_switches"] is None, "its own word was taken"
assert cell["statistics"]["switches"]["voluntary"] > 0, cell["statistics"]
PYTHON
    run_for 0 "$BIN/quartet" report --rank wall "$OUT"
    expect_output "ranked by wall time"
    run_for 0 "$BIN/quartet" report --format csv "$OUT"
    expect_output ",witnessed,coroutine,run" ",linked,,run"
}

@test "a run that lies is not counted" {
    command -v strace >/dev/null || skip "strace is not installed"
    liar half_sleep
    run_for 0 "$BIN/quartet" counters --workloads sleep --models half-sleep --profile lanes --tasks 3 \
        --runner ./half_sleep
    expect_output "no syscalls: the extra run is not believed: too early" \
        "no memory: the extra run is not believed: too early"
    nothing_left
}

@test "rows that lie are named with the reason, and the others are measured" {
    liar own_back_end
    liar other_cpus
    liar memory_claimed
    session 1 fetch --models coroutine,own-back-end,other-cpus,memory-claimed --tasks 2 \
        --profile lanes --runner ./own_back_end --runner ./other_cpus --runner ./memory_claimed
    expect_output "fetch/own-back-end: wrong: the back end has seen 0 sessions" \
        "fetch/other-cpus: wrong: it ran on other CPUs" \
        "fetch/memory-claimed: wrong: its memory is not for the program itself"
    expect status "$(of coroutine status)" ok
    expect ranked "$(of other-cpus ranked)" False
    nothing_left
}

@test "lanes that are not there, and what they need, are named" {
    one_lane
    session 2 sleep --lanes cobol
    expect_output "--lanes: there is no lane 'cobol'" "python and go"
    session 2 sleep --python /usr/bin/python3
    expect_output "--python: only with --lanes"
    mkdir -p lanes/empty lanes/broken
    session 77 sleep --lanes empty
    expect_output "no program in"
    printf '#!/bin/sh\necho "broken: install nothing" >&2\nexit 77\n' >lanes/broken/one
    chmod +x lanes/broken/one
    session 77 sleep --lanes broken
    expect_output "broken: install nothing"
    session 0 sleep --lanes python --python "$(command -v python3)" --dry-run
    expect_output "asyncio sleep" "coroutine sleep"
}

@test "a session whose back end is in another network namespace, for rows of C and Python" {
    command -v ip >/dev/null || skip "iproute2 is not installed"
    unshare -rn true 2>/dev/null || skip "this user may not make network namespaces"
    one_lane
    export OUT BIN
    # shellcheck disable=SC2016 # for the shell in the namespace
    run_for 0 unshare -rn "$ROOT/tests/fetch/two_namespaces" "$BIN" sh -c '
        "$BIN/quartet" run -o "$OUT" --workloads fetch --rounds 1 --accept-noise --lanes python \
            --models coroutine,multithread,asyncio --tasks 4 \
            --backend "$FAR $BIN/quartet-backend --listen 10.77.0.2:0"'
    expect_output "equal work" "witnessed: proved is"
    expect "ranked" "$(of coroutine ranked) $(of asyncio ranked)" "True True"
    follows_schema "$OUT/report.json"
    run_for 0 python3 -IS - "$OUT/report.json" <<'PYTHON'
import json, sys
cells = json.load(open(sys.argv[1]))["tables"][0]["cells"]
where = {cell["samples"][0]["record"]["parameters"]["connect"].split(":")[0] for cell in cells}
assert where == {"10.77.0.2"}, where
PYTHON
}

@test "a back end elsewhere that cannot be is one line" {
    session 1 fetch --models coroutine --backend "echo no" --tasks 2
    expect_output "cannot start 'echo no': it has ended"
    session 2 sleep --models coroutine --backend "echo no"
    expect_output "--backend: only fetch has a back end that runs elsewhere"
    session 2 fetch --models coroutine --backend "echo no" --counters
    expect_output "--backend: not together with --counters"
    nothing_left
}
