#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The picture of the Mandelbrot set must be the same to the last bit, whichever compiler
# and processor computed it, and the oracles of this folder must agree with what the
# sources quote from them. Compiles the kernel by itself; needs no runner.
# timeout: 300 s

bats_require_minimum_version 1.5.0

PICTURE=(97 64 500)
STRICT=(-std=c17 -D_POSIX_C_SOURCE=200809L -ffp-contract=off -I.)

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    tests/workloads/mandelbrot_oracle.py "${PICTURE[@]}" >"$BATS_FILE_TMPDIR/oracle"
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
}

# compile COMPILER FLAGS...: builds the program that prints a picture.
compile() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
    "$@" "${STRICT[@]}" tests/workloads/mandelbrot_print.c workloads/mandelbrot/kernel.c \
        -o "$BATS_TEST_TMPDIR/print"
}

same_as_oracle() {
    "$@" "$BATS_TEST_TMPDIR/print" "${PICTURE[@]}" >"$BATS_TEST_TMPDIR/rows"
    diff "$BATS_FILE_TMPDIR/oracle" "$BATS_TEST_TMPDIR/rows"
}

@test "gcc -O0 computes the oracle's picture" {
    compile gcc -O0
    same_as_oracle
}

@test "gcc -O2 computes the oracle's picture" {
    compile gcc -O2
    same_as_oracle
}

@test "gcc -O3 -march=native computes the oracle's picture" {
    compile gcc -O3 -march=native
    same_as_oracle
}

@test "clang -O2 computes the oracle's picture" {
    compile clang -O2
    same_as_oracle
}

@test "clang -O3 -march=native computes the oracle's picture" {
    compile clang -O3 -march=native
    same_as_oracle
}

@test "aarch64 computes the oracle's picture" {
    command -v qemu-aarch64 >/dev/null || command -v qemu-aarch64-static >/dev/null ||
        skip "qemu-user is not installed"
    compile aarch64-linux-gnu-gcc -O2 -static
    same_as_oracle "$(command -v qemu-aarch64 || command -v qemu-aarch64-static)"
}

@test "the table of primes is what the oracle counts" {
    table=$(sed -nE 's/^    \{([0-9]+), ([0-9]+)\},$/\1 \2/p' workloads/primes/workload.c)
    [ "$(wc -l <<<"$table")" -ge 26 ]
    # shellcheck disable=SC2046 # one argument per number
    diff <(echo "$table") <(tests/workloads/primes_oracle.py $(cut -d' ' -f1 <<<"$table"))
}

@test "the checksum of the default picture is what the oracle computes" {
    width=$(sed -nE 's/^#define DEFAULT_WIDTH +([0-9]+)$/\1/p' workloads/mandelbrot/workload.c)
    height=$(sed -nE 's/^#define DEFAULT_HEIGHT +([0-9]+)$/\1/p' workloads/mandelbrot/workload.c)
    iterations=$(sed -nE 's/^#define DEFAULT_ITERATIONS +([0-9]+)$/\1/p' \
        workloads/mandelbrot/workload.c)
    last=$(tests/workloads/mandelbrot_oracle.py "$width" "$height" "$iterations" | tail -n 1)
    grep -q "DEFAULT_CHECKSUM UINT64_C(0x${last#checksum })" workloads/mandelbrot/workload.c
}
