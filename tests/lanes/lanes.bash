# SPDX-License-Identifier: MIT
#
# lanes.bash - what the tests of all lanes ask: the same work as C, the same options, the same
# records. $LANE is the folder of the lane's programs.
# shellcheck shell=bash

# All C runners leave the same ledger, which other tests show: one of them is enough.
same_work() { # PROGRAM WORKLOAD...
    local program=$1
    shift
    run_for 0 "$ROOT/tests/lanes/compare.py" "$LANE/$program" "$BIN/coroutine" \
        "$BATS_FILE_TMPDIR" "$@"
}

# follow_schemas JSON...: where jsonschema is installed.
follow_schemas() {
    local code=0
    "$ROOT/tests/schema/validate.py" "$@" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ]
}

# described_as_ours PROGRAM GIL LEAST: its description is left in PROGRAM.json; it has at least so
# many workloads, and says of each what the C runners say, options included.
described_as_ours() {
    "$LANE/$1" --describe >"$1.json"
    [ -e ours.json ] || "$BIN/coroutine" --describe >ours.json
    run_for 0 python3 -IS - "$@" <<'PYTHON'
import json, sys
name, gil, least = sys.argv[1:]
lane, ours = (json.load(open(path)) for path in (name + ".json", "ours.json"))
assert lane["name"] == name and json.dumps(lane["gil"]) in gil.split("|"), lane["gil"]
workloads = {one["name"]: one for one in ours["workloads"]}
assert len(lane["workloads"]) >= int(least), len(lane["workloads"])
for one in lane["workloads"]:
    theirs = workloads[one["name"]]
    for key in ("kind", "operation", "together", "default_tasks", "default_concurrency", "summary"):
        assert one[key] == theirs[key], (one["name"], key, one[key], theirs[key])
    assert one["options"] == theirs["options"], (one["options"], theirs["options"])
PYTHON
}

# refuses_usage PROGRAM: no workload, options that are no values, CPUs that there are not.
refuses_usage() {
    local program=$LANE/$1
    run_for 2 "$program"
    expect_output "sleep" "primes"
    run_for 2 "$program" nothing
    run_for 2 "$program" sleep --no-such-option 3
    run_for 2 "$program" sleep --delay 5
    expect_output "--delay" "'5'"
    run_for 2 "$program" sleep --tasks 0
    run_for 2 "$program" sleep --tasks 2 --concurrency 3
    expect_output "give 1 to 2"
    run_for 2 "$program" sleep --cpus nowhere
    run_for 2 "$program" switch --tasks 1
    expect_output "2 or more"
}

# keeps_cpus PROGRAM: --cpus is what it runs on, and what its record says.
keeps_cpus() {
    local cpu
    cpu=$(cpus 1)
    run_for 0 "$LANE/$1" primes --tasks 2 --concurrency 2 --limit 100 --cpus "$cpu" --record cpus.json
    expect cpus "$(json cpus.json cpus)" "$cpu"
}

# ends_in_time PROGRAM LIMIT: --timeout ends a run, which says so.
ends_in_time() {
    run_for 1 "$LANE/$1" sleep --tasks 1 --delay 60s --timeout 300ms
    expect_output "longer than $2"
}
