// SPDX-License-Identifier: MIT
//
// A wait here lasts for ever: nobody else runs who could change the word. Only a
// wait with a time limit has an end. See ../blocking/park.h.
#include "runners/blocking/park.h"

#include "lib/clock.h"
#include "runners/sync_objects.h"

#include <errno.h>

int sync_park(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
    (void)word;
    (void)value;
    if (deadline_ns == SYNC_FOREVER)
        return -EDEADLK;
    struct timespec until = clock_timespec(deadline_ns);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
    return -ETIMEDOUT;
}

void sync_unpark(_Atomic uint32_t *word, int sleepers)
{
    (void)word;
    (void)sleepers;
}
