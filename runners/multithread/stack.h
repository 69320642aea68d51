// SPDX-License-Identifier: MIT
//
// stack.h - how large the stack of a thread is: 64 KiB unless asked, so that 10,000
// threads reserve 640 MB of addresses rather than 80 GB (the default of 8 MiB each).
// Only what is touched costs memory.
#ifndef QUARTET_RUNNERS_MULTITHREAD_STACK_H
#define QUARTET_RUNNERS_MULTITHREAD_STACK_H

#include "lib/options.h"

#include <pthread.h>

struct stack_settings {
    uint64_t stack_bytes;    // --stack
    uint64_t global_lock_ns; // --global-lock; 0: there is none
    bool per_task;           // --per-task: no pool, see per_task.c
};

extern struct stack_settings stack_settings;
extern const struct option_spec stack_options[];

// Initialises attributes with that stack size; the caller destroys them. 0 or errno.
int stack_attributes(pthread_attr_t *attributes);

#endif
