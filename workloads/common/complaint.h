// SPDX-License-Identifier: MIT
//
// complaint.h - the first of many workers to meet with a fault says in words what it was.
// A task's outcome holds a number, and "Input/output error" tells too little about what a
// server has answered. Lies in shared memory; zeroed is a good beginning.
#ifndef QUARTET_WORKLOADS_COMMON_COMPLAINT_H
#define QUARTET_WORKLOADS_COMMON_COMPLAINT_H

#include <stdatomic.h>
#include <stdbool.h>

struct complaint {
    _Atomic unsigned state; // 0: none; 1: is being written; 2: can be read
    char text[240];
};

// Says it, unless somebody else was first. Thread-safe.
void complaint_make(struct complaint *complaint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Is there one? Its text may then be read.
bool complaint_made(const struct complaint *complaint);

#endif
