#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet run` with runners that do no work: what a report holds, and what the driver
# makes of runners that fail. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    need_hyperfine
}

# A figure of the first table.
table() {
    json "$OUT/report.json" "tables.0.$1"
}

@test "a session leaves a complete report, its tables, and nothing else" {
    run_quartet 0
    expect complete "$(json "$OUT/report.json" complete)" true
    expect files "$(cd "$OUT" && echo *)" "report.csv report.html report.json report.md"
    expect_output "counting, one CPU" "multithread"
    nothing_left
}

@test "each block has every cell once and one twice, and each cell a sample per round" {
    run_quartet 0 --rounds 3
    expect blocks "$(json "$OUT/report.json" tables.0.blocks | grep -o '"number"' | wc -l)" 3
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
table = json.load(open(sys.argv[1]))["tables"][0]
cells = {cell["id"]: cell for cell in table["cells"]}
assert len(cells) == 5, cells.keys()
for block in table["blocks"]:
    assert sorted(block["order"]) == sorted([*cells, block["twin"]]), block
    for name, cell in cells.items():
        twice = ["samples", "twins"][: 1 + (name == block["twin"])]
        runs = [run for key in twice for run in cell[key] if run["block"] == block["number"]]
        positions = sorted(run["position"] for run in runs)
        assert positions == [i for i, id in enumerate(block["order"], 1) if id == name], name
        sample = runs[0]
        assert sample["record"]["model"] == cells[name]["model"]
        assert sample["wall_ns"] > 0 and sample["exit_code"] == 0
for cell in cells.values():
    assert cell["warmup"]["record"]["memory"]["bytes"] == 1048576
    assert all(s["record"]["memory"] is None for s in cell["samples"])
EOF
}

@test "the same seed gives the same order, another seed another" {
    orders() {
        python3 -IS -c 'import json, sys
print([b["order"] for t in json.load(open(sys.argv[1]))["tables"] for b in t["blocks"]])' \
            "$OUT/report.json"
    }
    run_quartet 0 --rounds 4
    first=$(orders)
    run_quartet 0 --rounds 4
    expect "order of the same seed" "$(orders)" "$first"
    run_quartet 0 --rounds 4 --seed 6
    [ "$(orders)" != "$first" ]
}

@test "a report is not written over" {
    run_quartet 0
    before=$(sha256sum "$OUT/report.json")
    run_for 1 "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --rounds 1
    expect_output "holds a report already; name another folder"
    expect report "$(sha256sum "$OUT/report.json")" "$before"
}

@test "what computes comes twice where there are two CPUs, with a variant per loop" {
    [ "$(nproc)" -ge 2 ] || skip "one CPU only"
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads counting --rounds 1 --cpus "$(cpus 2)" --accept-noise
    expect settings "$(json "$OUT/report.json" plan.tables)" \
        '["counting/one-cpu", "counting/all-cpus"]'
    expect_output "coroutine loops=2" "eventloop loops=2"
    rm -r "$OUT"
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads counting --rounds 1 --cpus "$(cpus 1)" --accept-noise
    expect settings "$(json "$OUT/report.json" plan.tables)" '["counting/one-cpu"]'
}

@test "a workload that no profile knows gets a table of its own size" {
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads waiting --rounds 1 --accept-noise
    expect tasks "$(table tasks)" 100
    expect_output "sequential" "skipped: one task after another would wait for 100 s"
}

@test "tasks that were asked to be in flight are there, whatever the profile says" {
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads waiting --rounds 1 --concurrency 200
    expect tasks "$(table tasks)" 200
    expect concurrency "$(table concurrency)" 200
    rm -r "$OUT"
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads waiting --rounds 1 --tasks 3
    expect concurrency "$(table concurrency)" 3
}

@test "a model that is named twice competes with itself" {
    run_quartet 0 --models coroutine,coroutine --rounds 6
    expect label "$(table cells.1.label)" "coroutine copy=2"
    expect samples "$(table cells.1.samples | grep -o '"block"' | wc -l)" 6
    run_quartet 2 --models "$(printf 'coroutine,%.0s' {1..40})coroutine"
    expect_output "too many"
}

@test "an installed quartet finds its runners" {
    mkdir -p prefix/bin prefix/libexec
    cp "$BIN/quartet" prefix/bin/
    cp -r "$FAKE" prefix/libexec/quartet
    run_for 0 env -u QUARTET_RUNNERS prefix/bin/quartet run -o "$OUT" \
        --workloads counting/one-cpu --rounds 1
    expect complete "$(json "$OUT/report.json" complete)" true
}

@test "a session of few rounds is marked as not for decisions" {
    run_quartet 0 --profile default
    expect for_decisions "$(json "$OUT/report.json" plan.for_decisions)" false
    run_quartet 0 --profile default --rounds 12 --models coroutine,eventloop
    expect for_decisions "$(json "$OUT/report.json" plan.for_decisions)" true
}

# cell_ends HOW STATUS REASON EXIT: one runner ends so; the others are compared.
cell_ends() {
    FAKE_coroutine=$1 run_quartet "$4"
    expect status "$(table cells.3.status)" "$2"
    expect reason "$(table cells.3.reason)" "$3"
    expect samples "$(table cells.3.samples)" "[]"
    expect blocks "$(table blocks | grep -o '"number"' | wc -l)" 2
    expect "others" "$(table cells.4.status)" ok
    nothing_left
}

@test "a wrong answer is exit 1 and never timed" { cell_ends wrong wrong "the sum is 4, not 5" 1; }
@test "a failed runner is exit 1" { cell_ends failed failed "worker 3 died" 1; }
@test "a runner that cannot is a result" { cell_ends dnf dnf "pid_max is 100; raise it" 0; }
@test "a runner without a record has failed" {
    cell_ends silent failed "the runner ended well but left no run record" 1
}
@test "a runner that refuses its command line has failed, and says why" {
    cell_ends refuse failed "exit code 2: --tasks 0: give 1 to 10" 1
}
@test "a runner that crashes has failed" {
    cell_ends signal failed "the runner was ended by signal 11 (Segmentation fault)" 1
}

@test "unequal work is exit 1 and not ranked" {
    FAKE_coroutine=odd run_quartet 1
    expect equal_work "$(table verification.equal_work)" false
    expect_output "did not do equal work"
}

@test "unoptimised runners are refused, or marked" {
    FAKE_MODE=debug FAKE_OPTIMISED=false run_quartet 1
    expect_output "debug" "make MODE=release"
    [ ! -e "$OUT" ]
    FAKE_MODE=debug FAKE_OPTIMISED=false run_quartet 0 --allow-unoptimised
    expect_output "no time of this report means anything"
    expect optimised "$(json "$OUT/report.json" plan.optimised)" false
}

@test "without a folder named, the report lies below results, and latest points to it" {
    # A copy lies in no source tree, so it writes where the user is.
    cp "$BIN/quartet" "$BATS_TEST_TMPDIR/quartet"
    run_for 0 "$BATS_TEST_TMPDIR/quartet" run --workloads counting/one-cpu --rounds 1
    local first
    first=$(readlink results/latest)
    [[ $first =~ ^[0-9]{8}T[0-9]{6}Z-[0-9a-z.-]+$ ]]
    [ -s "results/latest/report.json" ]
    run_for 0 "$BATS_TEST_TMPDIR/quartet" run --workloads counting/one-cpu --rounds 1
    [ "$(readlink results/latest)" != "$first" ]
    expect "reports and latest" "$(find results -mindepth 1 -maxdepth 1 | wc -l)" 3
}

@test "progress is plain lines where there is no terminal" {
    run_quartet 0
    expect_output "[1/3] warm-up of counting/one-cpu" "[3/3] round 2 of 2, counting/one-cpu"
    [[ $output != *$'\033'* ]]
}

@test "each model in turn has a twin, which makes the noise floor" {
    run_quartet 0 --rounds 10
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
table = json.load(open(sys.argv[1]))["tables"][0]
assert [len(cell["twins"]) for cell in table["cells"]] == [2] * 5
assert [block["twin"] for block in table["blocks"][:5]] == [c["id"] for c in table["cells"]]
noise = table["noise"]
assert noise["twins"] == 10 and noise["low"] <= noise["ratio"] <= noise["high"]
assert abs(noise["floor"] - (max(1 / noise["low"], noise["high"]) - 1)) < 1e-9
assert all(0 <= c["p"] <= c["p_holm"] <= 1 for c in table["comparisons"])
EOF
    expect_output "noise floor: rows against themselves"
}

# Blocks must be long enough for the kernel's counters, and the CPU must be contested.
@test "a block that strangers disturb is run again, at most a quarter of them" {
    local burner=() i
    export FAKE_DELAY=0.1
    for ((i = 0; i < $(nproc); i++)); do
        timeout 60 sh -c 'while :; do :; done' 3>&- &
        burner+=($!)
    done
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --rounds 4 --seed 5
    kill "${burner[@]}"
    expect_output "other programs took" "once more" "NOISY"
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
table = json.load(open(sys.argv[1]))["tables"][0]
blocks = table["blocks"]
assert [block["valid"] for block in blocks] == [False, True, True, True, True], blocks
assert [block["round"] for block in blocks] == [1, 1, 2, 3, 4]
assert blocks[0]["order"] == blocks[1]["order"]
assert all("other programs" in block["disturbed"] for block in blocks)
assert table["noise"]["disturbed"] == 5 and table["noise"]["noisy"] is True
assert table["cells"][0]["statistics"]["wall_ns"]["n"] == 4
EOF
}

@test "what cannot be understood is exit 2 and names what can" {
    run_quartet 2 --profile huge
    expect_output "quick|gate|default|rigorous"
    run_quartet 2 --rounds 0
    expect_output "from 1 to 1k"
    run_quartet 2 --models coroutine,fiber
    expect_output "no model 'fiber'" "multithread"
    run_for 2 "$BIN/quartet" run --workloads thinking
    expect_output "no workload 'thinking'" "counting, waiting"
    run_quartet 2 --cpus 4096
    expect_output "--cpus"
    run_quartet 2 --tasks 5 --concurrency 6
    expect_output "--concurrency 6: more than --tasks 5 cannot be in flight"
    run_quartet 2 more
    expect_output "more"
    run_for 2 "$BIN/quartet" walk
    expect_output "run, time, report, compare, merge, history, check, baseline, calibrate, selftest, trace, explain, counters, claims, predict, lesson, grade, export, list, doctor, expect, validate, completion or help"
    [ ! -e "$OUT" ]
}
