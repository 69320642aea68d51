#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# `quartet merge` over invented reports: histograms add up, rankings are compared, and a host that
# failed takes nothing of the others with it. timeout: 240 s

load ../../common
load ../driver

setup() {
    driver_setup
    mkdir -p hosts/alpha hosts/beta
    "$ROOT/tests/driver/make_report.py" --rounds 12 --seed 1 >hosts/alpha/report.json
    "$ROOT/tests/driver/make_report.py" --rounds 12 --seed 2 >hosts/beta/report.json
}

# change FROM TO CODE: another host, made by a line of Python.
change() {
    mkdir -p "hosts/$2"
    python3 -IS -c 'import json, sys
report = json.load(open(f"hosts/{sys.argv[1]}/report.json"))
table = report["tables"][0]
exec(sys.argv[3])
json.dump(report, open(f"hosts/{sys.argv[2]}/report.json", "w"))' "$@"
}

merge() {
    local code=$1
    shift
    run_for "$code" "$BIN/quartet" merge "$@"
}

@test "histograms add exactly, and rows of each host are kept" {
    merge 0 --format json hosts/alpha hosts/beta
    printf '%s\n' "$output" >merged.json
    follows_schema merged.json
    python3 -IS - <<'END'
import collections, json
merged = json.load(open("merged.json"))
reports = [json.load(open(f"hosts/{name}/report.json")) for name in ("alpha", "beta")]
assert [host["name"] for host in merged["hosts"]] == ["alpha", "beta"]
fetch, = [table for table in merged["tables"] if table["id"] == "fetch"]
checked = 0
for row in fetch["rows"]:
    wanted = collections.Counter()
    for report in reports:
        cell, = [cell for cell in report["tables"][2]["cells"] if cell["label"] == row["row"]]
        for entry in cell["samples"]:
            for edge, count in entry["record"]["latency_ns"]["buckets"]:
                wanted[edge] += count
    latency = row["latency_ns"]
    assert (latency is None) == (not wanted)
    if latency:
        checked += 1
        assert latency["count"] == sum(wanted.values()) == sum(host["operations_timed"] for host in row["hosts"])
        # A bucket begins at its own edge: those of the report may lie within one.
        assert sum(count for _, count in latency["buckets"]) == latency["count"]
        lowest = min(wanted)
        assert latency["buckets"][0][0] <= lowest < latency["buckets"][0][0] * 1.001
assert checked == 3
END
    merge 0 hosts/alpha hosts/beta
    expect_output "2 of 2 hosts" "p99 of all" "Does the ranking hold on every machine?" "best"
    merge 0 --format md --names one,two hosts/alpha hosts/beta
    expect_output "| row | one | two |" "## Does the ranking hold"
}

@test "a ranking that does not hold is named, with the hosts" {
    change alpha gamma '
for cell in table["cells"]:
    if cell["model"] == "multiprocess":
        for entry in cell["samples"]:
            entry["wall_ns"] *= 0.5
            entry["record"]["phases_ns"] = {name: ns // 2 for name, ns in entry["record"]["phases_ns"].items()}
            entry["record"]["cpu_ns"] = {name: ns // 2 for name, ns in entry["record"]["cpu_ns"].items()}
            entry["user_ns"] //= 2
            entry["system_ns"] //= 2
report["environment"]["testbed"] = "0123456789abcdef"'
    merge 0 hosts/alpha hosts/beta hosts/gamma
    expect_output "3 of 3 hosts" "gamma: testbed 0123456789abcdef"
    grep -qE '^primes/one-cpu: (sequential is slower|multiprocess is faster|sequential is faster) .* on ' <<<"$output"
    grep -qE '^primes/one-cpu .* NO$' <<<"$output"
    grep -qE '^primes/all-cpus .* (everywhere|where it can be told)$' <<<"$output"
}

@test "hosts that failed, or are of another plan or version, are named, and nothing else is lost" {
    change alpha other_commit 'report["tool"]["commit"] = "1111111"'
    change alpha other_plan 'table["tasks"] = 7'
    change alpha newer 'report["schema"] = "quartet.report/2"'
    change alpha died 'report.update(complete=False, incomplete_reason="the disk is full")
table["cells"][0]["samples"][0]["wall_ns"] += 1'
    mkdir hosts/silent
    cp -r hosts/alpha hosts/twice
    merge 1 hosts/alpha hosts/beta hosts/other_commit hosts/other_plan hosts/newer hosts/died hosts/silent hosts/twice
    expect_output "3 of 8 hosts" "left out: other_commit: another version: commit 1111111, not 0000000" \
        "left out: other_plan: another plan: other work in table primes/one-cpu" \
        "left out: newer: " "quartet.report/2" "died: testbed unknown" "incomplete: the disk is full" \
        "left out: silent: cannot read" "left out: twice: the same report as alpha"
    expect messages "$(grep -c '^quartet: merge: ' <<<"$output")" 6
    merge 1 hosts/silent hosts/newer
    expect_output "no report can be used"
    merge 2 hosts/alpha
    expect_output "name two reports or more"
    merge 2 --names a hosts/alpha hosts/beta
    expect_output "--names has 1 names for 2 reports"
}
