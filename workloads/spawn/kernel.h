// SPDX-License-Identifier: MIT
//
// kernel.h - what a child of `spawn` computes: next to nothing, because what is to be
// measured is how long it takes to create a child, to let it run, and to hear of its
// end. But not nothing at all: the result depends on the seed, the task and the number
// of the child, so that a child that never ran, or ran with another's argument, shows.
//
// Read next: direct.c, events.c.
#ifndef QUARTET_WORKLOADS_SPAWN_KERNEL_H
#define QUARTET_WORKLOADS_SPAWN_KERNEL_H

#include "workloads/workload.h"

#include <stdint.h>

struct spawn_parameters {
    uint64_t children; // how many each task creates, one after another
};

// The argument of a child. The parent keeps it until the child has been joined.
struct spawn_argument {
    uint64_t seed;
    uint64_t number; // 0 ... children-1
    uint32_t task;
};

// The argument of a task's child number `number`.
struct spawn_argument spawn_argument(const struct task *task, uint64_t number);

// The child: takes a struct spawn_argument and returns its result.
uint64_t spawn_child(const void *argument);

// Books the result of one child, in the order of their numbers.
void spawn_book(struct outcome *outcome, uint64_t result);

#endif
