// SPDX-License-Identifier: MIT
//
// size.h - N, the tasks of a run, and C, how many of them are in flight at once.
#ifndef QUARTET_RUNNERS_COMMON_SIZE_H
#define QUARTET_RUNNERS_COMMON_SIZE_H

#include "workloads/workload.h"

// Sets tasks and concurrency of the work; 0: not asked. Ends the program (usage) when the
// two contradict each other.
void size_choose(struct work *work, uint64_t tasks, uint64_t concurrency);

#endif
