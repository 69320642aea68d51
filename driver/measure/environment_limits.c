// SPDX-License-Identifier: MIT
//
// Settings of the kernel and limits of this process: see environment.h.
#define _GNU_SOURCE // RLIMIT_NPROC is not in POSIX
#include "driver/measure/environment.h"

#include "driver/system/cgroup.h"
#include "driver/system/proc.h"
#include "lib/check.h"
#include "lib/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const struct {
    const char *key;
    const char *path;
} numbers[] = {
    {"pid_max", "/proc/sys/kernel/pid_max"},
    {"threads_max", "/proc/sys/kernel/threads-max"},
    {"max_map_count", "/proc/sys/vm/max_map_count"},
    {"aslr", "/proc/sys/kernel/randomize_va_space"},
    {"somaxconn", "/proc/sys/net/core/somaxconn"},
    {"tcp_max_syn_backlog", "/proc/sys/net/ipv4/tcp_max_syn_backlog"},
};

static const struct {
    const char *key;
    const char *path;
} texts[] = {
    {"port_range", "/proc/sys/net/ipv4/ip_local_port_range"},
    {"transparent_huge_pages", "/sys/kernel/mm/transparent_hugepage/enabled"},
};

static json_t *rlimit_value(rlim_t value)
{
    return value == RLIM_INFINITY ? json_string("unlimited")
                                  : json_integer((json_int_t)value);
}

static json_t *rlimit_pair(const struct rlimit *limit)
{
    return json_pack("{s:o, s:o}", "soft", rlimit_value(limit->rlim_cur), "hard",
                     rlimit_value(limit->rlim_max));
}

// CPUs' worth of time that our control group may use, or null: no such limit. Version 2
// says "quota period" or "max period"; version 1 has a file for each and -1 for none.
static json_t *cpu_quota(void)
{
    char text[128];
    double pair[2] = {0}; // quota and period in microseconds
    if (cgroup_read("cpu", "cpu.max", text, sizeof text)) {
        proc_file_numbers(text, pair, 2); // "max" is no number
    } else {
        if (cgroup_read("cpu", "cpu.cfs_quota_us", text, sizeof text))
            proc_file_numbers(text, &pair[0], 1);
        if (cgroup_read("cpu", "cpu.cfs_period_us", text, sizeof text))
            proc_file_numbers(text, &pair[1], 1);
    }
    return pair[0] > 0 && pair[1] > 0 ? json_real(pair[0] / pair[1]) : json_null();
}

// Bytes that our control group may use, or null: no such limit. Version 1 says so with
// a number beyond all memory.
static json_t *memory_limit(void)
{
    char text[128];
    if (!cgroup_read("memory", "memory.max", text, sizeof text) &&
        !cgroup_read("memory", "memory.limit_in_bytes", text, sizeof text))
        return json_null();
    long long bytes = strtoll(text, NULL, 10);
    return bytes > 0 && bytes < (1LL << 60) ? json_integer(bytes) : json_null();
}

void environment_add_limits(json_t *environment)
{
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        uint64_t number = limits_read_number(numbers[i].path);
        json_object_set_new(environment, numbers[i].key,
                            number == LIMIT_UNKNOWN ? json_null()
                                                    : json_integer((json_int_t)number));
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        json_object_set_new(environment, texts[i].key,
                            environment_file_text(texts[i].path));
    json_object_set_new(environment, "cpu_quota", cpu_quota());
    json_object_set_new(environment, "memory_limit_bytes", memory_limit());
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        json_object_set_new(environment, "rlimit_nofile", rlimit_pair(&limit));
    if (getrlimit(RLIMIT_NPROC, &limit) == 0)
        json_object_set_new(environment, "rlimit_nproc", rlimit_pair(&limit));
}
