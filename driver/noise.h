// SPDX-License-Identifier: MIT
//
// noise.h - what else happened to the machine while a block ran. These are outside
// signals: none of them looks at the times that are being measured.
//
// Two kinds: counters of the kernel (time stolen by the hypervisor, time in which our
// control group was throttled, load), read before and after; and a reference load, a
// small fixed piece of work whose time says how fast the machine was just then. Its
// three parts fall ill separately: computing, waking up on the same CPU, and passing a
// cache line to another CPU, where slow regimes of virtual machines show first.
#ifndef QUARTET_DRIVER_NOISE_H
#define QUARTET_DRIVER_NOISE_H

#include <jansson.h>
#include <math.h>

#define NOISE_UNKNOWN ((double)NAN) // becomes null in JSON

struct noise {
    double steal;     // jiffies of all CPUs so far; NOISE_UNKNOWN if so
    double total;     // jiffies of all CPUs so far
    double throttled; // nanoseconds so far; or NOISE_UNKNOWN
    json_t *reference;
};

// Runs the reference load (some 10 ms) and reads the counters.
void noise_begin(struct noise *noise);

// Reads the counters again; returns {"steal", "throttled", "load", "reference_ns"}:
// the stolen fraction of all CPU time, nanoseconds throttled, the one-minute load
// average, and the reference load; null for what this machine does not tell.
json_t *noise_end(struct noise *noise);

// {"spin", "pipe", "atomic"}: nanoseconds of one fixed computation, of one round trip
// through two pipes on one CPU, of one hand-over of a cache line between two CPUs.
json_t *reference_measure(void);

#endif
