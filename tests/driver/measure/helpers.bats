#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What programs say that `quartet` calls, and what it leaves them of its own surroundings: the
# reason of a failure, standard descriptors that are closed, variables of git and make, folders
# that are not ours. timeout: 300 s

load ../../common
load ../driver

setup() {
    driver_setup
}

# check_base CODE REVISION: a gate against a revision, that ends before anything is measured.
check_base() {
    run_for "$1" "$BIN/quartet" check --no-counters --base "$2" -o "$OUT" --rounds 8 \
        --workloads counting/one-cpu --models coroutine --accept-noise
}

@test "the line that says why is the reason, not the last one" {
    fake_hyperfine <<'SCRIPT'
printf "error: Found argument '-N'\n\nUSAGE:\n    hyperfine\n\nFor more information try --help\n" >&2
exit 2
SCRIPT
    run_quartet 1
    expect_output "hyperfine failed with exit code 2: error: Found argument '-N'"
}

@test "a git filter that is not there is the reason" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    echo '*.data filter=lfs' >.gitattributes
    echo one >some.data
    git add . && git commit -qm data
    git config filter.lfs.process "no-such-git-lfs filter-process"
    git config filter.lfs.required true
    check_base 1 HEAD
    expect_output "cannot check" "no-such-git-lfs" "not found"
    nothing_left
}

@test "a folder for temporary files that is full is named" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    head -c 200k /dev/urandom >large
    git add . && git commit -qm large
    mkdir "$BATS_TEST_TMPDIR/disk"
    mount -t tmpfs -o size=64k tmpfs "$BATS_TEST_TMPDIR/disk" 2>/dev/null || skip "cannot mount a small file system here"
    TMPDIR=$BATS_TEST_TMPDIR/disk check_base 1 HEAD || true
    umount "$BATS_TEST_TMPDIR/disk"
    expect status "$status" 1
    expect_output "cannot check" "pace"
}

@test "base sees no variable of git or make that speaks of another tree" {
    command -v git >/dev/null || skip "git is not installed"
    make_tree
    printf 'all:\n\t@env >"%s/seen"; echo enough >&2; exit 1\n' "$BATS_TEST_TMPDIR" >Makefile
    git commit -qam env
    local name names
    names=$(git rev-parse --local-env-vars | grep -v 'GIT_ALTERNATE_OBJECT_DIRECTORIES\|GIT_WORK_TREE\|GIT_DIR\|GIT_COMMON_DIR\|GIT_OBJECT_DIRECTORY\|GIT_CONFIG\|SUPER_PREFIX')
    for name in $names MAKEFILES MFLAGS GNUMAKEFLAGS BUILD LINKS WERROR GIT_TRACE2 GIT_ATTR_SOURCE; do
        export "$name="
    done
    export GIT_CONFIG_COUNT=0 GIT_ALTERNATE_OBJECT_DIRECTORIES=/nowhere MAKELEVEL=7
    check_base 1 HEAD
    expect_output "does not build" "enough"
    for name in $names GIT_CONFIG_COUNT MAKEFILES BUILD LINKS WERROR GIT_ATTR_SOURCE; do
        run ! grep "^$name=" "$BATS_TEST_TMPDIR/seen"
    done
    run ! grep "^MAKELEVEL=[78]" "$BATS_TEST_TMPDIR/seen"
    grep -q "^GIT_ALTERNATE_OBJECT_DIRECTORIES=/nowhere" "$BATS_TEST_TMPDIR/seen"
}

@test "runners that may not be run are told from runners that are not there" {
    mkdir forbidden
    printf '#!/bin/sh\n' >forbidden/sequential
    run_for 1 "$BIN/quartet" check --base forbidden -o "$OUT" --workloads counting/one-cpu
    expect_output "may not be run by this user" "chmod +x"
    QUARTET_RUNNERS=$PWD/forbidden run_for 1 "$BIN/quartet" run -o "$OUT"
    expect_output "may not be run by this user"
    # One of them that may not be run is not left out in silence; one that is not there is.
    rm "$FAKE/coroutine" && printf '#!/bin/sh\n' >"$FAKE/coroutine"
    run_for 1 "$BIN/quartet" run --dry-run --workloads counting/one-cpu
    expect "its line" "$output" "quartet: the runner '$FAKE/coroutine' may not be run: Permission denied"
    rm "$FAKE/coroutine"
    run_for 0 "$BIN/quartet" run --dry-run --workloads counting/one-cpu
    [[ $output == *"multithread: "* && $output != *"coroutine: "* ]]
    mount -t tmpfs -o noexec tmpfs forbidden 2>/dev/null || skip "cannot mount a file system without exec here"
    cp "$ROOT/tests/driver/fake_runner" forbidden/sequential
    run "$BIN/quartet" check --base forbidden -o "$OUT" --workloads counting/one-cpu
    umount forbidden
    expect status "$status" 1
    expect_output "mounted noexec" "with exec"
}

@test "standard descriptors that are closed: a session as usual, but for what is lost" {
    need_hyperfine
    local code=0
    "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --models coroutine --rounds 1 \
        --accept-noise <&- >&- 2>&- || code=$?
    expect "exit code without stdout" "$code" 1
    expect complete "$(json "$OUT/report.json" complete)" true
    code=0
    "$BIN/quartet" run -o "$OUT-2" --workloads counting/one-cpu --models coroutine --rounds 1 \
        --accept-noise <&- >tables 2>&- || code=$?
    expect "exit code without stdin and stderr" "$code" 0
    grep -q coroutine tables
    nothing_left
}

@test "a folder with files of one's own, of somebody else, or with a link in it: nothing is written over" {
    mkdir own linked strangers
    echo mine >own/report.md
    ln -s "$PWD/victim" linked/report.json
    while IFS='|' read -r folder words; do
        run_for 1 "$BIN/quartet" run -o "$folder" --workloads counting/one-cpu --rounds 1 --accept-noise
        expect_output "$words"
        expect "number of lines" "${#lines[@]}" 1
    done <<'CASES'
own|there is a file 'own/report.md'
linked|holds a report already
-|'-' is no folder
CASES
    expect "own file" "$(cat own/report.md)" mine
    [ ! -e victim ]
    [ "$(id -u)" -eq 0 ] || skip "only root can give a folder away"
    chown 12345 strangers
    run_for 1 "$BIN/quartet" run -o strangers --workloads counting/one-cpu --rounds 1 --accept-noise
    expect_output "belongs to user 12345"
    expect files "$(ls strangers)" ""
}

# strictly CALLS COMMAND...: where the kernel forbids these calls.
strictly() {
    gcc -std=c17 -O1 "$ROOT/tests/faults/forbid.c" -o "$BATS_TEST_TMPDIR/forbid"
    "$BATS_TEST_TMPDIR/forbid" "$1" true || skip "this kernel filters no such calls"
    run timeout 60 "$BATS_TEST_TMPDIR/forbid" "$@"
}

@test "doctor tries what runners do, and its last line is true" {
    # The real one has threads of its own.
    # shellcheck disable=SC2016 # the script expands it
    fake_hyperfine <<<'printf "%s" "{\"results\": [{\"command\": \"nothing\", \"times\": [0.001], \"user\": 0.0, \"system\": 0.0, \"exit_codes\": [0]}]}" >"$out"'
    strictly clone3 "$BIN/quartet" doctor
    expect status "$status" 0
    expect_output "problem  thread           cannot create a thread: Operation not permitted; a filter of system calls" \
        "some comparisons will be refused"
    [[ $output != *"can measure here"* ]]
    strictly sched_setaffinity "$BIN/quartet" doctor
    expect_output "problem  process, pinned  cannot pin to CPU"
    unshare -n true 2>/dev/null || skip "no network of one's own here"
    run_for 0 unshare -n "$BIN/quartet" doctor
    expect_output "problem  loopback         no exchange over 127.0.0.1" "some comparisons will be refused"
}

@test "doctor: a stop-watch that times nothing is MISSING" {
    # shellcheck disable=SC2016 # the script expands it
    fake_hyperfine <<<'echo "{\"results\": []}" >"$out"'
    run_for 77 "$BIN/quartet" doctor
    expect_output "MISSING  hyperfine" "cannot time a command: hyperfine reported 0 of 1" "cannot work here"
    nothing_left
    TMPDIR=$BATS_TEST_TMPDIR/nowhere run_for 77 "$BIN/quartet" doctor
    expect_output "MISSING  hyperfine" "cannot make a work folder in '$BATS_TEST_TMPDIR/nowhere'"
}

@test "run says what does not work here before it begins" {
    steady_times
    strictly clone3 "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --models coroutine --rounds 1 --accept-noise
    expect status "$status" 0
    expect_output "quartet: this machine: thread: cannot create a thread" "(see 'quartet doctor')"
    [[ $output != *"this machine: load"* ]]
    expect policy "$(json "$OUT/report.json" environment.scheduling_policy)" other
}

@test "a runner that is stopped for ever is named, and the session goes on without it" {
    need_hyperfine
    cat >"$FAKE/settings" <<'SETTINGS'
case "$model $* " in
*"--memory "*) ;;
eventloop*--record*) kill -STOP $$ ;;
esac
SETTINGS
    rm -rf "$OUT"
    run_for 1 "$BIN/quartet" run -o "$OUT" --workloads counting/one-cpu --models coroutine,eventloop \
        --rounds 2 --seed 5 --accept-noise --timeout 1s
    expect_output "eventloop: it hung: it ended neither by its own --timeout of 1 s" "(was it stopped?)"
    expect complete "$(json "$OUT/report.json" complete)" true
    expect "valid blocks" "$(python3 -IS -c 'import json, sys
print(sum(b["valid"] for b in json.load(open(sys.argv[1]))["tables"][0]["blocks"]))' "$OUT/report.json")" 2
    nothing_left
}
