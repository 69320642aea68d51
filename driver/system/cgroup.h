// SPDX-License-Identifier: MIT
//
// cgroup.h - what the kernel's control group allows to this process and what it has
// taken from it. Version 1 and version 2 keep it in different places.
#ifndef QUARTET_DRIVER_SYSTEM_CGROUP_H
#define QUARTET_DRIVER_SYSTEM_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

// The content of a file of our group, such as "cpu.stat"; `controller` ("cpu") names the
// hierarchy of version 1. False when there is no such file.
bool cgroup_read(const char *controller, const char *file, char *text, size_t size);

#endif
