#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The context switch on processors: the one at hand, and aarch64 by a cross compiler and
# an emulator. context_test.c needs no library, so it can be linked statically.

load ../common

SOURCES="tests/coroutine/context_test.c runners/coroutine/context.c
    runners/coroutine/context_ucontext.c runners/coroutine/context_x86_64.S
    runners/coroutine/context_aarch64.S runners/coroutine/stack.c
    runners/coroutine/coroutine.c lib/error.c lib/limits.c lib/plain.c"

# Builds context_test with this compiler: build COMPILER FLAG...
build() {
    local compiler=$1
    shift
    cd "$ROOT" || return 1
    # shellcheck disable=SC2086 # a list of files
    "$compiler" -std=c17 -D_POSIX_C_SOURCE=200809L -I. -O2 -Wall -Werror "$@" $SOURCES \
        -pthread -o "$BATS_TEST_TMPDIR/context_test"
}

@test "context switch: on this machine" {
    build "${CC:-cc}"
    run_for 0 "$BATS_TEST_TMPDIR/context_test"
    expect_output "ucontext: "
}

@test "context switch: on aarch64, by an emulator" {
    command -v aarch64-linux-gnu-gcc >/dev/null ||
        skip "needs the package gcc-aarch64-linux-gnu"
    build aarch64-linux-gnu-gcc -static
    command -v qemu-aarch64-static >/dev/null ||
        skip "it assembles; to run it needs the package qemu-user-static"
    run_for 0 qemu-aarch64-static "$BATS_TEST_TMPDIR/context_test"
    expect_output "asm: " "ucontext: "
}

@test "context switch: the stack is not made executable" {
    build "${CC:-cc}"
    run readelf -lW "$BATS_TEST_TMPDIR/context_test"
    [[ $output =~ GNU_STACK.*RW\ +0x ]]
}
