// SPDX-License-Identifier: MIT
//
// backend.c - see backend.h.
#include "driver/plan/backend.h"

#include "driver/plan/runner.h"

#include <errno.h>

#define BACKEND   "quartet-backend"
#define PATH_SIZE 4096

int backend_start(struct witness *witness, const char *const *options,
                  struct reason *reason)
{
    char path[PATH_SIZE];
    if (runner_find_beside(BACKEND, path, sizeof path))
        return witness_start(witness, path, options, reason);
    return reason_set(reason, -ENOENT,
                      BACKEND " is neither beside this program nor in "
                              "../libexec/quartet; build it with 'make'");
}
