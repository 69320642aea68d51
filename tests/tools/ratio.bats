#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# tests/peers/ratio, by which all benches of tests/peers compare: its medians, the confidence of its
# interval, its limits, on commands whose figures are known.

load ../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export TMPDIR=$BATS_TEST_TMPDIR
    local folder=${BUILD#"$ROOT/"}
    RATIO=$BUILD/peers/ratio
    flock "$ROOT/Makefile" make -s -C "$ROOT" BUILD="${folder%/*}" MODE="${folder##*/}" "$folder/peers/ratio" >&2
    # leaves FIGURE FILE: a record
    printf '#!/bin/sh\necho "{\\"requests_per_second\\": $1, \\"run\\": $1000000}" >"$2"\n' >leaves
    chmod +x leaves
}

@test "ratio: medians, rates as they are, and the confidence that so many pairs allow" {
    run_for 0 "$RATIO" -n 5 -m requests_per_second,run ./leaves 300 @ -- ./leaves 200 @
    expect_output "5 pairs" "94% interval"
    expect rows "$(awk '/^(requests|run)/ { print $1, $2, $3, $4 }' <<<"$output")" \
        $'requests_per_second 300.000 200.000 1.500\nrun 300.000 200.000 1.500'
    run_for 0 "$RATIO" -n 9 -m run ./leaves 300 @ -- ./leaves 200 @
    expect_output "9 pairs" "95% interval"
    run_for 0 "$RATIO" -n 1 -m run ./leaves 300 @ -- ./leaves 200 @
    expect_output " 0% interval"
}

@test "ratio: a limit in one direction and in both, and commands that fail" {
    run_for 1 "$RATIO" -n 1 -l 1.4 -m run ./leaves 300 @ -- ./leaves 200 @
    run_for 0 "$RATIO" -n 1 -l 1.6 -m run ./leaves 300 @ -- ./leaves 200 @
    run_for 0 "$RATIO" -n 1 -l 1.4 -m run ./leaves 200 @ -- ./leaves 300 @
    run_for 1 "$RATIO" -n 1 -b -l 1.4 -m run ./leaves 200 @ -- ./leaves 300 @
    run_for 1 "$RATIO" -n 1 -m run false -- ./leaves 300 @
    expect_output "this command failed"
    run_for 1 "$RATIO" -n 1 -m walk ./leaves 300 @ -- ./leaves 300 @
    expect_output "no number of this name: walk"
}
