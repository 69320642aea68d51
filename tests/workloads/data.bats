#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# matmul, compress and wordcount by every runner: at the edges of their sizes, with limits
# that are too low, and beside the program zstd. Their kernels are held against an oracle by
# test_matmul.c and test_wordcount.c. timeout: 300 s

load ../common

# every_model WORKLOAD OPTIONS...: all runners must succeed, with equal checksums.
every_model() {
    local model record=$BATS_TEST_TMPDIR/record.json wanted=""
    for model in $MODELS; do
        run_for 0 "$BIN/$model" "$@" --record "$record" || return 1
        : "${wanted:=$(json "$record" ledger.checksum)}"
        expect "$model $*" "$(json "$record" ledger.checksum)" "$wanted" || return 1
    done
}

# Skips where this build lacks the workload.
need() {
    local absent
    absent=$("$BIN/sequential" --list 2>&1 >/dev/null | grep " $1: " || true)
    [ -z "$absent" ] || skip "$absent"
}

@test "matmul: any size, any number of tasks" {
    every_model matmul --size 1 --tasks 1
    every_model matmul --size 1 --tasks 30
    every_model matmul --size 33 --tasks 32
    every_model matmul --size 64 --tasks 7 --concurrency 7 --seed 9007199254740991
    run_for 2 "$BIN/eventloop" matmul --size 4097
    expect_output --size "1 to 4096"
}

@test "wordcount: one word, one rank, more tasks than words, both ways" {
    local way
    for way in shared pipe; do
        every_model wordcount --words 1 --vocabulary 1 --tasks 2 --return $way
        every_model wordcount --words 3 --vocabulary 2 --tasks 30 --return $way
        every_model wordcount --words 70k --vocabulary 262144 --tasks 3 --return $way
        every_model wordcount --words 30k --vocabulary 26 --tasks 9 --concurrency 1 --return $way
    done
    run_for 2 "$BIN/sequential" wordcount --tasks 1
    expect_output "--tasks 1: give 2 or more"
    run_for 2 "$BIN/sequential" wordcount --vocabulary 262145
    expect_output "1 to 262144"
}

@test "wordcount: pipes are counted in bytes, shared memory is not" {
    local model record=$BATS_TEST_TMPDIR/record.json
    for model in $MODELS; do
        run_for 0 "$BIN/$model" wordcount --words 5k --vocabulary 1000 --tasks 6 --return pipe --record "$record"
        expect "bytes of $model" "$(json "$record" ledger.bytes_out)" 20000
        run_for 0 "$BIN/$model" wordcount --words 5k --vocabulary 1000 --tasks 6 --record "$record"
        expect "bytes of $model" "$(json "$record" ledger.bytes_out)" 0
    done
}

@test "wordcount: too few descriptors for the pipes are a DNF" {
    run bash -c 'ulimit -n 100; "$0" wordcount --words 1k --tasks 65 --return pipe' "$BIN/multithread"
    expect "exit code" "$status" 77
    expect_output "cannot make a pipe for each task" "lower --tasks"
}

@test "compress: blocks of one byte and of a megabyte, every level that is allowed" {
    need compress
    every_model compress --block 1 --blocks 3 --tasks 5
    every_model compress --block 1m --blocks 1 --tasks 3
    every_model compress --block 20001 --blocks 2 --tasks 3 --level 19
    run_for 2 "$BIN/sequential" compress --level 20
    expect_output --level "1 to 19"
}

@test "compress: the program zstd leaves as many bytes" {
    need compress
    command -v zstd >/dev/null || skip "no zstd here; install zstd"
    local level model record=$BATS_TEST_TMPDIR/record.json
    for level in 1 3 9; do
        for model in multithread eventloop; do
            run_for 0 "$BIN/$model" compress --tasks 3 --blocks 2 --block 50001 --level $level --seed 7 --record "$record"
            expect "bytes at level $level" "$(json "$record" results.compressed_bytes)" \
                "$("$ROOT/tests/workloads/corpus_oracle.py" compress 3 2 50001 $level 7)"
        done
    done
}
