// SPDX-License-Identifier: MIT
//
// sleep.h - N tasks wait --delay each: the textbooks' stand-in for I/O. With C tasks
// in flight the ideal time is ceil(N / C) * delay; the rest is the model's.
#ifndef QUARTET_WORKLOADS_SLEEP_H
#define QUARTET_WORKLOADS_SLEEP_H

#include "workloads/workload.h"

struct sleep_parameters {
    uint64_t delay_ns;
};

// Books a sleep that began at `began_ns` and ends now, and leaves the digest that only
// this task of this seed can have. 0, or -ETIME if it was too short.
int sleep_book(struct task *task, uint64_t began_ns);

// That digest.
uint64_t sleep_digest(const struct work *work, uint32_t index);

#endif
