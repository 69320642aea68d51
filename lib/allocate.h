// SPDX-License-Identifier: MIT
//
// allocate.h - memory for command-line programs, which have no answer to its lack: these
// functions end the program with one line on stderr and EXIT_WRONG, so that no caller
// writes an error path that no test ever takes. What a session has measured is on the disk
// already (driver/report/journal.h).
//
// Runners do not use it: what a task lacks there is the task's own error.
#ifndef QUARTET_LIB_ALLOCATE_H
#define QUARTET_LIB_ALLOCATE_H

#include <stddef.h>

// Zeroed memory for `count` things of `size` bytes, never NULL; free() it.
void *allocate(size_t count, size_t size);

// Room for one more thing behind `count` of them: the same memory, or larger, moved.
// *room is how many fit; both begin as NULL and 0.
void *allocate_more(void *memory, size_t count, size_t *room, size_t size);

// Lets jansson take its memory from here as well.
void allocate_json(void);

#endif
