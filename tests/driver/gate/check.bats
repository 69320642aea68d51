#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet check` with runners that do no work: the course of the gate, its exit codes,
# and what CI services get to see. timeout: 600 s

load ../../common
load ../driver

setup() {
    driver_setup
    steady_times
    BASE=$BATS_TEST_TMPDIR/base
    cp -r "$FAKE" "$BASE"
    export FAKE_DELAY=0.02
    unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
}

# check CODE [OPTION...]: a small gate against $BASE.
check() {
    local code=$1
    shift
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" check --no-counters --base "$BASE" -o "$OUT" --rounds 12 --seed 3 \
        --workloads counting/one-cpu --models coroutine --accept-noise "$@"
}

blocks() {
    local all
    all=$(json "$OUT/report.json" tables.0.blocks) || return 1 # without a report there is no number
    grep -o '"number"' <<<"$all" | wc -l
}

@test "a build against itself passes, and both are in every block" {
    check 0 --threshold 100% --models coroutine,multithread
    expect_output "base: build" "SAME" "PASS: no row became slower"
    follows_schema "$OUT/report.json"
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
table, = report["tables"]
assert len(table["blocks"]) == 8 and len(table["cells"]) == 4
for block in table["blocks"]:
    assert sorted(set(block["order"])) == sorted(cell["id"] for cell in table["cells"])
    assert len(block["order"]) == 5
walls = [c for c in report["gate"]["comparisons"] if c["metric"] == "wall_ns"]
assert [c["n"] for c in walls] == [8, 8] and report["gate"]["exit_code"] == 0
EOF
    nothing_left
}

@test "a slow-down is found, and exit 3" {
    echo 'FAKE_DELAY=0.1' >"$FAKE/settings"
    check 3
    expect_output "REGRESSION: slower than the base"
    follows_schema "$OUT/report.json"
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
table, = report["tables"]
assert len(table["blocks"]) == 8, len(table["blocks"])
wall, = [c for c in report["gate"]["comparisons"] if c["metric"] == "wall_ns"]
assert wall["verdict"] == "REGRESSION" and wall["ratio"] > 2 and wall["n"] == 8
EOF
    # A stored verdict is not believed: it is made again from the samples.
    run_for 0 "$BIN/quartet" report "$OUT"
    expect_output "REGRESSION: slower than the base"
    run ! grep -q "the file says" <<<"$output"
    sed -i -E 's/"verdict": ?"REGRESSION"/"verdict":"PASS"/g; s/"exit_code": ?3/"exit_code":0/' "$OUT/report.json"
    for command in report "export --format junit"; do
        # shellcheck disable=SC2086 # words
        run_for 0 "$BIN/quartet" $command "$OUT/report.json"
        expect_output "the file says PASS, its samples say REGRESSION"
        grep -qE 'REGRESSION: slower than the base|<failure message="wall_ns is 5' <<<"$output"
    done
}

# Who is first follows from a coin, the other way round in every second round.
@test "base and head of a row are neighbours in each block, and so is a twin" {
    check 0 --models coroutine,multithread,eventloop --threshold 100%
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
table, = report["tables"]
# The cell of the base names that of head.
head_of = {cell["id"]: cell["base_of"] for cell in table["cells"] if "base_of" in cell}
heads_first = {}
for block in table["blocks"]:
    order = list(block["order"])
    assert len(order) == 7, order
    place = order.index(block["twin"])
    assert order[place + 1] == block["twin"], order
    del order[place + 1]
    for first, second in zip(order[::2], order[1::2]):
        assert head_of.get(first) == second or head_of.get(second) == first, order
        head = second if first in head_of else first
        heads_first[head] = heads_first.get(head, 0) + (first == head)
assert len(table["blocks"]) % 2 == 0 and len(heads_first) == 3
assert set(heads_first.values()) == {len(table["blocks"]) // 2}, heads_first
EOF
}

# Of 8 rows 8 rounds win 57-fold at the most, and 320-fold is needed.
@test "rounds that can decide nothing are refused, with those that can" {
    echo 'FAKE_DELAY=0.1' >"$FAKE/settings"
    local all="coroutine,multithread,eventloop,multiprocess"
    check 4 --rounds 8 --concurrency 4,8 --models $all
    expect_output "--rounds 8: with 8 rows" "give at least 11"
    [ ! -e "$OUT" ]
    check 3 --rounds 11 --concurrency 4,8 --models $all
    expect verdicts "$(grep -c 'REGRESSION$' <<<"$output")" 8
    nothing_left
}

@test "a row where tasks wait is decided by its CPU time, and a slower wall is exit 4 at least" {
    check 0 --workloads waiting --tasks 8 --threshold 100%
    expect primary "$(json "$OUT/report.json" tables.0.cells.0.primary)" cpu_ns
    expect_output "coroutine              CPU" "PASS"
    echo 'FAKE_CPU=0.0021' >"$FAKE/settings"
    check 3 --workloads waiting --tasks 8
    expect_output "CPU         2.00 ms   2.10 ms" "REGRESSION: slower than the base"
    echo 'FAKE_DELAY=0.04' >"$FAKE/settings"
    GITHUB_ACTIONS=true check 4 --workloads waiting --tasks 8
    expect_output "SUSPECT: slower by a time that is not the primary metric of this row" \
        "::warning title=quartet::waiting coroutine: wall takes "
    follows_schema "$OUT/report.json"
    run_for 0 "$BIN/quartet" export --format junit "$OUT"
    expect_output '<skipped message="wall_ns: slower by a time'
}

@test "a faster build has improved, and that is no failure" {
    echo 'FAKE_DELAY=0.06' >"$BASE/settings"
    check 0
    expect_output "IMPROVED" "PASS"
}

@test "a table is measured no longer than it takes" {
    echo 'FAKE_DELAY=0.06' >"$BASE/settings"
    check 0 --rounds 24
    expect blocks "$(blocks)" 8
}

@test "wrong answers and failures are exit 1 before any time is looked at" {
    echo 'FAKE_coroutine=failed' >"$FAKE/settings"
    check 1
    expect_output "wrong: counting/one-cpu coroutine: worker 3 died" "no time has been looked at"
    expect blocks "$(blocks)" 0
    echo 'FAKE_coroutine=odd' >"$FAKE/settings"
    check 1
    expect_output "not the work that the base does: checksum"
    echo 'FAKE_coroutine=signal' >"$FAKE/settings"
    check 1
    expect_output "ended by signal 11"
}

@test "a base that lacks a row or fails is named, and exit 5 on request" {
    rm "$BASE/coroutine"
    check 0
    expect_output "no base: counting/one-cpu coroutine: the base has no such row" UNDECIDED
    # A note each, to the screen, on the page, and read back from the file.
    run_for 0 "$BIN/quartet" report "$OUT"
    expect "notes" "$(grep -c "no base" <<<"$output")" 1
    run ! grep -q "no base: unknown" <<<"$output"
    run_for 0 "$ROOT/tests/web/page.py" wellformed "$OUT/report.html"
    grep -q "no base.*counting/one-cpu.*the base has no such row" "$OUT/report.html"
    cp "$FAKE/coroutine" "$BASE/"
    echo 'FAKE_coroutine=failed' >"$BASE/settings"
    check 0
    expect_output "no base: counting/one-cpu coroutine: the base: worker 3 died"
    check 5 --need-base
    check 4 --need-conclusion
}

@test "a base that dies on the way is exit 1 with the reason, and no figure" {
    cat >"$BASE/settings" <<SETTINGS
case "\$* " in
*"--memory "* | --describe*) ;;
*) if [ -e "$BATS_TEST_TMPDIR/ran" ]; then FAKE_coroutine=signal; else : >"$BATS_TEST_TMPDIR/ran"; fi ;;
esac
SETTINGS
    check 1
    expect_output "wrong: counting/one-cpu coroutine: the base, which has run before: the runner was ended by signal 11"
    [[ $output != *nan* ]]
}

@test "no base at all: one line, exit 1, or 5 on request" {
    BASE=$BATS_TEST_TMPDIR/nowhere check 1
    expect_output "there is no such file, folder or baseline"
    BASE=$BATS_TEST_TMPDIR/nowhere check 5 --need-base
    mkdir empty
    BASE=$PWD/empty check 1
    expect_output "no runners in"
    nothing_left
}

@test "a git revision is built out of the way, compared with, and removed" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    BASE=HEAD~1 check 0 --threshold 100%
    expect_output "building the base" "base: revision HEAD~1 ($(git rev-parse HEAD~1))"
    expect worktrees "$(git worktree list | wc -l)" 1
    expect changes "$(git status --porcelain)" ""
    nothing_left
    BASE=HEAD check 1
    expect_output "does not build" "it is broken"
    BASE=nosuch check 1
    expect_output "no such file, folder, baseline or git revision"
    BASE=--upload-pack=x check 1
    expect worktrees "$(git worktree list | wc -l)" 1
    nothing_left
}

@test "revision: names a revision, and a folder of the same name is told" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    git branch twice HEAD~1
    cp -r "$FAKE" twice
    BASE=twice check 0 --threshold 100%
    expect_output "--base twice: the folder is taken; revision:twice names the git revision"
    BASE=revision:twice check 0 --threshold 100%
    expect_output "base: revision twice ($(git rev-parse HEAD~1))"
    nothing_left
}

@test "no program runs that a repository names" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    local hook
    for hook in post-index-change post-checkout reference-transaction fsmonitor; do
        printf '#!/bin/sh\ntouch "%s/ran"\n' "$BATS_TEST_TMPDIR" >".git/hooks/$hook"
        chmod +x ".git/hooks/$hook"
    done
    git config core.fsmonitor "$PWD/.git/hooks/fsmonitor"
    rm -f "$BATS_TEST_TMPDIR/ran"
    BASE=HEAD~1 check 0 --threshold 100%
    [ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "a tree that another user owns is named as that" {
    command -v git >/dev/null || skip "git is not installed"
    [ "$(id -u)" -eq 0 ] || skip "only root can give files away"
    make_tree
    chown -R nobody .
    BASE=HEAD~1 check 1
    expect_output "another user owns it" "safe.directory"
}

@test "a revision of a tree with long names, below which the work folder lies" {
    command -v git >/dev/null || skip "git is not installed"
    export GIT_DEFAULT_HASH=sha256
    make_tree
    echo '# not committed' >>Makefile
    mkdir tmp
    TMPDIR=$PWD/tmp BASE=HEAD~1 check 0 --threshold 100%
    expect_output "base: revision HEAD~1 ($(git rev-parse HEAD~1))"
    expect changes "$(git status --porcelain)" " M Makefile"
    nothing_left
}

@test "no git: one line, exit 1, or 5 on request; a folder needs none" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    real_times
    mkdir "$BATS_TEST_TMPDIR/tools"
    local tool
    for tool in hyperfine sh sleep sha256sum env; do
        ln -s "$(command -v $tool)" "$BATS_TEST_TMPDIR/tools/"
    done
    run env PATH="$BATS_TEST_TMPDIR/tools" "$BIN/quartet" check --base HEAD -o "$OUT"
    local code=$status said=$output
    run env PATH="$BATS_TEST_TMPDIR/tools" "$BIN/quartet" check --base HEAD -o "$OUT" --need-base
    local asked=$status
    run env PATH="$BATS_TEST_TMPDIR/tools" "$BIN/quartet" check --base "$BASE" -o "$OUT" \
        --rounds 8 --workloads counting/one-cpu --models coroutine --accept-noise
    expect "without git" "$code $asked" "1 5"
    expect message "$said" "quartet: git is not installed, which --base needs for a revision; \
give it the folder of a build or a report"
    expect "a folder" "$status" 0
    nothing_left
}

# other_workloads SED-SCRIPT: the base's runners are asked and have other workloads.
other_workloads() {
    rm -r "$BASE"
    mkdir "$BASE"
    sed "$1" "$ROOT/tests/driver/fake_runner" >"$BASE/sequential"
    chmod +x "$BASE/sequential"
    local model
    for model in $MODELS; do
        [ -e "$BASE/$model" ] || ln -s sequential "$BASE/$model"
    done
}

@test "a base with other workloads than head: what both have is compared, the rest named" {
    # The base lacks `waiting`, and has `resting` instead, about which nobody asks.
    other_workloads 's/"name":"waiting"/"name":"resting"/'
    check 0 --rounds 8 --workloads counting/one-cpu,waiting --tasks 8 --threshold 100%
    expect_output "counting/one-cpu" "coroutine              wall" \
        "no base: waiting coroutine: the base: this runner does not have the workload"
    [[ $output != *resting* ]]
    follows_schema "$OUT/report.json"
    # Nothing in common.
    other_workloads 's/"name":"counting"/"name":"calculating"/'
    check 0 --rounds 8
    expect_output "the base: this runner does not have the workload" UNDECIDED
    expect verdict "$(json "$OUT/report.json" gate.verdict)" UNDECIDED
    check 4 --rounds 8 --need-conclusion
    check 5 --rounds 8 --need-base
    nothing_left
}

@test "GitHub gets errors beside the code, and a summary" {
    echo 'FAKE_DELAY=0.1' >"$FAKE/settings"
    export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary.md
    check 3
    expect_output "::error title=quartet::counting/one-cpu coroutine: wall takes"
    grep -q '| counting/one-cpu | coroutine | wall |' summary.md
}

@test "a stored report warns: relations between the models raise a suspicion, wall time does not" {
    local all="coroutine,multithread,eventloop"
    run_for 0 "$BIN/quartet" run -o stored --workloads counting/one-cpu --models $all \
        --rounds 12 --accept-noise
    BASE=$PWD/stored check 0 --models $all --threshold 100%
    expect_output "base: report" "to others"
    # All rows are slower: another machine, perhaps.
    echo 'FAKE_DELAY=0.08' >"$FAKE/settings"
    BASE=$PWD/stored check 0 --models $all --threshold 50%
    expect_output "not measured side by side"
    # One row alone is slower: the program, or another session.
    # shellcheck disable=SC2016 # for the runner to expand
    echo '[ "$model" != coroutine ] || FAKE_DELAY=0.08' >"$FAKE/settings"
    BASE=$PWD/stored check 4 --models $all
    expect_output "to others" "SUSPECT: slower than the other rows, but not measured side by side"
    follows_schema "$OUT/report.json"
    # One run of it cannot have been as it says.
    python3 -IS - stored/report.json <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
report["tables"][0]["cells"][0]["samples"][0]["wall_ns"] = 1
json.dump(report, open(sys.argv[1], "w"))
EOF
    BASE=$PWD/stored check 1 --models $all
    expect_output "is no base: counting/one-cpu, " "a run is not believed: its wall time is shorter"
    run_for 1 "$BIN/quartet" baseline save lying stored
    expect_output "not kept: counting/one-cpu, " "its wall time is shorter"
}

# in_budget: there were rounds left that nobody has measured, as no block was begun after
# the end of the budget, by the session's own clock.
in_budget() {
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
table, = json.load(open(sys.argv[1]))["tables"]
started = [block["started_ns"] / 1e9 for block in table["blocks"]]
assert len(started) < 60 and max(started, default=0) < 10, started
EOF
}

# What takes 20 ms at first, so that many rounds seem to fit, takes ten times as long after
# the warm-up and a few rounds. On the clock of the machine, as the budget is.
@test "the time budget is kept" {
    real_times
    cat >"$FAKE/settings" <<EOF
[ "\${1:-}" = --describe ] || echo >>"$BATS_TEST_TMPDIR/runs"
[ "\$(cat "$BATS_TEST_TMPDIR/runs" 2>/dev/null | wc -l)" -le 10 ] || FAKE_DELAY=0.2
EOF
    cp "$FAKE/settings" "$BASE/"
    check 0 --rounds 60 --time-budget 10s --threshold 100%
    in_budget
    # Against a stored report, too.
    local two="coroutine,multithread"
    run_for 0 "$BIN/quartet" run -o stored --workloads counting/one-cpu --models $two \
        --rounds 8 --accept-noise
    rm runs
    BASE=$PWD/stored check 0 --models $two --rounds 60 --time-budget 10s --threshold 100%
    in_budget
}

@test "a time budget in which nothing can be decided is refused, with the time that it takes" {
    check 4 --time-budget 10ms
    expect_output "--time-budget 10.0 ms: with 1 rows a slow-down takes 8 rounds" "give at least" UNDECIDED
    expect blocks "$(blocks)" 0
    follows_schema "$OUT/report.json"
}

# The event loop stays open as long as it is measured: every second of its runs takes longer.
# All of them sleep, so that the time of the budget is not spent computing.
@test "what is slower is found, whatever another row takes" {
    echo 0 >odd
    cat >"$FAKE/settings" <<EOF
[ "\$model" != coroutine ] || FAKE_DELAY=0.08
if [ "\$model" = eventloop ] && [ "\${1:-}" != --describe ]; then
    read -r odd <"$BATS_TEST_TMPDIR/odd"
    echo \$((1 - odd)) >"$BATS_TEST_TMPDIR/odd"
    [ \$odd -eq 0 ] || FAKE_DELAY=0.03
    sleep 0.05
fi
EOF
    check 3 --rounds 400 --time-budget 20s --models coroutine,eventloop
    expect_output "REGRESSION: slower than the base"
}

@test "usage errors are exit 2 and name the option" {
    run_for 2 "$BIN/quartet" check
    expect_output "--base"
    check 2 --threshold 5
    expect_output "--threshold" "5%"
    check 2 --rounds 5
    expect_output "--rounds" "from 6"
    check 2 --workloads nosuch
    expect_output "no workload 'nosuch'"
    check 2 --tasks 10 --concurrency 20
    expect_output "check: --concurrency 20: more than --tasks 10 cannot be in flight"
    nothing_left
}

@test "Ctrl-C leaves a valid report, no worktree, and exit 130" {
    command -v git >/dev/null || skip "git is not installed"
    real_times
    make_tree
    env --default-signal=INT "$BIN/quartet" check --base HEAD~1 -o "$OUT" --rounds 400 \
        --workloads counting/one-cpu --accept-noise >/dev/null 2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
    driver=$!
    eventually grep -q 'round 8 of 8' "$BATS_TEST_TMPDIR/stderr"
    kill -INT "$driver"
    wait "$driver" || code=$?
    expect "exit code" "$code" 130
    expect complete "$(json "$OUT/report.json" complete)" false
    [ "$(blocks)" -ge 7 ]
    expect verdict "$(json "$OUT/report.json" gate.verdict)" UNDECIDED
    follows_schema "$OUT/report.json"
    expect worktrees "$(git worktree list | wc -l)" 1
    nothing_left
}
