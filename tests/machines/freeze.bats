#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/freeze: a data set is whole, is never overwritten, and a change of it is found. timeout: 240 s

load ../common

setup() {
    export QUARTET=$BIN/quartet QUARTET_REFERENCE=$BATS_TEST_TMPDIR/sets
    cd "$BATS_TEST_TMPDIR" || return 1
    "$ROOT/tests/driver/make_report.py" --rounds 12 >report.json
}

freeze() {
    local code=$1
    shift
    run_for "$code" "$ROOT/scripts/freeze" "$@"
}

@test "a set is frozen, checked, and a change of it is found" {
    freeze 0 report.json 0.1-test
    cmp report.json sets/0.1-test/report.json
    expect badges "$(find sets/0.1-test/badges -name '*.svg' | wc -l)" 3
    [ -s sets/0.1-test/README.md ] && [ -s sets/0.1-test/report.html ] && [ -s sets/0.1-test/report.csv ]
    freeze 0 --check
    expect_output "1 sets are as they were frozen"
    freeze 1 report.json 0.1-test
    expect_output "is frozen; choose another name"
    cp -r sets/0.1-test sets/other
    # With sums made anew, what follows from the report still shows it.
    sed -i 's/seed 1,/seed 2,/' sets/other/provenance.txt
    freeze 1 --check
    expect_output "other/ has been changed"
    (cd sets/other && find . -type f ! -name 'SHA*' -exec sha256sum {} + >SHA256SUMS)
    freeze 1 --check
    expect_output "other/ has been changed" "2 sets were looked at"
}

# Sums are no proof: a number that was typed in is found by what the report says.
@test "a number of a page or of a table that is not the report's is found" {
    local file
    freeze 0 report.json set
    for file in README.md report.csv; do
        cp "sets/set/$file" kept
        sed -i 's/226\.3/126.3/; s/0\.226262379/0.126262379/' "sets/set/$file"
        run ! cmp -s kept "sets/set/$file"
        (cd sets/set && find . -type f ! -name 'SHA*' -exec sha256sum {} + >SHA256SUMS)
        freeze 1 --check
        expect_output "no longer follows from its report"
        mv kept "sets/set/$file"
    done
}

@test "a session is measured and frozen by one command" {
    load ../driver/driver
    driver_setup
    # Whatever the tree here is like: the report is of a commit.
    cat >committed <<END
#!/bin/sh
"$BIN/quartet" "\$@" || exit
[ "\$1" != run ] || exec sed -i 's/-dirty//' "$TMPDIR"/*/out/report.json
END
    chmod +x committed
    QUARTET=$PWD/committed FREEZE_PROFILE=quick FREEZE_OPTIONS="--workloads counting/one-cpu --models coroutine,eventloop --accept-noise --rounds 2" freeze 0 --measure one
    expect_output "sets/one"
    freeze 0 --check
    expect_output "1 sets are as they were frozen"
    [ -z "$(ls -A "$TMPDIR")" ]
}

@test "what is no whole session is not frozen" {
    "$ROOT/tests/driver/make_report.py" --rounds 12 --case incomplete >half.json
    freeze 1 half.json half
    expect_output "half.json is incomplete"
    freeze 1 nowhere.json nowhere
    sed 's/"commit": "0000000"/"commit": "0000000-dirty"/' report.json >dirty.json
    freeze 1 dirty.json dirty
    expect_output "changes that are in no commit"
    echo '{}' >odd.json
    freeze 1 odd.json odd
    freeze 2 report.json 'a/name'
    freeze 2 report.json
    [ -z "$(ls -A sets 2>/dev/null)" ]
}

@test "the sets of this tree are as they were frozen" {
    unset QUARTET_REFERENCE
    freeze 0 --check
}
