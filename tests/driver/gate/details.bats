#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# details.bats - what a gate says of phases and tails: the verdict of invented reports
# (make_gate.py), which every reader judges anew.

load ../../common

# verdict ROUNDS [options of make_gate.py]: what `report` says of such a gate.
verdict() {
    local rounds=$1
    shift
    "$ROOT/tests/driver/make_report.py" --rounds "$rounds" |
        "$ROOT/tests/driver/gate/make_gate.py" "$@" >"$BATS_TEST_TMPDIR/gate.json"
    run_for 0 "$BIN/quartet" report --width 200 "$BATS_TEST_TMPDIR/gate.json"
}

@test "equal builds: neither a phase nor a tail is told" {
    verdict 44
    expect_output "PASS: no row became slower"
    run ! grep -q "no base" <<<"$output" # where a witness listens is no parameter of the work
    run ! grep -qE " (spawn|run|join|p99) " <<<"$output"
}

@test "a phase that moved by more than twice the threshold explains, and decides nothing" {
    verdict 24 --spawn 2
    grep -qE "eventloop +spawn .*REGRESSION: only explains" <<<"$output"
    expect_output "PASS: no row became slower"
    verdict 24 --spawn 0.2
    grep -qE "eventloop +spawn .*IMPROVED" <<<"$output"
    verdict 24 --spawn 1.05
    run ! grep -qE " spawn " <<<"$output"
}

@test "a longer tail warns, from 40 blocks on it fails, and of few blocks nothing is said" {
    verdict 24 --tail 1.8
    grep -qE "eventloop +p99 .*REGRESSION: of 24 blocks; it fails the gate from 40 on" <<<"$output"
    expect_output "PASS: no row became slower, but the tail of 1 did (p99)"
    verdict 44 --tail 1.8
    grep -qE "eventloop +p99 +12.* 21.* REGRESSION$" <<<"$output"
    expect_output "the file says PASS, its samples say REGRESSION"
    verdict 16 --tail 1.8
    run ! grep -qE " p99 " <<<"$output"
    verdict 44 --tail 1.05
    run ! grep -qE " p99 " <<<"$output"
}

@test "2 % are a regression of builds that were linked anew, and less than one link can make" {
    verdict 44 --cpu 1.02 --threshold 0.02 --links 4
    grep -qE "eventloop +CPU .* 1\.0[12].*REGRESSION" <<<"$output"
    verdict 44 --cpu 1.02 --threshold 0.02 --links 0
    run ! grep -q "REGRESSION" <<<"$output"
    verdict 44 --cpu 1.08 --threshold 0.02 --links 0
    grep -qE "eventloop +CPU .* 1\.0[78].*REGRESSION" <<<"$output"
}
