// SPDX-License-Identifier: MIT
//
// verify.h - was the same work done? Adds up what the tasks left and compares it with
// what the workload expects. A fast wrong answer is not a result.
#ifndef QUARTET_RUNNERS_COMMON_VERIFY_H
#define QUARTET_RUNNERS_COMMON_VERIFY_H

#include "runners/common/run.h"

struct tally {
    struct ledger done;     // added up over all outcomes
    struct ledger expected; // by the workload
    uint64_t errors;        // tasks that ended with an error
    uint32_t peak_in_flight;
    uint64_t checksum; // over index, digest and error of every task, in order
};

// Adds up; compares nothing.
void verify_tally(const struct run *run, struct tally *tally);

// -ENOSYS: this model cannot. -EIO: tasks failed. -EBADMSG: wrong or unequal work. The reason names the first
// difference. `cpu_ns` is the CPU time that the whole run took.
int verify_run(const struct run *run, const struct tally *tally, uint64_t cpu_ns,
               struct reason *reason);

#endif
