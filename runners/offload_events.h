// SPDX-License-Identifier: MIT
//
// offload_events.h - work that is too long for a loop, with a callback: the twin of
// offload.h.
#ifndef QUARTET_RUNNERS_OFFLOAD_EVENTS_H
#define QUARTET_RUNNERS_OFFLOAD_EVENTS_H

#include "runners/loop/executor_job.h"

// Hands the job to the pool of this loop (--offload threads|processes) and returns false:
// job->on_done() will be called. Without a pool, or if the argument is too large, it is
// done at once, by the caller: job->error and job->result are there, the return is true,
// and on_done() is not called.
bool offload_then(struct ev_loop *loop, struct executor_job *job);

#endif
