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

#include "lib/error.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>

#define NOISE_UNKNOWN ((double)NAN) // becomes null in JSON

// More than these of the CPU time of a block, and the block is run again.
#define NOISE_STEAL_MAX   0.02
#define NOISE_FOREIGN_MAX 0.05

struct noise {
    double steal;     // jiffies so far of the CPUs that we may use; or NOISE_UNKNOWN
    double busy;      // jiffies in which they ran any program
    double total;     // jiffies of all kinds
    double own_s;     // CPU time so far of this process and all that it has waited for
    double throttled; // nanoseconds so far; or NOISE_UNKNOWN
    json_t *reference;
};

// Runs the reference load (some 10 ms) and reads the counters.
void noise_begin(struct noise *noise);

// Reads the counters again; returns {"steal", "foreign", "throttled", "load",
// "reference_ns"}: the stolen fraction of the time of our CPUs, the fraction that went to
// programs that are not ours, nanoseconds throttled, the one-minute load average, and the
// reference load; null for what this machine does not tell, or what cannot be told of so
// short a time. To be called when all that ran in between has been waited for.
json_t *noise_end(struct noise *noise);

// Was the machine disturbed so much that a block does not count? Looks at signals from
// outside alone, never at a time that was measured. The reason says by what.
bool noise_disturbs(const json_t *noise, struct reason *reason);

// {"spin", "pipe", "atomic"}: nanoseconds of one fixed computation, of one round trip
// through two pipes on one CPU, of one hand-over of a cache line between two CPUs.
json_t *reference_measure(void);

#endif
