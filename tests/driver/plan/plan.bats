#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet run`: dry runs, plans from a file, sweeps over the concurrency, time budgets
# and looks, with runners that do no work. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    PLAN=$BATS_TEST_TMPDIR/plan.json
    validate=$ROOT/tests/schema/validate.py
}

# A plan of one table whose members come as JSON: plan '"workload": "counting"'.
plan() {
    echo "{\"schema\": \"quartet.plan/1\", \"tables\": [{$1}]}" >"$PLAN"
}

# The plan is refused with exit code 2, in one line that has all of these words.
refuses() {
    run_for 2 "$BIN/quartet" run --plan "$PLAN" -o "$OUT"
    expect lines "$(wc -l <<<"$output")" 1
    expect_output "plan.json" "$@"
    [ ! -e "$OUT" ]
}

dry() {
    "$BIN/quartet" run --dry-run "$@" >dry.txt
}

# The blocks of a dry run and those of the report, as [table, [label...]].
same_order() {
    python3 - "$OUT/report.json" dry.txt <<'PYTHON'
import json, re, sys
report = json.load(open(sys.argv[1]))
real = []
for table in report["tables"]:
    labels = {cell["id"]: cell["label"] for cell in table["cells"]}
    for block in table["blocks"]:
        runs = {run["position"] for cell in table["cells"] for run in cell["twins"]
                if run["block"] == block["number"]}
        real.append((block["round"], table["id"],
                     [labels[id] + " (twin)" * (i in runs)
                      for i, id in enumerate(block["order"], 1)]))
dry = []
for line in open(sys.argv[2]):
    found = re.match(r"round (\d+) of \d+, (.*?): (.*)", line)
    if found:
        dry.append((int(found[1]), found[2], found[3].split(", ")))
assert len(dry) >= 6, dry
assert sorted(dry) == sorted(real), (dry, real)
assert [block[:2] for block in dry] == sorted((b[:2] for b in dry), key=lambda b: b[0])
PYTHON
}

@test "a dry run prints the order that a session of the same seed then has" {
    need_hyperfine
    local options=(--seed 11 --rounds 3 --workloads "counting/one-cpu,waiting"
        --concurrency "2,4")
    dry "${options[@]}"
    grep -q "waiting/c2" dry.txt
    run_for 0 "$BIN/quartet" run -o "$OUT" "${options[@]}" --accept-noise
    same_order
}

@test "a dry run needs neither lock nor hyperfine, and leaves nothing" {
    fake_hyperfine <<<'exit 1'
    exec 8>"$QUARTET_LOCK"
    flock 8
    mkdir here && cd here
    run_for 0 "$BIN/quartet" run --dry-run --seed 3 --profile rigorous --time-budget 5min
    expect_output "nothing is measured" "sequential counting --tasks 100" \
        "skipped: one task after another would wait for 100 s" \
        "looks: after 15, 25, 40 rounds" "time budget: 300 s" "round 40 of 40" \
        "expected duration: unknown: there is no earlier report of these tables"
    expect files "$(ls -A)" ""
    nothing_left
}

@test "the expected duration is that of the newest report, and says so" {
    need_hyperfine
    # A copy lies in no source tree, so its reports are below this folder.
    cp "$BIN/quartet" "$BATS_TEST_TMPDIR/quartet"
    export FAKE_DELAY=0.1
    run_for 0 ./quartet run --workloads counting/one-cpu --rounds 1 --accept-noise
    run_for 0 ./quartet run --dry-run --workloads counting/one-cpu --rounds 10
    expect_output "for 1 of 1 tables" "by what they took in results/latest"
    [[ $output != *"ANOTHER MACHINE"* ]]
    # Ten times what one round took, and less than ten such sessions.
    local seconds
    seconds=$(sed -n 's/^expected duration: about \([0-9.]*\) s .*/\1/p' <<<"$output")
    python3 - results/latest/report.json "$seconds" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
table, = report["tables"]
round_ns = sum(cell["samples"][0]["wall_ns"] for cell in table["cells"])
assert 10 * round_ns < 1.02e9 * float(sys.argv[2]) < 10.2 * report["duration_ns"], round_ns
PYTHON
    run_for 0 ./quartet run --dry-run --workloads counting,waiting --rounds 10
    expect_output "for 1 of" "not known of: waiting"
    run_for 0 ./quartet run --dry-run --workloads counting/one-cpu --tasks 7
    expect_output "expected duration: unknown"
    sed -i 's/"testbed":"/"testbed":"0/' results/latest/report.json
    run_for 0 ./quartet run --dry-run --workloads counting/one-cpu
    expect_output "ANOTHER MACHINE"
    # A session of 30 years is no figure to go by.
    sed -i -E 's/"duration_ns":[0-9]+/"duration_ns":1000000000000000000/' results/latest/report.json
    run_for 0 ./quartet run --dry-run --workloads counting/one-cpu
    expect_output "expected duration: unknown"
}

# Rows and rounds as below: five rows once for the warm-up, and six times in each of ten rounds.
@test "where no report tells, the expected duration is that of the plan's author" {
    cp "$BIN/quartet" quartet
    plan '"workload": "counting", "run_time": "100ms"'
    run_for 0 ./quartet run --dry-run --plan "$PLAN" --rounds 10
    expect_output "expected duration: about 7.15 s for 1 of 1 tables" \
        "all of them: by the run_time that the plan gives, of its author's machine"
    plan '"workload": "counting", "run_time": "1h"}, {"workload": "waiting", "tasks": 1'
    run_for 0 ./quartet run --dry-run --profile "$PLAN" --rounds 1 --models coroutine
    expect_output "expected duration: about 11880 s for 1 of 2 tables" "not known of: waiting"
    run_for 0 ./quartet run --dry-run --profile "$PLAN" --workloads counting --tasks 7
    expect_output "expected duration: unknown: there is no earlier report of these tables" "no run_time"
    cp "$PLAN" copy.json
    follows_schema copy.json
    QUARTET_RUNNERS=$BIN run_for 0 ./quartet run --dry-run --profile quick
    expect_output "expected duration: about " " for 12 of 12 tables"
}

@test "a plan says tables, sizes, models and variants, and the report keeps it" {
    need_hyperfine
    cat >"$PLAN" <<JSON
{"schema": "quartet.plan/1", "title": "a test", "rounds": 3, "seed": 99, "tables": [
 {"workload": "waiting", "id": "naps", "title": "short naps", "arguments": {"delay": 0},
  "tasks": 20, "concurrency": 5,
  "models": ["sequential", {"model": "coroutine", "options": {"loops": 2}}, "coroutine",
             "coroutine", {"model": "eventloop", "options": {"loops": "9"}}]},
 {"workload": "counting", "cpus": "$(cpus 1)", "models": ["multithread"]}]}
JSON
    follows_schema "$PLAN"
    dry --plan "$PLAN"
    run_for 0 "$BIN/quartet" run --plan "$PLAN" -o "$OUT" --accept-noise
    expect_output "short naps" "coroutine loops=2" "coroutine copy=2" \
        "more loops than tasks in flight"
    same_order
    follows_schema "$OUT/report.json"
    python3 - "$OUT/report.json" "$PLAN" <<'PYTHON'
import json, os, sys
report, plan = (json.load(open(name)) for name in sys.argv[1:])
first = str(min(os.sched_getaffinity(0)))
assert report["plan"]["file"]["content"] == plan
assert report["plan"]["seed"] == 99 and report["plan"]["rounds"] == 3
naps, counting = report["tables"]
assert (naps["id"], naps["tasks"], naps["concurrency"]) == ("naps", 20, 5)
assert naps["arguments"] == ["--delay", "0"] and naps["setting"] is None
assert (counting["id"], counting["setting"], counting["cpus"]) == ("counting", None, first)
assert [cell["label"] for cell in naps["cells"]] == [
    "sequential", "coroutine loops=2", "coroutine", "coroutine copy=2", "eventloop loops=9"]
assert naps["cells"][1]["command"][-2:] == ["--loops", "2"]
assert naps["cells"][4]["status"] == "skipped"
PYTHON
    # The command line goes before.
    run_for 0 "$BIN/quartet" run --plan "$PLAN" --dry-run --rounds 2 --seed 7
    expect_output "seed 7, 2 rounds, 2 tables"
}

@test "what is wrong in a plan is one line with file, place, and what is allowed" {
    echo '{"schema": "quartet.plan/1", "tables": [{"workload": "counting"' >"$PLAN"
    refuses "is not valid JSON" "cut short"
    echo '[]' >"$PLAN"
    refuses "quartet.plan/1"
    echo '{"schema": "quartet.plan/9", "tables": []}' >"$PLAN"
    refuses "quartet.plan/1"
    echo '{"schema": "quartet.plan/1", "tables": {}}' >"$PLAN"
    refuses "tables: must be a list"
    echo '{"schema": "quartet.plan/1", "rounds": 0, "tables": [{}]}' >"$PLAN"
    refuses "rounds: must be a whole number from 1 to 1000"
    echo '{"schema": "quartet.plan/1", "round": 3, "tables": [{}]}' >"$PLAN"
    refuses "no member 'round' is known; there are: schema title rounds seed"
    plan '"workload": "counting"}, 7, {"workload": "counting"'
    refuses "tables[1]: must be an object"
    while IFS='|' read -r members words; do
        plan "${members/CPU/$(cpus 1)}"
        refuses "$words"
    done <<'CASES'
"model": "x"|tables[0]: no member 'model' is known
"tasks": 3|tables[0].workload: there is no workload ''; there are: counting, waiting
"workload": "thinking"|tables[0].workload: there is no workload 'thinking'; there are: counting, waiting
"workload": "line\nfeed"|there is no workload 'line?feed'
"workload": 5|tables[0].workload: must be a text
"workload": "waiting", "arguments": {"delays": "1ms"}|arguments.delays: the workload 'waiting' has no such option; it has: delay
"workload": "waiting", "arguments": {"delay": "soon"}|arguments.delay: "soon" does not fit; give a duration from 0
"workload": "waiting", "arguments": {"delay": 5}|arguments.delay: 5 does not fit
"workload": "waiting", "arguments": {"delay": true}|arguments.delay: true does not fit
"workload": "waiting", "arguments": ["delay"]|arguments: must be an object
"workload": "counting", "arguments": {"record": "x"}|it has: none
"workload": "counting", "run_time": 5|run_time: must be a text
"workload": "counting", "run_time": "soon"|tables[0].run_time: must be a duration of an hour at most
"workload": "counting", "run_time": "61min"|run_time: must be a duration of an hour at most
"workload": "counting", "tasks": -1|tables[0].tasks: must be a whole number from 1
"workload": "counting", "tasks": 2.5|tables[0].tasks: must be a whole number
"workload": "counting", "tasks": 5, "concurrency": 6|more than the 5 tasks cannot be in flight
"workload": "counting", "concurrency": [5, 5]|concurrency: must be a whole number from 1 to 10000000, or a list
"workload": "counting", "concurrency": []|concurrency: must be a whole number
"workload": "counting", "concurrency": "many"|concurrency: must be a whole number
"workload": "counting", "setting": "two-cpus"|setting: must be "one-cpu", "all-cpus" or null
"workload": "counting", "cpus": "4096"|tables[0].cpus:
"workload": "counting", "peer_cpus": "CPU"|'counting' has no back end
"workload": "counting", "id": "a b"|tables[0].id: must be
"workload": "counting", "models": []|models: must be a list of 1 to 64 models
"workload": "counting", "models": ["fibre"]|models[0]: there is no model 'fibre'; there are: sequential,
"workload": "counting", "models": [{"name": "coroutine"}]|models[0]: no member 'name' is known; there are: model options
"workload": "counting", "models": [{"model": "coroutine", "options": {"loopz": 2}}]|models[0].options.loopz: coroutine has no such option; it has: loops
"workload": "counting", "models": [{"model": "coroutine", "options": {"loops": 65}}]|loops: 65 does not fit; give a count from 1 to 64
"workload": "counting"}, {"workload": "counting"|tables[1].id: two tables are called 'counting/one-cpu'
CASES
    plan '"workload": "counting"'
    run_for 2 "$BIN/quartet" run --plan "$PLAN" --models coroutine
    expect_output "--models: the file of --plan says that already"
    run_for 2 "$BIN/quartet" run --plan nowhere.json
    expect_output "cannot read 'nowhere.json'"
}

@test "the example plans can be run as they stand" {
    follows_schema "$ROOT/docs/plans/scaling.json"
    QUARTET_RUNNERS=$BIN run_for 0 "$BIN/quartet" run --dry-run --plan "$ROOT/docs/plans/scaling.json"
    expect_output "table fetch/near/c1000" "stall --tasks 200" "coroutine offload=threads"
    follows_schema "$ROOT/docs/plans/pool.json"
    follows_schema "$ROOT/docs/plans/bare-io.json" # its row `bare` is one of `make peers`
    follows_schema "$ROOT/docs/plans/global-lock.json"
    follows_schema "$ROOT/docs/plans/reference.json"
    QUARTET_RUNNERS=$BIN run_for 0 "$BIN/quartet" run --dry-run --lanes python --plan "$ROOT/docs/plans/global-lock.json"
    expect_output "table primes/global-lock/c2" "threading kernel=c" "multithread global-lock=5ms"
    QUARTET_RUNNERS=$BIN run_for 0 "$BIN/quartet" run --dry-run --plan "$ROOT/docs/plans/pool.json"
    expect_output "table primes/short-tasks" "multithread per-task" "--concurrency 8 --cpus $(cpus 1) --limit 2m --per-task"
}

@test "the schema of plans refuses what the driver refuses" {
    "$validate" /dev/null >/dev/null && code=0 || code=$?
    [ "$code" -ne 77 ] || skip "python3-jsonschema is not installed"
    while read -r members; do
        plan "$members"
        run_for 1 "$validate" "$PLAN"
    done <<'CASES'
"tasks": 3
"workload": "counting", "model": "x"
"workload": "counting", "tasks": 0
"workload": "counting", "concurrency": []
"workload": "counting", "setting": "two-cpus"
"workload": "counting", "models": [{"name": "coroutine"}]
CASES
}

@test "a sweep has a table for each concurrency, equal work, and a series per row" {
    need_hyperfine
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --concurrency 1,10,400 \
        --models multithread,coroutine --rounds 4 --seed 5 --accept-noise
    expect_output "Scaling of counting/one-cpu with the number of tasks in flight"
    follows_schema "$OUT/report.json"
    python3 - "$OUT/report.json" "$OUT/report.csv" <<'PYTHON'
import csv, json, statistics, sys
report = json.load(open(sys.argv[1]))
tables = report["tables"]
assert [t["id"] for t in tables] == ["counting/one-cpu/c%d" % c for c in (1, 10, 400)]
assert [t["concurrency"] for t in tables] == [1, 10, 400]
assert {t["tasks"] for t in tables} == {400}
assert {t["sweep"] for t in tables} == {"counting/one-cpu"}
sweep, = report["sweeps"]
assert sweep["tables"] == [t["id"] for t in tables]
assert [s["label"] for s in sweep["series"]] == ["multithread", "coroutine"]
lines = {line["model"] + line["table"]: line for line in csv.DictReader(open(sys.argv[2]))}
for row, series in enumerate(sweep["series"]):
    for i, (table, point) in enumerate(zip(tables, series["points"], strict=True)):
        cell = table["cells"][row]
        walls = [s["wall_ns"] for s in cell["samples"]]
        assert point["cell"] == cell["id"] and point["concurrency"] == table["concurrency"]
        time = statistics.median(walls) / 100  # the operations of the fake runner
        assert abs(point["wall_ns_per_operation"] / time - 1) < 1e-9
        assert (point["ratio_to_best"] == 1) == (table["ranking"][0] == cell["id"])
        if i == 0:
            assert point["ratio_to_first"] == point["low"] == point["high"] == 1
        assert point["low"] <= point["ratio_to_first"] <= point["high"]
        line = lines[cell["model"] + table["id"]]
        assert abs(float(line["wall_per_operation_s"]) * 1e9 / time - 1) < 1e-9
        assert abs(float(line["ratio_to_first"]) - point["ratio_to_first"]) < 1e-9
PYTHON
    grep -q "^## Scaling of counting/one-cpu" "$OUT/report.md"
    run_for 0 "$BIN/quartet" report --format text "$OUT"
    expect_output "Scaling of counting/one-cpu" "of wall time per operation"
    run_for 0 "$BIN/quartet" report --rank run "$OUT"
    expect_output "of the run phase per operation"
}

@test "a list of concurrency that makes no sense is one clear line" {
    while IFS='|' read -r list words; do
        run_for 2 "$BIN/quartet" run --concurrency "$list" --dry-run
        expect lines "$(wc -l <<<"$output")" 1
        expect_output "--concurrency" "$words"
    done <<'CASES'
1,x|'x' is not a whole number from 1 to 10m
0|'0' is not a whole number from 1 to 10m
1,,2|'' is not a whole number
10,1|'1' is not larger than what stands before it
5,5|'5' is not larger
1,2,3,4,5,6,7,8,9,10,11,12,13|a list has at most 12 numbers
-4|'-4' is not a whole number
20m|'20m' is not a whole number
CASES
    run_for 2 "$BIN/quartet" run --concurrency 1,10,100 --tasks 50 --dry-run
    expect_output "--concurrency 100: more than --tasks 50 cannot be in flight"
    QUARTET_RUNNERS=$BIN run_for 2 "$BIN/quartet" run --concurrency 1,10 --tasks 50 --workloads stall --dry-run
    expect_output "all tasks of 'stall' are in flight together"
}

@test "one task in flight: sequential stays as long as the others do, and goes where they overtake it" {
    export QUARTET_RUNNERS=$BIN
    run_for 0 "$BIN/quartet" run --dry-run --workloads sleep --concurrency 1,10 --tasks 1000 --rounds 1
    expect_output "sequential: sequential sleep --tasks 1000 --concurrency 1 " "one task after another would wait for 4 s"
    [[ $output != *"sequential sleep --tasks 1000 --concurrency 10 "* ]]
}

@test "a time budget is kept, and said in advance and in the report" {
    need_hyperfine
    export FAKE_DELAY=0.05
    run_for 0 "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --rounds 200 --seed 5 \
        --accept-noise --time-budget 3s
    expect_output "time budget 3.00 s: " " of 200 rounds fit; "
    follows_schema "$OUT/report.json"
    python3 - "$OUT/report.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
table, = report["tables"]
budget = report["plan"]["time_budget"]
blocks = len(table["blocks"])
assert report["complete"]
assert all(block["started_ns"] < 3e9 for block in table["blocks"])
assert budget["ns"] == 3e9 and budget["rounds_wanted"] == 200
assert 1 <= blocks == budget["rounds_fit"] - budget["blocks_left_out"]
assert report["plan"]["rounds"] == budget["rounds_fit"] < 12
assert report["plan"]["for_decisions"] is False and budget["detectable"] is None
PYTHON
    run_for 0 "$BIN/quartet" report "$OUT"
    expect_output "time budget 3.00 s: " " of 200 rounds fit"
}

@test "a budget that is large enough cuts nothing, one that is too small ends with one line" {
    need_hyperfine
    run_quartet 0 --time-budget 1min
    expect_output "2 of 2 rounds fit"
    expect rounds "$(json "$OUT/report.json" tables.0.blocks | grep -o '"number"' | wc -l)" 2
    export FAKE_DELAY=0.2
    run_quartet 1 --time-budget 1300ms
    expect_output "--time-budget: not even one round fits into 1.30 s"
    expect lines "$(grep -vc '^\[' <<<"$output")" 1
    expect complete "$(json "$OUT/report.json" complete)" false
    run_for 1 "$BIN/quartet" run -o two --time-budget 1s --accept-noise --rounds 1
    expect_output "it is used up by the warm-up of"
    nothing_left
}

@test "a rigorous run looks, also when it was resumed, and leaves a decided table alone" {
    steady_times
    # A difference as clear as day; and time for an interruption.
    cat >"$FAKE/settings" <<'SH'
[ "${1:-}" = --describe ] || sleep 0.05
case $model in
coroutine) FAKE_DELAY=0.01 ;;
eventloop) FAKE_DELAY=0.04 ;;
esac
SH
    start_quartet --profile rigorous --rounds 40 --models coroutine,eventloop
    eventually grep -qs '"round"' "$OUT/report.json.journal"
    # shellcheck disable=SC2154 # start_quartet sets it
    kill -INT "$driver"
    wait "$driver" && code=0 || code=$?
    expect "exit code" "$code" 130
    run_for 0 "$BIN/quartet" run --resume "$OUT"
    expect_output "decided after 15 rounds" "round 15 of 15"
    follows_schema "$OUT/report.json"
    python3 - "$OUT/report.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
table, = report["tables"]
assert report["plan"]["profile"] == "rigorous" and report["plan"]["for_decisions"] is True
assert report["plan"]["looks"] == [15, 25, 40] and report["plan"]["rounds"] == 40
assert table["decided_after"] == len(table["blocks"]) == 15
assert report["complete"] is True
PYTHON
}

@test "the gate takes lists of concurrency and plans, too" {
    need_hyperfine
    cp -r "$FAKE" base
    plan '"workload": "counting", "concurrency": [1, 4], "models": ["coroutine"]'
    run_for 0 "$BIN/quartet" check --no-counters --base base -o "$OUT" --plan "$PLAN" --rounds 10 --accept-noise \
        --threshold 100%
    expect tables "$(json "$OUT/report.json" plan.tables)" '["counting/one-cpu/c1", "counting/one-cpu/c4"]'
    expect cells "$(json "$OUT/report.json" tables.1.cells.1.base_of)" counting/one-cpu/c4/coroutine
}

@test "the profiles that ship with the program are plans, and each can be taken from a file" {
    local profile sweep
    unset QUARTET_RUNNERS
    for profile in quick default rigorous; do
        follows_schema "$ROOT/driver/plan/profiles/$profile.json"
        for sweep in "" "--concurrency 1,10"; do
            # shellcheck disable=SC2086 # two words, or none
            "$BIN/quartet" run --dry-run --seed 3 --profile "$profile" $sweep >by_name.txt
            # shellcheck disable=SC2086
            "$BIN/quartet" run --dry-run --seed 3 $sweep \
                --profile "$ROOT/driver/plan/profiles/$profile.json" >by_file.txt
            cmp by_name.txt by_file.txt
        done
    done
}

@test "a profile of one's own is chosen from and replaced in part, and stands in the report" {
    need_hyperfine
    cat >"$PLAN" <<'JSON'
{"schema": "quartet.plan/1", "rounds": 2, "others": ["cpu"], "tables": [
 {"workload": "waiting", "id": "naps", "tasks": 20, "concurrency": 5,
  "arguments": {"delay": "1ns"}, "sweep": {"tasks": 6, "arguments": {"delay": 0}}}]}
JSON
    follows_schema "$PLAN"
    dry --profile "$PLAN"
    grep -q "sequential waiting --tasks 20 --concurrency 5 .*--delay 1ns" dry.txt
    grep -q "counting/one-cpu" dry.txt # a workload of the others
    dry --profile "$PLAN" --workloads naps --concurrency 2,3 --models multithread
    grep -q "multithread waiting --tasks 6 --concurrency 3 .*--delay 0" dry.txt
    run ! grep -q "counting\|sequential" dry.txt
    run_for 0 "$BIN/quartet" run --profile "$PLAN" --workloads naps --models multithread \
        --tasks 7 -o "$OUT" --accept-noise
    expect rounds "$(json "$OUT/report.json" plan.rounds)" 2
    expect profile "$(json "$OUT/report.json" plan.profile)" "$PLAN"
    expect tasks "$(json "$OUT/report.json" tables.0.tasks)" 7
    follows_schema "$OUT/report.json"
}

@test "a profile that is none is refused in one line" {
    run_for 2 "$BIN/quartet" run --profile huge
    expect_output "no profile 'huge'" "quick|gate|default|rigorous" "FILE.json"
    run_for 2 "$BIN/quartet" run --profile ./nowhere.json
    expect_output "nowhere.json"
    echo '{"schema": "quartet.plan/1", "tables": "rigorous"}' >"$PLAN"
    run_for 2 "$BIN/quartet" run --profile "$PLAN"
    expect_output "tables: must be a list of tables, \"quick\" or \"default\""
    echo '{"schema": "quartet.plan/1", "tables": "default", "others": "all"}' >"$PLAN"
    run_for 2 "$BIN/quartet" run --profile "$PLAN"
    expect_output "others: must be a list of kinds"
    plan '"workload": "counting", "setting": ["one-cpu", "no-cpu"]'
    run_for 2 "$BIN/quartet" run --profile "$PLAN"
    expect_output "tables[0].setting: must be" "no-cpu"
}

@test "a plan brings programs behind what starts them, and commands as a table of their own" {
    need_hyperfine
    mkdir own
    cp "$ROOT/tests/driver/fake_runner" own/mine
    chmod -x own/mine # only its interpreter can run it
    cat >"$PLAN" <<'JSON'
{"schema": "quartet.plan/1", "rounds": 1,
 "tables": [{"workload": "counting", "models": ["coroutine",
   {"model": "mine", "command": ["env", "NOTHING=1", "/bin/sh", "own/mine"]}]},
  {"workload": "counting", "id": "again", "models": ["coroutine",
   {"model": "mine", "command": ["env", "NOTHING=1", "/bin/sh", "own/mine"]}]}],
 "commands": [{"name": "echo", "command": "/bin/echo two", "any_output": true},
              {"name": "printf", "command": "echo one && printf '%s\\n' two | tail -n 1 >&2; exit 3",
               "shell": true, "exit_code": 3, "any_output": true}]}
JSON
    follows_schema "$PLAN"
    run_for 0 "$BIN/quartet" run --plan "$PLAN" -o "$OUT" --accept-noise
    expect_output "answered: proved is" "command: proved is" "printf"
    run_for 0 python3 -IS - "$OUT/report.json" <<'PYTHON'
import json, sys
tables = json.load(open(sys.argv[1]))["tables"]
found = {table["id"]: [cell["label"] for cell in table["cells"]] for table in tables}
assert found == {"counting/one-cpu": ["coroutine", "mine"], "again": ["coroutine", "mine"],
                 "commands": ["echo", "printf"]}, found
assert [cell["row"] for cell in tables[2]["cells"]] == ["command"] * 2
assert "--seed" in tables[0]["cells"][0]["command"] and "--seed" not in tables[2]["cells"][0]["command"]
PYTHON
    for command in "check --base $FAKE" calibrate; do
        # shellcheck disable=SC2086 # words
        run_for 2 "$BIN/quartet" $command --plan "$PLAN" -o "$OUT"
        expect_output "plan.json" "are rows of 'quartet run' and 'quartet counters' alone"
    done
    nothing_left
}

# What stands in a report is run by nobody who has not said so.
@test "a session with commands goes on with the plan that it had, and no other" {
    need_hyperfine
    echo '{"schema": "quartet.plan/1", "commands": [{"name": "true", "command": "true"},
        {"name": "slow", "command": "sleep 0.05"}]}' >"$PLAN"
    run_for 0 "$BIN/quartet" run --plan "$PLAN" -o "$OUT" --accept-noise --rounds 3
    sed -i -E 's/"complete": ?true/"complete":false/; s/"rounds": ?3/"rounds":4/' "$OUT/report.json"
    run_for 1 "$BIN/quartet" run --resume "$OUT"
    expect_output "there is no runner 'true' any more"
    sed 's/sleep 0.05/sleep 0.06/' "$PLAN" >other.json
    run_for 1 "$BIN/quartet" run --resume "$OUT" --plan other.json
    expect_output "has another command than the plan says"
    run_for 0 "$BIN/quartet" run --resume "$OUT" --plan "$PLAN"
    expect_output "slow"
}

@test "rows of a plan that cannot be are one line with file, place, and what is allowed" {
    while IFS='|' read -r rows words; do
        echo "{\"schema\": \"quartet.plan/1\", $rows}" >"$PLAN"
        refuses "$words"
    done <<'CASES'
"commands": []|commands: must be a list of 1 to 14 commands
"commands": "true"|commands: must be a list of 1 to 14 commands
"commands": [{"name": "a"}]|commands[0]: must have a "command"
"commands": [{"name": "a", "command": "  "}]|commands[0].command: is empty; it must say what to run
"commands": [{"command": "true"}]|commands[0].name: must be 1 to 30 of the letters
"commands": [{"name": "../a", "command": "true"}]|commands[0].name: must be 1 to 30 of the letters
"commands": [{"name": "a", "command": "true"}, {"name": "a", "command": "true"}]|commands[1].name: two commands are called 'a'
"commands": [{"name": "coroutine", "command": "true"}]|commands: there is a row called 'coroutine' already
"commands": [{"name": "a", "command": "true", "limit": "2min"}]|commands[0].limit: must be a duration of 1 ms to 50 s
"commands": [{"name": "a", "command": "true", "prefix": "x"}]|commands[0]: no member 'prefix' is known
"tables": [{"workload": "counting", "models": [{"command": ["a"]}]}]|tables[0].models[0]: must have a "model"
"tables": [{"workload": "counting", "models": [{"model": "a", "command": "sh a"}]}]|models[0].command: must be a list of 1 to 16 texts
"tables": [{"workload": "counting", "models": [{"model": "a", "command": []}]}]|models[0].command: must be a list of 1 to 16 texts
"tables": [{"workload": "counting", "models": [{"model": "a", "command": [1]}]}]|models[0].command: must be a list of 1 to 16 texts
"tables": [{"workload": "counting", "models": [{"model": "a", "command": ["./nothing"]}]}]|models[0].command: ./nothing: there is no such program
"tables": [{"workload": "counting", "models": [{"model": "a", "command": ["no-such-container", "run", "a"]}]}]|models[0].command: cannot run
"tables": [{"workload": "counting", "models": [{"model": "a", "command": ["/bin/echo", "{}"]}]}]|models[0].command: '{} --describe' did not print an answer
CASES
    ln -s "$ROOT/tests/driver/fake_runner" mine
    plan '"workload": "counting", "models": [{"model": "a", "command": ["sh", "mine"]}]'
    refuses "models[0].command: mine calls itself 'mine', not 'a'"
    ln -s "$ROOT/tests/driver/fake_runner" coroutine
    plan '"workload": "counting", "models": [{"model": "coroutine", "command": ["sh", "coroutine"]}]'
    refuses "there is a runner called 'coroutine' already"
    printf '#!/bin/sh\necho "mine: install nothing" >&2; exit 77\n' >cannot
    plan '"workload": "counting", "models": [{"model": "a", "command": ["sh", "cannot"]}]'
    run_for 77 "$BIN/quartet" run --plan "$PLAN" -o "$OUT"
    expect_output "models[0].command: mine: install nothing"
}

@test "--runner brings a program of one's own, by the name that it gives itself" {
    mkdir own
    ln -s "$ROOT/tests/driver/fake_runner" own/mine
    run_quartet 0 --models coroutine,mine --runner own/mine
    expect rows "$(json "$OUT/report.json" tables.0.cells.1.model)" mine
    run_quartet 0 --models mine --runner="$PWD/own/mine" --dry-run
    expect_output "mine"
    ln -s "$ROOT/tests/driver/fake_runner" own/coroutine
    run_quartet 2 --runner own/coroutine
    expect_output "--runner own/coroutine" "there is a runner called 'coroutine' already"
    run_quartet 2 --runner own/nothing
    expect_output "--runner own/nothing" "no such program"
    run_quartet 2 --runner /bin/true
    expect_output "--runner" "did not print an answer"
    ln -s "$ROOT/tests/driver/fake_runner" own/Mine
    run_quartet 2 --runner own/Mine
    expect_output "calls itself 'Mine'" "[a-z]"
}

# FAULT|WHAT IS SAID: a change of a description by sed.
BAD_DESCRIPTIONS='s/"default_tasks":100/"default_tasks":NaN/|invalid token near
s/"default_tasks":100/"default_tasks":1e999/|real number overflow
s/"default_tasks":100/"default_tasks":-5/|workloads[0] '"'counting'"': default_tasks and
s/"waiting"/"counting"/|workloads[1] '"'counting'"': another has that name
s/"kind":"cpu"/"kind":"gpu"/|its kind is none of io, cpu, cost
s/"waiting"/"wait ing"/|its name is not of the form
s/^{/{"model":"other",/|duplicate object key
1s/^/\xef\xbb\xbf/|expected near'

@test "a description that cannot be is refused with what is wrong, in a session and by validate" {
    local fault said count=0
    ln -s "$ROOT/tests/driver/fake_runner" mine
    ./mine --describe >whole.json
    printf '#!/bin/sh\nexec cat "%s"\n' "$PWD/bad.json" >odd
    chmod +x odd
    while IFS='|' read -r fault said; do
        sed "$fault" whole.json >bad.json
        run_quartet 2 --runner ./odd --dry-run
        expect_output "--runner './odd --describe'" "$said"
        count=$((count + 1))
    done <<<"$BAD_DESCRIPTIONS"
    expect faults "$count" 8
    sed 's/"default_tasks":100/"default_tasks":NaN/' whole.json >bad.json
    QUARTET_RUNNERS=$BIN run_for 1 "$BIN/quartet" validate ./odd
    expect_output "FAIL  description: it does not print JSON: invalid token near 'NaN' at line"
}
