#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet history` over invented reports of sixty commits: steps are found, nothing is found
# where there is nothing, and what cannot be used is named and takes nothing with it. timeout: 240 s

load ../../common
load ../driver

setup_file() {
    export MADE=$BATS_FILE_TMPDIR
    "$ROOT/tests/driver/history/make_history.py" "$MADE/steps" --steps 20,41
    "$ROOT/tests/driver/history/make_history.py" "$MADE/equal" --seed 2
}

setup() {
    driver_setup
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR
}

history() {
    local code=$1
    shift
    run_for "$code" "$BIN/quartet" history "$@"
}

# Starts a git tree with N commits; their names, oldest first, are in the file `commits`.
tree_with_commits() {
    git init -q -b main tree
    cd tree || return 1
    git config user.email nobody@example.org
    git config user.name nobody
    local number
    for ((number = 0; number < $1; number++)); do
        git commit -q --allow-empty -m "change $number"
    done
    git rev-list --reverse HEAD >../commits
}

@test "steps of 5 % are found within two commits, with what else changed there" {
    history 0 --format json "$MADE/steps"
    printf '%s\n' "$output" >history.json
    follows_schema history.json
    python3 -IS - <<'END'
import json
history = json.load(open("history.json"))
series = {one["row"]: one for one in history["series"]}
assert len(history["entries"]) == 60 and len(series) == 2
changes = series["primes/one-cpu coroutine"]["changes"]
assert [abs(change["entry"] - step) <= 2 for change, step in zip(changes, (20, 41), strict=True)] == [True, True], changes
assert all(1.03 < change["ratio"] < 1.07 and change["p"] < 0.01 for change in changes)
# Load differs between all reports, and is not blamed.
assert [[fact[0] for fact in change["environment"]] for change in changes] == [["kernel"], ["kernel"]]
assert series["primes/one-cpu eventloop"]["changes"] == []
END
    history 0 "$MADE/steps"
    expect_output "60 reports, 2026-01-01 to 2026-03-01" "kernel: 6.0.0 -> 6.1.0" "quartet check"
    history 0 --rows eventloop "$MADE/steps"
    expect_output "no change of level was found"
    history 0 --threshold 20% "$MADE/steps"
    expect_output "no change of level was found"
    history 0 --last 15 "$MADE/steps"
    expect_output "15 reports, 2026-02-15"
}

@test "sixty equal commits raise no alarm" {
    history 0 "$MADE/equal"
    expect_output "60 reports" "no change of level was found"
}

@test "the page draws each row and holds its numbers" {
    history 0 --format html "$MADE/steps"
    printf '%s\n' "$output" >page.html
    expect figures "$(grep -c '<figure' page.html)" 2
    expect numbers "$(grep -c '<data value=' page.html)" 120
    grep -q '+5\.[0-9] %</text>\|+4\.[0-9] %</text>' page.html
    grep -q 'at the same place kernel: 6.0.0 -&gt; 6.1.0' page.html
    run ! grep -qE '<script|https?://[^"]*"' page.html
}

@test "github-action-benchmark's data goes out and comes in" {
    history 0 --format github-action-benchmark "$MADE/steps"
    mkdir bench
    printf '%s\n' "$output" >bench/data.js
    grep -q '^window.BENCHMARK_DATA = {' bench/data.js
    "$BIN/quartet" history --format json "$MADE/steps" >one.json
    history 0 --format json bench
    printf '%s\n' "$output" >other.json
    python3 -IS - <<'END'
import json
one, other = (json.load(open(name)) for name in ("one.json", "other.json"))
for a, b in zip(one["series"], other["series"], strict=True):
    assert a["row"] == b["row"] and a["unit"] == b["unit"] == "ns"
    assert a["points"] == b["points"]
    assert [c["entry"] for c in a["changes"]] == [c["entry"] for c in b["changes"]]
assert [e["commit"] for e in one["entries"]] == [e["commit"] for e in other["entries"]]
END
    echo 'window.BENCHMARK_DATA = {"entries": {"Go": [{"commit": {"id": "abc"}, "date": 1, "benches": [{"name": "Fib", "value": 3, "unit": "ns/op"}, {"name": 7}, 8]}]}}' >odd.js
    history 0 odd.js
    expect_output "Fib" "3 ns/op"
    echo 'window.BENCHMARK_DATA = {"entries": {' >cut.js
    history 1 cut.js
    expect_output "left out: cut.js" "has no report that can be used"
}

@test "a branch of reports, gaps, and commits that were rewritten" {
    tree_with_commits 9
    sed -n '1p;3,9p' ../commits >../some
    "$ROOT/tests/driver/history/make_history.py" reports/of --commits ../some
    git switch -q --orphan speed-data
    git add reports && git commit -qm reports
    git switch -q main
    [ ! -e reports ]
    history 0 speed-data
    expect_output "8 reports" "gap: 1 commit between"
    git reset -q --hard HEAD~2
    git commit -q --allow-empty -m "another one"
    history 0 speed-data
    expect_output "8 reports" "rewritten: commit $(cut -c1-40 <<<"$(tail -n 1 ../commits)")" \
        "is no part of HEAD"
    expect lines "$(grep -c '^rewritten' <<<"$output")" 2
    [ -z "$(git status --porcelain)" ]
    nothing_left
}

@test "reports that cannot be used are a line each, and nothing else is lost" {
    cp -r "$MADE/equal" mixed
    sed 's|quartet.report/1|quartet.report/2|' mixed/003.json >mixed/future.json
    head -c 3000 mixed/004.json >mixed/cut.json
    sed 's|"complete": true, "incomplete_reason": null|"complete": false, "incomplete_reason": "the disk was full"|' \
        mixed/005.json >mixed/half.json
    echo '{"schema": "quartet.plan/1"}' >mixed/plan.json
    ln -s ../mixed mixed/again
    cp "$ROOT/results/schemas/report.schema.json" mixed/ # no report, and no fault
    history 0 mixed
    expect_output "60 reports" "left out: future.json: " "use the version of quartet that wrote it" \
        "left out: cut.json: " "left out: half.json: it is incomplete (the disk was full)"
    expect lines "$(grep -c '^left out' <<<"$output")" 3
}

@test "the project's own data sets have a history" {
    compgen -G "$ROOT/results/reference/*/report.json" >sets || skip "no data set is frozen yet: scripts/freeze --measure NAME"
    history 0 --format json "$ROOT/results/reference"
    printf '%s\n' "$output" >history.json
    follows_schema history.json
    expect reports "$(json history.json entries | python3 -IS -c 'import json, sys; print(len(json.load(sys.stdin)))')" "$(wc -l <sets)"
    expect "left out" "$(grep -c 'left out' history.json || true)" 0
    history 0 "$ROOT/results/reference"
    expect_output "primes/one-cpu coroutine" "fetch/tcp eventloop"
}

@test "bad input is one line" {
    mkdir empty
    local lines_of
    for arguments in "2:" "1:empty" "1:nowhere" "2:--threshold 7 empty" "2:--rows nothing $MADE/equal" \
        "2:--last x empty"; do
        # shellcheck disable=SC2086 # words
        history "${arguments%%:*}" ${arguments#*:}
        lines_of=$(grep -c '^quartet: ' <<<"$output")
        expect "messages of '$arguments'" "$lines_of" 1
    done
    history 1 nowhere
    expect_output "no file, no folder, and no branch"
}
