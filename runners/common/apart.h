// SPDX-License-Identifier: MIT
//
// apart.h - runs a model in a process of its own, beside the one that started the run and
// that writes its record. For workloads whose tasks die on purpose (workload->deaths):
// whatever the model takes along when it dies, what its tasks have left in shared memory
// is still there, and what became of them is the result.
#ifndef QUARTET_RUNNERS_COMMON_APART_H
#define QUARTET_RUNNERS_COMMON_APART_H

#include "runners/common/run.h"

// model.run() in another process, for as long as the workload has patience; then it is
// killed, with all that it has started. Its death is no error, but noted, and
// board->noticed_ns says when somebody saw it. 0, or -errno with the reason: what the model itself has returned, or
// that it could not be started.
int apart_run(struct run *run, struct reason *reason);

#endif
