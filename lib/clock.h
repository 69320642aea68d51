// SPDX-License-Identifier: MIT
//
// clock.h - the one clock of the project: nanoseconds of CLOCK_MONOTONIC, which
// never steps and is the same for all processes of a machine.
#ifndef QUARTET_LIB_CLOCK_H
#define QUARTET_LIB_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_SECOND UINT64_C(1000000000)

static inline uint64_t clock_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static inline struct timespec clock_timespec(uint64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_SECOND),
                             .tv_nsec = (long)(ns % NS_PER_SECOND)};
}

#endif
