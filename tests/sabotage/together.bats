#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Are the checks of the workloads worth anything whose tasks share something? One line is
# changed in a copy, most often in what they share, and the run must be refused with a
# reason that names what is wrong.
# timeout: 600 s

load ../common
load tree

@test "a semaphore that lets one more in" {
    change runners/loop/sync_lines.c 's/^    if \(value > 0\)$/    if (value > 0 || semaphore->line.first == NULL)/; s/word_set\(&semaphore->value, value - 1\)/word_set(\&semaphore->value, value > 0 ? value - 1 : 0)/; s/return value > 0;/return waiter->line == NULL;/'
    change runners/blocking/sync.c 's/(if \(atomic_compare_exchange_weak_explicit\(&semaphore->value, &value, value) - 1/\1 - (value > 1)/'
    build bin/eventloop bin/multithread
    refused bin/eventloop semaphore --tasks 30 --permits 3 -- "tasks failed"
    refused bin/multithread semaphore --tasks 30 --permits 3 -- "tasks failed"
}

@test "a queue that passes an item twice" {
    change runners/blocking/sync.c 's/^( *)queue->head = sync_queue_place\(queue, 1\);/\1queue->head = sync_queue_place(queue, *item % 8 != 0);/'
    build bin/multithread
    refused bin/multithread pipeline --items 500 -- "lost, doubled or reordered"
}

@test "a stage that leaves an item out" {
    change workloads/pipeline/kernel.c 's/^( *)outcome->operations\+\+;/&\n\1if (outcome->operations == 7 \&\& task->index == 2)\n\1    return mix(item);/'
    build bin/coroutine bin/eventloop
    refused bin/coroutine pipeline --items 500 -- "stage 2 has lost, doubled or reordered"
    refused bin/eventloop pipeline --items 500 -- "stage 2 has lost, doubled or reordered"
}

@test "an event that does not wait" {
    change runners/blocking/sync.c 's/^    if \(before & EVENT_SET\)$/    if (before < 100)/'
    build bin/multiprocess
    refused bin/multiprocess broadcast --tasks 20 -- "did not end within --timeout"
    refused bin/multiprocess park --tasks 20 -- "tasks failed" "Protocol error"
}

@test "a lock that locks nobody out" {
    change workloads/counter/direct.c 's/int error = sync_lock\(&board->mutex, SYNC_FOREVER\);/int error = 0;/; s/^    sync_unlock\(&board->mutex\);//'
    build bin/coroutine
    refused bin/coroutine counter --await --additions 100 -- "the counter says" "additions"
}

@test "additions that are booked and not made" {
    change workloads/counter/kernel.c 's/task->outcome->operations\+\+\)/task->outcome->operations++ % 50)/'
    build bin/eventloop
    refused bin/eventloop counter --additions 100 -- "has not made its additions"
}

@test "a turn that is taken twice" {
    change workloads/switch/direct.c 's/^        sync_release\(next\);/        sync_release(left == 5 ? mine : next);/'
    build bin/coroutine
    run_for 1 build/release/bin/coroutine switch --switches 100 --record record.json
    expect_output deadlock
    expect status "$(json record.json status)" failed
    [[ $(json record.json reason) == "deadlock: "* ]]
}

@test "calls that come too early" {
    change workloads/schedule/direct.c 's/direct_sleep\(schedule_wait\(due_ns\)\)/direct_sleep(schedule_wait(due_ns) \/ 2)/'
    build bin/coroutine
    refused bin/coroutine schedule --tasks 20 --span 20ms -- "tasks failed" "Timer expired"
}

@test "calls that are due at another instant" {
    change workloads/schedule/kernel.c 's/return zero_ns \+ schedule_offset\(task->work, task->index\);/return zero_ns + schedule_offset(task->work, 0);/'
    build bin/eventloop
    refused bin/eventloop schedule --tasks 20 --span 20ms -- "due at another instant"
}

@test "members that are cancelled without having been asked to" {
    change workloads/gather/direct.c 's/gather_member_end\(task, error == 0\);/gather_member_end(task, task->index == 3);/'
    build bin/multithread
    refused bin/multithread gather --tasks 11 --delay 10ms -- "answer is wrong"
}

@test "a member that fails without having to" {
    change workloads/gather/kernel.c 's/bool fails = !cancelled \&\& gather_fails\(task->work, task->index\);/bool fails = task->index == 3;/'
    build bin/eventloop
    refused bin/eventloop gather --tasks 11 --delay 10ms -- "member 3 left a wrong result"
}

@test "a computation that is not made" {
    change workloads/stall/kernel.c 's/while \(spent_ns < \*wanted_ns\)/while (spent_ns < *wanted_ns \/ 2)/'
    build bin/coroutine
    refused bin/coroutine stall --tasks 10 --compute 50ms -- "task 0 computed for"
}

@test "one who does not die" {
    change workloads/crash/kernel.c 's/^        die_by_fault\(\);//'
    build bin/multithread
    refused bin/multithread crash -- "tasks failed"
}
