#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The page of a report: well formed, asking for nothing, with the numbers of the report, and
# with nothing of what stands in a report taken for markup.

load ../common

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    "$ROOT/tests/driver/make_report.py" --rounds 20 >invented.json
    "$BIN/quartet" report --format html invented.json >page.html
    "$BIN/quartet" report --format json invented.json >report.json
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
}

page() {
    "$ROOT/tests/web/page.py" "$@"
}

# break_names: the invented report with everything in it that is text changed.
break_names() {
    python3 -IS - <<'PYTHON' >broken.json
import json, sys
report = json.load(open("invented.json"))
evil = '</title></svg><script>alert(1)</script>"\'&<b> \x1b[31m\x00\x07\u202e\u2028' + "é" * 300
for table in report["tables"]:
    table["title"] = evil
    for cell in table["cells"]:
        cell["label"] = cell["model"] + evil
        if cell["reason"]:
            cell["reason"] = evil
    for block in table["blocks"]:
        block.update(valid=False, invalid_reason=evil) if block["number"] == 3 else None
report["environment"] = {"testbed": evil, "cpu_model": evil}
report["tool"]["commit"] = report["plan"]["profile"] = evil
json.dump(report, sys.stdout)
PYTHON
    sed -i 's/\\u0000//g' broken.json # jansson refuses it, and rightly
}

@test "the page is well formed, has a plot with title and description, and asks for nothing" {
    page wellformed page.html
    ((COUNT = $(grep -c '<svg viewBox' page.html))) && [ "$COUNT" -ge 7 ]
}

@test "every number of a plot's table is the report's" {
    run_for 0 "$ROOT/tests/web/page.py" numbers page.html report.json
    expect_output "numbers are the report's"
}

@test "a sweep is a plot with its numbers" {
    python3 -IS - <<'PYTHON' >sweep.json
import json
report = json.load(open("invented.json"))
for table, tasks in zip(report["tables"], (10, 100)):
    table.update(sweep="primes", concurrency=tasks)
print(json.dumps(report))
PYTHON
    "$BIN/quartet" report --format html sweep.json >sweep.html
    "$BIN/quartet" report --format json sweep.json >swept.json
    grep -q 'id="s1-sweep"' sweep.html
    page wellformed sweep.html
    page numbers sweep.html swept.json
}

@test "a check: base against head of each row, and its threshold where the axis has it" {
    "$ROOT/tests/driver/gate/make_gate.py" --tail 1.8 <invented.json >gate.json
    "$BIN/quartet" report --format html gate.json >gate.html
    "$BIN/quartet" report --format json gate.json >judged.json
    page wellformed gate.html
    page numbers gate.html judged.json
    "$BIN/quartet" export --format svg --plot gate gate.json >gate.svg
    python3 -IS - <<'PYTHON'
import json, xml.etree.ElementTree as tree
NAME = "{http://www.w3.org/2000/svg}"
plot = tree.parse("gate.svg").getroot()
def places(kind):
    """x of the lines of this class: M x y L x y."""
    return [float(line.get("d")[1:].split()[0]) for line in plot.iter(NAME + "path")
            if line.get("class") == kind]
first = json.load(open("judged.json"))["gate"]["comparisons"]
table = first[0]["table"]
shown = [e for e in first if e["table"] == table and e["low"] is not None and e["high"] is not None]
limits = places("limit")
marks = [float(mark.get("x")) for mark in plot.iter(NAME + "use")]
assert len(shown) >= 2 and len(limits) == len(marks) == len(shown), (len(shown), limits, marks)
# The scale, from where 1 is and from the row that is farthest from it.
one = places("one")[0]
far = max(range(len(shown)), key=lambda i: abs(shown[i]["ratio"] - 1))
scale = (marks[far] - one) / (shown[far]["ratio"] - 1)
for entry, limit, mark in zip(shown, limits, marks):
    assert abs(one + scale * entry["threshold"] - limit) < 1, (entry["row"], limit)
    assert abs(one + scale * (entry["ratio"] - 1) - mark) < 1, (entry["row"], mark)
PYTHON
}

@test "run --trace: the page shows who ran when, with the numbers of the events" {
    command -v hyperfine >/dev/null || skip "no hyperfine is installed"
    QUARTET_LOCK=$PWD/lock run_for 0 "$BIN/quartet" run --workloads sleep --tasks 20 --rounds 2 \
        --models multithread,coroutine --trace --accept-noise --output traced
    page wellformed traced/report.html
    grep -q 'id="t1-strips"' traced/report.html
    "$BIN/quartet" report --format json traced >traced/analysed.json
    page numbers traced/report.html traced/analysed.json
    "$BIN/quartet" export --format svg --plot strips traced | grep -q '<title id=[^>]*>Who ran when'
    # Four tasks, which all wait, and nobody else: of threads a lane each, of a loop a row each.
    [ "$(grep -o 'class="waits" d="M' traced/report.html | wc -l)" -ge 8 ]
    [ "$(wc -c <traced/report.html)" -lt 300000 ]
    # Of events that cannot be read there is no picture; without any there is a page as before.
    local file
    for file in traced/trace/*; do
        head -c 200 "$file" >half
        cp half "$file"
    done
    "$BIN/quartet" report --format html traced >again.html
    page wellformed again.html
    run ! grep -q 'id="t1-strips"' again.html
    rm -r traced/trace
    "$BIN/quartet" report --format html traced >again.html
    run ! grep -q 'id="t1-strips"' again.html
}

@test "a number that is not the report's is found" {
    # The first size of the page is the memory of the heaviest row of a table.
    sed '0,/<data value="\([0-9]*\)">\([0-9.]* MiB\)/s//<data value="1\1">\2/' page.html >wrong.html
    run_for 1 "$ROOT/tests/web/page.py" answers wrong.html report.json
    sed -E 's/(<data value=")([0-9]{9})/\13\2/' page.html >wrong.html
    run_for 1 "$ROOT/tests/web/page.py" numbers wrong.html report.json
}

@test "fastest, slowest, ties, the noisiest table and the heaviest row can be read off" {
    page answers page.html report.json
}

@test "the conclusion comes first, and rows without figures stand there with the reason" {
    sed -n '/<main>/,/<section id="t1"/p' page.html >top.html
    [ "$(grep -n 'id="answer"' top.html | cut -d: -f1)" -lt "$(grep -n 'id="glance"' top.html | cut -d: -f1)" ]
    grep -q 'multithread 1\.0.*times as long' top.html
    grep -q 'DNF: needs 1064 processes, pid_max is 1000' page.html
}

@test "what stands in a report is text, never markup" {
    break_names
    "$BIN/quartet" report --format html broken.json >broken.html
    page wellformed broken.html
    run ! grep -q '<script' broken.html
    grep -q '&lt;script&gt;alert(1)' broken.html
}

@test "the origin names the file by its SHA-256" {
    "$BIN/quartet" report --format html report.json >again.html
    grep -q "sha256 <code>$(sha256sum <report.json | cut -d' ' -f1)</code>" again.html
}

@test "a real browser: no request, no message, nothing too wide or too small to read" {
    command -v chromium chromium-browser google-chrome >/dev/null ||
        skip "no Chromium is installed (package chromium)"
    run_for 0 "$ROOT/tests/web/browser.py" page.html
    expect_output "no request, no message"
}

@test "a real browser: what a page must not do is found" {
    command -v chromium chromium-browser google-chrome >/dev/null ||
        skip "no Chromium is installed (package chromium)"
    sed 's#</main>#<img src="file:///nowhere.png" alt=""></main>#; s/img-src data:/img-src file: data:/' \
        page.html >asks.html
    run_for 1 "$ROOT/tests/web/browser.py" asks.html
    expect_output "the page asks for file:///nowhere.png"
}

# axe-core is in no package of Debian: AXE=$(npm pack axe-core && tar xf axe-core-*.tgz; echo
# package/axe.min.js), say.
@test "the rules of axe find no violation" {
    command -v chromium chromium-browser google-chrome >/dev/null ||
        skip "no Chromium is installed (package chromium)"
    [ -n "${AXE:-}" ] || skip "AXE is not the path of axe.min.js (npm pack axe-core)"
    run_for 0 "$ROOT/tests/web/browser.py" page.html --axe "$AXE"
    expect_output "axe: no violation"
    sed 's#</main>#<img src="data:,"></main>#' page.html >mute.html # a picture without words
    run_for 1 "$ROOT/tests/web/browser.py" mute.html --axe "$AXE"
    expect_output "image-alt"
}
