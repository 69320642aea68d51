// SPDX-License-Identifier: MIT
//
// crew.h - the worker processes of a run: forked, booked when they end, killed when one of
// them ended badly. A worker has a place, 0..run->workers-1; in a pool it keeps it for the
// whole run, with --per-task one worker after the other has it.
//
// Read next: multiprocess.c, the pool.
#ifndef QUARTET_RUNNERS_MULTIPROCESS_CREW_H
#define QUARTET_RUNNERS_MULTIPROCESS_CREW_H

#include "lib/error.h"
#include "runners/common/run.h"

#include <sys/types.h>

// How long a worker's death may go unnoticed. Looking at 10,000 takes milliseconds.
#define LOOK_EVERY_NS (NS_PER_SECOND / 4)

struct crew {
    struct run *run;
    pid_t *pids;     // by place; 0: nobody, or waited for
    uint32_t places; // those that somebody has ever had
    uint32_t alive;  // workers that were forked and not waited for
    int error;       // of the first failure, -errno
    struct reason *reason;
};

// 0, or -ENOMEM with the reason.
int crew_init(struct crew *crew, struct run *run, struct reason *reason);

void crew_destroy(struct crew *crew);

// Forks a worker for an empty place. Like fork(): returns 0 in the worker. In the parent
// the pid; a failure is -errno, stands in crew->error, and the others have been killed.
pid_t crew_fork(struct crew *crew, uint32_t place);

// Waits until the worker of this place has ended, and books it.
void crew_await(struct crew *crew, uint32_t place);

// Waits until any worker has ended, and books it; for runs where deaths are the result,
// each of which is to be noticed when it happens. Returns whether there was one; whose
// place it was.
bool crew_await_any(struct crew *crew, uint32_t *place);

// Books all workers that have ended (or, without WNOHANG, that will end).
void crew_reap(struct crew *crew, int options);

static inline bool crew_goes_on(const struct crew *crew)
{
    return crew->error == 0 && crew->alive > 0;
}

#endif
