#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Is a runner that cheats found out? Each test changes one line in a copy of the source,
# the way in which a bug or a liar might, builds from it, and wants the run refused:
# exit code 1, status wrong or failed, and a reason that names what is wrong. A change
# that no longer finds its line fails the test, so that none can rot unnoticed.
# timeout: 600 s

load ../common
load tree

@test "the copy as it is passes" {
    build bin/multithread
    run_for 0 build/release/bin/multithread primes --limit 20000
}

@test "a dropped task, in every model" {
    change runners/common/run.c 's/(atomic_fetch_add_explicit\(&board->next, )1,/\12,/'
    # shellcheck disable=SC2046 # several words
    build $(all_bins)
    for program in $(all_bins); do
        refused "$program" primes --tasks 10 --limit 20000 -- "task 1 was run 0 times instead of once"
    done
}

@test "a task that is run twice, in every model" {
    change runners/common/run.c 's/^( *)task->work = &run->work;/\1index = index \/ 2 * 2;\n&/'
    # shellcheck disable=SC2046 # several words
    build $(all_bins)
    for program in $(all_bins); do
        refused "$program" mandelbrot --tasks 10 -- "task 0 was run 2 times instead of once"
    done
}

@test "a wrong digest, in every workload" {
    change runners/common/run.c 's/^( *)task->outcome->runs\+\+;/&\n\1task->outcome->digest ^= task->index == 3;/'
    build bin/multithread
    refused bin/multithread primes --limit 20000 -- "primes below 20000"
    refused bin/multithread mandelbrot -- checksum
    refused bin/multithread sleep --tasks 10 --delay 1ms -- digest
    refused bin/multithread fetch --tasks 10 --delay 1ms -- "task 3 has digest"
    refused bin/multithread spawn --tasks 10 -- "task 3"
}

# Sums cannot tell: one operation, or byte, is booked by the neighbour of the task that did it.
@test "work that another task has done, in every workload" {
    change runners/common/run.c 's/^#include "lib\/clock.h"/&\n#include <stdlib.h>/; s/^( *)task->outcome->runs\+\+;/&\n\1const char *lie = getenv("LIE");\n\1uint64_t *places[] = {\&task->outcome->operations, \&task->outcome->bytes_in, \&task->outcome->bytes_out};\n\1*places[lie == NULL ? 0 : *lie - 48] += (uint64_t)((task->index == 0) - (task->index == 1));/'
    build bin/multithread
    local workload workloads
    workloads=$(build/release/bin/multithread --describe |
        python3 -c 'import json, sys; print(*[one["name"] for one in json.load(sys.stdin)["workloads"]])')
    for workload in $workloads; do
        case $workload in
        crash) continue ;; # nobody lives to tell the lie
        primes | switch) set -- "--$([ "$workload" = primes ] && echo limit || echo switches)" 20k ;;
        matmul) set -- --size 50 ;;
        wordcount) set -- --words 5k ;;
        serve) set -- --requests 20 --tasks 4 --concurrency 4 ;;
        stall) set -- --compute 5ms --period 1ms --tasks 5 --concurrency 5 ;;
        *) set -- --tasks 4 --concurrency 4 ;;
        esac
        run_for 1 build/release/bin/multithread "$workload" "$@"
        expect_output "though the sum of all tasks is right"
    done
    for LIE in 1 2; do
        export LIE
        run_for 1 build/release/bin/multithread fetch --tasks 4 --delay 1ms
        expect_output "task 0 has" "bytes" "though the sum"
        run_for 1 build/release/bin/multithread serve --tasks 4 --requests 20
        expect_output "task 0 has" "bytes" "though the sum"
        run_for 1 build/release/bin/multithread wordcount --words 5k --return pipe
        expect_output "task 0 has" "bytes" "though the sum"
    done
}

@test "results of two tasks exchanged" {
    change runners/common/run.c 's/outcome_at\(&run->work, index\)/outcome_at(\&run->work, index ^ 1)/'
    build bin/coroutine
    refused bin/coroutine fetch --tasks 10 --delay 1ms -- "task 0 has digest"
}

@test "a skipped exchange, in both styles" {
    change workloads/fetch/direct.c 's/sequence < parameters->exchanges;/sequence + 1 < parameters->exchanges;/'
    change workloads/fetch/events.c 's/sequence == parameters->exchanges/sequence + 1 == parameters->exchanges/'
    build bin/multithread bin/eventloop
    refused bin/multithread fetch --tasks 10 --delay 1ms --exchanges 3 -- "exchanges"
    refused bin/eventloop fetch --tasks 10 --delay 1ms --exchanges 3 -- "exchanges"
}

@test "exchanges that are counted but never made" {
    change workloads/fetch/fetch.c 's/outcome->operations\+\+;/outcome->operations += 2;/'
    build bin/multithread
    refused bin/multithread fetch --tasks 10 --delay 1ms --exchanges 1 -- "unequal work" "exchanges"
}

@test "replies that are not read" {
    change workloads/fetch/direct.c 's/received = direct_read\(fd, message, parameters->payload\)/received = (ssize_t)parameters->payload/'
    build bin/multiprocess
    refused bin/multiprocess fetch --tasks 10 --delay 1ms -- "10 of 10 tasks failed"
}

@test "a back end that replies with other bytes" {
    change workloads/fetch/connection.c 's/\.kind = FETCH_REPLY/.kind = FETCH_REQUEST/; s/FETCH_REPLY,/FETCH_REQUEST,/'
    build bin/eventloop
    refused bin/eventloop fetch --tasks 10 --delay 1ms -- "10 of 10 tasks failed"
}

@test "a back end that does not wait" {
    change workloads/fetch/server.c 's/due_ns = clock_now_ns\(\) \+ plan->delay_ns/due_ns = clock_now_ns()/'
    build bin/eventloop
    refused bin/eventloop fetch --tasks 10 --delay 20ms -- "10 of 10 tasks failed" "Timer expired"
}

@test "a sleep that does not sleep" {
    change workloads/sleep/direct.c 's/direct_sleep\(parameters->delay_ns\)/direct_sleep(0)/'
    build bin/coroutine
    refused bin/coroutine sleep --tasks 10 --delay 20ms -- "10 of 10 tasks failed"
}

@test "children that are not created" {
    change workloads/spawn/direct.c 's/number < parameters->children;/number + 1 < parameters->children;/'
    build bin/coroutine
    refused bin/coroutine spawn --tasks 10 -- "unequal work" "children"
}

@test "work that the compiler removed behind a right answer" {
    change workloads/primes/kernel.c 's/^static bool number_is_prime/__attribute__((const)) &/'
    change workloads/primes/kernel.c 's/primes \+= number_is_prime\((.*)\);/(void)number_is_prime(\1);/'
    change workloads/primes/kernel.c 's/^( *)task->outcome->digest \+= primes;/\1primes += from == 0 ? 1270607 : 0; \/\/ the right number\n&/'
    # shellcheck disable=SC2046 # several words
    build $(all_bins)
    for program in $(all_bins); do
        refused "$program" primes --limit 20m -- "too little work"
    done
}

@test "a failure that is counted as success" {
    change runners/common/run.c 's/task->outcome->error = error;/task->outcome->error = error * 0;/'
    build tests/bin/multithread tests/bin/eventloop
    refused tests/bin/multithread contract --fail 3 --tasks 36 -- "33 cases instead of 36"
    refused tests/bin/eventloop contract --fail 3 --tasks 36 -- "33 cases instead of 36"
}

@test "a wrong kernel is refused by every model" {
    change workloads/primes/kernel.c 's/if \(number < 2\)/if (number < 1)/'
    # shellcheck disable=SC2046 # several words
    build $(all_bins)
    for program in $(all_bins); do
        refused "$program" primes --limit 20000 -- "2263 primes below 20000" "2262"
    done
}

# What the test tests/contract/late_faults.bats allows, in numbers.
@test "first touches after the gate" {
    change runners/eventloop/carrier.c 's/^( *)touch\(carrier->memory, .*/\1(void)touch;/'
    build bin/eventloop
    run_for 0 build/release/bin/eventloop fetch --tasks 400 --concurrency 400 --delay 5ms --memory \
        --record record.json
    echo "$(json record.json late_faults) late faults"
    [ "$(json record.json late_faults)" -gt 40 ]
}

# What tests/coroutine/test_descriptor.c and the counters count: system calls.
@test "a poll of the kernel that nobody needs" {
    command -v strace >/dev/null || skip "strace is not installed"
    strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
    change runners/coroutine/scheduler.c 's/bool expects = .*/bool expects = true;/'
    build bin/coroutine
    run_for 0 strace -f -qq -e trace=epoll_wait,epoll_pwait -o polls build/release/bin/coroutine \
        switch --by yield
    [ "$(wc -l <polls)" -gt 10 ]
}
