#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# quartet explain: the parts add up, what is planted is found at its price, and whoever asks
# for what is not there is told. timeout: 900 s

load ../common

setup_file() {
    command -v strace >/dev/null || skip "no strace"
    mkdir -p "$BATS_FILE_TMPDIR/bin"
    ln -s "$BIN"/* "$BATS_FILE_TMPDIR/bin"
}

setup() {
    export QUARTET_LOCK=$BATS_FILE_TMPDIR/lock
    small=(--workload fetch/unix --tasks 30 --concurrency 30 --rounds 2)
}

# plant: a multithread runner that asks for its parent's number in each exchange, and that takes
# the place of the runner. Its objects are this build's, but for one.
plant() {
    local tree=$BATS_FILE_TMPDIR/tree
    mkdir -p "$tree"/{driver,build,tests}
    cp -a "$ROOT"/{Makefile,lib,runners,workloads,scripts} "$tree"
    cp -a "$ROOT"/tests/tests.mk "$tree/tests"
    cp -a "$BUILD" "$tree/build/release"
    rm -rf "$tree"/build/release/{bin,obj/driver,tests}
    cd "$tree" || return 1
    sed -i 's/^    uint64_t sent_ns = clock_now_ns();/    getppid();\n&/; s/^#include <errno.h>/&\n#include <unistd.h>/' \
        workloads/fetch/direct.c
    grep -q 'getppid();' workloads/fetch/direct.c
    run timeout 120 make -j2 build/release/bin/multithread
    [ "$status" -eq 0 ] || { echo "$output"; return 1; }
    ln -sf "$tree/build/release/bin/multithread" "$BATS_FILE_TMPDIR/bin/multithread"
}

# What a call costs, by a loop of another program: the median of five.
price_of_a_call() {
    cat >"$BATS_TEST_TMPDIR/price.c" <<'PROGRAM'
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}
int main(void)
{
    for (int round = 0; round < 5; round++) {
        double began = cpu_ns();
        for (int i = 0; i < 20000; i++)
            syscall(SYS_getppid);
        printf("%.1f\n", (cpu_ns() - began) / 20000);
    }
}
PROGRAM
    cc -D_GNU_SOURCE -O2 -o "$BATS_TEST_TMPDIR/price" "$BATS_TEST_TMPDIR/price.c"
    "$BATS_TEST_TMPDIR/price" | sort -n | sed -n 3p
}

# Some ten seconds on a quiet machine.
explain() {
    run timeout -k 5 250 "$BIN/quartet" explain "$@"
    [ "$status" -eq 0 ] || { echo "$output"; return 1; }
}

# holds FILE PRICE: the parts add up to the difference, to the last digit that a double has; one
# more call of this price was found in each operation, once, in a line of its own.
holds() {
    python3 -IS - "$@" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
price = float(sys.argv[2])
difference = report["difference"]["ns"]
total = sum(part["ns"] for part in report["parts"]) + report["unexplained"]["ns"]
assert abs(total - difference) < 1e-6 * max(1, abs(difference)), (total, difference)
for part in report["parts"]:
    assert abs(part["ns"] - (part["a"] - part["b"]) * part["price_ns"]["ns"]) < 1e-6, part
    assert part["low"] <= part["ns"] <= part["high"], part
assert report["unexplained"]["low"] <= report["unexplained"]["ns"] <= report["unexplained"]["high"]
planted, = (part for part in report["parts"] if part["name"] == "getppid")
assert planted["kind"] == "call" and not planted["assumed"], planted
assert abs(planted["a"] - planted["b"] - 1) < 0.1, planted
print(f"planted {planted['ns']:.0f} ns, price {price:.0f} ns")
sys.exit(0 if abs(planted["ns"] / price - 1) < 0.3 else 9)
PYTHON
}

# A busy machine may be slower in one of both minutes.
@test "a planted call is found in its own line, at its price, and all parts add up" {
    command -v cc >/dev/null || skip "no compiler"
    plant
    export QUARTET_RUNNERS=$BATS_FILE_TMPDIR/bin
    for _ in 1 2; do
        explain multithread eventloop "${small[@]}" --format json -o "$BATS_FILE_TMPDIR/planted.json"
        run holds "$BATS_FILE_TMPDIR/planted.json" "$(price_of_a_call)"
        [ "$status" -eq 9 ] || break
    done
    expect "the parts" "$status $output" "0 planted ${output#planted }"
    run_for 0 "$ROOT/tests/schema/validate.py" "$BATS_FILE_TMPDIR/planted.json"
}

@test "the page is well formed and has the bar and its numbers" {
    cd "$BATS_TEST_TMPDIR"
    explain multithread eventloop --workload fetch/unix --tasks 10 --concurrency 10 --rounds 1 \
        --format html -o page.html
    "$ROOT/tests/web/page.py" wellformed page.html
    grep -q '<svg viewBox' page.html
    grep -q '>unexplained</th>' page.html
}

refused() {
    local code=$1 words=$2
    shift 2
    run_for "$code" "$BIN/quartet" explain "$@"
    expect_output "$words"
}

@test "what is not there is refused in one line" {
    refused 2 "name two rows" multithread --workload spawn
    refused 2 "name two rows that differ" multithread multithread --workload spawn
    refused 2 "name a table" multithread eventloop
    refused 2 "these are 2 tables: fetch/tcp, fetch/unix" multithread eventloop --workload fetch
    refused 2 "nosuch" multithread nosuch --workload spawn
    refused 2 "nosuch" multithread eventloop --workload nosuch
    refused 2 "--rounds" multithread eventloop --workload spawn --rounds 0
    refused 2 "--format" multithread eventloop --workload spawn --format svg
    refused 1 "nowhere" multithread eventloop --workload spawn -o /nowhere/at/all.json
}

@test "without strace it says so, and leaves nothing" {
    mkdir -p "$BATS_TEST_TMPDIR/tools"
    cd "$BATS_TEST_TMPDIR"
    PATH=$BATS_TEST_TMPDIR/tools run -77 "$BIN/quartet" explain multithread eventloop \
        "${small[@]}" --rounds 1 -o out.json
    expect_output "strace is not installed"
    [ ! -e out.json ]
}
