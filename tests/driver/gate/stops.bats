#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet check` and `quartet calibrate` that are stopped or not alone: nothing of them
# is left, least of all in the git tree whose revision is the base. timeout: 600 s

load ../../common
load ../driver

setup() {
    driver_setup
    need_hyperfine
}

@test "random moments: a check or a calibration that is stopped leaves nothing behind" {
    run timeout -k 5 500 "$ROOT/tests/driver/gate/stop_gates.py" "$BIN/quartet" \
        "$BATS_TEST_TMPDIR/stops" --moments 15
    echo "$output"
    expect status "$status" 0
    expect_output "15 stops"
}

@test "two checks of a revision at once do not disturb each other" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    local i pids=()
    for i in 1 2; do
        QUARTET_LOCK=$PWD/../lock$i timeout 60 "$BIN/quartet" check --base HEAD~1 -o "../out$i" \
            --threshold 100% --rounds 8 --workloads counting/one-cpu --models coroutine \
            --accept-noise >/dev/null 2>"../said$i" 3>&- &
        pids+=($!)
    done
    for i in 0 1; do
        wait "${pids[i]}" || { cat ../said$((i + 1)); return 1; }
    done
    nothing_left
}

@test "a check in a git hook does not touch the index of the commit" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    echo changed >runner
    git add runner
    local before
    before=$(git status --porcelain)
    GIT_DIR=$PWD/.git GIT_INDEX_FILE=$PWD/.git/index GIT_WORK_TREE=$PWD \
        run_for 0 "$BIN/quartet" check --base HEAD~1 -o "$OUT" --threshold 100% --rounds 8 \
        --workloads counting/one-cpu --models coroutine --accept-noise
    expect changes "$(git status --porcelain)" "$before"
    expect runner "$(cat runner)" changed
    nothing_left
}
