// SPDX-License-Identifier: MIT
//
// park.h - how the worker of a blocking model goes to sleep: by a futex that threads
// share, by one that processes share, or, where there is nobody who could wake it, not
// at all. One definition in the folder of each model.
#ifndef QUARTET_RUNNERS_BLOCKING_PARK_H
#define QUARTET_RUNNERS_BLOCKING_PARK_H

#include <stdatomic.h>
#include <stdint.h>

// Sleeps while *word == value, until woken or until the instant deadline_ns
// (SYNC_FOREVER: none). 0: look again. -ETIMEDOUT. -EDEADLK: nobody could ever wake it.
int sync_park(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns);

// Wakes at most that many who sleep on the word.
void sync_unpark(_Atomic uint32_t *word, int sleepers);

#endif
