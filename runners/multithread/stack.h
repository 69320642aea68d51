// SPDX-License-Identifier: MIT
//
// stack.h - how large the stack of a thread is: 64 KiB unless asked, so that 10,000
// threads reserve 640 MB of addresses rather than 80 GB (the default of 8 MiB each).
// Only what is touched costs memory.
#ifndef QUARTET_RUNNERS_MULTITHREAD_STACK_H
#define QUARTET_RUNNERS_MULTITHREAD_STACK_H

#include <pthread.h>
#include <stddef.h>

// From now on stacks are of this size. Before there are threads.
void stack_choose(size_t bytes);

// Initialises attributes with that stack size; the caller destroys them. 0 or errno.
int stack_attributes(pthread_attr_t *attributes);

#endif
