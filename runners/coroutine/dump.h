// SPDX-License-Identifier: MIT
//
// dump.h - who is alive, and what does each one wait for? For debugging, and for seeing
// with one's own eyes that a suspended coroutine is nothing but a stack in a queue.
#ifndef QUARTET_RUNNERS_COROUTINE_DUMP_H
#define QUARTET_RUNNERS_COROUTINE_DUMP_H

#include "runners/coroutine/scheduler.h"

#include <stdio.h>

// Prints a line for each coroutine of the calling thread that has not ended, in the order
// of their stacks, at most `limit` lines, and how many are left out:
//     3 coroutines alive
//       main                 waits for future reader (0x7ffd0c2b1e40)
//       reader               waits for reading (0x7f52f8a01080), cancelled
//       worker, task 17      runs
void dump_coroutines(FILE *file, unsigned limit);

#endif
