#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Optional libraries: a workload whose needs are not met is left out, and everybody who
# looks for it is told why and what to install. Made up in a copy of the tree, whose
# `sleep` is given needs that this machine does not meet. timeout: 300 s

load ../common
load ../sabotage/tree

LINKED=static # or not: that is what some of these tests ask

# needs LINE...: what workloads/sleep needs, in the copy.
needs() {
    printf '%s\n' "# made up" "" "$@" >workloads/sleep/needs
}

found() {
    expect needs "$(scripts/needs list | grep '^sleep: ')" "sleep: $1"
}

@test "what this build lacks" {
    local absent
    absent=$("$BIN/sequential" --list 2>&1 >/dev/null)
    [ -z "$absent" ] || skip "${absent//$'\n'/; }"
}

@test "a workload whose library is missing is left out, and named" {
    needs 'stdio.h libc6-dev' 'nosuch.h libnosuch-dev -lnosuch'
    build bin/multithread bin/sequential
    run --separate-stderr build/release/bin/multithread --list
    expect "exit code" "$status" 0
    [[ $output == *primes* && $output != *sleep* ]]
    # shellcheck disable=SC2154 # by bats
    output=$stderr
    expect_output "multithread: sleep: left out of this build: nosuch.h is missing; install libnosuch-dev"
    run_for 77 build/release/bin/multithread sleep
    expect_output "nosuch.h is missing; install libnosuch-dev, then build again"
    run_for 2 build/release/bin/multithread snooze
    build/release/bin/multithread --describe >describe.json
    expect name "$(json describe.json left_out.0.name)" sleep
    expect reason "$(json describe.json left_out.0.reason)" "nosuch.h is missing"
    expect package "$(json describe.json left_out.0.package)" libnosuch-dev
    QUARTET_RUNNERS=$PWD/build/release/bin run_for 0 "$BIN/quartet" list
    expect_output "Left out of this build" "nosuch.h is missing; install libnosuch-dev"
    export QUARTET_RUNNERS=$PWD/build/release/bin
    local command
    for command in run counters calibrate; do
        run_for 77 "$BIN/quartet" $command --workloads sleep --models multithread
        expect_output "$command: SKIP: " "sleep is left out of this build: nosuch.h is missing; install libnosuch-dev, then build again"
    done
    run_for 0 "$BIN/quartet" run --workloads sleep,primes/one-cpu --models multithread --tasks 2 --rounds 1 -o out
    expect "left out" "$(json out/report.json plan.left_out.0.package)" libnosuch-dev
    run_for 0 "$BIN/quartet" report out/report.json
    expect_output "SKIP sleep: left out of this build: nosuch.h is missing; install libnosuch-dev" "primes, one CPU"
    run_for 0 "$BIN/quartet" run --workloads sleep,primes/one-cpu --models multithread --dry-run
    expect_output "SKIP sleep: left out of this build: nosuch.h is missing; install libnosuch-dev" "table primes/one-cpu"
    run_for 0 "$BIN/quartet" run --profile quick --models multithread --dry-run
    expect_output "SKIP sleep: " "table stall"
    run_for 0 "$BIN/quartet" run --workloads primes --models multithread --dry-run
    [[ $output != *SKIP* ]]
    run_for 0 scripts/honesty checks build/release
    rm workloads/sleep/needs
    build bin/multithread
    run_for 0 build/release/bin/multithread sleep --tasks 2 --delay 1ms
}

@test "a missing package is asked for by install-deps, and is no obstacle" {
    needs 'nosuch.h libnosuch-dev -lnosuch'
    run -0 scripts/install-deps --check --group bench
    expect_output "missing, optional: " libnosuch-dev
    run -0 scripts/install-deps --check --group build
    [[ $output != *libnosuch-dev* ]]
}

@test "needs that are met, each kind" {
    mkdir -p brought/source brought/include
    echo 'int brought_answer(void);' >brought/include/brought.h
    printf '#include "brought.h"\nint brought_answer(void) { unsigned n = -1; return n > 1; }\n' \
        >brought/source/brought.c
    needs "brought.h libbrought-dev -isystem $PWD/brought/include $PWD/brought/source/brought.c" \
        "jansson.h libjansson-dev pkg-config:jansson"
    found "has all that it needs"
    export WERROR=1
    build gen/needs/sleep_brought.o # its conversion is not ours to mend
    run make -n build/release/bin/eventloop
    output=$(grep -- '-o build/release/bin/eventloop' <<<"$output")
    expect_output " build/release/gen/needs/sleep_brought.o " " -ljansson "
    rm brought/source/brought.c
    found "left out of this build: $PWD/brought/source/brought.c is missing; install libbrought-dev"
}

@test "another way to meet a need" {
    needs 'nosuch.h libnosuch-dev' 'or stdio.h libc6-dev' 'stdlib.h libc6-dev'
    found "has all that it needs"
    needs 'stdio.h libc6-dev' 'or nosuch.h libnosuch-dev' 'stdlib.h libc6-dev'
    found "has all that it needs"
    needs 'nosuch.h libnosuch-dev' 'or neither.h libneither-dev' 'stdlib.h libc6-dev'
    found "left out of this build: nosuch.h is missing, and neither.h is missing; install libnosuch-dev or libneither-dev"
    needs 'stdio.h libc6-dev' 'stdlib.h libc6-dev' 'nosuch.h libnosuch-dev'
    found "left out of this build: nosuch.h is missing; install libnosuch-dev"
}

@test "a library that has no form for this kind of build" {
    echo 'int only_shared(void) { return 1; }' | gcc -shared -fPIC -x c - -o libonlyshared.so
    needs "stdio.h libc6-dev -L$PWD -lonlyshared"
    STATIC='' found "has all that it needs"
    STATIC=-static found "has all that it needs, linked dynamically"
    export LD_LIBRARY_PATH=$PWD LIBRARY_PATH=$PWD
    needs "stdio.h libc6-dev -lonlyshared"
    build bin/multithread bin/shared/multithread
    run_for 0 build/release/bin/multithread sleep --tasks 2 --delay 1ms --record record.json
    expect linked "$(json record.json build.linked)" dynamic
    run_for 0 build/release/bin/multithread primes --tasks 2 --limit 1k --record record.json
    expect linked "$(json record.json build.linked)" static
    [[ $(ldd build/release/bin/shared/multithread) == *libc.so* ]]
    rm build/release/bin/shared/multithread
    run_for 77 build/release/bin/multithread sleep
    expect_output "sleep: its runner, shared/multithread beside this one, is missing"
    needs 'stdio.h libc6-dev -lnosuch'
    STATIC=-static found "left out of this build: a program cannot be linked with the library of stdio.h; install libc6-dev"
}
