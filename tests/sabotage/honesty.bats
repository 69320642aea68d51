#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Does scripts/honesty find what makes work unequal? Each test changes a line in a copy of the
# source, builds what the check looks at (the objects are there already), and wants the fault
# named.
# timeout: 600 s

load ../common
load tree

dishonest() {
    run scripts/honesty "$1" build/release
    [ "$status" -eq 1 ] || { echo "exit code $status"; echo "$output"; return 1; }
    shift
    expect_output "$@"
}

@test "the copy as it is passes" {
    # shellcheck disable=SC2046 # several words
    build $(all_bins)
    run -0 scripts/honesty checks build/release
    run -0 make fairness
}

@test "a writable global in a workload" {
    change workloads/primes/kernel.c 's/^bool primes_chunk/static uint64_t calls;\n&/; s/^( *)uint64_t primes = 0;/&\n\1if (calls++ > limit_of_calls) return false;/; s/limit_of_calls/UINT64_MAX - 1/'
    build obj/workloads/primes/kernel.o
    dishonest checks "primes/kernel.o has writable globals: calls"
}

@test "a thread-local variable in a workload" {
    change workloads/primes/kernel.c 's/^bool primes_chunk/static _Thread_local uint64_t calls;\n&/; s/^( *)uint64_t primes = 0;/&\n\1if (calls++ > UINT64_MAX - 1) return false;/'
    build obj/workloads/primes/kernel.o
    dishonest checks "primes/kernel.o has writable globals: calls"
}

@test "options for one runner only" {
    append Makefile '$(B)/obj/workloads/primes/direct.o: CFLAGS += -O3'
    dishonest checks "not all sources are compiled by the same options"
}

@test "a condition in a workload" {
    append workloads/primes/direct.c '#ifdef COROUTINE' '#endif'
    dishonest checks "conditional compilation" "primes/direct.c"
}

@test "something fetched ahead in one style" {
    change workloads/fetch/events.c 's/^( *)uint64_t size = session_payload\(session\);/&\n\1__builtin_prefetch(session->message);/'
    dishonest checks "fetches ahead for one style alone: workloads/fetch/events.c"
}

@test "a clock reading more in one style" {
    change workloads/fetch/direct.c 's/^( *)uint64_t sent_ns = clock_now_ns\(\);/\1(void)clock_now_ns();\n&/'
    dishonest checks "workloads/fetch/: direct.c reads the clock in 2 places, events.c in 1"
}

@test "a frame that could jump over the guard of a stack" {
    change workloads/fetch/direct.c 's/message\[FETCH_CLIENT_MAX\];/message[8 * FETCH_CLIENT_MAX];/'
    build obj/workloads/fetch/direct.o
    dishonest checks "fetch/direct.o: fetch_session_run has a frame of 0x" "larger than a page"
}

@test "link-time optimisation" {
    append Makefile 'FLAGS_release += -flto'
    dishonest checks "-flto"
}

@test "an object that was compiled for link-time optimisation" {
    gcc -flto -std=c17 -D_POSIX_C_SOURCE=200809L -I. -O2 -c workloads/primes/kernel.c \
        -o build/release/obj/workloads/primes/kernel.o
    dishonest checks "primes/kernel.o was compiled for link-time optimisation"
}

@test "a folder in which nothing was built" {
    rm -r build/release/obj/workloads
    dishonest checks "there are no workload objects in build/release"
}

@test "an object that is not the one that was linked" {
    # shellcheck disable=SC2046 # several words
    build $(all_bins)
    change workloads/primes/kernel.c 's/% 3 == 0/% 3 == 1/'
    build obj/workloads/primes/kernel.o
    # Make is told (-o) that the runners are as they should be: it would link them again.
    # shellcheck disable=SC2046 # several words
    run make $(printf -- '-o build/release/%s ' $(all_bins)) fairness
    expect "exit code" "$status" 2
    expect_output "is not what its objects give"
}
