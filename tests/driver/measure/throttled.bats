#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A quota of CPU time that is not set where a session runs, but a group further up: it is in
# the environment, and blocks that it holds up are noted as disturbed. Needs the right to make
# control groups.

load ../../common
load ../driver

setup() {
    driver_setup
    GROUP=
}

# Leaves the group to those that are above it, and takes it away.
teardown() {
    [ -n "$GROUP" ] || return 0
    eventually rmdir "$GROUP/inner" && rmdir "$GROUP"
}

# Makes a group with a tenth of a CPU, and one without a quota inside of it, of either version.
make_group() {
    local name=quartet-test-$$
    if [ -w /sys/fs/cgroup/cpu/cgroup.procs ]; then
        mkdir -p "/sys/fs/cgroup/cpu/$name/inner" || return 1
        GROUP=/sys/fs/cgroup/cpu/$name
        echo 100000 >"$GROUP/cpu.cfs_period_us" && echo 10000 >"$GROUP/cpu.cfs_quota_us"
    elif grep -qw cpu /sys/fs/cgroup/cgroup.subtree_control 2>/dev/null; then
        mkdir -p "/sys/fs/cgroup/$name" || return 1
        GROUP=/sys/fs/cgroup/$name
        echo +cpu >"$GROUP/cgroup.subtree_control" && mkdir "$GROUP/inner" &&
            echo "10000 100000" >"$GROUP/cpu.max"
    else
        return 1
    fi
} 2>/dev/null

@test "a quota of a group further up: in the environment, and blocks are disturbed by it" {
    need_hyperfine
    export QUARTET_RUNNERS=$BIN # which compute
    echo '{"schema": "quartet.plan/1", "rounds": 1, "tables": [{"workload": "primes", "tasks": 100,
        "arguments": {"limit": "500k"}, "models": ["coroutine"]}]}' >plan.json
    make_group || skip "no control group can be made here"
    # shellcheck disable=SC2016 # for sh
    local inside=(sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$GROUP/inner")
    "${inside[@]}" true || skip "no process can be put into a control group here"
    run_for 0 "${inside[@]}" "$BIN/quartet" run -o "$OUT" --plan plan.json --accept-noise
    python3 -IS - "$OUT/report.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["environment"]["cpu_quota"] == 0.1, report["environment"]
blocks = report["tables"][0]["blocks"]
assert all(block["noise"]["throttled"] > 0 for block in blocks), blocks
assert all("throttled" in block["disturbed"] for block in blocks), blocks
PYTHON
    run timeout 60 "${inside[@]}" "$BIN/quartet" doctor
    expect_output "cgroup quota     0.10 of"
}
