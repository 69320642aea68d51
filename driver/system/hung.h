// SPDX-License-Identifier: MIT
//
// hung.h - whose run it was when a block did not end: of one that was stopped, or that hears no
// alarm. Runs leave their records in their order, so it is the first behind all records.
//
// Read next: driver/measure/block.c.
#ifndef QUARTET_DRIVER_SYSTEM_HUNG_H
#define QUARTET_DRIVER_SYSTEM_HUNG_H

#include <stddef.h>
#include <time.h>

#define HUNG_RECORD                                                                      \
    "%s/record-%zu.json" // the record of a run in the work folder, by position

// The position of the run that hung, among `count`; `count`: none did, all was slow. A run that
// has lasted less than `limit_s`, which it may by its own --timeout, is not taken for one.
size_t hung_find(const char *folder, size_t count, time_t limit_s);

#endif
