// SPDX-License-Identifier: MIT
//
// The wish to stop: see interrupt.h.
#include "driver/system/interrupt.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <stddef.h>

// One per process, as the signals are.
static bool stop_wanted;

void interrupt_signals(sigset_t *set)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigemptyset(set);
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        struct sigaction action;
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(set, signals[i]);
    }
}

void interrupt_hold(void)
{
    sigset_t set;
    interrupt_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

int interrupt_await(const sigset_t *set, uint64_t timeout_ns)
{
    struct timespec timeout = clock_timespec(timeout_ns);
    int number = sigtimedwait(set, NULL, &timeout);
    if (number > 0 && number != SIGCHLD)
        stop_wanted = true;
    return number > 0 ? number : 0;
}

bool interrupt_wanted(uint64_t timeout_ns)
{
    sigset_t set;
    interrupt_signals(&set);
    if (!stop_wanted)
        interrupt_await(&set, timeout_ns);
    return stop_wanted;
}
