// SPDX-License-Identifier: MIT
//
// counter.h - all tasks add to one counter, each --additions times. An addition is three
// steps: read, add, write. What comes between them? --guard says how they are kept
// together:
//   none     not at all: additions get lost, and how many is the result
//   mutex    a lock around the three steps
//   atomic   one instruction
//   message  the counter belongs to task 0; the others send what they want to add
//
// --await puts a suspension point between reading and writing: as long as there is none,
// coroutines and callbacks of one loop cannot come between the steps of another one.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_COUNTER_H
#define QUARTET_WORKLOADS_COUNTER_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

#include <stdalign.h>

enum counter_guard { GUARD_NONE, GUARD_MUTEX, GUARD_ATOMIC, GUARD_MESSAGE };

#define COUNTER_INBOX 64 // messages that may be on their way

// State that all tasks share.
struct counter_board {
    alignas(64) _Atomic uint64_t value;
    struct sync_mutex mutex;
    struct sync_queue inbox;
};

struct counter_parameters {
    uint64_t additions;
    uint64_t guard;
    bool await;
    struct counter_board *board;
};

// The first half of an addition, and the second one.
uint64_t counter_read(const struct task *task);
void counter_write(const struct task *task, uint64_t value);

// Both in one instruction.
void counter_add(const struct task *task, uint64_t amount);

// Books one addition of this task.
void counter_book(struct task *task);

// How many messages task 0 gets.
uint64_t counter_messages(const struct work *work);

#endif
