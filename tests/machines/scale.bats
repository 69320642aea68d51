#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# scripts/scale: what it measures at small sizes lies on lines, with as many descriptors for a session
# as the programs open. timeout: 240 s

load ../common

@test "descriptors and sizes lie on lines" {
    [ -d /proc/self/task ] && [ -e /proc/self/task/$$/children ] || skip "this kernel does not list children"
    QUARTET_LOCK=$BATS_TEST_TMPDIR/lock run_for 0 "$ROOT/scripts/scale" --build "$BUILD" --small
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/table"
    python3 -IS - "$BATS_TEST_TMPDIR/table" <<'END'
import sys
rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in open(sys.argv[1])][2:]
rows = {row[0]: row for row in rows}
def at(text):
    value, size = text.split(" at ")
    return float(value.replace(",", "")), int(size)
# One socket at each end.
for model in ("coroutine", "eventloop"):
    row = rows[f"{model}: descriptors by sessions"]
    (a, n), (b, m) = at(row[1]), at(row[2])
    assert round((b - a) / (m - n)) == 2, row  # one may have ended, or not begun, when it looks
for what, row in rows.items():
    if "descriptors" in what or what.startswith("report.json"):
        assert abs(float(row[4].split()[0])) <= 15, row
    assert row[6].split(":")[0] in ("extrapolated, linear", "read here", "read", "computed"), row
assert sum(row[6].startswith("extrapolated") for row in rows.values()) >= 13
END
}
