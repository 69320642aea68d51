#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# campaign.bats - the script behind `make campaign`, with runners that do no work and
# gates by a steady stop-watch: it tells slower builds from equal ones, continues, and ends.

load ../common
load ../driver/driver

setup() {
    driver_setup
    steady_times
    make_build
    STATE=$BATS_TEST_TMPDIR/state
}

# A build as the Makefile leaves it, of which the planted runners take much longer.
make_build() {
    local model link plant
    mkdir -p build/bin
    cp "$BIN/quartet" build/bin/
    for model in $MODELS; do
        sed '/^set -eu/a FAKE_DELAY=0.02' "$ROOT/tests/driver/fake_runner" >"build/bin/$model"
        for plant in kernel verbs scheduler tail; do
            mkdir -p "build/planted/$plant/bin"
            sed '/^set -eu/a FAKE_DELAY=0.15' "$ROOT/tests/driver/fake_runner" \
                >"build/planted/$plant/bin/$model"
        done
    done
    chmod +x build/bin/* build/planted/*/bin/*
    for link in {1..8}; do
        mkdir -p "build/links/$link"
        cp build/bin/* "build/links/$link/"
    done
    for link in 1 2 3 4; do
        for plant in build/planted/*; do
            mkdir -p "$plant/links/$link"
            cp "$plant"/bin/* "$plant/links/$link/"
        done
    done
}

# A campaign that begins with sizes of plants, which fake runners could not tell.
know_turns() {
    campaign 0 --equal 1
    python3 -IS - "$STATE/campaign.json" <<'END'
import json, sys
data = json.load(open(sys.argv[1]))
data["turns"] = {f"{plant}-coroutine-0.05": 1 for plant in ("kernel", "verbs", "scheduler")}
json.dump(data, open(sys.argv[1], "w"))
END
}

# campaign CODE TRIES-AND-OPTIONS...
campaign() {
    local code=$1
    shift
    run_for "$code" "$ROOT/tests/campaign/run" --build build --state "$STATE" \
        --workloads counting/one-cpu --models coroutine --equal 0 --relinked 0 --slow5 0 \
        --slow3 0 --tail 0 --load-equal 0 --load-slow5 0 "$@" -- \
        --rounds 8 --accept-noise --no-counters --threshold 100%
}

tries() {
    python3 -IS -c 'import json, sys
for one in json.load(open(sys.argv[1]))["tries"]:
    print(one["kind"], one["model"], one["verdict"], one["outcome"])' "$STATE/campaign.json"
}

@test "what is tried is judged, and a campaign continues where it was" {
    know_turns
    [[ $(tries) == "equal None PASS right" ]]
    campaign 0 --slow5 1 --equal 1
    expect_output "continues that of" "[2/2] slow5-001" "2 of 2 tries" "right 1 of 1" "nothing wrong"
    expect tries "$(tries | cut -d ' ' -f 1 | tr '\n' ' ')" "equal slow5 "
    [[ $(tries) == *"slow5 coroutine REGRESSION right" ]]
    campaign 0 --slow5 1 --equal 1 --relinked 1
    [[ $(tries) == *"relinked None PASS right" ]]
    [ "$(tries | wc -l)" -eq 3 ]
    [ -s "$STATE/tries/equal-001/report.json.gz" ]
    local code=0
    "$ROOT/tests/schema/validate.py" "$STATE/campaign.json" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
    nothing_left
}

@test "a gate that blames a model that nobody has touched is wrong" {
    know_turns
    local link
    touch "$STATE/builds/kernel/bin/coroutine" # else it would be a link of an earlier build
    for link in 1 2 3 4; do
        mkdir -p "$STATE/heads/relinked/links/$link"
        ln -s "$STATE/builds/kernel/bin/coroutine" "$STATE/heads/relinked/links/$link/coroutine"
    done
    campaign 1 --equal 1 --relinked 1
    expect_output "wrong: counting/one-cpu" "wall_ns REGRESSION" "relinked-001 is wrong"
}

@test "a gate that fails ends the campaign, and is tried again" {
    know_turns
    sed -i 's/^set -eu/FAKE_coroutine=failed\n&/' "$STATE"/builds/*/bin/coroutine "$STATE"/builds/*/links/*/coroutine
    campaign 1 --equal 1 --slow5 1
    expect_output "failed: exit code 1"
    expect tries "$(tries | wc -l)" 1
    campaign 1 --equal 1 --slow5 1
}

@test "Ctrl-C ends the gate, too, and nothing is lost" {
    real_times
    sed -i 's/FAKE_DELAY=0.02/FAKE_DELAY=0.5/' build/bin/*
    "$ROOT/tests/campaign/run" --build build --state "$STATE" --workloads counting/one-cpu \
        --models coroutine --slow3 0 --load-equal 0 --load-slow5 0 -- --accept-noise \
        >/dev/null 2>&1 3>&- &
    local code=0 pid=$! gate
    eventually grep -rqs "warm-up of" "$STATE/tries"
    mapfile -t gate < <(descendants "$pid")
    [ "${#gate[@]}" -gt 0 ]
    kill -TERM "$pid"
    wait "$pid" || code=$?
    expect "exit code" "$code" 130
    all_gone "${gate[@]}"
    expect tries "$(tries)" ""
    nothing_left
}

@test "two at once, other options, and foreign folders are refused" {
    campaign 0 --equal 1
    run_for 1 "$ROOT/tests/campaign/run" --build build --state "$STATE" --seed 2
    expect_output "has other options"
    run_for 1 flock "$STATE" "$ROOT/tests/campaign/run" --build build --state "$STATE"
    expect_output "another campaign is running"
    mkdir elsewhere
    echo '{}' >elsewhere/campaign.json
    run_for 1 "$ROOT/tests/campaign/run" --state elsewhere
    expect_output "is no campaign"
    run_for 77 "$ROOT/tests/campaign/run" --state nowhere --table
    expect_output "no campaign has been run yet"
    run_for 2 "$ROOT/tests/campaign/run" --equal -1
}

@test "tries, outcomes, bounds and load" {
    run_for 0 python3 "$ROOT/tests/campaign/test_campaign.py"
}
