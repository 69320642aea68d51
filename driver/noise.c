// SPDX-License-Identifier: MIT
//
// Counters of the kernel around a block: see noise.h. The reference load is in
// reference.c.
#include "driver/noise.h"

#include "driver/cgroup.h"
#include "driver/proc_file.h"
#include "driver/tree.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

// The first line of /proc/stat: user nice system idle iowait irq softirq steal.
static void read_steal(struct noise *noise)
{
    char text[512];
    double field[8];
    noise->steal = NOISE_UNKNOWN;
    noise->total = 0;
    if (!proc_file_read("/proc/stat", text, sizeof text) ||
        strncmp(text, "cpu ", 4) != 0 ||
        proc_file_numbers(text + 4, field, ARRAY_LEN(field)) != ARRAY_LEN(field))
        return;
    noise->steal = field[7];
    for (size_t i = 0; i < ARRAY_LEN(field); i++)
        noise->total += field[i];
}

// Version 2 counts microseconds, version 1 nanoseconds.
static double read_throttled(void)
{
    char text[2048];
    if (!cgroup_read("cpu", "cpu.stat", text, sizeof text))
        return NOISE_UNKNOWN;
    const char *found = strstr(text, "throttled_usec ");
    if (found != NULL)
        return 1000 * strtod(found + strlen("throttled_usec "), NULL);
    found = strstr(text, "throttled_time ");
    return found == NULL ? NOISE_UNKNOWN
                         : strtod(found + strlen("throttled_time "), NULL);
}

static double read_load(void)
{
    char text[128];
    double load;
    bool known = proc_file_read("/proc/loadavg", text, sizeof text) &&
                 proc_file_numbers(text, &load, 1) == 1;
    return known ? load : NOISE_UNKNOWN;
}

void noise_begin(struct noise *noise)
{
    noise->reference = reference_measure();
    read_steal(noise);
    noise->throttled = read_throttled();
}

json_t *noise_end(struct noise *noise)
{
    struct noise after;
    read_steal(&after);
    double elapsed = after.total - noise->total;
    double steal = elapsed > 0 ? (after.steal - noise->steal) / elapsed : NOISE_UNKNOWN;
    json_t *result =
        json_pack("{s:o, s:o, s:o, s:o}", "steal", tree_real(steal), "throttled",
                  tree_real(read_throttled() - noise->throttled), "load",
                  tree_real(read_load()), "reference_ns", noise->reference);
    noise->reference = NULL;
    return result;
}
