// SPDX-License-Identifier: MIT
//
// offload.h - the pool of this thread's loop, for offload_then().
#ifndef QUARTET_RUNNERS_EVENTLOOP_OFFLOAD_H
#define QUARTET_RUNNERS_EVENTLOOP_OFFLOAD_H

#include "runners/loop/executor.h"
#include "runners/offload_events.h"

// NULL: there is none, long work is done on the spot.
extern _Thread_local struct executor *executor_here;

#endif
