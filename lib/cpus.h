// SPDX-License-Identifier: MIT
//
// cpus.h - sets of CPUs in the kernel's list notation ("0", "0,2-3"), and the wish to
// run there. Wake-ups across CPUs can cost ten times those on one CPU, so a
// comparison states its CPUs and pins them.
#ifndef QUARTET_LIB_CPUS_H
#define QUARTET_LIB_CPUS_H

#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>

// Restricts the calling process (and all that it will create) to these CPUs.
// -EINVAL: not a list, or a CPU that this process may not use; the reason names it.
int cpus_pin(const char *list, struct reason *reason);

// Restricts the calling thread to one of the CPUs that it may use: to the first for index 0,
// the second for 1, and again from the first where there are no more. 0, or -errno.
int cpus_keep(unsigned index);

// Undoes cpus_pin() for the calling thread: every CPU that its cpuset allows.
void cpus_unpin(void);

// The same look at a list without pinning: 0, or -EINVAL with the reason.
int cpus_check(const char *list, struct reason *reason);

// The CPUs of a list as a cpu_set_t, which has `size` bytes. False: it is no list.
bool cpus_members(const char *list, void *set, size_t size);

// How many CPUs stand in the list; 0: it is no list.
unsigned cpus_listed(const char *list);

// How many CPUs the calling thread may use.
unsigned cpus_count(void);

// The CPUs that the calling thread may use, as a list. Cut to `size`.
void cpus_allowed(char *list, size_t size);

// Cuts the CPUs that the calling thread may use into all but the last, and the last.
// False when there is only one.
bool cpus_split(char *rest, char *last, size_t size);

// The last CPU that the calling thread may use and that is not in `list` (NULL:
// none are), as text; empty text when there is none.
void cpus_outside(const char *list, char *text, size_t size);

#endif
