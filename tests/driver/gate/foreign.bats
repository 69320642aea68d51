#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet check` with programs of anybody beside our own: each is decided in its own row. The
# times are planted, and so short that the CPU time that the programs claim is believed. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    steady_times
    BASE=$BATS_TEST_TMPDIR/base
    cp -r "$FAKE" "$BASE"
    export FAKE_DELAY=0.004
    add_program mine
}

add_program() { # FOLDER
    mkdir -p "$1"
    cp "$ROOT/tests/driver/fake_runner" "$1/prog"
    chmod +x "$1/prog"
}

check() { # CODE [OPTION...]
    local code=$1
    shift
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" check --no-counters -o "$OUT" --rounds 11 --seed 3 --accept-noise \
        --workloads counting/one-cpu --base "$@"
}

# verdict ROW: of its wall time
verdict() {
    python3 -IS -c 'import json, sys
print(next(c["verdict"] for c in json.load(open(sys.argv[1]))["gate"]["comparisons"]
           if c["row"] == sys.argv[2] and c["metric"] == "wall_ns"))' "$OUT/report.json" "$1"
}

@test "a slower program is a REGRESSION in its own row and leaves the others alone" {
    add_program older
    echo 'FAKE_DELAY=0.018' >mine/settings
    check 3 "$BASE" --models coroutine,prog --runner mine/prog --base-runner older/prog
    expect "the program" "$(verdict prog)" REGRESSION
    expect "our own" "$(verdict coroutine)" SAME
    expect "rows that are proved by their answers" "$(grep -o '"answered"' "$OUT/report.json" | wc -l)" 2
    follows_schema "$OUT/report.json"
    nothing_left
}

@test "a revision has its own copy of the program and of the lanes" {
    make_tree
    git checkout -q HEAD~1
    add_program mine
    mkdir -p lanes/twin
    cp runner lanes/twin/twin
    git add . && git commit -qm three
    echo 'FAKE_DELAY=0.018' >mine/settings
    QUARTET_LANES=$PWD/lanes check 3 HEAD --runner mine/prog --lanes twin --profile gate \
        --models prog,twin,coroutine
    expect "the program" "$(verdict prog)" REGRESSION
    expect "the lane" "$(verdict twin)" SAME
    expect "our own" "$(verdict coroutine)" SAME
    # What the revision does not have is new, and what is outside of the tree unknown.
    cp mine/prog mine/new
    check 5 HEAD --runner mine/new --models new,coroutine --need-base
    expect_output "no base: counting/one-cpu new: the base has no such row"
    check 2 HEAD --runner ../mine/prog
    expect_output "--runner ../mine/prog: it lies outside of this repository" "--base-runner PATH"
    nothing_left
}

@test "a base that cannot be compared with is named before anything is measured" {
    check 2 "$BASE" --runner mine/prog
    expect_output "--runner mine/prog: the base is a folder of our own runners"
    check 2 "$BASE" --runner mine/prog --base-runner nothing
    expect_output "--base-runner nothing: there is no such program"
    cp mine/prog mine/other
    check 2 "$BASE" --runner mine/prog --base-runner mine/other
    expect_output "--base-runner mine/other: it calls itself 'other', and no --runner of head does"
    check 2 "$BASE" --lanes cobol
    expect_output "there is no lane 'cobol'"
    mkdir -p lanes/twin
    cp mine/prog lanes/twin/twin
    QUARTET_LANES=$PWD/lanes check 5 "$BASE" --lanes twin --profile gate --models twin,coroutine --need-base
    expect_output "the base has nothing to compare the lanes with: it has no folder of lanes" \
        "no base: counting/one-cpu twin"
    nothing_left
}
