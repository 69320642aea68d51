#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet baseline`, and what `quartet check --base NAME` makes of what it keeps.
# timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    steady_times
    export FAKE_DELAY=0.01
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
    # One session serves all tests.
    if [ ! -d "$BATS_FILE_TMPDIR/report" ]; then
        run_for 0 "$BIN/quartet" run -o "$BATS_FILE_TMPDIR/report" --rounds 12 \
            --workloads counting/one-cpu --models coroutine,multithread,eventloop --accept-noise
    fi
    ln -s "$BATS_FILE_TMPDIR/report" report
    TESTBED=$(json report/report.json environment.testbed)
    FOLDER=$XDG_STATE_HOME/quartet/$TESTBED/baselines
}

baseline() {
    local code=$1
    shift
    run_for "$code" "$BIN/quartet" baseline "$@"
}

# check CODE BASE [OPTION...]
check() {
    local code=$1 base=$2
    shift 2
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" check --base "$base" -o "$OUT" --rounds 10 \
        --workloads counting/one-cpu --models coroutine,multithread,eventloop --accept-noise \
        --threshold 100% "$@"
}

# Makes the baseline $1 one of another machine.
make_foreign() {
    mkdir -p "$XDG_STATE_HOME/quartet/0123456789abcdef/baselines"
    sed 's/"testbed": *"[0-9a-f]*"/"testbed": "0123456789abcdef"/' "$FOLDER/$1.json" \
        >"$XDG_STATE_HOME/quartet/0123456789abcdef/baselines/$1.json"
    rm "$FOLDER/$1.json"
}

# Are these two JSON files the same but for their layout?
same_json() {
    python3 -IS - "$@" <<'EOF'
import json, sys
sys.exit(json.load(open(sys.argv[1])) != json.load(open(sys.argv[2])))
EOF
}

@test "save, list, show" {
    baseline 0 list
    expect_output "there are no baselines"
    baseline 0 save good-1.x report
    expect_output "$FOLDER/good-1.x.json"
    [[ $output != *"too few"* ]] # twelve rounds decide
    same_json "$FOLDER/good-1.x.json" report/report.json
    baseline 0 list
    expect_output good-1.x "$(json report/report.json tool.commit)" \
        "$(json report/report.json started_utc)" " 12  complete" "this machine"
    baseline 0 show good-1.x
    expect_output "machine  $TESTBED (this one)" "rounds   12" "session  complete" coroutine
    baseline 5 show nosuch
    expect_output "no baseline 'nosuch'"
}

@test "an existing one is replaced with --force only" {
    baseline 0 save one report/report.json
    sed 's/"duration_ns":/"other":1,"duration_ns":/' report/report.json >other.json
    baseline 1 save one other.json
    expect_output "already" "--force"
    same_json "$FOLDER/one.json" report/report.json
    baseline 0 save one other.json --force
    same_json "$FOLDER/one.json" other.json
    expect files "$(ls -A "$FOLDER")" one.json
}

@test "of many who save at once exactly one wins, and the file is whole" {
    local i
    for i in 1 2 3 4 5 6 7 8; do
        (
            code=0
            "$BIN/quartet" baseline save race report >/dev/null 2>&1 || code=$?
            echo $code >"code.$i"
        ) 3>&- &
    done
    wait
    expect winners "$(cat code.* | grep -c '^0$')" 1
    expect losers "$(cat code.* | grep -c '^1$')" 7
    same_json "$FOLDER/race.json" report/report.json
    for i in 1 2 3 4 5 6 7 8; do
        "$BIN/quartet" baseline save race report --force >/dev/null 3>&- &
    done
    wait
    same_json "$FOLDER/race.json" report/report.json
    expect files "$(ls -A "$FOLDER")" race.json
}

@test "names that could lead elsewhere are refused" {
    local name
    for name in ../x a/b .hidden '' 'a b' 'ä' "$(printf 'x%.0s' {1..65})"; do
        baseline 2 save "$name" report
        expect_output "no name for a baseline"
    done
    baseline 2 save -- -x report
    [ ! -e "$XDG_STATE_HOME" ]
}

@test "what is no report is not kept; a partial one is, with a warning" {
    echo '{"schema": "quartet.report/1"' >cut.json
    baseline 1 save cut cut.json
    expect_output "not valid JSON"
    echo '{}' >empty.json
    baseline 1 save empty empty.json
    baseline 1 save gone nosuch.json
    [ ! -e "$FOLDER" ]
    sed 's/"complete": *true/"complete": false/; s/"incomplete_reason": *null/"incomplete_reason": "interrupted"/' \
        report/report.json >partial.json
    baseline 0 save partial partial.json
    expect_output "not measured to its end: interrupted"
    baseline 0 list
    expect_output incomplete
}

@test "the default is results/latest, and the name 'default'" {
    cp "$BIN/quartet" quartet # keeps its results here, not in the source tree
    run_for 0 ./quartet run --workloads counting/one-cpu --models coroutine --rounds 2 --accept-noise
    run_for 0 ./quartet baseline save
    expect_output "too few to decide by" "$FOLDER/default.json"
    [ -f "$FOLDER/default.json" ]
}

@test "check finds a baseline by its name" {
    baseline 0 save main report
    check 0 main
    expect_output "base: report main" "to others"
    check 0 baseline:main
    expect_output "base: report baseline:main"
    cp -r "$FAKE" main # a folder of that name comes first
    check 0 main
    expect_output "base: build main"
    check 0 baseline:main
    expect_output "base: report"
}

@test "a baseline comes before a revision of the same name" {
    command -v git >/dev/null || skip "git is not installed"
    git init -q . && git -c user.name=x -c user.email=x@example.org commit -q --allow-empty -m one
    git tag v1
    baseline 0 save v1 report
    check 0 v1
    expect_output "base: report v1"
    make_foreign v1
    check 1 v1 # the revision, which has no Makefile, comes before one of another machine
    expect_output "does not build"
}

@test "no such baseline is exit 1, or 5 on request" {
    check 1 baseline:nosuch
    expect_output "no baseline 'nosuch'"
    check 5 baseline:nosuch --need-base
    check 5 nosuch --need-base
    expect_output "no such file, folder"
    check 1 baseline:../x
    expect_output "no name for a baseline"
}

@test "one of another machine is a warning, or exit 5 on request" {
    baseline 0 save far report
    make_foreign far
    baseline 0 list
    expect_output 0123456789abcdef
    baseline 0 show far
    expect_output "(another one)"
    FAKE_DELAY=0.1 check 0 far
    expect_output "measured on another machine" "to others"
    [[ $(json "$OUT/report.json" gate.comparisons) != *'"warning": true'* ]]
    check 5 far --need-base
    check 5 baseline:far --need-base
}

@test "a damaged baseline is named, and listed as what it is" {
    baseline 0 save bad report
    head -c 1000 report/report.json >"$FOLDER/bad.json"
    baseline 0 list
    expect_output "bad" "not valid JSON"
    baseline 1 show bad
    check 1 bad
    expect_output "not valid JSON"
}

@test "a state folder that cannot be made is one line, exit 1" {
    echo >file
    XDG_STATE_HOME=$PWD/file baseline 1 save x report
    expect_output "cannot make the folder"
    run_for 1 env -u XDG_STATE_HOME -u HOME "$BIN/quartet" baseline save x report
    expect_output "set XDG_STATE_HOME or HOME"
}

@test "usage errors are exit 2" {
    baseline 2
    expect_output "save [NAME] [REPORT]"
    baseline 2 nosuch
    baseline 2 show
    baseline 2 list extra
    baseline 2 list --force
    baseline 2 save a b c
}
