// SPDX-License-Identifier: MIT
//
// loops.h - how many event loops or schedulers carry a run, and how much of it each. For
// the models whose workers are loops: coroutine and eventloop.
#ifndef QUARTET_RUNNERS_LOOP_LOOPS_H
#define QUARTET_RUNNERS_LOOP_LOOPS_H

#include "lib/error.h"
#include "runners/common/run.h"

#include <stdint.h>

// Fixes run->workers and *loops, the value of --loops, which --workers may give as well.
// 0, or -EINVAL when the two contradict each other or a loop would have nothing to do.
int loops_choose(struct run *run, uint64_t *loops, struct reason *reason);

// How many of the tasks in flight are carried by loop `index`: all have the same number,
// or one more.
uint32_t loops_share(const struct run *run, uint32_t index);

#endif
