#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# files by every runner and engine: the same files everywhere, as Python reads them; disks
# that are full, read-only or limited; and nothing left behind. timeout: 300 s

load ../common

setup() {
    PLACE=$BATS_TEST_TMPDIR/place
    mkdir "$PLACE"
    SMALL="--dir $PLACE --tasks 8 --files 3 --size 10001 --sync none"
}

# files MODEL OPTION... -> its record in $RECORD
files() {
    local model=$1
    shift
    RECORD=$BATS_TEST_TMPDIR/$model.json
    rm -f "$RECORD"
    run_for 0 "$BIN/$model" files --record "$RECORD" "$@"
}

is_empty() {
    [ -z "$(ls -A "$1")" ]
}

# Engines other than the one that blocks may be missing or forbidden here.
need_uring() {
    run "$BIN/coroutine" files --dir "$PLACE" --tasks 1 --files 1 --file-engine uring
    [ "$status" -ne 77 ] || skip "$output"
}

@test "the same answer from every model and pool" {
    local wanted='' variant
    for variant in sequential multiprocess multithread coroutine eventloop "coroutine --offload threads --pool 4" \
        "eventloop --offload threads --pool 4" "coroutine --offload processes" "eventloop --offload processes --loops 2"; do
        # shellcheck disable=SC2086 # several words
        files $variant $SMALL
        expect "checksum of $variant" "$(json "$RECORD" ledger.checksum)" "${wanted:=$(json "$RECORD" ledger.checksum)}"
        expect "files of $variant" "$(json "$RECORD" results.files_found)" 24
        is_empty "$PLACE"
    done
}

@test "io_uring does the same" {
    need_uring
    local wanted model
    # shellcheck disable=SC2086 # several words
    files sequential $SMALL
    wanted=$(json "$RECORD" ledger.checksum)
    for model in multiprocess multithread coroutine eventloop; do
        # shellcheck disable=SC2086 # several words
        files $model $SMALL --file-engine uring --cache cold
        expect "checksum of $model" "$(json "$RECORD" ledger.checksum)" "$wanted"
        is_empty "$PLACE"
    done
}

@test "every cache and every way to sync" {
    local option
    for option in "--cache cold" "--sync data" "--sync full --cache cold"; do
        # shellcheck disable=SC2086 # several words
        files multithread --dir "$PLACE" --tasks 4 --files 2 --size 5000 $option
    done
    run "$BIN/coroutine" files --dir "$PLACE" --tasks 2 --files 2 --size 8k --cache direct
    [ "$status" -eq 0 ] || expect_output "take --cache cold" # tmpfs has no O_DIRECT
    is_empty "$PLACE"
}

@test "Python reads what the sessions say they wrote" {
    for variant in multiprocess "eventloop --offload threads"; do
        rm -rf "${PLACE:?}"/*
        # shellcheck disable=SC2086 # several words
        files $variant --dir "$PLACE" --keep --tasks 5 --files 4 --size 1003 --seed 7
        python3 - "$PLACE"/quartet-files-* <<'PYTHON'
import os, sys
MASK = (1 << 64) - 1

def mix(value):  # the finalizer of SplitMix64
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ value >> 27) * 0x94D049BB133111EB) & MASK
    return value ^ value >> 31

def mix_into(digest, value):
    return mix(digest ^ mix(value))

folder = sys.argv[1]
names = {f"{task}-{number}" for task in range(5) for number in range(4)}
assert set(os.listdir(folder)) == names, os.listdir(folder)
for name in names:
    task, number = map(int, name.split("-"))
    start = mix_into(mix_into(7, task), number)
    wanted = b"".join(mix(start + i & MASK).to_bytes(8, "little") for i in range(126))[:1003]
    assert open(os.path.join(folder, name), "rb").read() == wanted, name
PYTHON
    done
}

# small_disk SIZE OPTION -> runs "$@" with $PLACE as a tmpfs, or skips.
small_disk() {
    unshare -m mount -t tmpfs none "$PLACE" 2>/dev/null || skip "cannot mount a small disk here (needs root)"
    # shellcheck disable=SC2016 # expanded by the inner shell
    run unshare -m sh -c 'mount -t tmpfs -o "$1" none "$2" && shift && place=$1 && shift && code=0 &&
        { "$@" || code=$?; } && ls -A "$place" && exit $code' - "$1" "$PLACE" "${@:2}"
}

@test "a disk that is too small is refused before anything is written" {
    small_disk size=1m "$BIN/multithread" files --dir "$PLACE"
    expect "exit code" "$status" 77
    expect_output "the files need 40.0 MiB" "has room for 1.0 MiB; take another --dir"
    expect lines "$(wc -l <<<"$output")" 1
}

@test "a disk that is full in the middle, and one without room for more files" {
    local variant
    for variant in multiprocess coroutine "eventloop --offload threads" "coroutine --file-engine uring"; do
        # shellcheck disable=SC2086 # several words
        set -- $variant
        # Each file of one byte takes a page: there is room for the bytes, not for the pages.
        small_disk size=200k "$BIN/$1" files "${@:2}" --dir "$PLACE" --tasks 20 --files 10 --size 1
        expect "exit code" "$status" 77
        [[ $output == *ring* ]] || expect_output "cannot write file" "No space left on device; take a --dir with more room"
        expect lines "$(wc -l <<<"$output")" 1
    done
    small_disk size=1m,nr_inodes=20 "$BIN/multithread" files --dir "$PLACE" --tasks 20 --files 10 --size 1
    expect_output "cannot create file" "No space left on device"
    expect "exit code" "$status" 77
}

# What a quota does where there is none to set up.
@test "a limit on the size of a file" {
    local variant
    for variant in multithread multiprocess "coroutine --offload threads" eventloop; do
        # shellcheck disable=SC2086 # several words
        run bash -c 'ulimit -f 20 && "$@"' - "$BIN/${variant%% *}" files ${variant#"${variant%% *}"} --dir "$PLACE" --tasks 4
        expect "exit code" "$status" 77
        expect_output "needs files of 65536 bytes, RLIMIT_FSIZE is 20480" "lower --size"
        expect lines "$(wc -l <<<"$output")" 1
        is_empty "$PLACE"
    done
}

@test "a disk that is read-only" {
    small_disk ro "$BIN/multithread" files --dir "$PLACE" --size 1 --tasks 1
    [ "$status" -eq 2 ] || [ "$status" -eq 77 ]
    expect_output "Read-only file system"
    expect lines "$(wc -l <<<"$output")" 1
}

@test "nothing is left behind by a runner that is killed" {
    for variant in multiprocess "eventloop --offload threads"; do
        # shellcheck disable=SC2086 # several words
        "$BIN/${variant%% *}" files ${variant#"${variant%% *}"} --dir "$PLACE" --tasks 2000 >/dev/null 2>&1 &
        VICTIM=$!
        eventually has_files
        kill -KILL $VICTIM
        wait $VICTIM || true
        eventually is_empty "$PLACE"
    done
}

has_files() {
    [ "$(find "$PLACE" -type f | wc -l)" -gt 5 ]
}

# change_file RUNNER...: runs it, and writes into its first file while it stands still. Its exit code.
change_file() {
    python3 -IS - "$PLACE" "$@" <<'END'
import glob, os, signal, subprocess, sys
place, *argv = sys.argv[1:]
# It takes some milliseconds in all: on one CPU with us, and behind us, it gets hardly on.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
victim = subprocess.Popen(["nice", "-n", "19", *argv])
while not (found := glob.glob(place + "/*/0-0")) and victim.poll() is None:
    pass
victim.send_signal(signal.SIGSTOP)
with open(found[0], "r+b") as file:
    file.seek(5)
    file.write(b"x")
victim.send_signal(signal.SIGCONT)
sys.exit(victim.wait(timeout=60))
END
}

@test "a file that somebody has changed is noticed" {
    run -1 change_file "$BIN/multithread" files --dir "$PLACE" --tasks 400 --size 1k --sync full
    expect_output "file 0 of task 0 is not what was written"
    is_empty "$PLACE"
}

@test "usage" {
    run_for 2 "$BIN/multithread" files --dir "$PLACE/absent"
    expect_output "--dir $PLACE/absent: No such file or directory; give a folder"
    run_for 2 "$BIN/multithread" files --cache direct --size 1000
    expect_output "--cache direct needs a --size of whole blocks of 4096 bytes"
    run_for 2 "$BIN/multithread" files --size 0
    expect_output "--size '0'"
}
