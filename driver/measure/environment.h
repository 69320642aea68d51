// SPDX-License-Identifier: MIT
//
// environment.h - all about the machine, the system and the tools that could explain
// why a figure is what it is. Written into every report. What this machine does not
// tell is null. Nothing in it names the machine or its user: of the host name there is
// a hash only.
//
// `testbed` is a hash of what must be alike for two reports to be comparable at all:
// architecture, CPU model, CPUs, quota, kernel's major.minor, and virtualisation.
#ifndef QUARTET_DRIVER_MEASURE_ENVIRONMENT_H
#define QUARTET_DRIVER_MEASURE_ENVIRONMENT_H

#include "driver/plan/runner.h"

#include <jansson.h>
#include <stddef.h>

// `hyperfine` is its version, `work_folder` where the driver keeps its files.
json_t *environment_describe(const struct runner_set *set, const char *hyperfine,
                             const char *work_folder);

// Writes the `testbed` of this machine alone (17 bytes, the end included).
void environment_testbed(char *testbed, size_t size);

// Of "6.1.0-18-amd64" only "6.1": the rest changes with every update, and tells more of
// who built the kernel than of what it does. "" if the environment does not name it.
#define ENVIRONMENT_KERNEL_SIZE 32
void environment_kernel(const json_t *environment, char text[ENVIRONMENT_KERNEL_SIZE]);

// ---- parts of it, in files of their own --------------------------------------------

// Adds CPU, caches, frequency control, virtualisation, and the memory.
void environment_add_hardware(json_t *environment);

// Adds kernel settings, limits of this process and of its control group.
void environment_add_limits(json_t *environment);

// The first line of a file, or null.
json_t *environment_file_text(const char *path);

#endif
