#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet check --reference`: merges that each cost 2 % pass, and the third is reported. The
# project is a script that tells the stop-watch how long it took. timeout: 240 s

load ../../common
load ../driver

setup() {
    driver_setup
    steady_times
    unset QUARTET_RUNNERS GITHUB_OUTPUT
    git init -q -b main project && cd project || return 1
    git config user.email nobody@example.org
    git config user.name nobody
    cat >prog <<'END'
#!/bin/sh
read -r seconds <seconds
echo "$seconds" >"$FAKE_CLOCK"
echo 42
END
    chmod +x prog
}

# merge SECONDS: a commit after which the program takes so long.
merge() {
    echo "$1 900000000" >seconds
    git add . && git commit -qm "$1"
}

# check CODE BASE [OPTION...]: HEAD against it.
check() {
    local code=$1 base=$2
    shift 2
    rm -rf "$OUT"
    run_for "$code" "$BIN/quartet" check --base "$base" --command prog=./prog --reference main \
        --no-counters --rounds 8 --accept-noise -o "$OUT" "$@"
}

reference() {
    find "$XDG_STATE_HOME" -path '*/references/main.json'
}

@test "of merges of 2 % each the third is reported" {
    merge 1.00000
    merge 1.02000
    check 0 HEAD^
    expect_output "reference main: 1 change since" "0 of"
    follows_schema "$OUT/report.json" "$(reference)"
    merge 1.04040
    check 0 HEAD^
    run ! grep -q DRIFT <<<"$output"
    merge 1.06121
    # Another look at the same change counts once.
    check 0 HEAD^
    GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary GITHUB_OUTPUT=outputs check 0 HEAD^
    expect_output "reference main: 3 changes since $(git rev-parse HEAD~3 | cut -c1-12)" \
        "DRIFT: prog prog: wall_ns is 1.061 times that of the pinned commit, in 3 changes" \
        "::warning title=quartet drift::prog prog: wall_ns is 1.061"
    grep -q '^- \*\*DRIFT\*\* prog prog' summary
    grep -qx 'drifted=1' outputs
    follows_schema "$OUT/report.json"
    check 3 HEAD^ --fail-on-drift
    # A rewritten change takes the place of the one that it replaces.
    git reset -q --hard HEAD^
    merge 1.04040x
    sed -i s/x// seconds && git commit -qa --amend -m again
    check 0 HEAD^
    expect_output "reference main: 3 changes" "0 of"
    check 0 HEAD^ --pin
    expect_output "reference main: 1 change since"
}

@test "gaps, other machines and bad files are a line each" {
    merge 1.00000
    merge 1.02000
    check 0 HEAD^
    merge 1.03000
    merge 1.04000
    check 0 HEAD^
    expect_output "gap: what happened between $(git rev-parse HEAD~2 | cut -c1-12)"
    local file
    file=$(reference)
    sed -i 's/"testbed": ".*"/"testbed": "0123456789abcdef"/' "$file"
    check 1 HEAD^
    expect_output "is of another machine" "--pin"
    sed -i 's|quartet.reference/1|quartet.reference/2|' "$file"
    check 1 HEAD^
    expect_output "its schema is quartet.reference/2 and this version reads quartet.reference/1"
    echo '{' >"$file"
    check 1 HEAD^
    run_for 2 "$BIN/quartet" check --base HEAD^ --command prog=./prog --reference 'a name'
    expect_output "is no name"
    run_for 2 "$BIN/quartet" check --base HEAD^ --command prog=./prog --reference .json
    expect_output "is no name"
    run_for 1 "$BIN/quartet" check --base HEAD^ --command prog=./prog --reference /proc/main.json \
        --accept-noise --rounds 12 -o "$OUT-of-main"
    expect_output "/proc/main.json"
    run_for 2 "$BIN/quartet" check --base HEAD^ --command prog=./prog --pin
    expect_output "go with --reference"
    nothing_left
}
