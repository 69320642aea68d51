#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# lies.bats - claims whose witnesses lie: a gather that reorders, a coroutine that starts a
# thread, a thread runner without the global lock that was asked for. The verdict turns, though
# the records say what was wanted. timeout: 240 s

load ../../common
load ../driver

setup() {
    driver_setup
    export QUARTET_RUNNERS=$BATS_TEST_TMPDIR/real
    mkdir real mine
    local model
    for model in $MODELS; do
        ln -s "$BIN/$model" real/
    done
}

# lie MODEL DROPPED ADDED KEY VALUE: the real runner, without one option, with other words, and
# with a record in which the variant is the one that was wanted.
lie() {
    rm "real/$1"
    cat >"real/$1" <<PYTHON
#!/usr/bin/env python3
import json, subprocess, sys
words = sys.argv[1:]
if "$2" in words:
    at = words.index("$2")
    del words[at:at + 2]
if "--record" not in words:
    sys.exit(subprocess.call(["$BIN/$1", *words]))
code = subprocess.call(["$BIN/$1", *words, *"$3".split()])
path = words[words.index("--record") + 1]
record = json.load(open(path))
record["variant"]["$4"] = $5
json.dump(record, open(path, "w"))
sys.exit(code)
PYTHON
    chmod +x "real/$1"
}

# A claim of the project, changed by lines of Python in which `it` is the document.
take_claim() {
    python3 - "$ROOT"/claims/"$1"-*.json "$2" <<'PYTHON'
import json, sys
it = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(it, open("mine/it.json", "w"))
PYTHON
}

judge() {
    rm -rf out
    run_for 0 "$BIN/quartet" claims --claims mine --output out --accept-noise --allow-unoptimised
}

@test "a gather that reorders: confirmed becomes refuted" {
    command -v python3 >/dev/null || skip "python3 is not installed"
    run_for 0 "$BIN/quartet" claims 18 --output honest
    expect_output "CONFIRMED  gather() returns"
    cat >sitecustomize.py <<'PYTHON'
import asyncio
straight = asyncio.gather
async def reorder(*tasks, **options):
    return list(reversed(await straight(*tasks, **options)))
asyncio.gather = reorder
PYTHON
    PYTHONPATH=$PWD run_for 0 "$BIN/quartet" claims 18 --output lying
    expect_output "REFUTED  gather() returns"
}

@test "a coroutine that starts a thread: refuted becomes confirmed" {
    need_hyperfine
    [ "$(nproc)" -ge 2 ] || skip "needs 2 CPUs"
    # What is counted decides it, on a busy machine, too.
    take_claim 04 '
it["experiment"]["plan"]["rounds"] = 2
it["experiment"]["plan"]["tables"][0]["arguments"]["limit"] = "300k"
for rule in ("confirmed", "refuted"):
    it[rule]["all"] = [one for one in it[rule]["all"] if one["of"]["metric"] == "record.workers"]'
    judge
    expect_output "REFUTED  Asynchronous code runs in parallel"
    lie coroutine --nothing "--loops 2" loops 1
    judge
    expect_output "CONFIRMED  Asynchronous code runs in parallel"
}

@test "threads without the lock that was asked for: no longer as slow" {
    need_hyperfine
    [ "$(nproc)" -ge 2 ] || skip "needs 2 CPUs"
    take_claim 10 '
del it["experiment"]["python"], it["experiment"]["repeat"], it["refuted"]
it["experiment"]["plan"]["rounds"] = 6
it["experiment"]["plan"]["tables"][0]["arguments"]["limit"] = "1m"
it["confirmed"]["all"] = [it["confirmed"]["all"][-1]]'
    lie multithread --global-lock "" global_lock_ns \
        '5000000 if "--global-lock" in sys.argv else 0'
    judge
    expect_output "The global interpreter lock" "C: threads with a global lock / without" "rounds: 6"
    [[ $output =~ (UNDECIDED|REFUTED)"  The global interpreter lock" ]]
}
