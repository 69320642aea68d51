#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet run` with the real runners at small sizes, and other versions of hyperfine.
# timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    validate=$ROOT/tests/schema/validate.py
}

follows_schema() {
    local code=0
    "$validate" "$OUT/report.json" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
}

@test "all models compute, wait, exchange and spawn, and did equal work" {
    need_hyperfine
    export QUARTET_RUNNERS=$BIN
    local optimised=''
    [[ $BUILD == */release ]] || optimised=--allow-unoptimised
    # shellcheck disable=SC2086 # one word or none
    run timeout -k 5 200 "$BIN/quartet" run -o "$OUT" --profile quick --rounds 1 --tasks 12 --accept-noise \
        --concurrency 4 $optimised
    echo "$output"
    [ "$status" -eq 0 ]
    follows_schema
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["complete"]
for table in report["tables"]:
    assert table["verification"]["equal_work"] is True, table["id"]
    for cell in table["cells"]:
        alone = cell["model"] == "sequential" and "waits for another" in (cell["reason"] or "")
        assert cell["status"] in ("ok", "skipped") or alone, (cell["id"], cell["reason"])
        assert len(cell["samples"]) == (cell["status"] == "ok")
workloads = {table["workload"] for table in report["tables"]}
assert {"primes", "mandelbrot", "sleep", "fetch", "spawn"} <= workloads, workloads
EOF
    nothing_left
}

@test "a calibration, a report to compare with another, and a gate beside itself, for real" {
    need_hyperfine
    [[ $BUILD == */release ]] || skip "times of an unoptimised build say nothing"
    export QUARTET_RUNNERS=$BIN XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
    local small=(--workloads sleep --models "coroutine,eventloop" --tasks 50 --rounds 10 --accept-noise)
    run_for 0 "$BIN/quartet" calibrate "${small[@]}" -o "$OUT"
    expect_output "coroutine" "eventloop" "of 1000"
    "$validate" "$OUT/calibration.json" || [ $? -eq 77 ]
    for name in old new; do run_for 0 "$BIN/quartet" run "${small[@]}" -o $name; done
    run_for 0 "$BIN/quartet" compare old new
    expect_output "sleep" "coroutine" "eventloop"
    run_for 0 "$BIN/quartet" check --base "$BIN" "${small[@]}" --threshold 100% -o gate
    # Exit 0: nothing has become slower. Whether all could be decided is up to the machine.
    expect_output "base: build" "coroutine              wall" "eventloop              wall"
    [[ $output == *"PASS: no row became slower"* || $output == *"UNDECIDED: "* ]]
}

@test "reports follow the schema, complete or not, with failures and without" {
    need_hyperfine
    FAKE_coroutine=wrong FAKE_eventloop=dnf FAKE_multithread=silent run_quartet 1
    follows_schema
    fake_hyperfine <<<'exit 1'
    run_quartet 1
    follows_schema
}

@test "the sessions of two equal seeds have the same order, table by table" {
    need_hyperfine
    run_for 0 "$BIN/quartet" run -o one --seed 11 --rounds 4 --accept-noise
    run_for 0 "$BIN/quartet" run -o two --seed 11 --rounds 4 --workloads waiting --accept-noise
    python3 -IS - <<'EOF'
import json
orders = [{table["id"]: [block["order"] for block in table["blocks"]]
           for table in json.load(open(name + "/report.json"))["tables"]}
          for name in ("one", "two")]
assert orders[0]["waiting"] == orders[1]["waiting"]
EOF
}

# Later versions write more: memory of each command, and a name beside the command.
@test "the results of later versions of hyperfine are understood" {
    mkdir -p bin
    cat >bin/hyperfine <<'EOF'
#!/usr/bin/env python3
import argparse, json, os, shlex, subprocess, sys, time
if sys.argv[1:] == ["--version"]:
    print("hyperfine " + os.environ["VERSION"])
    sys.exit()
parser = argparse.ArgumentParser()
for flag in ("-N", "-i"):
    parser.add_argument(flag, action="store_true")
for option in ("-r", "-w", "--style", "--output", "--export-json"):
    parser.add_argument(option, required=True)
parser.add_argument("-n", action="append")
parser.add_argument("commands", nargs="+")
options = parser.parse_args()
results = []
for name, command in zip(options.n, options.commands, strict=True):
    begin = time.monotonic()
    code = subprocess.call(shlex.split(command))
    wall = time.monotonic() - begin
    results.append({"command": name, "mean": wall, "stddev": None, "median": wall,
                    "user": 0.001, "system": 0.001, "min": wall, "max": wall,
                    "times": [wall], "memory_usage_byte": [1048576], "exit_codes": [code]})
exported = {"results": results}
if os.environ["VERSION"] >= "2":
    def figure(seconds):
        return {"value": seconds * 1e3, "unit": "millisecond"}
    exported = {"schema_version": 2, "results": [
        {"name": entry["command"], "command": "...", "measurements": [
            {"time_wall_clock": figure(entry["mean"]), "time_user": figure(0.001),
             "time_system": figure(0.001), "exit_code": entry["exit_codes"][0]}]}
        for entry in results]}
json.dump(exported, open(options.export_json, "w"))
EOF
    chmod +x bin/hyperfine
    export PATH=$PWD/bin:$PATH
    for version in 1.20.0 2.0.0; do
        VERSION=$version FAKE_coroutine=wrong run_quartet 1
        expect version "$(json "$OUT/report.json" environment.hyperfine)" $version
        expect ok "$(json "$OUT/report.json" tables.0.cells.0.status)" ok
        expect "user time" "$(json "$OUT/report.json" tables.0.cells.0.samples.0.user_ns)" 1000000
        expect wrong "$(json "$OUT/report.json" tables.0.cells.3.reason)" "the sum is 4, not 5"
    done
    VERSION=1.12.0 run_for 77 "$BIN/quartet" run -o never
    expect_output "hyperfine 1.12.0 is too old" "1.13 or later"
    [ ! -e never ]
}
