#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet run --resume`: what was measured stays, what is missing follows in the order
# that the seed gives, and what does not belong together is refused. timeout: 600 s

load ../common
load driver

setup() {
    # Few, so that sessions are short.
    # shellcheck disable=SC2034 # driver_setup reads it
    MODELS="sequential coroutine"
    driver_setup
    need_hyperfine
}

# stop_after N [OPTION...]: a session of six rounds in $OUT is interrupted after N of
# them, by a hyperfine that hangs; with SIGNAL=KILL it is killed there.
stop_after() {
    local calls=$(($1 + 2)) real code=0 wanted=130 victims
    shift
    real=$(command -v hyperfine)
    fake_hyperfine <<END
echo >>"$BATS_TEST_TMPDIR/calls"
[ "\$(wc -l <"$BATS_TEST_TMPDIR/calls")" -lt $calls ] || exec sleep 600
exec "$real" "\$@"
END
    start_quartet --rounds 6 "$@"
    called() { [ "$(grep -c '' "$BATS_TEST_TMPDIR/calls" 2>/dev/null)" = "$calls" ]; }
    # A session may be long before the one call that hangs: six times five seconds.
    eventually called || eventually called || eventually called || eventually called ||
        eventually called || eventually called
    eventually runner_hangs
    victims=$(descendants "$driver")
    kill -"${SIGNAL:-INT}" "$driver"
    wait "$driver" || code=$?
    [ "${SIGNAL:-INT}" = INT ] || wanted=137
    expect "exit code" "$code" "$wanted"
    # shellcheck disable=SC2086 # a list of numbers
    eventually all_gone $victims
    rm bin/hyperfine
    hash -r
}

resume() {
    run_for "$1" "$BIN/quartet" run --resume "$OUT" "${@:2}"
}

# edit STATEMENTS: changes `report`, the report as Python sees it.
edit() {
    python3 - "$OUT/report.json" "$1" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(report, open(sys.argv[1], "w"))
END
}

# refused WORDS...: exit 1, one line with these words, and the report is as it was.
refused() {
    local before
    before=$(sha256sum "$OUT/report.json")
    resume 1 && expect_output "cannot resume '$OUT'" "$@" &&
        expect lines "$(grep -c . <<<"$output")" 1 &&
        expect report "$(sha256sum "$OUT/report.json")" "$before" && nothing_left
}

follows_schema() {
    local code=0
    "$ROOT/tests/schema/validate.py" "$OUT/report.json" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
}

orders() {
    python3 -c 'import json, sys
print([b["order"] for t in json.load(open(sys.argv[1]))["tables"] for b in t["blocks"]])' "$1/report.json"
}

@test "fifty random moments: nothing is lost, nothing is left, all is completed" {
    # Seconds on a machine that has nothing else to do.
    run timeout -k 5 400 "$ROOT/tests/driver/stop_anywhere.py" "$BIN/quartet" \
        "$BATS_TEST_TMPDIR" --moments 50
    echo "$output"
    expect status "$status" 0
    expect_output "50 stops"
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
    python3 - before.json "$OUT/report.json" <<'EOF'
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
rounds() {
    "$BIN/quartet" report "$1" --format json | python3 -c 'import json, sys
print(*[b["round"] for b in json.load(sys.stdin)["tables"][0]["blocks"]])'
}

# Each line of the journal follows its schema.
journal_follows_schema() {
    local line code=0
    while read -r line; do
        "$ROOT/tests/schema/validate.py" - <<<"$line" || code=$?
        [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
    done <"$OUT/report.json.journal"
}

@test "a killed session: its blocks are in the journal, all commands read it, and it goes on" {
    SIGNAL=KILL stop_after 3
    expect files "$(cd "$OUT" && echo *)" "report.json report.json.journal"
    expect blocks "$(json "$OUT/report.json" tables.0.blocks)" "[]"
    expect lines "$(grep -c '' "$OUT/report.json.journal")" 3
    journal_follows_schema
    # Whether the folder or the file is named.
    expect rounds "$(rounds "$OUT"), $(rounds "$OUT/report.json")" "1 2 3, 1 2 3"
    run_for 0 "$BIN/quartet" report "$OUT"
    expect_output "INCOMPLETE: the session is still running, or was killed" "3 rounds"
    run_for 0 "$BIN/quartet" export --format hyperfine "$OUT"
    expect times "$(python3 -c 'import json, sys
print(*[len(row["times"]) for row in json.load(sys.stdin)["results"]])' <<<"$output")" "3 3"
    run_for 0 "$BIN/quartet" compare "$OUT" "$OUT"
    run_for 0 "$BIN/quartet" baseline save killed "$OUT"
    expect rounds "$(rounds "$XDG_STATE_HOME"/quartet/*/baselines/killed.json)" "1 2 3"
    "$BIN/quartet" report "$OUT" --format json >before.json
    resume 0
    expect_output "[5/7] round 4 of 6"
    follows_schema
    expect files "$(cd "$OUT" && echo *)" "report.csv report.json report.md"
    python3 - before.json "$OUT/report.json" <<'EOF'
import json, sys
before, after = (json.load(open(name)) for name in sys.argv[1:])
entry, = after["resumed"]
assert entry["blocks"] == 3 and entry["after_ns"] == before["duration_ns"], entry
old, new = before["tables"][0], after["tables"][0]
assert new["blocks"][:3] == old["blocks"]
assert old["blocks"][2]["started_ns"] < before["duration_ns"] < new["blocks"][3]["started_ns"]
for was, is_ in zip(old["cells"], new["cells"]):
    assert len(was["samples"]) == 3 and is_["samples"][:3] == was["samples"]
    assert is_["twins"][:len(was["twins"])] == was["twins"] and was["reason"] is None
assert sum(len(cell["twins"]) for cell in old["cells"]) == 3
EOF
    nothing_left
}

@test "a journal that is torn anywhere loses the torn block alone" {
    SIGNAL=KILL stop_after 3
    cp -r "$OUT" whole
    python3 - whole <<'EOF'
import pathlib, random, sys
text = pathlib.Path(sys.argv[1], "report.json.journal").read_bytes()
ends = [place for place, byte in enumerate(text, 1) if byte == ord("\n")]
assert len(ends) == 3 and ends[-1] == len(text)
cuts = {0, 1, len(text) - 1, *ends, *(end - 1 for end in ends), *(end + 1 for end in ends[:2])}
cuts |= set(random.Random(5).sample(range(len(text)), 12))
report = pathlib.Path(sys.argv[1], "report.json").read_text()
for number, cut in enumerate(sorted(cuts)):
    folder = pathlib.Path(f"torn-{number:02}")
    folder.mkdir()
    (folder / "report.json").write_text(report)
    # What a disk has not written yet may read as zeros.
    (folder / "report.json.journal").write_bytes(text[:cut] + bytes(number % 2 * 100))
    (folder / "wanted").write_text(" ".join("123"[:sum(end <= cut for end in ends)]))
EOF
    local folder
    for folder in torn-*; do
        expect "$folder" "$(rounds "$folder")" "$(cat "$folder/wanted")"
    done
    # Somewhere in the third line: what is added later does not follow half a line.
    head -c -100 whole/report.json.journal >"$OUT/report.json.journal"
    resume 0
    expect_output "[4/7] round 3 of 6"
    expect rounds "$(rounds "$OUT")" "1 2 3 4 5 6"
    follows_schema
}

@test "blocks that are in the report and in the journal count once" {
    SIGNAL=KILL stop_after 3
    cp "$OUT/report.json.journal" journal
    "$BIN/quartet" report "$OUT" --format json >whole.json
    # Killed after the report was renamed, and before the journal was removed.
    cp whole.json "$OUT/report.json"
    expect rounds "$(rounds "$OUT")" "1 2 3"
    resume 0
    expect rounds "$(rounds "$OUT")" "1 2 3 4 5 6"
    expect files "$(cd "$OUT" && echo *)" "report.csv report.json report.md"
    # The same at the very end: the journal has nothing more to say, whatever it says.
    cp journal "$OUT/report.json.journal"
    echo "nonsense" >>"$OUT/report.json.journal"
    expect rounds "$(rounds "$OUT")" "1 2 3 4 5 6"
    resume 0
    expect_output "is complete: there is nothing to resume"
    expect files "$(cd "$OUT" && echo *)" "report.csv report.json report.md"
}

@test "a journal that is none of this session is refused, and left as it is" {
    SIGNAL=KILL stop_after 3
    cat >changes <<'EOF'
line['schema'] = 'quartet.journal/2'|line 2 of its journal is of the schema 'quartet.journal/2', and this version reads 'quartet.journal/1'
del line['schema']|is of the schema 'none'
line['session'] = '2020-01-01T00:00:00Z'|line 2 of its journal belongs to another session, that of 2020-01-01T00:00:00Z
line['session'] = 7|belongs to another session
line['table'] = 'primes/one-cpu'|is of a table that is not there: 'primes/one-cpu'
line['table'] = None|is of a table that is not there
line['block']['number'] = 3|is not block 2 of 'counting/one-cpu'
line['block']['number'] = 0|is not block 2
line['block']['number'] = '2'|is not block 2
line['block'] = [2]|is not block 2
del line['block']|is not block 2
del line['cells']|does not hold all of a block
del line['duration_ns']|does not hold all of a block
line['cells'][0]['id'] = 'fiber'|does not hold all of a block
line['cells'][0] = 5|does not hold all of a block
del line['cells'][0]['status']|does not hold all of a block
del line['cells'][0]['samples']|does not hold all of a block
line['cells'][0]['twins'] = {}|does not hold all of a block
line['cells'][0]['status'] = 'fine'|status is 'fine', must be
line['cells'][0]['reason'] = 5|cells[0].reason must be a string
line['cells'][0]['samples'] = [5]|samples[1] must be an object
line['block']['valid'] = 'yes'|blocks[1].valid must be true or false
line = 5|line 2 of its journal is not valid JSON
line = 'x' * 10**6|line 2 of its journal is not valid JSON
line = ''|line 2 of its journal is not valid JSON
line = []|is of the schema 'none'
EOF
    python3 - "$OUT" changes <<'EOF'
import json, pathlib, sys
lines = pathlib.Path(sys.argv[1], "report.json.journal").read_text().splitlines()
for number, change in enumerate(pathlib.Path(sys.argv[2]).read_text().splitlines(), 1):
    line = json.loads(lines[1])
    exec(change.partition("|")[0])
    text = line if isinstance(line, str) else json.dumps(line)
    pathlib.Path(f"journal-{number}").write_text(f"{lines[0]}\n{text}\n")
EOF
    local number=0 before
    while IFS='|' read -r change words; do
        number=$((number + 1))
        cp "journal-$number" "$OUT/report.json.journal"
        before=$(sha256sum "$OUT"/*)
        run_for 1 "$BIN/quartet" report "$OUT"
        expect_output "cannot use '$OUT/report.json': " "$words" || {
            echo "after: $change"
            return 1
        }
        expect lines "$(grep -c . <<<"$output")" 1
        expect files "$(sha256sum "$OUT"/*)" "$before"
    done <changes
    expect changes "$number" 26
    # --resume reads as `report` does.
    cp journal-1 "$OUT/report.json.journal"
    before=$(sha256sum "$OUT"/*)
    refused "is of the schema 'quartet.journal/2'" "without the journal"
    expect files "$(sha256sum "$OUT"/*)" "$before"
    rm "$OUT/report.json.journal"
    mkfifo "$OUT/report.json.journal"
    refused "cannot read '$OUT/report.json.journal': "
    rm "$OUT/report.json.journal"
    resume 0
    expect_output "round 1 of 6"
}

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
report['duration_ns'] = -5|its duration_ns makes no sense
del table['blocks'][0]|block 1 of 'counting/one-cpu' is not its round 1
table['blocks'][2]['round'] = 2|is not its round 3
table['blocks'][2]['order'].pop()|is not in the order
table['blocks'][1]['order'] = 5|is not in the order
table['cells'][0]['command'] = ['sequential', 7]|has no command
table['cells'][0]['command'] = []|has no command
table['cells'][0]['twins'] = None|has no list of twins
table['cells'][0].update(status='skipped', reason='not run yet')|was measured before its warm-up
table['cells'] = table['cells'] * 2|have the same id
table['cells'] = [{**table['cells'][0], 'id': f'cell-{i}'} for i in range(70)]|with more than 64
table['cells'] = []|one without cells
table['cells'][0]['model'] = 'fiber'|there is no runner 'fiber' any more
report['tables'] = [{**table, 'id': f'table-{i}'} for i in range(200)]|more than 128 tables
EOF
    # One folder each, made in one go.
    python3 - "$OUT/report.json" changes <<'EOF'
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
    expect changes "$number" 22
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
    stop_after -1 --time-budget 1m
    expect fit "$(json "$OUT/report.json" plan.time_budget.rounds_fit)" null
    follows_schema
    resume 0
    expect_output "time budget 60.0 s: 6 of 6 rounds fit; "
    rm -r "$OUT" calls
    stop_after 2 --time-budget 1m
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
    python3 - "$OUT/report.json" <<'EOF'
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
    touch "$folder/report.json.quartet-Ab12Cd" "$folder/report.json.backup"
    [ ! -e results/latest ]
    run_for 0 "$BATS_TEST_TMPDIR/quartet" run --resume "$folder" --wait
    expect latest "$(readlink results/latest)" "${folder#results/}"
    expect files "$(cd "$folder" && echo *)" "report.csv report.json report.json.backup report.md"
}
