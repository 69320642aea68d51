#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What happens to a machine while it measures: clocks are set, disks fill up, folders
# vanish or turn read-only. A session ends with one clear line and the right exit code, or
# does not mind; and no block that had ended is lost. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
    need_hyperfine
}

one_line() {
    expect "messages" "$(grep -c '^quartet: ' <<<"$output")" 1
}

# grown BEFORE AFTER: all that was measured is still there, and more.
grown() {
    python3 -IS - "$1" "$2" <<'EOF'
import json, sys
before, after = (json.load(open(name))["tables"][0] for name in sys.argv[1:])
assert 0 < len(before["blocks"]) < len(after["blocks"])
assert after["blocks"][: len(before["blocks"])] == before["blocks"]
for old, new in zip(before["cells"], after["cells"], strict=True):
    assert old["samples"] and new["samples"][: len(old["samples"])] == old["samples"]
EOF
}

# whole FOLDER: its report, with what is in the journal.
whole() {
    "$BIN/quartet" report "$1" --format json
}

# In a mount namespace of its own, which ends with the command: needs root.
need_mounts() {
    unshare -m mount -t tmpfs none "$TMPDIR" 2>/dev/null || skip "cannot mount anything here (needs root)"
}

# ---- clocks ------------------------------------------------------------------------

@test "a wall clock that jumps by years changes no duration" {
    [ "$(ldd "$BIN/quartet" | grep -c 'libc\.so')" -eq 1 ] || skip "quartet is linked statically"
    [[ $(ldd "$BIN/quartet") != *san* ]] || skip "a sanitizer must be the first library"
    gcc -std=c17 -O1 -fPIC -shared "$ROOT/tests/driver/measure/clock_step.c" -o clock_step.so
    SECONDS=0
    run_for 0 env LD_PRELOAD="$PWD/clock_step.so" "$BIN/quartet" run -o "$OUT" \
        --workloads counting/one-cpu --rounds 3 --accept-noise
    python3 -IS - "$OUT/report.json" $((SECONDS + 1)) <<'EOF'
import json, sys, time
report = json.load(open(sys.argv[1]))
most = int(sys.argv[2]) * 1e9
# The clock did jump.
assert abs(int(report["started_utc"][:4]) - time.gmtime().tm_year) > 10, report["started_utc"]
table = report["tables"][0]
times = [block["started_ns"] for block in table["blocks"]]
assert 0 < times[0] < times[1] < times[2] < report["duration_ns"] < most, (times, most)
for cell in table["cells"]:
    for run in (cell["warmup"], *cell["samples"], *cell["twins"]):
        assert 0 < run["wall_ns"] < most, run
EOF
}

# The runners are static programs, into which nothing can be preloaded: so it is looked up
# who asks the wall clock at all. It names folders and reports, draws seeds, and says
# how old a calibration, a book of prices and the last record of a block that hangs are.
@test "only names, seeds, ages and the date of an answer come from the wall clock" {
    cd "$ROOT"
    run grep -rlE 'CLOCK_REALTIME|CLOCK_TAI|[^a-z_]f?time\(|gettimeofday\(|(sem|mq)_timed|mutex_timedlock' \
        --include='*.[ch]' driver lib runners workloads tools
    expect files "$(sort <<<"$output" | tr '\n' ' ')" \
        "driver/command/measure_options.c driver/report/results.c driver/system/hung.c driver/system/utc.c workloads/serve/site.c "
    # Dates of UTC and ages are asked for by the files that write or read such documents alone.
    run grep -rlE '\butc_(now|text|is_older)\(' --include='*.c' driver
    expect "files that ask for a date" "$(sort <<<"$output" | tr '\n' ' ')" \
        "driver/command/claims.c driver/command/prepare.c driver/gate/calibration.c driver/measure/resume.c driver/predict/book.c driver/predict/probe.c driver/system/utc.c "
    # A condition variable waits by the wall clock unless it is told otherwise.
    run bash -c 'grep -rl "cond_timedwait(" --include="*.c" driver lib runners workloads tools |
        xargs grep -L "pthread_condattr_setclock(.*CLOCK_MONOTONIC)"'
    expect "files that wait by the wall clock" "$output" ""
}

# ---- disks -------------------------------------------------------------------------

# fill SIZE: a session of twelve rounds on a disk of this size, and once more with room.
fill() {
    rm -rf before after
    # shellcheck disable=SC2016 # the inner shell expands these
    run_for 0 unshare -m sh -c '
        mount -t tmpfs -o size=$1 none disk || exit 77
        shift
        "$@" -o disk/out --workloads counting/one-cpu --rounds 12 --seed 5 --accept-noise 2>said
        [ $? -eq 1 ] || exit 90
        cp -r disk/out before
        mount -o remount,size=4m disk || exit 91
        "$@" --resume disk/out || exit 92
        cp -r disk/out after
        ' sh "$1" "$BIN/quartet" run 3>&- <&- || {
        [ "$status" -ne 77 ] || skip "cannot mount a small disk here"
        return 1
    }
    output=$(cat said)
    expect_output "cannot write 'disk/out/report.json': No space left on device" "--resume"
    one_line
    [ -z "$(find before -name '*.quartet-*')" ]
    whole before >before.json
    expect complete "$(json after/report.json complete)" true
    expect files "$(cd after && echo *)" "report.csv report.html report.json report.md"
    nothing_left
}

@test "a disk that is full at the end: exit 1, and all blocks are there to go on with" {
    need_mounts
    mkdir disk
    fill 140k
    grep -q "round 12 of 12" said
    expect blocks "$(json before.json tables.0.blocks)" "$(json after/report.json tables.0.blocks)"
}

@test "a disk that is full on the way: exit 1, and all blocks that had ended are there" {
    need_mounts
    mkdir disk
    fill 64k
    ended=$(($(grep -c '^\[.* round ' said) - 1))
    [ "$ended" -ge 3 ] && [ "$ended" -lt 11 ]
    expect blocks "$(json before.json tables.0.blocks | grep -o '"number"' | wc -l)" "$ended"
    grown before.json after/report.json
    # Of the block for which there was no room, the journal holds a part.
    [ "$(tail -c 1 before/report.json.journal)" != "" ]
}

@test "a limit on the size of files: exit 1 and one line, and no half of a file" {
    run bash -c 'ulimit -f 30; exec "$@"' sh "$BIN/quartet" run -o "$OUT" \
        --workloads counting/one-cpu --rounds 12 --seed 5 --accept-noise
    expect status "$status" 1
    expect_output "cannot write '$OUT/report.json': File too large"
    one_line
    [ -z "$(find "$OUT" -name '*.quartet-*')" ]
    whole "$OUT" >before.json
    run_for 0 "$BIN/quartet" run --resume "$OUT"
    grown before.json "$OUT/report.json"
    nothing_left
}

@test "a read-only folder: exit 1 and one line before anything is measured" {
    need_mounts
    mkdir closed
    # shellcheck disable=SC2016 # the inner shell expands these
    closed() {
        run_for 1 unshare -m sh -c 'mount --bind closed closed && mount -o remount,ro,bind closed || exit 77
            exec "$@"' sh "$BIN/quartet" run "$@"
        expect_output "cannot write 'closed/report.json': Read-only file system"
        one_line
        [[ $output != *"warm-up"* && $output != *"round"* ]]
    }
    closed -o closed --workloads counting/one-cpu
    run_for 0 "$BIN/quartet" run -o closed --workloads counting/one-cpu --rounds 1
    sed -i 's/"complete":true/"complete":false/; s/"incomplete_reason":null/"incomplete_reason":"cut"/' \
        closed/report.json
    before=$(sha256sum closed/*)
    run_for 1 unshare -m sh -c 'mount --bind closed closed && mount -o remount,ro,bind closed || exit 77
        exec "$@"' sh "$BIN/quartet" run --resume closed
    expect_output "cannot resume 'closed'" "Read-only file system"
    one_line
    expect report "$(sha256sum closed/*)" "$before"
    nothing_left
}

# ---- folders -----------------------------------------------------------------------

# vanishing COMMAND...: a session of nine rounds; COMMAND runs in the third one, and what
# is on the disk some rounds later can be seen in snapshot/.
vanishing() {
    printf '#!/bin/sh\n%s\n' "$*" >strike
    chmod +x strike
    cat >"$FAKE/settings" <<EOF
if [ "\$model\$1" = coroutinecounting ]; then
    echo >>"$BATS_TEST_TMPDIR/runs"
    count=\$(wc -l <"$BATS_TEST_TMPDIR/runs")
    [ "\$count" -ne 8 ] || cp -r "$OUT" "$BATS_TEST_TMPDIR/snapshot"
    [ "\$count" -ne 4 ] || "$BATS_TEST_TMPDIR/strike"
fi
EOF
    run timeout -k 5 60 "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --rounds 9 \
        --seed 5 --accept-noise
}

@test "a results folder that vanishes is made again, and nothing is missing in it" {
    vanishing "rm -r '$OUT'"
    expect status "$status" 0
    expect_output "the folder '$OUT' has vanished; made it again"
    one_line
    expect complete "$(json "$OUT/report.json" complete)" true
    expect files "$(cd "$OUT" && echo *)" "report.csv report.html report.json report.md"
    python3 -IS - "$OUT/report.json" <<'EOF'
import json, sys
table = json.load(open(sys.argv[1]))["tables"][0]
assert [block["round"] for block in table["blocks"]] == list(range(1, 10))
EOF
}

@test "a report or a journal that vanishes or is changed is saved anew, with all blocks" {
    local strike
    for strike in "rm '$OUT/report.json'" "rm '$OUT/report.json.journal'" \
        "echo >>'$OUT/report.json.journal'" "truncate -s 9 '$OUT/report.json.journal'"; do
        rm -rf "$OUT" runs snapshot
        vanishing "$strike"
        expect status "$status" 0
        whole snapshot >before.json
        # The eighth run is at least in the fifth block: some blocks have a twin of it.
        [ "$(json before.json tables.0.blocks | grep -o '"number"' | wc -l)" -ge 4 ]
        grown before.json "$OUT/report.json"
        expect files "$(cd "$OUT" && echo *)" "report.csv report.html report.json report.md"
    done
}

@test "a results folder that cannot be made again: exit 1 and one line" {
    vanishing "rm -r '$OUT'; echo >'$OUT'"
    expect status "$status" 1
    expect_output "cannot write '$OUT/report.json': Not a directory"
    one_line
    nothing_left
}

@test "a folder of temporary files that vanishes: exit 1, and the blocks are kept" {
    vanishing "rm -r '$TMPDIR'"
    expect status "$status" 1
    one_line
    mkdir "$TMPDIR"
    rm "$FAKE/settings"
    whole "$OUT" >before.json
    run_for 0 "$BIN/quartet" run --resume "$OUT"
    grown before.json "$OUT/report.json"
    nothing_left
}
