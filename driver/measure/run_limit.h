// SPDX-License-Identifier: MIT
//
// run_limit.h - how long one run may take. A runner gives up by itself after its --timeout,
// with a record that says so; whoever started it waits a little longer.
#ifndef QUARTET_DRIVER_MEASURE_RUN_LIMIT_H
#define QUARTET_DRIVER_MEASURE_RUN_LIMIT_H

#include "lib/clock.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define RUN_LIMIT_USUAL_NS (60 * NS_PER_SECOND) // where the user does not say
#define RUN_LIMIT_GRACE_NS (10 * NS_PER_SECOND)
#define RUN_LIMIT_SEEN_NS                                                                \
    (5 * NS_PER_SECOND) // more, after which quartet-observe kills it

#define RUN_LIMIT_SIZE 32

// Writes it as the option --timeout of every runner takes it.
static inline void run_limit_text(char text[RUN_LIMIT_SIZE], uint64_t ns)
{
    snprintf(text, RUN_LIMIT_SIZE, "%" PRIu64 "ms", ns / 1000000);
}

#endif
