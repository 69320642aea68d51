// SPDX-License-Identifier: MIT
//
// Files of our control groups: see cgroup.h.
#include "driver/system/cgroup.h"

#include "driver/system/proc.h"
#include "lib/limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double text_value(const char *text, const char *key)
{
    const char *place = text;
    while (key != NULL && (place = strstr(place, key)) != NULL &&
           ((place != text && place[-1] != '\n') || place[strlen(key)] != ' '))
        place++;
    return place == NULL ? (double)NAN
                         : strtod(place + (key == NULL ? 0 : strlen(key)), NULL);
}

// ---- sums ----------------------------------------------------------------------------

struct sum {
    const char *key;
    double value; // NAN: none so far
};

static bool add_group(void *context, const char *path)
{
    struct sum *sum = context;
    char text[2048];
    if (!proc_file_read(path, text, sizeof text))
        return false;
    double own = text_value(text, sum->key);
    if (!isnan(own))
        sum->value = isnan(sum->value) ? own : sum->value + own;
    return false;
}

double cgroup_sum(const char *controller, const char *file, const char *key)
{
    struct sum sum = {key, (double)NAN};
    limits_each_group(controller, file, add_group, &sum);
    return sum.value;
}

// ---- the quota of CPU time -----------------------------------------------------------

// Version 2 says "quota period" or "max period"; version 1 has a file for each and -1 for
// none.
static bool take_quota(void *context, const char *path)
{
    double *least = context;
    char text[128];
    char beside[2400];
    double pair[2] = {0}; // quota and period in microseconds
    if (!proc_file_read(path, text, sizeof text))
        return false;
    size_t numbers = proc_file_numbers(text, pair, 2); // "max" is no number
    const char *slash = strrchr(path, '/');
    if (numbers == 1 && strcmp(slash, "/cpu.cfs_quota_us") == 0) {
        snprintf(beside, sizeof beside, "%.*s/cpu.cfs_period_us", (int)(slash - path),
                 path);
        if (proc_file_read(beside, text, sizeof text))
            proc_file_numbers(text, &pair[1], 1);
    }
    if (pair[0] > 0 && pair[1] > 0)
        *least = fmin(*least, pair[0] / pair[1]); // fmin() ignores a NAN
    return false;
}

double cgroup_cpu_quota(void)
{
    double least = (double)NAN;
    limits_each_group("cpu", "cpu.max", take_quota, &least);
    limits_each_group("cpu", "cpu.cfs_quota_us", take_quota, &least);
    return least;
}
