#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# distrust.bats - a sample that cannot have been as it says is refused by name, wherever a
# report is read (lies.py plants them) and while it is measured. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
}

@test "30 lies in a stored report: the row is not ranked, with the reason" {
    "$ROOT/tests/driver/make_report.py" >honest.json
    "$ROOT/tests/driver/report/lies.py" --list >lies
    expect "lies" "$(wc -l <lies)" 30
    run_for 0 "$BIN/quartet" report --width 1000 honest.json
    run ! grep -q "is not believed" <<<"$output"
    while IFS=$'\t' read -r name refusal; do
        "$ROOT/tests/driver/report/lies.py" "$name" <honest.json >report.json
        run_for 0 "$BIN/quartet" report --width 1000 report.json
        grep -q "^eventloop .*$refusal" <<<"$output" || {
            echo "$name: not refused with '$refusal'"
            grep "^eventloop" <<<"$output"
            false
        }
    done <lies
}

@test "a row whose library is loaded has run in the runner's other form, all of it" {
    local program='import json, sys
report = json.load(sys.stdin)
table = next(entry for entry in report["tables"] if entry["workload"] == "fetch")
cell = next(entry for entry in table["cells"] if entry["model"] == "eventloop")
report["environment"]["build"] = dict(cell["samples"][0]["record"]["build"], linked="static", libev="4.33")
runs = [cell["warmup"]] * bool(cell.get("warmup")) + cell["samples"]
for run in runs[int(sys.argv[1]):]:
    run["record"]["build"] = dict(run["record"]["build"], linked="dynamic", libev="4.33")
for run in runs[: int(sys.argv[1])]:
    run["record"]["build"] = dict(run["record"]["build"], linked="static", libev="4.33")
json.dump(report, sys.stdout)'
    "$ROOT/tests/driver/make_report.py" >honest.json
    python3 -c "$program" 0 <honest.json >loaded.json
    run_for 0 "$BIN/quartet" report --width 1000 loaded.json
    run ! grep -q "is not believed" <<<"$output"
    python3 -c "$program" 1 <honest.json >mixed.json
    run_for 0 "$BIN/quartet" report --width 1000 mixed.json
    expect_output "build has another 'linked'"
}

@test "the table of docs/distrust.md has each of them, with these words" {
    "$ROOT/tests/driver/report/lies.py" --list | sed 's/_/ /g' | while IFS=$'\t' read -r name refusal; do
        grep -qF "| $name |" "$ROOT/docs/distrust.md" || { echo "no row for '$name'" && false; }
    done
    expect "rows" "$(grep -c '^| .* | .* | [a-zA-Z ]*: ".*" |$' "$ROOT/docs/distrust.md")" 30
}

@test "exports leave the row out, and resume does not go on" {
    "$ROOT/tests/driver/make_report.py" >honest.json
    "$ROOT/tests/driver/report/lies.py" wall_of_1_ns <honest.json >report.json
    for format in hyperfine gobench gbench; do
        run_for 0 "$BIN/quartet" export --format $format honest.json
        expect_output "etch/eventloop" # Go writes BenchmarkFetch
        run_for 0 "$BIN/quartet" export --format $format report.json
        case $format in
        gbench) expect_output '"error_occurred": true' "shorter than its phases" ;;
        *) run ! grep -q "etch/eventloop" <<<"$output" ;;
        esac
    done
    run_for 0 "$BIN/quartet" export --format junit report.json
    expect_output "shorter than its phases"
}

@test "a stop-watch that runs ten times too slowly: run says so, and ends with 1" {
    steady_times
    FAKE_DELAY=0.0002 run_quartet 1 --models coroutine,eventloop
    expect_output "a run is not believed: its wall time is shorter than its phases"
}

@test "a run that is refused cannot be gone on with" {
    steady_times
    run_quartet 0 --models coroutine,eventloop
    python3 - "$OUT/report.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
report.update(complete=False, incomplete_reason="interrupted")
report["tables"][0]["cells"][0]["samples"][0]["wall_ns"] = 1
json.dump(report, open(sys.argv[1], "w"))
PYTHON
    run_for 1 "$BIN/quartet" run --resume "$OUT"
    expect_output "is not believed" "shorter than its phases"
}
