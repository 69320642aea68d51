// SPDX-License-Identifier: MIT
//
// Counters of the kernel around a block: see noise.h. The reference load is in
// reference.c.
#include "driver/noise.h"

#include "driver/cgroup.h"
#include "driver/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The first line of /proc/stat: user nice system idle iowait irq softirq steal.
static void read_steal(struct noise *noise)
{
    double field[8];
    noise->steal = NOISE_UNKNOWN;
    noise->total = 0;
    FILE *file = fopen("/proc/stat", "re");
    if (file == NULL)
        return;
    int count = fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &field[0], &field[1],
                       &field[2], &field[3], &field[4], &field[5], &field[6], &field[7]);
    fclose(file);
    if (count != 8)
        return;
    noise->steal = field[7];
    for (int i = 0; i < 8; i++)
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
    double load = NOISE_UNKNOWN;
    FILE *file = fopen("/proc/loadavg", "re");
    if (file == NULL)
        return NOISE_UNKNOWN;
    if (fscanf(file, "%lf", &load) != 1)
        load = NOISE_UNKNOWN;
    fclose(file);
    return load;
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
