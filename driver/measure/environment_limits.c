// SPDX-License-Identifier: MIT
//
// Settings of the kernel and limits of this process: see environment.h.
#define _GNU_SOURCE // RLIMIT_NPROC and SCHED_BATCH are not in POSIX
#include "driver/measure/environment.h"

#include "driver/system/cgroup.h"
#include "driver/system/proc.h"
#include "lib/check.h"
#include "lib/limits.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
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

// CPUs' worth of time that our control groups may use, or null: no such limit.
static json_t *cpu_quota(void)
{
    double quota = cgroup_cpu_quota();
    return isnan(quota) ? json_null() : json_real(quota);
}

// Bytes that our control groups may use, or null: no such limit. Version 1 says so with
// a number beyond all memory.
static json_t *memory_limit(void)
{
    uint64_t second = limits_least_of_groups("memory", "memory.max");
    uint64_t first = limits_least_of_groups("memory", "memory.limit_in_bytes");
    uint64_t bytes = first < second ? first : second;
    return bytes > 0 && bytes < (UINT64_C(1) << 60) ? json_integer((json_int_t)bytes)
                                                    : json_null();
}

static json_t *nice_value(void)
{
    errno = 0;
    int nice = getpriority(PRIO_PROCESS, 0); // -1 may be one
    return errno == 0 ? json_integer(nice) : json_null();
}

// How the kernel schedules this process, and all that it starts.
static json_t *policy_name(void)
{
    switch (sched_getscheduler(0)) {
    case SCHED_OTHER:
        return json_string("other");
    case SCHED_BATCH:
        return json_string("batch");
    case SCHED_IDLE:
        return json_string("idle");
    case SCHED_FIFO:
        return json_string("fifo");
    case SCHED_RR:
        return json_string("rr");
    default:
        return json_null();
    }
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
    static const struct {
        const char *key;
        __rlimit_resource_t resource;
    } rlimits[] = {{"rlimit_nofile", RLIMIT_NOFILE},
                   {"rlimit_nproc", RLIMIT_NPROC},
                   {"rlimit_as", RLIMIT_AS},
                   {"rlimit_fsize", RLIMIT_FSIZE}};
    struct rlimit limit;
    for (size_t i = 0; i < ARRAY_LEN(rlimits); i++)
        if (getrlimit(rlimits[i].resource, &limit) == 0)
            json_object_set_new(environment, rlimits[i].key, rlimit_pair(&limit));
    json_object_set_new(environment, "nice", nice_value());
    json_object_set_new(environment, "scheduling_policy", policy_name());
}
