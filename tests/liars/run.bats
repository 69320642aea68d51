#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# run.bats - the liars as rows of one session of `quartet run`: each is refused by name, for the
# reason that is its own, and the honest rows are measured. timeout: 300 s

load ../common
load ../driver/driver

setup() {
    driver_setup
    need_hyperfine
    unset QUARTET_RUNNERS
}

# What each is refused for: NAME|REASON, below the table that it is a row of.
LIARS="sleep
no_sleep|shorter than the workload can be
half_sleep|shorter than the workload can be
dropped_task|shorter than the workload can be
counts_more|operations is 99, not 7
cached_answers|checksum is
copied_record|model is 'threading'
earlier_record|seed is
other_cpus|on other CPUs than those that it was given
unwaited_process|it had not waited for
memory_claimed|its memory is not for the program itself
talker|standard output
no_record|left no run record
half_record|run record that cannot be read
array_record|it is no JSON object
changes_itself|its file was changed while it was measured
huge_record|exit code 1
crash_afterwards|exit code 3
sieves
sieve|another algorithm
primes
cpu_misreported|of CPU time, and it used
fetch
fewer_exchanges|Little's law|the back end has seen 6 requests
replies_not_read|Little's law|the back end has seen
own_back_end|the back end has seen 0 sessions
more_in_flight|Little's law|sessions at once
fewer_at_once|the most sessions that the back end had open are 1, and its record has 3
early_clock|Little's law|shorter than the workload can be|its clock is early"

# The tables, each with honest rows, of Python and of C, among its liars.
make_plan() {
    python3 -IS - "$LIARS" <<'PYTHON' >plan.json
import json, sys
# Trial division by C takes long enough in `sieves` to tell it from a sieve on a busy machine.
sizes = {"sleep": (7, 3, {"delay": "40ms"}), "sieves": (20, 2, {"limit": "3m"}),
         "primes": (20, 2, {"limit": "300k"}), "fetch": (6, 3, {"delay": "20ms", "exchanges": 2})}
tables = []
for line in sys.argv[1].splitlines():
    name = line.split("|")[0].replace("_", "-")
    if name in sizes:
        tasks, wide, arguments = sizes[name]
        tables.append({"workload": "primes" if name == "sieves" else name, "id": name,
                       "tasks": tasks, "concurrency": wide, "arguments": arguments,
                       "models": ["multithread"] + ["honest"] * (name != "sieves")})
    else:
        tables[-1]["models"].append(name)
json.dump({"schema": "quartet.plan/1", "rounds": 1, "seed": 7, "tables": tables}, sys.stdout)
PYTHON
}

program() { # NAME
    printf '#!/bin/sh\nexec /usr/bin/python3 -B "%s" %s "$@"\n' "$ROOT/tests/liars/liar.py" "$1" >"$1"
    chmod +x "$1"
}

@test "each liar is refused by name for its own reason, and the honest rows are measured" {
    local options=(--runner ./honest) name count=0
    program honest
    while IFS='|' read -r name reason; do
        [ -n "$reason" ] || continue
        program "$name"
        options+=(--runner "./$name")
        count=$((count + 1))
    done <<<"$LIARS"
    make_plan
    run timeout -k 5 200 "$BIN/quartet" run -o "$OUT" --plan plan.json --accept-noise "${options[@]}"
    expect "exit code" "$status" 1
    python3 -IS - "$OUT/report.json" "$LIARS" "$count" <<'PYTHON'
import json, re, sys
cells = {cell["model"]: cell for table in json.load(open(sys.argv[1]))["tables"]
         for cell in table["cells"] if cell["model"] not in ("honest", "multithread")}
refused = 0
for line in sys.argv[2].splitlines():
    name, *reasons = line.split("|")
    if not reasons:
        continue
    cell = cells[name.replace("_", "-")]
    assert cell["status"] in ("wrong", "failed") and not cell.get("ranked"), (name, cell["status"])
    assert re.search("|".join(reasons), cell["reason"]), (name, cell["reason"])
    refused += 1
assert refused == int(sys.argv[3]) >= 20, refused
PYTHON
    python3 -IS - "$OUT/report.json" <<'PYTHON'
import json, sys
tables = json.load(open(sys.argv[1]))["tables"]
honest = [cell for table in tables for cell in table["cells"]
          if cell["model"] in ("honest", "multithread")]
assert len(honest) == 7, honest
for cell in honest:
    assert cell["status"] == "ok" and cell["ranked"] and len(cell["samples"]) == 1, cell["reason"]
PYTHON
    nothing_left
}
