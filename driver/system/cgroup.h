// SPDX-License-Identifier: MIT
//
// cgroup.h - what the kernel's control groups allow to this process and what they have taken
// from it. Each group binds what is in those below it, so all are asked, from ours to the
// root; version 1 and version 2 keep it in different places (lib/limits.h).
#ifndef QUARTET_DRIVER_SYSTEM_CGROUP_H
#define QUARTET_DRIVER_SYSTEM_CGROUP_H

// The sum, over all these groups, of the number behind `key` in a file such as "cpu.stat".
// NAN: none of them has it.
double cgroup_sum(const char *controller, const char *file, const char *key);

// The least quota of CPU time, in CPUs; NAN: there is none.
double cgroup_cpu_quota(void);

#endif
