// SPDX-License-Identifier: MIT
//
// noise.h - what else happened to the machine while a block ran. These are outside
// signals: none of them looks at the times that are being measured.
//
// Two kinds: counters of the kernel (time stolen by the hypervisor, time in which our
// control group was throttled, CPU time of strangers), read before and after; and a
// reference load, a
// small fixed piece of work whose time says how fast the machine was just then. Its
// three parts fall ill separately: computing, waking up on the same CPU, and passing a
// cache line to another CPU, where slow regimes of virtual machines show first.
#ifndef QUARTET_DRIVER_MEASURE_NOISE_H
#define QUARTET_DRIVER_MEASURE_NOISE_H

#include "driver/report/model.h"
#include "lib/error.h"

#include <math.h>
#include <stdbool.h>

#define NOISE_UNKNOWN ((double)NAN)

// More than these of the CPU time of a block, and the block is run again.
#define NOISE_STEAL_MAX   0.02
#define NOISE_FOREIGN_MAX 0.05

struct noise {
    double steal;     // jiffies so far of the CPUs that we may use; or NOISE_UNKNOWN
    double busy;      // jiffies in which they ran any program
    double total;     // jiffies of all kinds
    double own_s;     // CPU time so far of this process and all that it has waited for
    double throttled; // nanoseconds so far; or NOISE_UNKNOWN
    struct block_noise result; // the reference load, so far
};

// Runs the reference load (some 10 ms) and reads the counters.
void noise_begin(struct noise *noise);

// Reads the counters again. NAN for what this machine does not tell, or what cannot be told
// of so short a time. To be called when all that ran in between has been waited for.
struct block_noise noise_end(const struct noise *noise);

// Was the machine disturbed so much that a block does not count? Looks at signals from
// outside alone, never at a time that was measured. The reason says by what.
bool noise_disturbs(const struct block_noise *noise, struct reason *reason);

// Fills in its three parts (spin_ns, pipe_ns, atomic_ns).
void reference_measure(struct block_noise *noise);

#endif
