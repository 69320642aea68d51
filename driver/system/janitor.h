// SPDX-License-Identifier: MIT
//
// janitor.h - what the driver cannot do once it has been killed by SIGKILL: end the
// programs that it started, and remove its work folder.
//
// The janitor is a small child process at the other end of a pipe. Its only work is to
// wait for the end of that pipe, which the kernel delivers when the driver closes it or
// dies, however it dies. A program that the driver starts announces its process group
// on that pipe before it becomes the program; the driver takes it back after its end
// and before its number can be used again. So the janitor never kills a stranger.
#ifndef QUARTET_DRIVER_SYSTEM_JANITOR_H
#define QUARTET_DRIVER_SYSTEM_JANITOR_H

#include "lib/error.h"

#include <stdbool.h>
#include <sys/types.h>

struct janitor {
    pid_t pid;
    int lifeline;      // the writing end, closed on exec
    char folder[4000]; // the work folder, removed at the end
};

// Makes the work folder (in $TMPDIR or /tmp) and starts the janitor. It inherits the
// lock of lock.h, so that the next session begins only when all has been cleaned.
int janitor_start(struct janitor *janitor, struct reason *reason);

// Says which process group has to die with the driver; 0: none. Async-signal-safe, so
// that it may be called between fork and exec.
void janitor_guard(const struct janitor *janitor, pid_t group);

// Lets the janitor clean up, and waits for it.
void janitor_stop(struct janitor *janitor);

#endif
