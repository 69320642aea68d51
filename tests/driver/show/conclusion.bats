#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The conclusion of a report: a sentence for each table, and none that its samples do not
# carry.

load ../../common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    "$ROOT/tests/driver/make_report.py" --rounds 20 --seed 1 >report.json
}

# conclusion [FILE]: its lines, one a table, whatever their width.
conclusion() {
    "$BIN/quartet" report "${1:-report.json}" | sed -n '/^Conclusion/,$p' |
        sed -E ':a; N; $!ba; s/\n    +/ /g'
}

# change PYTHON: edits `cells`, the cells of the table fetch, by their model.
change() {
    python3 - "$1" <<'PYTHON' >changed.json
import json, sys
report = json.load(open("report.json"))
table = next(t for t in report["tables"] if t["id"] == "fetch")
cells = {cell["label"]: cell for cell in table["cells"]}
exec(sys.argv[1])
json.dump(report, sys.stdout)
PYTHON
}

@test "slower rows are named with interval and cost, equal ones are not ordered" {
    output=$(conclusion)
    grep -qE 'fetch: (coroutine and eventloop|eventloop and coroutine) cannot be told apart' <<<"$output"
    grep -qE 'fetch: .*; multithread 1\.0[1-3] \(1\.0[0-9]–1\.0[0-9]\) times as long' <<<"$output"
    "$BIN/quartet" report --format md report.json >report.md
    grep -q '^## Conclusion' report.md
    [ "$(grep -n '^## Conclusion' report.md | cut -d: -f1)" -lt "$(grep -n '^| model' report.md | head -n 1 | cut -d: -f1)" ]
}

@test "samples that say nothing carry no sentence" {
    change '
for i, sample in enumerate(cells["multithread"]["samples"]):
    sample["wall_ns"] = int(sample["wall_ns"] * (0.97 if i % 2 else 1.07))
    sample["record"]["phases_ns"]["run"] *= 0.9
    sample["record"]["latency_ns"]["mean"] *= 0.9'
    output=$(conclusion changed.json)
    expect_output "fetch: "
    run ! grep -q 'not believed' <("$BIN/quartet" report changed.json)
    run ! grep -E 'fetch: .*multithread [0-9.]+ \(' <<<"$output"
}

@test "a table that is too noisy says that alone" {
    change '
for block in table["blocks"]:
    block["disturbed"], block["accepted"] = "load of others", False'
    output=$(conclusion changed.json)
    expect_output "fetch: too noisy to say anything"
}

@test "few rounds: no order" {
    "$ROOT/tests/driver/make_report.py" --rounds 1 >report.json
    output=$(conclusion)
    expect_output "too few rounds for an order"
    run ! grep -q 'times as long' <<<"$output"
}

@test "costs are named from one and a half times on" {
    change '
for sample in cells["multithread"]["samples"]:
    for part in ("user", "system"):
        sample["record"]["cpu_ns"][part] *= 3
        sample[part + "_ns"] *= 3
cells["multithread"]["warmup"]["record"]["memory"]["bytes"] *= 20'
    output=$(conclusion changed.json)
    grep -qE 'multithread 1\.0[0-9].*times as long, [2-4]\.[0-9] times the CPU time, 20 times the memory' <<<"$output"
}

@test "tables that say nothing for the same reason share a line, the others come first" {
    change '
for table in report["tables"][:2]:
    for block in table["blocks"]:
        block["disturbed"], block["accepted"] = "load of others", False'
    output=$(conclusion changed.json)
    expect lines "$(wc -l <<<"$output")" 3
    grep -q '^  primes, one CPU; primes, all 2 CPUs: too noisy to say anything$' <<<"$(tail -n 1 <<<"$output")"
    grep -qE "fetch: (coroutine|eventloop)" <<<"$output"
}

# on_terminal LINES [OPTION...]: what `quartet report` shows on a terminal of 80 columns.
on_terminal() {
    python3 -IS - "$BIN/quartet" "$@" <<'PYTHON'
import fcntl, os, pty, struct, sys, termios
quartet, lines, *options = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(lines), 80, 0, 0))
    os.environ["NO_COLOR"] = "1"
    os.execv(quartet, [quartet, "report", *options, "report.json"])
shown = b""
try:
    while part := os.read(terminal, 65536):
        shown += part
except OSError:
    pass  # its end
sys.stdout.write(shown.decode().replace("\r", ""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PYTHON
}

@test "on a small terminal the conclusion is what one sees, and says no more than the long one" {
    local long short line name lines
    long=$(on_terminal 60 | sed -n '/^Conclusion/,$p')
    grep -q 'times as long' <<<"$long"
    short=$(on_terminal 6 | sed -n '/^Conclusion/,$p')
    [ "$(wc -l <<<"$short")" -lt "$(wc -l <<<"$long")" ]
    grep -q '^Conclusion (times as long as the fastest' <<<"$short"
    # It is long where it fits to the line, below a blank one and above what the shell says.
    lines=$(($(wc -l <<<"$long") + 2))
    expect "where it just fits" "$(on_terminal "$lines" | sed -n '/^Conclusion/,$p')" "$long"
    expect "a line less" "$(on_terminal "$((lines - 1))" | sed -n '/^Conclusion/,$p')" "$short"
    expect "with --wide" "$(on_terminal 6 --wide | sed -n '/^Conclusion/,$p')" "$long"
    # Each ratio is one of the long form, in the sentence of the same table.
    long=$(sed -E ':a; N; $!ba; s/\n    +/ /g' <<<"$long")
    while read -r line; do
        name=${line%%:*}
        grep -oE '[a-z]+( [a-z]+=[0-9a-z]+)? [0-9]+\.[0-9]{2}' <<<"${line#*:}" | while read -r found; do
            grep -F "  $name: " <<<"$long" | grep -qF "$found (" || echo "$name: $found"
        done
    done < <(tail -n +2 <<<"$short") | { run ! grep .; }
    grep -qE '^  fetch: .* tie, .*multithread 1\.0[1-3]' <<<"$short"
}

@test "what the rows take over one that is no model of ours: the bare I/O" {
    change '
for cell in table["cells"]:
    cell["row"] = "linked"
bare = cells["multithread"]
bare.update(row="answered", beside=bare["model"])
for own, its in zip(cells["eventloop"]["samples"], bare["samples"]):
    own["record"]["phases_ns"]["run"] = its["record"]["phases_ns"]["run"]
    own["wall_ns"] = its["wall_ns"]
    for which in "user", "system":
        own["record"]["cpu_ns"][which] = 2 * its["record"]["cpu_ns"][which]
        own[f"{which}_ns"] = 2 * its[f"{which}_ns"]
'
    output=$("$BIN/quartet" report changed.json | sed -E ':a; N; $!ba; s/\n  +/ /g')
    line=$(grep '^over multithread, by run: ' <<<"$output")
    grep -qE 'eventloop 1.000 times \(1.000–1.000\), CPU 2.000' <<<"$line"
    grep -qE '[:;] coroutine [0-9.]+ times \([0-9.]+–[0-9.]+\), CPU [0-9.]+' <<<"$line"
    [[ $line != *"by run: multithread"* && $line != *"; multithread"* ]]
    # A row that stands beside a model of ours is none that they are held against.
    sed -i 's/"beside": "multithread"/"beside": "coroutine"/' changed.json
    run_for 0 "$BIN/quartet" report changed.json
    expect_output "beside coroutine, by run: multithread"
    [[ $output != *"over multithread"* ]]
}
