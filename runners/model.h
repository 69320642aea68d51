// SPDX-License-Identifier: MIT
//
// model.h - the whole contract of a model: one `const struct model model`, found by
// the linker. main.c does everything that is the same for all of them.
//
// Read next: sequential/sequential.c, which is the shortest one.
#ifndef QUARTET_RUNNERS_MODEL_H
#define QUARTET_RUNNERS_MODEL_H

#include "lib/options.h"
#include "runners/common/run.h"

struct model {
    const char *name;
    const char *summary;               // one line for --help
    const struct option_spec *options; // the model's own, ended by a spec without a name
    void *values;                      // where they are stored
    // Fixes run->workers, checks the model's options against the run's, and looks
    // whether this machine's limits allow it. 0; -EINVAL: usage error; any other
    // -errno: cannot here (exit 77). The reason names the limit, its value, the remedy.
    int (*prepare)(struct run *run, struct reason *reason);
    // Creates the workers, which wait at the gate (run_wait_at_gate), opens it, and
    // returns when all workers have ended and been waited for. Failures of single
    // tasks are outcomes; what is returned here is the failure of a worker or of the
    // model itself: 0, or -errno with the reason.
    int (*run)(struct run *run, struct reason *reason);
};

extern const struct model model;

#endif
