// SPDX-License-Identifier: MIT
//
// apart.h - can two threads of a program compute at once, or does one hold the other up? All
// are held back (ptrace) but one, and that one goes on or not; then the next. Threads that
// share a lock, as bytecode shares the GIL, never both pass: the first that goes on is held
// back with the lock in its hands. Whether a thread goes on is told by the CPU time that it
// uses and by its sleep, so the answer is the same under any load.
//
// Read next: apart.c; awake.c asks.
#ifndef QUARTET_DRIVER_GRADE_APART_H
#define QUARTET_DRIVER_GRADE_APART_H

#include "driver/grade/program.h"

// How many of the threads of look->could compute, each alone. -errno: they cannot be held back
// here (a container may forbid it), or one was not to be stopped.
int apart_count(const struct program *program, const struct program_look *look);

#endif
