// SPDX-License-Identifier: MIT
//
// backend.h - starting the back end that lies beside this program, quartet-backend, for runs of
// programs that start none of their own.
//
// Read next: driver/system/witness.h.
#ifndef QUARTET_DRIVER_PLAN_BACKEND_H
#define QUARTET_DRIVER_PLAN_BACKEND_H

#include "driver/system/witness.h"
#include "lib/error.h"

// Starts it with these options, ended by NULL. 0; -ENOENT: it is not there; or another -errno;
// with the reason. witness_end() ends it.
int backend_start(struct witness *witness, const char *const *options,
                  struct reason *reason);

#endif
