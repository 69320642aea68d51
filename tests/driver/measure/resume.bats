#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet run --resume`: what was measured stays, what is missing follows in the order
# that the seed gives, and what does not belong together is refused. timeout: 600 s

load ../../common
load ../driver
load ../resume

@test "random moments: nothing is lost, nothing is left, all is completed" {
    run timeout -k 5 400 "$ROOT/tests/driver/measure/stop_anywhere.py" "$BIN/quartet" \
        "$BATS_TEST_TMPDIR" --moments 24
    echo "$output"
    expect status "$status" 0
    expect_output "24 stops"
    [[ $output != *$'\n'"0 times blocks were in a journal"* ]]
}

@test "a resumed session ends with the report of the whole" {
    stop_after 3
    cp "$OUT/report.json" before.json
    resume 0
    expect_output "[5/7] round 4 of 6" "counting, one CPU" ", in 2"
    [[ $output != *"warm-up"* && $output != *"round 3 of 6"* ]]
    follows_schema
    run_for 0 "$BIN/quartet" run -o whole --workloads counting/one-cpu --rounds 6 --seed 5 --accept-noise
    expect order "$(orders "$OUT")" "$(orders whole)"
    python3 -IS - before.json "$OUT/report.json" <<'EOF'
import json, sys
before, after = (json.load(open(name)) for name in sys.argv[1:])
assert after["complete"] and not before["complete"]
for key in ("plan", "environment", "started_utc", "tool"):
    assert before[key] == after[key], key
entry, = after["resumed"]
assert entry["blocks"] == 3 and entry["after_ns"] == before["duration_ns"]
assert entry["stopped_by"] == "round 4 of 6, counting/one-cpu: interrupted"
assert entry["differences"] == [], entry
table, = after["tables"]
assert [block["round"] for block in table["blocks"]] == list(range(1, 7))
assert table["blocks"][:3] == before["tables"][0]["blocks"]
assert table["blocks"][3]["started_ns"] > before["duration_ns"]
assert after["duration_ns"] > table["blocks"][5]["started_ns"]
for cell in table["cells"]:
    assert len(cell["samples"]) == 6 and cell["statistics"]["wall_ns"]["n"] == 6
assert all(block["accepted"] for block in table["blocks"])
EOF
    nothing_left
}

# rounds FOLDER: of its only table, as a reader of the report sees them.
@test "a cell that failed on the way keeps its place in the order, and stays out" {
    # The runner counts its calls, and fails from the fourth one on.
    cat >"$FAKE/settings" <<EOF
if [ "\$model" = coroutine ] && [ "\$1" = counting ]; then
    echo >>"$BATS_TEST_TMPDIR/runs"
    [ "\$(wc -l <"$BATS_TEST_TMPDIR/runs")" -lt 4 ] || FAKE_coroutine=failed
fi
EOF
    run_for 1 "$BIN/quartet" run -o whole --workloads counting/one-cpu --rounds 6 --seed 5 --accept-noise
    rm runs
    stop_after 4
    resume 1
    expect_output "counting/one-cpu/coroutine: failed: worker 3 died"
    expect order "$(orders "$OUT")" "$(orders whole)"
    follows_schema
}

@test "what was stopped in its warm-up begins with that" {
    stop_after -1
    resume 0
    expect_output "[1/7] warm-up of counting/one-cpu" "[7/7] round 6 of 6"
}

@test "a complete report: nothing to do, and the exit code that it had" {
    run_quartet 0
    before=$(sha256sum "$OUT"/*)
    resume 0
    expect_output "is complete: there is nothing to resume"
    resume 0 --wait
    run_for 0 "$BIN/quartet" run "--resume=$OUT/report.json"
    expect files "$(sha256sum "$OUT"/*)" "$before"
    FAKE_coroutine=wrong run_quartet 1
    resume 1
    expect_output "is complete" "coroutine: wrong"
}

@test "other options than --wait contradict --resume: exit 2" {
    local option
    for option in "--seed 5" "--workloads counting" "--rounds 6" "--profile default" "-o x" \
        "--output=x" "--cpus 0" "--accept-noise" "--models coroutine" "--allow-unoptimised"; do
        # shellcheck disable=SC2086 # two words
        run_for 2 "$BIN/quartet" run $option --resume nowhere
        expect_output "${option%% *}: not together with --resume"
    done
    run_for 2 "$BIN/quartet" run --resume
    expect_output "--resume"
}

@test "what is no interrupted session is refused" {
    run_for 1 "$BIN/quartet" run --resume nowhere
    expect_output "cannot resume 'nowhere': No such file or directory"
    mkdir empty
    run_for 1 "$BIN/quartet" run --resume empty
    expect_output "cannot read 'empty/report.json'"
    stop_after 2
    run_for 1 "$BIN/quartet" run --resume "$OUT/report.csv"
    expect_output "name the folder of a session"
    cp "$OUT/report.json" good.json
    edit 'report["plan"]["command"] = "check"'
    refused "a report of 'quartet check'"
    cp good.json "$OUT/report.json"
    edit 'report["schema"] = "quartet.report/9"'
    refused "its schema is quartet.report/9"
    head -c 2000 good.json >"$OUT/report.json"
    refused "not valid JSON"
    cp good.json "$OUT/report.json"
    resume 0
}

@test "a report that contradicts itself is refused" {
    stop_after 3
    cat >changes <<'EOF'
report['plan']['seed'] = 6|block 1 of 'counting/one-cpu' is not in the order that its seed gives
report['plan']['seed'] = -1|no sensible rounds and seed
report['plan']['rounds'] = 2|has blocks after its 2 rounds
report['plan']['rounds'] = 2; table['blocks'][2].update(valid=False, disturbed='x')|has blocks after its 2 rounds
table['blocks'][0].update(round=1.0, order=[])|is not in the order
table['cells'][0]['command'] = ['sequential'] * 500|or a very long one
report['plan']['rounds'] = 10**9|no sensible rounds and seed
report['plan'] = None|no sensible rounds and seed
report['plan']['rounds'] = 1001; report['duration_ns'] = -5|no sensible rounds and seed
report['plan']['rounds'] = 1000; report['duration_ns'] = -5|its duration_ns makes no sense
report['plan']['rounds'] = 0.5; report['duration_ns'] = -5|no sensible rounds and seed
report['plan']['rounds'] = 1; report['duration_ns'] = -5|its duration_ns makes no sense
report['plan']['seed'] = 2**32; report['duration_ns'] = -5|no sensible rounds and seed
report['plan']['seed'] = 2**32 - 1; report['duration_ns'] = -5|its duration_ns makes no sense
report['duration_ns'] = -5|its duration_ns makes no sense
report['duration_ns'] = 1e18|its duration_ns makes no sense
del table['blocks'][0]|block 1 of 'counting/one-cpu' is not its round 1
table['blocks'][2]['round'] = 2|is not its round 3
table['blocks'][2]['order'].pop()|is not in the order
table['blocks'][1]['order'] = 5|is not in the order
table['cells'][0]['command'] = ['sequential', 7]|has no command
table['cells'][0]['command'] = []|has no command
table['cells'][0].update(status='skipped', reason='not run yet')|was measured before its warm-up
table['cells'] = table['cells'] * 2|have the same id
table['cells'] = [{**table['cells'][0], 'id': f'cell-{i}'} for i in range(70)]|with more than 64
table['cells'] = []|one without cells
table['cells'][0]['model'] = 'fiber'|its record's model is 'sequential', that of its row 'fiber'
report['tables'] = [{**table, 'id': f'table-{i}'} for i in range(200)]|more than 128 tables
EOF
    # One folder each, made in one go.
    python3 -IS - "$OUT/report.json" changes <<'EOF'
import json, pathlib, sys
text = pathlib.Path(sys.argv[1]).read_text()
for number, line in enumerate(pathlib.Path(sys.argv[2]).read_text().splitlines(), 1):
    report = json.loads(text)
    table = report["tables"][0]
    exec(line.partition("|")[0])
    folder = pathlib.Path(f"changed-{number}")
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(report))
EOF
    local number=0
    while IFS='|' read -r change words; do
        number=$((number + 1))
        OUT=changed-$number refused "$words" || {
            echo "after: $change"
            return 1
        }
    done <changes
    expect changes "$number" 28
}

@test "what had its back end elsewhere does not go on with another one" {
    stop_after 3
    sed -i 's/"plan": *{/&"backend": "ssh far",/' "$OUT/report.json"
    run_for 1 "$BIN/quartet" run --resume "$OUT"
    expect_output "it was measured with --backend ssh far, and can only go on like this"
    run_for 1 "$BIN/quartet" run --resume "$OUT" --backend "ssh near"
    expect_output "it was measured with --backend ssh far"
}

@test "another machine, other CPUs and other runners are refused" {
    stop_after 2
    cp "$OUT/report.json" good.json
    edit 'report["environment"].update(testbed="0", cpu_model="Zilog Z80")'
    refused "measured on another testbed ('cpu_model' differs)"
    cp good.json "$OUT/report.json"
    edit 'report["environment"]["cpus_allowed"] = "0,4095"'
    refused "measured on CPUs '0,4095', which cannot all be used now"
    cp good.json "$OUT/report.json"
    { cat "$ROOT/tests/driver/fake_runner" && echo "# another build"; } >new
    chmod +x new
    mv new "$FAKE/coroutine"
    refused "another build of 'coroutine'" "build commit"
    rm "$FAKE/coroutine"
    refused "there is no runner 'coroutine' any more"
    ln -s "$ROOT/tests/driver/fake_runner" "$FAKE/coroutine"
    resume 0
}

@test "what was pinned goes on pinned, and what differs is noted" {
    stop_after 2 --cpus "$(cpus 1)"
    edit 'report["environment"]["hyperfine"] = "1.2.3"'
    resume 0
    expect differences "$(json "$OUT/report.json" resumed.0.differences)" \
        "[[\"hyperfine\", \"1.2.3\", \"$(hyperfine --version | cut -d' ' -f2)\"]]"
}

@test "a time budget that had cut nothing yet begins anew, one that had is kept" {
    stop_after -1 --time-budget 1min
    expect fit "$(json "$OUT/report.json" plan.time_budget.rounds_fit)" null
    follows_schema
    resume 0
    expect_output "time budget 60.0 s: 6 of 6 rounds fit; "
    rm -r "$OUT" calls
    stop_after 2 --time-budget 1min
    resume 0
    [[ $output != *"rounds fit; "* ]]
    expect rounds "$(json "$OUT/report.json" tables.0.blocks | grep -o '"number"' | wc -l)" 6
}

@test "a table that was decided at a look stays so" {
    steady_times
    ln -s "$ROOT/tests/driver/fake_runner" "$FAKE/eventloop"
    # `counting` is decided at the first look. Of `waiting`, nothing can be told: in one
    # block (two runs and a twin) one model is slow, in the next the other.
    cat >"$FAKE/settings" <<EOF
slow=eventloop
if [ "\${1:-}" = waiting ]; then
    echo >>"$BATS_TEST_TMPDIR/waits"
    [ \$((\$(wc -l <"$BATS_TEST_TMPDIR/waits") / 3 % 2)) -eq 0 ] || slow=coroutine
fi
[ "\$model" != "\$slow" ] || FAKE_DELAY=0.06
EOF
    # Two warm-ups, 12 rounds of both, and 2 more of `waiting`: the 29th call hangs.
    stop_after 27 --profile rigorous --rounds 24 --models coroutine,eventloop \
        --workloads counting/one-cpu,waiting
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
assert [len(table["blocks"]) for table in report["tables"]] == [12, 14]
assert [table.get("decided_after") for table in report["tables"]] == [12, None]
EOF
    resume 0
    [[ $output != *counting/one-cpu,* ]]
    follows_schema
    expect rounds "$(json "$OUT/report.json" tables.0.blocks | grep -o '"number"' | wc -l)" 12
    expect decided "$(json "$OUT/report.json" tables.0.decided_after)" 12
}

@test "two resume at once: the second is refused, or waits and finds all done" {
    stop_after 2
    FAKE_DELAY=0.1 "$BIN/quartet" run --resume "$OUT" >/dev/null 2>first 3>&- &
    driver=$!
    eventually grep -q "round" first
    resume 1
    expect_output "process $driver" "--wait"
    resume 0 --wait
    expect_output "is complete"
    wait "$driver"
    follows_schema
}

@test "a resumed session is the latest again, and what a killed one left is removed" {
    cp "$BIN/quartet" "$BATS_TEST_TMPDIR/quartet"
    FAKE_DELAY=1 "$BATS_TEST_TMPDIR/quartet" run --workloads counting/one-cpu --rounds 1 \
        --accept-noise >/dev/null 2>&1 3>&- &
    driver=$!
    saved() { [ -s "$(echo results/*/report.json)" ]; }
    eventually saved
    kill -KILL "$driver"
    wait "$driver" || true
    folder=$(echo results/2*)
    touch "$folder/report.json.quartet-Ab12Cd.tmp" "$folder/report.json.quartet-notes"
    [ ! -e results/latest ]
    run_for 0 "$BATS_TEST_TMPDIR/quartet" run --resume "$folder" --wait
    expect latest "$(readlink results/latest)" "${folder#results/}"
    expect files "$(cd "$folder" && echo *)" "report.csv report.html report.json report.json.quartet-notes report.md"
}
