// SPDX-License-Identifier: MIT
//
// clock_step.c - a library to be preloaded: the wall clock jumps at every look, years to
// and fro, as it does when somebody sets it or a virtual machine wakes up. Only the clock
// that counts the time since the start of the machine goes on as it should. See
// mishaps.bats.
#define _GNU_SOURCE // syscall()
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define STEP_S 400000000L // more than twelve years

static _Atomic int looks;

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (syscall(SYS_clock_gettime, clock, time) != 0)
        return -1;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
        time->tv_sec += atomic_fetch_add(&looks, 1) % 2 == 0 ? STEP_S : -STEP_S;
    return 0;
}

time_t time(time_t *place)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place != NULL)
        *place = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}
