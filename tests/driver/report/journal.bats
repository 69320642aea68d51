#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The journal of a session that was killed: with it, the report is whole again; and what
# is no journal of this session is not believed. timeout: 300 s

load ../../common
load ../driver
load ../resume

rounds() {
    "$BIN/quartet" report "$1" --format json | python3 -IS -c 'import json, sys
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
    expect times "$(python3 -IS -c 'import json, sys
print(*[len(row["times"]) for row in json.load(sys.stdin)["results"]])' <<<"$output")" "3 3"
    run_for 0 "$BIN/quartet" compare "$OUT" "$OUT"
    run_for 0 "$BIN/quartet" baseline save killed "$OUT"
    expect rounds "$(rounds "$XDG_STATE_HOME"/quartet/*/baselines/killed.json)" "1 2 3"
    "$BIN/quartet" report "$OUT" --format json >before.json
    resume 0
    expect_output "[5/7] round 4 of 6"
    follows_schema
    expect files "$(cd "$OUT" && echo *)" "report.csv report.html report.json report.md"
    python3 -IS - before.json "$OUT/report.json" <<'EOF'
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
    python3 -IS - whole <<'EOF'
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
    expect files "$(cd "$OUT" && echo *)" "report.csv report.html report.json report.md"
    # The same at the very end: the journal has nothing more to say, whatever it says.
    cp journal "$OUT/report.json.journal"
    echo "nonsense" >>"$OUT/report.json.journal"
    expect rounds "$(rounds "$OUT")" "1 2 3 4 5 6"
    resume 0
    expect_output "is complete: there is nothing to resume"
    expect files "$(cd "$OUT" && echo *)" "report.csv report.html report.json report.md"
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
    python3 -IS - "$OUT" changes <<'EOF'
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
