// SPDX-License-Identifier: MIT
//
// Counters of the kernel around a block: see noise.h. The reference load is in
// noise_reference.c.
#define _GNU_SOURCE // CPU_ISSET(), sched_getaffinity()
#include "driver/measure/noise.h"

#include "driver/system/cgroup.h"
#include "driver/system/proc.h"
#include "lib/check.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

// A jiffy is 10 ms, and a counter of less than 40 says little.
#define JIFFIES_PER_SECOND 100
#define JIFFIES_LEAST      40
#define STAT_SIZE          (1 << 16)

// Adds one line of /proc/stat: user nice system idle iowait irq softirq steal. Time in
// interrupts belongs to nobody.
static bool add_cpu(struct noise *noise, const char *line)
{
    double field[8];
    if (proc_file_numbers(line, field, ARRAY_LEN(field)) != ARRAY_LEN(field))
        return false;
    noise->busy += field[0] + field[1] + field[2];
    noise->steal += field[7];
    for (size_t i = 0; i < ARRAY_LEN(field); i++)
        noise->total += field[i];
    return true;
}

// The lines "cpu0 ...", "cpu1 ..." of those CPUs on which we may run: on a large machine
// it is no matter of ours what happens on the others.
static void read_stat(struct noise *noise)
{
    static char text[STAT_SIZE];
    cpu_set_t allowed;
    bool known = proc_file_read("/proc/stat", text, sizeof text) &&
                 sched_getaffinity(0, sizeof allowed, &allowed) == 0;
    size_t count = 0;
    noise->steal = noise->busy = noise->total = 0;
    for (const char *line = text; known && line != NULL; line = strchr(line, '\n')) {
        char *end;
        line += *line == '\n';
        if (strncmp(line, "cpu", 3) != 0 || line[3] < '0' || line[3] > '9')
            continue;
        unsigned long cpu = strtoul(line + 3, &end, 10);
        if (cpu < CPU_SETSIZE && CPU_ISSET(cpu, &allowed))
            count += add_cpu(noise, end);
    }
    if (count == 0)
        noise->steal = noise->busy = NOISE_UNKNOWN;
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec * 1e-6;
}

static double read_own(void)
{
    struct rusage self = {0};
    struct rusage children = {0};
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    return seconds(&self.ru_utime) + seconds(&self.ru_stime) +
           seconds(&children.ru_utime) + seconds(&children.ru_stime);
}

// Version 2 counts microseconds, version 1 nanoseconds. Who is in a group that is throttled
// does not run, whatever the counter of the own one says.
static double read_throttled(void)
{
    double second = 1000 * cgroup_sum("cpu", "cpu.stat", "throttled_usec");
    double first = cgroup_sum("cpu", "cpu.stat", "throttled_time");
    if (isnan(second) && isnan(first))
        return NOISE_UNKNOWN;
    return (isnan(second) ? 0 : second) + (isnan(first) ? 0 : first);
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
    reference_measure(&noise->result);
    noise->throttled = read_throttled();
    noise->own_s = read_own();
    read_stat(noise);
}

struct block_noise noise_end(const struct noise *noise)
{
    struct noise after;
    struct block_noise result = noise->result;
    read_stat(&after);
    double own = (read_own() - noise->own_s) * JIFFIES_PER_SECOND;
    double elapsed = after.total - noise->total;
    result.steal = result.foreign = NOISE_UNKNOWN;
    result.throttled = read_throttled() - noise->throttled;
    result.load = read_load();
    if (elapsed >= JIFFIES_LEAST) {
        double foreign = (after.busy - noise->busy - own) / elapsed;
        result.steal = (after.steal - noise->steal) / elapsed;
        result.foreign = isnan(foreign) ? foreign : fmax(0, foreign); // the two differ
    }
    return result;
}

bool noise_disturbs(const struct block_noise *noise, struct reason *reason)
{
    if (noise->steal > NOISE_STEAL_MAX)
        return reason_set(reason, true, "the hypervisor took %.1f %% of the CPU time",
                          100 * noise->steal);
    if (noise->throttled > 0)
        return reason_set(reason, true, "the control group was throttled for %.0f ms",
                          noise->throttled / 1e6);
    if (noise->foreign > NOISE_FOREIGN_MAX)
        return reason_set(reason, true, "other programs took %.1f %% of the CPU time",
                          100 * noise->foreign);
    return false;
}
