#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet calibrate` with runners that do no work: what it stores, where, and what
# `quartet check` makes of it. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    steady_times
    export FAKE_DELAY=0.01
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
}

# calibrate CODE [OPTION...]: of one small table.
calibrate() {
    local code=$1
    shift
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" calibrate --rounds 8 --seed 3 --workloads counting/one-cpu \
        --models coroutine --accept-noise "$@"
}

# The same with a copy of the program, which keeps its results here and not in the source
# tree, so that the calibration goes where it usually does.
calibrate_here() {
    cp "$BIN/quartet" quartet
    run_for 0 ./quartet calibrate --rounds 8 --workloads counting/one-cpu --accept-noise "$@"
    STORED=$(echo "$XDG_STATE_HOME"/quartet/*/calibration.json)
    [ -f "$STORED" ]
}

# A gate of the build beside itself, with the stored calibration.
check() {
    rm -rf "$OUT"
    [ -d base ] || cp -r "$FAKE" base
    run_for "${CHECK_CODE:-0}" "$BIN/quartet" check --no-counters --base base -o "$OUT" --rounds 8 --seed 3 \
        --workloads counting/one-cpu --models coroutine --accept-noise "$@"
}

# Writes a value into the stored calibration: set_stored cells.0.metrics.wall_ns.floor 2
set_stored() {
    python3 -IS - "$STORED" "$@" <<'EOF'
import json, sys
path, keys, value = sys.argv[1:]
document = place = json.load(open(path))
*steps, last = keys.split(".")
for step in steps:
    place = place[int(step)] if isinstance(place, list) else place[step]
place[last] = json.loads(value)
json.dump(document, open(path, "w"))
EOF
}

@test "a row that dies in either copy is exit 1 with the reason, and no floor" {
    local n
    for n in 2 3; do # of the runs that are measured, which are those of both copies in turn
        rm -f "$BATS_TEST_TMPDIR"/ran.*
        cat >"$FAKE/settings" <<SETTINGS
case "\$* " in
*"--memory "* | --describe*) ;;
*)
    count=0
    while [ -e "$BATS_TEST_TMPDIR/ran.\$count" ]; do count=\$((count + 1)); done
    : >"$BATS_TEST_TMPDIR/ran.\$count"
    [ \$count -ne $n ] || FAKE_coroutine=signal
    ;;
esac
SETTINGS
        calibrate 1 -o "$OUT"
        expect_output "counting/one-cpu coroutine" "ended by signal 11"
        [[ $output != *nan* ]]
        [ ! -e "$OUT/calibration.json" ]
    done
}

@test "a floor for each row and metric; every block holds each runner twice and a twin" {
    calibrate 0 --models coroutine,multithread -o "$OUT"
    expect_output "counting/one-cpu" "coroutine" "multithread" "false alarms" "of 1000"
    follows_schema "$OUT/calibration.json" "$OUT/report.json"
    python3 -IS - "$OUT" <<'EOF'
import json, sys
known = json.load(open(sys.argv[1] + "/calibration.json"))
report = json.load(open(sys.argv[1] + "/report.json"))
table, = report["tables"]
assert [len(block["order"]) for block in table["blocks"]] == [5] * 8
assert known["testbed"] == report["environment"]["testbed"]
assert sorted(cell["row"] for cell in known["cells"]) == ["coroutine", "multithread"]
for cell in known["cells"]:
    wall = cell["metrics"]["wall_ns"]
    assert wall["n"] == 8 and wall["sessions"] == 1000 and 0 < wall["floor"] < 2, wall
    assert wall["low"] <= wall["ratio"] <= wall["high"]
    assert cell["metrics"]["minor_faults"]["floor"] == 0  # always one, says the runner
    assert cell["primary"] == "wall_ns" and "layout" not in cell  # no links here
    finds = cell["finds"]  # of two rows; and what links make of them is not known
    assert finds["slowdown"] >= 0.05 and 9 <= finds["pairs"] <= 60, finds
    # And what stands beside the runs, which is nothing where the clock of the runs is not ours.
    assert finds["duration_ns"] >= 3 * finds["pairs"] * wall["median"] - 1, finds
EOF
    [ ! -e "$XDG_STATE_HOME" ]
    nothing_left
}

@test "a run that takes longer now and then makes the floor higher" {
    cat >"$FAKE/settings" <<EOF
[ "\${1:-}" = --describe ] || echo >>"$BATS_TEST_TMPDIR/runs"
[ \$((\$(cat "$BATS_TEST_TMPDIR/runs" 2>/dev/null | wc -l) % 3)) -ne 0 ] || FAKE_DELAY=0.2
EOF
    calibrate 0 -o "$OUT"
    python3 -IS -c "assert $(json "$OUT/calibration.json" cells.0.metrics.wall_ns.floor) > 0.2"
}

@test "links of the build take turns on both sides, and are compared" {
    local link path
    path=$(readlink -f "$FAKE")
    for link in $(seq 8); do
        mkdir -p "$path/../links/$link"
        cp "$FAKE"/* "$path/../links/$link/"
        touch "$path/../links/$link"/*
    done
    # Of the second four, each run takes twice as long.
    for link in 5 6 7 8; do
        echo 'FAKE_DELAY=0.03' >"$path/../links/$link/settings"
    done
    calibrate 0 --rounds 20 --threshold 50% -o "$OUT"
    follows_schema "$OUT/calibration.json"
    python3 -IS - "$OUT" <<'EOF'
import json, sys
cell, = json.load(open(sys.argv[1] + "/calibration.json"))["cells"]
assert cell["layout"]["links"] == 8
assert cell["layout"]["floor"] > max(0.5, cell["layout"]["limit"]), cell["layout"]
EOF
}

@test "it is stored for this machine, and what was not measured again stays" {
    calibrate_here --models coroutine
    expect_output "calibration: $STORED"
    follows_schema "$STORED"
    expect folder "$(basename "$(dirname "$STORED")")" "$(json "$STORED" testbed)"
    calibrate_here --models multithread
    expect rows "$(json "$STORED" cells.0.row) $(json "$STORED" cells.1.row)" \
        "multithread coroutine"
}

@test "--format json prints what is stored" {
    calibrate 0 -o "$OUT" --format text
    "$BIN/quartet" calibrate --rounds 8 --workloads counting/one-cpu --models coroutine \
        --accept-noise -o other --format json 2>/dev/null >printed.json
    cmp printed.json other/calibration.json
}

@test "check raises its threshold by the floor that is known, and says so" {
    calibrate_here --models coroutine
    set_stored cells.0.metrics.wall_ns.floor 3
    check --threshold 50%
    expect_output "calibration: of 20" "knows 1 of these rows" \
        "threshold of counting/one-cpu coroutine, wall: 450.0 %" "of the calibration"
    follows_schema "$OUT/report.json"
    expect floor "$(json "$OUT/report.json" tables.0.cells.0.floors.wall_ns)" 3.0
    expect source "$(json "$OUT/report.json" gate.comparisons.0.threshold_from)" calibration
    set_stored cells.0.metrics.wall_ns.floor 0.0001
    check --threshold 100%
    [[ $output != *"of the calibration"* ]]
}

@test "a calibration of other work is not used" {
    calibrate_here --models coroutine --tasks 50 --concurrency 2
    set_stored cells.0.metrics.wall_ns.floor 3
    check --threshold 100%
    expect_output "knows 0 of these rows"
}

@test "a foreign, outdated, damaged or future calibration is named and ignored" {
    calibrate_here --models coroutine
    set_stored cells.0.metrics.wall_ns.floor 3
    cp "$STORED" good
    set_stored testbed '"0123456789abcdef"'
    check
    expect_output "$STORED" "is of another machine" "calibration: ignored"
    cp good "$STORED"
    set_stored started_utc '"2020-01-01T00:00:00Z"'
    check
    expect_output "is outdated" "2020-01-01" "calibrate again"
    head -c 300 good >"$STORED"
    check
    expect_output "is not valid JSON" "it is ignored"
    cp good "$STORED"
    set_stored schema '"quartet.calibration/2"'
    check
    expect_output "no calibration that this version can read"
    cp good "$STORED"
    set_stored cells.0.metrics.wall_ns.floor -1
    run "$ROOT/tests/schema/validate.py" "$STORED"
    [ "$status" -eq 1 ] || [ "$status" -eq 77 ]
    check
    expect_output "knows 1 of these rows" # its other figures
    [[ $output != *"of the calibration"* ]]
}

@test "a wrong answer is exit 1, and nothing is stored" {
    echo 'FAKE_coroutine=wrong' >"$FAKE/settings"
    calibrate 1 -o "$OUT"
    expect_output "the sum is 4, not 5"
    [ ! -e "$OUT/calibration.json" ]
    nothing_left
}

@test "too little time for six pairs is exit 1 and says what to do" {
    real_times
    FAKE_DELAY=0.3 calibrate 1 -o "$OUT" --time-budget 2s
    expect_output "no row has the 6 pairs" "more time"
    [ ! -e "$OUT/calibration.json" ]
}

@test "usage errors are exit 2 and name the option" {
    calibrate 2 --rounds 5
    expect_output "--rounds" "6 to 100"
    calibrate 2 --threshold x
    expect_output "--threshold"
    calibrate 2 --workloads nosuch
    expect_output "no workload 'nosuch'"
}

@test "Ctrl-C keeps what was stored before, and is exit 130" {
    real_times
    calibrate_here --models coroutine
    cp "$STORED" before
    env --default-signal=INT ./quartet calibrate --rounds 100 --workloads counting/one-cpu \
        --accept-noise >/dev/null 2>stderr 3>&- &
    driver=$!
    eventually grep -q 'round 3 of 100' stderr
    kill -INT "$driver"
    wait "$driver" || code=$?
    expect "exit code" "$code" 130
    cmp before "$STORED"
    nothing_left
}

# Each row has one metric that decides, and this is not it, whatever is known of its noise.
@test "more context switches explain, and decide nothing" {
    cp -r "$FAKE" base
    echo 'FAKE_SWITCHES=1000' >base/settings
    echo 'FAKE_SWITCHES=3000' >"$FAKE/settings"
    check --rounds 10 --threshold 100%
    expect_output "switches" "REGRESSION: only explains, and does not decide" "PASS"
    rm "$FAKE/settings"
    calibrate_here --models coroutine
    set_stored cells.0.metrics.voluntary_switches.floor 0.01
    echo 'FAKE_SWITCHES=3000' >"$FAKE/settings"
    check --rounds 10 --threshold 100%
    expect_output "switches" "REGRESSION: only explains, and does not decide" "PASS"
}
